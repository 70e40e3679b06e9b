//! Figures that a person reads off a page which offers no API. Each becomes a release of its own, with its page, the day
//! it was read, and the words that say it; the words are the file that is kept.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{Cell, PayPeriod, ReleaseStatus, release};
use sea_orm::{ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde::Serialize;

use crate::{
    archive::ArchiveError,
    normalize::{Release, read_observation},
    pipeline::{Context, Incoming},
    publish::{self, Stored},
    validate::validate,
};

/// The source of figures that workers report.
pub const CROWD: &str = "manual";
/// The source of figures that employers advertise.
pub const ADVERT: &str = "manual-adverts";

/// One figure as a person read it. Amounts in minor units.
#[derive(Clone, Debug, Serialize)]
pub struct Observation {
    /// The slug of the role it is about.
    pub role: String,
    /// The code of the place.
    pub region: String,
    /// The currency of the amounts.
    pub currency: String,
    /// The period of the amounts.
    pub period: PayPeriod,
    /// Which point of the distribution each amount is.
    #[serde(serialize_with = "points")]
    pub amounts: Vec<(Cell, i64)>,
    /// The page's address.
    pub page: url::Url,
    /// The day it was read.
    pub observed: NaiveDate,
    /// The page's own words, at most [`QUOTED`](crate::page::QUOTED).
    pub quote: String,
    /// Whom the page cites for it.
    pub cited_authority: Option<String>,
}

fn points<S: serde::Serializer>(amounts: &[(Cell, i64)], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(amounts.iter().map(|(cell, amount)| (format!("{cell:?}"), amount)))
}

/// What came of recording a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The key people know the release by: source, dataset, label and edition.
    pub release: String,
    /// Whether a check failed, so that the figure is not served.
    pub held: bool,
}

/// Why a figure could not be recorded.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// Its source is configured no more.
    #[error("no source `{0}` takes recorded figures here")]
    NoSource(&'static str),
    /// Its words cannot be kept.
    #[error("archive failed")]
    Archive(#[from] ArchiveError),
    /// The database failed.
    #[error("database failed: {0}")]
    Database(#[from] DbErr),
}

/// Records `seen` under `source`, [`CROWD`] or [`ADVERT`]. The same figure recorded twice is one release.
pub async fn record(
    cx: &Context,
    source: &'static str,
    seen: &Observation,
    now: DateTime<Utc>,
) -> Result<Recorded, RecordError> {
    let definition = cx.registry.get(source).ok_or(RecordError::NoSource(source))?;
    publish::register(&cx.db, &cx.registry).await?;
    let bytes = serde_json::to_vec_pretty(seen).map_err(|error| DbErr::Custom(error.to_string()))?;
    let file = Incoming {
        name: "observation.json".into(),
        url: seen.page.to_string(),
        sha256: cx.archive.store(bytes.clone().into()).await?,
        ..Incoming::of(bytes.into(), now)
    };
    let release = read_observation(seen, definition.concept, &file.name);
    let background = publish::background(&cx.db, definition, &release).await?;
    let checks = validate(&release, background);
    let stored = publish::publish(&cx.db, definition, &release, &[file], &checks, false, now).await?;
    let (Stored::New(status) | Stored::Known(status)) = stored;
    let release = key(cx, source, &release).await?;
    Ok(Recorded { release, held: status == ReleaseStatus::Held })
}

async fn key(cx: &Context, source: &str, of: &Release) -> Result<String, DbErr> {
    let id = publish::source_id(&cx.db, source).await?;
    let newest = release::Entity::find()
        .filter(release::Column::SourceId.eq(id))
        .filter(release::Column::Dataset.eq(&of.dataset))
        .filter(release::Column::Label.eq(&of.label))
        .order_by_desc(release::Column::Edition)
        .one(&cx.db)
        .await?;
    let edition = newest.map_or(1, |row| row.edition);
    Ok(format!("{source}/{}/{}/{edition}", of.dataset, of.label))
}
