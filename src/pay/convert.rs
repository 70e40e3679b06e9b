//! Shows a band as a view asks: its period first, then prices, currency and place. Every step is one exact rate; a bound
//! stays a bound, what is missing stays missing, and what cannot be done says why.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use entity::{FigureKind, ParityMeasure, PayPeriod, RegionId, ReleaseId, region};
use rustc_hash::FxHashMap;

use super::{
    Factor, Refusal, parity,
    period::{self, Change},
    step::Step,
    view::{Exchange, View, Wrong},
};
use crate::{
    reader::BandRef,
    snapshot::{Decimal, Mean, Month, Place, Snapshot},
};

/// How many years older than the pay a parity may be: of purchasing power, or of a region's prices.
const STALE_YEARS: i16 = 2;

/// An ISO 4217 code.
pub type Currency = [u8; 3];

/// What the amounts of a band are multiplied by, and why.
#[derive(Clone, Debug)]
pub struct Conversion {
    /// The product of all steps.
    pub factor: Factor,
    period: Option<Change>,
    rest: Arc<Rest>,
}

/// The steps after the period, in order, and their product. Every band of one release, reference period, place and currency has
/// the same.
#[derive(Debug)]
struct Rest {
    factor: Factor,
    steps: [Option<Step>; 3],
    /// Hundredths of the currency that amounts are rounded to.
    unit: u32,
}

/// What was found already while one request is answered.
#[derive(Debug, Default)]
pub struct Known {
    checked: Mutex<Checked>,
    rests: Mutex<FxHashMap<Asked, Result<Arc<Rest>, Refusal>>>,
}

/// What was said of views, and of views at places.
type Checked = FxHashMap<(View, Option<RegionId>), Result<(), Wrong>>;

/// What the steps after the period depend on; the number is that of a period which the band states for itself.
type Asked = (View, ReleaseId, Option<usize>, RegionId, Currency);

/// A band as a view asks.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The currency of its amounts.
    pub currency: Currency,
    /// The span one amount is for.
    pub period: PayPeriod,
    /// How they come about, or why they do not.
    pub conversion: Result<Conversion, Refusal>,
}

impl Shown {
    /// Returns the currency.
    pub fn currency(&self) -> &str {
        name(&self.currency)
    }

    /// Returns a cell as a view asks; the last part is the reason why there is no amount.
    pub fn cell(
        &self,
        (kind, amount): (FigureKind, Option<i64>),
    ) -> (FigureKind, Option<i64>, Option<Refusal>) {
        let Some(published) = amount else { return (kind, None, None) };
        let shown = match &self.conversion {
            Ok(how) => how.apply(published).ok_or(Refusal::TooLarge),
            Err(why) => Err(*why),
        };
        match shown {
            Ok(amount) => (kind, Some(amount), None),
            Err(why) => (kind, None, Some(why)),
        }
    }
}

impl Conversion {
    /// Multiplies an amount and rounds it, once.
    pub fn apply(&self, amount: i64) -> Option<i64> {
        self.factor.apply(amount, self.rest.unit)
    }

    /// Returns whether amounts stay what they are.
    pub fn is_identity(&self) -> bool {
        self.period.is_none() && self.rest.steps.iter().all(Option::is_none)
    }

    /// Returns the unit amounts are rounded to, in hundredths of the currency.
    pub fn unit(&self) -> u32 {
        self.rest.unit
    }

    /// Says each step in words, then how the result was rounded; nothing where there was no step.
    pub fn derivation(&self, snapshot: &Snapshot) -> Vec<String> {
        let period = self.period.as_ref().map(Change::text);
        let rest = self.rest.steps.iter().flatten().map(|step| step.text(snapshot));
        let rounding = (!self.is_identity()).then(|| {
            let unit = if self.unit() == 100 { "unit" } else { "cent" };
            format!("rounding: once, to the {unit}, halves away from zero")
        });
        period.into_iter().chain(rest).chain(rounding).collect()
    }
}

/// Shows a band as `view` asks, by what was known on a day.
pub fn show(
    snapshot: &Snapshot,
    as_of: Option<NaiveDate>,
    known: &Known,
    view: &View,
    found: &BandRef,
) -> Shown {
    let segment = found.band().segment();
    Shown {
        currency: view.currency.unwrap_or_else(|| code(&segment.currency)),
        period: view.period.unwrap_or(segment.period),
        conversion: convert(snapshot, as_of, known, view, found),
    }
}

