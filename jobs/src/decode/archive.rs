//! Zip files: a workbook, or an archive of tables.

use std::io::{self, BufReader, Read as _, Write as _};

use memchr::memmem;
use zip::ZipArchive;

use super::{DecodeError, Defect, Limits, Sink, TAG, member, workbook};
use crate::{
    definition::is_table,
    document::{Document, Reader},
};

pub(super) type Zip = ZipArchive<BufReader<Reader>>;

/// Returns the names in an archive; none where it is none that can be read.
pub(crate) fn members(document: &Document) -> Vec<String> {
    let is_zip = document.head(2).is_ok_and(|head| head.as_ref() == b"PK");
    let zip = is_zip.then(|| open("", document, &Limits::default()).ok()).flatten();
    zip.map(|zip| zip.file_names().map(ToOwned::to_owned).collect()).unwrap_or_default()
}

/// Reads a workbook, or the tables of an archive: legends first, then by name.
pub(super) fn read(
    name: &str,
    document: &Document,
    limits: &Limits,
    sink: &mut dyn Sink,
    outer: bool,
) -> Result<(), DecodeError> {
    let mut zip = open(name, document, limits)?;
    let names: Vec<String> = zip.file_names().map(ToOwned::to_owned).collect();
    if names.iter().any(|name| name == "xl/workbook.xml" || name == "xl/workbook.bin") {
        measure(name, &mut zip, &names, limits)?;
        return workbook::xlsx(name, document, limits, sink);
    }
    if !outer {
        return Err(DecodeError::new(Defect::Nested, name, "it is an archive inside an archive"));
    }
    let mut tables: Vec<&String> = names.iter().filter(|name| is_table(name) && !is_of_macos(name)).collect();
    tables.sort_by_key(|name| (!name.to_lowercase().contains("field_desc"), *name));
    if tables.is_empty() {
        return Err(DecodeError::new(Defect::Tableless, name, "the archive holds no table"));
    }
    let mut left = limits.unpacked_bytes;
    for table in tables {
        let unpacked = unpack(name, document, &mut zip, table, limits, &mut left)?;
        if table.to_lowercase().contains("field_desc") || unpacked.size() > 0 {
            member(table, &unpacked, limits, sink, false)?;
        }
    }
    Ok(())
}

/// Opens an archive that has no more members than it may.
pub(super) fn open(name: &str, document: &Document, limits: &Limits) -> Result<Zip, DecodeError> {
    listed(name, document, limits)?;
    let zip = ZipArchive::new(document.open());
    let zip = zip.map_err(|error| DecodeError::broken(Defect::Archive, name, error))?;
    if zip.len() > limits.members {
        return Err(DecodeError::beyond(Defect::Members, name, format!("{} members", limits.members)));
    }
    Ok(zip)
}

/// What begins the header of a member in the list of an archive. Source: PKWARE's APPNOTE, 4.3.12.
const MEMBER: &[u8] = b"PK\x01\x02";
/// Bytes of such a header without its name, extra field and comment.
const HEADER: u64 = 46;
/// What begins the record that says how many members a long list has. Source: PKWARE's APPNOTE, 4.3.14.
const LENGTH: &[u8] = b"PK\x06\x06";
/// Bytes of either that tell how long the list is.
const TOLD: usize = 40;
/// What begins the end of an archive. Source: PKWARE's APPNOTE, 4.3.16.
const END: &[u8] = b"PK\x05\x06";

/// Refuses an archive whose list of members is longer than is believable, or is said to be: the library makes room for all of it. And
/// one with more ends than members: the library tries them all, each with the whole file.
fn listed(name: &str, document: &Document, limits: &Limits) -> Result<(), DecodeError> {
    let (mut held, mut list, mut said, mut ends) = (Vec::new(), 0, 0, 0);
    let looked = document.each(|block| {
        held.extend_from_slice(block);
        let end = held.len().saturating_sub(TOLD - 1);
        for at in memmem::find_iter(&held, b"PK").take_while(|at| *at < end) {
            let record = &held[at..at + TOLD];
            let short = |at: usize| u64::from(u16::from_le_bytes([record[at], record[at + 1]]));
            if record.starts_with(MEMBER) {
                list += HEADER + short(28) + short(30) + short(32);
            } else if record.starts_with(END) {
                ends += 1;
            } else if record.starts_with(LENGTH) {
                said = said.max(u64::from_le_bytes(std::array::from_fn(|byte| record[32 + byte])));
            }
        }
        held.drain(..end);
    });
    looked.map_err(DecodeError::disk(name))?;
    if ends > limits.members {
        return Err(DecodeError::broken(Defect::Archive, name, "it ends again and again"));
    }
    if list > limits.list_bytes || said > limits.list_bytes / HEADER {
        return Err(DecodeError::beyond(
            Defect::Members,
            name,
            format!("{} bytes in its list of members", limits.list_bytes),
        ));
    }
    Ok(())
}

