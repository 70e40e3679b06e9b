//! How figures get from their publisher into our tables. Read this file first.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use chrono::{DateTime, Utc};
use entity::ReleaseStatus;
use sea_orm::{DatabaseConnection, DbErr};

use crate::{
    archive::{Archive, ArchiveError},
    decode::{DecodeError, Limits, decode},
    definition::{Reader, Registry, Source},
    fetch::{self, FetchError},
    normalize::{self, Counts, Normalizer, Release, read_page},
    page::PageError,
    progress::{self, Stage},
    publish::{self, Stored},
    validate::{NO_FIGURE, validate},
};

mod code;
mod failures;
mod incoming;
mod look;

pub(crate) use self::failures::chain;
use self::incoming::recall;
pub(crate) use self::incoming::{Incoming, read_again};
pub use self::{failures::Failures, incoming::MAX_BYTES};

/// What the steps need from outside.
#[derive(Clone, Debug)]
pub struct Context {
    /// What is collected.
    pub registry: Arc<Registry>,
    /// Where the figures go.
    pub db: DatabaseConnection,
    /// Where the publishers' bytes are kept.
    pub archive: Archive,
    /// The way to the publishers.
    pub http: fetch::Client,
    /// Whether the network may be used at all.
    pub offline: bool,
    /// Whether the schedule applies: a contact is configured.
    pub scheduled: bool,
}

/// Where the bytes come from.
#[derive(Clone, Debug)]
pub enum Input {
    /// The source's own URLs.
    Fetch,
    /// A named release of the past, by the definition's pattern.
    Vintage(String),
    /// A local file.
    File {
        /// Its path.
        path: PathBuf,
        /// The release it is, where its name does not say.
        release: Option<String>,
    },
}

/// How an ingest ended, when nothing went wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Nothing new.
    #[default]
    Unchanged,
    /// A release is visible.
    Published,
    /// A release failed a check and is not served.
    Held,
}

/// Rows of an ingest and how it ended.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Rows read.
    pub read: u64,
    /// Rows that became figures.
    pub loaded: u64,
    /// Rows that could not.
    pub rejected: u64,
    /// Rows left out under a named rule.
    pub skipped: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// One line for each thing a person should know.
    pub lines: Vec<String>,
    /// Datasets and labels of the releases that came and are served.
    pub(crate) served: Vec<(String, String)>,
}

/// Why an ingest stopped, named after the step that stopped it.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The source is not configured.
    #[error("no source `{0}`; `rolecast sources` lists them")]
    UnknownSource(String),
    /// The publisher allows it only to those who hold a licence.
    #[error("`{source_key}` is off. {terms} If you do, add \"{source_key}\" to `acknowledged_licences`")]
    Barred {
        /// The source.
        source_key: String,
        /// What has to be held or agreed.
        terms: String,
    },
    /// The network is off.
    #[error("offline: `{0}` can only be refreshed with --from FILE")]
    Offline(String),
    /// There is nothing to fetch.
    #[error("`{0}` names no URL; give a file with --from FILE")]
    NoUrl(String),
    /// The addresses are those of the newest release, and the calendar has none yet.
    #[error("no release of `{0}` is out yet by the calendar of its definition")]
    NoneOut(String),
    /// The definition has no pattern for releases of the past.
    #[error(
        "the definition of `{0}` does not say where releases of the past are; give a file with --from FILE"
    )]
    NoVintages(String),
    /// That is not what a release is called.
    #[error("`{label}` is not what a release of `{source_key}` is called")]
    NoVintage {
        /// The source.
        source_key: String,
        /// The name.
        label: String,
    },
    /// A local file cannot be read.
    #[error("cannot read {path}")]
    Read {
        /// The file.
        path: String,
        /// Why not.
        source: std::io::Error,
    },
    /// Fetching failed.
    #[error("fetch failed")]
    Fetch(#[from] FetchError),
    /// Keeping the bytes failed.
    #[error("archive failed")]
    Archive(#[from] ArchiveError),
    /// The bytes are not what they should be.
    #[error("cannot read {file} ({})", .source.code())]
    Decode {
        /// The file.
        file: String,
        /// Where and why.
        source: DecodeError,
    },
    /// A page cannot be read.
    #[error("cannot read {file} ({})", .source.defect().code())]
    Page {
        /// The file.
        file: String,
        /// Why not.
        source: PageError,
    },
    /// The database failed.
    #[error("database failed")]
    Database(#[from] DbErr),
    /// Some of several files failed.
    #[error("{0}")]
    Files(Box<Failures>),
}

impl IngestError {
    /// Returns true if the same attempt may succeed later without anybody changing anything.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Fetch(error) => error.is_transient(),
            Self::Archive(error) => !matches!(error, ArchiveError::Missing(_)),
            Self::Database(_) => true,
            Self::Files(several) => several.failed.iter().any(Self::is_transient),
            Self::UnknownSource(_)
            | Self::Barred { .. }
            | Self::Offline(_)
            | Self::NoUrl(_)
            | Self::NoneOut(_)
            | Self::NoVintages(_)
            | Self::NoVintage { .. }
            | Self::Read { .. }
            | Self::Decode { .. }
            | Self::Page { .. } => false,
        }
    }
}

