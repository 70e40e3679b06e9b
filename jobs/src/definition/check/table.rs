//! What is wrong with a layout: columns, bands, regions, rules of rows that are left out, and what is expected.

use std::{
    collections::{HashMap, HashSet},
    ops::RangeInclusive,
};

use entity::PayPeriod;

use super::{Fit, boundless, joined, period};
use crate::{
    codes,
    definition::{BandColumns, Field, Figure, Layout, Place, Rows, Source},
    normalize::scaled,
};

/// Hours there can be in a year.
const YEAR_OF_HOURS: RangeInclusive<i32> = 1..=366 * 24;

/// Returns what is wrong with `layout`, by paths within it.
pub(super) fn of_layout(source: &Source, layout: &Layout) -> Vec<Fit> {
    let mut found = rows(layout);
    found.extend(columns(layout));
    found.extend(layout.band.iter().enumerate().flat_map(|(index, band)| {
        let found = of_band(layout, band).into_iter();
        found.map(move |fit| fit.within(&format!("band.{index}")))
    }));
    found.extend(twice(layout));
    found.extend(currencies(layout));
    found.extend(period::reference(layout));
    found.extend(period::stated(layout));
    found.extend(region(&layout.region).map(|words| Fit::at("region", words)));
    found.extend(regions(layout));
    found.extend(skips(layout));
    found.extend(expected(layout));
    found.extend(believed(source, layout));
    // The words beside a figure may tell its bound.
    let told = layout.columns.contains_key(&Field::Text);
    let statuses = layout.figures.iter().filter(|_| !told).flat_map(|figures| &figures.statuses);
    let statuses = statuses.map(|(word, mark)| (joined("figures.statuses", word), word, mark));
    found.extend(boundless(source, statuses));
    if layout.dataset.trim().is_empty() {
        found.push(Fit::at("dataset", "dataset is empty"));
    }
    if layout.header_merged && layout.header_above == 0 {
        let words = "no row above the last one belongs to the header (header_above), so none is merged";
        found.push(Fit::at("header_merged", words).and("header_above"));
    }
    let odd = |flag: &str| {
        flag.trim().is_empty() || flag.contains(|sign: char| sign.is_numeric() || ".,'-+".contains(sign))
    };
    for (index, flag) in layout.flags.iter().enumerate().filter(|(_, flag)| odd(flag)) {
        let words =
            format!("`{flag}` may be part of a number: a flag has neither digits nor the signs of one");
        found.push(Fit::at(format!("flags.{index}"), words));
    }
    if layout.unit != 1 && layout.unit != 1000 {
        found.push(Fit::at("unit", format!("unit {} is neither 1 nor 1000", layout.unit)));
    }
    if source.layout.iter().any(|other| !std::ptr::eq(other, layout) && other.same_place(layout)) {
        let words = "another layout has the same file, title and sheet: one of them is never used";
        found.push(Fit::at("file", words));
    }
    found
}

/// What rows of its kind need.
fn rows(layout: &Layout) -> Vec<Fit> {
    let mut found = Vec::new();
    let mut need = |wrong: bool, paths: [&str; 2], words: &str| {
        if wrong {
            found.push(Fit::at(paths[0], words).and(paths[1]).and("rows"));
        }
    };
    let coded = layout.columns.contains_key(&Field::Code) || !layout.staircase.is_empty();
    let codeless = matches!(
        layout.rows,
        Rows::Skip | Rows::Series | Rows::Regions | Rows::Microdata | Rows::Figures | Rows::Messages
    );
    need(
        layout.anchor().is_empty() || !(coded || codeless),
        ["columns", "staircase"],
        "no code column: the header is found by it",
    );
    need(
        matches!(layout.rows, Rows::Bands | Rows::Quality) && layout.band.is_empty(),
        ["rows", "band"],
        "rows are bands, and no band is described",
    );
    need(
        (layout.rows == Rows::Series) != layout.series.is_some(),
        ["rows", "series"],
        "rows are a series exactly where a series is described",
    );
    need(
        (layout.rows == Rows::Microdata) != layout.microdata.is_some(),
        ["rows", "microdata"],
        "rows are microdata exactly where it is said how they become bands",
    );
    need(
        (layout.rows == Rows::Figures) != layout.figures.is_some(),
        ["rows", "figures"],
        "rows are figures exactly where it is said what they hold",
    );
    need(
        layout.rows == Rows::Crosswalk && layout.to.is_none(),
        ["rows", "to"],
        "a crosswalk that leads to no classification (to)",
    );
    need(
        layout.of_occupations() && layout.classification.is_empty(),
        ["classification", "microdata"],
        "no classification for its codes",
    );
    found
}

