//! Mistakes in definitions: all of them, each at its line.

use super::*;

mod impossible;

const GOOD: &str = r#"key              = "my-source"
title            = "Pay by state"
publisher        = "Bureau of Examples"
homepage         = "https://example.org/pay"
method           = "SURVEY"
licence          = "CC BY 4.0"
attribution      = "Bureau of Examples, CC BY 4.0."
schedule         = "0 0 12 * * Mon"
stale_after_days = 30

[marks]
"*" = "SUPPRESSED"

[[layout]]
name           = "state"
dataset        = "state"
rows           = "bands"
file           = 'pay_(?<year>\d{4})\.csv'
reference      = { label = "{year}", start = "{year}-01-01", end = "{year}-12-31" }
classification = [{ is = "SOC_2018" }]
region         = "postal"
columns.code   = ["code"]
columns.title  = ["title"]
columns.region = ["state"]

[[layout.band]]
period   = "YEAR"
currency = "USD"
cells    = { median = ["median"] }

[[layout]]
like    = "state"
dataset = "city"
file    = 'cities_(?<year>\d{4})\.csv'
"#;

/// Exactly these mistakes are told, each at its line.
fn assert_told(told: &[String], expected: &[(u32, &str)]) {
    for (line, words) in expected {
        let place = format!("my.toml:{line}: ");
        assert!(
            told.iter().any(|told| told.starts_with(&place) && told.contains(words)),
            "{line} {words}: {told:#?}"
        );
    }
    assert_eq!(told.len(), expected.len(), "{told:#?}");
}

/// The mistakes of the good definition with `old` written as `new`.
fn mistakes(changes: &[(&str, &str)]) -> Vec<String> {
    let text = changes.iter().fold(GOOD.to_owned(), |text, (old, new)| {
        assert!(text.contains(old), "{old}");
        text.replacen(old, new, 1)
    });
    read("my.toml", &text).expect_err("a mistake is told")
}

#[test]
fn a_layout_takes_what_it_shares_from_another() {
    let source = read("my.toml", GOOD).unwrap();
    let [state, city] = source.layout.as_slice() else { panic!("two layouts") };
    assert_eq!((city.dataset.as_str(), city.columns.len(), city.band.len()), ("city", 3, 1));
    assert_eq!((&city.columns, city.name.as_deref()), (&state.columns, None));
    assert!(city.file().is_match("cities_2025.csv") && !city.file().is_match("pay_2025.csv"));
}

#[test]
fn all_mistakes_are_told_at_once_with_their_lines() {
    let told = mistakes(&[
        ("\"SURVEY\"", "\"HEARSAY\""),
        ("stale_after_days = 30", "stale_after_days = \"a month\""),
        ("\"*\" = \"SUPPRESSED\"", "\"*\" = \"HIDDEN\""),
        ("columns.title ", "columns.tilte "),
        ("SOC_2018", "SOC_1492"),
        ("cells    =", "cell    ="),
    ]);
    let lines: Vec<&str> = told.iter().filter_map(|line| line.split(':').nth(1)).collect();
    // The key that is misspelt in line 29 is missing in its table.
    assert_eq!(lines, ["5", "9", "12", "20", "23", "26", "29"], "{told:#?}");
}

/// A definition with a mistake in nearly every line.
const BAD: &str = r#"key              = "Acme Pay"
titel            = "ACME pay by state"
publisher        = ""
homepage         = "ftp://example.org/pay"
method           = "SURVAY"
licence          = "CC BY 4.0"
attribution      = "ACME, CC BY 4.0."
schedule         = "every monday"
stale_after_days = -3
urls             = ["htp://example.org/wages-2024.csv"]

[marks]
"s" = "SUPRESSED"

