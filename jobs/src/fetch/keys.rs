//! The operator's secrets, put into a request and nowhere else.

use reqwest::{
    Url,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use serde_json::Value;

use super::{FetchError, FetchRequest, error::clean};
use crate::definition::{Key, KeyPlace};

/// A request with everything in its place. It is never shown.
pub(super) struct Ready {
    /// The address, with keys.
    pub url: Url,
    /// The headers, with keys.
    pub headers: HeaderMap,
    /// The posted document, with keys.
    pub body: Option<String>,
    /// Whether anything of it is secret.
    pub secret: bool,
}

/// Puts `request`'s headers and keys in place. `look` finds an environment variable.
pub(super) fn ready(
    request: &FetchRequest,
    url: &Url,
    look: impl Fn(&str) -> Option<String>,
) -> Result<Ready, FetchError> {
    let wrong = |what: &str| FetchError::Definition { url: clean(url), what: what.to_owned() };
    let mut ready =
        Ready { url: url.clone(), headers: HeaderMap::new(), body: request.body.clone(), secret: false };
    for (name, value) in &request.access.headers {
        ready.header(name, value).ok_or_else(|| wrong(name))?;
    }
    for key in &request.access.keys {
        match look(&key.env).filter(|value| !value.is_empty()) {
            Some(value) => ready.place(key, &value).ok_or_else(|| wrong(&key.env))?,
            None if key.optional => {}
            None => return Err(FetchError::NoKey { url: clean(url), variable: key.env.clone() }),
        }
    }
    Ok(ready)
}

impl Ready {
    fn place(&mut self, key: &Key, value: &str) -> Option<()> {
        self.secret = true;
        let value = format!("{}{value}", key.before);
        match &key.at {
            KeyPlace::Header(name) => self.header(name, &value)?,
            KeyPlace::Query(name) => {
                self.url.query_pairs_mut().append_pair(name, &value);
            }
            KeyPlace::Field(name) => {
                let mut document: Value = serde_json::from_str(self.body.as_deref()?).ok()?;
                document.as_object_mut()?.insert(name.clone(), Value::String(value));
                self.body = Some(document.to_string());
            }
        }
        Some(())
    }

    fn header(&mut self, name: &str, value: &str) -> Option<()> {
        let mut value = HeaderValue::from_str(value).ok()?;
        value.set_sensitive(true);
        self.headers.insert(HeaderName::try_from(name).ok()?, value);
        Some(())
    }
}
