//! The bytes of a file, in memory or on a disk, read from their start as often as it takes.

use std::{
    fs::{self, File},
    io::{self, BufRead as _, BufReader, Cursor, Read, Seek, SeekFrom, Write},
    os::unix::fs::FileExt as _,
    path::Path,
    sync::Arc,
};

use bytes::Bytes;
use sha2::{Digest as _, Sha256};

/// Bytes that are read at a time.
const BLOCK: usize = 64 << 10;

/// The bytes of a file, which do not change. A clone is the same file.
#[derive(Clone, Debug)]
pub enum Document {
    /// In memory.
    Memory(Bytes),
    /// On a disk.
    Disk(Arc<OnDisk>),
}

/// What stands in a file from a place on.
#[derive(Debug)]
pub struct OnDisk {
    file: File,
    start: u64,
    size: u64,
    /// Where there is room for what is unpacked from it.
    folder: Box<Path>,
}

impl Document {
    /// Returns what stands in `file` from byte `start` on. What is unpacked from it goes to `folder`.
    pub(crate) fn in_file(file: File, start: u64, folder: &Path) -> io::Result<Self> {
        let size = file.metadata()?.len().saturating_sub(start);
        Ok(Self::Disk(Arc::new(OnDisk { file, start, size, folder: folder.into() })))
    }

    /// Returns how many bytes there are.
    pub fn size(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::Disk(disk) => disk.size,
        }
    }

    /// Opens it at its start. Every reader has a place of its own.
    pub fn open(&self) -> BufReader<Reader> {
        BufReader::with_capacity(BLOCK, Reader { document: self.clone(), at: 0 })
    }

    /// Returns its first bytes, at most `most`.
    pub fn head(&self, most: u64) -> io::Result<Bytes> {
        if let Self::Memory(bytes) = self {
            return Ok(bytes.slice(..bytes.len().min(usize::try_from(most).unwrap_or(usize::MAX))));
        }
        let mut head = Vec::with_capacity(usize::try_from(most.min(self.size())).unwrap_or(0));
        self.open().take(most).read_to_end(&mut head)?;
        Ok(head.into())
    }

    /// Returns all bytes.
    pub fn whole(&self) -> io::Result<Bytes> {
        self.head(u64::MAX)
    }

    /// Gives `take` every byte, block after block.
    pub fn each(&self, mut take: impl FnMut(&[u8])) -> io::Result<()> {
        let mut reader = self.open();
        loop {
            let block = reader.fill_buf()?;
            if block.is_empty() {
                return Ok(());
            }
            take(block);
            let size = block.len();
            reader.consume(size);
        }
    }

    /// Returns the SHA-256 of its bytes in hex.
    pub fn sha256(&self) -> io::Result<String> {
        let mut hash = Sha256::new();
        self.each(|block| hash.update(block))?;
        Ok(format!("{:x}", hash.finalize()))
    }

    /// Begins another one beside it: on the same disk, or in memory as well.
    pub(crate) fn beside(&self) -> io::Result<Arriving> {
        match self {
            Self::Memory(_) => Ok(Arriving::in_memory()),
            Self::Disk(disk) => Arriving::on_disk(&disk.folder),
        }
    }

    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        let left = self.size().saturating_sub(at);
        let most = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let buffer = &mut buffer[..most];
        match self {
            Self::Memory(bytes) => {
                let at = usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
                (&bytes[at..]).read(buffer)
            }
            Self::Disk(disk) => disk.file.read_at(buffer, disk.start + at),
        }
    }
}

impl<B: Into<Bytes>> From<B> for Document {
    fn from(bytes: B) -> Self {
        Self::Memory(bytes.into())
    }
}

/// Reads a document.
#[derive(Debug)]
pub struct Reader {
    document: Document,
    at: u64,
}

impl Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let size = self.document.read_at(buffer, self.at)?;
        self.at += size as u64;
        Ok(size)
    }
}

impl Seek for Reader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.document.size().checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

/// A document while its bytes come.
#[derive(Debug)]
pub struct Arriving(Room);

#[derive(Debug)]
enum Room {
    Memory(Cursor<Vec<u8>>),
    Disk(File, Box<Path>),
}

impl Arriving {
    /// Begins one in memory.
    pub(crate) fn in_memory() -> Self {
        Self(Room::Memory(Cursor::default()))
    }

    /// Begins one on the disk of `folder`, which is made where it is missing. It has no name there and is gone when nobody
    /// reads it any more, even where the process is killed.
    pub fn on_disk(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        Ok(Self(Room::Disk(tempfile::tempfile_in(folder)?, folder.into())))
    }

    /// Returns what came.
    pub fn finish(self) -> io::Result<Document> {
        match self.0 {
            Room::Memory(bytes) => Ok(bytes.into_inner().into()),
            Room::Disk(file, folder) => Document::in_file(file, 0, &folder),
        }
    }
}

impl Write for Arriving {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Room::Memory(held) => held.write(bytes),
            Room::Disk(file, _) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Arriving {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match &mut self.0 {
            Room::Memory(held) => held.seek(to),
            Room::Disk(file, _) => file.seek(to),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same bytes in memory, in a file, and behind others in a file.
    fn alike(bytes: &'static [u8], folder: &Path) -> [Document; 3] {
        let mut arriving = Arriving::on_disk(folder).unwrap();
        arriving.write_all(bytes).unwrap();
        let mut file = tempfile::tempfile_in(folder).unwrap();
        file.write_all(b"before").unwrap();
        file.write_all(bytes).unwrap();
        [bytes.into(), arriving.finish().unwrap(), Document::in_file(file, 6, folder).unwrap()]
    }

    #[test]
    fn it_reads_the_same_wherever_it_is() {
        let folder = tempfile::tempdir().unwrap();
        for document in alike(b"abc", folder.path()) {
            assert_eq!(document.size(), 3);
            assert_eq!(document.head(2).unwrap(), "ab");
            assert_eq!(document.whole().unwrap(), "abc");
            assert!(document.sha256().unwrap().starts_with("ba7816bf8f01cfea"));
            let (mut one, mut other) = (document.open(), document.open());
            one.seek(SeekFrom::End(-1)).unwrap();
            let (mut end, mut all) = (String::new(), String::new());
            other.read_to_string(&mut all).unwrap();
            one.read_to_string(&mut end).unwrap();
            assert_eq!((end.as_str(), all.as_str()), ("c", "abc"));
            one.seek(SeekFrom::Start(9)).unwrap();
            assert_eq!(one.read(&mut [0]).unwrap(), 0);
            assert!(one.seek(SeekFrom::Current(-10)).is_err());
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