[[layout]]
dataset        = "county"
rows           = "band"
file           = 'wages-(?<year>\d{4}\.csv'
reference      = { label = "{yeer}", start = "{year}-13-01", end = "{year}-12-31" }
classification = [{ is = "SOC_2019" }]
region         = "postel"
expect         = { min_row = 3 }
columns.codes      = ["SOC"]
columns.title      = "Job"
columns.region     = []
columns.employment = [""]

[[layout.band]]
period   = "HOURLY"
currency = "Dollar"
cells    = { p15 = ["Low 10"], median = ["Mid"], p90 = [" mid"] }
"#;

#[test]
fn one_mistake_hides_no_other() {
    let told = read("my.toml", BAD).unwrap_err();
    let expected = [
        (1, "missing field `title`"),
        (1, "key `Acme Pay` is not made of"),
        (2, "unknown field `titel`"),
        (3, "publisher is empty"),
        (4, "not an http(s) address"),
        (5, "SURVAY"),
        (8, "not a cron line"),
        (9, "less than one"),
        (10, "not an http(s) address"),
        (13, "SUPRESSED"),
        (17, "unknown variant `band`"),
        (18, "unclosed group"),
        (19, "nothing fills {yeer}"),
        (19, "`{year}-13-01` is not a day"),
        (20, "SOC_2019"),
        (21, "postel"),
        (22, "min_row"),
        (23, "unknown variant `codes`"),
        (24, "expected a sequence"),
        (25, "Region has no header"),
        (26, "Employment is empty"),
        (29, "HOURLY"),
        (30, "`Dollar` is not a currency"),
        (31, "unknown variant `p15`"),
        (31, "header of Median too"),
    ];
    assert_told(&told, &expected);
}

#[test]
fn everything_that_is_missing_is_told_at_once() {
    let told = read("my.toml", "").unwrap_err();
    for key in ["key", "title", "publisher", "homepage", "licence", "attribution", "stale_after_days"] {
        let words = format!("my.toml:1: missing field `{key}`");
        assert!(told.contains(&words), "{told:#?}");
    }
    assert!(told.iter().any(|told| told.contains("no table is described")), "{told:#?}");
    let told = mistakes(&[("rows           = \"bands\"\n", ""), ("currency = \"USD\"\n", "")]);
    // The second table takes from the first what that does not have.
    let rows = [14, 29].map(|line| format!("my.toml:{line}: missing field `rows`"));
    assert_eq!(told, [&rows[0], "my.toml:25: missing field `currency`", &rows[1]]);
}

#[test]
fn text_that_is_no_toml_is_told_with_its_lines() {
    let told = mistakes(&[
        ("publisher        = ", "publisher        "),
        ("region         = \"postal\"", "region \"postal\""),
    ]);
    assert!(told.iter().any(|line| line.starts_with("my.toml:3:")), "{told:#?}");
    assert!(told.iter().any(|line| line.starts_with("my.toml:21:")), "{told:#?}");
    let twice = mistakes(&[("publisher ", "title = \"x\"\npublisher ")]);
    assert!(twice[0].starts_with("my.toml:3:") && twice[0].contains("duplicate key"), "{twice:#?}");
}

