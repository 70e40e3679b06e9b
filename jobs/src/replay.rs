//! Reads a release's archived files again: through a definition that was mended since, so that its rejected rows get
//! another chance and the next edition comes of them, or to publish what was held, with all that it says of regions.

use chrono::{DateTime, Utc};
use sea_orm::DbErr;

use crate::{
    definition::Source,
    normalize::Release,
    pipeline::{self, Context, Incoming, IngestError, Report, tell},
    publish::{self, LifecycleError, Named},
    validate::validate,
};

/// Why a release cannot be read again.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// It is not there.
    #[error(transparent)]
    Release(#[from] LifecycleError),
    /// No row of it was rejected.
    #[error("no row of `{0}` was rejected")]
    NothingRejected(String),
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

/// Reads the release called `key` again. Nothing happens where the same rows are rejected as before.
pub async fn replay(cx: &Context, key: &str, now: DateTime<Utc>) -> Result<Report, ReplayError> {
    let named = publish::find(&cx.db, key).await?;
    if named.release.rows_rejected == 0 {
        return Err(ReplayError::NothingRejected(named.key));
    }
    let source = cx.registry.get(&named.source.key);
    let source = source.ok_or_else(|| IngestError::UnknownSource(named.source.key.clone()))?;
    let (release, files) = read_again(cx, source, &named, now).await?;
    let total = release.total();
    let mut report = Report {
        read: total.read,
        loaded: total.loaded,
        rejected: total.rejected,
        skipped: total.skipped(),
        ..Report::default()
    };
    let counts = [total.loaded, total.rejected, total.skipped()].map(u64::cast_signed);
    if counts == [named.release.rows_loaded, named.release.rows_rejected, named.release.rows_skipped] {
        report.lines.push(format!("{}: the same {} rows are rejected", named.key, total.rejected));
        return Ok(report);
    }
    let checks = validate(&release, publish::background(&cx.db, source, &release).await?);
    let stored = publish::publish(&cx.db, source, &release, &files, &checks, true, now).await?;
    tell(&mut report, &release, stored, &checks);
    Ok(report)
}

/// Publishes the held release called `key` after a person had a look at it.
pub async fn publish_held(cx: &Context, key: &str, now: DateTime<Utc>) -> Result<Named, ReplayError> {
    let named = publish::find(&cx.db, key).await?;
    named.must_be_held()?;
    // What a list says of regions is kept from the time it is published, not from the time it came in.
    let tells = |source: &&Source| source.layout.iter().any(|layout| layout.regions.is_some());
    let told = match cx.registry.get(&named.source.key).filter(tells) {
        Some(source) => Some(read_again(cx, source, &named, now).await?.0),
        None => None,
    };
    Ok(publish::publish_held(&cx.db, key, told.as_ref()).await?)
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
