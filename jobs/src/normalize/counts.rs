//! What became of the rows of a file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Rows of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Rows read.
    pub read: u64,
    /// Rows that became figures.
    pub loaded: u64,
    /// Rows that could not.
    pub rejected: u64,
    /// Rows left out, by rule.
    pub skips: BTreeMap<String, u64>,
}

impl Counts {
    /// Returns how many rows were left out.
    pub fn skipped(&self) -> u64 {
        self.skips.values().sum()
    }

    /// Counts one row under `rule`.
    pub fn skip(&mut self, rule: &str) {
        *self.skips.entry(rule.to_owned()).or_default() += 1;
    }

    /// Adds the rows of another file.
    pub fn add(&mut self, other: &Self) {
        self.read += other.read;
        self.loaded += other.loaded;
        self.rejected += other.rejected;
        for (rule, rows) in &other.skips {
            *self.skips.entry(rule.clone()).or_default() += rows;
        }
    }
}