#[test]
fn a_definition_that_can_not_work_is_told_why() {
    for (old, new, line, words) in [
        ("my-source", "My Source", 1, "small letters"),
        ("0 0 12 * * Mon", "every Monday", 8, "cron line"),
        ("label = \"{year}\"", "label = \"{base}-{target}\"", 19, "{target}"),
        ("\"{year}-01-01\"", "\"1 January\"", 19, "not a day"),
        ("region         = \"postal\"", "region         = { fixed = \"ATLANTIS\" }", 21, "ATLANTIS"),
        ("cells    = { median = [\"median\"] }", "cells    = {}", 29, "without cells"),
        ("\"USD\"", "\"dollars\"", 28, "currency"),
        ("like    = \"state\"", "like    = \"county\"", 32, "county"),
        ("file    = 'cities_(?<year>\\d{4})\\.csv'\n", "", 31, "same file"),
        ("columns.code   = [\"code\"]\n", "", 22, "no code column"),
        (
            "region         = \"postal\"",
            "region         = \"postal\"\nskip = [{ rule = \"notes\", field = \"comment\", cell = \"x\" }]",
            22,
            "no column holds",
        ),
        (
            "region         = \"postal\"",
            "region         = \"postal\"\nskip = [{ rule = \"all\" }, { rule = \"dead\" }]",
            22,
            "never used",
        ),
        (
            "region         = \"postal\"",
            "region         = \"postal\"\ncanary = [{ label = \"2025\", code = \"11-1011\", region = \"US\", cells = { median = \"much\" } }]",
            22,
            "not a number",
        ),
        ("region         = \"postal\"", "plausible = { YEAR = [9, 1] }", 21, "never"),
        ("rows           = \"bands\"", "rows           = \"regions\"", 14, "what they say of them"),
        (
            "region         = \"postal\"",
            "regions        = { code = [{ field = \"parent\", cell = 'x' }], kinds = [] }",
            21,
            "no column holds Parent",
        ),
        (
            "region         = \"postal\"",
            "regions        = { code = [{ cell = 'x', as = { fixed = \"ATLANTIS\" } }], kinds = [{ is = \"METRO\" }] }",
            21,
            "ATLANTIS",
        ),
    ] {
        let told = mistakes(&[(old, new)]);
        let found =
            told.iter().any(|told| told.starts_with(&format!("my.toml:{line}:")) && told.contains(words));
        assert!(found, "{new}: {told:#?}");
    }
}

/// How its publisher is asked, with a mistake in nearly every line.
const ASKED: &str = r#"urls = [
  "https://example.org/pay?page={page}&year={year}",
  "https://user:word@example.org/pay_2025.csv",
  { url = "https://example.org/pay?id=1&api_key=s3cret", as = "pay_2025.csv" },
]

[access]
limits = [{ requests = 0, per = "day" }]
headers = { "x y" = "1" }
keys = [{ env = "KEY", at = { field = "key" } }, { env = "KEY", at = { header = "a b" } }]

[access.status]
at   = "status"
good = []

[paging]
rows = "rows"
by   = { offset = { size = 0 } }

[vintage]
label = '(?<release>\d+)'
"#;

#[test]
fn what_can_never_be_asked_is_told() {
    let rest = GOOD.split_once("\n[marks]").unwrap();
    let text = format!("{}{ASKED}\n[marks]{}", rest.0.replace("12 * * Mon", "12 30 2 *"), rest.1);
    let told = read("my.toml", &text).unwrap_err();
    let expected = [
        (8, "never comes"),
        (11, "nothing fills {page}"),
        (11, "nothing fills {year}"),
        (11, "holds no {offset}"),
        (12, "holds a user"),
        (12, "holds no {offset}"),
        (13, "holds `api_key`"),
        (13, "holds no {offset}"),
        (17, "a limit of no requests"),
        (18, "`x y: 1` is not a header"),
        (19, "no document is posted"),
        (19, "`a b: ` is not a header"),
        (22, "no JSON pointer"),
        (23, "no word means success"),
        (26, "no JSON pointer"),
        (27, "a page of no rows"),
        (29, "no address holds the name of a release"),
    ];
    assert_told(&told, &expected);
    assert!(!told.iter().any(|told| told.contains("s3cret") || told.contains(":word@")), "{told:#?}");
}

