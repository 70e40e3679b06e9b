//! Records of people or jobs to bands, in one pass that keeps amounts and no rows.

use std::collections::{HashMap, HashSet};

use entity::{Cell, Classification, Experience, FigureKind, Marks, PayPeriod};
use sha2::{Digest as _, Sha256};

use super::{
    Band, Normalizer, PageRole, Position, PrintedOccupation, RejectCode, Release, SegmentKey, Subject,
    quantile::Sample,
    reader::Table,
    row::{Fault, classified, region, shaped, soc_level, text, well_formed},
};
use crate::{
    codes::{Bearer, occupation_of_title},
    decode::Row,
    definition::{self, Duplicates, Field, Keep, Microdata, Plausible, Unknown},
};

mod held;

use self::held::{Held, ends_of_one};

/// The quantiles of a band.
const QUANTILES: [(Cell, u32); 5] =
    [(Cell::P10, 10), (Cell::P25, 25), (Cell::Median, 50), (Cell::P75, 75), (Cell::P90, 90)];

/// The weight of a record that has none of its own, in thousandths.
const ONE: u64 = 1_000;

/// What is kept between rows.
#[derive(Default)]
pub(super) struct Pass {
    cells: Vec<(CellKey, Gathered)>,
    places: HashMap<CellKey, usize>,
    /// A row that may be the first of a pair.
    held: Option<Held>,
    /// The rows met, or the numbers of their records, by fingerprint, where a second one counts as the same.
    met: HashSet<[u8; 16]>,
}

/// What the records of one band have in common.
#[derive(Clone, PartialEq, Eq, Hash)]
struct CellKey {
    release: (String, String),
    subject: Subject,
    region: usize,
    experience: Experience,
    period: PayPeriod,
    currency: String,
}

struct Gathered {
    sample: Sample,
    /// Fewest records of a band whose figures are given.
    least: u32,
    /// Whether its amounts are where bins begin, and its weights records.
    bins: bool,
    first: Position,
    file: String,
}

/// A record whose place among the bands is known.
struct Read {
    subject: About,
    region: String,
    experience: Experience,
    period: PayPeriod,
    currency: String,
    amount: i64,
    weight: u64,
}

/// Whose pay a record is.
enum About {
    Occupation(PrintedOccupation),
    /// The role of this title.
    Role(String),
}

/// What becomes of a record that is no fault.
enum Taken {
    Counted(Box<Read>),
    Left(&'static str),
}

impl Normalizer<'_> {
    /// Returns whether a row is of a record met before, by the record's number. What became of the first row does not matter: a
    /// record that was left out is not counted by an older row of it.
    pub(super) fn is_again(&mut self, table: &Table<'_>, row: &Row<'_>) -> bool {
        let Some(micro) = &table.layout.microdata else { return false };
        let record = text(table, row, Field::Record);
        let of = [table.key.0.as_str(), &table.key.1, record];
        micro.duplicates == Duplicates::Skip && !record.is_empty() && !self.pass.met.insert(fingerprint(of))
    }

    /// Takes a row, which may be a record or one end of a range.
    pub(super) fn record(&mut self, table: &Table<'_>, row: &Row<'_>) -> Result<(), Fault> {
        let Some(micro) = &table.layout.microdata else {
            return Err((RejectCode::NoMicrodata, "the definition does not say what the records are".into()));
        };
        let numbered = !text(table, row, Field::Record).is_empty();
        let cells = row.cells.iter().map(String::as_str);
        if micro.duplicates == Duplicates::Skip && !numbered && !self.pass.met.insert(fingerprint(cells)) {
            self.counts(&table.key).skip("same-row-twice");
            return Ok(());
        }
        let held =
            Held { cells: row.cells.to_vec(), number: row.number, at: table.key.clone(), part: table.number };
        if micro.pairs.is_none_or(|pairs| table.period.year < pairs.from) {
            self.let_go(table);
            self.settle(table, micro, &[held]);
            return Ok(());
        }
        match self.pass.held.take() {
            Some(first) if ends_of_one(table, &first, &held) => self.settle(table, micro, &[first, held]),
            first => {
                self.pass.held = Some(held);
                if let Some(first) = first {
                    self.settle(table, micro, &[first]);
                }
            }
        }
        Ok(())
    }

    /// Settles a row that waited for its pair.
    pub(super) fn let_go(&mut self, table: &Table<'_>) {
        if let (Some(held), Some(micro)) = (self.pass.held.take(), &table.layout.microdata) {
            self.settle(table, micro, &[held]);
        }
    }

    /// Counts one record, printed in one row or in two.
    fn settle(&mut self, table: &Table<'_>, micro: &Microdata, rows: &[Held]) {
        let at = rows[0].at.clone();
        let read = match micro.pairs.map(|pairs| pairs.keep) {
            Some(Keep::Ranges) if rows.len() == 1 => Ok(Taken::Left("not-a-posted-range")),
            Some(Keep::Singles) if rows.len() == 2 => Ok(Taken::Left("posted-range")),
            _ => read(table, micro, rows),
        };
        match read {
            Ok(Taken::Counted(read)) => {
                self.gather(micro, &rows[0], &read);
                self.counts(&at).loaded += rows.len() as u64;
            }
            Ok(Taken::Left(rule)) => rows.iter().for_each(|_| self.counts(&at).skip(rule)),
            Err((code, message)) => {
                for held in rows {
                    self.reject_at(&at, &table.part, &held.row(), code, message.clone());
                }
            }
        }
    }

