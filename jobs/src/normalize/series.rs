//! Rows of reference series: exchange rates, price indexes, growth of pay and price parities.
//!
//! Numbers stay as printed: their digits, and how many of them stand behind the point. Exchange rates come by the day
//! and are kept by the month, as their sum and their number: an average over any months is then exact.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{Datelike as _, Months, NaiveDate};
use entity::{ParityMeasure, SeriesMeasure};
use serde::{Deserialize, Serialize};

use super::{
    Normalizer, Position, RejectCode, Release,
    reader::Table,
    row::{Fault, region, text},
};
use crate::{
    decode::Row,
    definition::{self, Field},
};

/// How many digits of an exchange rate are kept behind the point.
const RATE_DIGITS: u32 = 6;

/// The rule under which a row without any point is counted.
const UNPUBLISHED: &str = "not-published";

/// A decimal as printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Printed {
    /// Its digits.
    pub value: i64,
    /// How many of them stand behind the point.
    pub scale: i16,
}

/// The rates of one currency in one month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// ISO 4217.
    pub currency: String,
    /// First day of the month.
    pub month: NaiveDate,
    /// Sum of the daily rates, millionths of the currency for a euro.
    pub total: i64,
    /// How many days are in the sum.
    pub days: i16,
    /// Where the first of them stands.
    pub position: Position,
}

/// One point of an index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// Index into [`Release::regions`].
    pub region: usize,
    /// What it follows.
    pub measure: SeriesMeasure,
    /// The publisher's name of the series.
    pub series: String,
    /// Whether the seasons are taken out.
    pub adjusted: bool,
    /// First day of the span.
    pub month: NaiveDate,
    /// Months in the span.
    pub months: i16,
    /// The index.
    pub value: Printed,
    /// Where it stands.
    pub position: Position,
}

/// One parity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parity {
    /// Index into [`Release::regions`].
    pub region: usize,
    /// What it compares.
    pub measure: ParityMeasure,
    /// The year.
    pub year: i16,
    /// The parity.
    pub value: Printed,
    /// Where it stands.
    pub position: Position,
}

/// The points of a release.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// Exchange rates.
    pub rates: Vec<Rate>,
    /// Points of price indexes.
    pub indexes: Vec<Index>,
    /// Price parities.
    pub parities: Vec<Parity>,
    /// Where each currency's month stands among the rates.
    #[serde(skip)]
    months: HashMap<(String, NaiveDate), usize>,
    /// The points met, by what makes them one of their kind.
    #[serde(skip)]
    seen: HashSet<String>,
    /// First and last day spoken of.
    #[serde(skip)]
    span: Option<(NaiveDate, NaiveDate)>,
}

impl Series {
    /// Returns whether there are no points.
    pub fn is_empty(&self) -> bool {
        self.rates.is_empty() && self.indexes.is_empty() && self.parities.is_empty()
    }

    /// Notes a point, unless the same was met before.
    fn meet(&mut self, key: String, first: NaiveDate, last: NaiveDate) -> Result<(), Fault> {
        if self.seen.contains(&key) {
            return Err((RejectCode::SamePointTwice, format!("`{key}` stands in an earlier row")));
        }
        self.seen.insert(key);
        let (start, end) = self.span.unwrap_or((first, last));
        self.span = Some((start.min(first), end.max(last)));
        Ok(())
    }

    fn add_rate(
        &mut self,
        currency: &str,
        day: NaiveDate,
        rate: i64,
        position: Position,
    ) -> Result<(), Fault> {
        let month = day.with_day(1).unwrap_or(day);
        let place = *self.months.entry((currency.to_owned(), month)).or_insert_with(|| {
            self.rates.push(Rate { currency: currency.to_owned(), month, total: 0, days: 0, position });
            self.rates.len() - 1
        });
        let known = &mut self.rates[place];
        let total = known.total.checked_add(rate);
        known.total = total.ok_or_else(|| too_large(currency))?;
        known.days += 1;
        Ok(())
    }
}

