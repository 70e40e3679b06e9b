//! Career pages, and pages of the Outlook Handbook.

use std::fmt::Write as _;

use super::{
    Broken,
    End::{self, Error, Held, Loads, Rejects},
    tables,
};

type Case = (&'static str, Vec<u8>, End);

/// A page about a job of its own, so that no two are the same release.
fn page(title: &str, body: &str) -> Vec<u8> {
    format!(
        "<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>"
    )
    .into_bytes()
}

/// The same with a structured record, beside a sentence about pay.
fn record(title: &str, json: &str) -> Vec<u8> {
    page(
        title,
        &format!(
            "<script type=\"application/ld+json\">{json}</script><p>The average pay in the US is $50,000 a year.</p>"
        ),
    )
}

fn salary(amount: &str) -> String {
    format!(
        r#"{{"@type": "JobPosting", "jobLocation": {{"address": {{"addressCountry": "US"}}}}, "baseSalary": {{"currency": "USD", "value": {{"value": {amount}, "unitText": "YEAR"}}}}}}"#
    )
}

/// Pages that go to the reader of career pages.
pub(super) fn careers(_: &[String]) -> Vec<Broken> {
    let mut all = forms();
    all.extend(bombs());
    all.extend(statements());
    let broken = |(what, bytes, end): Case| {
        let json = what.starts_with("a record");
        Broken(what, if json { "json" } else { "html" }, bytes, end)
    };
    all.into_iter().map(broken).collect()
}

/// What is no page, or an odd one.
fn forms() -> Vec<Case> {
    let plain = "<p>A chandler makes candles.</p>";
    let latin = String::from_utf8(page("Chandler in windows letters", "<p>Caf\u{e9}</p>")).unwrap();
    let latin = latin.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap());
    let wide = String::from_utf8(page("Chandler in wide letters", plain)).unwrap();
    vec![
        ("a page of nothing", Vec::new(), Error("empty")),
        ("a page without words", b"<html><body><!-- soon --></body></html>".to_vec(), Error("empty")),
        ("a page that is one script", b"<html><script>let wage = 7;".to_vec(), Error("empty")),
        ("a comment that never ends", b"<html><!-- <h1>Chandler</h1>".to_vec(), Error("empty")),
        ("a document in place of a page", b"%PDF-1.7\n1 0 obj".to_vec(), Error("not-text")),
        ("a workbook in place of a page", b"PK\x03\x04 and so on".to_vec(), Error("not-text")),
        ("a NUL in a page", page("Chandler\0", plain), Error("not-text")),
        ("a page without a title", page("?!", "<p>…</p>"), Loads),
        ("a page in windows letters", latin.collect(), Loads),
        ("a page in UTF-16", tables::utf16(&wide, false), Loads),
        ("a page from right to left", page("\u{202e}مهندس", plain), Loads),
        ("a page of carriage returns", b"Chandler by letter\r\rMakes candles.\r".to_vec(), Loads),
        (
            "a page cut off in a tag",
            b"<html><h1>Chandler cut off</h1><p>Makes candles.<p cla".to_vec(),
            Loads,
        ),
    ]
}

/// Pages that a parser would need minutes or gigabytes for.
fn bombs() -> Vec<Case> {
    let deep = |tag: &str| page(&format!("Deep in {tag}"), &format!("<{tag}>").repeat(100_000));
    let mut letters = String::from("<p>");
    for number in 0..900 {
        write!(letters, "<b id={number}>").unwrap();
    }
    letters.push_str("</p>");
    letters.push_str(&"<p>x</p>".repeat(10_000));
    let names: String = (0..200_000).fold(String::from("<p "), |mut tag, number| {
        write!(tag, "a{number} ").unwrap();
        tag
    });
    let quoted: String = (0..100_000).fold(String::from("<p "), |mut tag, number| {
        write!(tag, "a{number}=\">\" ").unwrap();
        tag
    });
    let item = "<li>Trims a wick</li>";
    vec![
        ("a hundred thousand blocks in each other", deep("div"), Error("too-deep")),
        ("a hundred thousand bold words in each other", deep("b"), Error("too-deep")),
        ("a hundred thousand tables in each other", deep("table"), Error("too-deep")),
        ("letters opened again in every block", page("Letters", &letters), Error("too-deep")),
        ("two hundred thousand attributes", page("Wide", &names), Error("too-many-attributes")),
        (
            "a hundred thousand quoted attributes",
            page("Wide in quotes", &quoted),
            Error("too-many-attributes"),
        ),
        ("ten megabytes of a page", page("Large", &"x".repeat(10 << 20)), Error("page-too-large")),
        ("a megabyte of a word", page("Long word", &"x".repeat(1 << 20)), Loads),
        ("ten thousand blocks", page("Blocks", &"<p>x".repeat(10_000)), Loads),
        ("ten thousand duties", page("Dutiful", &format!("<h2>Duties</h2>{}", item.repeat(10_000))), Loads),
        (
            "an answer of ten thousand points",
            page("Answered", &format!("<h2>Which skills?</h2>{}", item.repeat(10_000))),
            Loads,
        ),
        (
            "a sentence of ten thousand amounts",
            page("Rich", &format!("<p>Salaries are {}</p>", "$90,000 or ".repeat(10_000))),
            Loads,
        ),
        (
            "a thousand sentences about pay",
            page("Talkative", &format!("<p>{}</p>", "The average pay in the US is $90,000. ".repeat(1_000))),
            Loads,
        ),
        ("a hundred thousand signs of a tag", page("Signs", &"<".repeat(100_000)), Loads),
    ]
}

