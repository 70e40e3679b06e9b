//! What an ingest tells of its rows and releases.

use std::collections::BTreeMap;

use entity::ReleaseStatus;

use crate::{
    normalize::{RejectCode, Release},
    publish::{Place, Stored},
    validate::Check,
};

/// How an ingest ended, when nothing went wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Nothing new.
    #[default]
    Unchanged,
    /// A release is visible.
    Published,
    /// A release failed a check and is not served.
    Held,
}

/// Rows of an ingest and how it ended.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Rows read.
    pub read: u64,
    /// Rows that became figures.
    pub loaded: u64,
    /// Rows that could not.
    pub rejected: u64,
    /// Rows left out under a named rule.
    pub skipped: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// One line for each thing a person should know.
    pub lines: Vec<String>,
    /// What the checks say that hold a release.
    pub(crate) failed_checks: Vec<String>,
    /// Datasets and labels of the releases that came and are served.
    pub(crate) served: Vec<(String, String)>,
}

impl Report {
    /// Tells what became of a release.
    pub(crate) fn tell(&mut self, release: &Release, stored: Stored, checks: &[Check]) {
        let (outcome, word) = match stored {
            Stored::Known(Place { status: ReleaseStatus::Held, .. }) => (Outcome::Held, "held before"),
            Stored::Known(Place { status: ReleaseStatus::Withdrawn, .. }) => {
                (Outcome::Unchanged, "withdrawn before; --publish-held serves it again")
            }
            Stored::Known(_) | Stored::Overtaken => (Outcome::Unchanged, "unchanged"),
            Stored::New(Place { status: ReleaseStatus::Held, .. }) => (Outcome::Held, "held"),
            Stored::New(_) => (Outcome::Published, "published"),
        };
        self.outcome = self.outcome.max(outcome);
        self.lines.push(format!("{} {}: {word}", release.dataset, release.label));
        if stored.place().is_some_and(|place| place.status == ReleaseStatus::Published) {
            self.served.push((release.dataset.clone(), release.label.clone()));
        }
        // A check that a person overruled says nothing more.
        for check in checks.iter().filter(|check| !check.passed && outcome == Outcome::Held) {
            let line = format!("check {} failed: {}", check.name, check.detail);
            self.failed_checks.push(line.clone());
            self.lines.push(line);
        }
        let mut codes = BTreeMap::<RejectCode, usize>::new();
        for reject in &release.rejects {
            *codes.entry(reject.code).or_default() += 1;
        }
        self.lines.extend(codes.iter().map(|(code, rows)| format!("rejected {rows}: {code}")));
        for reject in release.rejects.iter().take(5) {
            self.lines.push(format!("rejected {}: {} ({})", reject.locator, reject.message, reject.code));
        }
    }

    /// Adds what another file brought.
    pub(super) fn add(&mut self, other: Self) {
        self.read += other.read;
        self.loaded += other.loaded;
        self.rejected += other.rejected;
        self.skipped += other.skipped;
        self.outcome = self.outcome.max(other.outcome);
        self.lines.extend(other.lines);
        self.failed_checks.extend(other.failed_checks);
        self.served.extend(other.served);
    }
}
