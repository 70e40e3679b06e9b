//! Where the bytes come from: the publisher, a named release of the past, or a file.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use chrono::{DateTime, NaiveDate, Utc};
use entity::{ReleaseId, artifact, release};
use sea_orm::{ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use tokio::{fs::File, io::AsyncReadExt as _};

use super::{Context, IngestError, Input, normalize};
use crate::{
    archive::ArchiveError,
    decode::{self, DecodeError, Defect, HEAD},
    definition::{Address, Reader, Source, last_part},
    document::{Arriving, Document},
    fetch::{self, FetchRequest, Fetched, Ledger},
    normalize::{Made, Release},
    page,
    progress::{self, Stage},
    publish::Fetches,
};

/// Largest file that is fetched or read, in bytes.
pub const MAX_BYTES: u64 = 512 * 1024 * 1024;

/// How the address of a file of this machine begins.
const GIVEN: &str = "file:";

/// A file as it came in, kept in the archive.
#[derive(Clone, Debug)]
pub(crate) struct Incoming {
    pub name: String,
    pub url: String,
    pub sha256: String,
    pub document: Document,
    pub size: i64,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    pub retrieved_at: DateTime<Utc>,
}

/// Where one file is.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// On this machine.
    Path(PathBuf),
    /// At its publisher's.
    Address(Address),
}

/// Returns where the files of `input` are.
pub(super) fn places(
    cx: &Context,
    source: &Source,
    input: &Input,
    today: NaiveDate,
) -> Result<Vec<Place>, IngestError> {
    let key = || source.key.clone();
    let addresses = match input {
        Input::File { path, .. } => return Ok(vec![Place::Path(path.clone())]),
        Input::Fetch if source.urls.is_empty() => return Err(IngestError::NoUrl(key())),
        Input::Fetch => source.addresses(today),
        Input::Vintage(_) if source.vintage.is_none() => return Err(IngestError::NoVintages(key())),
        Input::Vintage(label) => source
            .addresses_of(label)
            .ok_or_else(|| IngestError::NoVintage { source_key: key(), label: label.clone() })?,
    };
    match () {
        () if cx.offline => Err(IngestError::Offline(key())),
        () if addresses.is_empty() => Err(IngestError::NoneOut(key())),
        () => Ok(addresses.into_iter().map(Place::Address).collect()),
    }
}

impl Place {
    /// Returns its address, without anything secret.
    pub(super) fn url(&self) -> Option<String> {
        match self {
            Self::Path(_) => None,
            Self::Address(address) => Some(fetch::kept(&address.url)),
        }
    }
}

/// Returns the places in the order they are asked in, that which was asked longest ago first, and what is known of them: where a quota
/// does not reach all of them, the next look begins with the others.
pub(super) async fn in_turn(
    cx: &Context,
    source: &Source,
    mut places: Vec<Place>,
) -> Result<(Vec<Place>, Fetches), DbErr> {
    let fetches = Fetches::read(&cx.db, source, places.iter().filter_map(Place::url).collect()).await?;
    places.sort_by_cached_key(|place| place.url().and_then(|url| fetches.asked_at(&url)));
    Ok((places, fetches))
}

/// Returns the file at `place`, kept in the archive, or nothing where it is as it was.
pub(super) async fn file(
    cx: &Context,
    source: &Source,
    place: &Place,
    known: &Fetches,
    now: DateTime<Utc>,
) -> Result<Option<Incoming>, IngestError> {
    let file = match place {
        Place::Path(path) => Some(read(cx, source, path, now).await?),
        Place::Address(address) => fetched(cx, source, address, known, now).await?,
    };
    let Some(file) = file else { return Ok(None) };
    progress::stage(Stage::Archive).await;
    let sha256 = cx.archive.store(&file.document).await?;
    Ok(Some(Incoming { sha256, ..file }))
}

async fn read(
    cx: &Context,
    source: &Source,
    path: &Path,
    now: DateTime<Utc>,
) -> Result<Incoming, IngestError> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let copy = copy(cx, source, path, &name).await?;
    let url = format!("{GIVEN}{name}");
    Ok(Incoming { name, url, ..Incoming::of(copy, now) })
}

