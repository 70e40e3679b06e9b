//! Exchange rates, consumer prices and price parities of the current releases.

use std::{cmp::Reverse, collections::HashMap, fmt, ops::RangeInclusive, sync::Arc};

use chrono::{Datelike as _, NaiveDate};
use entity::{ParityMeasure, RegionId, ReleaseId, SeriesMeasure, exchange_rate, price_index, price_parity};
use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter, QueryOrder};

/// A month of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month(i32);

impl Month {
    /// Returns the month of a day.
    pub fn of(day: NaiveDate) -> Self {
        Self(day.year() * 12 + day.month0().cast_signed())
    }

    /// Returns the first and last of the months that a span of days covers the greater part of; where there is none, the
    /// month it begins in. A British tax year, from 6 April to 5 April, is twelve months.
    pub fn span(start: NaiveDate, end: NaiveDate) -> (Self, Self) {
        let (begun, ended) = (Self::of(start), Self::of(end));
        let first = Self(begun.0 + i32::from(start.day() > 16));
        let last = Self(ended.0 - i32::from(end.day() < 15));
        if first <= last { (first, last) } else { (begun, begun) }
    }

    /// Returns its year.
    pub fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// Returns the year that holds most of the months from this one through `last`, the later of two that hold as many.
    pub fn main_year(self, last: Self) -> i32 {
        let held = |year: i32| last.0.min(year * 12 + 11) - self.0.max(year * 12);
        (self.year()..=last.year()).max_by_key(|year| held(*year)).unwrap_or(last.year())
    }

    /// Returns the months from this one through `last`.
    fn through(self, last: Self) -> usize {
        usize::try_from(last.0 - self.0 + 1).unwrap_or_default()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{:04}-{:02}", self.year(), self.0.rem_euclid(12) + 1)
    }
}

/// A sum and how many numbers are in it: an average that is not rounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mean {
    /// The sum.
    pub sum: u64,
    /// How many numbers.
    pub count: u32,
}

/// A decimal as printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    /// Its digits.
    pub digits: u64,
    /// How many of them stand behind the point.
    pub scale: u32,
}

/// The rates of one currency.
#[derive(Debug)]
struct Rates {
    release: ReleaseId,
    months: Vec<(Month, Mean)>,
}

/// One series of consumer prices in one region.
#[derive(Debug)]
pub struct PriceIndex {
    /// The release it stands in.
    pub release: ReleaseId,
    /// The region.
    pub region: RegionId,
    /// The publisher's name of it.
    pub name: String,
    /// Whether the seasons are taken out.
    pub adjusted: bool,
    /// Its points, all with as many digits behind the point, by month.
    points: Vec<(Month, u64)>,
}

impl PriceIndex {
    /// Returns the months it reaches from and to; some between may be missing.
    pub fn reach(&self) -> Option<RangeInclusive<Month>> {
        Some(self.points.first()?.0..=self.points.last()?.0)
    }

    /// Returns the average from one month through another, if every month of them is published.
    pub fn mean(&self, first: Month, last: Month) -> Option<Mean> {
        let points = whole(&self.points, first, last)?;
        let sum = points.iter().map(|(_, value)| value).sum();
        Some(Mean { sum, count: u32::try_from(points.len()).ok()? })
    }
}

/// How dear a place is in one year.
#[derive(Clone, Copy, Debug)]
pub struct Parity {
    /// The release it stands in.
    pub release: ReleaseId,
    /// The year.
    pub year: i16,
    /// The parity.
    pub value: Decimal,
    /// Part of the release, and row.
    pub position: (usize, i64),
}

/// Reference series, by what they are asked for.
#[derive(Debug, Default)]
pub struct Series {
    releases: Vec<ReleaseId>,
    rates: HashMap<String, Rates>,
    indexes: Vec<PriceIndex>,
    parities: HashMap<(RegionId, ParityMeasure), Vec<Parity>>,
}

impl Series {
    /// Returns whether a currency is or was quoted against the euro.
    pub fn quotes(&self, currency: &str) -> bool {
        self.rates.contains_key(currency)
    }

    /// Returns the average of the daily rates of a currency, in millionths for a euro, from one month through another,
    /// with the release they stand in; nothing where a month has none.
    pub fn rate(&self, currency: &str, first: Month, last: Month) -> Option<(ReleaseId, Mean)> {
        let rates = self.rates.get(currency)?;
        let mut mean = Mean::default();
        for (_, month) in whole(&rates.months, first, last)? {
            mean = Mean { sum: mean.sum.checked_add(month.sum)?, count: mean.count + month.count };
        }
        Some((rates.release, mean))
    }

