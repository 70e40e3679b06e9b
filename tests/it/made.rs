//! Files in the publishers' layouts, made on the spot.

use std::{fmt::Write as _, io::Write as _};

use zip::{ZipWriter, write::SimpleFileOptions};

/// Numbers that look random and are the same every time.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// Returns a number from 0 to below `end`.
    pub(crate) fn below(&mut self, end: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap() % end
    }
}

/// A national table of the wage survey as its re-exports come: one row for each code, all pay rising with its place.
pub(crate) fn national(codes: &[String]) -> String {
    let mut text = String::from(
        "AREA,OCC_CODE,OCC_TITLE,O_GROUP,NAICS,I_GROUP,OWN_CODE,TOT_EMP,MEAN_PRSE,LOC_QUOTIENT,A_PCT10,A_PCT25,\
         A_MEDIAN,A_PCT75,A_PCT90,A_MEAN,H_PCT10,H_PCT25,H_MEDIAN,H_PCT75,H_PCT90,H_MEAN,ANNUAL,HOURLY\n",
    );
    for (place, code) in codes.iter().enumerate() {
        writeln!(
            text,
            "99,{code},Occupation {place},detailed,0,cross-industry,1235,{},1.5,1,{}",
            jobs(place),
            pay(place)
        )
        .unwrap();
    }
    text
}

fn jobs(place: usize) -> usize {
    1_000 + 10 * place
}

/// Ten figures, hourly ones times 2,080 the annual ones.
fn pay(place: usize) -> String {
    let hour = 15 + place / 20;
    let points = [hour, hour + 2, hour + 5, hour + 9, hour + 14, hour + 6];
    let annual = points.map(|hour| (hour * 2080).to_string()).join(",");
    format!("{annual},{},,", points.map(|hour| hour.to_string()).join(","))
}

/// The states and the District of Columbia.
pub(crate) const STATES: [&str; 51] = [
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS",
    "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC",
    "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY",
];

/// The states' table with ten columns, for every code and state.
pub(crate) fn states(codes: &[String], states: &[&str]) -> String {
    let mut text = String::from(
        "PRIM_STATE,OCC_CODE,OCC_TITLE,TOT_EMP,A_PCT10,A_PCT25,A_MEDIAN,A_PCT75,A_PCT90,A_MEAN\n",
    );
    for state in states {
        for (place, code) in codes.iter().enumerate() {
            let pay = pay(place);
            let annual: Vec<&str> = pay.split(',').take(6).collect();
            writeln!(text, "{state},{code},Occupation {place},{},{}", jobs(place), annual.join(",")).unwrap();
        }
    }
    text
}

/// A dBASE table of text, its first record the names of the fields, in the letters of Windows.
pub(crate) fn dbase(records: &[csv::StringRecord]) -> Vec<u8> {
    let letters =
        |text: &str| -> Vec<u8> { text.chars().map(|letter| u8::try_from(letter).unwrap()).collect() };
    let rows: Vec<Vec<Vec<u8>>> = records.iter().map(|record| record.iter().map(letters).collect()).collect();
    let width = |column: usize| rows[1..].iter().map(|row| row[column].len()).max().unwrap_or(1);
    let widths: Vec<usize> = (0..rows[0].len()).map(width).collect();
    let mut bytes = vec![0x03, 126, 6, 1];
    bytes.extend(u32::try_from(rows.len() - 1).unwrap().to_le_bytes());
    bytes.extend(u16::try_from(33 + 32 * widths.len()).unwrap().to_le_bytes());
    bytes.extend(u16::try_from(1 + widths.iter().sum::<usize>()).unwrap().to_le_bytes());
    bytes.resize(32, 0);
    bytes[29] = 0x57;
    for (name, width) in rows[0].iter().zip(&widths) {
        let mut field = [0; 32];
        field[..name.len()].copy_from_slice(name);
        (field[11], field[16]) = (b'C', u8::try_from(*width).unwrap());
        bytes.extend(field);
    }
    bytes.push(0x0D);
    for row in &rows[1..] {
        bytes.push(b' ');
        for (cell, width) in row.iter().zip(&widths) {
            bytes.extend(cell);
            bytes.resize(bytes.len() + width - cell.len(), b' ');
        }
    }
    bytes.push(0x1A);
    bytes
}