/// Brings source `key` up to date from `input`.
pub async fn ingest(
    cx: &Context,
    key: &str,
    input: &Input,
    now: DateTime<Utc>,
) -> Result<Report, IngestError> {
    let source = cx.registry.get(key).ok_or_else(|| IngestError::UnknownSource(key.into()))?;
    if let Some(terms) = source.barred() {
        return Err(IngestError::Barred { source_key: key.into(), terms: terms.into() });
    }
    publish::register(&cx.db, &cx.registry).await?;
    let work = Box::pin(bring(cx, source, input, now));
    let result = progress::watched(&cx.db, key, now, work, look::end).await;
    if look::is_look(cx, source, input, &result, now).await? {
        let error = result.as_ref().err().map(IngestError::told);
        publish::note_attempt(&cx.db, source, now, error).await?;
    }
    result
}

/// Every file of `input`, one after another: one that fails keeps none of the others away.
async fn bring(
    cx: &Context,
    source: &Source,
    input: &Input,
    now: DateTime<Utc>,
) -> Result<Report, IngestError> {
    let label = match input {
        Input::File { release, .. } => release.as_deref(),
        Input::Vintage(label) => Some(label.as_str()),
        Input::Fetch => None,
    };
    let places = incoming::places(cx, source, input, now.date_naive())?;
    let (mut report, mut failed) = (Report::default(), Vec::new());
    for place in &places {
        let taken = async {
            let Some(file) = incoming::file(cx, source, place, now).await? else { return Ok(()) };
            take(cx, source, &file, label, now, &mut report).await
        };
        failed.extend(taken.await.err());
    }
    IngestError::of_files(failed, places.len(), report)
}

/// One file, through all the steps.
async fn take(
    cx: &Context,
    source: &Source,
    file: &Incoming,
    label: Option<&str>,
    now: DateTime<Utc>,
    report: &mut Report,
) -> Result<(), IngestError> {
    let mut counts = Counts::default();
    progress::file(file.bytes.len(), publish::rows_expected(&cx.db, source).await?);
    progress::stage(Stage::Read).await;
    let (releases, bare) = normalize::apart(normalize(source, std::slice::from_ref(file), label, now)?);
    for release in bare {
        let rows = release.total();
        report.lines.push(format!("{} {}: no release, {NO_FIGURE}", release.dataset, release.label));
        counts.add(&rows);
    }
    for alone in releases {
        let files = together(cx, source, &alone, file).await?;
        let whole = if files.len() == 1 { alone } else { join(source, &files, &alone, now)? };
        progress::dataset(&whole.dataset);
        progress::stage(Stage::Validate).await;
        let background = publish::background(&cx.db, source, &whole).await?;
        let checks = validate(&whole, background);
        progress::stage(Stage::Publish).await;
        let stored = publish::publish(&cx.db, source, &whole, &files, &checks, false, now).await?;
        if let Some(place) = files.iter().position(|known| known.sha256 == file.sha256)
            && let Some(rows) = whole.counts.get(place)
        {
            counts.add(rows);
        }
        tell(report, &whole, stored, &checks);
    }
    report.read += counts.read;
    report.loaded += counts.loaded;
    report.rejected += counts.rejected;
    report.skipped += counts.skipped();
    report.lines.extend(counts.skips.iter().map(|(rule, rows)| format!("skipped {rows}: {rule}")));
    Ok(())
}

