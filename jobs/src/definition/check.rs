//! What is wrong with a definition beyond its form: names that mean nothing, rows and cells that can never be.

use std::{collections::HashSet, str::FromStr};

use chrono::NaiveDate;

use super::{
    Address, BandColumns, Field, Layout, Pattern, Place, Reader, Rows, Source,
    read::{Fault, Places},
};
use crate::{codes, normalize::scaled};

/// Notes every mistake of `source`.
pub(super) fn check(source: &Source, places: &Places, faults: &mut Vec<Fault>) {
    let mut note = |at: usize, words: String| faults.push(Fault { at, words });
    if source.key.is_empty()
        || !source.key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    {
        note(
            places.key("key"),
            format!("key `{}` is not made of small letters, digits and hyphens", source.key),
        );
    }
    if let Some(schedule) = &source.schedule
        && cron::Schedule::from_str(schedule).is_err()
    {
        note(places.key("schedule"), format!("`{schedule}` is not a cron line with seconds"));
    }
    if source.stale_after_days < 1 {
        note(places.key("stale_after_days"), "stale_after_days is less than one".into());
    }
    for Address { url, name } in &source.urls {
        if url::Url::parse(url).is_err() {
            note(places.key("urls"), format!("`{url}` is not a URL"));
        }
        if name.as_ref().is_some_and(|name| name.is_empty() || name.contains('/')) {
            note(places.key("urls"), format!("`{url}` is named by something that is no file's name"));
        }
    }
    for pair in source.bounds.windows(2).filter(|pair| pair[1].from <= pair[0].through) {
        note(places.key("bounds"), format!("two bounds for {}", pair[1].from));
    }
    if let Some(bound) = source.bounds.iter().find(|bound| bound.from > bound.through) {
        note(places.key("bounds"), format!("a bound ends in {} before it begins", bound.through));
    }
    if source.reader == Reader::Tables && source.layout.is_empty() {
        note(places.key("key"), "no table is described (layout)".into());
    }
    for (index, layout) in source.layout.iter().enumerate() {
        let at = |key: &str| places.layout(index, key);
        for (key, words) in of_layout(source, layout) {
            note(at(key), words);
        }
    }
}

/// A key, and what is wrong with it.
type Fits = Vec<(&'static str, String)>;

fn of_layout(source: &Source, layout: &Layout) -> Fits {
    let mut found = rows(layout);
    found.extend(reference(layout));
    found.extend(region(&layout.region).into_iter().map(|words| ("region", words)));
    found.extend(regions(layout).into_iter().map(|words| ("regions", words)));
    found.extend(skips(layout));
    found.extend(expected(layout));
    if layout.unit != 1 && layout.unit != 1000 {
        found.push(("unit", format!("unit {} is neither 1 nor 1000", layout.unit)));
    }
    if source.layout.iter().any(|other| !std::ptr::eq(other, layout) && other.same_place(layout)) {
        found.push((
            "file",
            "another layout has the same file, title and sheet: one of them is never used".into(),
        ));
    }
    found
}

fn rows(layout: &Layout) -> Fits {
    let mut found = Fits::new();
    let coded = layout.columns.contains_key(&Field::Code) || !layout.staircase.is_empty();
    if layout.anchor().is_empty()
        || !(coded
            || matches!(
                layout.rows,
                Rows::Skip | Rows::Series | Rows::Regions | Rows::Microdata | Rows::Figures | Rows::Messages
            ))
    {
        found.push(("columns", "no code column: the header is found by it".into()));
    }
    if matches!(layout.rows, Rows::Bands | Rows::Quality) && layout.band.is_empty() {
        found.push(("rows", "rows are bands, and no band is described".into()));
    }
    for (field, _) in layout.columns.iter().filter(|(_, names)| names.is_empty()) {
        found.push(("columns", format!("the column {field:?} has no header to be known by")));
    }
    found.extend(layout.band.iter().flat_map(|band| of_band(layout, band)).map(|words| ("band", words)));
    if (layout.rows == Rows::Series) != layout.series.is_some() {
        found.push(("rows", "rows are a series exactly where a series is described".into()));
    }
    if (layout.rows == Rows::Microdata) != layout.microdata.is_some() {
        found.push(("rows", "rows are microdata exactly where it is said how they become bands".into()));
    }
    if (layout.rows == Rows::Figures) != layout.figures.is_some() {
        found.push(("rows", "rows are figures exactly where it is said what they hold".into()));
    }
    if layout.rows == Rows::Crosswalk && layout.to.is_none() {
        found.push(("rows", "a crosswalk that leads to no classification (to)".into()));
    }
    if layout.of_occupations() && layout.classification.is_empty() {
        found.push(("classification", "no classification for its codes".into()));
    }
    for pair in layout.classification.windows(2) {
        if pair[0].code.is_none() && pair[0].file.is_none() && pair[0].through >= pair[1].through {
            found.push((
                "classification",
                format!("a classification through {} is never used", pair[1].through),
            ));
        }
    }
    found
}

fn of_band(layout: &Layout, band: &BandColumns) -> Vec<String> {
    let mut found = Vec::new();
    if band.cells.is_empty() {
        found.push("a band without cells".into());
    }
    if let Some((cell, _)) = band.cells.iter().find(|(_, names)| names.is_empty()) {
        found.push(format!("the cell {cell:?} has no header to be known by"));
    }
    if band.currency.len() != 3 || !band.currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
        found.push(format!("`{}` is not a currency of three letters", band.currency));
    }
    if band.period.is_none() && (layout.periods.is_empty() || !layout.columns.contains_key(&Field::Period)) {
        found.push("a band without a period, and no column that tells it".into());
    }
    if let Some(code) = band.region.as_ref().filter(|code| codes::region_of_code(code).is_none()) {
        found.push(format!("`{code}` is no region we know"));
    }
    found
}

