//! The figures a first start serves before any fetch: our own normalized form, one release a line.

use std::io::{self, BufRead as _, BufReader};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use entity::{TextKind, release, source};
use sea_orm::{DatabaseConnection, DbErr, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};

use crate::{
    definition::Source,
    normalize::Release,
    pipeline::{self, Context, Incoming, IngestError},
    publish::{self, Draft},
    validate::Check,
};

/// The releases compiled in.
const FIGURES: &[u8] = include_bytes!("../starter/figures.jsonl.zst");

/// How hard the export is compressed.
const LEVEL: i32 = 19;

/// Why the starter figures could not be written or loaded.
#[derive(Debug, thiserror::Error)]
pub enum StarterError {
    /// The file cannot be written or read.
    #[error("starter file")]
    File(#[from] io::Error),
    /// A line is not a release.
    #[error("starter line")]
    Line(#[from] serde_json::Error),
    /// A release cannot be read again from the archive.
    #[error("reading a release again")]
    Ingest(#[from] IngestError),
    /// The files of a release are not in the archive: it came with the program.
    #[error(
        "the files of `{source_key}/{release}` were never here; ingest them first: rolecast refresh {source_key} --from FILE"
    )]
    NoFiles {
        /// The source.
        source_key: String,
        /// Dataset, label and edition.
        release: String,
    },
    /// The database failed.
    #[error("database failed")]
    Database(#[from] DbErr),
}

/// Source, dataset and label of a release. The first line of the file lists those of the lines below.
type Key = (String, String, String);

#[derive(Serialize, Deserialize)]
struct Shipped {
    release: Release,
    checks: Vec<Check>,
    files: Vec<File>,
}

#[derive(Serialize, Deserialize)]
struct File {
    name: String,
    url: String,
    sha256: String,
    size: i64,
    retrieved_at: DateTime<Utc>,
}

/// Loads the shipped releases of every dataset that has none. Returns how many were loaded.
pub async fn load(
    db: &DatabaseConnection,
    registry: &crate::definition::Registry,
    now: DateTime<Utc>,
) -> Result<usize, StarterError> {
    publish::register(db, registry).await?;
    let mut lines = BufReader::new(zstd::Decoder::new(FIGURES)?).lines();
    let shipped: Vec<Key> = serde_json::from_str(&lines.next().transpose()?.unwrap_or_else(|| "[]".into()))?;
    let known = known(db).await?;
    // A start that was killed half-way is taken up again; a dataset that somebody else filled is left alone.
    let filled = |key: &Key| {
        known.iter().any(|other| (&other.0, &other.1) == (&key.0, &key.1) && !shipped.contains(other))
    };
    let mut loaded = 0;
    for key in &shipped {
        let line = lines.next().transpose()?.unwrap_or_default();
        let wanted = registry.get(&key.0).filter(|_| !known.contains(key) && !filled(key));
        let Some(source) = wanted else { continue };
        let Shipped { release, checks, files } = serde_json::from_str(&line)?;
        let files: Vec<Incoming> = files.into_iter().map(incoming).collect();
        let draft =
            Draft { source, release: &release, files: &files, checks: &checks, after: None, again: false };
        publish::publish(db, &draft, now).await?;
        loaded += 1;
    }
    Ok(loaded)
}

/// Source, dataset and label of every release there is.
async fn known(db: &DatabaseConnection) -> Result<Vec<Key>, DbErr> {
    let pairs = release::Entity::find().find_also_related(source::Entity).all(db).await?;
    Ok(pairs
        .into_iter()
        .filter_map(|(release, source)| Some((source?.key, release.dataset, release.label)))
        .collect())
}

/// Writes the newest edition of every published release to `out`, read again from the archived files.
pub async fn export(cx: &Context, out: impl io::Write) -> Result<usize, StarterError> {
    let releases = release::Entity::find()
        .filter(publish::visible())
        .order_by_asc(release::Column::Dataset)
        .order_by_asc(release::Column::ReferenceEnd)
        .order_by_asc(release::Column::Edition)
        .find_also_related(source::Entity)
        .all(&cx.db)
        .await?;
    let newest = releases.iter().enumerate().filter(|(place, (row, _))| {
        let same = |other: &release::Model| {
            (other.source_id, &other.dataset, &other.label) == (row.source_id, &row.dataset, &row.label)
        };
        !releases[place + 1..].iter().any(|(other, _)| same(other))
    });
    let newest: Vec<_> = newest
        .filter_map(|(_, (row, source))| Some((row, cx.registry.get(&source.as_ref()?.key)?)))
        .collect();
    let keys =
        newest.iter().map(|(row, source)| (source.key.clone(), row.dataset.clone(), row.label.clone()));
    let keys: Vec<Key> = keys.collect();
    let mut out = zstd::Encoder::new(out, LEVEL)?;
    write_line(&mut out, &keys)?;
    for (row, source) in &newest {
        write_line(&mut out, &again(cx, source, row).await?)?;
    }
    out.finish()?;
    Ok(keys.len())
}

fn write_line(out: &mut impl io::Write, line: &impl Serialize) -> Result<(), StarterError> {
    serde_json::to_writer(&mut *out, line)?;
    Ok(out.write_all(b"\n")?)
}

async fn again(cx: &Context, source: &Source, row: &release::Model) -> Result<Shipped, StarterError> {
    let read = pipeline::read_again(cx, source, row, row.loaded_at).await?;
    let (files, found) = read.ok_or_else(|| StarterError::NoFiles {
        source_key: source.key.clone(),
        release: format!("{}/{}/{}", row.dataset, row.label, row.edition),
    })?;
    let mut release = found.ok_or_else(|| DbErr::RecordNotFound(format!("{} {}", row.dataset, row.label)))?;
    // Figures, codes and names are shipped; a page's sentences are its own.
    if let Some(page) = &mut release.page {
        page.texts.retain(|(kind, ..)| *kind == TextKind::Citation);
        (page.education, page.experience) = (None, None);
    }
    let checks = serde_json::from_str(&row.checks)?;
    let files = files.into_iter().map(|file| File {
        name: file.name,
        url: file.url,
        sha256: file.sha256,
        size: file.size,
        retrieved_at: file.retrieved_at,
    });
    Ok(Shipped { release, checks, files: files.collect() })
}

fn incoming(file: File) -> Incoming {
    Incoming {
        name: file.name,
        url: file.url,
        sha256: file.sha256,
        size: file.size,
        ..Incoming::of(Bytes::new().into(), file.retrieved_at)
    }
}
