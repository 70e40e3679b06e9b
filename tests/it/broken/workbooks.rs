//! Workbooks.

use std::{
    fmt::Write as _,
    io::{Cursor, Write as _},
};

use zip::{ZipWriter, write::SimpleFileOptions};

use super::{
    Broken,
    End::{Error, Held, Loads, Rejects},
    tables,
};
use crate::made;

const SHEET: &str = "pay";

/// What follows the last sector of a chain.
const LAST: u32 = 0xFFFF_FFFE;

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

/// A workbook that says of itself how many texts its cells share.
fn sharing(codes: &[String], part: &str, texts: &str) -> Vec<u8> {
    let book = made::workbook(SHEET, &sheet(codes, |_, _, _| None));
    let mut zip = ZipWriter::new_append(Cursor::new(book)).unwrap();
    zip.start_file(part, SimpleFileOptions::default()).unwrap();
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    write!(zip, "<sst xmlns=\"{main}\" count=\"1\" uniqueCount=\"{texts}\"><si><t>a</t></si></sst>").unwrap();
    zip.finish().unwrap().into_inner()
}

/// An old workbook of one sheet with the number 1 at each of `cells`; its directory goes on at the sector `after`.
/// Sources: MS-CFB 2.2 to 2.6, MS-XLS 2.4.
fn old(cells: &[(u16, u16)], after: u32) -> Vec<u8> {
    disk(one_sheet(cells), "Workbook", after)
}

fn one_sheet(cells: &[(u16, u16)]) -> Vec<u8> {
    let mut stream = [begin(5), named(head(1)), record(0x000A, &[]), begin(0x10)].concat();
    for (row, column) in cells {
        let number = [&row.to_le_bytes()[..], &column.to_le_bytes(), &[0, 0], &1_f64.to_le_bytes()].concat();
        stream.extend(record(0x0203, &number));
    }
    stream.extend(record(0x000A, &[]));
    stream
}

/// An old workbook whose sheets all begin where the same empty records do.
fn crowded() -> Vec<u8> {
    let sheets = named(head(100)).repeat(100);
    let records = record(0x0F01, &[]).repeat(400);
    let stream = [begin(5), sheets, record(0x000A, &[]), records, record(0x000A, &[])].concat();
    disk(stream, "Workbook", LAST)
}

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &u16::try_from(data.len()).unwrap().to_le_bytes(), data].concat()
}

fn begin(what: u8) -> Vec<u8> {
    record(0x0809, &[0, 6, what, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
}

/// Says that a sheet begins at `at`.
fn named(at: usize) -> Vec<u8> {
    record(0x0085, &[&u32::try_from(at).unwrap().to_le_bytes()[..], &[0, 0, 3, 0], b"pay"].concat())
}

/// Bytes of the head of a workbook of some sheets.
fn head(sheets: usize) -> usize {
    begin(5).len() + sheets * named(0).len() + record(0x000A, &[]).len()
}

/// The file that holds `stream` under `name`, with the sector `after` after that of the directory.
fn disk(mut stream: Vec<u8>, name: &str, after: u32) -> Vec<u8> {
    stream.resize(4096, 0);
    let longs = |numbers: &[u32]| numbers.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>();
    let entry = |name: &str, kind: u8, start: u32, size: u32| {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry.resize(64, 0);
        entry.extend([u8::try_from(name.encode_utf16().count() * 2 + 2).unwrap(), 0, kind, 1]);
        entry.extend([0xFF; 12]);
        entry.resize(116, 0);
        entry.extend(longs(&[start, size, 0]));
        entry
    };
    let mut file = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    file.resize(24, 0);
    file.extend([0x3E, 0, 3, 0, 0xFE, 0xFF, 9, 0, 6, 0, 0, 0, 0, 0, 0, 0]);
    file.extend(longs(&[0, 1, 1, 0, 4096, LAST, 0, LAST, 0, 0]));
    file.resize(512, 0xFF);
    // The list of sectors, the directory, and the workbook.
    file.extend(longs(&[0xFFFF_FFFD, after, 3, 4, 5, 6, 7, 8, 9, LAST]));
    file.resize(1024, 0xFF);
    file.extend([entry("Root Entry", 5, LAST, 0), entry(name, 2, 2, 4096)].concat());
    file.resize(1536, 0);
    file.extend(stream);
    file
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
            "a workbook that says it shares more texts than there are",
            "xlsx",
            sharing(codes, "xl/sharedStrings.xml", "10000000000000"),
            Error("unpacks-too-large"),
        ),
        (
            "a workbook that says how many texts it shares",
            "xlsx",
            sharing(codes, "xl/sharedStrings.xml", "1"),
            Loads,
        ),
        (
            "a shared formula of a number beyond all others",
            "xlsx",
            changed(
                codes,
                7,
                5,
                "",
                "<f t=\"shared\" ref=\"F8:F9\" si=\"1000000000000\">E8+1</f><v>62000</v>",
            ),
            Loads,
        ),
        (
            "a count of shared texts under another name",
            "xlsx",
            sharing(codes, "xl/sharedStrings.XML", "10000000000000"),
            Error("unpacks-too-large"),
        ),
        ("an old workbook without a table", "xls", old(&[(0, 0), (3, 2)], LAST), Error("no-header-row")),
        (
            "two cells at the ends of an old sheet",
            "xls",
            old(&[(0, 0), (u16::MAX, u16::MAX)], LAST),
            Error("too-many-cells"),
        ),
        (
            "an old workbook behind a mark of byte order",
            "xls",
            disk(one_sheet(&[(0, 0), (u16::MAX, u16::MAX)]), "\u{feff}Workbook", LAST),
            Error("broken-workbook"),
        ),
        ("a hundred old sheets in one place", "xls", crowded(), Error("broken-workbook")),
        ("an old workbook whose directory has no end", "xls", old(&[(0, 0)], 1), Error("broken-workbook")),
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