/// Whether the names in braces can be filled.
fn reference(layout: &Layout) -> Fits {
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
    let period = &layout.reference;
    let mut found = Fits::new();
    if layout.rows == Rows::Series {
        // The points tell the period themselves.
        return found;
    }
    for text in [&period.label, &period.start, &period.end, &layout.dataset] {
        for name in braces(text)
            .filter(|name| !known.contains(name) && (*name != "released" || text == &period.label))
        {
            found.push((
                "reference",
                format!("nothing fills {{{name}}}: neither the file's name nor its title has such a group"),
            ));
        }
    }
    for day in [&period.start, &period.end] {
        if !day.contains('{') && day.parse::<NaiveDate>().is_err() {
            found.push(("reference", format!("`{day}` is not a day")));
        }
    }
    for names in layout.columns.values() {
        for name in names.iter().flat_map(|text| braces(text)).filter(|name| !known.contains(name)) {
            found.push(("columns", format!("nothing fills {{{name}}} in a header")));
        }
    }
    found
}

fn braces(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

fn region(place: &Place) -> Vec<String> {
    let codes: Vec<&String> = match place {
        Place::Fixed(code) => vec![code],
        Place::Names(codes) => codes.values().collect(),
        _ => Vec::new(),
    };
    let unknown = codes.into_iter().filter(|code| codes::region_of_code(code).is_none());
    unknown.map(|code| format!("`{code}` is no region we know")).collect()
}

/// What a row says of a region itself.
fn regions(layout: &Layout) -> Vec<String> {
    let Some(regions) = &layout.regions else {
        let missing = layout.rows == Rows::Regions;
        return missing
            .then(|| "rows are regions, and it is not said what they say of them".into())
            .into_iter()
            .collect();
    };
    let mut found = Vec::new();
    if !matches!(layout.rows, Rows::Regions | Rows::Bands) {
        found.push("only rows of regions and of bands say what a region is".into());
    }
    if regions.code.is_empty() || regions.kinds.is_empty() {
        found.push("it is not said how a code is told, and what sort of place it is".into());
    }
    let named = regions.names.is_empty().then_some(Field::RegionName);
    let rules = || regions.code.iter().chain(&regions.parent);
    let looked = rules().map(|rule| rule.field).chain(named).chain([Field::Region]);
    let absent: HashSet<Field> = looked.filter(|field| !layout.columns.contains_key(field)).collect();
    found.extend(absent.into_iter().map(|field| format!("no column holds {field:?}")));
    found.extend(rules().filter_map(|rule| rule.place.as_ref()).flat_map(region));
    found
}

fn skips(layout: &Layout) -> Fits {
    let mut found = Fits::new();
    let mut all: Option<&str> = None;
    for skip in &layout.skip {
        if let Some(earlier) = all {
            found.push((
                "skip",
                format!("the rule `{}` is never used: `{earlier}` takes every row", skip.rule),
            ));
        }
        match (skip.field, &skip.cell) {
            (None, None) if skip.also.is_empty() => all = Some(&skip.rule),
            (Some(_), None) | (None, Some(_)) => {
                found.push(("skip", format!("the rule `{}` needs both a field and a cell", skip.rule)));
            }
            _ => {}
        }
        let fields = skip.field.iter().chain(skip.also.keys());
        let held = |field: &Field| {
            layout.columns.contains_key(field) || (*field == Field::Code && !layout.staircase.is_empty())
        };
        for field in fields.filter(|field| !held(field)) {
            found.push((
                "skip",
                format!("the rule `{}` looks at {field:?}, which no column holds", skip.rule),
            ));
        }
    }
    if layout.rows == Rows::Skip && all.is_none() {
        found.push(("skip", "rows that are left out need a rule for all of them".into()));
    }
    if layout.rows != Rows::Skip
        && let Some(rule) = all
    {
        found.push(("skip", format!("the rule `{rule}` takes every row: say rows = \"skip\"")));
    }
    found
}

fn expected(layout: &Layout) -> Fits {
    let mut found = Fits::new();
    for canary in &layout.canary {
        if codes::region_of_code(&canary.region).is_none() {
            found.push(("canary", format!("`{}` is no region we know", canary.region)));
        }
        for (figure, printed) in &canary.cells {
            match figure.digits(layout.unit) {
                None => found.push(("canary", format!("{figure:?} is no figure"))),
                Some(digits) if scaled(printed, digits).is_none() => {
                    found.push(("canary", format!("`{printed}` is not a number of {figure:?}")));
                }
                Some(_) => {}
            }
        }
    }
    let most = |share: u64| share > 100;
    if most(layout.expect.max_fall_percent) {
        found.push(("expect", "max_fall_percent is more than 100".into()));
    }
    for (period, [low, high]) in layout.plausible.iter().filter(|(_, [low, high])| low >= high) {
        found
            .push(("plausible", format!("the pay for {period:?} is believable from {low} to {high}: never")));
    }
    found
}
