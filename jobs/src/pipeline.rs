//! How figures get from their publisher into our tables. Read this file first.

use std::{path::PathBuf, sync::Arc};

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseConnection, DbErr};

use crate::{
    archive::{Archive, ArchiveError},
    decode::{DecodeError, Defect, Limits, decode},
    definition::{Reader, Registry, Source},
    fetch::{self, FetchError},
    normalize::{self, Counts, Normalizer, Release, read_page},
    page::PageError,
    progress::{self, Stage},
    publish::{self, Fetches},
    validate::NO_FIGURE,
};

mod code;
mod edition;
mod failures;
mod incoming;
mod look;
mod report;

pub(crate) use self::failures::chain;
pub(crate) use self::incoming::{Incoming, read_again};
pub use self::{
    failures::Failures,
    incoming::MAX_BYTES,
    report::{Outcome, Report},
};

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
    /// The file says it is another release than it was given as.
    #[error("{file} is `{said}` by what it says itself, and was given as `{given}`")]
    OtherRelease {
        /// The file.
        file: String,
        /// The release it says it is.
        said: String,
        /// The release it was given as.
        given: String,
    },
    /// The address of one release leads to the file of another.
    #[error(
        "{asked}, which is {given}, leads to {from}, which is {said}: mend the address in the definition, or take it out"
    )]
    LedElsewhere {
        /// The name in the address that was asked.
        asked: String,
        /// The release it says.
        given: String,
        /// The name in the address of the last redirect.
        from: String,
        /// The release that says.
        said: String,
    },
    /// Others go on filling the same release.
    #[error("other files of {dataset} {label} came in all the while this one was put beside them; try again")]
    Overtaken {
        /// The dataset.
        dataset: String,
        /// The release.
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
    /// A file that a release was read from is no longer what was kept.
    #[error(
        "the archived file {file} is damaged: give the same file again, with --from FILE, and it is mended (sha256 {sha256})"
    )]
    Damaged {
        /// Its name.
        file: String,
        /// What it was kept as.
        sha256: String,
    },
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
            Self::Archive(error) => error.is_transient(),
            Self::Decode { source, .. } => source.defect == Defect::Disk,
            Self::Database(_) | Self::Overtaken { .. } => true,
            Self::Files(several) => several.failed.iter().any(Self::is_transient),
            Self::UnknownSource(_)
            | Self::Barred { .. }
            | Self::Offline(_)
            | Self::NoUrl(_)
            | Self::NoneOut(_)
            | Self::NoVintages(_)
            | Self::NoVintage { .. }
            | Self::OtherRelease { .. }
            | Self::LedElsewhere { .. }
            | Self::Read { .. }
            | Self::Damaged { .. }
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
    if let Err(error) = look::note(cx, source, input, &result, now).await {
        // What was published is, and what failed did for its own reason.
        tracing::warn!(source = key, "cannot note the look at `{key}`: {}", chain(&error));
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
    let (places, known) = incoming::in_turn(cx, source, places).await?;
    let (mut report, mut failed) = (Report::default(), Vec::new());
    for place in &places {
        let mut own = Report::default();
        let taken = bring_one(cx, source, place, &known, label, now, &mut own).await;
        report.add(own);
        let Err(error) = taken else { continue };
        // What was asked since the last look at every file has its turn at the next one.
        match place.url().and_then(|url| known.since_look(&url)) {
            Some(asked) if error.is_unasked() && matches!(input, Input::Fetch) => {
                report.lines.push(format!("{}; it was asked on {}", chain(&error), asked.date_naive()));
            }
            _ => failed.push(error),
        }
    }
    IngestError::of_files(failed, places.len(), report)
}

/// The file at one place, if it is not as it was.
async fn bring_one(
    cx: &Context,
    source: &Source,
    place: &incoming::Place,
    known: &Fetches,
    label: Option<&str>,
    now: DateTime<Utc>,
    report: &mut Report,
) -> Result<(), IngestError> {
    let taken = ask_and_take(cx, source, place, known, label, now, report).await;
    let Some(url) = place.url().filter(|_| !taken.as_ref().is_err_and(IngestError::is_unasked)) else {
        return taken;
    };
    let noted = publish::note_asked(&cx.db, source, &url, now, taken.is_ok()).await;
    // What was wrong with the file says more than that this could not be noted either.
    taken.and(noted.map_err(Into::into))
}