impl Normalizer<'_> {
    /// Reads the points of a row.
    pub(super) fn points(&mut self, table: &Table<'_>, row: &Row<'_>) -> Result<(), Fault> {
        use definition::Series as Of;
        let of = table.layout.series.as_ref();
        let of = of.ok_or_else(|| {
            (RejectCode::NoSeries, "the definition does not say what the rows are".to_owned())
        })?;
        let rule = match of {
            Of::ExchangeRates { .. } => self.rates(table, row)?,
            Of::PriceIndex { measure, name, adjusted, months } => {
                self.index(table, row, (*measure, name, *adjusted, *months))?
            }
            Of::PayGrowth { measure, name, months, .. } => {
                self.growth(table, row, (*measure, name, months))?
            }
            Of::PriceParity { measures, .. } => self.parities(table, row, measures)?,
        };
        match rule {
            Some(rule) => self.counts(&table.key).skip(rule),
            None => self.counts(&table.key).loaded += 1,
        }
        Ok(())
    }

    fn rates(&mut self, table: &Table<'_>, row: &Row<'_>) -> Result<Option<&'static str>, Fault> {
        let day = date(text(table, row, Field::Date))?;
        let mut found = Vec::new();
        for (currency, printed) in self.cells(table, row) {
            let rate = table.numbers().scaled(printed, RATE_DIGITS).filter(|rate| *rate > 0);
            let rate = rate.ok_or_else(|| unreadable(printed))?;
            found.push((currency.to_uppercase(), rate));
        }
        if found.is_empty() {
            return Ok(Some(UNPUBLISHED));
        }
        let series = &mut self.release(&table.key).series;
        series.meet(day.to_string(), day, day)?;
        for (currency, rate) in found {
            series.add_rate(&currency, day, rate, table.position(row))?;
        }
        Ok(None)
    }

    fn index(
        &mut self,
        table: &Table<'_>,
        row: &Row<'_>,
        (measure, name, adjusted, months): (SeriesMeasure, &str, bool, i16),
    ) -> Result<Option<&'static str>, Fault> {
        let code = text(table, row, Field::Code);
        if !code.is_empty() && code != name {
            return Ok(Some("other-series"));
        }
        let month = match text(table, row, Field::Date) {
            "" => month(text(table, row, Field::Year), text(table, row, Field::Month))?,
            day => date(day)?,
        };
        let cell = text(table, row, Field::Value);
        if self.absent(cell) {
            return Ok(Some(UNPUBLISHED));
        }
        let value = printed(table, cell)?;
        let place = region(table, row)?;
        let position = table.position(row);
        let release = self.release(&table.key);
        release.series.meet(format!("{name} {month}"), month, end(month, months))?;
        let (region, series) = (release.region(&place), name.to_owned());
        let point = Index { region, measure, series, adjusted, month, months, value, position };
        release.series.indexes.push(point);
        Ok(None)
    }

    fn growth(
        &mut self,
        table: &Table<'_>,
        row: &Row<'_>,
        (measure, name, spans): (SeriesMeasure, &str, &BTreeMap<String, i16>),
    ) -> Result<Option<&'static str>, Fault> {
        let last = date(text(table, row, Field::Date))?;
        let name = match text(table, row, Field::Text) {
            "" => name,
            said => said,
        };
        let place = region(table, row)?;
        let cells = self.cells(table, row).into_iter();
        let found = cells.map(|(said, cell)| Ok((months(spans, said)?, signed(table, cell)?)));
        let found = found.collect::<Result<Vec<_>, Fault>>()?;
        if found.is_empty() {
            return Ok(Some(UNPUBLISHED));
        }
        let position = table.position(row);
        let release = self.release(&table.key);
        let region = release.region(&place);
        release.series.meet(format!("{name} {place} {last}"), last, end(last, 1))?;
        for (months, value) in found {
            let before = Months::new(u32::from(months.unsigned_abs()).saturating_sub(1));
            let month = last.checked_sub_months(before).unwrap_or(last);
            let series = name.to_owned();
            let adjusted = false;
            let point = Index { region, measure, series, adjusted, month, months, value, position };
            release.series.indexes.push(point);
        }
        Ok(None)
    }

    fn parities(
        &mut self,
        table: &Table<'_>,
        row: &Row<'_>,
        measures: &BTreeMap<String, ParityMeasure>,
    ) -> Result<Option<&'static str>, Fault> {
        let said = text(table, row, Field::Text);
        let measure = *measures.get(said).ok_or_else(|| {
            (RejectCode::UnknownMeasure, format!("`{said}` is no measure of the definition"))
        })?;
        let place = region(table, row)?;
        let mut cells = self.cells(table, row);
        let own = text(table, row, Field::Value);
        if !self.absent(own) {
            cells.push((text(table, row, Field::Year), own));
        }
        let read = cells.into_iter().map(|(at, cell)| Ok((year(at)?, printed(table, cell)?)));
        let found = read.collect::<Result<Vec<_>, Fault>>()?;
        if found.is_empty() {
            return Ok(Some(UNPUBLISHED));
        }
        let position = table.position(row);
        let release = self.release(&table.key);
        let region = release.region(&place);
        for (year, value) in found {
            let day = |month, day| NaiveDate::from_ymd_opt(year.into(), month, day).unwrap_or_default();
            let key = format!("{} {place} {year}", measure.as_str());
            release.series.meet(key, day(1, 1), day(12, 31))?;
            release.series.parities.push(Parity { region, measure, year, value, position });
        }
        Ok(None)
    }

    /// The filled cells of the columns that hold a point each, with what their header says.
    fn cells<'r>(&self, table: &'r Table<'_>, row: &'r Row<'_>) -> Vec<(&'r str, &'r str)> {
        let points = table.columns.as_ref().map_or(&[][..], |columns| &columns.points);
        let cells = points.iter().filter_map(|(said, column)| {
            Some((said.as_str(), row.cells.get(*column).map(|cell| cell.trim())?))
        });
        cells.filter(|(_, cell)| !self.absent(cell)).collect()
    }

    /// Whether nothing is published in a cell.
    fn absent(&self, cell: &str) -> bool {
        cell.is_empty() || self.source.marks.contains_key(cell)
    }
}

