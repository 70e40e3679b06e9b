//! Separated text: comma, tab or semicolon; UTF-8, or windows-1252 where it is not; any line end. It is read twice: once for what
//! the whole of it tells, so that a file broken at its end gives no rows, and once for its records.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, WINDOWS_1252};

use super::{DecodeError, Defect, Limits, Part, Row, Sink};
use crate::document::Document;

/// Bytes that are read at a time.
const BLOCK: usize = 64 << 10;

/// What stands before text in UTF-8, if anything does.
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// What is said of a quote that opens a cell.
const OPEN: &str =
    "a quote opens a cell here that nothing closes: the file is cut short, or the quote is a stray one";

/// Reads a text table that begins with `head`.
pub(super) fn read(
    name: &str,
    document: &Document,
    head: &[u8],
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), DecodeError> {
    refuse(name, head)?;
    let delimiter = delimiter(head);
    let (charset, form) = survey(name, document, delimiter, limits)?;
    let part = Part { member: name.into(), sheet: String::new() };
    if !sink.wants(&part) {
        return Ok(());
    }
    form.refuse(name)?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .quoting(delimiter != b'\t')
        .from_reader(Lines::new(document.open(), charset));
    let mut read = |record: &mut csv::StringRecord| {
        reader.read_record(record).map_err(|error| DecodeError::disk(name)(error.into()))
    };
    let (mut record, mut next) = (csv::StringRecord::new(), csv::StringRecord::new());
    let mut cells: Vec<String> = Vec::new();
    let mut more = read(&mut record)?;
    while more {
        more = read(&mut next)?;
        let line = record.position().map_or(0, csv::Position::line);
        cells.clear();
        cells.extend(record.iter().map(ToOwned::to_owned));
        let row = Row { number: u32::try_from(line).unwrap_or(u32::MAX), cells: &cells };
        if more || form.is_ended { sink.row(&part, row) } else { sink.last_row(&part, row) }?;
        std::mem::swap(&mut record, &mut next);
    }
    Ok(())
}

/// Refuses bytes, all of a file or the first, that are of another charset than those that are read, or no text.
pub(super) fn refuse(name: &str, bytes: &[u8]) -> Result<(), DecodeError> {
    let other = Encoding::for_bom(bytes).filter(|(charset, _)| *charset != UTF_8);
    if let Some((charset, _)) = other {
        let reason = format!("it is {}; save it as UTF-8", charset.name());
        return Err(DecodeError::new(Defect::Charset, name, reason));
    }
    if bytes.contains(&0) { Err(no_text(name)) } else { Ok(()) }
}

fn no_text(name: &str) -> DecodeError {
    DecodeError::new(Defect::NotText, name, "it holds a NUL byte, so it is no text")
}

/// Returns the charset and the form of the whole text.
fn survey(
    name: &str,
    document: &Document,
    delimiter: u8,
    limits: &Limits,
) -> Result<(&'static Encoding, Form), DecodeError> {
    let (mut utf8, mut form) = (Utf8::default(), Form::new(delimiter, *limits));
    let (mut first, mut nul) = (true, false);
    let read = document.each(|block| {
        nul |= memchr::memchr(0, block).is_some();
        utf8.take(block);
        let marked = std::mem::take(&mut first).then(|| block.strip_prefix(BOM)).flatten();
        marked.unwrap_or(block).iter().for_each(|byte| form.take(*byte));
    });
    read.map_err(DecodeError::disk(name))?;
    if nul {
        return Err(no_text(name));
    }
    form.end();
    Ok((if utf8.holds() { UTF_8 } else { WINDOWS_1252 }, form))
}

/// The separator that the first line of a text that begins with `bytes` holds most of.
fn delimiter(bytes: &[u8]) -> u8 {
    let mut lines = bytes.split(|byte| matches!(byte, b'\n' | b'\r'));
    let line = lines.find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
    let count = |separator: u8| memchr::memchr_iter(separator, line).count();
    [b',', b'\t', b';'].into_iter().rev().max_by_key(|separator| count(*separator)).unwrap_or(b',')
}

/// Whether bytes that come block after block are UTF-8.
pub(super) struct Utf8 {
    decoder: Decoder,
    room: Vec<u8>,
    broken: bool,
}

impl Default for Utf8 {
    fn default() -> Self {
        Self { decoder: UTF_8.new_decoder_without_bom_handling(), room: Vec::new(), broken: false }
    }
}

impl Utf8 {
    pub(super) fn take(&mut self, block: &[u8]) {
        self.decode(block, false);
    }

    /// Ends the bytes and returns whether all of them are.
    pub(super) fn holds(mut self) -> bool {
        self.decode(&[], true);
        !self.broken
    }

    fn decode(&mut self, block: &[u8], last: bool) {
        if !self.broken {
            let most = self.decoder.max_utf8_buffer_length_without_replacement(block.len());
            self.room.resize(most.unwrap_or(4 * block.len() + 4), 0);
            let (result, ..) = self.decoder.decode_to_utf8_without_replacement(block, &mut self.room, last);
            self.broken = result != DecoderResult::InputEmpty;
        }
    }
}

/// Where in a cell a byte stands.
#[derive(Clone, Copy, PartialEq)]
enum At {
    Start,
    Bare,
    /// Within quotes, and whether in a later line than the first of them.
    Quoted(bool),
    /// Behind the quote that closes, of a cell within one line or of several.
    Closed(bool),
}

