//! Bytes to rows of text, each with its place. A decoder knows a layout, never a meaning.
//!
//! What a file is, its bytes say and not its name. Every decoder is bounded: bytes, members, rows and cells. Text, dBASE and the
//! sheets of an `.xlsx` are read row by row, what an archive holds is unpacked to where the archive is, and only JSON and an `.xls`
//! are held whole.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
};

use bytes::Bytes;

use crate::document::Document;

mod archive;
mod dated;
mod dbase;
mod defect;
pub(crate) mod json;
mod json_stat;
mod nul;
mod sdmx;
mod sheets;
mod text;
mod workbook;

pub(crate) use archive::members;
pub(crate) use dated::dated;
pub use defect::{DecodeError, Defect};
pub(crate) use nul::{without_nul, without_nuls};

/// A sheet of a workbook, a text file, or the records of a JSON document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Path inside the archive, or the file's own name.
    pub member: String,
    /// Sheet; empty for text and dBASE; for JSON `#` and the pointer of the records, with `{}` where they are the
    /// members of an object.
    pub sheet: String,
}

/// One row, every cell as the publisher wrote it.
#[derive(Debug)]
pub struct Row<'a> {
    /// Row or line, from 1, as a person sees it; of JSON and dBASE the record, from 1, and 0 for the header and for a
    /// record alone.
    pub number: u32,
    /// The cells; a number is its shortest decimal.
    pub cells: &'a [String],
}

/// What the records of a JSON value are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The items of an array, or the one object that stands in its place.
    Items,
    /// The members of an object, in columns `key` and `value`, or `key` and the columns of the object there.
    Members,
}

/// Who takes the rows.
pub trait Sink {
    /// Returns true if the rows of `part` are asked for.
    fn wants(&mut self, part: &Part) -> bool;
    /// Returns what the records are if the JSON value at `part` is asked for by name: every array of objects is offered
    /// to [`Self::wants`], anything else only then.
    fn takes(&mut self, _part: &Part) -> Option<Shape> {
        None
    }
    /// Takes one row.
    fn row(&mut self, part: &Part, row: Row<'_>) -> Result<(), DecodeError>;
    /// Takes the last row of a text that has no line end behind it: it may be cut short.
    fn last_row(&mut self, part: &Part, row: Row<'_>) -> Result<(), DecodeError> {
        self.row(part, row)
    }
}

/// How many bytes tell what a file is.
pub(crate) const HEAD: u64 = 64 << 10;

/// What a tag of a workbook counts for beside its own bytes: the texts it parts have places in memory.
const TAG: u64 = 8;

/// How much a file may hold.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a workbook that cannot be streamed.
    pub xls_bytes: u64,
    /// Bytes of a JSON document, which is held whole.
    pub json_bytes: u64,
    /// Bytes of the texts that the cells of a workbook share and of all else that it keeps beside its sheets, unpacked, with
    /// [`TAG`] more for every tag.
    pub held_bytes: u64,
    /// Bytes of everything a compressed file unpacks to.
    pub unpacked_bytes: u64,
    /// How many times larger than its packed size a member may unpack to.
    pub ratio: u64,
    /// Members of an archive.
    pub members: usize,
    /// Bytes of the list of its members, which is held: far more than believable members have, since those of archives in it
    /// are counted as well.
    pub list_bytes: u64,
    /// Values of a JSON-stat cube or an SDMX message, whose parts are held.
    pub cube_values: u64,
    /// Cells of all sheets of an `.xls` together, from the first to the last that is used, which are held.
    pub xls_cells: u64,
    /// Cells of a sheet.
    pub cells: u64,
    /// Columns of a sheet.
    pub columns: u32,
    /// Bytes of one cell.
    pub cell_bytes: usize,
    /// Bytes of one row.
    pub row_bytes: usize,
    /// Levels of nesting in JSON.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            xls_bytes: 64 << 20,
            json_bytes: 32 << 20,
            held_bytes: 96 << 20,
            unpacked_bytes: 2 << 30,
            ratio: 100,
            members: 2_000,
            list_bytes: 4 << 20,
            cube_values: 1_000_000,
            xls_cells: 4_000_000,
            cells: 40_000_000,
            columns: 1_024,
            cell_bytes: 1 << 20,
            row_bytes: 2 << 20,
            depth: 32,
        }
    }
}