fn convert(
    snapshot: &Snapshot,
    as_of: Option<NaiveDate>,
    known: &Known,
    view: &View,
    found: &BandRef,
) -> Result<Conversion, Refusal> {
    let to = view.period.filter(|to| *to != found.band().segment().period);
    let period = to.map(|to| period::change(snapshot, as_of, found, to)).transpose()?;
    let rest = known.rest(snapshot, view, found)?;
    let first = period.as_ref().map_or(Some(Factor::ONE), Change::factor);
    let factor = first.and_then(|first| first.times(rest.factor)).ok_or(Refusal::TooLarge)?;
    Ok(Conversion { factor, period, rest })
}

/// Returns the view by one consumer price index for bands of one place: the first that reaches the month asked for and all their
/// reference periods, else most of them.
pub fn by_one_index(snapshot: &Snapshot, view: View, bands: &[&BandRef]) -> View {
    let paths: Vec<Path<'_>> = bands.iter().filter_map(|band| Path::new(snapshot, band).ok()).collect();
    let country = paths.first().and_then(|path| path.country);
    let Some((month, country)) = view.prices_of.zip(country) else { return view };
    let series = snapshot.series();
    let reached = |place: &usize| {
        let index = series.prices_at(*place);
        let reaches = |path: &&Path<'_>| index.mean(path.first, path.last).is_some();
        index.mean(month, month).map_or(0, |_| paths.iter().filter(reaches).count())
    };
    // Of equals `max_by_key` gives the last.
    let index = series.consumer_prices(country.row.id).into_iter().rev().max_by_key(reached);
    View { index, ..view }
}

impl Known {
    /// Does what [`View::check`] does, once for each view and place.
    pub fn check(
        &self,
        snapshot: &Snapshot,
        view: &View,
        place: Option<&region::Model>,
    ) -> Result<(), Wrong> {
        let mut checked = self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        let verdict = checked.entry((*view, place.map(|place| place.id)));
        verdict.or_insert_with(|| view.check(snapshot, place)).clone()
    }

    fn rest(&self, snapshot: &Snapshot, view: &View, found: &BandRef) -> Result<Arc<Rest>, Refusal> {
        let (band, release) = (found.band(), found.loaded.release.id());
        let key = (*view, release, band.stated(), band.region(), code(&band.segment().currency));
        let mut known = self.rests.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = known
            .entry(key)
            .or_insert_with(|| Path::new(snapshot, found).and_then(|path| path.rest(view)).map(Arc::new));
        rest.clone()
    }
}

/// What the steps after the period look at.
struct Path<'a> {
    snapshot: &'a Snapshot,
    place: &'a Place,
    country: Option<&'a Place>,
    published: Currency,
    first: Month,
    last: Month,
}

impl<'a> Path<'a> {
    fn new(snapshot: &'a Snapshot, found: &BandRef) -> Result<Self, Refusal> {
        let band = found.band();
        let place = snapshot.catalog().region(band.region()).ok_or(Refusal::NoPrices)?;
        let country = snapshot.catalog().country_of(&place.row).map(AsRef::as_ref);
        let period = found.reference();
        let (first, last) = Month::span(period.start, period.end);
        Ok(Self { snapshot, place, country, published: code(&band.segment().currency), first, last })
    }

    fn rest(&self, view: &View) -> Result<Rest, Refusal> {
        let prices = view.prices_of.map(|month| self.prices(month, view.index)).transpose()?.flatten();
        let currency = view.currency.filter(|currency| *currency != self.published);
        let exchange = currency.map(|currency| match view.exchange {
            Exchange::Market => self.market(currency),
            Exchange::Ppp => self.purchasing_power(currency),
        });
        let place = view.cost_of_living.then(|| self.parity()).transpose()?;
        let steps = [prices, exchange.transpose()?, place];
        let mut factor = Factor::ONE;
        for step in steps.iter().flatten() {
            let next = step.factor().and_then(|next| factor.times(next));
            factor = next.ok_or(Refusal::TooLarge)?;
        }
        Ok(Rest { factor: factor.reduced(), steps, unit: currency.map_or(1, unit) })
    }

