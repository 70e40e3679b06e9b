//! Shows a band as a view asks: its period first, then prices, currency and place. Every step is one exact rate; a bound
//! stays a bound, what is missing stays missing, and what cannot be done says why.

use entity::{FigureKind, ParityMeasure, PayPeriod, RegionId, RegionKind};

use super::{
    Factor, period,
    step::Step,
    view::{Exchange, View},
};
use crate::{
    reader::BandRef,
    snapshot::{Catalog, Decimal, Mean, Month, Place, Snapshot},
};

/// How many years old a regional price parity may be.
const STALE_YEARS: i16 = 2;

/// An ISO 4217 code.
pub type Currency = [u8; 3];

/// Why a band cannot be shown as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The occupation has hourly or annual pay only.
    OnePeriodOnly,
    /// The publisher does not say how many hours are behind an annual amount.
    NoRule,
    /// A rule does not count these periods.
    NoHours {
        /// The published period.
        from: PayPeriod,
        /// The period asked for.
        to: PayPeriod,
    },
    /// There are no consumer prices of the country.
    NoPrices,
    /// The consumer prices lack a month.
    NoPricesThen {
        /// First month needed.
        first: Month,
        /// Last month needed.
        last: Month,
    },
    /// A currency has no exchange rate then.
    NoRate {
        /// The currency.
        currency: Currency,
        /// First month of the reference period.
        first: Month,
        /// Last month of the reference period.
        last: Month,
    },
    /// A country has no purchasing power parity then.
    NoPpp {
        /// The currency.
        currency: Currency,
        /// The year.
        year: i16,
    },
    /// A place has no regional price parity then.
    NoParity {
        /// The year.
        year: i16,
    },
    /// The numbers are too large to be exact.
    TooLarge,
}

/// What the amounts of a band are multiplied by, and why.
#[derive(Clone, Copy, Debug)]
pub struct Conversion {
    /// The product of all steps.
    pub factor: Factor,
    /// The steps, in order.
    pub steps: [Option<Step>; 4],
    /// Hundredths of the currency that amounts are rounded to.
    unit: u32,
}

/// A band as a view asks.
#[derive(Clone, Copy, Debug)]
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
        str::from_utf8(&self.currency).unwrap_or("XXX")
    }

    /// Returns a cell as a view asks; the last part is the reason why there is no amount.
    pub fn cell(
        &self,
        (kind, amount): (FigureKind, Option<i64>),
    ) -> (FigureKind, Option<i64>, Option<Refusal>) {
        let Some(published) = amount else { return (kind, None, None) };
        let shown = self.conversion.and_then(|how| how.apply(published).ok_or(Refusal::TooLarge));
        match shown {
            Ok(amount) => (kind, Some(amount), None),
            Err(why) => (kind, None, Some(why)),
        }
    }
}

impl Conversion {
    /// Multiplies an amount and rounds it, once.
    pub fn apply(&self, amount: i64) -> Option<i64> {
        self.factor.apply(amount, self.unit)
    }

    /// Returns whether amounts stay what they are.
    pub fn is_identity(&self) -> bool {
        self.steps.iter().all(Option::is_none)
    }

    /// Returns the unit amounts are rounded to, in hundredths of the currency.
    pub fn unit(&self) -> u32 {
        self.unit
    }

    /// Says each step in words, then how the result was rounded; nothing where there was no step.
    pub fn derivation(&self, snapshot: &Snapshot) -> Vec<String> {
        let steps = self.steps.iter().flatten().map(|step| step.text(snapshot));
        let rounding = (!self.is_identity()).then(|| {
            let unit = if self.unit == 100 { "unit" } else { "cent" };
            format!("rounding: once, to the {unit}, halves away from zero")
        });
        steps.chain(rounding).collect()
    }
}

/// Shows a band as `view` asks.
pub fn show(snapshot: &Snapshot, view: &View, found: &BandRef) -> Shown {
    let segment = found.band().segment();
    let published = code(&segment.currency);
    let currency = view.currency.as_deref().map_or(published, code);
    let period = view.period.unwrap_or(segment.period);
    let conversion =
        Path::new(snapshot, found, published).and_then(|path| path.steps(view, currency, period));
    Shown { currency, period, conversion }
}

/// What the steps of one band look at.
struct Path<'a> {
    snapshot: &'a Snapshot,
    found: &'a BandRef,
    place: &'a Place,
    country: Option<&'a Place>,
    published: Currency,
    first: Month,
    last: Month,
}

impl<'a> Path<'a> {
    fn new(snapshot: &'a Snapshot, found: &'a BandRef, published: Currency) -> Result<Self, Refusal> {
        let place = snapshot.catalog().region(found.band().region()).ok_or(Refusal::NoPrices)?;
        let country = snapshot.catalog().country_of(&place.row).map(AsRef::as_ref);
        let row = &found.loaded.release.row;
        let (first, last) = Month::span(row.reference_start, row.reference_end);
        Ok(Self { snapshot, found, place, country, published, first, last })
    }

    fn steps(&self, view: &View, currency: Currency, period: PayPeriod) -> Result<Conversion, Refusal> {
        let period = (period != self.found.band().segment().period)
            .then(|| period::change(self.snapshot, self.found, period))
            .transpose()?;
        let prices = view.prices_of.map(|day| self.prices(Month::of(day))).transpose()?.flatten();
        let exchange = (currency != self.published).then(|| match view.exchange {
            Exchange::Market => self.market(currency),
            Exchange::Ppp => self.purchasing_power(currency),
        });
        let place = view.cost_of_living.then(|| self.parity()).transpose()?;
        let steps = [period.map(Step::Period), prices, exchange.transpose()?, place];
        let mut factor = Factor::ONE;
        for step in steps.iter().flatten() {
            let next = step.factor().and_then(|next| factor.times(next));
            factor = next.ok_or(Refusal::TooLarge)?;
        }
        let unit = if steps[2].is_some() { unit(currency) } else { 1 };
        Ok(Conversion { factor, steps, unit })
    }

