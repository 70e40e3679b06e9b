//! What comes in: one request, or a bounded list of them, as JSON or in an address.

use apollo_compiler::response::{JsonMap, JsonValue};
use axum::http::{HeaderMap, header::CONTENT_TYPE};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// A request as the specification words it, its document by text or by hash.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    pub query: Option<String>,
    #[serde(rename = "operationName")]
    pub operation: Option<String>,
    #[serde(default, deserialize_with = "variables")]
    pub variables: Option<JsonMap>,
    pub extensions: Option<Map<String, Value>>,
    /// The hash of a trusted document, where a client sends that alone.
    #[serde(rename = "documentId")]
    document_id: Option<String>,
}

/// One request or several.
#[derive(Debug)]
pub(super) enum Body {
    One(Asked),
    Many(Vec<Asked>),
}

impl Asked {
    /// Returns a request with this text alone.
    pub(super) fn text(query: String) -> Self {
        Self { query: Some(query), ..Self::default() }
    }

    /// Returns the hash that stands for the document, in hexadecimal, or what is wrong with how it is named.
    pub(super) fn hash(&self) -> Result<Option<String>, String> {
        let id = self.document_id.as_deref().map(|id| id.strip_prefix("sha256:").unwrap_or(id));
        let persisted = self.extensions.as_ref().and_then(|all| all.get("persistedQuery"));
        let named = persisted.filter(|one| !one.is_null()).map(persisted_hash).transpose()?;
        Ok(named.or(id).map(str::to_ascii_lowercase))
    }

    /// Returns whether the answer is to say what it cost.
    pub(super) fn wants_cost(&self) -> bool {
        self.extensions.as_ref().is_some_and(|all| all.get("cost") == Some(&Value::Bool(true)))
    }
}

/// Reads what automatic persisted queries send, of which there is one version.
fn persisted_hash(persisted: &Value) -> Result<&str, String> {
    if persisted.get("version").is_some_and(|version| version.as_f64() != Some(1.0)) {
        return Err("`extensions.persistedQuery.version` is not 1, the one that there is".into());
    }
    let hash = persisted.get("sha256Hash").and_then(Value::as_str);
    hash.ok_or_else(|| "`extensions.persistedQuery.sha256Hash` is not a string".into())
}

fn variables<'de, D: Deserializer<'de>>(from: D) -> Result<Option<JsonMap>, D::Error> {
    let mut variables = Option::<JsonMap>::deserialize(from)?;
    variables.as_mut().map(make_whole);
    Ok(variables)
}

/// Makes 3.0 the 3 that it is in JSON, where there is one kind of number.
pub(super) fn make_whole(variables: &mut JsonMap) {
    variables.values_mut().for_each(make_value_whole);
}

fn make_value_whole(value: &mut JsonValue) {
    match value {
        JsonValue::Number(number) if number.is_f64() => {
            if let Some(whole) = number.as_f64().and_then(whole) {
                *value = whole.into();
            }
        }
        JsonValue::Array(items) => items.iter_mut().for_each(make_value_whole),
        JsonValue::Object(fields) => make_whole(fields),
        _ => {}
    }
}

/// Returns a number without a fraction, as far as those are exact.
fn whole(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "it has no fraction and is within 2^53")]
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

/// Returns whether a body is JSON in UTF-8: no form of a web page can send that.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let mut parts = value.split(';').map(|part| part.trim().to_ascii_lowercase());
    let json = parts.next().is_some_and(|media| media == "application/json");
    let utf8 = |charset: &str| matches!(charset.trim_matches('"'), "utf-8" | "utf8");
    json && parts.all(|part| part.strip_prefix("charset=").is_none_or(utf8))
}

/// Reads a body; a list may hold `most` requests.
pub(super) fn read(body: &[u8], most: usize) -> Result<Body, String> {
    let wrong = |error: serde_json::Error| {
        let fields = serde_json::from_slice::<Map<String, Value>>(body).ok();
        let misfit = fields.as_ref().and_then(misfit);
        misfit.unwrap_or_else(|| format!("the body is not a GraphQL request: {error}"))
    };
    match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => serde_json::from_slice(body).map(Body::One).map_err(wrong),
        Some(b'[') if most == 0 => Err("batches are not taken: send one request at a time".into()),
        Some(b'[') => {
            let many: Vec<Asked> = serde_json::from_slice(body).map_err(wrong)?;
            match many.len() {
                0 => Err("the batch is empty".into()),
                count if count > most => Err(format!("a batch holds at most {most} requests")),
                _ => Ok(Body::Many(many)),
            }
        }
        _ => Err("the body is not a JSON object".into()),
    }
}

