//! Rows of which no release is known.

use crate::normalize::{Reject, Release};

/// A row of which no release is known: a rule under which it is left out, or a reject.
pub(super) struct Stray {
    /// The file it stands in.
    pub artifact: usize,
    /// The rule, or the reject.
    pub of: Result<String, Reject>,
}

/// Counts stray rows in the last release of their file. Where there is none at all, returns what they say.
pub(super) fn settle(releases: &mut [Release], stray: Vec<Stray>) -> Option<String> {
    if releases.is_empty() {
        let said =
            |stray: &Stray| stray.of.as_ref().map_or_else(|reject| reject.message.clone(), Clone::clone);
        return stray.iter().find(|stray| stray.of.is_err()).or(stray.first()).map(said);
    }
    for Stray { artifact, of } in stray {
        let of_file = releases.iter_mut().rev().find(|release| release.counts.len() > artifact);
        let Some(release) = of_file else { continue };
        release.counts[artifact].read += 1;
        match of {
            Ok(rule) => release.counts[artifact].skip(&rule),
            Err(reject) => {
                release.counts[artifact].rejected += 1;
                release.rejects.push(reject);
            }
        }
    }
    None
}
