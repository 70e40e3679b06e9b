//! Reads a release's archived files again: through a definition that was mended since, so that its rejected rows get
//! another chance and the next edition comes of them, or to publish what was held, with all that it says of regions.

use chrono::{DateTime, Utc};
use sea_orm::DbErr;

use crate::{
    definition::Source,
    normalize::Release,
    pipeline::{self, Context, Incoming, IngestError, Report},
    publish::{self, Draft, Editions, LifecycleError, Named, Stored},
    validate::{self, Check, validate},
};

/// Why a release cannot be read again.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// It is not there.
    #[error(transparent)]
    Release(#[from] LifecycleError),
    /// No row of it was rejected, and the definition has not changed since.
    #[error("no row of `{0}` was rejected, and its definition is the one it was read by")]
    NothingRejected(String),
    /// A later edition took its place.
    #[error("`{key}` was replaced by edition {by} of that period: replay that one, or withdraw it first")]
    Replaced {
        /// Its name.
        key: String,
        /// The number of the later edition.
        by: i32,
    },
    /// Another edition came while it was read.
    #[error("another edition came while `{0}` was read; try again")]
    Overtaken(String),
    /// Its files are not in the archive: it came with the program.
    #[error("the files of `{0}` were never here; ingest them with --from FILE")]
    NoFiles(String),
    /// Its files do not hold it any more, as the definition reads them now.
    #[error("the definition finds no `{0}` in its files any more")]
    Gone(String),
    /// A step failed.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// The database failed.
    #[error("database failed")]
    Database(#[from] DbErr),
}

/// Reads the release called `key` again. Nothing happens where the definition is the one it was read by.
pub async fn replay(cx: &Context, key: &str, now: DateTime<Utc>) -> Result<Report, ReplayError> {
    let named = publish::find(&cx.db, key).await?;
    let source = cx.registry.get(&named.source.key);
    let source = source.ok_or_else(|| IngestError::UnknownSource(named.source.key.clone()))?;
    let old = &named.release;
    let editions = Editions::read(&cx.db, source, &old.dataset, &old.label).await?;
    if let Some(later) = editions.after(old.edition) {
        return Err(ReplayError::Replaced { key: named.key, by: later.release.edition });
    }
    if publish::is_read_by(old, source) {
        return same(&named);
    }
    let (release, files) = read_again(cx, source, &named, now).await?;
    let own = editions.0.iter().find(|edition| edition.release.id == old.id && edition.is_visible());
    if let Some(own) = own
        && own.says(&release)?
    {
        own.note_reading(&cx.db, source).await?;
        let lines = vec![format!("{}: its definition reads the same figures as before", named.key)];
        return Ok(Report { lines, ..counted(&release) });
    }
    let background = publish::background(&cx.db, source, &release, now.date_naive()).await?;
    let mut checks = validate(&release, &background);
    // A file that was not at hand is not there for its being read again.
    let before: Vec<Check> = serde_json::from_str(&old.checks).unwrap_or_default();
    checks.extend(before.into_iter().filter(|check| check.name == validate::FILES));
    let after = Some(&editions);
    let draft = Draft { source, release: &release, files: &files, checks: &checks, after, again: true };
    let stored = publish::publish(&cx.db, &draft, now).await?;
    if stored == Stored::Overtaken {
        return Err(ReplayError::Overtaken(named.key));
    }
    let mut report = counted(&release);
    report.tell(&release, stored, &checks);
    Ok(report)
}

/// A report of the rows of a release.
fn counted(release: &Release) -> Report {
    let total = release.total();
    let (read, loaded, rejected, skipped) = (total.read, total.loaded, total.rejected, total.skipped());
    Report { read, loaded, rejected, skipped, ..Report::default() }
}

/// What is said where the definition is the one the release was read by.
fn same(named: &Named) -> Result<Report, ReplayError> {
    let old = &named.release;
    if old.rows_rejected == 0 {
        return Err(ReplayError::NothingRejected(named.key.clone()));
    }
    Ok(Report {
        read: old.rows_read.cast_unsigned(),
        loaded: old.rows_loaded.cast_unsigned(),
        rejected: old.rows_rejected.cast_unsigned(),
        skipped: old.rows_skipped.cast_unsigned(),
        lines: vec![format!("{}: the same {} rows are rejected", named.key, old.rows_rejected)],
        ..Report::default()
    })
}

/// Publishes the release called `key`, which is held or was withdrawn, after a person had a look at it, and returns it as it
/// is then.
pub async fn publish_held(cx: &Context, key: &str, now: DateTime<Utc>) -> Result<Named, ReplayError> {
    let named = publish::find(&cx.db, key).await?;
    named.must_wait()?;
    let source = cx.registry.get(&named.source.key);
    // What a list says of regions is kept from the time it is published, not from the time it came in.
    let tells = |source: &&Source| source.layout.iter().any(|layout| layout.regions.is_some());
    let told = match source.filter(tells) {
        Some(source) => Some(read_again(cx, source, &named, now).await?.0),
        None => None,
    };
    Ok(publish::publish_held(&cx.db, key, source, told.as_ref()).await?)
}

async fn read_again(
    cx: &Context,
    source: &Source,
    named: &Named,
    now: DateTime<Utc>,
) -> Result<(Release, Vec<Incoming>), ReplayError> {
    let read = pipeline::read_again(cx, source, &named.release, now).await?;
    let (files, found) = read.ok_or_else(|| ReplayError::NoFiles(named.key.clone()))?;
    let release = found.ok_or_else(|| ReplayError::Gone(named.key.clone()))?;
    Ok((release, files))
}
