//! How a client wants to see money.

use chrono::NaiveDate;
use entity::{ParityMeasure, PayPeriod, region};

use super::{
    convert::{Currency, code, name},
    parity,
};
use crate::snapshot::{Month, Series, Snapshot};

/// What an amount of one currency is worth in another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Exchange {
    /// What it was exchanged for.
    #[default]
    Market,
    /// What it buys.
    Ppp,
}

/// How to show money. What is `None` or `false` stays as published.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct View {
    /// The currency.
    pub currency: Option<Currency>,
    /// The span one amount is for.
    pub period: Option<PayPeriod>,
    /// The month whose prices are meant.
    pub prices_of: Option<Month>,
    /// The consumer price index that is meant, by its place; any that reaches where none is.
    pub index: Option<usize>,
    /// How currencies are exchanged.
    pub exchange: Exchange,
    /// Whether prices of places are evened out.
    pub cost_of_living: bool,
}

/// Which field of a view cannot be meant, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The field, as clients call it.
    pub field: &'static str,
    /// The reason, as the end of a sentence that begins with the field.
    pub reason: String,
}

/// What ISO 4217 writes where no currency is involved, as in places where none is spent.
const NONE: &str = "XXX";

impl Wrong {
    /// The complaint about a currency that is none.
    pub fn unknown_currency(code: &str) -> Self {
        Self { field: "currency", reason: format!("`{code}` is no currency we know") }
    }
}

impl View {
    /// Returns whether everything stays as published.
    pub fn is_plain(&self) -> bool {
        self.currency.is_none()
            && self.period.is_none()
            && self.prices_of.is_none()
            && !self.cost_of_living
            && self.exchange == Exchange::Market
    }

    /// Looks for what cannot be meant whichever figures are shown; with `place`, also for what cannot be done there.
    pub fn check(&self, snapshot: &Snapshot, place: Option<&region::Model>) -> Result<(), Wrong> {
        self.check_currency(snapshot)?;
        self.check_prices(snapshot)?;
        place.map_or(Ok(()), |place| self.check_place(snapshot, place))
    }

    fn check_currency(&self, snapshot: &Snapshot) -> Result<(), Wrong> {
        let ppp = self.exchange == Exchange::Ppp;
        let Some(currency) = self.currency.as_ref().map(name) else {
            let reason = "PPP needs a `currency` to convert to".to_owned();
            return if ppp { Err(Wrong { field: "exchange", reason }) } else { Ok(()) };
        };
        let catalog = snapshot.catalog();
        let spent = || catalog.regions().iter().any(|place| place.row.currency == currency);
        if currency == NONE || !snapshot.series().quotes(currency) && currency != "EUR" && !spent() {
            return Err(Wrong::unknown_currency(currency));
        }
        if ppp && parity::country_of(catalog, currency).is_none() {
            let reason = format!(
                "`{currency}` is not the currency of one country, or that country's parity is in another, so it has no \
                 purchasing power parity"
            );
            return Err(Wrong { field: "currency", reason });
        }
        Ok(())
    }

    fn check_prices(&self, snapshot: &Snapshot) -> Result<(), Wrong> {
        let Some(month) = self.prices_of else { return Ok(()) };
        match snapshot.series().reach() {
            Some((first, last)) if !(first..=last).contains(&month) => {
                let reason = format!("{month} has no consumer prices; they reach from {first} to {last}");
                Err(Wrong { field: "pricesOf", reason })
            }
            _ => Ok(()),
        }
    }

    fn check_place(&self, snapshot: &Snapshot, place: &region::Model) -> Result<(), Wrong> {
        let series = snapshot.series();
        let wrong = |field, what: &str| Err(Wrong { field, reason: format!("{} has no {what}", place.code) });
        let lacks = |region, measure| series.parities(region, measure).is_empty() && series.measures(measure);
        if self.cost_of_living && lacks(place.id, ParityMeasure::RppAll) {
            return wrong("costOfLiving", "regional price parity");
        }
        let country = snapshot.catalog().country_of(place);
        let region = country.map_or(place.id, |country| country.row.id);
        if self.exchange == Exchange::Ppp && lacks(region, ParityMeasure::Ppp) {
            return wrong("exchange", "purchasing power parity");
        }
        match country.and_then(|country| parity::foreign(country)) {
            Some(is) if self.exchange == Exchange::Ppp => {
                wrong("exchange", &format!("purchasing power parity in its own currency: it {is}"))
            }
            _ => Ok(()),
        }
    }

    /// Writes the view as a part of a key; the name of an index ends it.
    pub fn key(&self, series: &Series) -> String {
        let month = self.prices_of.map(|month| month.to_string()).unwrap_or_default();
        let ppp = if self.exchange == Exchange::Ppp { "PPP" } else { "" };
        let place = if self.cost_of_living { "RPP" } else { "" };
        let currency = self.currency.as_ref().map_or("", name);
        let period = self.period.map_or("", PayPeriod::as_str);
        let index = self.index.map(|index| format!(",{}", series.prices_at(index).name)).unwrap_or_default();
        format!("{currency},{period},{month},{ppp},{place}{index}")
    }

    /// Reads a view back from a part of a key.
    pub fn of_key(key: &str, series: &Series) -> Option<Self> {
        let parts: Vec<&str> = key.splitn(6, ',').collect();
        let [currency, period, month, exchange, place] = *parts.first_chunk()?;
        let first_day = format!("{month}-01").parse::<NaiveDate>();
        Some(Self {
            currency: Some(code(currency)).filter(|_| !currency.is_empty()),
            period: PayPeriod::parse(period),
            prices_of: first_day.ok().map(Month::of),
            index: parts.get(5).and_then(|name| series.prices_named(name)),
            exchange: if exchange == "PPP" { Exchange::Ppp } else { Exchange::Market },
            cost_of_living: place == "RPP",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_read_back_from_its_key() {
        let full = View {
            currency: Some(*b"EUR"),
            period: Some(PayPeriod::Hour),
            prices_of: "2024-05-01".parse().ok().map(Month::of),
            index: None,
            exchange: Exchange::Ppp,
            cost_of_living: true,
        };
        for view in [full, View { period: Some(PayPeriod::Year), ..View::default() }] {
            let series = Series::default();
            assert_eq!(View::of_key(&view.key(&series), &series), Some(view));
        }
        assert_eq!(View::of_key("EUR", &Series::default()), None);
    }
}