/// What macOS packs beside each file is none.
fn is_of_macos(name: &str) -> bool {
    name.to_lowercase().starts_with("__macosx/")
}

/// Unpacks a member beside its archive.
fn unpack(
    name: &str,
    document: &Document,
    zip: &mut Zip,
    table: &str,
    limits: &Limits,
    left: &mut u64,
) -> Result<Document, DecodeError> {
    let mut unpacked = document.beside().map_err(DecodeError::disk(name))?;
    each(name, zip, table, limits, left, &mut |bytes| {
        unpacked.write_all(bytes).map_err(DecodeError::disk(name))
    })?;
    unpacked.finish().map_err(DecodeError::disk(name))
}

/// Unpacks every member of a workbook to nowhere, so that a bomb is known before a library meets it, and so is what that library
/// would hold in memory.
fn measure(name: &str, zip: &mut Zip, names: &[String], limits: &Limits) -> Result<(), DecodeError> {
    let (mut left, mut held) = (limits.unpacked_bytes, 0);
    let is_binary = names.iter().any(|name| name == "xl/workbook.bin");
    for member in names {
        let place = format!("{name} › {member}");
        let lower = member.to_ascii_lowercase();
        // What a part is called says nothing: the workbook itself says which it reads. A binary workbook has few of text.
        let is_text = !lower.starts_with("xl/media/") && (!is_binary || lower.contains(".xml"));
        let is_sheet = member.starts_with("xl/worksheets/");
        let is_shared = lower.ends_with("sharedstrings.xml");
        let (mut run, mut tag) = (0, Vec::new());
        each(name, zip, member, limits, &mut left, &mut |bytes| {
            if !is_text {
                return Ok(());
            }
            run = memchr::memrchr(b'<', bytes).map_or(run + bytes.len(), |tag| bytes.len() - tag);
            if run > limits.cell_bytes {
                return Err(DecodeError::cell(&place, limits));
            }
            if !is_sheet {
                held += bytes.len() as u64 + TAG * memchr::memchr_iter(b'<', bytes).count() as u64;
            }
            if is_shared {
                let text = size_of::<String>() as u64;
                held = held.max(shared(&mut tag, bytes).saturating_mul(text));
            }
            if held > limits.held_bytes {
                let most = format!("{} bytes beside its sheets", limits.held_bytes);
                return Err(DecodeError::beyond(Defect::Unpacked, &place, most));
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// How many texts a piece of a workbook says that its cells share, for which the library makes room: `uniqueCount="120"`. `tag` is
/// what came before of the tag that `bytes` may begin in.
fn shared(tag: &mut Vec<u8>, bytes: &[u8]) -> u64 {
    const NAME: &[u8] = b"uniqueCount";
    tag.extend_from_slice(bytes);
    let said = memmem::find_iter(tag, NAME).map(|at| {
        let behind = tag[at + NAME.len()..].iter();
        let digits = behind.skip_while(|sign| sign.is_ascii_whitespace() || b"=+'\"".contains(sign));
        let digits = digits.take_while(|sign| sign.is_ascii_digit());
        digits.fold(0_u64, |number, digit| number.saturating_mul(10).saturating_add(u64::from(digit - b'0')))
    });
    let said = said.max().unwrap_or(0);
    tag.drain(..memchr::memrchr(b'<', tag).unwrap_or(0));
    said
}

fn each(
    name: &str,
    zip: &mut Zip,
    table: &str,
    limits: &Limits,
    left: &mut u64,
    take: &mut dyn FnMut(&[u8]) -> Result<(), DecodeError>,
) -> Result<(), DecodeError> {
    let place = format!("{name} › {table}");
    let mut file = zip.by_name(table).map_err(|error| match error {
        zip::result::ZipError::UnsupportedArchive(text) if text.contains("assword") => {
            DecodeError::new(Defect::Encrypted, &place, "it is encrypted")
        }
        other => DecodeError::broken(Defect::Archive, &place, other),
    })?;
    let believable = file.compressed_size().saturating_mul(limits.ratio).saturating_add(1 << 20);
    let mut buffer = vec![0; 64 << 10];
    let mut read = 0_u64;
    loop {
        let size = match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(size) => size,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(DecodeError::broken(Defect::Archive, &place, error)),
        };
        read += size as u64;
        for (most, defect) in [(believable, Defect::Ratio), (*left, Defect::Unpacked)] {
            if read > most {
                return Err(DecodeError::beyond(defect, place, format!("{most} unpacked bytes")));
            }
        }
        take(&buffer[..size])?;
    }
    *left -= read;
    Ok(())
}
