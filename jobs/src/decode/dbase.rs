//! dBASE tables, as they lie beside maps: a header that names the fields, then records of one width, all of it text.
//! Source: dBASE .DBF file structure, levels 3 to 5.

use encoding_rs::{
    Encoding, UTF_8, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255,
    WINDOWS_1256,
};

use super::{DecodeError, Defect, Limits, Part, Row, Sink};

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
    bytes: &[u8],
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), DecodeError> {
    let table = Table::read(bytes).map_err(|reason| DecodeError::broken(Defect::Dbase, name, reason))?;
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
    for (number, record) in (1..).zip(table.records.chunks_exact(table.width)) {
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

struct Table<'a> {
    fields: Vec<Field>,
    /// Bytes of a record, the mark of a deleted one among them.
    width: usize,
    records: &'a [u8],
    letters: Option<&'static Encoding>,
}

impl<'a> Table<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, String> {
        let short = |what: &str| format!("it is cut short in {what}");
        let head = bytes.get(..BLOCK).ok_or_else(|| short("its header"))?;
        let records = usize::try_from(u32::from_le_bytes([head[4], head[5], head[6], head[7]]));
        let start = usize::from(u16::from_le_bytes([head[8], head[9]]));
        let width = usize::from(u16::from_le_bytes([head[10], head[11]]));
        let fields = fields(bytes.get(BLOCK..start).ok_or_else(|| short("its fields"))?)?;
        let sum = 1 + fields.iter().map(|field| field.width).sum::<usize>();
        if sum != width {
            return Err(format!("its fields are {sum} bytes wide, its records {width}"));
        }
        let size = records.ok().and_then(|records| records.checked_mul(width));
        let end = size.and_then(|size| size.checked_add(start));
        let records = end.and_then(|end| bytes.get(start..end)).ok_or_else(|| short("its records"))?;
        let letters = if std::str::from_utf8(records).is_ok() { Some(UTF_8) } else { letters(head[29]) };
        Ok(Self { fields, width, records, letters })
    }

    fn cells(&self) -> u64 {
        (self.records.len() / self.width * self.fields.len()) as u64
    }
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
