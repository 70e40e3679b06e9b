//! Releases, with what became of every row of their files.

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use async_graphql::{ID, Object, SimpleObject};
use entity::reject;
use jobs::validate::Check;
use serde::de::DeserializeOwned;

use super::{
    at_hand::AtHand,
    enums::{ArtifactOrigin, ReleaseStatus},
    error::ApiError,
    page::{Connection, Keyed, MANY, Paging, Stand, wrong_cursor},
    scalars::{Date, DateTime},
    scope::Scope,
    source::Source,
};
use crate::snapshot;

/// One publication of one dataset of a source: the unit that becomes visible.
#[derive(Clone)]
pub(super) struct Release {
    pub scope: Scope,
    pub release: Arc<snapshot::Release>,
}

/// The day or span that figures refer to.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(serial)]
pub(super) struct ReferencePeriod {
    /// First day.
    start: Date,
    /// Last day.
    end: Date,
    /// As the publisher calls it: May 2024.
    label: String,
}

impl ReferencePeriod {
    pub(super) fn of(period: &entity::ReferencePeriod) -> Self {
        Self { start: Date(period.start), end: Date(period.end), label: period.label.clone() }
    }
}

impl AtHand for Release {
    const NAME: &'static str = "Release";
}

impl Keyed for Release {
    fn key(&self) -> Cow<'_, str> {
        self.release.key().into()
    }
}

/// One publication of one dataset of a source: the unit that becomes visible.
#[Object(serial)]
impl Release {
    /// Opaque, and the same for ever.
    pub(super) async fn id(&self) -> ID {
        self.scope.id("Release", self.release.key())
    }
    /// Whose release it is.
    async fn source(&self) -> Source {
        Source { scope: self.scope.clone(), row: self.release.source.clone() }
    }
    /// A source has one or more datasets (national, state, …); releases follow each other per dataset.
    async fn dataset(&self) -> &str {
        &self.release.row.dataset
    }
    /// The publisher's name of the period: May 2024, 2024-34.
    async fn label(&self) -> &str {
        &self.release.row.label
    }
    /// 1, then 2, … for revisions of the same reference period, or when another file of the release arrives.
    async fn edition(&self) -> i32 {
        self.release.row.edition
    }
    /// The day or span the figures refer to.
    async fn reference(&self) -> ReferencePeriod {
        ReferencePeriod::of(&self.release.reference)
    }
    /// The day the publisher published it; null when nobody says.
    async fn published_at(&self) -> Option<Date> {
        self.release.row.published_at.map(Date)
    }
    /// Whether that day is taken from the file itself, not from the publisher's calendar.
    async fn published_at_estimated(&self) -> bool {
        self.release.row.published_at_estimated
    }
    /// When it was loaded here.
    async fn loaded_at(&self) -> DateTime {
        DateTime(self.release.row.loaded_at)
    }
    /// Where it stands.
    async fn status(&self) -> ReleaseStatus {
        self.release.row.status.into()
    }
    /// Whether it answers for its dataset now.
    async fn is_current(&self) -> bool {
        self.release.is_served()
    }
    /// Rows of the files; always the sum of loaded, rejected and skipped.
    async fn rows_read(&self) -> i32 {
        rows(self.release.row.rows_read)
    }
    /// Rows that became figures.
    async fn rows_loaded(&self) -> i32 {
        rows(self.release.row.rows_loaded)
    }
    /// Rows that could not become figures; see `rejects`.
    async fn rows_rejected(&self) -> i32 {
        rows(self.release.row.rows_rejected)
    }
    /// Rows left out by a named rule; see `skips`.
    async fn rows_skipped(&self) -> i32 {
        rows(self.release.row.rows_skipped)
    }
    /// How many rows each rule left out.
    async fn skips(&self) -> Vec<Skip> {
        let rules: BTreeMap<String, i64> = stored(&self.release.row.skips);
        rules.into_iter().map(|(rule, count)| Skip { rule, rows: rows(count) }).collect()
    }
    /// The publisher's cautions: not a time series, provisional, copied regions.
    async fn notes(&self) -> Vec<String> {
        stored(&self.release.row.notes)
    }
    /// The rows that could not become figures, in the order they were met.
    async fn rejects(
        &self,
        #[graphql(desc = "How many; 20 unless told, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Reject>, ApiError> {
        rejects(self, &Paging::forward(first, after)).await
    }
    /// The files it was read from.
    async fn artifacts(&self) -> Vec<Artifact> {
        self.release.artifacts.iter().map(Artifact::of).collect()
    }
    /// What was checked before it could be served, and how that went.
    async fn checks(&self) -> Vec<ReleaseCheck> {
        let checks: Vec<Check> = stored(&self.release.row.checks);
        checks
            .into_iter()
            .map(|Check { name, passed, detail }| ReleaseCheck { name, passed, detail })
            .collect()
    }
}

