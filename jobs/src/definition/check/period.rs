//! Whether the names in braces can be filled, and whether what comes of them is a day.

use std::collections::HashSet;

use chrono::NaiveDate;
use regex::Regex;

use super::{Fit, joined};
use crate::definition::{Field, Layout, Pattern, Reader, Rows, Source};

/// A name that is a day.
const DAYS: [&str; 4] = ["released", "retrieved", "first", "last"];

/// Names that are years, and the year of some release.
const YEARS: [(&str, &str); 4] = [("year", "2024"), ("base", "2024"), ("prior", "2023"), ("target", "2034")];

/// Returns the texts with names that nothing fills, and the days that are none.
pub(super) fn reference(layout: &Layout) -> Vec<Fit> {
    let known = known(layout);
    let unfilled = "neither the file's name nor its title has such a group";
    let period = &layout.reference;
    let mut found = names("dataset", &layout.dataset, &known, unfilled);
    found.extend(names("reference.label", &period.label, &known, unfilled));
    let mut known_days = known.clone();
    known_days.insert("released");
    found.extend(span("reference", [&period.start, &period.end], &known_days, unfilled));
    for (field, headers) in &layout.columns {
        for name in headers.iter().flat_map(|text| braces(text)).filter(|name| !known.contains(name)) {
            let words = format!("nothing fills {{{name}}} in a header");
            found.push(Fit::at(format!("columns.{field}"), words));
        }
    }
    found
}

/// Returns the names in the calendar that no release can have.
pub(super) fn calendar(source: &Source) -> Vec<Fit> {
    let labels: Vec<&str> = source.layout.iter().map(|layout| layout.reference.label.as_str()).collect();
    let known = |name: &str| {
        let vintage = source.vintage.as_ref().is_some_and(|vintage| vintage.label.is_match(name));
        vintage || labels.iter().any(|label| may_be_called(label, name))
    };
    if source.reader != Reader::Tables || labels.is_empty() {
        return Vec::new();
    }
    let unknown = source.calendar.keys().filter(|name| !known(name));
    let told = unknown.map(|name| {
        let words = format!("no release is called `{name}`: releases are `{}`", labels[0]);
        let paths = (0..labels.len()).map(|index| format!("layout.{index}.reference"));
        paths.fold(Fit::at(joined("calendar", name), words).and("vintage"), |fit, path| fit.and(&path))
    });
    told.collect()
}

/// Whether a label with names in braces can be filled to be `name`.
fn may_be_called(label: &str, name: &str) -> bool {
    let filled = braces(label).fold(regex::escape(label), |text, inner| {
        let value = match inner {
            "year" | "base" | "prior" => r"\d{4}",
            "target" => r"\d{2,4}",
            _ => ".+",
        };
        text.replace(&regex::escape(&format!("{{{inner}}}")), value)
    });
    Regex::new(&format!("^(?:{filled})$")).is_ok_and(|label| label.is_match(name))
}

/// Returns what is wrong with how the periods are read that rows state for themselves.
pub(super) fn stated(layout: &Layout) -> Vec<Fit> {
    let mut found = Vec::new();
    let row = layout.columns.contains_key(&Field::Reference);
    let held = row || layout.band.iter().any(|band| !band.reference.is_empty());
    if layout.references.is_empty() && held {
        let path = if row { "columns.reference" } else { "band" };
        let words = "a column states reference periods, and nothing says how one is read (references)";
        found.push(Fit::at(path, words).and("references"));
    } else if !layout.references.is_empty() && !held {
        let words = "no column states a reference period (columns.reference, or reference of a band)";
        found.push(Fit::at("references", words).and("columns").and("band"));
    }
    if held && layout.rows != Rows::Bands {
        let words = "only rows of bands state the period that they refer to";
        found.push(Fit::at(if row { "columns.reference" } else { "band" }, words).and("rows"));
    }
    for (index, shape) in layout.references.iter().enumerate() {
        let path = format!("references.{index}");
        let known = groups(&shape.is).collect();
        let unfilled = "the cell's pattern has no such group";
        found.extend(names(&joined(&path, "label"), &shape.label, &known, unfilled));
        found.extend(span(&path, [&shape.start, &shape.end], &known, unfilled));
    }
    found
}

/// The names in `text` that nothing fills.
fn names(path: &str, text: &str, known: &HashSet<&str>, unfilled: &str) -> Vec<Fit> {
    let unknown = braces(text).filter(|name| !known.contains(name)).map(|name| {
        let words = format!("nothing fills {{{name}}}: {unfilled}");
        Fit::at(path, words).and(if DAYS.contains(&name) { "rows" } else { path })
    });
    unknown.collect()
}

/// What is wrong with the first and the last day of the period at `path`.
fn span(path: &str, [start, end]: [&String; 2], known: &HashSet<&str>, unfilled: &str) -> Vec<Fit> {
    let paths = ["start", "end"].map(|key| joined(path, key));
    let mut found = Vec::new();
    for (path, text) in paths.iter().zip([start, end]) {
        found.extend(names(path, text, known, unfilled));
        if !may_be_a_day(text) {
            found.push(Fit::at(path, format!("`{text}` is not a day")));
        }
    }
    if let Some([first, last]) = days(start, end)
        && first > last
    {
        let words = format!("a period from `{start}` to `{end}` ends before it begins");
        found.push(Fit::at(&paths[0], words).and(&paths[1]));
    }
    found
}

fn known(layout: &Layout) -> HashSet<&str> {
    let mut known: HashSet<&str> = HashSet::from(["release", "retrieved"]);
    let titles = layout.title.iter().chain([&layout.file]);
    known.extend(titles.flat_map(groups));
    if layout.by_year() {
        known.extend(["year", "base", "prior"]);
    }
    if layout.rows == Rows::Series {
        // The points tell the period themselves.
        known.extend(["first", "last"]);
    }
    known
}

/// The names that the groups of `pattern` fill.
fn groups(pattern: &Pattern) -> impl Iterator<Item = &str> {
    pattern.regex().capture_names().flatten().flat_map(|group| match group {
        "year" | "yy" | "base" => vec!["year", "base", "prior"],
        "target" | "title" | "region" => vec![group],
        _ => Vec::new(),
    })
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