    fn gather(&mut self, micro: &Microdata, row: &Held, read: &Read) {
        let release = self.release(&row.at);
        let subject = match &read.subject {
            About::Occupation(printed) => Subject::Occupation(release.occupation(printed.clone())),
            About::Role(title) => {
                let role = || Box::new(PageRole { title: title.clone(), ..PageRole::default() });
                release.page.get_or_insert_with(role);
                Subject::Role
            }
        };
        let mut regions = vec![release.region(&read.region)];
        for code in &micro.also {
            let also = release.region(code);
            if !regions.contains(&also) {
                regions.push(also);
            }
        }
        let mut experiences = vec![Experience::All];
        experiences.extend(Some(read.experience).filter(|experience| *experience != Experience::All));
        for region in regions {
            for experience in &experiences {
                let key = CellKey {
                    release: row.at.clone(),
                    subject,
                    region,
                    experience: *experience,
                    period: read.period,
                    currency: read.currency.clone(),
                };
                let new = || Gathered {
                    sample: Sample::default(),
                    least: micro.least,
                    bins: micro.bins,
                    first: Position { part: row.part, row: row.number },
                    file: self.file.clone(),
                };
                self.pass.cell(key, new).add(read.amount, read.weight);
            }
        }
    }
}

impl Pass {
    fn cell(&mut self, key: CellKey, new: impl FnOnce() -> Gathered) -> &mut Sample {
        let place = *self.places.entry(key).or_insert_with_key(|key| {
            self.cells.push((key.clone(), new()));
            self.cells.len() - 1
        });
        &mut self.cells[place].1.sample
    }

    /// Makes the bands of `release` from what was gathered for it.
    pub(super) fn bands(&mut self, release: &mut Release, concept: entity::PayConcept) {
        for (key, gathered) in &mut self.cells {
            if key.release.0 == release.dataset && key.release.1 == release.label {
                release.bands.push(band(key, gathered, concept));
            }
        }
    }
}

fn band(key: &CellKey, gathered: &mut Gathered, concept: entity::PayConcept) -> Band {
    let sample = &mut gathered.sample;
    let records = if gathered.bins { sample.weight() / u128::from(ONE) } else { sample.records() as u128 };
    let (mut cells, mut marks) = ([None; 15], Marks::default());
    if records >= u128::from(gathered.least) {
        sample.sort();
        let quantiles = QUANTILES.map(|(cell, percent)| (cell, sample.quantile(percent)));
        let mean = (!gathered.bins).then(|| (Cell::Mean, sample.mean()));
        let kind = if gathered.bins { FigureKind::AtLeast } else { FigureKind::Exact };
        for (cell, amount) in quantiles.into_iter().chain(mean) {
            cells[cell.index()] = amount;
            marks = marks.with(cell, amount.map_or(FigureKind::NotPublished, |_| kind));
        }
    }
    let first = gathered.first;
    let locator = if gathered.bins {
        format!("{}, {records} records in {} bins", gathered.file, sample.records())
    } else {
        format!("{}, {records} records, the first in row {}", gathered.file, first.row)
    };
    Band {
        subject: key.subject,
        segment: SegmentKey { experience: key.experience, ..SegmentKey::default() },
        cells,
        marks,
        sample_size: i32::try_from(records).ok(),
        locator: Some(locator),
        position: first,
        ..Band::of_role(key.region, key.period, &key.currency, concept, first.row)
    }
}

/// Reads a record: of two rows the middle of their amounts.
fn read(table: &Table<'_>, micro: &Microdata, rows: &[Held]) -> Result<Taken, Fault> {
    let row = rows[0].row();
    let subject = match subject(table, micro, &row)? {
        Ok(subject) => subject,
        Err((code, _)) if micro.unknown_titles == Unknown::Skip => return Ok(Taken::Left(code.code())),
        Err(fault) => return Err(fault),
    };
    let region = region(table, &row)?;
    let experience = experience(micro, text(table, &row, Field::Experience))?;
    let period = period(micro, text(table, &row, Field::Unit))?;
    let currency = currency(micro, text(table, &row, Field::Currency))?;
    let bounds = Plausible::of(&micro.plausible, period, &currency);
    let mut total = 0;
    for held in rows {
        total += amount(table, &held.row(), bounds, &currency)?;
    }
    // Amounts are printed in whole units, so that the middle of two is exact; of an odd sum it is the lower one.
    let amount = total / i64::try_from(rows.len()).unwrap_or(1);
    let weight = weight(table, micro, &row)?;
    Ok(Taken::Counted(Box::new(Read { subject, region, experience, period, currency, amount, weight })))
}

