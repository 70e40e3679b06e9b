//! One step after the period from a published amount to a shown one: its rate, exactly, and in words.

use entity::{RegionId, ReleaseId};

use super::{
    Factor,
    convert::{Currency, fraction, name},
};
use crate::snapshot::{Mean, Month, Parity, Snapshot};

/// One step from a published amount to a shown one.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// To the prices of another month.
    Prices {
        /// The place of the series.
        index: usize,
        /// First month of the reference period.
        first: Month,
        /// Last month of the reference period.
        last: Month,
        /// The index then.
        then: Mean,
        /// The month asked for.
        to: Month,
        /// The index in that month.
        now: Mean,
    },
    /// To another currency, as it was exchanged in the reference period; cross rates go through the euro.
    Market {
        /// The published currency.
        from: Currency,
        /// The currency asked for.
        to: Currency,
        /// First month of the reference period.
        first: Month,
        /// Last month of the reference period.
        last: Month,
        /// Millionths of both for a euro, averaged over its days; nothing for the euro itself.
        per_euro: (Option<Mean>, Option<Mean>),
        /// Where the rates stand.
        release: ReleaseId,
    },
    /// To another currency, as it buys.
    PurchasingPower {
        /// The published currency.
        from: Currency,
        /// The currency asked for.
        to: Currency,
        /// The year of the pay.
        year: i16,
        /// Units of the published currency for an international dollar.
        from_parity: Parity,
        /// Units of the other one.
        to_parity: Parity,
    },
    /// To the prices of the country as a whole.
    Place {
        /// The region.
        region: RegionId,
        /// Its parity, the country being 100.
        parity: Parity,
        /// The year of the pay.
        year: i16,
    },
}

impl Step {
    /// Returns what an amount is multiplied by; nothing where that is too large to be exact.
    pub(super) fn factor(&self) -> Option<Factor> {
        match self {
            Self::Prices { then, now, .. } => mean(*now)?.times(mean(*then)?.inverse()),
            Self::Market { per_euro: (from, to), .. } => per_euro(*to)?.times(per_euro(*from)?.inverse()),
            Self::PurchasingPower { from_parity, to_parity, .. } => {
                fraction(to_parity.value)?.times(fraction(from_parity.value)?.inverse())
            }
            Self::Place { parity, .. } => Factor::new(100, 1)?.times(fraction(parity.value)?.inverse()),
        }
    }

    /// Says the step: what it does, by which rate, of when, from where.
    pub(super) fn text(&self, snapshot: &Snapshot) -> String {
        let source = |release: ReleaseId| snapshot.catalog().release(release).map_or("", |known| known.key());
        match self {
            Self::Prices { index, first, last, then, to, now } => {
                let index = snapshot.series().prices_at(*index);
                let value = |value: &Mean| number(index_points(*value));
                let seasons = if index.adjusted { "seasonally adjusted" } else { "not seasonally adjusted" };
                format!(
                    "prices: of {} to {to}, times {} and divided by {}, index {}, {seasons} ({})",
                    span(*first, *last),
                    value(now),
                    value(then),
                    index.name,
                    source(index.release)
                )
            }
            Self::Market { from, to, first, last, per_euro, release } => {
                let rate = |(currency, mean): (&Currency, Option<Mean>)| {
                    let mean = mean?;
                    let rate = number(self::per_euro(Some(mean)));
                    Some(format!("{rate} {} over {} days", name(currency), mean.count))
                };
                let rates = [(from, per_euro.0), (to, per_euro.1)].into_iter().filter_map(rate);
                format!(
                    "currency: {} to {} at the average of {}: a euro was {} ({})",
                    name(from),
                    name(to),
                    span(*first, *last),
                    rates.collect::<Vec<_>>().join(" and "),
                    source(*release)
                )
            }
            Self::PurchasingPower { from, to, year, from_parity, to_parity } => format!(
                "currency: {} of {year} to {} by purchasing power of {}: an international dollar was {} {} and {} {} ({})",
                name(from),
                name(to),
                from_parity.year,
                number(fraction(from_parity.value)),
                name(from),
                number(fraction(to_parity.value)),
                name(to),
                source(from_parity.release)
            ),
            Self::Place { region, parity, year } => format!(
                "place: {} of {} by its price parity of {}, {} where the country is 100 ({})",
                snapshot.catalog().region(*region).map_or("", |place| &place.row.code),
                year,
                parity.year,
                number(fraction(parity.value)),
                source(parity.release)
            ),
        }
    }
}

fn mean(of: Mean) -> Option<Factor> {
    Factor::new(of.sum.into(), of.count.into())
}

/// Units for a euro: rates are kept in millionths.
fn per_euro(rate: Option<Mean>) -> Option<Factor> {
    rate.map_or(Some(Factor::ONE), |rate| Factor::new(rate.sum.into(), u128::from(rate.count) * 1_000_000))
}

/// Indexes are kept in millionths.
fn index_points(of: Mean) -> Option<Factor> {
    Factor::new(of.sum.into(), u128::from(of.count) * 1_000_000)
}

/// Writes a rate with as many digits as one needs to follow the arithmetic.
fn number(of: Option<Factor>) -> String {
    let text = of.map_or_else(|| "?".to_owned(), |of| of.decimal(6));
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn span(first: Month, last: Month) -> String {
    if first == last { first.to_string() } else { format!("{first} to {last}") }
}
