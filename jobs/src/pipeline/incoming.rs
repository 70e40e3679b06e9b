//! Where the bytes come from: the publisher, a named release of the past, or a file.

use std::{
    collections::HashMap,
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
    decode::{self, DecodeError, Defect},
    definition::{Address, Reader, Source},
    fetch::{self, FetchRequest, Fetched, Ledger},
    normalize::{Made, Release},
    progress::{self, Stage},
    publish,
};

/// Largest file that is fetched or read, in bytes.
pub const MAX_BYTES: u64 = 512 * 1024 * 1024;

/// How many bytes tell whether a file is one that is read.
const HEAD: u64 = 64 << 10;

/// A file as it came in, kept in the archive.
#[derive(Clone, Debug)]
pub(crate) struct Incoming {
    pub name: String,
    pub url: String,
    pub sha256: String,
    pub bytes: Bytes,
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

/// What was fetched last from each address, as it is kept.
pub(super) type Known = HashMap<String, artifact::Model>;

/// Returns what was fetched last from each of the places.
pub(super) async fn known(cx: &Context, source: &Source, places: &[Place]) -> Result<Known, DbErr> {
    let urls = places.iter().filter_map(|place| match place {
        Place::Path(_) => None,
        Place::Address(address) => Some(fetch::kept(&address.url)),
    });
    publish::last_fetches(&cx.db, source, urls.collect()).await
}

/// Returns the file at `place`, kept in the archive, or nothing where it is as it was.
pub(super) async fn file(
    cx: &Context,
    source: &Source,
    place: &Place,
    known: &Known,
    now: DateTime<Utc>,
) -> Result<Option<Incoming>, IngestError> {
    let file = match place {
        Place::Path(path) => Some(read(source, path, now).await?),
        Place::Address(address) => fetched(cx, source, address, known, now).await?,
    };
    let Some(file) = file else { return Ok(None) };
    progress::stage(Stage::Archive).await;
    let sha256 = cx.archive.store(file.bytes.clone()).await?;
    Ok(Some(Incoming { sha256, ..file }))
}

async fn read(source: &Source, path: &Path, now: DateTime<Utc>) -> Result<Incoming, IngestError> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let bytes = given(source, path, &name).await?;
    let url = format!("file:{name}");
    Ok(Incoming { name, url, ..Incoming::of(bytes, now) })
}

/// Reads a file of this machine, unless its size or its first bytes say that it is none that is read.
async fn given(source: &Source, path: &Path, name: &str) -> Result<Bytes, IngestError> {
    let failed = |source| IngestError::Read { path: path.display().to_string(), source };
    let refused = |source| IngestError::Decode { file: name.to_owned(), source };
    let mut file = File::open(path).await.map_err(failed)?;
    let size = file.metadata().await.map_err(failed)?.len();
    let too_large = || refused(DecodeError::beyond(Defect::FileSize, name, format!("{MAX_BYTES} bytes")));
    if size > MAX_BYTES {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    (&mut file).take(HEAD).read_to_end(&mut bytes).await.map_err(failed)?;
    if matches!(source.reader, Reader::Tables | Reader::Observations) {
        decode::sniff(name, &bytes).map_err(refused)?;
    }
    // A pipe does not say how much comes.
    file.take(MAX_BYTES).read_to_end(&mut bytes).await.map_err(failed)?;
    if bytes.len() as u64 > MAX_BYTES { Err(too_large()) } else { Ok(bytes.into()) }
}

async fn fetched(
    cx: &Context,
    source: &Source,
    address: &Address,
    known: &Known,
    now: DateTime<Utc>,
) -> Result<Option<Incoming>, IngestError> {
    progress::stage(Stage::Fetch).await;
    let known = known.get(&fetch::kept(&address.url));
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
    let Fetched::File { bytes, etag, last_modified, url, from, .. } = answer else { return Ok(None) };
    let name = address.name.clone().unwrap_or_else(|| name(source, &from, &bytes));
    Ok(Some(Incoming { name, url, etag, last_modified, ..Incoming::of(bytes, now) }))
}

/// The last part of the address. Pages, and answers to a posted document, go by the source's key.
fn name(source: &Source, url: &str, bytes: &[u8]) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let last = path.rsplit('/').find(|part| !part.is_empty()).unwrap_or_default();
    match (&source.paging, &source.access.body) {
        (Some(_), _) if bytes.starts_with(b"PK") => format!("{}.zip", source.key),
        (_, Some(_)) => format!("{}.json", source.key),
        _ => last.to_owned(),
    }
}

/// Returns a file that a release was read from.
pub(super) async fn recall(cx: &Context, known: artifact::Model) -> Result<Incoming, IngestError> {
    Ok(Incoming {
        bytes: cx.archive.read(&known.sha256).await?,
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
    /// Returns the error that says why it cannot be read.
    pub(super) fn unreadable(&self, source: DecodeError) -> IngestError {
        IngestError::Decode { file: self.name.clone(), source }
    }

    /// Returns when the file was made, as it says itself or its sender says.
    pub(super) fn made(&self) -> Made {
        let sent = || DateTime::parse_from_rfc2822(self.last_modified.as_deref()?).ok();
        let said = decode::dated(&self.bytes).or_else(|| sent().map(|time| time.date_naive()));
        Made { said, retrieved: self.retrieved_at.date_naive() }
    }

    pub(crate) fn of(bytes: Bytes, retrieved_at: DateTime<Utc>) -> Self {
        Self {
            name: String::new(),
            url: String::new(),
            sha256: String::new(),
            size: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            bytes,
            etag: None,
            last_modified: None,
            retrieved_at,
        }
    }
}
