//! Releases that hold nothing: rows may have been read, and none of them said anything that is served.

use super::Release;

impl Release {
    /// Returns whether it holds nothing of what a release is kept for: neither pay, projections and points, nor what is
    /// said of occupations, regions and roles. A page is about a role, whether it names a figure or not.
    pub(crate) fn is_bare(&self) -> bool {
        self.bands.is_empty()
            && self.projections.is_empty()
            && self.requirements.is_empty()
            && self.series.is_empty()
            && self.facts.is_empty()
            && !self.places.iter().any(|place| place.defined)
            && self.page.is_none()
    }
}

/// Parts the releases of one file into those that are one and those whose rows are only counted: a year, or a dataset,
/// that holds nothing and has no rejected row. Where all are so, the last of them stands for the file, and is held for it.
pub(crate) fn apart(releases: Vec<Release>) -> (Vec<Release>, Vec<Release>) {
    let counted = |release: &Release| release.is_bare() && release.rejects.is_empty();
    let (mut bare, mut kept): (Vec<_>, Vec<_>) = releases.into_iter().partition(counted);
    if kept.is_empty() {
        kept.extend(bare.pop());
    }
    (kept, bare)
}
