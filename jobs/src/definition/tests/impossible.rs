//! Definitions of good form that can never do what they say.

use super::{GOOD, assert_told, mistakes};
use crate::definition::read;

/// The table that takes its columns from another one.
const CITY: &str =
    "[[layout]]\nlike    = \"state\"\ndataset = \"city\"\nfile    = 'cities_(?<year>\\d{4})\\.csv'\n";

#[test]
fn what_can_never_be_is_told_at_once() {
    let told = mistakes(&[
        (CITY, ""),
        (
            "stale_after_days = 30",
            "stale_after_days = 30\nurls = [{ url = 'https://example.org/wages', as = 'wages_2024.csv' }]",
        ),
        (
            "[marks]\n\"*\" = \"SUPPRESSED\"",
            "[calendar]\n2024 = '2025-03-01'\ntwenty = '2025-03-01'\n[marks]\n'#' = 'BOUND'",
        ),
        (
            "region         = \"postal\"",
            "region         = \"postal\"\nplausible = { YEAR = [1, 2], HOUR = [5, 500] }",
        ),
        ("columns.title  = [\"title\"]", "columns.title  = [\"title\", \"Code\"]"),
        (
            "cells    = { median = [\"median\"] }",
            "cells    = { median = [\"median\"] }\nhours = 0\n[[layout.band]]\nperiod = 'YEAR'\ncurrency = 'USD'\nhours = 9000\n\
             cells = { p90 = ['p90'] }",
        ),
    ]);
    let expected = [
        (10, "no layout is of a file called `wages_2024.csv`"),
        (14, "no release is called `twenty`: releases are `{year}`"),
        (16, "`#` is a bound, and nothing says which"),
        (26, "no band is for HOUR"),
        (28, "`code` is the header of the code too"),
        (35, "a year of 0 hours"),
        (36, "an earlier band of the row has the same period"),
        (39, "a year of 9000 hours"),
    ];
    assert_told(&told, &expected);
}

#[test]
fn a_file_is_known_by_the_name_its_definition_gives_it() {
    let with = |file: &str, more: &str| {
        let text = GOOD.replacen("pay_(?<year>\\d{4})\\.csv", file, 1);
        read("my.toml", &text.replacen("stale_after_days = 30", &format!("stale_after_days = 30\n{more}"), 1))
    };
    let archive = r"pay\.zip/(?:.*/)?pay_(?<year>\d{4})\.csv";
    for (file, more) in [
        (r"pay_(?<year>\d{4})\.csv", "urls = ['https://example.org/a/pay_2024.CSV?x=y.zip']"),
        (
            r"pay_(?<year>\d{4})\.csv",
            "urls = ['https://example.org/download/latest', 'https://example.org/latest.csv']",
        ),
        (r"pay_(?<year>\d{4})\.csv", "urls = [{ url = 'https://example.org/a.csv', as = 'pay_2024.csv' }]"),
        (r"my-source\.json|(?<year>x)", "urls = ['https://example.org/a.csv']\naccess.body = '{}'"),
        (archive, "urls = ['https://example.org/pay.zip']"),
        (
            r"pay_(?<year>\d{4})\.csv",
            "urls = ['https://example.org/pay_{year}.csv']\nvintage = { label = '(?<year>\\d{4})' }\ncalendar = { 2024 = '2025-03-01' }",
        ),
    ] {
        assert!(with(file, more).is_ok(), "{more}: {:?}", with(file, more));
    }
    for (file, more) in [
        (archive, "urls = [{ url = 'https://example.org/all', as = 'pays.zip' }]"),
        (archive, "urls = [{ url = 'https://example.org/all', as = 'pay.csv' }]"),
        (r"pay_(?<year>\d{4})\.csv", "urls = [{ url = 'https://example.org/pay_2024.csv', as = 'pay.csv' }]"),
        (
            r"pay_(?<year>\d{4})\.csv",
            "urls = [{ url = 'https://example.org/{year}', as = 'pay{year}.csv' }]\nvintage = { label = '(?<year>\\d{4})' }\ncalendar = { 2024 = '2025-03-01' }",
        ),
    ] {
        let told = with(file, more).expect_err(more);
        assert!(told.len() == 1 && told[0].contains("my.toml:10: no layout is of a file"), "{told:?}");
    }
}

#[test]
fn one_cell_may_hold_code_and_title() {
    let both =
        GOOD.replacen("columns.title  = [\"title\"]", "columns.title = [\"code\"]\ntitled = '\\S+ (.*)'", 1);
    assert!(read("my.toml", &both).is_ok(), "{:?}", read("my.toml", &both));
}

#[test]
fn a_name_of_the_calendar_is_one_that_a_label_can_be() {
    for (label, name, good) in [
        ("May {year}", "May 2024", true),
        ("May {year}", "2024", false),
        ("{year}.", "2024x", false),
        ("{base}-{target}", "2024-34", true),
        ("{release}", "30.1", true),
    ] {
        let text = GOOD
            .replacen("label = \"{year}\"", &format!("label = \"{label}\""), 1)
            .replacen("(?<year>", "(?<base>\\d{4})_(?<target>\\d\\d)_(?<year>", 1)
            .replacen("cities_(?<year>", "cities_(?<base>\\d{4})_(?<target>\\d\\d)_(?<year>", 1)
            .replacen("[marks]", &format!("[calendar]\n\"{name}\" = \"2026-01-01\"\n\n[marks]"), 1);
        assert_eq!(
            read("my.toml", &text).is_ok(),
            good,
            "{label} {name}: {:?}",
            read("my.toml", &text).err()
        );
    }
}

#[test]
fn forms_of_numbers_and_headers_that_mean_nothing_are_told() {
    let more = "region         = \"postal\"\nflags = ['*', '1)', '-', '(e)', ' ']\nheader_merged = true\ndecimal = ';'";
    let told = mistakes(&[(CITY, ""), ("region         = \"postal\"", more)]);
    let expected = [
        (22, "`1)` may be part of a number"),
        (22, "`-` may be part of a number"),
        (22, "` ` may be part of a number"),
        (23, "no row above the last one"),
        (24, "unknown variant `;`"),
    ];
    assert_told(&told, &expected);
}
