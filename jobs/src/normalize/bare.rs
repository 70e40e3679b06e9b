//! Releases that hold nothing: rows may have been read, and none of them said anything that is served.

use entity::Cell;

use super::{Band, PageRole, Projection, Release};

impl Release {
    /// Returns whether it holds nothing of what a release is kept for: no amount, number or point, and nothing that is said
    /// of occupations, regions and roles. Cells that say why they are empty are no figure. A page is about a role, whether
    /// it names a figure or not, unless all it has is pay that is rejected.
    pub(crate) fn is_bare(&self) -> bool {
        self.bands.iter().all(|band| band.cells.iter().all(Option::is_none))
            && self.projections.iter().all(is_blank)
            && self.requirements.is_empty()
            && self.series.is_empty()
            && self.facts.is_empty()
            && !self.places.iter().any(|place| place.defined)
            && self.page.as_ref().is_none_or(|page| page.is_silent() && !self.rejects.is_empty())
    }

    /// Returns whether it holds neither pay nor a projection: jobs alone are no pay.
    pub(crate) fn is_without_figures(&self) -> bool {
        let paid = |band: &Band| band.cells[..Cell::MONEY].iter().any(Option::is_some);
        !self.bands.iter().any(paid) && self.projections.iter().all(is_blank)
    }
}

fn is_blank(row: &Projection) -> bool {
    row.counts.iter().all(Option::is_none) && row.change_percent.is_none()
}

impl PageRole {
    /// Returns whether nothing but the role's title is known.
    fn is_silent(&self) -> bool {
        let Self { title: _, skills, texts, education, experience } = self;
        skills.is_empty() && texts.is_empty() && education.is_none() && experience.is_none()
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
