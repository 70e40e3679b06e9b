//! Files that are not what they should be: a clear error, and what was served before is still served.

use entity::Classification;
use jobs::{
    pipeline::{IngestError, Outcome, Report},
    publish,
};
use serde_json::Value;

use crate::{app::App, made};

on_both_engines!(
    a_release_that_cannot_be_believed_is_held,
    a_release_without_a_figure_hides_nothing,
    rows_that_cannot_be_read_are_kept,
);

async fn codes(app: &App) -> Vec<String> {
    app.codes(Classification::Soc2018).await
}

/// An error with all its causes.
fn words(error: &IngestError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// The median of general and operations managers that is served now, and from which release.
async fn served(app: &App) -> (Value, Value) {
    let found = app
        .ask("{ salaryBands(filter: { occupations: [{ classification: SOC_2018, code: \"11-1021\" }], regions: [\"US\"], period: YEAR }) { nodes { median { amount } reference { label } } } }")
        .await;
    let band = &found["salaryBands"]["nodes"][0];
    (band["median"]["amount"].clone(), band["reference"]["label"].clone())
}

fn failed(report: &Report, check: &str) -> bool {
    report.lines.iter().any(|line| line.starts_with(&format!("check {check} failed")))
}

async fn a_release_that_cannot_be_believed_is_held(app: App) {
    let codes = codes(&app).await;
    let good =
        app.take("bls-oews", "oews_national_2021.csv", made::national(&codes).as_bytes()).await.unwrap();
    assert_eq!((good.outcome, good.rejected), (Outcome::Published, 0), "{:?}", good.lines);
    assert_eq!((good.read, good.loaded), (codes.len() as u64, codes.len() as u64));
    let before = served(&app).await;
    assert_eq!(before.1, "May 2021");

    let half = made::national(&codes[..codes.len() / 2]);
    let half = app.take("bls-oews", "oews_national_2022.csv", half.as_bytes()).await.unwrap();
    assert!(half.outcome == Outcome::Held && failed(&half, "rows"), "{:?}", half.lines);

    let text = made::national(&codes);
    let crossed: String = text.lines().map(|line| swapped(line) + "\n").collect();
    let crossed = app.take("bls-oews", "oews_national_2023.csv", crossed.as_bytes()).await.unwrap();
    assert!(crossed.outcome == Outcome::Held && failed(&crossed, "percentile-order"), "{:?}", crossed.lines);

    let tenfold: String = text.lines().map(|line| tenfold(line) + "\n").collect();
    let tenfold = app.take("bls-oews", "oews_national_2026.csv", tenfold.as_bytes()).await.unwrap();
    assert!(tenfold.outcome == Outcome::Held && failed(&tenfold, "pay-level"), "{:?}", tenfold.lines);

    let strangers: Vec<String> = (0..codes.len()).map(|number| format!("77-{number:04}")).collect();
    let strange = made::national(&strangers);
    let strange = app.take("bls-oews", "oews_national_2020.csv", strange.as_bytes()).await.unwrap();
    assert!(strange.outcome == Outcome::Held && failed(&strange, "composites"), "{:?}", strange.lines);

    let without = text.replace("A_MEDIAN", "A_MIDDLE");
    let without = app.take("bls-oews", "oews_national_2019.csv", without.as_bytes()).await.unwrap();
    assert!(without.outcome == Outcome::Held && failed(&without, "columns"), "{:?}", without.lines);
    assert!(without.lines.iter().any(|line| line.contains("a_median")), "{:?}", without.lines);

    assert_eq!(served(&app).await, before);
    let sources = app.ask("{ sources { key releases(first: 100) { nodes { label status } } } }").await;
    let ours =
        sources["sources"].as_array().unwrap().iter().find(|source| source["key"] == "bls-oews").unwrap();
    let releases = ours["releases"]["nodes"].as_array().unwrap();
    let held: Vec<_> = releases.iter().filter(|release| release["status"] == "HELD").collect();
    assert_eq!((releases.len(), held.len()), (6, 5), "{releases:?}");
}

/// A row whose pay is ten times as much.
fn tenfold(line: &str) -> String {
    let cells = line.split(',').enumerate().map(|(column, cell)| match cell.parse::<u64>() {
        Ok(amount) if column >= 10 => (amount * 10).to_string(),
        _ => cell.to_owned(),
    });
    cells.collect::<Vec<_>>().join(",")
}

/// The line with its 10th and 90th percentile in each other's place.
fn swapped(line: &str) -> String {
    let mut cells: Vec<&str> = line.split(',').collect();
    if cells[0] == "99" {
        cells.swap(10, 14);
    }
    cells.join(",")
}

/// The line with `value` in one column, unless it is the header.
fn with(line: &str, column: usize, value: &str) -> String {
    let mut cells: Vec<&str> = line.split(',').collect();
    if cells[0] == "99" {
        cells[column] = value;
    }
    cells.join(",")
}

async fn a_release_without_a_figure_hides_nothing(app: App) {
    let table = made::national(&codes(&app).await);
    let take = async |year: u16, table: &str| {
        let name = format!("oews_national_{year}.csv");
        app.take("bls-oews", &name, table.as_bytes()).await.unwrap()
    };
    assert_eq!(take(2021, &table).await.outcome, Outcome::Published);
    let before = served(&app).await;
    // Jobs that are fewer than none are no figure, and no row of pay may rest on them.
    let employment = table.lines().next().unwrap().split(',').position(|head| head == "TOT_EMP").unwrap();
    let below: String = table.lines().map(|line| with(line, employment, "-50") + "\n").collect();
    let below = take(2022, &below).await;
    assert_eq!((below.loaded, below.rejected), (0, below.read), "{:?}", below.lines);
    assert!(below.outcome == Outcome::Held && failed(&below, "figures"), "{:?}", below.lines);
    let code = |line: &String| line.ends_with("`-50` is below zero (negative-count)");
    assert!(below.lines.iter().any(code), "{:?}", below.lines);
    assert_eq!(served(&app).await, before);
}

async fn rows_that_cannot_be_read_are_kept(app: App) {
    let codes = codes(&app).await;
    let mut lines: Vec<String> = made::national(&codes).lines().map(ToOwned::to_owned).collect();
    lines[5] = lines[5].replace(",1.5,1,", ",1.5,1,?");
    lines[9] = lines[9].replacen(&codes[8], "11.1021", 1);
    lines.push(lines[3].replace(",1.5,1,", ",1.5,1,0"));
    lines[3] = lines[3].replace(",1.5,1,", ",1.5,1,1");
    let report = app.take("bls-oews", "oews_national_2021.csv", lines.join("\n").as_bytes()).await.unwrap();
    assert_eq!((report.outcome, report.rejected), (Outcome::Published, 4), "{:?}", report.lines);
    assert_eq!(report.read, report.loaded + report.rejected + report.skipped);
    let found = app
        .ask("{ salaryBands(filter: { regions: [\"US\"] }, first: 1) { nodes { provenance { release { rowsRejected rejects { totalCount nodes { locator code message raw } } } } } } }")
        .await;
    let rejects = &found["salaryBands"]["nodes"][0]["provenance"]["release"]["rejects"];
    assert_eq!(rejects["totalCount"], 4);
    let (number, code) = (&rejects["nodes"][0], &rejects["nodes"][1]);
    assert_eq!(number["locator"], "oews_national_2021.csv, row 6");
    assert!(
        number["raw"].as_str().unwrap().contains('?') && number["message"].as_str().unwrap().contains('?'),
        "{number}"
    );
    assert_eq!(
        (&code["locator"], &code["code"]),
        (&"oews_national_2021.csv, row 10".into(), &"malformed-code".into())
    );
    // Both rows of a code that stands twice are kept as they were read.
    for (place, line) in [(2, 3), (3, lines.len() - 1)] {
        let twice = &rejects["nodes"][place];
        assert_eq!(twice["code"], "code-twice");
        assert_eq!(twice["locator"], format!("oews_national_2021.csv, row {}", line + 1));
        assert_eq!(twice["raw"], lines[line].replace(',', "\t"));
    }
}

#[tokio::test]
async fn a_file_that_is_no_table_is_named_with_its_fault() {
    let app = App::start().await;
    let workbook = made::workbook(
        "national_M2024_dl",
        r#"<row r="1"><c r="A1" t="inlineStr"><is><t>area</t></is></c></row>"#,
    );
    let other = made::workbook("Something else", r#"<row r="1"><c r="A1"><v>1</v></c></row>"#);
    let sparse = made::workbook(
        "national_M2024_dl",
        r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#,
    );
    let exploding = made::workbook(
        "national_M2024_dl",
        &format!(r#"<row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row>"#, "0".repeat(64 << 20)),
    );
    for (name, bytes, fault) in [
        ("national_M2024_dl.xlsx", &b"<!DOCTYPE html><html><title>403</title></html>"[..], "HTML page"),
        ("national_M2024_dl.xlsx", b"", "is empty"),
        ("national_M2024_dl.xlsx", &workbook[..workbook.len() / 2], "cannot be read"),
        ("national_M2024_dl.xlsx", &workbook, "no header row"),
        ("national_M2024_dl.xlsx", &other, "no table that the definition describes"),
        ("holiday_photos.xlsx", &workbook, "no table that the definition describes"),
        ("national_M2024_dl.xlsx", &sparse, ""),
        ("national_M2024_dl.xlsx", &exploding, ""),
        ("oesm24nat.zip", b"PK\x03\x04 cut short", "cannot be read"),
        ("national_M2024_dl.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 cut short", "cannot be read"),
    ] {
        let error = app.take("bls-oews", name, bytes).await.expect_err(name);
        let text = words(&error);
        assert!(text.contains(fault) && text.contains(name), "{name} ({fault}): {text}");
    }
    let nothing = app.ask("{ salaryBands(filter: {}) { totalCount } }").await;
    assert_eq!(nothing["salaryBands"]["totalCount"], 0);
}

#[tokio::test]
async fn a_page_without_numbers_makes_a_role_without_bands() {
    let app = App::start().await;
    let page =
        "Lighthouse Keeper\n\nA lighthouse keeper tends the light.\n\nDuties\n\nKeep the lamp clean.\n";
    let report = app.take("career-page", "lighthouse-keeper.txt", page.as_bytes()).await.unwrap();
    assert_eq!(
        (report.outcome, report.loaded, report.rejected),
        (Outcome::Published, 0, 0),
        "{:?}",
        report.lines
    );
    let asked = "{ role(by: { slug: \"lighthouse-keeper\" }) { title duties salary { id } salaryBands { totalCount } } }";
    let found = app.ask(asked).await;
    assert_eq!(
        (&found["role"]["title"], &found["role"]["salaryBands"]["totalCount"]),
        (&"Lighthouse Keeper".into(), &0.into())
    );
    assert!(found["role"]["salary"].is_null());
    publish::withdraw(&app.cx.db, "career-page/lighthouse-keeper/2026/1").await.unwrap();
    assert_eq!(app.ask(asked).await["role"], Value::Null, "the role goes with its page");
}

#[tokio::test]
async fn what_is_no_table_by_its_size_or_its_first_bytes_is_not_even_kept() {
    let app = App::start().await;
    for (name, size, code) in [
        ("oews_national_2021.csv", 1 << 30, "file-too-large"),
        ("oews_national_2022.csv", 400 << 20, "not-text"),
    ] {
        let path = app.folder.path().join(name);
        std::fs::File::create(&path).unwrap().set_len(size).unwrap();
        let error = app.refresh("bls-oews", &path, None).await.unwrap_err();
        assert!(matches!(&error, IngestError::Decode { source, .. } if source.code() == code), "{error:?}");
        std::fs::remove_file(path).unwrap();
    }
    let left = std::fs::read_dir(app.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(left.collect::<Vec<_>>(), ["rolecast.db"]);
}
