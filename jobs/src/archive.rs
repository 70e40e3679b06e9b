//! Step 2. Keeps every file we were ever sent, under the hash of its bytes.

use std::{
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use futures::TryStreamExt as _;
use object_store::{
    ClientOptions, GetResultPayload, ObjectStore, ObjectStoreExt,
    aws::{AmazonS3Builder, AmazonS3ConfigKey},
    buffered::BufWriter,
    local::LocalFileSystem,
    path::Path as Key,
    prefix::PrefixStore,
};
use tokio::io::AsyncWriteExt as _;

use crate::document::{Arriving, Document};

/// Bytes that are sent to the store at a time, and of which it holds as many again. S3 takes no parts below 5 MB.
const PART: usize = 8 << 20;

/// Why the archive cannot keep or return a file.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The archive's folder cannot be made.
    #[error("cannot make the archive folder {path}")]
    Folder {
        /// The folder.
        path: String,
        /// Why not.
        source: io::Error,
    },
    /// The address is not one of an S3 bucket.
    #[error("`{0}` is not s3://BUCKET or s3://BUCKET/PREFIX")]
    Address(String),
    /// There is no such file.
    #[error("the archive does not hold the file {0}")]
    Missing(String),
    /// The store failed.
    #[error("the archive failed")]
    Store(#[from] object_store::Error),
    /// A file cannot be read or written.
    #[error("a file cannot be read or written")]
    File(#[from] io::Error),
    /// The name is not the hash of anything.
    #[error("`{0}` is not a sha256 in lower-case hex")]
    Name(String),
    /// The bytes are no longer those that were kept.
    #[error("archived file {0} is damaged")]
    Damaged(String),
}

impl ArchiveError {
    /// Returns true if the same may succeed later without anybody changing anything.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Folder { .. } | Self::Store(_) | Self::File(_) => true,
            Self::Address(_) | Self::Missing(_) | Self::Name(_) | Self::Damaged(_) => false,
        }
    }
}

/// The publishers' files, each named by its SHA-256.
#[derive(Clone, Debug)]
pub struct Archive {
    store: Arc<dyn ObjectStore>,
    scratch: PathBuf,
}

impl Archive {
    /// Opens the archive in the folder `path` and makes the folder where it is missing.
    pub fn folder(path: impl AsRef<Path>) -> Result<Self, ArchiveError> {
        let path = path.as_ref();
        made(path)?;
        let store = LocalFileSystem::new_with_prefix(path)?.with_fsync(true);
        Ok(Self { store: Arc::new(store), scratch: path.join("scratch") })
    }

    /// Opens the archive in an S3 bucket, `s3://BUCKET/PREFIX`; what is not whole yet is kept in the folder `scratch`.
    /// `variables` are those of the environment: `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, and
    /// `AWS_ENDPOINT` for a server other than Amazon's.
    pub fn bucket(
        url: &str,
        variables: impl IntoIterator<Item = (String, String)>,
        scratch: impl Into<PathBuf>,
    ) -> Result<Self, ArchiveError> {
        let address = || ArchiveError::Address(url.to_owned());
        let place = url.strip_prefix("s3://").ok_or_else(address)?.trim_end_matches('/');
        let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
        if bucket.is_empty() || bucket.contains(['@', '?', '#']) {
            return Err(address());
        }
        let mut builder = AmazonS3Builder::new();
        let mut plain = false;
        for (name, value) in variables {
            if let Ok(key) = name.to_ascii_lowercase().parse::<AmazonS3ConfigKey>() {
                plain |= matches!(key, AmazonS3ConfigKey::Endpoint) && value.starts_with("http://");
                builder = builder.with_config(key, value);
            }
        }
        // Whoever names an address without encryption means it: a server beside this one.
        let options = ClientOptions::new().with_allow_http(plain);
        let store = builder.with_client_options(options).with_bucket_name(bucket).build()?;
        let scratch = scratch.into();
        Ok(if prefix.is_empty() {
            Self { store: Arc::new(store), scratch }
        } else {
            Self { store: Arc::new(PrefixStore::new(store, prefix)), scratch }
        })
    }

    /// Returns the folder for what is not whole yet.
    pub fn scratch(&self) -> &Path {
        &self.scratch
    }