fn columns(layout: &Layout) -> Vec<Fit> {
    let mut found = Vec::new();
    for (field, names) in &layout.columns {
        let path = format!("columns.{field}");
        // Some publishers leave the last column, of titles, without a header.
        let last = *field == Field::Title && names.len() == 1;
        if names.is_empty() {
            found.push(Fit::at(path, format!("the column {field:?} has no header to be known by")));
        } else if !last && names.iter().any(|name| name.trim().is_empty()) {
            let words =
                format!("a header of {field:?} is empty: only the title may stand below none, and alone");
            found.push(Fit::at(path, words));
        }
    }
    for (index, field) in layout.optional.iter().enumerate() {
        if !layout.columns.contains_key(field) {
            let words = format!("`{field}` is none of its columns, and optional");
            found.push(Fit::at(format!("optional.{index}"), words).and("columns"));
        }
    }
    let headers =
        |field| layout.columns.get(&field).into_iter().flatten().map(|name| name.trim().to_lowercase());
    let both = headers(Field::Title).find(|name| headers(Field::Code).any(|code| code == *name));
    if let Some(name) = both.filter(|_| layout.codes.is_empty() && layout.titled.is_none()) {
        let words = format!(
            "`{name}` is the header of the code too: say what each is within the cell (codes, titled)"
        );
        found.push(Fit::at("columns.title", words).and("columns.code").and("codes").and("titled"));
    }
    for (index, pair) in layout.classification.windows(2).enumerate() {
        if pair[0].code.is_none()
            && pair[0].file.is_none()
            && !pair[0].known
            && pair[0].through >= pair[1].through
        {
            let words = format!("a classification through {} is never used", pair[1].through);
            found.push(Fit::at(format!("classification.{}", index + 1), words));
        }
    }
    found
}

fn of_band(layout: &Layout, band: &BandColumns) -> Vec<Fit> {
    let mut found = Vec::new();
    if band.cells.is_empty() {
        found.push(Fit::at("cells", "a band without cells"));
    }
    let mut taken = HashMap::new();
    for (cell, names) in &band.cells {
        let path = format!("cells.{}", Figure::Cell(*cell));
        if names.is_empty() || names.iter().any(|name| name.trim().is_empty()) {
            found.push(Fit::at(path.clone(), format!("the cell {cell:?} has no header to be known by")));
        }
        for name in names.iter().filter(|name| !name.trim().is_empty()) {
            if let Some(other) = taken.insert(name.trim().to_lowercase(), cell)
                && other != cell
            {
                let words = format!("`{name}` is the header of {other:?} too: one of them is another column");
                found.push(Fit::at(path.clone(), words));
            }
        }
    }
    found.extend(currency("currency", &band.currency));
    if let Some(hours) = band.hours.filter(|hours| !YEAR_OF_HOURS.contains(hours)) {
        found.push(Fit::at("hours", format!("a year of {hours} hours can never be")));
    }
    if band.period.is_none() && (layout.periods.is_empty() || !layout.columns.contains_key(&Field::Period)) {
        found.push(Fit::at("period", "a band without a period, and no column that tells it"));
    }
    if let Some(code) = band.region.as_ref().filter(|code| codes::region_of_code(code).is_none()) {
        found.push(Fit::at("region", format!("`{code}` is no region we know")));
    }
    found
}

/// Bands of a row that nothing tells apart.
fn twice(layout: &Layout) -> Vec<Fit> {
    let mut known = HashMap::new();
    let bands = layout.band.iter().enumerate();
    let told = bands.filter_map(|(index, band)| {
        let first = *known.entry((band.period, &band.currency, &band.region)).or_insert(index);
        let words = "an earlier band of the row has the same period, currency and region";
        (first != index).then(|| Fit::at(format!("band.{index}"), words).and(&format!("band.{first}")))
    });
    told.collect()
}

fn currency(path: &str, code: &str) -> Option<Fit> {
    let known = codes::currency(code).is_some();
    (!known).then(|| Fit::at(path, format!("`{code}` is not a currency of ISO 4217")))
}

/// The currencies of rows that are figures or records.
fn currencies(layout: &Layout) -> Vec<Fit> {
    let figures = layout.figures.iter().filter_map(|figures| figures.currency.as_deref());
    let figures = figures.filter(|code| *code != "local").map(|code| ("figures.currency".to_owned(), code));
    let records = layout.microdata.iter().filter_map(|records| records.currency.as_deref());
    let bounds = layout.microdata.iter().flat_map(|records| records.plausible.iter().enumerate());
    let bounds = bounds.filter_map(|(index, bound)| {
        Some((format!("microdata.plausible.{index}.currency"), bound.currency.as_deref()?))
    });
    let all = figures.chain(records.map(|code| ("microdata.currency".to_owned(), code))).chain(bounds);
    all.filter_map(|(path, code)| currency(&path, code)).collect()
}

fn region(place: &Place) -> impl Iterator<Item = String> {
    let codes: Vec<&String> = match place {
        Place::Fixed(code) => vec![code],
        Place::Names(codes) => codes.values().collect(),
        _ => Vec::new(),
    };
    let unknown = codes.into_iter().filter(|code| codes::region_of_code(code).is_none());
    unknown.map(|code| format!("`{code}` is no region we know"))
}