/// Copies a file of this machine, which may be a pipe or may change, unless its size or its first bytes say that it is none
/// that is read.
async fn copy(cx: &Context, source: &Source, path: &Path, name: &str) -> Result<Document, IngestError> {
    let failed = |source| IngestError::Read { path: path.display().to_string(), source };
    let refused = |source| IngestError::Decode { file: name.to_owned(), source };
    let too_large = || refused(DecodeError::beyond(Defect::FileSize, name, format!("{MAX_BYTES} bytes")));
    let mut file = File::open(path).await.map_err(failed)?;
    if file.metadata().await.map_err(failed)?.len() > MAX_BYTES {
        return Err(too_large());
    }
    let mut block = Vec::new();
    (&mut file).take(HEAD).read_to_end(&mut block).await.map_err(failed)?;
    if matches!(source.reader, Reader::Tables | Reader::Observations) {
        decode::sniff(name, &block).map_err(refused)?;
    }
    let mut copy = Arriving::on_disk(cx.archive.scratch()).map_err(ArchiveError::File)?;
    // A pipe does not say how much comes.
    let mut left = MAX_BYTES;
    while !block.is_empty() {
        left = left.checked_sub(block.len() as u64).ok_or_else(too_large)?;
        copy.write_all(&block).map_err(ArchiveError::File)?;
        block.clear();
        (&mut file).take(HEAD).read_to_end(&mut block).await.map_err(failed)?;
    }
    Ok(copy.finish().map_err(ArchiveError::File)?)
}

async fn fetched(
    cx: &Context,
    source: &Source,
    address: &Address,
    known: &Fetches,
    now: DateTime<Utc>,
) -> Result<Option<Incoming>, IngestError> {
    progress::stage(Stage::Fetch).await;
    let known = known.answer(&fetch::kept(&address.url));
    let request = FetchRequest {
        url: address.url.clone(),
        etag: known.and_then(|known| known.etag.clone()),
        last_modified: known.and_then(|known| known.last_modified.clone()),
        max_bytes: MAX_BYTES,
        local: source.local,
        access: source.access.clone(),
        body: source.access.body.clone(),
        scratch: Some(cx.archive.scratch().to_owned()),
    };
    let ledger = Ledger::new(cx.db.clone());
    let answer = match &source.paging {
        Some(paging) => fetch::pages(&cx.http, &ledger, &request, paging, now.date_naive()).await?,
        None => fetch::fetch(&cx.http, &ledger, &request).await?,
    };
    let Fetched::File { document, etag, last_modified, url, from, named, .. } = answer else {
        return Ok(None);
    };
    let last = |url: &str| Some(last_part(url)).filter(|last| !last.is_empty()).map(ToOwned::to_owned);
    let names = [named, last(&address.url), last(&from)];
    let name = address.name.clone().map_or_else(|| name(source, names, &document), Ok)?;
    Ok(Some(Incoming { name, url, etag, last_modified, ..Incoming::of(document, now) }))
}

/// The first of the names that a layout knows, else the last of them: what the publisher calls the file, the address that was asked, and
/// that of the last redirect, which may not lead to another release. Pages, and answers to a posted document, go by the source's key.
fn name(source: &Source, names: [Option<String>; 3], document: &Document) -> Result<String, IngestError> {
    let members = decode::members(document);
    match (&source.paging, &source.access.body) {
        (Some(_), _) if !members.is_empty() => return Ok(format!("{}.zip", source.key)),
        (_, Some(_)) => return Ok(format!("{}.json", source.key)),
        _ => {}
    }
    let names = names.map(|name| name.map(|name| decode::without_nul(&name).into_owned()));
    let known = |name: &&String| normalize::knows(source, name, &members);
    if let [called, Some(asked), Some(from)] = &names
        && called.as_ref().is_none_or(|name| !known(&name))
        && let (Some(given), Some(said)) =
            (normalize::named(source, asked, &members), normalize::named(source, from, &members))
        && given != said
    {
        let [given, said] = [given, said].map(|(dataset, label)| format!("{dataset} {label}"));
        return Err(IngestError::LedElsewhere { asked: asked.clone(), given, from: from.clone(), said });
    }
    let mut told = names.iter().flatten();
    let last = names.iter().flatten().next_back();
    Ok(told.find(known).or(last).cloned().unwrap_or_default())
}