/// Reads the query of an address.
pub(super) fn read_address(query: &str) -> Result<Asked, String> {
    let mut asked = Map::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let value = match &*name {
            "query" | "operationName" | "documentId" => value.into_owned().into(),
            "variables" | "extensions" if value.is_empty() => Value::Null,
            "variables" | "extensions" => {
                serde_json::from_str(&value).map_err(|error| format!("`{name}` is not JSON: {error}"))?
            }
            _ => continue,
        };
        if asked.insert(name.to_string(), value).is_some() {
            return Err(format!("`{name}` stands twice in the address"));
        }
    }
    match misfit(&asked) {
        Some(message) => Err(message),
        None => serde_json::from_value(asked.into())
            .map_err(|error| format!("the address is not a GraphQL request: {error}")),
    }
}

/// Says which field of a request is not what it has to be.
pub(super) fn misfit(fields: &Map<String, Value>) -> Option<String> {
    let is_not = |name: &&str, fits: fn(&Value) -> bool| {
        fields.get(*name).is_some_and(|value| !value.is_null() && !fits(value))
    };
    let texts = ["query", "operationName", "documentId"].into_iter();
    let objects = ["variables", "extensions"].into_iter();
    let text = texts.filter(|name| is_not(name, Value::is_string)).map(|name| (name, "a string"));
    let object = objects.filter(|name| is_not(name, Value::is_object)).map(|name| (name, "a JSON object"));
    text.chain(object).next().map(|(name, kind)| format!("`{name}` is not {kind}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_taken_up_to_its_bound_and_only_when_there_is_one() {
        let list = br#"[{"query":"{a}"},{"query":"{b}"}]"#;
        assert!(read(list, 0).is_err() && read(list, 1).is_err() && read(b"[]", 5).is_err());
        assert!(matches!(read(list, 2), Ok(Body::Many(many)) if many.len() == 2));
    }

    #[test]
    fn a_hash_is_found_in_either_place() {
        for body in [
            r#"{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"AB"}}}"#,
            r#"{"documentId":"sha256:ab"}"#,
        ] {
            let asked: Asked = serde_json::from_str(body).expect("a request");
            assert_eq!(asked.hash(), Ok(Some("ab".into())));
        }
    }

    #[test]
    fn a_hash_that_is_none_and_another_version_are_named() {
        for (persisted, wrong) in [
            (r#"{"version":2,"sha256Hash":"ab"}"#, "version"),
            (r#"{"version":"1","sha256Hash":"ab"}"#, "version"),
            (r#"{"version":1,"sha256Hash":5}"#, "sha256Hash"),
            (r#"{"version":1}"#, "sha256Hash"),
        ] {
            let body = format!(r#"{{"query":"{{a}}","extensions":{{"persistedQuery":{persisted}}}}}"#);
            let asked: Asked = serde_json::from_str(&body).expect("a request");
            let told = asked.hash().expect_err(persisted);
            assert!(told.contains(&format!("persistedQuery.{wrong}` is not")), "{told}");
        }
    }

    #[test]
    fn a_variable_without_a_fraction_is_whole_however_it_is_written() {
        let body = r#"{"variables":{"a":3.0,"b":[{"c":-2e2}],"d":3.5,"e":1e300,"f":"3.0"}}"#;
        let asked: Asked = serde_json::from_str(body).expect("a request");
        let read = serde_json::to_string(&asked.variables).expect("JSON");
        assert_eq!(read, r#"{"a":3,"b":[{"c":-200}],"d":3.5,"e":1e+300,"f":"3.0"}"#);
    }

    #[test]
    fn a_field_that_is_not_what_it_has_to_be_is_named() {
        for (body, address, wrong) in [
            (
                r#"{"query":7}"#,
                "query=%7Ba%7D&query=%7Bb%7D",
                ["`query` is not a string", "`query` stands twice"],
            ),
            (
                r#"{"query":"{a}","variables":[]}"#,
                "query=%7Ba%7D&variables=[]",
                ["`variables` is not a JSON object"; 2],
            ),
        ] {
            let told = [read(body.as_bytes(), 0).expect_err(body), read_address(address).expect_err(address)];
            for (told, wrong) in told.iter().zip(wrong) {
                assert!(told.contains(wrong), "{told}");
            }
        }
    }

    #[test]
    fn broken_json_is_told_where_it_breaks() {
        let error = read(b"{\"query\": \"{a}\",}", 0).expect_err("broken");
        assert!(error.contains("line 1 column"), "{error}");
    }
}