#[test]
fn pages_and_periods_that_can_never_be_are_told() {
    let schedule = "stale_after_days = 30\n";
    for (old, new, line, words) in [
        (
            schedule,
            "stale_after_days = 30\npaging = { by = { window = { from = '2024-01-01', months = 0 } } }\n",
            10,
            "no months",
        ),
        (
            schedule,
            "stale_after_days = 30\npaging = { by = { series = { keys = [], size = 2, between = ',' } } }\n",
            10,
            "no key to ask for",
        ),
        (
            schedule,
            "stale_after_days = 30\naccess = { limits = [{ requests = 2, per = 'day' }] }\n\
             paging = { by = { series = { keys = ['a', 'b', 'c'], size = 1, between = ',' } } }\n",
            11,
            "3 keys, 1 at once, need 3 requests, and 2 a day are allowed",
        ),
        (schedule, "stale_after_days = 30\naccess = { body = '{\"a\": }' }\n", 10, "not JSON"),
        (
            schedule,
            "stale_after_days = 30\naccess = { body = '{\"a\": \"{page}\"}' }\n",
            10,
            "nothing fills {page}",
        ),
        (
            schedule,
            "stale_after_days = 30\nurls = ['https://example.org/{yy}.csv']\nvintage = { label = 'May (?<year>20\\d\\d)' }\n",
            10,
            "the calendar has none",
        ),
        (
            "start = \"{year}-01-01\", end = \"{year}-12-31\"",
            "start = \"{year}-12-31\", end = \"{year}-01-01\"",
            19,
            "before it begins",
        ),
        ("dataset        = \"state\"", "dataset        = \" \"", 16, "dataset is empty"),
        ("\"USD\"", "\"ZZZ\"", 28, "ISO 4217"),
        ("\"USD\"", "\"XXX\"", 28, "ISO 4217"),
        ("region         = \"postal\"", "expect = { max_rejects_percent = 500 }", 21, "more than 100"),
    ] {
        let told = mistakes(&[(old, new)]);
        let found =
            told.iter().any(|told| told.starts_with(&format!("my.toml:{line}:")) && told.contains(words));
        assert!(found, "{new}: {told:#?}");
    }
}

#[test]
fn two_definitions_of_one_key_are_told() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.toml", "b.toml"] {
        std::fs::write(folder.path().join(name), GOOD).unwrap();
    }
    let error = Registry::default().add_folder(folder.path()).unwrap_err().to_string();
    assert!(error.contains("b.toml") && error.contains("my-source"), "{error}");
}

#[test]
fn how_rows_state_their_periods_is_checked() {
    let column = "columns.title  = [\"title\"]";
    let stating = |references: &str| {
        let text = format!("{column}\ncolumns.reference = [\"of\"]\n{references}");
        GOOD.replacen(column, &text, 1)
    };
    let year = r#"references = [{ is = '(?<year>\d{4})', label = "{year}", start = "{year}-01-01", end = "{year}-12-31" }]"#;
    read("my.toml", &stating(year)).unwrap();
    let told = |text: &str| read("my.toml", text).unwrap_err();
    // The second layout is like the first, so that each mistake is told of both, at one line.
    let silent = told(&stating(""));
    assert!(
        silent.iter().all(|told| told.contains("nothing says how one is read (references)")),
        "{silent:#?}"
    );
    let unheld = told(&GOOD.replacen(column, &format!("{column}\n{year}"), 1));
    assert!(unheld.iter().all(|told| told.contains("no column states a reference period")), "{unheld:#?}");
    for (old, new, words) in [
        (
            "label = \"{year}\"",
            "label = \"{yaer}\"",
            "nothing fills {yaer}: the cell's pattern has no such group",
        ),
        ("end = \"{year}-12-31\"", "end = \"{released}\"", "nothing fills {released}"),
        ("{year}-01-01", "{year}-01-32", "`{year}-01-32` is not a day"),
        ("{year}-12-31", "{prior}-12-31", "ends before it begins"),
    ] {
        let told = told(&stating(&year.replacen(old, new, 1)));
        assert!(!told.is_empty() && told.iter().all(|told| told.contains(words)), "{new}: {told:#?}");
    }
    let skipped = "rows           = \"skip\"\nskip           = [{ rule = \"all\" }]";
    let other = told(&stating(year).replacen("rows           = \"bands\"", skipped, 1));
    assert!(other.iter().any(|told| told.contains("only rows of bands state the period")), "{other:#?}");
}
