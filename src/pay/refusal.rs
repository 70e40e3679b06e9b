//! Why a band cannot be shown as asked.

use entity::PayPeriod;

use super::convert::{Currency, name};
use crate::snapshot::Month;

/// Why a band cannot be shown as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The occupation has hourly or annual pay only.
    OnePeriodOnly,
    /// The publisher does not say how many hours are behind an annual amount.
    NoRule,
    /// No table says whether the occupation has hourly pay.
    NoWord,
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
    /// A country has no purchasing power parity of that year or shortly before.
    NoPpp {
        /// The currency.
        currency: Currency,
        /// The year of the pay.
        year: i16,
    },
    /// Pay is in another currency than the country's, and purchasing power is that of the country's.
    ForeignPay {
        /// The currency of the pay.
        currency: Currency,
    },
    /// The country's purchasing power parity is not, or not surely, in its own currency.
    ForeignParity {
        /// What it is in, as the end of a sentence that begins with it.
        is: &'static str,
    },
    /// A place has no regional price parity then.
    NoParity {
        /// The year.
        year: i16,
    },
    /// The numbers are too large to be exact.
    TooLarge,
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
            Self::NoWord => {
                "not convertible: no table of the source says whether the occupation has hourly pay".into()
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
                format!(
                    "not convertible: no purchasing power parity of {} for {year} or shortly before",
                    name(currency)
                )
            }
            Self::ForeignPay { currency } => {
                format!(
                    "not convertible: pay is in {}, not in the country's own currency, and has no purchasing power parity",
                    name(currency)
                )
            }
            Self::ForeignParity { is } => {
                format!("not convertible: the purchasing power parity of this country {is}")
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
