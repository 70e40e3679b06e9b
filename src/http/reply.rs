//! What goes out: bytes, the status that goes with them, and who may keep them.

use async_graphql::{Response as Answer, ServerError, Value};
use axum::{
    body::{Body, Bytes},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, ETAG, RETRY_AFTER, VARY},
    },
    response::{IntoResponse, Response},
};

use super::{accept::Media, etag, gate};

/// One answer before it has headers.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub status: StatusCode,
    pub body: Bytes,
    /// Whether it ran without errors: only such an answer may be kept.
    pub clean: bool,
    /// Seconds to wait before asking again.
    pub retry_after: Option<u64>,
}

impl Reply {
    /// Turns an answer into bytes. One that never ran has no `data`, and says so in its status where the client knows
    /// the newer media type.
    pub(super) fn of(media: Media, answer: &Answer) -> Self {
        let ran = answer.errors.is_empty()
            || answer.data != Value::Null
            || answer.errors.iter().any(|error| !error.path.is_empty());
        if !ran {
            return Self::refused(media.status(), &answer.errors);
        }
        match serde_json::to_vec(answer) {
            Ok(body) => {
                let clean = answer.errors.is_empty();
                Self { status: StatusCode::OK, body: body.into(), clean, retry_after: None }
            }
            Err(error) => {
                tracing::error!(%error, "an answer cannot be written");
                let error = gate::refusal("INTERNAL", "the answer cannot be written".into());
                Self::refused(StatusCode::INTERNAL_SERVER_ERROR, &[error])
            }
        }
    }

    /// An answer to a request that never ran.
    pub(super) fn refused(status: StatusCode, errors: &[ServerError]) -> Self {
        let body = serde_json::json!({ "errors": errors }).to_string();
        Self { status, body: body.into(), clean: false, retry_after: None }
    }

    /// Puts the answers of a batch into one list.
    pub(super) fn join(replies: &[Self]) -> Self {
        let mut body = vec![b'['];
        for (place, reply) in replies.iter().enumerate() {
            if place > 0 {
                body.push(b',');
            }
            body.extend_from_slice(&reply.body);
        }
        body.push(b']');
        let retry_after = replies.iter().filter_map(|reply| reply.retry_after).max();
        let status = if retry_after.is_some() { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::OK };
        Self { status, body: body.into(), clean: false, retry_after }
    }

    /// Makes the response to a POST, which nobody keeps.
    pub(super) fn posted(self, media: Media) -> Response {
        self.respond(media, HeaderValue::from_static("no-store"))
    }

    /// Makes the response to a GET, which may be kept for `max_age` seconds if it is clean: by everybody, or, when it was
    /// `private`, by the one who asked.
    pub(super) fn got(self, media: Media, headers: &HeaderMap, max_age: u32, private: bool) -> Response {
        if !self.clean {
            return self.posted(media);
        }
        let whose = if private { "private" } else { "public" };
        let keep = HeaderValue::from_str(&format!("{whose}, max-age={max_age}"));
        let keep = keep.unwrap_or(HeaderValue::from_static("no-cache"));
        let tag = etag::tag_of(&self.body);
        let known = etag::is_known(headers, &tag);
        let mut response = self.respond(media, keep);
        if known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            *response.body_mut() = Body::empty();
            response.headers_mut().remove(CONTENT_TYPE);
        }
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            response.headers_mut().insert(ETAG, tag);
        }
        response.headers_mut().append(VARY, HeaderValue::from_static("accept, authorization"));
        response
    }

    fn respond(self, media: Media, keep: HeaderValue) -> Response {
        let headers = [(CONTENT_TYPE, HeaderValue::from_static(media.content_type())), (CACHE_CONTROL, keep)];
        let mut response = (self.status, headers, self.body).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        if response.status() == StatusCode::METHOD_NOT_ALLOWED {
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
        }
        response
    }
}

impl Media {
    /// Returns the status of a request that never ran.
    pub(super) fn status(self) -> StatusCode {
        if self == Self::Json { StatusCode::OK } else { StatusCode::BAD_REQUEST }
    }

    /// Refuses a request that is not GraphQL over HTTP.
    pub(super) fn refuse(self, status: StatusCode, code: &str, message: impl Into<String>) -> Response {
        Reply::refused(status, &[gate::refusal(code, message.into())]).posted(self)
    }
}