async fn rejects(of: &Release, paging: &Paging) -> Result<Connection<Reject>, ApiError> {
    let (reader, release) = (&of.scope.reader, of.release.id());
    let [after, _] = paging.keys::<Reject>()?;
    let stand = |key: String| -> Result<Stand, ApiError> {
        let place: usize = key.parse().map_err(|_| wrong_cursor("after"))?;
        Ok((place, place.saturating_add(1)))
    };
    let total = reader.count_rejects(release).await?;
    let window = paging.window(total, MANY, [after.map(stand).transpose()?, None])?;
    let rows = reader.rejects(release, window.start, window.len()).await?;
    let items = rows.into_iter().zip(window.start..).map(|(row, place)| Reject { row, place }).collect();
    Ok(Connection::new(items, window, total))
}

fn rows(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

fn stored<T: DeserializeOwned + Default>(json: &str) -> T {
    serde_json::from_str(json).unwrap_or_default()
}

/// Rows left out by a rule of the source's definition.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(serial)]
pub(super) struct Skip {
    /// The rule's name: industry-rows, footnote.
    rule: String,
    /// How many rows.
    rows: i32,
}

/// A check a release went through before it could be served.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(serial)]
pub(super) struct ReleaseCheck {
    /// A stable name.
    name: String,
    /// Whether the release may be served.
    passed: bool,
    /// What was found.
    detail: String,
}

/// A file a release was read from.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(serial)]
pub(super) struct Artifact {
    /// Whose bytes they are.
    origin: ArtifactOrigin,
    /// Where it was fetched; `file:` and its name where a person gave it.
    url: String,
    /// SHA-256 of its bytes, in hex.
    sha256: String,
    /// Its size.
    bytes: i32,
    /// When it was fetched.
    retrieved_at: DateTime,
}

impl Artifact {
    fn of(row: &snapshot::Artifact) -> Self {
        Self {
            origin: row.origin.into(),
            url: row.url.clone(),
            sha256: row.sha256.clone(),
            bytes: rows(row.bytes),
            retrieved_at: DateTime(row.retrieved_at),
        }
    }
}

/// A row that could not become a figure.
pub(super) struct Reject {
    row: reject::Model,
    place: usize,
}

impl AtHand for Reject {
    const NAME: &'static str = "Reject";
}

impl Keyed for Reject {
    fn key(&self) -> Cow<'_, str> {
        self.place.to_string().into()
    }
}

/// A row that could not become a figure.
#[Object(serial)]
impl Reject {
    /// File, sheet and row.
    async fn locator(&self) -> &str {
        &self.row.locator
    }
    /// A stable name of what was wrong: unreadable-number, malformed-code.
    async fn code(&self) -> &str {
        &self.row.code
    }
    /// What was wrong, for a person.
    async fn message(&self) -> &str {
        &self.row.message
    }
    /// The row as it was printed.
    async fn raw(&self) -> &str {
        &self.row.raw
    }
}