/// Records and sentences that do not say what they should.
fn statements() -> Vec<Case> {
    let deep = format!("{}1{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
    let many = format!("[{}]", vec![r#"{"@type": "Question"}"#; 20_000].join(","));
    let whole = r#"{"@type": "Occupation", "name": "Fletcher of records"}"#;
    let grows = "<p>Jobs are expected to grow 8% from 2022 to 2032 in the US.</p>";
    vec![
        ("a whole page", page("Fletcher", "<p>The average pay in the US is $50,000 per year.</p>"), Loads),
        ("a record alone", whole.into(), Loads),
        ("a record cut off", whole[..40].into(), Error("broken-json")),
        ("a record of a million levels", deep.clone().into(), Error("broken-json")),
        ("a broken record in a page", record("Fletcher cut off", r#"{"@type": "JobPosting", "#), Loads),
        ("a million levels in a page", record("Fletcher deep down", &deep), Loads),
        ("twenty thousand records in a page", record("Fletcher asked", &many), Loads),
        ("pay of a record below zero", record("Fletcher in debt", &salary("-5")), Rejects("negative-pay")),
        ("a record of nothing but bad pay", salary("-5").into(), Held("figures")),
        (
            "pay of a record in thousands",
            record("Fletcher by the thousand", &salary("60")),
            Rejects("implausible-pay"),
        ),
        (
            "pay of a record in euros",
            record("Fletcher abroad", &salary("\"€60,000\"")),
            Rejects("other-currency"),
        ),
        (
            "pay of a record in no currency",
            record("Fletcher nowhere", &salary("60000").replace("USD", "XXX")),
            Rejects("unknown-currency"),
        ),
        (
            "pay of a record that is no number",
            record("Fletcher unknown", &salary("\"NaN\"")),
            Rejects("unreadable-number"),
        ),
        (
            "pay of a record beyond all pay",
            record("Fletcher king", &salary("1e308")),
            Rejects("unreadable-number"),
        ),
        (
            "a record of no type",
            record("Fletcher of none", r#"{"@type": {"x": []}, "baseSalary": [[]]}"#),
            Rejects("no-currency"),
        ),
        (
            "a range upside down",
            page("Fletcher falling", "<p>Pay is $90,000 to $10 a year in the US.</p>"),
            Loads,
        ),
        (
            "pay without end",
            page("Fletcher without end", "<p>Average pay: $99999999999999999999999.</p>"),
            Loads,
        ),
        ("growth said twice", page("Fletcher growing", &format!("{grows}{grows}")), Loads),
        (
            "growth backwards",
            page("Fletcher backwards", &grows.replace("2022 to 2032", "2032 to 2022")),
            Loads,
        ),
    ]
}

const QUICK: &str = r#"<table id="quickfacts"><tr><th>Quick Facts: Fletchers</th></tr></table>"#;

/// A page of the Handbook, with its outlook table as given.
fn handbook(caption: &str, rows: &str) -> Vec<u8> {
    let table =
        format!(r#"<table id="outlook-table"><caption>{caption}</caption><tbody>{rows}</tbody></table>"#);
    page("Fletchers", &format!("{QUICK}{table}"))
}

/// Pages that go to the reader of the Handbook.
pub(super) fn handbooks(codes: &[String]) -> Vec<Broken> {
    let caption = "Employment projections data for fletchers, 2024–34";
    let row = |code: &str, jobs: &str| {
        let cells = ["Fletchers", code, jobs, "1,100", "10", "100"].map(|cell| format!("<td>{cell}</td>"));
        format!("<tr>{}</tr>", cells.concat())
    };
    let good: String = codes.iter().map(|code| row(code, "1,000")).collect();
    let with = |odd: &str| handbook(caption, &format!("{good}{odd}"));
    let cases = [
        ("a whole page of the Handbook", with(""), Loads),
        ("a page of something else", page("Not found", "<p>Sorry.</p>"), Error("page-lacks-part")),
        ("no outlook table", page("Fletchers", QUICK), Error("page-lacks-part")),
        ("an outlook table without years", handbook("Employment", &good), Error("page-lacks-part")),
        ("an outlook table without end", handbook(caption, &"<div>".repeat(5_000)), Error("too-deep")),
        ("an outlook table without rows", handbook(caption, ""), Held("rows")),
        ("a row of one cell", with("<tr><td>Fletchers</td></tr>"), Rejects("short-row")),
        ("a code of another classification", with(&row("5170.42", "1,000")), Rejects("malformed-code")),
        ("jobs in words", with(&row("51-7042", "a thousand")), Rejects("unreadable-number")),
        ("jobs beyond all jobs", with(&row("51-7042", "1e308")), Rejects("unreadable-number")),
        ("jobs that are no number", with(&row("51-7042", "NaN")), Rejects("unreadable-number")),
    ];
    cases.into_iter().map(|(what, bytes, end)| Broken(what, "html", bytes, end)).collect()
}