/// Whose pay a record is. The inner fault is a title that tells nobody.
fn subject(table: &Table<'_>, micro: &Microdata, row: &Row<'_>) -> Result<Result<About, Fault>, Fault> {
    if micro.about == definition::About::Occupation {
        return Ok(occupation(table, row)?.map(About::Occupation));
    }
    let title = text(table, row, Field::Title);
    let none = || (RejectCode::EmptyCell, "nothing says whose pay it is".to_owned());
    Ok(if title.is_empty() { Err(none()) } else { Ok(About::Role(title.to_owned())) })
}

/// The occupation of a record by its code, else by its title. The inner fault is a title that tells none.
fn occupation(table: &Table<'_>, row: &Row<'_>) -> Result<Result<PrintedOccupation, Fault>, Fault> {
    let title = text(table, row, Field::Title);
    let code = shaped(table, text(table, row, Field::Code));
    if !code.is_empty() {
        let code = code.strip_suffix(".00").unwrap_or(&code);
        let classification = classified(table, code)?;
        if !well_formed(classification, code) {
            return Err((
                RejectCode::MalformedCode,
                format!("`{code}` is not a code of {}", classification.as_str()),
            ));
        }
        let (code, level) = (code.to_owned(), soc_level(code));
        return Ok(Ok(PrintedOccupation { classification, code, title: title.to_owned(), level }));
    }
    Ok(match occupation_of_title(title) {
        Bearer::One(code, title) => Ok(PrintedOccupation {
            classification: Classification::Soc2018,
            code: code.to_owned(),
            title: title.to_owned(),
            level: soc_level(code),
        }),
        Bearer::Several => {
            Err((RejectCode::AmbiguousTitle, format!("`{title}` is the title of several occupations")))
        }
        Bearer::None => Err((RejectCode::UnknownTitle, format!("`{title}` is the title of no occupation"))),
    })
}

fn experience(micro: &Microdata, printed: &str) -> Result<Experience, Fault> {
    if micro.experience.is_empty() || printed.is_empty() {
        return Ok(Experience::All);
    }
    let known = micro.experience.get(printed).copied();
    known.ok_or_else(|| {
        (RejectCode::UnknownExperience, format!("`{printed}` is no experience of the definition"))
    })
}

fn period(micro: &Microdata, printed: &str) -> Result<PayPeriod, Fault> {
    let in_any_case =
        || micro.units.iter().find(|(unit, _)| unit.eq_ignore_ascii_case(printed)).map(|(_, known)| known);
    let known = if micro.units.is_empty() {
        micro.period
    } else {
        micro.units.get(printed).or_else(in_any_case).copied()
    };
    known.ok_or_else(|| (RejectCode::UnknownUnit, format!("`{printed}` is no unit of the definition")))
}

/// Reads the currency: what the definition says, else the three letters that the cell begins with.
fn currency(micro: &Microdata, printed: &str) -> Result<String, Fault> {
    if let Some(currency) = &micro.currency {
        return Ok(currency.clone());
    }
    let code = crate::codes::currency(printed.split_whitespace().next().unwrap_or_default());
    code.map(ToOwned::to_owned).ok_or_else(|| {
        (RejectCode::UnknownCurrency, format!("`{printed}` does not begin with a currency's three letters"))
    })
}

fn amount(
    table: &Table<'_>,
    row: &Row<'_>,
    bounds: Option<&Plausible>,
    currency: &str,
) -> Result<i64, Fault> {
    let printed = text(table, row, Field::Amount);
    let unreadable = || (RejectCode::UnreadableNumber, format!("`{printed}` is no amount"));
    let amount = table.numbers().amount(printed, currency)?.ok_or_else(unreadable)?;
    match bounds {
        Some(bounds) if !bounds.holds(amount) => {
            Err((RejectCode::ImplausibleAmount, format!("`{printed}` is not {}", bounds.words(currency))))
        }
        _ => Ok(amount),
    }
}

/// Reads the weight of a record, in thousandths; of a bin it is a number of records, which is whole.
fn weight(table: &Table<'_>, micro: &Microdata, row: &Row<'_>) -> Result<u64, Fault> {
    if !table.columns.as_ref().is_some_and(|columns| columns.fields.contains_key(&Field::Weight)) {
        return Ok(ONE);
    }
    let printed = text(table, row, Field::Weight);
    let weight = table
        .numbers()
        .rounded(printed, 3)
        .and_then(|weight| u64::try_from(weight).ok())
        .filter(|weight| if micro.bins { weight.is_multiple_of(ONE) } else { *weight > 0 });
    weight.ok_or_else(|| (RejectCode::UnreadableWeight, format!("`{printed}` is no number of records")))
}

fn fingerprint<'c>(cells: impl IntoIterator<Item = &'c str>) -> [u8; 16] {
    let mut hash = Sha256::new();
    for cell in cells {
        hash.update(cell.len().to_le_bytes());
        hash.update(cell);
    }
    let mut short = [0; 16];
    short.copy_from_slice(&hash.finalize()[..16]);
    short
}
