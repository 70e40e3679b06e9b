//! What a definition makes of odd tables.

use super::*;
use crate::definition;

const DEFINITION: &str = r#"
key = "pay"
title = "Pay"
publisher = "Nobody"
homepage = "https://example.org"
method = "SURVEY"
licence = "None"
attribution = "Nobody"
stale_after_days = 30

[[layout]]
dataset = "pay{region}"
rows = "bands"
file = 'pay_(?<year>\w+?)(?<region>-\w+)?\.csv'
reference = { label = "{year}", start = "{year}-01-01", end = "{year}-12-31" }
classification = [{ is = "ISCO_08" }]
region = { fixed = "FR" }
columns.code = ["code"]
columns.title = ["title"]
columns.employment = ["jobs"]
MORE
[[layout.band]]
period = "YEAR"
currency = "EUR"
cells = { median = ["HEADERmedian"], p90 = ["HEADERp90"] }
"#;

/// What is seen of `table`, a file called `name`, where the layout says `more`.
fn seen(name: &str, more: &str, table: &str) -> Result<Vec<String>, IngestError> {
    let above = if more.contains("header_merged") { "annual pay " } else { "" };
    let definition = DEFINITION.replace("MORE", more).replace("HEADER", above);
    let source = definition::read("pay.toml", &definition).unwrap();
    let now = DateTime::UNIX_EPOCH;
    sample(&source, name, table.to_owned().into(), None, now).map(|sample| sample.lines)
}

/// These lines are seen, each with its words.
fn assert_seen(lines: &[String], expected: &[&str]) {
    for words in expected {
        assert!(lines.iter().any(|line| line.contains(words)), "{words}: {lines:#?}");
    }
}

const EUROPEAN: &str = "code;title;jobs;median;p90\n\
    2511;Analystes;1.200;45.600,50;62 400 €\n\
    2512;Développeurs;12'500;45\u{202f}600;62.400* r\n\
    2513;Webmestres;7;12,450;1.062.400,5\n\
    2514;Programmeurs;7;45,600.50;62.400\n";

#[test]
fn a_table_may_write_numbers_with_a_decimal_comma() {
    let lines = seen("pay_2024-fr.csv", "decimal = ','\nflags = ['*', 'r']", EUROPEAN).unwrap();
    assert_seen(
        &lines,
        &[
            "read 4, loaded 3, rejected 1",
            "2511 Analystes, FR, EUR a YEAR: median 45600.50, p90 62400.00, employment 1200",
            "2512 Développeurs, FR, EUR a YEAR: median 45600.00, p90 62400.00, employment 12500",
            "2513 Webmestres, FR, EUR a YEAR: median 12.45, p90 1062400.50, employment 7",
            "`45,600.50` is neither a number nor a mark of this source (unreadable-number)",
        ],
    );
}

#[test]
fn a_point_before_three_digits_is_not_guessed_at() {
    let lines =
        seen("pay_2024-fr.csv", "", "code;title;jobs;median;p90\n2511;A;7;45.600;9\n2512;B;1.200;45.6;9\n")
            .unwrap();
    assert_seen(
        &lines,
        &["rejected 2", "`45.600` has three digits", "`1.200` has three digits", "(ambiguous-number)"],
    );
    let lines =
        seen("pay_2024-fr.csv", "decimal = '.'", "code;title;jobs;median;p90\n2511;A;7;45.600;9\n").unwrap();
    assert_seen(&lines, &["median 45.60, p90 9.00"]);
}

#[test]
fn the_upper_cells_of_a_header_may_stand_for_several_columns() {
    let table =
        ",,,Hourly pay,,Annual  pay,\ncode,title,jobs,Median,P90,Median,P90\n2511,A,7,21,30,45600,62400\n";
    let lines = seen("pay_2024-fr.csv", "header_above = 1\nheader_merged = true", table).unwrap();
    assert_seen(
        &lines,
        &["median 45600.00, p90 62400.00", "unused columns: hourly pay median, hourly pay p90"],
    );
    let lines = seen("pay_2024-fr.csv", "header_above = 1", table).unwrap();
    assert_seen(&lines, &["which stands in two columns"]);
}

#[test]
fn a_row_that_is_cut_short_is_no_row() {
    let table = "code,title,jobs,median,p90\n2511,A,7,45600,62400\n2512,B,7,45600\n2513,C,7,45600,62400";
    let lines = seen("pay_2024-fr.csv", "", table).unwrap();
    assert_seen(&lines, &["read 3, loaded 2, rejected 1", "row 3: its 4 cells end before", "(short-row)"]);
    let cut = table.rsplit_once(',').unwrap().0;
    let told = |table: &str, more: &str| match seen("pay_2024-fr.csv", more, table) {
        Err(IngestError::Decode { source, .. }) => (source.code(), source.place),
        other => panic!("{other:?}"),
    };
    assert_eq!(told(cut, ""), ("cut-short", "pay_2024-fr.csv, row 4".to_owned()));
    assert_seen(&seen("pay_2024-fr.csv", "", &format!("{cut}\n")).unwrap(), &["loaded 1, rejected 2"]);
    let unread = table.replacen("p90", "p90,note", 1);
    assert_seen(
        &seen("pay_2024-fr.csv", "", &unread).unwrap(),
        &["loaded 2, rejected 1", "unused columns: note"],
    );
    assert_eq!(told(&unread.replacen("62400\n", "62400,\n", 1), "").0, "cut-short");
    let note = format!("{table}\nSource: nobody");
    assert_eq!(told(&note, "").0, "cut-short");
    let skip = "skip = [{ rule = 'notes', field = 'code', cell = 'source:.*' }]";
    assert_seen(&seen("pay_2024-fr.csv", skip, &note).unwrap(), &["skipped 1: notes"]);
}

#[test]
fn a_column_that_is_not_there_is_missed() {
    let renamed = "code,title,posts,median,p90\n2511,A,7,45600,62400\n";
    assert_seen(
        &seen("pay_2024-fr.csv", "", renamed).unwrap(),
        &["loaded 1", "check columns fails: jobs", "unused columns: posts"],
    );
    let lines = seen("pay_2024-fr.csv", "optional = ['employment']", renamed).unwrap();
    assert!(!lines.iter().any(|line| line.contains("check columns")), "{lines:#?}");
}

#[test]
fn what_a_file_is_of_is_never_called_by_a_name_in_braces() {
    let table = "code,title,jobs,median,p90\n2511,A,7,45600,62400\n";
    for (name, text) in
        [("pay_2024.csv", "pay{region}"), ("pay_25-fr.csv", "{year}"), ("pay_20x4-fr.csv", "{year}")]
    {
        let error = seen(name, "", table).unwrap_err();
        let IngestError::Decode { source, .. } = error else { panic!("{error:?}") };
        assert_eq!(source.code(), "no-release-name", "{name}");
        assert!(source.reason.contains(&format!("fills `{text}`")), "{source}");
    }
    assert_seen(&seen("pay_2024-fr.csv", "", table).unwrap(), &["pay-fr 2024 (2024-01-01 to 2024-12-31)"]);
}
