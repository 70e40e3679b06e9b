//! What came of a large file before the connection broke. The next request asks for the rest.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

/// Smaller files are asked for again from the start.
const WORTH: u64 = 64 << 10;

/// The first bytes of a file, under the publisher's tag of the whole of it. One process at a time holds it. The tag
/// is the first line of the file on disk.
#[derive(Debug)]
pub(super) struct Partial {
    path: PathBuf,
    file: File,
    tag: String,
    bytes: Vec<u8>,
}

impl Partial {
    /// Opens what is kept of `url`, unless there is nothing or another process is at it.
    pub(super) fn open(folder: &Path, url: &str) -> Option<Self> {
        let path = path(folder, url);
        let mut file = OpenOptions::new().read(true).append(true).open(&path).ok()?;
        file.try_lock().ok()?;
        let mut kept = Vec::new();
        file.read_to_end(&mut kept).ok()?;
        let end = kept.iter().position(|byte| *byte == b'\n')?;
        let tag = String::from_utf8(kept[..end].to_vec()).ok()?;
        let bytes = kept.split_off(end + 1);
        (!bytes.is_empty()).then_some(Self { path, file, tag, bytes })
    }

    /// Begins to keep `url`, if it is worth it: large, with a `tag` that stands for the very bytes.
    pub(super) fn begin(folder: &Path, url: &str, tag: Option<&str>, size: Option<u64>) -> Option<Self> {
        let tag = tag.filter(|tag| is_strong(tag))?.to_owned();
        size.filter(|size| *size >= WORTH)?;
        let path = path(folder, url);
        let started = || -> io::Result<File> {
            fs::create_dir_all(folder)?;
            let mut file =
                OpenOptions::new().create(true).read(true).write(true).truncate(false).open(&path)?;
            file.try_lock().map_err(io::Error::from)?;
            file.set_len(0)?;
            file.seek(SeekFrom::Start(0))?;
            writeln!(file, "{tag}")?;
            Ok(file)
        };
        match started() {
            Ok(file) => Some(Self { path, file, tag, bytes: Vec::new() }),
            Err(error) => {
                tracing::debug!("a download is not kept while it runs: {error}");
                None
            }
        }
    }

    /// Returns the publisher's tag of the whole file.
    pub(super) fn tag(&self) -> &str {
        &self.tag
    }

    /// Returns how many bytes are there.
    pub(super) fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// Takes the bytes that were there when it was opened.
    pub(super) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }

    /// Keeps more.
    pub(super) fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)
    }

    /// Forgets it: the file is whole, or another one by now.
    pub(super) fn forget(self) {
        if let Err(error) = fs::remove_file(&self.path) {
            tracing::debug!("a partial download stays: {error}");
        }
    }
}

/// A weak tag stands for the meaning, not for the bytes.
fn is_strong(tag: &str) -> bool {
    tag.starts_with('"') && !tag.contains('\n')
}

fn path(folder: &Path, url: &str) -> PathBuf {
    folder.join(format!("{:x}.part", Sha256::digest(url)))
}