async fn ask_and_take(
    cx: &Context,
    source: &Source,
    place: &incoming::Place,
    known: &Fetches,
    label: Option<&str>,
    now: DateTime<Utc>,
    report: &mut Report,
) -> Result<(), IngestError> {
    let Some(file) = incoming::file(cx, source, place, known, now).await? else { return Ok(()) };
    take(cx, source, &file, label, now, report).await?;
    // What is held is asked for again, and so is a file of which not every release is in.
    if report.outcome != Outcome::Held && place.url().is_some() {
        publish::note_fetch(&cx.db, source, &file).await?;
    }
    Ok(())
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
    progress::file(file.size, publish::rows_expected(&cx.db, source).await?);
    progress::stage(Stage::Read).await;
    let title = title(source, file)?;
    agree(file, label, title.as_ref())?;
    let releases = normalize(source, std::slice::from_ref(file), label.or(title.as_deref()), now)?;
    agree(file, label, releases.iter().map(|release| &release.label))?;
    let (releases, bare) = normalize::apart(releases);
    for release in bare {
        let rows = release.total();
        report.lines.push(format!("{} {}: no release, {NO_FIGURE}", release.dataset, release.label));
        counts.add(&rows);
    }
    for alone in &releases {
        counts.add(&edition::take(cx, source, file, alone, now, report).await?);
    }
    report.read += counts.read;
    report.loaded += counts.loaded;
    report.rejected += counts.rejected;
    report.skipped += counts.skipped();
    report.lines.extend(counts.skips.iter().map(|(rule, rows)| format!("skipped {rows}: {rule}")));
    Ok(())
}

/// Refuses a file that says it is another release than it is given as.
fn agree<'s>(
    file: &Incoming,
    given: Option<&str>,
    said: impl IntoIterator<Item = &'s String>,
) -> Result<(), IngestError> {
    let Some(given) = given else { return Ok(()) };
    said.into_iter().find(|said| *said != given).map_or(Ok(()), |said| {
        let (file, said, given) = (file.name.clone(), said.clone(), given.to_owned());
        Err(IngestError::OtherRelease { file, said, given })
    })
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
                normalize::read_handbook(&file.name, &file.page()?)
                    .map_err(|error| IngestError::Page { file: file.name.clone(), source: error })
            });
            pages.collect()
        }
        Reader::Observations => {
            let mut releases = Vec::new();
            for file in files {
                let read = normalize::read_observations(source, &file.name, &file.document, now);
                releases.extend(read.map_err(|error| file.unreadable(error))?);
            }
            Ok(releases)
        }
        Reader::Page => {
            let pages = files.iter().map(|file| {
                read_page(source, &file.name, &file.page()?, label, now.date_naive())
                    .map_err(|error| IngestError::Page { file: file.name.clone(), source: error })
            });
            pages.collect()
        }
    }
}

fn tables(source: &Source, files: &[Incoming], label: Option<&str>) -> Result<Vec<Release>, IngestError> {
    let told = match (label, files.first()) {
        (None, Some(file)) => title(source, file)?,
        _ => None,
    };
    let mut normalizer = Normalizer::new(source, label.or(told.as_deref()));
    for (artifact, file) in files.iter().enumerate() {
        normalizer.begin(artifact, &file.name, file.made());
        decode(&file.name, &file.document, &Limits::default(), &mut normalizer)
            .map_err(|error| file.unreadable(error))?;
        normalizer.end();
    }
    let unreadable = |error| files[0].unreadable(error);
    let mut releases = normalizer.finish().map_err(unreadable)?;
    let named: Vec<_> = files.iter().map(|file| (file.name.as_str(), &file.document)).collect();
    normalize::recall(&mut releases, &named).map_err(unreadable)?;
    Ok(releases)
}

/// The release that the words above a file's tables say it is.
fn title(source: &Source, file: &Incoming) -> Result<Option<String>, IngestError> {
    normalize::label(source, &file.name, &file.document).map_err(|error| file.unreadable(error))
}
