//! How a publisher wants to be asked, and what a good answer looks like.

use std::{collections::BTreeMap, fmt};

use serde::Deserialize;

/// How a publisher wants to be asked, and what a good answer looks like.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Access {
    /// Whether the publisher refuses requests that name nobody to write to.
    pub contact: bool,
    /// Most requests to a host in a span. Each of them holds, for all workers together.
    pub limits: Vec<Limit>,
    /// Headers sent with each request.
    pub headers: BTreeMap<String, String>,
    /// Secrets sent with each request.
    pub keys: Vec<Key>,
    /// The JSON document that is posted, with the names of [`super::Paging`] filled in; without one the request is a GET.
    pub body: Option<String>,
    /// Media types an answer may have, such as `text/csv`; any where none is named.
    pub types: Vec<String>,
    /// Where a JSON answer says how it went.
    pub status: Option<Status>,
}

/// So many requests in a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Most requests.
    pub requests: u32,
    /// The span, from the first of them.
    pub per: Span,
}

/// The span of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Span {
    /// A second.
    Second,
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// 24 hours.
    Day,
}

impl Access {
    /// Returns the limit that fewer than `requests` may be made under one after another; one whose span is waited out is none.
    pub fn below(&self, requests: usize) -> Option<Limit> {
        let long = |limit: &&Limit| limit.per.seconds() > Span::Minute.seconds();
        self.limits.iter().filter(long).find(|limit| (limit.requests as usize) < requests).copied()
    }
}

/// `25 a day`.
impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let span = match self.per {
            Span::Second => "a second",
            Span::Minute => "a minute",
            Span::Hour => "an hour",
            Span::Day => "a day",
        };
        write!(f, "{} {span}", self.requests)
    }
}

impl Span {
    /// Returns its length in seconds.
    pub fn seconds(self) -> i64 {
        match self {
            Self::Second => 1,
            Self::Minute => 60,
            Self::Hour => 3_600,
            Self::Day => 86_400,
        }
    }
}

/// A secret of the operator's. It is read when a request is made, and stands in no record of the request.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// The environment variable that holds it.
    pub env: String,
    /// Where it goes.
    pub at: KeyPlace,
    /// What is written before it: `Bearer `.
    #[serde(default)]
    pub before: String,
    /// Whether the publisher also answers without it.
    #[serde(default)]
    pub optional: bool,
}

/// Where a secret goes.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyPlace {
    /// Into this header.
    Header(String),
    /// Into this parameter of the query.
    Query(String),
    /// Into this field of the posted document.
    Field(String),
}

/// Where a JSON answer says how it went.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Status {
    /// The JSON pointer of the word.
    pub at: String,
    /// Words of success.
    pub good: Vec<String>,
    /// Words of a failure that passes, such as a spent quota.
    #[serde(default)]
    pub later: Vec<String>,
}
