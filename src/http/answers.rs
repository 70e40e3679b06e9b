//! Answers kept in memory: the same question about the same data has the same bytes.

use std::time::{Duration, Instant};

use axum::body::Bytes;
use quick_cache::{Weighter, sync::Cache};
use sha2::{Digest as _, Sha256};

use super::{asked::Asked, gate::Cost};
use crate::access::Scopes;

/// How long an answer is given again. What an answer says of time (how fresh a source is) is so much out of date at most.
const LIFE: Duration = Duration::from_secs(30);
/// What an entry costs beside its bytes, about.
const OVERHEAD: u64 = 200;

/// Names a question: document, operation, variables, who asks, and the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Question([u8; 32]);

impl Question {
    fn new(asked: &Asked, document: &[u8; 32], scopes: Scopes, version: i64) -> Self {
        let mut hash = Sha256::new();
        hash.update(document);
        let variables = asked.variables.as_ref().and_then(|all| serde_json::to_string(all).ok());
        for part in [asked.operation.as_deref(), variables.as_deref()] {
            hash.update(part.map_or(u64::MAX, |part| part.len() as u64).to_le_bytes());
            hash.update(part.unwrap_or_default());
        }
        hash.update([scopes.bits()]);
        hash.update(version.to_le_bytes());
        Self(hash.finalize().into())
    }
}

/// An answer that was given.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub body: Bytes,
    pub cost: Cost,
    since: Instant,
}

#[derive(Clone)]
struct Size;

impl Weighter<Question, Given> for Size {
    fn weight(&self, _: &Question, given: &Given) -> u64 {
        given.body.len() as u64 + OVERHEAD
    }
}

/// Keeps answers, up to so many bytes.
pub(super) struct Answers(Option<Cache<Question, Given, Size>>);

impl Answers {
    /// Keeps up to `bytes`; nothing when that is 0.
    pub(super) fn new(bytes: u64) -> Self {
        let items = usize::try_from(bytes / 2048).unwrap_or(usize::MAX).max(16);
        Self((bytes > 0).then(|| Cache::with_weighter(items, bytes, Size)))
    }

    /// Returns the name of a question whose answer may be kept: one that does not ask for its cost.
    pub(super) fn question(
        &self,
        asked: &Asked,
        document: &[u8; 32],
        scopes: Scopes,
        version: i64,
    ) -> Option<Question> {
        let kept = self.0.is_some() && !asked.wants_cost();
        kept.then(|| Question::new(asked, document, scopes, version))
    }

    pub(super) fn get(&self, question: &Question) -> Option<Given> {
        self.0.as_ref()?.get(question).filter(|given| given.since.elapsed() < LIFE)
    }

    pub(super) fn put(&self, question: Question, body: Bytes, cost: Cost) {
        if let Some(cache) = &self.0 {
            cache.insert(question, Given { body, cost, since: Instant::now() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(body: &str, scopes: &str, version: i64) -> Question {
        let asked: Asked = serde_json::from_str(body).expect("a request");
        let document = Sha256::digest(asked.query.as_deref().unwrap_or_default()).into();
        Question::new(&asked, &document, Scopes::parse(scopes), version)
    }

    #[test]
    fn whatever_can_change_the_answer_makes_another_question() {
        let plain = question(r#"{"query":"{a}"}"#, "", 1);
        assert_eq!(plain, question(r#"{"query":"{a}","extensions":{"client":"x"}}"#, "", 1));
        for other in [
            question(r#"{"query":"{b}"}"#, "", 1),
            question(r#"{"query":"{a}","operationName":"a"}"#, "", 1),
            question(r#"{"query":"{a}","variables":{"a":1}}"#, "", 1),
            question(r#"{"query":"{a}"}"#, "read", 1),
            question(r#"{"query":"{a}"}"#, "", 2),
        ] {
            assert_ne!(plain, other);
        }
    }

    #[test]
    fn the_store_keeps_to_its_bytes() {
        let answers = Answers::new(100_000);
        for version in 0..1_000 {
            answers.put(question("{}", "", version), Bytes::from(vec![0; 1_000]), Cost::default());
        }
        let held = (0..1_000).filter(|version| answers.get(&question("{}", "", *version)).is_some()).count();
        assert!(held > 0 && held <= 100, "{held}");
    }
}
