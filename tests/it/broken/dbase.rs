//! dBASE tables.

use super::{
    Broken,
    End::{Error, Held, Loads, Rejects},
    tables,
};
use crate::made;

/// The table, with `text` as the pay in the middle of its seventh row.
fn table(codes: &[String], text: Option<&str>) -> Vec<u8> {
    let lines = tables::lines(codes);
    let records: Vec<csv::StringRecord> = lines
        .iter()
        .enumerate()
        .map(|(row, line)| {
            let cells = line.split(',').enumerate();
            cells.map(|(column, cell)| text.filter(|_| (row, column) == (7, 5)).unwrap_or(cell)).collect()
        })
        .collect();
    made::dbase(&records)
}

/// The table with one byte another.
fn with(codes: &[String], place: usize, byte: u8) -> Vec<u8> {
    let mut bytes = table(codes, None);
    bytes[place] = byte;
    bytes
}

pub(super) fn all(codes: &[String]) -> Vec<Broken> {
    let whole = table(codes, None);
    let deleted = usize::from(u16::from_le_bytes([whole[8], whole[9]]));
    let half = whole[..whole.len() / 2].to_vec();
    let cases = [
        ("a whole table", whole.clone(), Loads),
        ("a table cut in half", half, Error("broken-dbase")),
        ("a table cut in its fields", whole[..80].to_vec(), Error("broken-dbase")),
        ("four billion records", with(codes, 7, 0xFF), Error("broken-dbase")),
        ("records wider than their fields", with(codes, 10, 0xFF), Error("broken-dbase")),
        ("a header that ends nowhere", with(codes, 9, 0xFF), Error("broken-dbase")),
        ("a field that lies in another file", with(codes, 32 + 11, b'M'), Error("broken-dbase")),
        ("a field under another name", with(codes, 32 * 5, b'q'), Held("columns")),
        ("a deleted record", with(codes, deleted, b'*'), Loads),
        ("pay below zero in a table", table(codes, Some("-62000")), Rejects("negative-pay")),
        ("letters nobody knows", with(codes, 29, 0x01), Loads),
    ];
    cases.into_iter().map(|(what, bytes, end)| Broken(what, "dbf", bytes, end)).collect()
}
