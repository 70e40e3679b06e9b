//! A file while it comes. What came of a large one before its connection broke stays, and the next request asks for the rest.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::FetchRequest;
use crate::document::{Arriving, Document};

/// Smaller files are asked for again from the start.
const WORTH: u64 = 64 << 10;

/// Most bytes of a tag.
const TAG: u64 = 8 << 10;

/// The first bytes of a file.
#[derive(Debug)]
pub(super) struct Partial {
    size: u64,
    kept: Kept,
}

#[derive(Debug)]
enum Kept {
    /// Until it is whole or the request ends.
    Once(Arriving),
    /// Until it is whole, under the publisher's tag of the whole of it, which is the first line of the file on disk. One process at
    /// a time holds it.
    Named { path: PathBuf, file: File, tag: String },
}

impl Partial {
    /// Opens what is kept of the file asked for, unless there is nothing or another process is at it.
    pub(super) fn open(request: &FetchRequest) -> Option<Self> {
        let path = path(request)?;
        let mut file = OpenOptions::new().read(true).append(true).open(&path).ok()?;
        file.try_lock().ok()?;
        let mut line = String::new();
        BufReader::new((&file).take(TAG)).read_line(&mut line).ok()?;
        let tag = line.strip_suffix('\n')?.to_owned();
        let size = file.seek(SeekFrom::End(0)).ok()?.checked_sub(line.len() as u64)?;
        (size > 0).then_some(Self { size, kept: Kept::Named { path, file, tag } })
    }

    /// Begins to keep the file asked for: under its name if it is worth it, large and with a `tag` that stands for the very
    /// bytes.
    pub(super) fn begin(request: &FetchRequest, tag: Option<&str>, size: Option<u64>) -> io::Result<Self> {
        let worth = size.is_some_and(|size| size >= WORTH);
        let named = tag.filter(|tag| worth && is_strong(tag)).zip(path(request)).and_then(|(tag, path)| {
            let named = Kept::named(path, tag);
            named.inspect_err(|error| tracing::debug!("a download is not kept where it breaks: {error}")).ok()
        });
        let kept = match (named, &request.scratch) {
            (Some(named), _) => named,
            (None, Some(folder)) => Kept::Once(Arriving::on_disk(folder)?),
            (None, None) => Kept::Once(Arriving::in_memory()),
        };
        Ok(Self { size: 0, kept })
    }

    /// Returns the publisher's tag of the whole file.
    pub(super) fn tag(&self) -> &str {
        match &self.kept {
            Kept::Named { tag, .. } => tag,
            Kept::Once(_) => "",
        }
    }

    /// Returns how many bytes are there.
    pub(super) fn len(&self) -> u64 {
        self.size
    }

    /// Keeps more.
    pub(super) fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.size += bytes.len() as u64;
        match &mut self.kept {
            Kept::Once(arriving) => arriving.write_all(bytes),
            Kept::Named { file, .. } => file.write_all(bytes),
        }
    }

    /// Forgets it: it is not part of the file, or no longer.
    pub(super) fn forget(self) {
        if let Kept::Named { path, .. } = &self.kept {
            forget(path);
        }
    }

    /// Returns the file, which is whole.
    pub(super) fn finish(self) -> io::Result<Document> {
        match self.kept {
            Kept::Once(arriving) => arriving.finish(),
            Kept::Named { path, file, tag } => {
                forget(&path);
                Document::in_file(file, tag.len() as u64 + 1, path.parent().unwrap_or(&path))
            }
        }
    }
}

impl Kept {
    fn named(path: PathBuf, tag: &str) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = OpenOptions::new().create(true).read(true).write(true).truncate(false).open(&path)?;
        file.try_lock().map_err(io::Error::from)?;
        file.set_len(0)?;
        writeln!(file, "{tag}")?;
        Ok(Self::Named { path, file, tag: tag.to_owned() })
    }
}

/// Whoever has it open goes on reading it.
fn forget(path: &Path) {
    if let Err(error) = fs::remove_file(path) {
        tracing::debug!("a partial download stays: {error}");
    }
}

/// A weak tag stands for the meaning, not for the bytes.
fn is_strong(tag: &str) -> bool {
    tag.starts_with('"') && !tag.contains('\n')
}

/// Where a file is kept until it is whole. The answer to a posted document is not.
fn path(request: &FetchRequest) -> Option<PathBuf> {
    let folder = request.scratch.as_deref().filter(|_| request.body.is_none())?;
    Some(folder.join(format!("{:x}.part", Sha256::digest(&request.url))))
}
