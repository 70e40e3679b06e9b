//! dBASE tables, as they lie beside maps: a header that names the fields, then records of one width, all of it text.
//! Source: dBASE .DBF file structure, levels 3 to 5.

use std::io::{self, Read as _, Seek as _, SeekFrom};

use encoding_rs::{
    Encoding, UTF_8, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255,
    WINDOWS_1256,
};

use super::{DecodeError, Defect, Limits, Part, Row, Sink, text::Utf8};
use crate::document::Document;

/// Bytes of the header before its fields, and of each field.
const BLOCK: usize = 32;
/// What ends the fields.
const END: u8 = 0x0D;
/// What begins a record that was deleted.
const DELETED: u8 = b'*';

/// Returns whether `bytes` begin as a table does: version, the day of the last change, two reserved bytes.
pub(super) fn is(bytes: &[u8]) -> bool {
    let Some(head) = bytes.get(..BLOCK) else { return false };
    matches!(head[0], 0x03 | 0x30 | 0x83 | 0x8B | 0xF5)
        && (1..=12).contains(&head[2])
        && (1..=31).contains(&head[3])
        && head[12..14] == [0, 0]
}

/// Reads a table: its fields are row 0, its records the rows from 1. Deleted records keep their number and are no rows.
pub(super) fn read(
    name: &str,
    document: &Document,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), DecodeError> {
    let table = Table::read(document).map_err(|reason| DecodeError::broken(Defect::Dbase, name, reason))?;
    if table.fields.len() > limits.columns as usize {
        return Err(DecodeError::columns(name, limits));
    }
    if table.cells() > limits.cells {
        return Err(DecodeError::cells(name, limits));
    }
    let part = Part { member: name.into(), sheet: String::new() };
    if !sink.wants(&part) {
        return Ok(());
    }
    let mut cells: Vec<String> = table.fields.iter().map(|field| field.name.clone()).collect();
    sink.row(&part, Row { number: 0, cells: &cells })?;
    let (mut reader, mut record) = (document.open(), vec![0; table.width]);
    reader.seek(SeekFrom::Start(table.start)).map_err(DecodeError::disk(name))?;
    for number in 1..=table.records {
        reader.read_exact(&mut record).map_err(DecodeError::disk(name))?;
        if record[0] == DELETED {
            continue;
        }
        let mut rest = &record[1..];
        for (cell, field) in cells.iter_mut().zip(&table.fields) {
            let (own, after) = rest.split_at(field.width);
            *cell = text(table.letters, own).ok_or_else(|| {
                let reason = format!("{} is not in a character set that is read", field.name);
                DecodeError::new(Defect::Charset, format!("{name}, record {number}"), reason)
            })?;
            rest = after;
        }
        sink.row(&part, Row { number, cells: &cells })?;
    }
    Ok(())
}

struct Field {
    name: String,
    width: usize,
}

struct Table {
    fields: Vec<Field>,
    /// Where the records begin.
    start: u64,
    /// Bytes of a record, the mark of a deleted one among them.
    width: usize,
    records: u32,
    letters: Option<&'static Encoding>,
}

impl Table {
    fn read(document: &Document) -> Result<Self, String> {
        let short = |what: &str| format!("it is cut short in {what}");
        let bytes = document.head(u16::MAX.into()).map_err(|error| error.to_string())?;
        let head = bytes.get(..BLOCK).ok_or_else(|| short("its header"))?;
        let records = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
        let start = u16::from_le_bytes([head[8], head[9]]);
        let width = usize::from(u16::from_le_bytes([head[10], head[11]]));
        let fields = fields(bytes.get(BLOCK..start.into()).ok_or_else(|| short("its fields"))?)?;
        let sum = 1 + fields.iter().map(|field| field.width).sum::<usize>();
        if sum != width {
            return Err(format!("its fields are {sum} bytes wide, its records {width}"));
        }
        let (start, size) = (u64::from(start), u64::from(records) * width as u64);
        if start + size > document.size() {
            return Err(short("its records"));
        }
        let utf8 = is_utf8(document, start, size).map_err(|error| error.to_string())?;
        let letters = if utf8 { Some(UTF_8) } else { letters(head[29]) };
        Ok(Self { fields, start, width, records, letters })
    }

    fn cells(&self) -> u64 {
        u64::from(self.records) * self.fields.len() as u64
    }
}

/// Whether the `size` bytes from `start` on are UTF-8.
fn is_utf8(document: &Document, start: u64, size: u64) -> io::Result<bool> {
    let (mut utf8, mut left) = (Utf8::default(), size);
    let mut reader = document.open();
    reader.seek(SeekFrom::Start(start))?;
    let mut block = vec![0; BLOCK << 10];
    while left > 0 {
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(block.len());
        reader.read_exact(&mut block[..most])?;
        utf8.take(&block[..most]);
        left -= most as u64;
    }
    Ok(utf8.holds())
}

fn fields(bytes: &[u8]) -> Result<Vec<Field>, String> {
    let mut fields = Vec::new();
    for block in bytes.chunks(BLOCK) {
        if block[0] == END {
            break;
        }
        if block.len() < BLOCK {
            return Err("its list of fields has no end".into());
        }
        let name = block[..11].split(|byte| *byte == 0).next().unwrap_or_default();
        let (name, kind) = (String::from_utf8_lossy(name).trim().to_owned(), block[11]);
        if !matches!(kind, b'C' | b'N' | b'F' | b'D' | b'L') {
            return Err(format!("the field {name} is of the kind {:?}, which is no text", char::from(kind)));
        }
        fields.push(Field { name, width: usize::from(block[16]) });
    }
    if fields.is_empty() { Err("it has no fields".into()) } else { Ok(fields) }
}

/// The character set of a mark in the header. Those of DOS are not among them.
fn letters(mark: u8) -> Option<&'static Encoding> {
    match mark {
        // The last is the mark of map makers: the machine's own set, which is this one where they are.
        0x00 | 0x03 | 0x57 => Some(WINDOWS_1252),
        0x7D => Some(WINDOWS_1255),
        0x7E => Some(WINDOWS_1256),
        0xC8 => Some(WINDOWS_1250),
        0xC9 => Some(WINDOWS_1251),
        0xCA => Some(WINDOWS_1254),
        0xCB => Some(WINDOWS_1253),
        _ => None,
    }
}

/// A cell without the blanks that fill it up.
fn text(letters: Option<&'static Encoding>, bytes: &[u8]) -> Option<String> {
    let bytes = bytes.trim_ascii();
    let plain = bytes.is_ascii().then_some(UTF_8);
    let (text, _) = letters.or(plain)?.decode_without_bom_handling(bytes);
    Some(text.trim_matches('\0').trim().to_owned())
}