    /// Returns the places of the consumer prices of a country, in order of preference: those with the seasons left in, which are
    /// what people paid, then those that reach further.
    pub fn consumer_prices(&self, country: RegionId) -> Vec<usize> {
        let of = |place: &usize| self.indexes[*place].region == country;
        let mut found: Vec<usize> = (0..self.indexes.len()).filter(of).collect();
        found.sort_by_key(|place| {
            let index = &self.indexes[*place];
            (index.adjusted, Reverse(index.reach().map(|reach| *reach.end())))
        });
        found
    }

    /// Returns the first and last month with consumer prices of any country.
    pub fn reach(&self) -> Option<(Month, Month)> {
        let spans =
            self.indexes.iter().filter_map(PriceIndex::reach).map(|reach| (*reach.start(), *reach.end()));
        spans.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }

    /// Returns the series of prices at a place.
    pub fn prices_at(&self, place: usize) -> &PriceIndex {
        &self.indexes[place]
    }

    /// Returns the place of the series of prices of this name; of several the one that reaches furthest.
    pub fn prices_named(&self, name: &str) -> Option<usize> {
        let named = (0..self.indexes.len()).filter(|place| self.indexes[*place].name == name);
        named.max_by_key(|place| self.indexes[*place].reach().map(|reach| *reach.end()))
    }

    /// Returns whether any region has parities of this measure.
    pub fn measures(&self, measure: ParityMeasure) -> bool {
        self.parities.keys().any(|(_, known)| *known == measure)
    }

    /// Returns the parities of a region, by year.
    pub fn parities(&self, region: RegionId, measure: ParityMeasure) -> &[Parity] {
        self.parities.get(&(region, measure)).map_or(&[], Vec::as_slice)
    }

    /// Returns the parity of a region in a year.
    pub fn parity(&self, region: RegionId, measure: ParityMeasure, year: i16) -> Option<Parity> {
        let known = self.parities(region, measure);
        let place = known.binary_search_by_key(&year, |parity| parity.year).ok()?;
        Some(known[place])
    }
}

/// The points from one month through another, if none is missing.
fn whole<T>(points: &[(Month, T)], first: Month, last: Month) -> Option<&[(Month, T)]> {
    let start = points.partition_point(|(month, _)| *month < first);
    let end = points.partition_point(|(month, _)| *month <= last);
    let found = points.get(start..end)?;
    (!found.is_empty() && found.len() == first.through(last)).then_some(found)
}

/// Reads the series of `releases`, or takes those of `last` where they are the same.
pub(super) async fn read(
    db: &DatabaseConnection,
    mut releases: Vec<ReleaseId>,
    last: Option<&Arc<Series>>,
) -> Result<Arc<Series>, DbErr> {
    releases.sort_unstable();
    if let Some(last) = last.filter(|last| last.releases == releases) {
        return Ok(last.clone());
    }
    let ids = || releases.iter().copied();
    let rates = exchange_rate::Entity::find()
        .filter(exchange_rate::Column::ReleaseId.is_in(ids()))
        .order_by_asc(exchange_rate::Column::Id);
    let indexes = price_index::Entity::find()
        .filter(price_index::Column::Measure.eq(SeriesMeasure::ConsumerPrices))
        .filter(price_index::Column::ReleaseId.is_in(ids()))
        .order_by_asc(price_index::Column::Id);
    let parities = price_parity::Entity::find()
        .filter(price_parity::Column::ReleaseId.is_in(ids()))
        .order_by_asc(price_parity::Column::Id);
    let mut series = Series::default();
    add_rates(&mut series, rates.all(db).await?);
    add_indexes(&mut series, indexes.all(db).await?);
    add_parities(&mut series, parities.all(db).await?);
    series.releases = releases;
    Ok(Arc::new(series))
}

/// Of two releases that quote one currency, the one that reaches further stands.
fn add_rates(series: &mut Series, rows: Vec<exchange_rate::Model>) {
    let mut found: HashMap<(String, ReleaseId), Vec<(Month, Mean)>> = HashMap::new();
    for row in rows {
        let mean = Mean { sum: row.total.unsigned_abs(), count: row.days.unsigned_abs().into() };
        found.entry((row.currency, row.release_id)).or_default().push((Month::of(row.month), mean));
    }
    for ((currency, release), mut months) in found {
        months.sort_unstable_by_key(|(month, _)| *month);
        let reach = |rates: &Rates| (rates.months.last().map(|(month, _)| *month), rates.release);
        let rates = Rates { release, months };
        match series.rates.get(&currency) {
            Some(known) if reach(known) > reach(&rates) => {}
            _ => {
                series.rates.insert(currency, rates);
            }
        }
    }
}

