//! One row of a pay table to its bands.

use entity::{Cell, FigureKind, Marks, OccupationLevel, PayPeriod};

use super::{
    Band, Normalizer, RejectCode, Subject,
    reader::Table,
    row::{Fault, all, occupation, segment, text},
};
use crate::{
    decode::Row,
    definition::{BandColumns, Field, Mark},
};

/// The rule for a row of which no place has a figure.
const NOTHING: &str = "nothing-printed";

/// An amount, with the kind of its cell.
pub(super) type Figure = (Option<i64>, FigureKind);

/// What an amount is read by.
#[derive(Clone, Copy)]
pub(super) struct Pay<'a> {
    /// The currency it is in.
    pub currency: &'a str,
    /// The period it is for.
    pub period: PayPeriod,
    /// Whether the row is flagged for the other period only.
    pub other_only: bool,
    /// What an empty cell means.
    pub empty: FigureKind,
}

impl Normalizer<'_> {
    /// Makes the bands of a row.
    pub(super) fn bands(&mut self, table: &Table<'_>, row: &Row<'_>) -> Result<(), Fault> {
        let printed = occupation(table, row)?;
        let region = self.located(table, row)?;
        let level = printed.level;
        let mut bands = Vec::with_capacity(table.layout.band.len());
        for (index, definition) in table.layout.band.iter().enumerate() {
            if let Some(band) = self.band(table, row, index)? {
                bands.push((definition.region.as_ref().unwrap_or(&region), band));
            }
        }
        if bands.is_empty() && table.layout.band.iter().any(|band| band.region.is_some()) {
            self.counts(&table.key).skip(NOTHING);
            return Ok(());
        }
        let release = self.release(&table.key);
        let subject = Subject::Occupation(release.occupation(printed));
        for (region, mut band) in bands {
            (band.subject, band.region, band.level) = (subject, release.region(region), level);
            release.bands.push(band);
        }
        self.counts(&table.key).loaded += 1;
        Ok(())
    }

    fn band(&mut self, table: &Table<'_>, row: &Row<'_>, index: usize) -> Result<Option<Band>, Fault> {
        let Some(columns) = table.columns.as_ref().map(|columns| &columns.bands[index]) else {
            return Ok(None);
        };
        let definition = &table.layout.band[index];
        let printed = |column: usize| row.cells.get(column).map_or("", |cell| cell.trim());
        let silent =
            definition.region.is_some() && columns.iter().all(|(_, column)| printed(*column).is_empty());
        if columns.is_empty() || silent {
            return Ok(None);
        }
        let flag = |field| matches!(text(table, row, field).to_lowercase().as_str(), "true" | "1" | "yes");
        let (annual_only, hourly_only) = (flag(Field::AnnualOnly), flag(Field::HourlyOnly));
        let period = period(table, row, definition)?;
        let withheld = !table.layout.withheld.is_empty() && all(table, row, &table.layout.withheld);
        let pay = Pay {
            currency: &definition.currency,
            period,
            other_only: if period == PayPeriod::Hour { annual_only } else { hourly_only },
            empty: if withheld { FigureKind::Suppressed } else { FigureKind::NotPublished },
        };
        let mut cells = [None; 15];
        let mut marks = Marks::default();
        for (cell, column) in columns {
            let (amount, kind) = self.figure(table, printed(*column), pay)?;
            cells[cell.index()] = amount;
            marks = marks.with(*cell, kind);
        }
        let (jobs, kind) = self.count(table, text(table, row, Field::Employment))?;
        cells[Cell::Employment.index()] = jobs;
        let stated = self.stated(table, row, index)?;
        let stated = stated.map(|period| self.release(&table.key).period(period));
        let rate = |field| {
            table.numbers().scaled(text(table, row, field), 3).and_then(|rate| i32::try_from(rate).ok())
        };
        Ok(Some(Band {
            subject: Subject::Role,
            region: 0,
            segment: segment(table, row),
            period,
            currency: definition.currency.clone(),
            concept: self.source.concept,
            cells,
            marks: marks.with(Cell::Employment, kind),
            mean_rse: rate(Field::MeanRse),
            location_quotient: rate(Field::LocationQuotient),
            jobs_per_thousand: rate(Field::JobsPerThousand),
            sample_size: None,
            hours_per_year: definition.hours.filter(|_| !annual_only && !hourly_only),
            cited_authority: None,
            locator: None,
            position: table.position(row),
            level: OccupationLevel::Detailed,
            stated,
        }))
    }

    /// Reads a cell of money.
    pub(super) fn figure(&mut self, table: &Table<'_>, printed: &str, pay: Pay<'_>) -> Result<Figure, Fault> {
        if printed.is_empty() {
            return Ok((None, pay.empty));
        }
        let Some(mark) = self.source.marks.get(printed) else {
            return Ok((Some(amount(table, printed, pay)?), FigureKind::Exact));
        };
        match mark {
            Mark::Zero => Ok((Some(0), FigureKind::Exact)),
            Mark::Bound => Ok((Some(self.bound(table, pay.period)?), FigureKind::AtLeast)),
            mark => Ok((None, mark.kind(pay.other_only).unwrap_or(FigureKind::NotPublished))),
        }
    }

    /// Reads a cell of jobs or people, of which there are none or more.
    pub(super) fn count(&self, table: &Table<'_>, printed: &str) -> Result<Figure, Fault> {
        match self.change(table, printed)? {
            (Some(jobs), _) if jobs < 0 => {
                Err((RejectCode::NegativeCount, format!("`{printed}` is below zero")))
            }
            read => Ok(read),
        }
    }

    /// Reads a cell of jobs or people that were gained or lost.
    pub(super) fn change(&self, table: &Table<'_>, printed: &str) -> Result<Figure, Fault> {
        if printed.is_empty() {
            return Ok((None, FigureKind::NotPublished));
        }
        match self.source.marks.get(printed) {
            Some(Mark::Zero) => Ok((Some(0), FigureKind::Exact)),
            Some(mark) => Ok((None, mark.kind(false).unwrap_or(FigureKind::NotPublished))),
            None => {
                let digits = if table.layout.unit == 1000 { 3 } else { 0 };
                if digits == 0 {
                    table.numbers().certain(printed)?;
                }
                let jobs = table.numbers().scaled(printed, digits).ok_or_else(|| unreadable(printed))?;
                Ok((Some(jobs), FigureKind::Exact))
            }
        }
    }

    /// The bound behind the mark: the legend's, else the definition's.
    pub(super) fn bound(&mut self, table: &Table<'_>, period: PayPeriod) -> Result<i64, Fault> {
        let defined = self.source.bound(table.period.year);
        if let Some(legend) = self.legend.clone() {
            let release = self.release(&table.key);
            release.bound_words = legend.words.into();
            if let Some(defined) =
                defined.filter(|defined| (defined.hour, defined.year) != (legend.hour, legend.year))
            {
                release.bound_conflict =
                    Some(format!("legend {} cents a year, definition {}", legend.year, defined.year));
            }
            return Ok(if period == PayPeriod::Hour { legend.hour } else { legend.year });
        }
        let defined = defined.ok_or_else(|| {
            (
                RejectCode::UnknownBound,
                format!("no legend, and the definition has no bound for {}", table.period.year),
            )
        })?;
        Ok(if period == PayPeriod::Hour { defined.hour } else { defined.year })
    }
}

