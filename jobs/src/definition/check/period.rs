//! Whether the names in braces can be filled, and whether what comes of them is a day.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::Fit;
use crate::definition::{Layout, Pattern, Rows};

/// A name that is a day.
const DAYS: [&str; 4] = ["released", "retrieved", "first", "last"];

/// What a file's name or its title may say in any words.
const WORDS: [&str; 3] = ["release", "title", "region"];

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
    let years = ["year", "base", "prior", "target"];
    if braces(text).any(|name| WORDS.contains(&name) || !(DAYS.contains(&name) || years.contains(&name))) {
        return true;
    }
    // The target of a projection may be written with two digits.
    ["2024", "24"].iter().any(|target| {
        let filled = text.replace("{target}", target);
        let filled = years.iter().fold(filled, |text, name| text.replace(&format!("{{{name}}}"), "2024"));
        let filled =
            DAYS.iter().fold(filled, |text, name| text.replace(&format!("{{{name}}}"), "2024-01-01"));
        filled.parse::<NaiveDate>().is_ok()
    })
}
