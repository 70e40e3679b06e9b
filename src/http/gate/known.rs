//! Documents that were read, by their text, up to so many bytes.

use std::sync::Arc;

use quick_cache::{Weighter, sync::Cache};

use super::{Document, MAX_TEXT, Refusal};

/// What came of reading a document.
pub(in crate::http) type Outcome = Result<Arc<Document>, Refusal>;

/// What an entry, and an error, take beside their texts, about.
const OVERHEAD: u64 = 500;

#[derive(Clone)]
struct Size;

impl Weighter<Box<str>, Outcome> for Size {
    fn weight(&self, text: &Box<str>, outcome: &Outcome) -> u64 {
        let held = match outcome {
            Ok(document) => document.bytes(),
            Err(errors) => errors.iter().map(|error| error.message.len() as u64 + OVERHEAD).sum(),
        };
        text.len() as u64 + held + OVERHEAD
    }
}

/// What came of documents.
pub(super) struct Known(Option<Cache<Box<str>, Outcome, Size>>);

impl Known {
    /// Keeps up to `bytes`; nothing when that is 0.
    pub(super) fn new(bytes: u64) -> Self {
        let items = usize::try_from(bytes / 16_384).unwrap_or(usize::MAX).max(16);
        Self((bytes > 0).then(|| Cache::with_weighter(items, bytes, Size)))
    }

    pub(super) fn get(&self, text: &str) -> Option<Outcome> {
        self.0.as_ref()?.get(text)
    }

    pub(super) fn put(&self, text: &str, outcome: &Outcome) {
        if let Some(cache) = self.0.as_ref().filter(|_| text.len() <= MAX_TEXT) {
            cache.insert(text.into(), outcome.clone());
        }
    }
}
