//! The operator's secrets, put into a request and nowhere else.

use std::io;

use aho_corasick::AhoCorasick;
use reqwest::{
    Url,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use serde_json::Value;
use url::form_urlencoded;

use super::{FetchError, FetchRequest, error::clean};
use crate::{
    definition::{Key, KeyPlace},
    document::{Arriving, Document},
};

/// A shorter key would be found in words and numbers of the answer.
const LONG: usize = 8;

/// A request with everything in its place. It is never shown.
pub(super) struct Ready {
    /// The address, with keys.
    pub url: Url,
    /// The headers, with keys.
    pub headers: HeaderMap,
    /// The posted document, with keys.
    pub body: Option<String>,
    /// What of it is secret.
    pub secrets: Secrets,
}

/// The keys of a request, as they are and as they are sent.
#[derive(Default)]
pub(super) struct Secrets(Vec<String>);

impl Secrets {
    /// Returns true if there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a key as it is, as it stands in an address and as it stands in a document of JSON.
    fn add(&mut self, key: &str) {
        let address: String = form_urlencoded::byte_serialize(key.as_bytes()).collect();
        let document = Value::from(key).to_string();
        let document = document.trim_matches('"');
        let spaced = address.replace('+', "%20");
        let slashed = document.replace('/', r"\/");
        self.0.extend([key.to_owned(), address, spaced, document.to_owned(), slashed]);
    }

    /// Returns an answer with stars in place of the keys that it repeats. It is kept, and its words stand in errors and
    /// rejects.
    pub(super) fn hidden(&self, answer: Document) -> io::Result<Document> {
        let keys: Vec<&str> = self.0.iter().map(String::as_str).filter(|key| key.len() >= LONG).collect();
        if keys.is_empty() {
            return Ok(answer);
        }
        let stars: Vec<String> = keys.iter().map(|key| "*".repeat(key.len())).collect();
        // Hexadecimal digits are written in either case.
        let known = AhoCorasick::builder().ascii_case_insensitive(true).build(keys);
        let known = known.map_err(io::Error::other)?;
        if known.try_stream_find_iter(answer.open()).map_err(io::Error::other)?.next().is_none() {
            return Ok(answer);
        }
        let mut hidden: Arriving = answer.beside()?;
        known.try_stream_replace_all(answer.open(), &mut hidden, &stars)?;
        hidden.finish()
    }
}

/// Puts `request`'s headers and keys in place. `look` finds an environment variable.
pub(super) fn ready(
    request: &FetchRequest,
    url: &Url,
    look: impl Fn(&str) -> Option<String>,
) -> Result<Ready, FetchError> {
    let wrong = |what: &str| FetchError::Definition { url: clean(url), what: what.to_owned() };
    let mut ready = Ready {
        url: url.clone(),
        headers: HeaderMap::new(),
        body: request.body.clone(),
        secrets: Secrets::default(),
    };
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
        self.secrets.add(value);
        let value = format!("{}{value}", key.before);
        self.secrets.add(&value);
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