    /// Prices of the reference period to those of a month, both of one series, `index` where one is meant; nothing to do where they are the same.
    fn prices(&self, to: Month, index: Option<usize>) -> Result<Option<Step>, Refusal> {
        let series = self.snapshot.series();
        let country = self.country.ok_or(Refusal::NoPrices)?;
        let of_country = index.map_or_else(|| series.consumer_prices(country.row.id), |index| vec![index]);
        let missing = |first, last| Refusal::NoPricesThen { first, last };
        let mut refusal = Refusal::NoPrices;
        for place in of_country {
            let index = series.prices_at(place);
            let Some(then) = index.mean(self.first, self.last) else {
                refusal = missing(self.first, self.last);
                continue;
            };
            let Some(now) = index.mean(to, to) else {
                refusal = missing(to, to);
                continue;
            };
            let same = (self.first, self.last) == (to, to);
            let (first, last) = (self.first, self.last);
            return Ok((!same).then_some(Step::Prices { index: place, first, last, then, to, now }));
        }
        Err(refusal)
    }

    fn market(&self, to: Currency) -> Result<Step, Refusal> {
        let rate = |currency: Currency| {
            let (first, last) = (self.first, self.last);
            let missing = Refusal::NoRate { currency, first, last };
            if &currency == b"EUR" {
                return Ok(None);
            }
            let found = self.snapshot.series().rate(name(&currency), first, last).ok_or(missing)?;
            Ok(Some(found))
        };
        let (from, then) = (self.published, rate(self.published)?);
        let now = rate(to)?;
        let release = then.or(now).map(|(release, _)| release).ok_or(Refusal::TooLarge)?;
        let mean = |found: Option<(_, Mean)>| found.map(|(_, mean)| mean);
        let (first, last) = (self.first, self.last);
        Ok(Step::Market { from, to, first, last, per_euro: (mean(then), mean(now)), release })
    }

    /// What the amount buys where it is earned costs so much where the other currency is spent: by the newest fitting year that
    /// both countries have.
    fn purchasing_power(&self, to: Currency) -> Result<Step, Refusal> {
        let year = self.year();
        let missing = |currency| Refusal::NoPpp { currency, year };
        let here = self.country.filter(|country| country.row.currency.as_bytes() == self.published);
        let here = here.ok_or(Refusal::ForeignPay { currency: self.published })?;
        if let Some(is) = parity::foreign(here) {
            return Err(Refusal::ForeignParity { is });
        }
        let there = parity::country_of(self.snapshot.catalog(), name(&to)).ok_or(missing(to))?;
        let parity =
            |place: &Place, year| self.snapshot.series().parity(place.row.id, ParityMeasure::Ppp, year);
        let both = self.fitting().find_map(|year| Some((parity(here, year)?, parity(there, year)?)));
        let Some((from_parity, to_parity)) = both else {
            let lacks = self.fitting().all(|year| parity(here, year).is_none());
            return Err(missing(if lacks { self.published } else { to }));
        };
        Ok(Step::PurchasingPower { from: self.published, to, year, from_parity, to_parity })
    }

    /// The newest fitting regional parity.
    fn parity(&self) -> Result<Step, Refusal> {
        let (year, series, region) = (self.year(), self.snapshot.series(), self.place.row.id);
        let parity = self.fitting().find_map(|year| series.parity(region, ParityMeasure::RppAll, year));
        Ok(Step::Place { region, parity: parity.ok_or(Refusal::NoParity { year })?, year })
    }

    /// The year that holds most months of the reference period, the later of two that hold as many.
    fn year(&self) -> i16 {
        i16::try_from(self.first.main_year(self.last)).unwrap_or(i16::MAX)
    }

    /// The years whose parities fit the pay, the nearest first.
    fn fitting(&self) -> impl Iterator<Item = i16> {
        let year = self.year();
        (year.saturating_sub(STALE_YEARS)..=year).rev()
    }
}

/// Returns the hundredths that the smallest sum of a currency has. Source: ISO 4217, currencies without minor units.
fn unit(currency: Currency) -> u32 {
    const WHOLE: [&[u8; 3]; 16] = [
        b"BIF", b"CLP", b"DJF", b"GNF", b"ISK", b"JPY", b"KMF", b"KRW", b"PYG", b"RWF", b"UGX", b"VND",
        b"VUV", b"XAF", b"XOF", b"XPF",
    ];
    if WHOLE.contains(&&currency) { 100 } else { 1 }
}

pub(crate) fn name(currency: &Currency) -> &str {
    str::from_utf8(currency).unwrap_or("XXX")
}

/// Packs an ISO 4217 code.
pub(crate) fn code(currency: &str) -> Currency {
    currency.as_bytes().try_into().unwrap_or(*b"XXX")
}

/// Returns what a decimal is over ten to the power of its digits, as a fraction.
pub(super) fn fraction(value: Decimal) -> Option<Factor> {
    Factor::new(value.digits.into(), 10_u128.checked_pow(value.scale)?)
}
