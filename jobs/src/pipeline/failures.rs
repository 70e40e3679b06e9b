//! What could not be taken of a source with several files. The others are taken all the same.

use std::{fmt, time::Duration};

use super::{IngestError, Outcome, Report};
use crate::fetch::FetchError;

/// The files of a source that failed, in their order, and what the others brought.
#[derive(Debug)]
pub struct Failures {
    /// Why each of them failed; there is at least one.
    pub failed: Vec<IngestError>,
    /// How many files there are.
    pub of: usize,
    /// What the others brought.
    pub others: Report,
}

impl fmt::Display for Failures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.head())?;
        if self.failed.len() < self.of {
            let Report { read, loaded, rejected, skipped, outcome, .. } = &self.others;
            let word = match outcome {
                Outcome::Unchanged => "unchanged",
                Outcome::Published => "published",
                Outcome::Held => "held",
            };
            write!(
                f,
                " (of the others: read {read}, loaded {loaded}, rejected {rejected}, skipped {skipped}; {word})"
            )?;
        }
        for (place, error) in self.failed.iter().enumerate() {
            write!(f, "{}{}", if place == 0 { ": " } else { "; " }, chain(error))?;
        }
        Ok(())
    }
}

impl Failures {
    fn head(&self) -> String {
        format!("{} of {} files failed", self.failed.len(), self.of)
    }

    /// Returns what clients may know of it.
    pub(super) fn told(&self) -> String {
        let mut told: Vec<String> = self.failed.iter().map(IngestError::told).collect();
        told.dedup();
        format!("{}: {}", self.head(), told.join("; "))
    }
}

impl IngestError {
    /// Returns what went wrong with `failed`, of so many files; a single file's error stands for itself.
    pub(super) fn of_files(mut failed: Vec<Self>, of: usize, others: Report) -> Result<Report, Self> {
        match (of, failed.pop()) {
            (_, None) => Ok(others),
            (1, Some(only)) => Err(only),
            (_, Some(last)) => {
                failed.push(last);
                Err(Self::Files(Box::new(Failures { failed, of, others })))
            }
        }
    }

    /// Returns whether its publisher was not asked: the ledger does not allow it yet.
    pub(super) fn is_unasked(&self) -> bool {
        matches!(self, Self::Fetch(FetchError::Quota { .. }))
    }

    /// Returns how long to wait before the next attempt, where a publisher asks for that or the ledger does not allow one.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Fetch(error) => error.retry_after(),
            Self::Files(several) => several.failed.iter().filter_map(Self::retry_after).max(),
            _ => None,
        }
    }
}

/// Returns an error with its causes in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