fn add_indexes(series: &mut Series, rows: Vec<price_index::Model>) {
    /// Digits behind the point that every index is brought to.
    const SCALE: u32 = 6;
    for row in rows {
        let scale = row.scale.unsigned_abs().into();
        let Some(value) = 10_u64
            .checked_pow(SCALE - SCALE.min(scale))
            .and_then(|by| row.value.unsigned_abs().checked_mul(by))
        else {
            continue;
        };
        let point = (Month::of(row.month), value);
        let same = |known: &&mut PriceIndex| {
            (known.release, known.region, known.name.as_str())
                == (row.release_id, row.region_id, row.series.as_str())
        };
        match series.indexes.iter_mut().rev().find(same) {
            Some(known) => known.points.push(point),
            None => series.indexes.push(PriceIndex {
                release: row.release_id,
                region: row.region_id,
                name: row.series,
                adjusted: row.adjusted,
                points: vec![point],
            }),
        }
    }
    for index in &mut series.indexes {
        index.points.sort_unstable_by_key(|(month, _)| *month);
    }
    series.indexes.sort_by(|a, b| (&a.name, a.release).cmp(&(&b.name, b.release)));
}

/// A year that stands in several releases is taken from the newest.
fn add_parities(series: &mut Series, rows: Vec<price_parity::Model>) {
    for row in rows {
        let part = usize::try_from(row.part).unwrap_or_default();
        let parity = Parity {
            release: row.release_id,
            year: row.year,
            value: Decimal { digits: row.value.unsigned_abs(), scale: row.scale.unsigned_abs().into() },
            position: (part, row.row.into()),
        };
        series.parities.entry((row.region_id, row.measure)).or_default().push(parity);
    }
    for known in series.parities.values_mut() {
        known.sort_by(|a, b| (a.year, b.release).cmp(&(b.year, a.release)));
        known.dedup_by_key(|parity| parity.year);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_span_of_days_is_the_months_it_covers_most_of() {
        for (start, end, first, last) in [
            ("2024-05-01", "2024-05-31", "2024-05", "2024-05"),
            ("2023-04-06", "2024-04-05", "2023-04", "2024-03"),
            ("2023-01-01", "2023-12-31", "2023-01", "2023-12"),
            ("2024-05-20", "2024-05-31", "2024-05", "2024-05"),
            ("2024-01-03", "2024-01-03", "2024-01", "2024-01"),
            ("2024-01-25", "2024-02-05", "2024-01", "2024-01"),
        ] {
            let found = Month::span(day(start), day(end));
            assert_eq!(
                (found.0.to_string(), found.1.to_string()),
                (first.to_owned(), last.to_owned()),
                "{start}"
            );
        }
    }

    #[test]
    fn a_span_of_months_is_of_the_year_that_holds_most_of_it() {
        let month = |text| Month::of(day(text));
        for (first, last, year) in [
            ("2023-04-01", "2024-03-01", 2023),
            ("2023-07-01", "2024-06-01", 2024),
            ("2024-05-01", "2024-05-01", 2024),
            ("2024-01-01", "2025-12-01", 2025),
            ("2022-12-01", "2024-01-01", 2023),
        ] {
            assert_eq!(month(first).main_year(month(last)), year, "{first} to {last}");
        }
    }

    #[test]
    fn an_average_needs_every_month_of_its_span() {
        let month = |text| Month::of(day(text));
        let points = vec![(month("2025-09-01"), 10), (month("2025-11-01"), 20), (month("2025-12-01"), 30)];
        let found = |first, last| whole(&points, month(first), month(last)).map(<[_]>::len);
        assert_eq!(found("2025-11-01", "2025-12-01"), Some(2));
        assert_eq!(found("2025-09-01", "2025-09-30"), Some(1));
        for (first, last) in
            [("2025-09-01", "2025-12-01"), ("2025-10-01", "2025-10-01"), ("2025-12-01", "2026-01-01")]
        {
            assert_eq!(found(first, last), None, "{first}");
        }
    }
}
