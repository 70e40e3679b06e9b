//! GraphQL over HTTP: what comes in as JSON or in the address, and what goes out with which status.

use async_graphql::{Response as Answer, Value, Variables};
use axum::{
    body::Bytes,
    extract::{RawQuery, State, rejection::BytesRejection},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{ACCEPT, ALLOW, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::{accept::Media, gate};
use crate::graphql::Schema;

/// A request as the specification words it.
#[derive(Debug, Deserialize)]
struct Asked {
    query: String,
    #[serde(rename = "operationName")]
    operation: Option<String>,
    variables: Option<serde_json::Map<String, serde_json::Value>>,
    #[serde(rename = "extensions")]
    _extensions: Option<serde_json::Map<String, serde_json::Value>>,
}

/// Answers `POST /graphql`.
pub(super) async fn post(
    State(schema): State<Schema>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let Some(media) = Media::wanted(headers.get(ACCEPT)) else { return not_acceptable() };
    let body = match body {
        Ok(body) => body,
        Err(rejection) => return media.refuse(rejection.status(), "BAD_REQUEST", rejection.body_text()),
    };
    if !is_json(&headers) {
        let message = "send the request as `content-type: application/json`";
        return media.refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, "BAD_REQUEST", message);
    }
    match read(&body) {
        Ok(asked) => answer(&schema, media, asked, true).await,
        Err(message) => media.refuse(StatusCode::BAD_REQUEST, "BAD_REQUEST", message),
    }
}

/// Answers `GET /graphql?query=…`.
pub(super) async fn get(
    State(schema): State<Schema>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let Some(media) = Media::wanted(headers.get(ACCEPT)) else { return not_acceptable() };
    match read_address(query.as_deref().unwrap_or_default()) {
        Ok(asked) => answer(&schema, media, asked, false).await,
        Err(message) => media.refuse(StatusCode::BAD_REQUEST, "BAD_REQUEST", message),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let mut parts = value.split(';').map(|part| part.trim().to_ascii_lowercase());
    let json = parts.next().is_some_and(|media| media == "application/json");
    let utf8 = |charset: &str| matches!(charset.trim_matches('"'), "utf-8" | "utf8");
    json && parts.all(|part| part.strip_prefix("charset=").is_none_or(utf8))
}

fn read(body: &[u8]) -> Result<Asked, String> {
    match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => {}
        Some(b'[') => return Err("batches are not taken: send one request at a time".into()),
        _ => return Err("the body is not a JSON object".into()),
    }
    serde_json::from_slice(body).map_err(|error| format!("the body is not a GraphQL request: {error}"))
}

fn read_address(query: &str) -> Result<Asked, String> {
    let mut asked = serde_json::Map::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let value = match &*name {
            "query" | "operationName" => value.into_owned().into(),
            "variables" | "extensions" if value.is_empty() => serde_json::Value::Null,
            "variables" | "extensions" => {
                serde_json::from_str(&value).map_err(|error| format!("`{name}` is not JSON: {error}"))?
            }
            _ => continue,
        };
        asked.insert(name.into_owned(), value);
    }
    serde_json::from_value(asked.into())
        .map_err(|error| format!("the address is not a GraphQL request: {error}"))
}

async fn answer(schema: &Schema, media: Media, asked: Asked, may_write: bool) -> Response {
    let variables = Variables::from_json(asked.variables.unwrap_or_default().into());
    let mut request = match gate::admit(asked.query, asked.operation, variables) {
        Ok(request) => request,
        Err(error) => return media.respond(&Answer::from_errors(vec![error])),
    };
    if !may_write && !gate::only_reads(&mut request) {
        let message = "only queries are answered over GET: use POST";
        let mut response = media.refuse(StatusCode::METHOD_NOT_ALLOWED, "BAD_REQUEST", message);
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
        return response;
    }
    media.respond(&schema.execute(request).await)
}

impl Media {
    /// Turns an answer into a response. One that never ran has no `data`, and says so in its status where the client
    /// knows the newer media type.
    fn respond(self, answer: &Answer) -> Response {
        let ran = answer.errors.is_empty()
            || answer.data != Value::Null
            || answer.errors.iter().any(|error| !error.path.is_empty());
        let status = if ran || self == Self::Json { StatusCode::OK } else { StatusCode::BAD_REQUEST };
        let body = if ran {
            serde_json::to_vec(answer)
        } else {
            serde_json::to_vec(&serde_json::json!({ "errors": answer.errors }))
        };
        match body {
            Ok(body) => (status, [(CONTENT_TYPE, self.content_type())], body).into_response(),
            Err(error) => {
                tracing::error!(%error, "an answer cannot be written");
                self.refuse(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", "the answer cannot be written")
            }
        }
    }

    /// Refuses a request that is not GraphQL over HTTP.
    fn refuse(self, status: StatusCode, code: &str, message: impl Into<String>) -> Response {
        let error = gate::refusal(code, message.into());
        let body = serde_json::json!({ "errors": [error] }).to_string();
        (status, [(CONTENT_TYPE, self.content_type())], body).into_response()
    }
}

fn not_acceptable() -> Response {
    let message = "answers come as application/graphql-response+json or application/json";
    Media::Json.refuse(StatusCode::NOT_ACCEPTABLE, "BAD_REQUEST", message)
}
