//! Whether the names in braces can be filled, and whether what comes of them is a day.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::Fit;
use crate::definition::{Layout, Pattern, Rows};

/// A name that is a day.
const DAYS: [&str; 4] = ["released", "retrieved", "first", "last"];

/// Names that are years, and the year of some release.
const YEARS: [(&str, &str); 4] = [("year", "2024"), ("base", "2024"), ("prior", "2023"), ("target", "2034")];

/// Returns the texts with names that nothing fills, and the days that are none.
pub(super) fn reference(layout: &Layout) -> Vec<Fit> {
    let known = known(layout);
    let period = &layout.reference;
    let mut found = Vec::new();
    let texts = [
        ("dataset", &layout.dataset),
        ("reference.label", &period.label),
        ("reference.start", &period.start),
        ("reference.end", &period.end),
    ];
    for (path, text) in texts {
        let day = text != &period.label && path != "dataset";
        let filled = |name: &str| known.contains(name) || (day && name == "released");
        for name in braces(text).filter(|name| !filled(name)) {
            let words =
                format!("nothing fills {{{name}}}: neither the file's name nor its title has such a group");
            found.push(Fit::at(path, words).and(if DAYS.contains(&name) { "rows" } else { path }));
        }
        if day && !may_be_a_day(text) {
            found.push(Fit::at(path, format!("`{text}` is not a day")));
        }
    }
    if let Some([start, end]) = days(&period.start, &period.end)
        && start > end
    {
        let words = format!("a period from `{}` to `{}` ends before it begins", period.start, period.end);
        found.push(Fit::at("reference.start", words).and("reference.end"));
    }
    for (field, names) in &layout.columns {
        for name in names.iter().flat_map(|text| braces(text)).filter(|name| !known.contains(name)) {
            let words = format!("nothing fills {{{name}}} in a header");
            found.push(Fit::at(format!("columns.{field}"), words));
        }
    }
    found
}

fn known(layout: &Layout) -> HashSet<&str> {
    let mut known: HashSet<&str> = HashSet::from(["release", "retrieved"]);
    let titles = layout.title.iter().map(Pattern::regex);
    for group in titles.chain([layout.file()]).flat_map(|pattern| pattern.capture_names().flatten()) {
        match group {
            "year" | "yy" | "base" => known.extend(["year", "base", "prior"]),
            "target" | "title" | "region" => {
                known.insert(group);
            }
            _ => {}
        }
    }
    if layout.by_year() {
        known.extend(["year", "base", "prior"]);
    }
    if layout.rows == Rows::Series {
        // The points tell the period themselves.
        known.extend(["first", "last"]);
    }
    known
}

fn braces(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

/// Whether some year, or some day, makes a day of `text`. What nothing fills is told elsewhere.
fn may_be_a_day(text: &str) -> bool {
    let known = |name: &str| DAYS.contains(&name) || YEARS.iter().any(|(year, _)| *year == name);
    braces(text).any(|name| !known(name)) || some_day(text).is_some()
}

/// The first and last day of some period, where years alone make them.
fn days(start: &str, end: &str) -> Option<[NaiveDate; 2]> {
    let by_years = |text: &str| !braces(text).any(|name| DAYS.contains(&name));
    if by_years(start) && by_years(end) { Some([some_day(start)?, some_day(end)?]) } else { None }
}

fn some_day(text: &str) -> Option<NaiveDate> {
    // The target of a projection may be written with two digits.
    ["2034", "34"].iter().find_map(|target| {
        let filled = text.replace("{target}", target);
        let filled =
            YEARS.iter().fold(filled, |text, (name, year)| text.replace(&format!("{{{name}}}"), year));
        let filled =
            DAYS.iter().fold(filled, |text, name| text.replace(&format!("{{{name}}}"), "2024-01-01"));
        filled.parse().ok()
    })
}