/// The definition of a survey, or of another way to observe pay, that nobody does: one file a year, annual pay of SOC 2018 in
/// Ireland, in `currency`.
pub(crate) fn definition(key: &str, method: &str, currency: &str) -> String {
    format!(
        r#"key = "{key}"
title = "Made up"
publisher = "Nobody"
homepage = "https://example.org/"
method = "{method}"
concept = "GROSS"
licence = "None"
attribution = "Nobody."
stale_after_days = 400
marks = {{ "-" = "NOT_PUBLISHED" }}

[[layout]]
dataset = "all"
rows = "bands"
file = 'made_(?<year>\d{{4}})\.csv'
reference = {{ label = "May {{year}}", start = "{{year}}-05-01", end = "{{year}}-05-31" }}
classification = [{{ is = "SOC_2018" }}]
level = "soc"
region = {{ fixed = "IE" }}
expect = {{ max_fall_percent = 100 }}
columns.code = ["code"]
columns.title = ["title"]
columns.employment = ["jobs"]
columns.mean-rse = ["rse"]

[[layout.band]]
period = "YEAR"
currency = "{currency}"
hours = 2080
cells = {{ p10 = ["p10"], p25 = ["p25"], median = ["p50"], p75 = ["p75"], p90 = ["p90"], mean = ["mean"] }}
"#
    )
}

/// A file of such a source: code, jobs, relative error of the mean, five percentiles and a mean in cents.
pub(crate) fn survey(rows: &[(String, u64, f64, [i64; 6])]) -> String {
    let mut text = String::from("code,title,jobs,rse,p10,p25,p50,p75,p90,mean\n");
    for (code, jobs, rse, cents) in rows {
        let cells = cents.map(|cents| format!("{}.{:02}", cents / 100, cents % 100)).join(",");
        writeln!(text, "{code},Occupation {code},{jobs},{rse},{cells}").unwrap();
    }
    text
}

/// Records as rows of a sheet, from the first row and column on; empty cells are left out.
pub(crate) fn rows(records: &[csv::StringRecord]) -> String {
    let mut rows = String::new();
    for (number, record) in (1..).zip(records) {
        write!(rows, r#"<row r="{number}">"#).unwrap();
        for (column, cell) in columns().zip(record).filter(|(_, cell)| !cell.is_empty()) {
            write!(rows, r#"<c r="{column}{number}" t="inlineStr"><is><t>{cell}</t></is></c>"#).unwrap();
        }
        rows.push_str("</row>");
    }
    rows
}

/// The records of a table of text.
pub(crate) fn records(bytes: &[u8]) -> Vec<csv::StringRecord> {
    let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    reader.into_records().map(Result::unwrap).collect()
}

/// A, B, …, Z, AA, AB, …
fn columns() -> impl Iterator<Item = String> {
    let letters = || ('A'..='Z').map(String::from);
    letters().chain(letters().flat_map(move |first| letters().map(move |second| first.clone() + &second)))
}

/// An archive of one file.
pub(crate) fn archive(member: &str, bytes: &[u8]) -> Vec<u8> {
    packed(member, bytes, SimpleFileOptions::default())
}

/// An archive of one file that was made in June of a year.
pub(crate) fn archive_of(member: &str, bytes: &[u8], year: u16) -> Vec<u8> {
    let day = zip::DateTime::from_date_and_time(year, 6, 1, 9, 0, 0).unwrap();
    packed(member, bytes, SimpleFileOptions::default().last_modified_time(day))
}

fn packed(member: &str, bytes: &[u8], options: SimpleFileOptions) -> Vec<u8> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file(member, options).unwrap();
    zip.write_all(bytes).unwrap();
    zip.finish().unwrap().into_inner()
}

/// A workbook of one sheet with the given XML between `<sheetData>` and its end.
pub(crate) fn workbook(sheet: &str, rows: &str) -> Vec<u8> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    for (name, text) in [
        (
            "[Content_Types].xml",
            format!(
                r#"<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>"#
            ),
        ),
        (
            "_rels/.rels",
            format!(
                r#"<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                r#"<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="{sheet}" sheetId="1" r:id="r1"/></sheets></workbook>"#
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                r#"<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
            ),
        ),
        // The style 1 is that of a day.
        (
            "xl/styles.xml",
            format!(
                r#"<styleSheet xmlns="{main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>"#
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!(r#"<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>"#),
        ),
    ] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
