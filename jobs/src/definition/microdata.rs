//! How single records, of people or jobs, or counts of them become bands.

use std::collections::BTreeMap;

use entity::{Experience, PayPeriod};
use serde::Deserialize;

/// How the rows of a table of records become bands: one for each occupation, region, experience, period and currency.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Microdata {
    /// Whose pay the records are.
    #[serde(default)]
    pub about: About,
    /// Whether a row is a bin of a histogram: its amount is where the bin begins, its weight how many records are in it, which
    /// may be none. All that is known of a quantile is then that it is no less than the beginning of its bin; a mean is
    /// not known at all.
    #[serde(default)]
    pub bins: bool,
    /// The period of every amount, where no column says it.
    #[serde(default)]
    pub period: Option<PayPeriod>,
    /// The periods that the words of the unit column stand for.
    #[serde(default)]
    pub units: BTreeMap<String, PayPeriod>,
    /// The currency of every amount, where no column says it.
    #[serde(default)]
    pub currency: Option<String>,
    /// The experience that the words of its column stand for; every record counts among all as well.
    #[serde(default)]
    pub experience: BTreeMap<String, Experience>,
    /// Which amounts are believable; the first that fits a record applies, and a record that none fits is believed.
    pub plausible: Vec<Plausible>,
    /// Fewest records of a band whose figures are given.
    #[serde(default = "five")]
    pub least: u32,
    /// What happens to a record whose title is that of no occupation, or of several.
    #[serde(default)]
    pub unknown_titles: Unknown,
    /// What happens to a row that stands there a second time.
    #[serde(default)]
    pub duplicates: Duplicates,
    /// Rows that are two ends of one range, if there are any.
    #[serde(default)]
    pub pairs: Option<Pairs>,
    /// Regions that every record counts in beside its own: `US` for a table by state.
    #[serde(default)]
    pub also: Vec<String>,
}

/// Whose pay records are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    /// That of an occupation, by its code or title.
    #[default]
    Occupation,
    /// That of whatever goes by one title, the same for all records of a file.
    Role,
}

/// The believable amounts of one period. An amount outside is rejected with its row: a wage an hour typed as one a year.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plausible {
    /// The period.
    pub period: PayPeriod,
    /// The currency; none means any.
    #[serde(default)]
    pub currency: Option<String>,
    /// The least, in whole units of the currency.
    pub least: i64,
    /// The most, in whole units of the currency.
    pub most: i64,
}

impl Plausible {
    /// Returns the bounds that apply: the first of the period and currency.
    pub(crate) fn of<'a>(all: &'a [Self], period: PayPeriod, currency: &str) -> Option<&'a Self> {
        let fits = |bounds: &&Self| bounds.currency.as_deref().is_none_or(|known| known == currency);
        all.iter().filter(|bounds| bounds.period == period).find(fits)
    }

    /// Returns whether an amount, in minor units, lies within.
    pub(crate) fn holds(&self, minor: i64) -> bool {
        (self.least.saturating_mul(100)..=self.most.saturating_mul(100)).contains(&minor)
    }

    /// Returns what is believable, for a person.
    pub(crate) fn words(&self, currency: &str) -> String {
        let period = self.period.as_str().to_lowercase();
        format!("from {} to {} {currency} for one {period}", self.least, self.most)
    }
}

/// What happens to a record whose occupation cannot be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unknown {
    /// It is rejected.
    #[default]
    Reject,
    /// It is counted and left out.
    Skip,
}

/// What happens to a row that stands there a second time: one with the same cells or, where the table has a column of record
/// numbers (`record`), with the same number in any file of the release. Of the rows with one number the first is taken, in the
/// order of the layouts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Duplicates {
    /// It is another record that looks the same.
    #[default]
    Count,
    /// It is the same record.
    Skip,
}

/// Two rows that follow each other, the same but for the amount and the second not above the first, are the ends of one
/// range: one record, with the middle of the range as its amount.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pairs {
    /// First year with such rows.
    pub from: i32,
    /// Which rows the source is made of.
    pub keep: Keep,
}

/// Which rows a source with pairs is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Keep {
    /// The pairs; single rows are left out.
    Ranges,
    /// The single rows; pairs are left out.
    Singles,
}

fn five() -> u32 {
    5
}
