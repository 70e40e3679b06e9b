//! Rows that hold one figure each, gathered into the bands they belong to.

use std::collections::HashMap;

use entity::{Cell, Experience, FigureKind, Marks, OccupationLevel, PayPeriod};

use super::{
    Band, Normalizer, PrintedOccupation, RejectCode, SegmentKey, Subject,
    band::{Figure, Pay},
    reader::Table,
    row::{Fault, classified, region, segment, soc_level, text, well_formed},
    series_name::{self, Named},
};
use crate::{
    codes,
    decode::Row,
    definition::{Field, Figures, Level, Mark},
};

/// What stands for the currency of the row's region. Source: SDMX cross-domain code list of units.
const DOMESTIC: &str = "XDC";

/// Where the bands of long tables stand among those of their release.
#[derive(Default)]
pub(super) struct Places(HashMap<Key, usize>);

/// What the figures of one band have in common.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    release: (String, String),
    subject: usize,
    region: usize,
    segment: SegmentKey,
    period: PayPeriod,
    currency: String,
}

impl Normalizer<'_> {
    /// Reads one figure and puts it into its band.
    pub(super) fn one_figure(&mut self, table: &Table<'_>, row: &Row<'_>) -> Result<(), Fault> {
        let Some(figures) = &table.layout.figures else {
            return Err((RejectCode::NoFigures, "the definition does not say what the rows hold".into()));
        };
        let named = figures.series.map(|_| series_name::oews(text(table, row, Field::Series))).transpose()?;
        let measure = named.as_ref().map_or_else(|| text(table, row, Field::Measure), |named| &named.measure);
        let Some(measure) = figures.measures.get(measure).copied() else {
            self.counts(&table.key).skip("other-measure");
            return Ok(());
        };
        let printed = occupation(table, row, figures, named.as_ref())?;
        let place = match &named {
            Some(named) => named.region.clone(),
            None => region(table, row)?,
        };
        let segment = people(table, row, figures, named.as_ref())?;
        let Some(currency) = self.currency(table, row, figures, &place)? else {
            self.counts(&table.key).skip("currency-changed-since");
            return Ok(());
        };
        let (amount, kind) = self.amount(table, row, figures, (measure.cell, measure.period, &currency))?;

        let (position, concept, level) = (table.position(row), self.source.concept, printed.level);
        let release = self.release(&table.key);
        let subject = release.occupation(printed);
        let region = release.region(&place);
        let period = measure.period;
        let key = Key {
            release: table.key.clone(),
            subject,
            region,
            segment: segment.clone(),
            period,
            currency: currency.clone(),
        };
        let next = release.bands.len();
        let at = *self.places.0.entry(key).or_insert(next);
        let release = self.release(&table.key);
        if at == next {
            release.bands.push(Band {
                subject: Subject::Occupation(subject),
                region,
                segment,
                period,
                currency,
                concept,
                cells: [None; 15],
                marks: Marks::default(),
                mean_rse: None,
                location_quotient: None,
                jobs_per_thousand: None,
                sample_size: None,
                hours_per_year: None,
                cited_authority: None,
                locator: None,
                position,
                level,
                stated: None,
            });
        }
        let known = put(&mut release.bands[at], measure.cell, (amount, kind))?;
        let counts = self.counts(&table.key);
        if known {
            counts.skip("same-row-twice");
        } else {
            counts.loaded += 1;
        }
        Ok(())
    }

    /// Reads the figure of a row, and what is said of it.
    fn amount(
        &mut self,
        table: &Table<'_>,
        row: &Row<'_>,
        figures: &Figures,
        (cell, period, currency): (Cell, PayPeriod, &str),
    ) -> Result<Figure, Fault> {
        let printed = text(table, row, Field::Value);
        let said = figures.statuses.get(text(table, row, Field::Status)).copied();
        if said == Some(Mark::Bound) {
            self.legend = super::legend::read(text(table, row, Field::Text));
            return Ok((Some(self.bound(table, period)?), FigureKind::AtLeast));
        }
        let kind = said.and_then(|mark| mark.kind(false));
        if let Some(kind) = kind.filter(|kind| *kind != FigureKind::Unreliable) {
            return Ok((None, kind));
        }
        let (amount, read) = match cell {
            Cell::Employment => self.count(table, printed)?,
            _ => self.figure(
                table,
                printed,
                Pay { currency, period, other_only: false, empty: FigureKind::NotPublished },
            )?,
        };
        Ok((amount, kind.filter(|_| amount.is_some()).unwrap_or(read)))
    }

    /// Reads the currency of an amount. That of a region is known where it was one all the time from the period to the day the file
    /// was made, and is none where it changed: who publishes figures of the past may restate them in the later one, and does not say so.
    fn currency(
        &mut self,
        table: &Table<'_>,
        row: &Row<'_>,
        figures: &Figures,
        place: &str,
    ) -> Result<Option<String>, Fault> {
        let printed = text(table, row, Field::Currency);
        let unknown =
            || (RejectCode::UnknownCurrency, format!("`{printed}` is no currency, and `{place}` has none"));
        match figures.currency.as_deref() {
            Some(currency) if currency != "local" => return Ok(Some(currency.to_owned())),
            None if printed != DOMESTIC => {
                return codes::currency(printed).map(|known| Some(known.to_owned())).ok_or_else(unknown);
            }
            _ => {}
        }
        let release = self.release(&table.key);
        let (start, end) = (release.start, release.end);
        let made = self.made.after(end).unwrap_or(self.made.retrieved);
        match codes::currencies_of(place, start, made.max(end)).as_slice() {
            [] => Err(unknown()),
            [currency] => Ok(Some((*currency).to_owned())),
            _ => Ok(None),
        }
    }
}

