//! JSON, JSON-stat and SDMX.

use super::{
    Broken,
    End::{Error, Held, Loads, Rejects},
    tables,
};

/// The table as records.
fn records(codes: &[String], change: impl Fn(usize, &str, &str) -> Option<String>) -> String {
    let lines = tables::lines(codes);
    let header: Vec<&str> = lines[0].split(',').collect();
    let rows = lines[1..].iter().enumerate().map(|(place, line)| {
        let cells = header.iter().zip(line.split(',')).map(|(name, text)| {
            let plain = || if text.parse::<u32>().is_ok() { text.to_owned() } else { format!("{text:?}") };
            format!("{name:?}: {}", change(place, name, text).unwrap_or_else(plain))
        });
        format!("{{{}}}", cells.collect::<Vec<_>>().join(", "))
    });
    format!("{{\"rows\": [{}]}}", rows.collect::<Vec<_>>().join(", "))
}

/// The records with the median of the seventh changed.
fn median(codes: &[String], text: &str) -> Vec<u8> {
    let seventh = |place: usize, name: &str| place == 6 && name == "median";
    records(codes, |place, name, _| seventh(place, name).then(|| text.to_owned())).into()
}

/// The records with a NUL, written as JSON can, in a title and in a code: the row of the code is rejected.
pub(super) fn nuls(codes: &[String]) -> Vec<u8> {
    let changed = |place: usize, name: &str, text: &str| match (place, name) {
        (6, "title") | (7, "code") => Some(format!("\"{text}\\u0000\"")),
        _ => None,
    };
    records(codes, changed).into()
}

/// A cube of two dimensions of two categories.
fn cube(id: &str, size: &str, value: &str) -> Vec<u8> {
    let place = r#"{"category": {"index": ["a", "b"]}}"#;
    format!(
        r#"{{"version": "2.0", "class": "dataset", "id": {id}, "size": {size}, "value": {value}, "dimension": {{"x": {place}, "y": {place}}}}}"#
    )
    .into()
}

/// A message of one observation under `key`.
fn message(key: &str) -> Vec<u8> {
    let dimension = |id: &str| format!(r#"{{"id": "{id}", "values": [{{"id": "A", "name": "A"}}]}}"#);
    let (area, time) = (dimension("REF_AREA"), dimension("TIME_PERIOD"));
    format!(
        r#"{{"data": {{"dataSets": [{{"observations": {{"{key}": [1]}}}}], "structure": {{"dimensions": {{"observation": [{area}, {time}]}}}}}}}}"#
    )
    .into()
}

/// A cube of so many categories in each of two dimensions.
fn large_cube(categories: usize, values: &str) -> Vec<u8> {
    let codes: Vec<String> = (0..categories).map(|code| format!("\"{code}\"")).collect();
    let codes = format!(r#"{{"category": {{"index": [{}]}}}}"#, codes.join(","));
    format!(
        r#"{{"version": "2.0", "class": "dataset", "id": ["x", "y"], "size": [{categories}, {categories}], "value": {values}, "dimension": {{"x": {codes}, "y": {codes}}}}}"#
    )
    .into()
}

pub(super) fn all(codes: &[String]) -> Vec<Broken> {
    let whole = records(codes, |_, _, _| None);
    let twice = whole.replacen("\"median\"", "\"p10\": 1, \"median\"", 1);
    let renamed = whole.replace("\"median\"", "\"middle\"");
    let mut bytes = whole.clone().into_bytes();
    bytes[40] = 0xFF;
    let wide: Vec<String> = (0..2_000).map(|column| format!("\"c{column}\": 1")).collect();
    let wide = format!("[{{{}}}]", wide.join(", "));
    let nested = |open: &str, close: &str, levels: usize| -> Vec<u8> {
        format!("{}1{}", open.repeat(levels), close.repeat(levels)).into()
    };
    let cases = [
        ("whole records", whole.clone().into(), Loads),
        ("records cut off", whole[..whole.len() / 2].into(), Error("broken-json")),
        ("something after the records", format!("{whole} and more").into(), Error("broken-json")),
        ("a name twice in a record", twice.into(), Error("name-twice")),
        ("a name in other words", renamed.into(), Held("columns")),
        ("bytes that are no text in records", bytes, Error("broken-json")),
        ("half a letter", median(codes, r#""\ud800""#), Error("broken-json")),
        ("a word that JSON lacks", median(codes, "NaN"), Error("broken-json")),
        ("a number of a record beyond all pay", median(codes, "1e308"), Rejects("unreadable-number")),
        ("an escaped NUL in a title and in a code", nuls(codes), Rejects("malformed-code")),
        ("a record in place of a number", median(codes, "{\"amount\": 62000}"), Rejects("unreadable-number")),
        ("a list in place of a number", median(codes, "[62000]"), Rejects("unreadable-number")),
        ("an empty list in place of a number", median(codes, "[]"), Rejects("unreadable-number")),
        (
            "ten megabytes in a record",
            median(codes, &format!("{:?}", "x".repeat(10 << 20))),
            Error("cell-too-long"),
        ),
        ("forty megabytes of records", format!("[{}]", " ".repeat(40 << 20)).into(), Error("file-too-large")),
        ("two thousand columns in a record", wide.into(), Error("too-many-columns")),
        ("a million levels of lists", nested("[", "]", 1_000_000), Error("too-deep")),
        ("a million levels of records", nested("{\"a\":", "}", 1_000_000), Error("too-deep")),
        ("a million levels that never close", "[".repeat(1_000_000).into(), Error("too-deep")),
        (
            "a cube with a dimension too few",
            cube(r#"["x"]"#, "[2, 2]", "[1, 2, 3, 4]"),
            Error("dimensions-do-not-fit"),
        ),
        (
            "a cube of another size",
            cube(r#"["x", "y"]"#, "[2, 3]", "[1, 2, 3, 4, 5, 6]"),
            Error("dimensions-do-not-fit"),
        ),
        ("a cube short of values", cube(r#"["x", "y"]"#, "[2, 2]", "[1, 2]"), Error("dimensions-do-not-fit")),
        (
            "more than a million tiny values in a cube",
            large_cube(1_100, &format!("[0{}]", ",0".repeat(1_100 * 1_100 - 1))),
            Error("too-many-cells"),
        ),
        (
            "a cube of millions of places and one value",
            large_cube(6_000, r#"{"7": 1}"#),
            Error("no-header-row"),
        ),
        ("a key of a million dimensions", message(&"0:".repeat(1_000_000)), Error("dimensions-do-not-fit")),
        (
            "millions of codes in a message",
            format!(r#"{{"dataSets": [], "structure": {{"values": [{{}}{}]}}}}"#, ",{}".repeat(1_200_000))
                .into(),
            Error("too-many-cells"),
        ),
        ("an observation that lacks a dimension", message("0"), Error("dimensions-do-not-fit")),
        ("an observation of an unknown value", message("0:9"), Error("dimensions-do-not-fit")),
    ];
    cases.into_iter().map(|(what, bytes, end)| Broken(what, "json", bytes, end)).collect()
}
