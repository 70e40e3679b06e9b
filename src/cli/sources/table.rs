//! The sources as lines of at most 100 columns: a table, then what needs a person's eye.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// Columns of a line.
const WIDTH: usize = 100;
const HEADER: [&str; 7] = ["KEY", "STATE", "RELEASES", "LOADED", "REJECTED", "HELD", "NEXT LOOK (UTC)"];
/// Columns of numbers, which stand to the right.
const NUMBERS: std::ops::Range<usize> = 2..6;

/// Gives every release the name that `rolecast refresh` takes: source, dataset, label and edition.
pub(super) fn name(sources: &mut Value) {
    for source in sources.as_array_mut().into_iter().flatten() {
        let of = source["key"].as_str().unwrap_or_default().to_owned();
        let add = |releases: &mut Value| {
            for release in releases.as_array_mut().into_iter().flatten() {
                let text = |field: &str| release[field].as_str().unwrap_or_default();
                let key = format!("{of}/{}/{}/{}", text("dataset"), text("label"), release["edition"]);
                release["key"] = json!(key);
            }
        };
        add(&mut source["currentReleases"]);
        add(&mut source["releases"]["nodes"]);
    }
}

/// Returns the table, and below it why sources are not looked at by themselves, what their figures lack, the errors, and the releases
/// that are held and why.
pub(super) fn lines(sources: &[Value]) -> Vec<String> {
    let mut rows = vec![HEADER.map(str::to_owned)];
    rows.extend(sources.iter().map(row));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..HEADER.len()).map(width).collect();
    let mut lines: Vec<String> = rows.iter().map(|row| line(row, &widths)).collect();
    lines.extend(unscheduled(sources));
    for source in sources {
        let key = text(&source["key"]);
        if let Some(lack) = source["notFresh"].as_str() {
            lines.extend(wrapped(&format!("{key} is {}: {lack}", text(&source["freshness"]))));
        }
        if let Some(error) = source["lastError"].as_str() {
            lines.extend(wrapped(&format!("{key}: the last look failed: {error}")));
        }
        lines.extend(held(source).flat_map(|release| wrapped(&why(release))));
    }
    lines
}

fn line(row: &[String; 7], widths: &[usize]) -> String {
    let cells = row.iter().zip(widths).enumerate().map(|(place, (cell, width))| {
        if NUMBERS.contains(&place) { format!("{cell:>width$}") } else { format!("{cell:width$}") }
    });
    cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
}

fn row(source: &Value) -> [String; 7] {
    let current = source["currentReleases"].as_array().map_or(&[][..], Vec::as_slice);
    let sum =
        |field: &str| current.iter().filter_map(|release| release[field].as_i64()).sum::<i64>().to_string();
    let next = source["nextRefreshAt"].as_str().and_then(|time| time.get(..16)).unwrap_or("-");
    [
        text(&source["key"]),
        text(&source["freshness"]),
        current.len().to_string(),
        sum("rowsLoaded"),
        sum("rowsRejected"),
        held(source).count().to_string(),
        next.replace('T', " "),
    ]
}

/// The reasons why sources have no next look, each with the sources it is true of.
fn unscheduled(sources: &[Value]) -> Vec<String> {
    let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for source in sources {
        if let (Some(reason), Some(key)) = (source["notScheduled"].as_str(), source["key"].as_str()) {
            reasons.entry(reason).or_default().push(key);
        }
    }
    let told = |(reason, keys): (&str, Vec<&str>)| format!("no next look, {reason}: {}", keys.join(", "));
    reasons.into_iter().map(told).flat_map(|line| wrapped(&line)).collect()
}

fn held(source: &Value) -> impl Iterator<Item = &Value> {
    let releases = source["releases"]["nodes"].as_array().into_iter().flatten();
    releases.filter(|release| release["status"] == "HELD")
}

fn why(release: &Value) -> String {
    let failed = release["checks"].as_array().into_iter().flatten().filter(|check| check["passed"] == false);
    let reasons: Vec<String> =
        failed.map(|check| format!("{}: {}", text(&check["name"]), text(&check["detail"]))).collect();
    format!("{} is held: {}", text(&release["key"]), reasons.join("; "))
}

/// The words in lines that fit, those after the first set in.
fn wrapped(words: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words.split_whitespace() {
        let last = lines.last_mut().expect("there is a first line");
        if !last.is_empty() && last.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(format!("  {word}"));
        } else {
            last.push_str(if last.is_empty() { "" } else { " " });
            last.push_str(word);
        }
    }
    lines
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or("-").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_held_release_is_named_as_refresh_takes_it_and_every_line_fits() {
        let release = json!({
            "dataset": "national", "label": "May 2024", "edition": 2, "status": "HELD",
            "checks": [{ "name": "rows", "passed": false, "detail": "12 rows, expected at least 700; ".repeat(9) }],
        });
        let mut sources = json!([{
            "key": "bls-oews", "freshness": "DUE", "notFresh": "May 2024 is out", "nextRefreshAt": "2026-06-01T13:30:00Z",
            "lastError": "the publisher answered with status 503 (status)",
            "currentReleases": [{ "dataset": "state", "label": "May 2023", "edition": 1, "rowsLoaded": 12 }],
            "releases": { "nodes": [release] },
        }, { "key": "cops", "freshness": "FRESH", "nextRefreshAt": null, "notScheduled": "offline" }]);
        name(&mut sources);
        let lines = lines(sources.as_array().unwrap());
        assert_eq!(lines[1], "bls-oews  DUE           1      12         0     1  2026-06-01 13:30");
        assert_eq!(lines[2], "cops      FRESH         0       0         0     0  -");
        assert_eq!(lines[3], "no next look, offline: cops");
        assert_eq!(lines[4], "bls-oews is DUE: May 2024 is out");
        assert_eq!(
            lines[5],
            "bls-oews: the last look failed: the publisher answered with status 503 (status)"
        );
        assert!(lines[6].starts_with("bls-oews/national/May 2024/2 is held: rows: 12 rows"), "{}", lines[6]);
        assert!(lines.iter().all(|line| line.chars().count() <= WIDTH), "{lines:#?}");
    }
}