/// Returns a file that a release was read from.
pub(super) async fn recall(cx: &Context, known: artifact::Model) -> Result<Incoming, IngestError> {
    let document = cx.archive.read(&known.sha256).await.map_err(|error| match error {
        ArchiveError::Damaged(sha256) => IngestError::Damaged { file: known.file_name.clone(), sha256 },
        other => other.into(),
    })?;
    Ok(Incoming {
        document,
        size: known.bytes,
        name: known.file_name,
        url: known.url,
        sha256: known.sha256,
        etag: known.etag,
        last_modified: known.last_modified,
        retrieved_at: known.retrieved_at,
    })
}

/// Returns the files that a release was read from, in their order; `None` where one is not in the archive, as none is of a
/// release that came with the program.
async fn recall_all(cx: &Context, of: ReleaseId) -> Result<Option<Vec<Incoming>>, IngestError> {
    let known = artifact::Entity::find()
        .filter(artifact::Column::ReleaseId.eq(of))
        .order_by_asc(artifact::Column::Position)
        .all(&cx.db)
        .await?;
    let mut files = Vec::new();
    for file in known {
        match recall(cx, file).await {
            Ok(file) => files.push(file),
            Err(IngestError::Archive(ArchiveError::Missing(_))) => return Ok(None),
            Err(error) => return Err(error),
        }
    }
    Ok(Some(files).filter(|files| !files.is_empty()))
}

/// Reads a release again: its archived files, and what they say of it; nothing where the archive does not hold them, and no
/// release where the definition finds it no more.
pub(crate) async fn read_again(
    cx: &Context,
    source: &Source,
    of: &release::Model,
    now: DateTime<Utc>,
) -> Result<Option<(Vec<Incoming>, Option<Release>)>, IngestError> {
    let Some(files) = recall_all(cx, of.id).await? else { return Ok(None) };
    let read = normalize(source, &files, Some(&of.label), now)?;
    let found = read.into_iter().find(|found| found.dataset == of.dataset && found.label == of.label);
    Ok(Some((files, found)))
}

impl Incoming {
    /// Returns whether its publisher sends it where `before` was sent: `before` was taken back.
    pub(super) fn is_sent_for(&self, before: &artifact::Model) -> bool {
        self.url == before.url && !self.url.starts_with(GIVEN)
    }

    /// Returns the error that says why it cannot be read.
    pub(super) fn unreadable(&self, source: DecodeError) -> IngestError {
        IngestError::Decode { file: self.name.clone(), source }
    }

    /// Returns when the file was made, as it says itself or its sender says.
    pub(super) fn made(&self) -> Made {
        let sent = || DateTime::parse_from_rfc2822(self.last_modified.as_deref()?).ok();
        let said = decode::dated(&self.document).or_else(|| sent().map(|time| time.date_naive()));
        Made { said, retrieved: self.retrieved_at.date_naive() }
    }

    /// Returns the bytes of a page, and no more of a larger file than tells that it is none.
    pub(super) fn page(&self) -> Result<Bytes, IngestError> {
        let read = self.document.head(page::LARGEST as u64 + 1);
        read.map_err(|source| IngestError::Read { path: self.name.clone(), source })
    }

    pub(crate) fn of(document: Document, retrieved_at: DateTime<Utc>) -> Self {
        Self {
            name: String::new(),
            url: String::new(),
            sha256: String::new(),
            size: i64::try_from(document.size()).unwrap_or(i64::MAX),
            document,
            etag: None,
            last_modified: None,
            retrieved_at,
        }
    }
}
