//! What the rows of a table of reference series mean.

use std::collections::BTreeMap;

use entity::{ParityMeasure, SeriesMeasure};
use serde::Deserialize;

use super::Pattern;

/// What the rows of a table of reference series mean. `across` finds the columns that hold a point each, where a row
/// makes several: its group `currency` or `year` is what the header says.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Series {
    /// Units of other currencies for a euro, one row for each day.
    ExchangeRates {
        /// The headers of the currencies.
        across: Pattern,
    },
    /// An index by month or quarter.
    PriceIndex {
        /// What it follows.
        measure: SeriesMeasure,
        /// The series wanted: the code of its rows, or its name where rows have no code.
        name: String,
        /// Whether the seasons are taken out.
        adjusted: bool,
        /// Months in the span of one point.
        #[serde(default = "one")]
        months: i16,
    },
    /// By how much pay grew, by month. The words of the text column are the series' name.
    PayGrowth {
        /// What grew.
        measure: SeriesMeasure,
        /// The series' name, where no column tells it.
        name: String,
        /// The headers of the points.
        across: Pattern,
        /// Over how many months, the row's own being the last, the points below each header are averaged.
        months: BTreeMap<String, i16>,
    },
    /// Parities by year.
    PriceParity {
        /// What a row compares, by the words of its text column; no words where there is one measure only.
        measures: BTreeMap<String, ParityMeasure>,
        /// The headers of the years.
        #[serde(default)]
        across: Option<Pattern>,
    },
}

impl Series {
    /// Returns the headers that hold a point each, if the table has such.
    pub fn across(&self) -> Option<&Pattern> {
        match self {
            Self::ExchangeRates { across } | Self::PayGrowth { across, .. } => Some(across),
            Self::PriceIndex { .. } => None,
            Self::PriceParity { across, .. } => across.as_ref(),
        }
    }
}

fn one() -> i16 {
    1
}
