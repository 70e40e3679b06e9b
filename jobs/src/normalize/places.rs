//! What a row says of a region: rows that are about regions, and regions that rows of figures are the first to print.

use std::collections::{HashMap, HashSet};

use entity::RegionKind;
use serde::{Deserialize, Serialize};

use super::{
    Normalizer, RejectCode, Release,
    reader::Table,
    row::{Fault, placed, region, text},
};
use crate::{
    codes,
    decode::Row,
    definition::{Field, Regions, Told},
};

/// The rule under which a row about a region that an earlier row has told completely is counted.
const AGAIN: &str = "same-region-again";

/// ISO 4217 for a place without a currency.
const NO_CURRENCY: &str = "XXX";

/// A region as a release prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintedRegion {
    /// Its code: `CBSA:41860`.
    pub code: String,
    /// What sort of place it is.
    pub kind: RegionKind,
    /// Its names, its own first.
    pub names: Vec<String>,
    /// The code of the region around it.
    pub parent: Option<String>,
    /// ISO 4217, that of the country around it.
    pub currency: String,
    /// The delineation its code belongs to.
    pub vintage: Option<String>,
    /// Whether a row is about the region itself, and not about figures there.
    pub defined: bool,
}

impl Normalizer<'_> {
    /// Reads a row that is about a region.
    pub(super) fn region_row(&mut self, table: &Table<'_>, row: &Row<'_>) -> Result<(), Fault> {
        let printed = PrintedRegion { defined: true, ..printed(table, row)? };
        match self.release(&table.key).place(printed) {
            Ok(true) => self.counts(&table.key).loaded += 1,
            Ok(false) => self.counts(&table.key).skip(AGAIN),
            Err(code) => {
                return Err((
                    RejectCode::RegionTwice,
                    format!("`{code}` stands in an earlier row, with other words"),
                ));
            }
        }
        Ok(())
    }

    /// Reads the region of a row of figures. Where the row says what its region is, one that nobody knows is kept.
    pub(super) fn located(&mut self, table: &Table<'_>, row: &Row<'_>) -> Result<String, Fault> {
        if table.layout.regions.is_none() {
            return region(table, row);
        }
        let printed = printed(table, row)?;
        let code = printed.code.clone();
        if codes::region_of_code(&code).is_none() {
            // The first row of a region tells what it is called.
            let _ = self.release(&table.key).place(printed);
        }
        Ok(code)
    }
}

impl Release {
    /// Adds a region. Returns whether it is new, or its code where an earlier row says something else of it.
    fn place(&mut self, printed: PrintedRegion) -> Result<bool, String> {
        if let Some(&known) = self.placed.get(&printed.code) {
            return if self.places[known] == printed { Ok(false) } else { Err(printed.code) };
        }
        self.placed.insert(printed.code.clone(), self.places.len());
        self.places.push(printed);
        Ok(true)
    }

    /// Returns the codes of the regions whose surroundings are unknown: no country, and nothing that lies in one.
    pub(crate) fn adrift(&self) -> Vec<&str> {
        let own: HashSet<&str> = self.places.iter().map(|place| place.code.as_str()).collect();
        let known = |code: &str| own.contains(code) || codes::region_of_code(code).is_some();
        let adrift = self.places.iter().filter(|place| match &place.parent {
            Some(parent) => !known(parent),
            None => place.kind != RegionKind::Country,
        });
        adrift.map(|place| place.code.as_str()).collect()
    }
}

/// Gives each region the currency of the country around it.
pub(super) fn settle(release: &mut Release) {
    let around: HashMap<&str, &str> = release
        .places
        .iter()
        .filter_map(|place| Some((place.code.as_str(), place.parent.as_deref()?)))
        .collect();
    let currency = |code: &str| {
        let mut code = Some(code);
        // As many steps as there are regions, should they stand in a circle.
        for _ in 0..=around.len() {
            let known = codes::currency_of(code?);
            if known.is_some() {
                return known;
            }
            code = around.get(code?).copied();
        }
        None
    };
    let found: Vec<_> = release.places.iter().map(|place| currency(&place.code)).collect();
    for (place, currency) in release.places.iter_mut().zip(found) {
        currency.unwrap_or(NO_CURRENCY).clone_into(&mut place.currency);
    }
}

fn printed(table: &Table<'_>, row: &Row<'_>) -> Result<PrintedRegion, Fault> {
    let regions = table.layout.regions.as_ref();
    let regions = regions.ok_or_else(|| {
        (RejectCode::UnknownRegion, "the definition does not say what a region is".to_owned())
    })?;
    let cell = text(table, row, Field::Region);
    let code = told(&regions.code, table, row)?;
    let code = code.ok_or_else(|| (RejectCode::MalformedCode, format!("`{cell}` is no code of a region")))?;
    let kind = regions
        .kinds
        .iter()
        .find(|kind| kind.cell.as_ref().is_none_or(|pattern| pattern.is_match(cell)))
        .ok_or_else(|| (RejectCode::UnknownKind, format!("the definition does not say what `{cell}` is")))?;
    let names = names(table, row, regions);
    if names.is_empty() {
        return Err((RejectCode::EmptyCell, format!("`{cell}` has no name")));
    }
    Ok(PrintedRegion {
        code,
        kind: kind.is,
        names,
        parent: told(&regions.parent, table, row)?,
        currency: String::new(),
        vintage: regions.vintage.as_ref().map(|vintage| table.period.fill(vintage)),
        defined: false,
    })
}

/// The region that the first rule with a fitting cell tells.
fn told(rules: &[Told], table: &Table<'_>, row: &Row<'_>) -> Result<Option<String>, Fault> {
    let fitting = rules.iter().find_map(|rule| {
        let groups = rule.cell.regex().captures(text(table, row, rule.field))?;
        Some((rule, groups.get(1).or(groups.get(0))?.as_str()))
    });
    let Some((rule, said)) = fitting else { return Ok(None) };
    match &rule.place {
        Some(place) => placed(place, said).map(Some),
        None => Ok(Some(format!("{}{said:0>width$}", rule.prefix, width = rule.width))),
    }
}

/// The names in a row, its own first, without what is printed around them.
fn names(table: &Table<'_>, row: &Row<'_>, regions: &Regions) -> Vec<String> {
    let cells: Vec<&str> = if regions.names.is_empty() {
        vec![text(table, row, Field::RegionName)]
    } else {
        let columns = table.columns.iter().flat_map(|columns| &columns.names);
        columns.filter_map(|column| row.cells.get(*column)).map(String::as_str).collect()
    };
    let split = table.layout.split.as_deref().unwrap_or("\n");
    let mut names = Vec::new();
    for printed in cells.iter().flat_map(|cell| cell.split(split)) {
        let titled = table.layout.titled.as_ref().and_then(|titled| titled.first(printed.trim()));
        let words = titled.unwrap_or(printed).split_whitespace().collect::<Vec<_>>().join(" ");
        let name = regions.typed.iter().fold(words, |name, (typed, meant)| name.replace(typed, meant));
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
