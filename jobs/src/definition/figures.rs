//! How rows that hold one figure each become bands.

use std::collections::BTreeMap;

use entity::{Cell, PayPeriod, Sex, WorkTime};
use serde::Deserialize;

use super::Mark;

/// How the rows of a long table, each with one figure, become bands. A word that a map lacks is a reject, a measure that
/// is not in [`Self::measures`] a skip.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// The cells that the words of the measure column stand for; the empty word where there is no such column.
    pub measures: BTreeMap<String, Measure>,
    /// The currency of every amount, or `local` for that of the row's region; without it a column says it. A row of a region whose
    /// currency changed between its period and the day the file was made is left out under the rule `currency-changed-since`.
    #[serde(default)]
    pub currency: Option<String>,
    /// What the words of the sex column stand for.
    #[serde(default)]
    pub sexes: BTreeMap<String, Sex>,
    /// What the words of the working time column stand for.
    #[serde(default)]
    pub work_times: BTreeMap<String, WorkTime>,
    /// What stands in the code column for all occupations.
    #[serde(default)]
    pub totals: Vec<String>,
    /// What stands before a code.
    #[serde(default)]
    pub prefix: String,
    /// What the words of the status column say of the figure beside them; other words say nothing.
    #[serde(default)]
    pub statuses: BTreeMap<String, Mark>,
    /// How the name of a series tells occupation, region, industry and measure, where it does.
    #[serde(default)]
    pub series: Option<SeriesName>,
}

/// The cell that a measure fills.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// The cell.
    pub cell: Cell,
    /// The period of the band.
    pub period: PayPeriod,
}

/// A publisher's way to name series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SeriesName {
    /// `OEUN000000000000015125213`: survey, area, industry, occupation and datatype.
    Oews,
}
