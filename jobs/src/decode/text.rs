//! Separated text: comma, tab or semicolon; UTF-8, or windows-1252 where it is not; any line end. It is never held a second
//! time in another form.

use std::io::{self, Read};

use encoding_rs::{Decoder, Encoding, UTF_8, WINDOWS_1252};

use super::{DecodeError, Defect, Limits, Part, Row, Sink};

/// Bytes that are read at a time.
const BLOCK: usize = 64 << 10;

/// What is said of a quote that opens a cell.
const OPEN: &str =
    "a quote opens a cell here that nothing closes: the file is cut short, or the quote is a stray one";

/// Reads a text table.
pub(super) fn read(
    name: &str,
    bytes: &[u8],
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), DecodeError> {
    refuse(name, bytes)?;
    let part = Part { member: name.into(), sheet: String::new() };
    if !sink.wants(&part) {
        return Ok(());
    }
    let charset = if str::from_utf8(bytes).is_ok() { UTF_8 } else { WINDOWS_1252 };
    let delimiter = delimiter(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .quoting(delimiter != b'\t')
        .from_reader(Text::new(bytes, charset, delimiter, *limits));
    let mut record = csv::StringRecord::new();
    let mut cells: Vec<String> = Vec::new();
    loop {
        let more = reader.read_record(&mut record);
        let line = record.position().map_or(0, csv::Position::line);
        if let Some((defect, line)) = reader.get_ref().fault {
            let place = format!("{name}, line {line}");
            return Err(match defect {
                Defect::Cell => DecodeError::cell(place, limits),
                Defect::Columns => DecodeError::columns(place, limits),
                _ => DecodeError::new(defect, place, OPEN),
            });
        }
        if !more.map_err(|error| DecodeError::broken(Defect::NotText, name, error))? {
            return Ok(());
        }
        cells.clear();
        cells.extend(record.iter().map(ToOwned::to_owned));
        sink.row(&part, Row { number: u32::try_from(line).unwrap_or(u32::MAX), cells: &cells })?;
    }
}

/// Refuses bytes, all of a file or the first, that are of another charset than those that are read, or no text.
pub(super) fn refuse(name: &str, bytes: &[u8]) -> Result<(), DecodeError> {
    let other = Encoding::for_bom(bytes).filter(|(charset, _)| *charset != UTF_8);
    if let Some((charset, _)) = other {
        let reason = format!("it is {}; save it as UTF-8", charset.name());
        return Err(DecodeError::new(Defect::Charset, name, reason));
    }
    if bytes.contains(&0) {
        return Err(DecodeError::new(Defect::NotText, name, "it holds a NUL byte, so it is no text"));
    }
    Ok(())
}

/// The separator that the first line holds most of.
fn delimiter(bytes: &[u8]) -> u8 {
    let mut lines = bytes.split(|byte| matches!(byte, b'\n' | b'\r'));
    let line = lines.find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
    let count = |separator: u8| memchr::memchr_iter(separator, line).count();
    [b',', b'\t', b';'].into_iter().rev().max_by_key(|separator| count(*separator)).unwrap_or(b',')
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

/// Text as UTF-8 with a line feed at the end of each line. It ends at its first fault.
///
/// A carriage return ends a line, alone or before a line feed. As a line feed it is counted where a record begins: the reader
/// would count the end of a line in two characters only after it has told where the next one begins.
struct Text<'a> {
    bytes: &'a [u8],
    decoder: Decoder,
    delimiter: u8,
    limits: Limits,
    decoded: Vec<u8>,
    ready: Vec<u8>,
    given: usize,
    ended: bool,
    returned: bool,
    at: At,
    /// Bytes of the cell so far.
    cell: usize,
    /// Cells of the record before it.
    cells: u32,
    line: u64,
    opened: u64,
    /// What is wrong, and in which line.
    fault: Option<(Defect, u64)>,
}

impl<'a> Text<'a> {
    fn new(bytes: &'a [u8], charset: &'static Encoding, delimiter: u8, limits: Limits) -> Self {
        Self {
            bytes,
            decoder: charset.new_decoder_with_bom_removal(),
            delimiter,
            limits,
            decoded: Vec::new(),
            ready: Vec::new(),
            given: 0,
            ended: false,
            returned: false,
            at: At::Start,
            cell: 0,
            cells: 0,
            line: 1,
            opened: 1,
            fault: None,
        }
    }

    /// Makes the next bytes ready.
    fn fill(&mut self) {
        let (block, rest) = self.bytes.split_at(self.bytes.len().min(BLOCK));
        (self.bytes, self.ended) = (rest, rest.is_empty());
        let most = self.decoder.max_utf8_buffer_length(block.len()).unwrap_or(4 * BLOCK);
        self.decoded.resize(most, 0);
        let (_, _, written, _) = self.decoder.decode_to_utf8(block, &mut self.decoded, self.ended);
        self.given = 0;
        self.ready.clear();
        for place in 0..written {
            self.take(self.decoded[place]);
        }
        if self.ended && matches!(self.at, At::Quoted(_)) {
            self.fault.get_or_insert((Defect::Quote, self.opened));
        }
        if self.fault.is_some() {
            (self.ended, self.given) = (true, self.ready.len());
        }
    }

    fn take(&mut self, byte: u8) {
        let returned = std::mem::replace(&mut self.returned, byte == b'\r');
        if returned && byte == b'\n' {
            return;
        }
        let byte = if byte == b'\r' { b'\n' } else { byte };
        self.ready.push(byte);
        self.follow(byte);
        self.line += u64::from(byte == b'\n');
        if self.at == At::Start {
            self.cell = 0;
            self.cells = if byte == b'\n' { 0 } else { self.cells + 1 };
        } else {
            self.cell += 1;
        }
        if self.cell > self.limits.cell_bytes {
            self.fault.get_or_insert((Defect::Cell, self.line));
        }
        if self.cells >= self.limits.columns {
            self.fault.get_or_insert((Defect::Columns, self.line));
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
}

impl Read for Text<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() && !self.ended {
            self.fill();
        }
        let size = (&self.ready[self.given..]).read(buffer)?;
        self.given += size;
        Ok(size)
    }
}
