//! Workbooks.

use std::fmt::Write as _;

use super::{
    Broken,
    End::{Error, Held, Loads, Rejects},
    tables,
};
use crate::made;

const SHEET: &str = "pay";

/// The rows of the table as a sheet; `change` sees the type and text of each cell with its row and column.
fn sheet(codes: &[String], change: impl Fn(usize, usize, &str) -> Option<String>) -> String {
    let mut rows = String::new();
    for (row, line) in tables::lines(codes).iter().enumerate() {
        write!(rows, "<row r=\"{}\">", row + 1).unwrap();
        for (column, text) in line.split(',').enumerate() {
            let place = format!("{}{}", char::from(b'A' + u8::try_from(column).unwrap()), row + 1);
            let plain = || {
                if row > 0 && column > 2 {
                    format!("<c r=\"{place}\"><v>{text}</v></c>")
                } else {
                    format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
                }
            };
            let cell = change(row, column, &place).unwrap_or_else(plain);
            rows.push_str(&cell);
        }
        rows.push_str("</row>");
    }
    rows
}

fn changed(codes: &[String], row: usize, column: usize, kind: &str, text: &str) -> Vec<u8> {
    let cell = |at: usize, in_column: usize, place: &str| {
        (at == row && in_column == column).then(|| format!("<c r=\"{place}\"{kind}>{text}</c>"))
    };
    made::workbook(SHEET, &sheet(codes, cell))
}

#[expect(clippy::too_many_lines, reason = "a list of cases")]
pub(super) fn all(codes: &[String]) -> Vec<Broken> {
    let whole = made::workbook(SHEET, &sheet(codes, |_, _, _| None));
    let merged = sheet(codes, |row, column, place| match (row, column) {
        (0, 4) => Some(format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>pay</t></is></c>")),
        (0, 5 | 6) => Some(String::new()),
        _ => None,
    });
    let merged = format!(
        "{merged}</sheetData><mergeCells count=\"1\"><mergeCell ref=\"E1:G1\"/></mergeCells><sheetData>"
    );
    let sparse =
        r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#;
    let long =
        format!(r#"<row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row>"#, "0".repeat(10 << 20));
    // Letters that do not pack, so that the cell is met and not the bomb.
    let letters = (0..2_u32 << 20).map(|place| {
        let mixed = place.wrapping_mul(2_654_435_761) ^ (place >> 7).wrapping_mul(40_503);
        char::from(b'a' + u8::try_from(mixed >> 24 & 15).unwrap())
    });
    let noise = format!(
        r#"<row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row>"#,
        letters.collect::<String>()
    );
    let deep = format!("<row r=\"1\">{}</row>", "<c>".repeat(100_000));
    let laughs = "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]>&b;";
    let encrypted: Vec<u8> = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]
        .into_iter()
        .chain("EncryptedPackage".bytes().flat_map(|letter| [letter, 0]))
        .collect();
    let cases = [
        ("a whole workbook", "xlsx", whole.clone(), Loads),
        ("a workbook cut in half", "xlsx", whole[..whole.len() / 2].to_vec(), Error("broken-archive")),
        (
            "a workbook without its last bytes",
            "xlsx",
            whole[..whole.len() - 30].to_vec(),
            Error("broken-archive"),
        ),
        ("merged cells in the header", "xlsx", made::workbook(SHEET, &merged), Held("rows")),
        (
            "two cells at the ends of a sheet",
            "xlsx",
            made::workbook(SHEET, sparse),
            Error("too-many-columns"),
        ),
        ("ten megabytes in a cell of a sheet", "xlsx", made::workbook(SHEET, &long), Error("cell-too-long")),
        ("two megabytes of noise in a cell", "xlsx", made::workbook(SHEET, &noise), Error("cell-too-long")),
        ("tags that never end", "xlsx", made::workbook(SHEET, &deep), Error("broken-workbook")),
        ("entities of entities", "xlsx", made::workbook(SHEET, laughs), Error("no-header-row")),
        (
            "a code made a date in a sheet",
            "xlsx",
            changed(codes, 7, 0, "", "<v>44180</v>"),
            Rejects("malformed-code"),
        ),
        (
            "a day in place of pay",
            "xlsx",
            changed(codes, 7, 5, " s=\"1\"", "<v>45658</v>"),
            Rejects("unreadable-number"),
        ),
        (
            "a formula that nobody worked out",
            "xlsx",
            changed(codes, 7, 5, "", "<f>E8+1</f>"),
            Rejects("unreadable-number"),
        ),
        ("a formula with its result", "xlsx", changed(codes, 7, 5, "", "<f>E8+1</f><v>62000</v>"), Loads),
        (
            "a formula that failed",
            "xlsx",
            changed(codes, 7, 5, " t=\"e\"", "<v>#REF!</v>"),
            Rejects("unreadable-number"),
        ),
        (
            "a number of a sheet that is none",
            "xlsx",
            changed(codes, 7, 5, "", "<v>NaN</v>"),
            Rejects("unreadable-number"),
        ),
        (
            "a number of a sheet beyond all pay",
            "xlsx",
            changed(codes, 7, 5, "", "<v>1e308</v>"),
            Rejects("unreadable-number"),
        ),
        (
            "a text that the workbook lacks",
            "xlsx",
            changed(codes, 7, 1, " t=\"s\"", "<v>99999</v>"),
            Error("broken-workbook"),
        ),
        (
            "an old workbook cut short",
            "xls",
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 cut".to_vec(),
            Error("broken-workbook"),
        ),
        ("a workbook with a password", "xlsx", encrypted, Error("encrypted")),
        (
            "a web page called a workbook",
            "xlsx",
            b"<html><body>moved</body></html>".to_vec(),
            Error("html-page"),
        ),
    ];
    cases.into_iter().map(|(what, ending, bytes, end)| Broken(what, ending, bytes, end)).collect()
}