/// Fills a cell. Returns true if it held the same figure before.
fn put(band: &mut Band, cell: Cell, (amount, kind): Figure) -> Result<bool, Fault> {
    let known = (band.cell(cell), band.marks.get(cell));
    if known == (amount, kind) {
        return Ok(amount.is_some());
    }
    if known != (None, FigureKind::NotPublished) {
        return Err((RejectCode::FigureTwice, "an earlier row has another figure for the same cell".into()));
    }
    band.cells[cell.index()] = amount;
    band.marks = band.marks.with(cell, kind);
    Ok(false)
}

fn occupation(
    table: &Table<'_>,
    row: &Row<'_>,
    figures: &Figures,
    named: Option<&Named>,
) -> Result<PrintedOccupation, Fault> {
    let printed = named.map_or_else(|| text(table, row, Field::Code), |named| &named.code);
    let title = text(table, row, Field::Title);
    if figures.totals.iter().any(|total| total == printed) {
        let classification = classified(table, printed)?;
        let title = if title.is_empty() { "All occupations" } else { title }.to_owned();
        return Ok(PrintedOccupation {
            classification,
            code: "TOTAL".into(),
            title,
            level: OccupationLevel::Total,
        });
    }
    let code = printed.strip_prefix(&figures.prefix).unwrap_or(printed).to_owned();
    let classification = classified(table, &code)?;
    if !well_formed(classification, &code) {
        return Err((
            RejectCode::MalformedCode,
            format!("`{printed}` is not a code of {}", classification.as_str()),
        ));
    }
    let level = match (&table.layout.level, code.len()) {
        (Level::Length, 1) => OccupationLevel::Major,
        (Level::Length, 2) => OccupationLevel::Minor,
        (Level::Length, 3) => OccupationLevel::Broad,
        (Level::Length, _) => OccupationLevel::Detailed,
        _ => soc_level(&code),
    };
    let title = if title.is_empty() { code.clone() } else { title.to_owned() };
    Ok(PrintedOccupation { classification, code, title, level })
}

fn people(
    table: &Table<'_>,
    row: &Row<'_>,
    figures: &Figures,
    named: Option<&Named>,
) -> Result<SegmentKey, Fault> {
    let mut key = segment(table, row);
    let unknown = |word: &str| (RejectCode::UnknownSegment, format!("the definition does not know `{word}`"));
    if !figures.sexes.is_empty() {
        let word = text(table, row, Field::Sex);
        key.sex = *figures.sexes.get(word).ok_or_else(|| unknown(word))?;
    }
    if !figures.work_times.is_empty() {
        let word = text(table, row, Field::WorkTime);
        key.work_time = *figures.work_times.get(word).ok_or_else(|| unknown(word))?;
    }
    if let Some(named) = named {
        key.industry.clone_from(&named.industry);
    }
    Ok(SegmentKey { experience: Experience::All, ..key })
}
