//! A release as the catalog holds it.

use chrono::{Datelike as _, NaiveDate};
use entity::{
    PayMethod, ReferencePeriod, ReleaseId, ReleaseStatus, RoleId, SourceId, artifact, release, source,
};
use serde::Deserialize;

use crate::frame::Band;

/// A file a release was read from.
pub type Artifact = artifact::Model;

/// Where in its files a release was read: an entry of `release.parts`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Part {
    /// Which artifact of the release.
    #[serde(default)]
    pub artifact: usize,
    /// The file inside it, or its own name.
    #[serde(default)]
    pub member: String,
    /// The sheet; empty for text.
    #[serde(default)]
    pub sheet: String,
}

/// A release with what belongs to it.
#[derive(Debug)]
pub struct Release {
    /// The row of the table.
    pub row: release::Model,
    /// The source it is a release of.
    pub source: std::sync::Arc<source::Model>,
    /// Its files, in order.
    pub artifacts: Vec<Artifact>,
    /// Its parts, in order.
    pub parts: Vec<Part>,
    /// The day or span its figures refer to, unless a band states another.
    pub reference: ReferencePeriod,
    /// The periods that bands state for themselves.
    pub stated: Vec<ReferencePeriod>,
    key: String,
}

impl Release {
    /// Puts a release together.
    pub(super) fn new(
        row: release::Model,
        source: std::sync::Arc<source::Model>,
        artifacts: Vec<Artifact>,
    ) -> Self {
        let key = format!("{}/{}/{}/{}", source.key, row.dataset, row.label, row.edition);
        let parts = serde_json::from_str(&row.parts).unwrap_or_default();
        let stated = serde_json::from_str(&row.stated_periods).unwrap_or_default();
        let reference = ReferencePeriod {
            start: row.reference_start,
            end: row.reference_end,
            label: row.reference_label.clone(),
        };
        Self { row, source, artifacts, parts, reference, stated, key }
    }

    /// Returns its key in the database.
    pub fn id(&self) -> ReleaseId {
        self.row.id
    }

    /// Returns its source's key in the database.
    pub fn source_id(&self) -> SourceId {
        self.row.source_id
    }

    /// Returns the key people know it by: source, dataset, label and edition.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Returns whether a text is its label, whatever dash stands in it: 2024–34 is 2024-34.
    pub fn is_called(&self, text: &str) -> bool {
        const DASHES: [char; 5] = ['\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2212}'];
        let label = self.row.label.as_str();
        text == label || text.replace(DASHES, "-") == label.replace(DASHES, "-")
    }

    /// Returns how its figures were observed.
    pub fn method(&self) -> PayMethod {
        self.source.method.unwrap_or(PayMethod::Survey)
    }

    /// Returns whether it is the release of its dataset that answers now.
    pub fn is_served(&self) -> bool {
        self.row.is_current && self.row.status == ReleaseStatus::Published
    }

    /// Returns whether its figures may be shown at all.
    pub fn is_visible(&self) -> bool {
        self.row.served && matches!(self.row.status, ReleaseStatus::Published | ReleaseStatus::Superseded)
    }

    /// Returns the role that its page speaks of.
    pub fn role(&self) -> Option<RoleId> {
        self.row.role_id
    }

    /// Returns the day it could first be known.
    pub fn known_since(&self) -> NaiveDate {
        self.row.published_at.unwrap_or_else(|| self.row.loaded_at.date_naive())
    }

    /// Returns the day or span that one of its bands refers to.
    pub fn reference_of(&self, band: Band<'_>) -> &ReferencePeriod {
        band.stated().and_then(|place| self.stated.get(place)).unwrap_or(&self.reference)
    }

    /// Returns whether figures of it may refer to a period that ends in `year`.
    pub fn reaches(&self, year: i32) -> bool {
        [&self.reference].into_iter().chain(&self.stated).any(|period| period.end.year() == year)
    }

    /// Returns what makes one release of a dataset newer than another.
    pub fn age(&self) -> (NaiveDate, i32) {
        (self.row.reference_end, self.row.edition)
    }
}
