//! Text tables.

use std::fmt::Write as _;

use super::{
    Broken,
    End::{self, Error, Held, Loads, Rejects},
};

/// Rows of a table that is whole.
pub(super) const ROWS: usize = 40;
const HEADER: &str = "code,title,state,jobs,p10,median,p90";

/// A table in which nothing is wrong.
pub(super) fn lines(codes: &[String]) -> Vec<String> {
    let rows = codes.iter().enumerate().map(|(place, code)| {
        format!("{code},Occupation {place},CA,{},{},{},{}", 100 + place, 41_000 + place, 62_000, 93_000)
    });
    std::iter::once(HEADER.to_owned()).chain(rows).collect()
}

/// The table with one cell of its seventh row changed.
fn cell(codes: &[String], column: usize, text: &str) -> Vec<u8> {
    let mut lines = lines(codes);
    let mut cells: Vec<&str> = lines[7].split(',').collect();
    cells[column] = text;
    lines[7] = cells.join(",");
    lines.join("\n").into_bytes()
}

/// The table with every line changed.
fn each(codes: &[String], change: impl Fn(&str) -> String) -> Vec<u8> {
    lines(codes).iter().map(|line| change(line) + "\n").collect::<String>().into_bytes()
}

pub(super) fn utf16(text: &str, big: bool) -> Vec<u8> {
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    units.flat_map(|unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

pub(super) fn all(codes: &[String]) -> Vec<Broken> {
    let mut all = forms(codes);
    all.extend(layouts(codes));
    all.extend(meanings(codes));
    all.into_iter().map(|(what, bytes, end)| Broken(what, "csv", bytes, end)).collect()
}

type Case = (&'static str, Vec<u8>, End);

/// Bytes that are no text, or odd text.
fn forms(codes: &[String]) -> Vec<Case> {
    let lines = lines(codes);
    let text = lines.join("\n");
    let html = "<!DOCTYPE html><html><title>403 Forbidden</title></html>";
    let mut nul = text.clone().into_bytes();
    nul[300] = 0;
    let wide = each(codes, |line| format!("{line}{}", ",".repeat(2_000)));
    vec![
        ("no bytes", Vec::new(), Error("empty")),
        ("blanks only", b" \r\n\t\n".to_vec(), Error("empty")),
        ("a web page", html.into(), Error("html-page")),
        ("a web page after blank lines", format!("\n\n  {html}").into(), Error("html-page")),
        ("UTF-16, little end first", utf16(&text, false), Error("wrong-charset")),
        ("UTF-16, big end first", utf16(&text, true), Error("wrong-charset")),
        ("a NUL in a cell", nul, Error("not-text")),
        ("Windows letters", cell_bytes(codes, b"Caf\xe9 \x96 cook"), Loads),
        ("Japanese letters in the wrong charset", cell_bytes(codes, b"\x83v\x83\x8d\x83O"), Loads),
        ("a byte order mark", format!("\u{feff}{text}").into(), Loads),
        ("carriage returns alone", text.replace('\n', "\r").into(), Loads),
        ("every sort of line end", text.replacen('\n', "\r\n", 9).replacen('\n', "\r", 20).into(), Loads),
        ("text from right to left", cell(codes, 1, "\u{202e}مهندس برمجيات\u{202c}"), Loads),
        (
            "three megabytes in the cells of a row",
            cell(codes, 1, &vec!["x".repeat(1_000_000); 3].join(",")),
            Error("row-too-long"),
        ),
        ("ten megabytes in a cell", cell(codes, 1, &"x".repeat(10 << 20)), Error("cell-too-long")),
        ("two thousand columns", wide, Error("too-many-columns")),
        ("a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), Error("not-text")),
        (
            "a portable document",
            b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n".to_vec(),
            Error("no-header-row"),
        ),
        ("noise", (1..=255).cycle().take(5_000).collect(), Error("no-header-row")),
        ("an error in JSON", br#"{"error": "over capacity"}"#.to_vec(), Error("no-table")),
    ]
}

fn cell_bytes(codes: &[String], title: &[u8]) -> Vec<u8> {
    let text = cell(codes, 1, "TITLE");
    let place = text.windows(5).position(|window| window == b"TITLE").unwrap();
    [&text[..place], title, &text[place + 5..]].concat()
}

/// Rows and columns that are not where they should be.
fn layouts(codes: &[String]) -> Vec<Case> {
    let lines = lines(codes);
    let text = lines.join("\n");
    let cut = text.rfind("\n1").unwrap() + 4;
    let mut quoted = lines.clone();
    quoted[10] = quoted[10].replacen("Occupation", "\"Occupation", 1);
    let mut swallowed = quoted.clone();
    swallowed[14] = swallowed[14].replacen("Occupation 13", "\"Occupation 13\"", 1);
    let of_lines =
        text.replace("Occupation ", "\"Occupation\n\"\"of\"\" its\nnumber ").replace(",CA", "\",CA");
    let within = of_lines.rfind("its\n").unwrap();
    let mut shifted = lines.clone();
    shifted[7].insert(0, ',');
    let mut short = lines.clone();
    let median = short[7].rfind("00,").unwrap();
    short[7].truncate(median);
    let mut twice = lines.clone();
    twice.push(lines[3].replace(",62000,", ",63000,"));
    let mut again = lines.clone();
    again.push(lines[3].clone());
    let half = lines[..ROWS / 2].join("\n");
    vec![
        ("cut off in a code", text[..cut].into(), Error("cut-short")),
        ("cut off in the median", text[..text.rfind("00,93").unwrap()].into(), Error("cut-short")),
        ("a note below the last line", format!("{text}\nSource: nobody").into(), Error("cut-short")),
        ("a row that ends in its median", short.join("\n").into(), Rejects("short-row")),
        ("no header", lines[1..].join("\n").into(), Error("no-header-row")),
        ("a header alone", HEADER.into(), Held("rows")),
        ("half of the rows of the year before", half.into(), Held("rows")),
        ("a quote that is never closed", quoted.join("\n").into(), Error("open-quote")),
        ("a quote that the next one closes", swallowed.join("\n").into(), Error("open-quote")),
        ("cut off in a quoted cell", of_lines[..within].into(), Error("open-quote")),
        ("a quote in the last line", format!("{text}\n{}", "\"").into(), Error("open-quote")),
        ("quoted cells of several lines", of_lines.clone().into(), Loads),
        ("a quote within a cell", text.replace("Occupation 9,", "5\" Pipe \"fitters\",").into(), Loads),
        ("thousands that part cells", text.replace("CA,106,", "CA,300,106,").into(), Rejects("row-too-wide")),
        ("a header in other words", text.replacen("median", "middle", 1).into(), Held("columns")),
        ("the same header twice", text.replacen("p90", "median", 1).into(), Held("columns")),
        (
            "a header that stands twice",
            each(codes, |line| format!("{line},{}", line.rsplit(',').nth(1).unwrap())),
            Held("columns"),
        ),
        (
            "no column of regions",
            each(codes, |line| line.replacen(",CA", "", 1).replacen(",state", "", 1)),
            Held("rows"),
        ),
        ("a header one column short", text.replacen("title,", "", 1).into(), Held("rows")),
        ("one row shifted to the right", shifted.join("\n").into(), Rejects("row-too-wide")),
        ("an occupation twice with different pay", twice.join("\n").into(), Rejects("code-twice")),
        ("the same row twice", again.join("\n").into(), Loads),
    ]
}

/// The line with `text` in place of its pay.
fn pays(line: &str, text: &str) -> String {
    let cells: Vec<&str> = line.split(',').collect();
    if line == HEADER { line.to_owned() } else { format!("{},{text},{text},{text}", cells[..4].join(",")) }
}

/// Cells that do not say what they should.
fn meanings(codes: &[String]) -> Vec<Case> {
    let mut cases = vec![
        ("a code made a date", cell(codes, 0, "15-Dec"), Rejects("malformed-code")),
        ("a code made the number of a date", cell(codes, 0, "44180"), Rejects("malformed-code")),
        ("a code without its dash", cell(codes, 0, "151252"), Rejects("malformed-code")),
        ("no code", cell(codes, 0, ""), Rejects("malformed-code")),
        ("a region that is none", cell(codes, 2, "ZZ"), Rejects("unknown-region")),
        ("pay below zero", cell(codes, 5, "-62000"), Rejects("negative-pay")),
        ("pay with the sign of another currency", cell(codes, 5, "€62000"), Rejects("other-currency")),
        ("pay with the sign of its currency", cell(codes, 5, "$62000"), Loads),
        ("no pay in any row", each(codes, |line| pays(line, "")), Held("figures")),
        ("all pay withheld", each(codes, |line| pays(line, "*")), Held("figures")),
        (
            "percentiles that fall",
            each(codes, |line| line.replace(",93000", ",13000")),
            Held("percentile-order"),
        ),
    ];
    for (what, text) in [
        ("not a number", "NaN"),
        ("no end", "Infinity"),
        ("a number beyond all pay", "1e308"),
        ("thirty digits", "123456789012345678901234567890"),
        ("a decimal comma", "\"62000,5\""),
        ("commas at odd places", "\"6,20,00\""),
        ("two points", "62.000.50"),
        ("a letter for a zero", "62O00"),
        ("Arabic digits", "٦٢٠٠٠"),
        ("an error of a spreadsheet", "#DIV/0!"),
        ("an unknown mark", "†"),
        ("a range", "60000-64000"),
        ("a fraction of a cent", "62000.12345"),
    ] {
        cases.push((what, cell(codes, 5, text), Rejects("unreadable-number")));
    }
    let mut wordy = String::new();
    for line in lines(codes) {
        writeln!(wordy, "{line},").unwrap();
    }
    cases.push(("a comma at the end of each line", wordy.into(), Loads));
    cases
}
