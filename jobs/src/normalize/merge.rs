//! What needs the whole release: codes printed twice, and the quality of figures from another file.

use std::collections::{BTreeMap, HashMap, HashSet};

use entity::{Cell, FigureKind, OccupationLevel, PayConcept, PayPeriod};

use super::{
    Band, Normalizer, Position, Reject, RejectCode, Release, SegmentKey, Subject, locator,
    reader::Table,
    row::{Fault, occupation, text},
};
use crate::{decode::Row, definition::Field};

/// A coefficient of variation above this makes a printed value unreliable, in thousandths of a percent.
/// Source: ASHE, key of every table.
const UNRELIABLE_ABOVE: i64 = 20_000;

/// What coefficients of variation say, by release label, occupation code and segment.
#[derive(Debug, Default)]
pub(super) struct Qualities(HashMap<(String, String, SegmentKey), Quality>);

/// What the coefficients of one row say.
#[derive(Debug, Default)]
struct Quality {
    /// Cells whose coefficient is too high.
    poor: Vec<Cell>,
    /// That of the mean: its relative standard error, in thousandths of a percent.
    mean: Option<i32>,
}

impl Normalizer<'_> {
    /// Notes the cells of a row of coefficients that are too uncertain.
    pub(super) fn variation(&mut self, table: &Table<'_>, row: &Row<'_>) -> Result<(), Fault> {
        let printed = occupation(table, row)?;
        let columns = table.columns.as_ref().map(|columns| columns.bands[0].clone()).unwrap_or_default();
        let mut quality = Quality::default();
        let mut note = |cell, printed: &str| -> Result<(), Fault> {
            if printed.is_empty() || self.source.marks.contains_key(printed) {
                return Ok(());
            }
            let cv = table.numbers().scaled(printed, 3).ok_or_else(|| {
                (RejectCode::UnreadableNumber, format!("`{printed}` is no coefficient of variation"))
            })?;
            if cv > UNRELIABLE_ABOVE {
                quality.poor.push(cell);
            }
            if cell == Cell::Mean {
                quality.mean = i32::try_from(cv).ok();
            }
            Ok(())
        };
        for (cell, column) in columns {
            note(cell, row.cells.get(column).map_or("", |cell| cell.trim()))?;
        }
        note(Cell::Employment, text(table, row, Field::Employment))?;
        let key = (table.key.1.clone(), printed.code, super::row::segment(table, row));
        self.quality.0.insert(key, quality);
        self.counts(&table.key).loaded += 1;
        Ok(())
    }
}

/// Gives each mean its error, and marks printed values whose coefficient is too high.
pub(super) fn quality(release: &mut Release, qualities: &Qualities) {
    if qualities.0.is_empty() {
        return;
    }
    for band in &mut release.bands {
        let Subject::Occupation(index) = band.subject else { continue };
        let key = (release.label.clone(), release.occupations[index].code.clone(), band.segment.clone());
        let Some(quality) = qualities.0.get(&key) else { continue };
        if band.marks.get(Cell::Mean) != FigureKind::NotPublished {
            band.mean_rse = quality.mean;
        }
        for cell in &quality.poor {
            if band.marks.get(*cell) == FigureKind::Exact {
                band.marks = band.marks.with(*cell, FigureKind::Unreliable);
            }
        }
    }
}

/// What makes a band one of its kind.
type Key = (Subject, usize, SegmentKey, PayPeriod, String, PayConcept);

/// Settles codes printed more than once: same figures are one band, different figures are rejects.
pub(super) fn levels(release: &mut Release) {
    let mut first: HashMap<Key, usize> = HashMap::new();
    let mut dropped: HashSet<usize> = HashSet::new();
    let mut same: BTreeMap<Position2, bool> = BTreeMap::new();
    let mut clash: HashSet<Position2> = HashSet::new();
    let mut lifted = Vec::new();
    for (index, band) in release.bands.iter().enumerate() {
        let key = (
            band.subject,
            band.region,
            band.segment.clone(),
            band.period,
            band.currency.clone(),
            band.concept,
        );
        let Some(&known) = first.get(&key) else {
            first.insert(key, index);
            continue;
        };
        let earlier = &release.bands[known];
        dropped.insert(index);
        if (&earlier.cells, earlier.marks, earlier.stated) == (&band.cells, band.marks, band.stated) {
            same.entry(place(band)).or_insert(earlier.level != band.level);
            lifted.push(known);
        } else {
            dropped.insert(known);
            clash.extend([place(earlier), place(band)]);
        }
    }
    for index in lifted {
        release.bands[index].level = OccupationLevel::Detailed;
        if let Subject::Occupation(code) = release.bands[index].subject {
            release.occupations[code].level = OccupationLevel::Detailed;
        }
    }
    account(release, &same, &clash);
    let mut index = 0;
    release.bands.retain(|_| {
        index += 1;
        !dropped.contains(&(index - 1))
    });
}

type Position2 = (i16, u32);

fn place(band: &Band) -> Position2 {
    (band.position.part, band.position.row)
}

fn account(release: &mut Release, same: &BTreeMap<Position2, bool>, clash: &HashSet<Position2>) {
    for (place, other_level) in same.iter().filter(|(place, _)| !clash.contains(place)) {
        let artifact = release.parts[usize::from(place.0.cast_unsigned())].artifact;
        let counts = &mut release.counts[artifact];
        counts.loaded -= 1;
        counts.skip(if *other_level { "same-figure-two-levels" } else { "same-row-twice" });
    }
    let mut places: Vec<_> = clash.iter().copied().collect();
    places.sort_unstable();
    for (number, row) in places {
        let part = release.parts[usize::from(number.cast_unsigned())].clone();
        release.counts[part.artifact].loaded -= 1;
        release.counts[part.artifact].rejected += 1;
        let reject = Reject {
            locator: locator(&part.member, &part.member, &part.sheet, row),
            code: RejectCode::CodeTwice,
            message: "the code stands twice with different figures or periods".into(),
            raw: String::new(),
        };
        release.reject_late(Position { part: number, row }, reject);
    }
}