/// What bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Zip,
    Ole,
    Dbase,
    Html,
    Json,
    Text,
}

/// Reads a file called `name` and gives every wanted row to `sink`. No text in it, nor of an error, has a NUL.
///
/// # Errors
///
/// Fails where the file cannot be read, or `sink` refuses a row.
pub fn decode(
    name: &str,
    document: &Document,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), DecodeError> {
    let mut sink = nul::WithoutNul(sink);
    // The workbook reader is a library that has panicked on broken files; a panic is a broken file here.
    let read = catch_unwind(AssertUnwindSafe(|| member(name, document, limits, &mut sink, true)))
        .unwrap_or_else(|_| Err(DecodeError::broken(Defect::Workbook, name, "its structure is broken")));
    read.map_err(|error| {
        DecodeError::new(error.defect, without_nul(&error.place), without_nul(&error.reason))
    })
}

fn member(
    name: &str,
    document: &Document,
    limits: &Limits,
    sink: &mut dyn Sink,
    outer: bool,
) -> Result<(), DecodeError> {
    let head = document.head(HEAD).map_err(DecodeError::disk(name))?;
    if is_blank(&head) && all_blank(document).map_err(DecodeError::disk(name))? {
        return Err(DecodeError::new(Defect::Empty, name, "it is empty"));
    }
    match format(&head) {
        Format::Zip => archive::read(name, document, limits, sink, outer),
        Format::Ole => {
            let bytes = whole(name, document, limits.xls_bytes, (Defect::WorkbookSize, "an .xls file"))?;
            sheets::measure(name, &bytes, limits)?;
            workbook::xls(name, bytes, limits, sink)
        }
        Format::Dbase => dbase::read(name, document, limits, sink),
        Format::Html => {
            let reason =
                "it is an HTML page, not a table: the publisher may have answered with an error page";
            Err(DecodeError::new(Defect::Html, name, reason))
        }
        Format::Json => {
            let most = "a JSON document; take it as CSV, or in parts";
            json::read(
                name,
                &whole(name, document, limits.json_bytes, (Defect::FileSize, most))?,
                limits,
                sink,
            )
        }
        Format::Text => text::read(name, document, &head, limits, sink),
    }
}

/// Returns the bytes of a document that is read whole, unless there are more than `most`; what it is then, and its form.
fn whole(
    name: &str,
    document: &Document,
    most: u64,
    (defect, of): (Defect, &str),
) -> Result<Bytes, DecodeError> {
    if document.size() > most {
        return Err(DecodeError::beyond(defect, name, format!("{most} bytes for {of}")));
    }
    document.whole().map_err(DecodeError::disk(name))
}

fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_whitespace)
}

fn all_blank(document: &Document) -> io::Result<bool> {
    let mut blank = true;
    document.each(|block| blank &= is_blank(block))?;
    Ok(blank)
}

/// Refuses by the first bytes of a file what is neither text nor any other form that is read.
pub(crate) fn sniff(name: &str, head: &[u8]) -> Result<(), DecodeError> {
    if format(head) == Format::Text { text::refuse(name, head) } else { Ok(()) }
}

/// Returns whether a file is a page of HTML by its first bytes.
pub(crate) fn is_html(head: &[u8]) -> bool {
    format(head) == Format::Html
}

fn format(bytes: &[u8]) -> Format {
    let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let head = start[..start.len().min(512)].to_ascii_lowercase();
    let html = head.starts_with(b"<!doctype html") || head.starts_with(b"<html") || contains(&head, b"<html");
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        Format::Zip
    } else if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        Format::Ole
    } else if dbase::is(bytes) {
        Format::Dbase
    } else if matches!(start.first(), Some(b'{' | b'[')) {
        Format::Json
    } else if html {
        Format::Html
    } else {
        Format::Text
    }
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[cfg(test)]
mod tests;