    /// Prices of the reference period to those of a month; nothing to do where they are the same.
    fn prices(&self, to: Month) -> Result<Option<Step>, Refusal> {
        let series = self.snapshot.series();
        let country = self.country.ok_or(Refusal::NoPrices)?;
        let place = series.consumer_prices(country.row.id).ok_or(Refusal::NoPrices)?;
        let index = series.prices_at(place);
        let missing = |first, last| Refusal::NoPricesThen { first, last };
        let then = index.mean(self.first, self.last).ok_or(missing(self.first, self.last))?;
        let now = index.mean(to, to).ok_or(missing(to, to))?;
        let same = (self.first, self.last) == (to, to);
        Ok((!same).then_some(Step::Prices {
            index: place,
            first: self.first,
            last: self.last,
            then,
            to,
            now,
        }))
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

    /// What the amount buys where it is earned costs so much where the other currency is spent.
    fn purchasing_power(&self, to: Currency) -> Result<Step, Refusal> {
        let year = self.year();
        let missing = |currency| Refusal::NoPpp { currency, year };
        let here = self.country.filter(|country| country.row.currency.as_bytes() == self.published);
        let here = here.ok_or(missing(self.published))?;
        let there = own_country(self.snapshot.catalog(), name(&to)).ok_or(missing(to))?;
        let parity = |region: RegionId| self.snapshot.series().parity(region, ParityMeasure::Ppp, year);
        let from_parity = parity(here.row.id).ok_or(missing(self.published))?;
        let to_parity = parity(there.row.id).ok_or(missing(to))?;
        Ok(Step::PurchasingPower { from: self.published, to, from_parity, to_parity })
    }

    /// The parity of the reference year, or one that is a little older.
    fn parity(&self) -> Result<Step, Refusal> {
        let (year, series) = (self.year(), self.snapshot.series());
        let known = series.parities(self.place.row.id, ParityMeasure::RppAll);
        let fitting = |year: &i16| (self.year() - STALE_YEARS..=self.year()).contains(year);
        let parity = known.iter().rev().find(|parity| fitting(&parity.year));
        let parity = *parity.ok_or(Refusal::NoParity { year })?;
        Ok(Step::Place { region: self.place.row.id, parity, year })
    }

    /// The year in which the reference period ends.
    fn year(&self) -> i16 {
        i16::try_from(self.last.year()).unwrap_or(i16::MAX)
    }
}

/// Returns the country whose currency this is: an ISO 4217 code begins with the letters of its country.
pub(super) fn own_country<'a>(catalog: &'a Catalog, currency: &str) -> Option<&'a Place> {
    let country = catalog.region_of_code(currency.get(..2)?)?;
    (country.row.kind == RegionKind::Country && country.row.currency == currency).then_some(&**country)
}

/// Returns the hundredths that the smallest sum of a currency has. Source: ISO 4217, currencies without minor units.
fn unit(currency: Currency) -> u32 {
    const WHOLE: [&[u8; 3]; 16] = [
        b"BIF", b"CLP", b"DJF", b"GNF", b"ISK", b"JPY", b"KMF", b"KRW", b"PYG", b"RWF", b"UGX", b"VND",
        b"VUV", b"XAF", b"XOF", b"XPF",
    ];
    if WHOLE.contains(&&currency) { 100 } else { 1 }
}

pub(super) fn name(currency: &Currency) -> &str {
    str::from_utf8(currency).unwrap_or("XXX")
}

fn code(currency: &str) -> Currency {
    currency.as_bytes().try_into().unwrap_or(*b"XXX")
}

impl Refusal {
    /// Says it to a person.
    pub fn words(&self) -> String {
        let span = |first: Month, last: Month| {
            if first == last { first.to_string() } else { format!("{first} to {last}") }
        };
        match self {
            Self::OnePeriodOnly => "not applicable: published for one period only".into(),
            Self::NoRule => {
                "not convertible: the source does not say how many hours are behind annual pay".into()
            }
            Self::NoHours { from, to } => {
                format!("not convertible: no rule from {} to {}", from.as_str(), to.as_str())
            }
            Self::NoPrices => "not convertible: no consumer prices of this country are loaded".into(),
            Self::NoPricesThen { first, last } => {
                format!("not convertible: no consumer prices for {}", span(*first, *last))
            }
            Self::NoRate { currency, first, last } => {
                format!("not convertible: no exchange rate of {} for {}", name(currency), span(*first, *last))
            }
            Self::NoPpp { currency, year } => {
                format!("not convertible: no purchasing power parity of {} for {year}", name(currency))
            }
            Self::NoParity { year } => {
                format!(
                    "not convertible: no regional price parity of this place for {year} or shortly before"
                )
            }
            Self::TooLarge => "not convertible: the numbers are too large to stay exact".into(),
        }
    }

    /// Returns whether the occupation itself rules it out, rather than a rate that is missing.
    pub fn is_of_occupation(&self) -> bool {
        *self == Self::OnePeriodOnly
    }
}

/// Returns what a decimal is over ten to the power of its digits, as a fraction.
pub(super) fn fraction(value: Decimal) -> Option<Factor> {
    Factor::new(value.digits.into(), 10_u128.checked_pow(value.scale)?)
}
