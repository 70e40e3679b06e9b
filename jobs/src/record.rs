//! Figures that a person reads off a page which offers no API, one page at a time. They become a file in the form that
//! `refresh --from` takes, and go its way.

use chrono::{DateTime, Utc};
use entity::ReleaseStatus;
use sea_orm::DbErr;

use crate::{
    archive::ArchiveError,
    decode::{DecodeError, Defect, without_nul},
    document::Document,
    normalize::{Observation, read_observations},
    pipeline::{Context, Incoming},
    publish::{self, Draft},
    validate::validate,
};

/// The source of figures that workers report.
pub const CROWD: &str = "manual";
/// The source of figures that employers advertise.
pub const ADVERT: &str = "manual-adverts";

/// What the words of a page are kept as.
const FILE: &str = "observation.json";

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
    /// It is not what the reader of such files takes.
    #[error("the figure cannot be read: {0}")]
    Unreadable(#[from] DecodeError),
    /// Its words cannot be kept.
    #[error("archive failed")]
    Archive(#[from] ArchiveError),
    /// The database failed.
    #[error("database failed: {0}")]
    Database(#[from] DbErr),
}

/// Records `seen`, the figures of one role and place on one page, under `source`, [`CROWD`] or [`ADVERT`]. The same figures
/// recorded twice are one release.
pub async fn record(
    cx: &Context,
    source: &'static str,
    seen: &[Observation],
    now: DateTime<Utc>,
) -> Result<Recorded, RecordError> {
    let definition = cx.registry.get(source).ok_or(RecordError::NoSource(source))?;
    publish::register(&cx.db, &cx.registry).await?;
    let written = serde_json::to_vec_pretty(seen).map_err(|error| DbErr::Custom(error.to_string()))?;
    let document = Document::from(written);
    let nothing = || DecodeError::new(Defect::NoRow, FILE, "no figure is named");
    let release =
        read_observations(definition, FILE, &document, now)?.into_iter().next().ok_or_else(nothing)?;
    let file = Incoming {
        name: FILE.into(),
        url: seen.first().map(|seen| without_nul(&seen.page).into_owned()).unwrap_or_default(),
        sha256: cx.archive.store(&document).await?,
        ..Incoming::of(document, now)
    };
    let background = publish::background(&cx.db, definition, &release, now.date_naive()).await?;
    let checks = validate(&release, &background);
    let files = [file];
    let draft = Draft {
        source: definition,
        release: &release,
        files: &files,
        checks: &checks,
        after: None,
        again: false,
    };
    let stored = publish::publish(&cx.db, &draft, now).await?;
    // A figure follows no edition, so that none overtakes it.
    let place = stored.place().ok_or_else(|| DbErr::Custom("another edition came".into()))?;
    Ok(Recorded {
        release: format!("{source}/{}/{}/{}", release.dataset, release.label, place.edition),
        held: place.status == ReleaseStatus::Held,
    })
}