/// Gives a release of series the days it speaks of, and a label where the definition leaves that to the last of them.
/// Returns false if it has no point.
pub(super) fn name(release: &mut Release) -> bool {
    const LAST: &str = "{last}";
    let Some((first, last)) = release.series.span else { return !release.label.contains(LAST) };
    let words = if !release.series.rates.is_empty() {
        last.to_string()
    } else if release.series.parities.is_empty() {
        last.format("%Y-%m").to_string()
    } else {
        last.year().to_string()
    };
    release.label = release.label.replace(LAST, &words);
    (release.start, release.end) = (first, last);
    true
}

/// Reads a day such as `2025-05-31`, or the first day of a month such as `May-25`.
fn date(text: &str) -> Result<NaiveDate, Fault> {
    let of_month = |_| NaiveDate::parse_from_str(&format!("1-{text}"), "%d-%b-%y");
    let words = || format!("`{text}` is neither a date like 2025-05-31 nor a month like May-25");
    text.parse().or_else(of_month).map_err(|_| (RejectCode::UnreadableDate, words()))
}

/// Over how many months the points below a header are averaged.
fn months(spans: &BTreeMap<String, i16>, header: &str) -> Result<i16, Fault> {
    let known = spans.get(header).copied();
    known.ok_or_else(|| (RejectCode::UnknownMeasure, format!("`{header}` has no months in the definition")))
}

/// Reads a year and a month such as `M05`.
fn month(year: &str, month: &str) -> Result<NaiveDate, Fault> {
    let number = month.strip_prefix('M').and_then(|number| number.parse().ok());
    let found =
        year.parse().ok().zip(number).and_then(|(year, month)| NaiveDate::from_ymd_opt(year, month, 1));
    found.ok_or_else(|| (RejectCode::UnreadableDate, format!("`{year}` and `{month}` are not a month")))
}

fn year(text: &str) -> Result<i16, Fault> {
    let found = text.parse().ok().filter(|year| (1900..=2200).contains(year));
    found.ok_or_else(|| (RejectCode::UnreadableDate, format!("`{text}` is not a year")))
}

/// The last day of a span of months.
fn end(month: NaiveDate, months: i16) -> NaiveDate {
    let next = u32::try_from(months).ok().and_then(|months| month.checked_add_months(Months::new(months)));
    next.and_then(|next| next.pred_opt()).unwrap_or(month)
}

/// Reads a decimal above zero.
fn printed(table: &Table<'_>, text: &str) -> Result<Printed, Fault> {
    let found = table.numbers().number(text).and_then(|number| decimal(&number));
    found.filter(|found| found.value > 0).ok_or_else(|| unreadable(text))
}

/// Reads a decimal of either sign.
fn signed(table: &Table<'_>, text: &str) -> Result<Printed, Fault> {
    let found = table.numbers().number(text).and_then(|number| match number.strip_prefix('-') {
        Some(digits) => decimal(digits).map(|found| Printed { value: -found.value, ..found }),
        None => decimal(&number),
    });
    let words = || format!("`{text}` is neither a number nor a mark of this source");
    found.ok_or_else(|| (RejectCode::UnreadableNumber, words()))
}

/// Reads a decimal without a sign, every digit kept: `0.031`, `4.27e-4`.
fn decimal(text: &str) -> Option<Printed> {
    let (text, tenths) = text.split_once(['e', 'E']).map_or(Some((text, 0)), |(digits, power)| {
        Some((digits, power.strip_prefix('-')?.parse::<u8>().ok()?))
    })?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let figures = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let digits = (figures(whole) && figures(fraction)).then(|| format!("{whole}{fraction}"))?;
    Some(Printed {
        value: digits.parse().ok()?,
        scale: i16::try_from(fraction.len()).ok()? + i16::from(tenths),
    })
}

fn unreadable(printed: &str) -> Fault {
    (
        RejectCode::UnreadableNumber,
        format!("`{printed}` is neither a number above zero nor a mark of this source"),
    )
}

fn too_large(currency: &str) -> Fault {
    (RejectCode::UnreadableNumber, format!("the rates of {currency} add up to more than fits"))
}
