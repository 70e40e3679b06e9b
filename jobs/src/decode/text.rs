//! Separated text: comma, tab or semicolon; UTF-8, or windows-1252 where it is not; any line end.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::{DecodeError, Defect, Limits, Part, Row, Sink};

/// Reads a text table.
pub(super) fn read(
    name: &str,
    bytes: &[u8],
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), DecodeError> {
    if let Some((charset, _)) = Encoding::for_bom(bytes).filter(|(charset, _)| *charset != UTF_8) {
        let reason = format!("it is {}; save it as UTF-8", charset.name());
        return Err(DecodeError::new(Defect::Charset, name, reason));
    }
    if bytes.contains(&0) {
        return Err(DecodeError::new(Defect::NotText, name, "it holds a NUL byte, so it is no text"));
    }
    let part = Part { member: name.into(), sheet: String::new() };
    if !sink.wants(&part) {
        return Ok(());
    }
    let utf8 = std::str::from_utf8(bytes).is_ok();
    let (text, _) = if utf8 { UTF_8 } else { WINDOWS_1252 }.decode_with_bom_removal(bytes);
    let text = line_ends(&text);
    let delimiter = delimiter(&text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .quoting(delimiter != b'\t')
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut cells: Vec<String> = Vec::new();
    while reader
        .read_record(&mut record)
        .map_err(|error| DecodeError::broken(Defect::NotText, name, error))?
    {
        let line = record.position().map_or(0, csv::Position::line);
        let place = || format!("{name}, line {line}");
        let (start, end) = (record.position().map_or(0, csv::Position::byte), reader.position());
        let last = end.byte() == text.len() as u64;
        if delimiter != b'\t' && (last || end.line() > line + 1) {
            let bytes = usize::try_from(start).unwrap_or(0)..usize::try_from(end.byte()).unwrap_or(0);
            if is_open(&text.as_bytes()[bytes], delimiter) {
                let reason = "a quote opens a cell here that nothing closes: the file is cut short, or the quote a stray one";
                return Err(DecodeError::new(Defect::Quote, place(), reason));
            }
        }
        if record.len() > limits.columns as usize {
            return Err(DecodeError::columns(place(), limits));
        }
        if record.iter().any(|cell| cell.len() > limits.cell_bytes) {
            return Err(DecodeError::cell(place(), limits));
        }
        cells.clear();
        cells.extend(record.iter().map(ToOwned::to_owned));
        sink.row(&part, Row { number: u32::try_from(line).unwrap_or(u32::MAX), cells: &cells })?;
    }
    Ok(())
}

/// Whether a quote opens a cell of `record` and none closes it: the record ends before it does, or a later line goes on right
/// behind the next quote, which was meant to open another cell.
fn is_open(record: &[u8], delimiter: u8) -> bool {
    #[derive(Clone, Copy, PartialEq)]
    enum At {
        Start,
        Bare,
        /// Within quotes, and whether in a later line than the first of them.
        Quoted(bool),
        Closed(bool),
    }
    let mut at = At::Start;
    for byte in record {
        at = match (at, *byte) {
            (At::Start, b'"') => At::Quoted(false),
            (At::Quoted(later), b'"') => At::Closed(later),
            (At::Closed(later), b'"') => At::Quoted(later),
            (At::Quoted(later), byte) => At::Quoted(later || byte == b'\n'),
            (_, byte) if byte == delimiter || byte == b'\n' => At::Start,
            (At::Closed(true), byte) if !byte.is_ascii_whitespace() => return true,
            (At::Start | At::Bare | At::Closed(_), _) => At::Bare,
        };
    }
    matches!(at, At::Quoted(_))
}

/// A carriage return ends a line, alone or before a line feed. As a line feed it is counted where a record begins: the reader
/// would count the end of a line in two characters only after it has told where the next one begins.
fn line_ends(text: &str) -> Cow<'_, str> {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n").into() } else { text.into() }
}

/// The separator that the first line holds most of.
fn delimiter(text: &str) -> u8 {
    let line = text.split(['\n', '\r']).find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |separator: u8| line.bytes().filter(|byte| *byte == separator).count();
    [b',', b'\t', b';'].into_iter().rev().max_by_key(|separator| count(*separator)).unwrap_or(b',')
}