pub(crate) fn tell(
    report: &mut Report,
    release: &Release,
    stored: Stored,
    checks: &[crate::validate::Check],
) {
    let (outcome, word) = match stored {
        Stored::Known(ReleaseStatus::Held) => (Outcome::Held, "held before"),
        Stored::Known(ReleaseStatus::Withdrawn) => (Outcome::Unchanged, "withdrawn before"),
        Stored::Known(_) => (Outcome::Unchanged, "unchanged"),
        Stored::New(ReleaseStatus::Held) => (Outcome::Held, "held"),
        Stored::New(_) => (Outcome::Published, "published"),
    };
    report.outcome = report.outcome.max(outcome);
    report.lines.push(format!("{} {}: {word}", release.dataset, release.label));
    if let Stored::Known(ReleaseStatus::Published) | Stored::New(ReleaseStatus::Published) = stored {
        report.served.push((release.dataset.clone(), release.label.clone()));
    }
    for check in checks.iter().filter(|check| !check.passed) {
        report.lines.push(format!("check {} failed: {}", check.name, check.detail));
    }
    let mut codes = BTreeMap::<&str, usize>::new();
    for reject in &release.rejects {
        *codes.entry(reject.code).or_default() += 1;
    }
    report.lines.extend(codes.iter().map(|(code, rows)| format!("rejected {rows}: {code}")));
    for reject in release.rejects.iter().take(5) {
        report.lines.push(format!("rejected {}: {} ({})", reject.locator, reject.message, reject.code));
    }
}

/// The files of the edition that `file` makes: those of the last edition, and this one in place of its like. An archive, which plays
/// no part itself, holds the whole of a release: no file of the last edition stands beside it.
async fn together(
    cx: &Context,
    source: &Source,
    alone: &Release,
    file: &Incoming,
) -> Result<Vec<Incoming>, IngestError> {
    let mut files = vec![file.clone()];
    let role = role_of(source, &file.name);
    if role.is_none() {
        return Ok(files);
    }
    for known in publish::artifacts(&cx.db, source, alone).await? {
        if known.sha256 != file.sha256 && role_of(source, &known.file_name) != role {
            match recall(cx, known).await {
                Ok(beside) => files.push(beside),
                // A release that came with the program came without its files: this one stands alone.
                Err(IngestError::Archive(ArchiveError::Missing(_))) => return Ok(vec![file.clone()]),
                Err(error) => return Err(error),
            }
        }
    }
    files.sort_by_key(|file| role_of(source, &file.name).map(|(index, _)| index));
    Ok(files)
}

/// The place of a file among the source's layouts, and the part it plays.
fn role_of<'a>(source: &'a Source, name: &str) -> Option<(usize, &'a str)> {
    let mut layouts = source.layout.iter().enumerate();
    layouts
        .find(|(_, layout)| layout.file.is_match(name))
        .map(|(index, layout)| (index, layout.part.as_str()))
}

fn join(
    source: &Source,
    files: &[Incoming],
    like: &Release,
    now: DateTime<Utc>,
) -> Result<Release, IngestError> {
    let releases = normalize(source, files, Some(&like.label), now)?;
    let found =
        releases.into_iter().find(|release| release.dataset == like.dataset && release.label == like.label);
    Ok(found.unwrap_or_else(|| like.clone()))
}

pub(crate) fn normalize(
    source: &Source,
    files: &[Incoming],
    label: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Vec<Release>, IngestError> {
    match source.reader {
        Reader::Tables => tables(source, files, label),
        Reader::Handbook => {
            let pages = files.iter().map(|file| {
                normalize::read_handbook(&file.name, &file.bytes)
                    .map_err(|error| IngestError::Page { file: file.name.clone(), source: error })
            });
            pages.collect()
        }
        Reader::Observations => {
            let mut releases = Vec::new();
            for file in files {
                let read = normalize::read_observations(source, &file.name, &file.bytes, now);
                releases
                    .extend(read.map_err(|source| IngestError::Decode { file: file.name.clone(), source })?);
            }
            Ok(releases)
        }
        Reader::Page => {
            let pages = files.iter().map(|file| {
                read_page(source, &file.name, &file.bytes, label, now.date_naive())
                    .map_err(|error| IngestError::Page { file: file.name.clone(), source: error })
            });
            pages.collect()
        }
    }
}

fn tables(source: &Source, files: &[Incoming], label: Option<&str>) -> Result<Vec<Release>, IngestError> {
    let failed = |file: &Incoming| {
        let file = file.name.clone();
        move |source| IngestError::Decode { file, source }
    };
    let told = match (label, files.first()) {
        (None, Some(file)) => normalize::label(source, &file.name, &file.bytes).map_err(failed(file))?,
        _ => None,
    };
    let mut normalizer = Normalizer::new(source, label.or(told.as_deref()));
    for (artifact, file) in files.iter().enumerate() {
        normalizer.begin(artifact, &file.name, file.made());
        decode(&file.name, &file.bytes, &Limits::default(), &mut normalizer).map_err(failed(file))?;
        normalizer.end();
    }
    let mut releases = normalizer.finish().map_err(failed(&files[0]))?;
    let texts: Vec<(&str, &[u8])> = files.iter().map(|file| (file.name.as_str(), &file.bytes[..])).collect();
    normalize::recall(&mut releases, &texts).map_err(failed(&files[0]))?;
    Ok(releases)
}