/// What a row says of a region itself.
fn regions(layout: &Layout) -> Vec<Fit> {
    let at = |words: String| Fit::at("regions", words);
    let mut found = Vec::new();
    let Some(regions) = &layout.regions else {
        if layout.rows == Rows::Regions {
            let words = "rows are regions, and it is not said what they say of them";
            found.push(at(words.into()).and("rows"));
        }
        return found;
    };
    if !matches!(layout.rows, Rows::Regions | Rows::Bands) {
        found.push(at("only rows of regions and of bands say what a region is".into()).and("rows"));
    }
    if regions.code.is_empty() || regions.kinds.is_empty() {
        found.push(at("it is not said how a code is told, and what sort of place it is".into()));
    }
    let named = regions.names.is_empty().then_some(Field::RegionName);
    let rules = || regions.code.iter().chain(&regions.parent);
    let looked = rules().map(|rule| rule.field).chain(named).chain([Field::Region]);
    let absent: HashSet<Field> = looked.filter(|field| !layout.columns.contains_key(field)).collect();
    found.extend(absent.into_iter().map(|field| at(format!("no column holds {field:?}")).and("columns")));
    found.extend(rules().filter_map(|rule| rule.place.as_ref()).flat_map(region).map(at));
    found
}

fn skips(layout: &Layout) -> Vec<Fit> {
    let mut found = Vec::new();
    let mut all: Option<(String, &str)> = None;
    for (index, skip) in layout.skip.iter().enumerate() {
        let path = format!("skip.{index}");
        if let Some((_, earlier)) = &all {
            let words = format!("the rule `{}` is never used: `{earlier}` takes every row", skip.rule);
            found.push(Fit::at(path.clone(), words));
        }
        match (skip.field, &skip.cell) {
            (None, None) if skip.also.is_empty() => all = Some((path.clone(), &skip.rule)),
            (Some(_), None) | (None, Some(_)) => {
                let words = format!("the rule `{}` needs both a field and a cell", skip.rule);
                found.push(Fit::at(path.clone(), words));
            }
            _ => {}
        }
        let fields = skip.field.iter().chain(skip.also.keys());
        let held = |field: &Field| {
            layout.columns.contains_key(field) || (*field == Field::Code && !layout.staircase.is_empty())
        };
        for field in fields.filter(|field| !held(field)) {
            let words = format!("the rule `{}` looks at {field:?}, which no column holds", skip.rule);
            found.push(Fit::at(joined(&path, "field"), words).and("columns"));
        }
    }
    match all {
        None if layout.rows == Rows::Skip => {
            let words = "rows that are left out need a rule for all of them";
            found.push(Fit::at("skip", words).and("rows"));
        }
        Some((path, rule)) if layout.rows != Rows::Skip => {
            let words = format!("the rule `{rule}` takes every row: say rows = \"skip\"");
            found.push(Fit::at(path, words).and("rows"));
        }
        _ => {}
    }
    found
}

/// Pay that is believed for a period that no band of the source is for.
fn believed(source: &Source, layout: &Layout) -> Vec<Fit> {
    let periods: HashSet<PayPeriod> = source.layout.iter().flat_map(periods).collect();
    let idle = layout.plausible.keys().filter(|period| !periods.contains(period)).map(|period| {
        let words = format!("no band is for {}, whose pay is said to be believable", period.as_str());
        Fit::at(format!("plausible.{}", period.as_str()), words).and("band").and("periods").and("figures")
    });
    idle.collect()
}

fn periods(layout: &Layout) -> impl Iterator<Item = PayPeriod> {
    let measures = layout.figures.iter().flat_map(|figures| figures.measures.values());
    let bands = layout.band.iter().filter_map(|band| band.period);
    bands.chain(layout.periods.values().copied()).chain(measures.map(|measure| measure.period))
}

fn expected(layout: &Layout) -> Vec<Fit> {
    let mut found = Vec::new();
    for (index, canary) in layout.canary.iter().enumerate() {
        let path = format!("canary.{index}");
        if codes::region_of_code(&canary.region).is_none() {
            let words = format!("`{}` is no region we know", canary.region);
            found.push(Fit::at(joined(&path, "region"), words));
        }
        for (figure, printed) in &canary.cells {
            let words = match figure.digits(layout.unit) {
                None => format!("{figure:?} is no figure"),
                Some(digits) if scaled(printed, digits).is_none() => {
                    format!("`{printed}` is not a number of {figure:?}")
                }
                Some(_) => continue,
            };
            found.push(Fit::at(joined(&path, "cells"), words));
        }
    }
    let shares = [
        ("max_fall_percent", layout.expect.max_fall_percent),
        ("max_loss_percent", layout.expect.max_loss_percent),
        ("max_rejects_percent", layout.expect.max_rejects_percent),
    ];
    for (name, _) in shares.into_iter().filter(|(_, share)| *share > 100) {
        found.push(Fit::at(format!("expect.{name}"), format!("{name} is more than 100")));
    }
    for (period, [low, high]) in layout.plausible.iter().filter(|(_, [low, high])| low >= high) {
        let words = format!("the pay for {} is believable from {low} to {high}: never", period.as_str());
        found.push(Fit::at(format!("plausible.{}", period.as_str()), words));
    }
    found
}