    /// Keeps a file and returns its SHA-256 in hex. Keeping it twice changes nothing, unless what is kept is damaged.
    pub async fn store(&self, file: &Document) -> Result<String, ArchiveError> {
        let sha = file.sha256()?;
        match self.read(&sha).await {
            Ok(_) => return Ok(sha),
            Err(ArchiveError::Missing(_) | ArchiveError::Damaged(_)) => {}
            Err(error) => return Err(error),
        }
        let mut writer =
            BufWriter::with_capacity(self.store.clone(), key(&sha)?, PART).with_max_concurrency(1);
        match send(file, &mut writer).await {
            Ok(()) => writer.shutdown().await?,
            Err(error) => {
                writer.abort().await.ok();
                return Err(error);
            }
        }
        Ok(sha)
    }

    /// Returns the file kept as `sha`, unless it is missing or damaged.
    pub async fn read(&self, sha: &str) -> Result<Document, ArchiveError> {
        let kept = self.store.get(&key(sha)?).await.map_err(|error| match error {
            object_store::Error::NotFound { .. } => ArchiveError::Missing(sha.into()),
            other => other.into(),
        })?;
        let file = match kept.payload {
            GetResultPayload::File(file, _) => Document::in_file(file, 0, &self.scratch)?,
            GetResultPayload::Stream(mut blocks) => {
                let mut arriving = Arriving::on_disk(&self.scratch)?;
                while let Some(block) = blocks.try_next().await? {
                    arriving.write_all(&block)?;
                }
                arriving.finish()?
            }
        };
        if file.sha256()? == sha { Ok(file) } else { Err(ArchiveError::Damaged(sha.into())) }
    }
}

async fn send(file: &Document, to: &mut BufWriter) -> Result<(), ArchiveError> {
    let mut reader = file.open();
    loop {
        let mut part = Vec::new();
        reader.by_ref().take(PART as u64).read_to_end(&mut part)?;
        if part.is_empty() {
            return Ok(());
        }
        to.put(part.into()).await?;
    }
}

fn made(path: &Path) -> Result<(), ArchiveError> {
    let failed = |source| ArchiveError::Folder { path: path.display().to_string(), source };
    std::fs::create_dir_all(path).map_err(failed)
}

/// Two characters a folder, so that no folder holds too many files.
fn key(sha: &str) -> Result<Key, ArchiveError> {
    let hex = sha.len() == 64 && sha.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if hex { Ok(Key::from(format!("{}/{sha}", &sha[..2]))) } else { Err(ArchiveError::Name(sha.into())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[tokio::test]
    async fn storing_twice_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::folder(folder.path().join("archive")).unwrap();
        assert_eq!(archive.store(&Document::from("abc")).await.unwrap(), ABC);
        let path = folder.path().join("archive/ba").join(ABC);
        let before = std::fs::metadata(&path).unwrap().modified().unwrap();
        assert_eq!(archive.store(&Document::from("abc")).await.unwrap(), ABC);
        assert_eq!(std::fs::metadata(&path).unwrap().modified().unwrap(), before);
        assert_eq!(archive.read(ABC).await.unwrap().whole().unwrap(), "abc");
    }

    #[tokio::test]
    async fn a_damaged_file_is_not_returned_and_is_mended_when_it_comes_again() {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::folder(folder.path()).unwrap();
        archive.store(&Document::from("abc")).await.unwrap();
        for damaged in ["abd", "a", ""] {
            std::fs::write(folder.path().join("ba").join(ABC), damaged).unwrap();
            let error = archive.read(ABC).await.unwrap_err();
            assert!(matches!(error, ArchiveError::Damaged(_)) && !error.is_transient(), "{error:?}");
            archive.store(&Document::from("abc")).await.unwrap();
            assert_eq!(archive.read(ABC).await.unwrap().whole().unwrap(), "abc");
        }
    }

    #[tokio::test]
    async fn a_file_that_was_never_kept_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::folder(folder.path()).unwrap();
        assert!(matches!(archive.read(ABC).await, Err(ArchiveError::Missing(_))));
    }

    #[tokio::test]
    async fn a_name_that_is_no_hash_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::folder(folder.path()).unwrap();
        assert!(matches!(archive.read("../secret").await, Err(ArchiveError::Name(_))));
    }

    #[tokio::test]
    async fn only_the_address_of_a_bucket_is_one() {
        for url in ["s3://", "s3:///prefix", "https://bucket", "s3://key:secret@bucket"] {
            let opened = Archive::bucket(url, [], "/nowhere");
            assert!(matches!(opened, Err(ArchiveError::Address(_))), "{url}");
        }
        let archive = Archive::bucket("s3://bucket/some/prefix", [], "/tmp/scratch").unwrap();
        assert_eq!(archive.scratch(), Path::new("/tmp/scratch"));
    }
}