/// The period of a band: its own, or what the row says.
fn period(table: &Table<'_>, row: &Row<'_>, definition: &BandColumns) -> Result<PayPeriod, Fault> {
    let printed = text(table, row, Field::Period);
    definition.period.or_else(|| table.layout.periods.get(printed).copied()).ok_or_else(|| {
        (RejectCode::UnknownPeriod, format!("`{printed}` is no period of pay that the definition knows"))
    })
}

/// Reads an amount in minor units.
fn amount(table: &Table<'_>, printed: &str, Pay { currency, period, .. }: Pay<'_>) -> Result<i64, Fault> {
    let amount = table.numbers().amount(printed, currency)?.ok_or_else(|| unreadable(printed))?;
    if amount < 0 {
        return Err((RejectCode::NegativePay, format!("`{printed}` is below zero")));
    }
    match table.layout.plausible.get(&period) {
        Some([low, high]) if amount < low * 100 || amount > high * 100 => Err((
            RejectCode::ImplausiblePay,
            format!(
                "`{printed}` is not between {low} and {high}, as pay for one {} should be",
                period.as_str().to_lowercase()
            ),
        )),
        _ => Ok(amount),
    }
}

fn unreadable(printed: &str) -> Fault {
    (RejectCode::UnreadableNumber, format!("`{printed}` is neither a number nor a mark of this source"))
}