/// Follows a text byte by byte to its first fault. A carriage return ends a line, alone or before a line feed.
struct Form {
    delimiter: u8,
    limits: Limits,
    returned: bool,
    /// Whether the byte before was the end of a line.
    is_ended: bool,
    at: At,
    /// Bytes of the cell so far.
    cell: usize,
    /// Bytes of the record so far.
    row: usize,
    /// Cells of the record before it.
    cells: u32,
    line: u64,
    /// The line in which the cell in quotes began.
    opened: u64,
    /// What is wrong, and in which line.
    fault: Option<(Defect, u64)>,
}

impl Form {
    fn new(delimiter: u8, limits: Limits) -> Self {
        Self {
            delimiter,
            limits,
            returned: false,
            is_ended: true,
            at: At::Start,
            cell: 0,
            row: 0,
            cells: 0,
            line: 1,
            opened: 1,
            fault: None,
        }
    }

    fn take(&mut self, byte: u8) {
        let returned = std::mem::replace(&mut self.returned, byte == b'\r');
        self.is_ended = matches!(byte, b'\n' | b'\r');
        if self.fault.is_some() || (returned && byte == b'\n') {
            return;
        }
        let byte = if byte == b'\r' { b'\n' } else { byte };
        self.follow(byte);
        self.line += u64::from(byte == b'\n');
        (self.cell, self.row) = (self.cell + 1, self.row + 1);
        if self.at == At::Start {
            self.cell = 0;
            (self.cells, self.row) = if byte == b'\n' { (0, 0) } else { (self.cells + 1, self.row) };
        }
        if let Some(defect) = self.beyond() {
            self.fault.get_or_insert((defect, self.line));
        }
    }

    /// What is more than it may be.
    fn beyond(&self) -> Option<Defect> {
        match self {
            _ if self.cell > self.limits.cell_bytes => Some(Defect::Cell),
            _ if self.row > self.limits.row_bytes => Some(Defect::Row),
            _ if self.cells >= self.limits.columns => Some(Defect::Columns),
            _ => None,
        }
    }

    /// Follows the quotes as the reader of records does. Where a cell of several lines goes on behind the quote that closes it, that
    /// one was meant to open another cell, and the cell's own is a stray one.
    fn follow(&mut self, byte: u8) {
        let quoting = self.delimiter != b'\t';
        self.at = match (self.at, byte) {
            (At::Start, b'"') if quoting => {
                self.opened = self.line;
                At::Quoted(false)
            }
            (At::Quoted(later), b'"') => At::Closed(later),
            (At::Closed(later), b'"') => At::Quoted(later),
            (At::Quoted(later), byte) => At::Quoted(later || byte == b'\n'),
            (_, byte) if byte == self.delimiter || byte == b'\n' => At::Start,
            (At::Closed(true), byte) if !byte.is_ascii_whitespace() => {
                self.fault.get_or_insert((Defect::Quote, self.opened));
                At::Bare
            }
            (At::Start | At::Bare | At::Closed(_), _) => At::Bare,
        };
    }

    fn end(&mut self) {
        if matches!(self.at, At::Quoted(_)) {
            self.fault.get_or_insert((Defect::Quote, self.opened));
        }
    }

    fn refuse(&self, name: &str) -> Result<(), DecodeError> {
        let Some((defect, line)) = self.fault else { return Ok(()) };
        let place = format!("{name}, line {line}");
        Err(match defect {
            Defect::Cell => DecodeError::cell(place, &self.limits),
            Defect::Row => DecodeError::row(place, &self.limits),
            Defect::Columns => DecodeError::columns(place, &self.limits),
            _ => DecodeError::new(defect, place, OPEN),
        })
    }
}

/// Text as UTF-8 with a line feed at the end of each line.
///
/// As a line feed the end of a line is counted where a record begins: the reader would count one in two characters only after it
/// has told where the next record begins.
struct Lines<R> {
    reader: R,
    decoder: Decoder,
    block: Vec<u8>,
    ready: Vec<u8>,
    given: usize,
    returned: bool,
    ended: bool,
}

impl<R: Read> Lines<R> {
    fn new(reader: R, charset: &'static Encoding) -> Self {
        let (decoder, block) = (charset.new_decoder_with_bom_removal(), vec![0; BLOCK]);
        Self { reader, decoder, block, ready: Vec::new(), given: 0, returned: false, ended: false }
    }

    /// Makes the next bytes ready.
    fn fill(&mut self) -> io::Result<()> {
        let size = self.reader.read(&mut self.block)?;
        self.ended = size == 0;
        self.ready.resize(self.decoder.max_utf8_buffer_length(size).unwrap_or(4 * BLOCK), 0);
        let block = &self.block[..size];
        let (_, _, written, _) = self.decoder.decode_to_utf8(block, &mut self.ready, self.ended);
        self.ready.truncate(written);
        self.ready.retain_mut(|byte| {
            let returned = std::mem::replace(&mut self.returned, *byte == b'\r');
            let second = returned && *byte == b'\n';
            *byte = if *byte == b'\r' { b'\n' } else { *byte };
            !second
        });
        self.given = 0;
        Ok(())
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() && !self.ended {
            self.fill()?;
        }
        let size = (&self.ready[self.given..]).read(buffer)?;
        self.given += size;
        Ok(size)
    }
}
