//! The figures a first start serves before any fetch: our own normalized form, one release a line.

use std::io::{self, BufRead as _, BufReader, Write as _};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use entity::{ReleaseStatus, artifact, release, source};
use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};

use crate::{
    definition::Source,
    normalize::Release,
    pipeline::{self, Context, Incoming, IngestError},
    publish,
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
    /// The database failed.
    #[error("database failed")]
    Database(#[from] DbErr),
}

#[derive(Serialize, Deserialize)]
struct Shipped {
    source: String,
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
    let present = datasets(db).await?;
    let mut loaded = 0;
    for line in BufReader::new(zstd::Decoder::new(FIGURES)?).lines() {
        let shipped: Shipped = serde_json::from_str(&line?)?;
        let Some(source) = registry.get(&shipped.source) else { continue };
        if present.contains(&(shipped.source.clone(), shipped.release.dataset.clone())) {
            continue;
        }
        let files: Vec<Incoming> = shipped.files.into_iter().map(incoming).collect();
        publish::publish(db, source, &shipped.release, &files, &shipped.checks, now).await?;
        loaded += 1;
    }
    Ok(loaded)
}

async fn datasets(db: &DatabaseConnection) -> Result<Vec<(String, String)>, DbErr> {
    if release::Entity::find().count(db).await? == 0 {
        return Ok(Vec::new());
    }
    let pairs = release::Entity::find().find_also_related(source::Entity).all(db).await?;
    Ok(pairs.into_iter().filter_map(|(release, source)| Some((source?.key, release.dataset))).collect())
}

/// Writes the newest edition of every published release to `out`, read again from the archived files.
pub async fn export(cx: &Context, out: impl io::Write) -> Result<usize, StarterError> {
    let releases = release::Entity::find()
        .filter(release::Column::Status.is_in([ReleaseStatus::Published, ReleaseStatus::Superseded]))
        .order_by_asc(release::Column::Dataset)
        .order_by_asc(release::Column::ReferenceEnd)
        .order_by_asc(release::Column::Edition)
        .find_also_related(source::Entity)
        .all(&cx.db)
        .await?;
    let mut out = zstd::Encoder::new(out, LEVEL)?;
    let mut written = 0;
    for (place, (row, source)) in releases.iter().enumerate() {
        let newer = releases[place + 1..].iter().any(|(other, _)| {
            (other.source_id, &other.dataset, &other.label) == (row.source_id, &row.dataset, &row.label)
        });
        let definition = source.as_ref().and_then(|source| cx.registry.get(&source.key));
        if let (false, Some(definition)) = (newer, definition) {
            serde_json::to_writer(&mut out, &again(cx, definition, row).await?)?;
            out.write_all(b"\n")?;
            written += 1;
        }
    }
    out.finish()?;
    Ok(written)
}

async fn again(cx: &Context, source: &Source, row: &release::Model) -> Result<Shipped, StarterError> {
    let rows = artifact::Entity::find().filter(artifact::Column::ReleaseId.eq(row.id));
    let mut files = Vec::new();
    for known in rows.order_by_asc(artifact::Column::Position).all(&cx.db).await? {
        files.push(pipeline::recall(cx, known).await?);
    }
    let releases = pipeline::normalize(source, &files, Some(&row.label), row.loaded_at)?;
    let found = releases.into_iter().find(|found| found.dataset == row.dataset && found.label == row.label);
    let release = found.ok_or_else(|| DbErr::RecordNotFound(format!("{} {}", row.dataset, row.label)))?;
    let checks = serde_json::from_str(&row.checks)?;
    let files = files.into_iter().map(|file| File {
        name: file.name,
        url: file.url,
        sha256: file.sha256,
        size: file.size,
        retrieved_at: file.retrieved_at,
    });
    Ok(Shipped { source: source.key.clone(), release, checks, files: files.collect() })
}

fn incoming(file: File) -> Incoming {
    Incoming {
        name: file.name,
        url: file.url,
        sha256: file.sha256,
        bytes: Bytes::new(),
        size: file.size,
        etag: None,
        last_modified: None,
        retrieved_at: file.retrieved_at,
    }
}
