//! How an amount for one period becomes one for another: `jobs/rules/periods.toml`.

use std::{cmp::Reverse, sync::LazyLock};

use chrono::NaiveDate;
use entity::PayPeriod;
use serde::Deserialize;

use super::{Factor, Refusal};
use crate::{
    frame::Subject,
    reader::BandRef,
    snapshot::{Release, Snapshot, said_by},
};

const RULES: &str = include_str!("../../jobs/rules/periods.toml");

/// Months in a year.
const MONTHS: u32 = 12;

/// How a publisher counts a year.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    sources: Vec<String>,
    hours: u32,
    days: Option<u32>,
    weeks: Option<u32>,
    /// Who says so, and where.
    pub(super) evidence: String,
    #[expect(dead_code, reason = "for those who read the file")]
    url: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    rule: Vec<Rule>,
}

static ALL: LazyLock<Vec<Rule>> =
    LazyLock::new(|| toml::from_str::<Rules>(RULES).expect("the tests read it too").rule);

fn rule_of(source: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.sources.iter().any(|key| key == source))
}

/// A change of period.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    /// The published period.
    pub(super) from: PayPeriod,
    /// The period asked for.
    pub(super) to: PayPeriod,
    /// How many of `from` make a year.
    pub(super) from_per_year: u32,
    /// How many of `to` make a year.
    pub(super) to_per_year: u32,
    /// What allows it; nothing for months of a year.
    pub(super) rule: Option<&'static Rule>,
}

impl Change {
    /// Returns what an amount is multiplied by.
    pub(super) fn factor(&self) -> Option<Factor> {
        Factor::new(self.from_per_year.into(), self.to_per_year.into())
    }

    /// Says it in words: by what, and on whose word.
    pub(super) fn text(&self) -> String {
        let Self { from, to, from_per_year, to_per_year, rule } = self;
        let evidence = rule.map_or("twelve months are a year", |rule| &rule.evidence);
        let times = (*from_per_year > 1).then(|| format!("times {from_per_year}"));
        let by = (*to_per_year > 1).then(|| format!("divided by {to_per_year}"));
        let how = times.into_iter().chain(by).collect::<Vec<_>>().join(" and ");
        format!("period: {} to {}, {how} ({evidence})", from.as_str(), to.as_str())
    }
}

/// Finds how the amounts of a band become amounts for another period, by what was known on a day.
pub(super) fn change(
    snapshot: &Snapshot,
    as_of: Option<NaiveDate>,
    found: &BandRef,
    to: PayPeriod,
) -> Result<Change, Refusal> {
    let from = found.band().segment().period;
    let plain = |period| matches!(period, PayPeriod::Year | PayPeriod::Month);
    let rule = if plain(from) && plain(to) { None } else { Some(allowed(snapshot, as_of, found)?) };
    let count = |period| per_year(period, rule).ok_or(Refusal::NoHours { from, to });
    Ok(Change { from, to, from_per_year: count(from)?, to_per_year: count(to)?, rule })
}

fn per_year(period: PayPeriod, rule: Option<&Rule>) -> Option<u32> {
    match period {
        PayPeriod::Year => Some(1),
        PayPeriod::Month => Some(MONTHS),
        PayPeriod::Week => rule?.weeks,
        PayPeriod::Day => rule?.days,
        PayPeriod::Hour => Some(rule?.hours),
    }
}

/// Returns the rule of the band's source, if the publisher gives the band's occupation hourly and annual pay.
fn allowed(snapshot: &Snapshot, as_of: Option<NaiveDate>, found: &BandRef) -> Result<&'static Rule, Refusal> {
    let rule = rule_of(&found.loaded.release.source.key).ok_or(Refusal::NoRule)?;
    let band = found.band();
    let annual = match band.segment().period {
        PayPeriod::Year => Some(band),
        _ => found.beside(PayPeriod::Year).map(|index| found.loaded.frame.band(index)),
    };
    let hours = annual.ok_or(Refusal::NoRule)?.segment().hours_per_year.ok_or(Refusal::OnePeriodOnly)?;
    if u32::try_from(hours) != Ok(rule.hours) {
        return Err(Refusal::NoRule);
    }
    match has_hourly_pay(snapshot, as_of, found) {
        Some(true) => Ok(rule),
        Some(false) => Err(Refusal::OnePeriodOnly),
        None => Err(Refusal::NoWord),
    }
}

/// Whether the publisher gives the band's occupation hourly pay: as the row itself says, else, since some tables hold annual pay
/// alone, as a national table of the source says, one of the same reference period before others and the nearest of those.
fn has_hourly_pay(snapshot: &Snapshot, as_of: Option<NaiveDate>, found: &BandRef) -> Option<bool> {
    let itself = found.beside(PayPeriod::Hour).and_then(|index| said_by(found.loaded.frame.band(index)));
    itself.or_else(|| {
        let (catalog, band, own) = (snapshot.catalog(), found.band(), &*found.loaded.release);
        let Subject::Occupation(occupation) = band.subject() else { return None };
        let country = catalog.country_of(&catalog.region(band.region())?.row)?.row.id;
        let known = catalog.releases().filter(|release| {
            release.source_id() == own.source_id() && as_of.is_none_or(|day| release.known_since() <= day)
        });
        let said = known.filter_map(|release| {
            let said = snapshot.hourly().said(release.id(), occupation, country)?;
            Some((distance(own, release), said))
        });
        said.min_by_key(|(distance, _)| *distance).map(|(_, said)| said)
    })
}

/// How far another release is from one: of the same reference period, then by days, the newer and the later edition first.
fn distance(one: &Release, other: &Release) -> impl Ord + Copy + use<> {
    let span = |release: &Release| (release.row.reference_start, release.row.reference_end);
    let days = (span(one).1 - span(other).1).num_days().abs();
    (span(one) != span(other), days, Reverse(other.age()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_can_be_read_and_none_speaks_of_the_british_survey() {
        assert!(toml::from_str::<Rules>(RULES).is_ok_and(|rules| !rules.rule.is_empty()));
        assert_eq!(rule_of("bls-oews").map(|rule| rule.hours), Some(2080));
        assert!(rule_of("ons-ashe").is_none() && rule_of("job-bank").is_none());
    }

    #[test]
    fn a_year_is_twelve_months_and_a_rule_says_the_rest() {
        let rule = rule_of("bls-oews");
        let count = |period| per_year(period, rule);
        assert_eq!(
            [PayPeriod::Hour, PayPeriod::Day, PayPeriod::Week, PayPeriod::Month, PayPeriod::Year].map(count),
            [Some(2080), Some(260), Some(52), Some(12), Some(1)]
        );
        assert_eq!(per_year(PayPeriod::Week, rule_of("usajobs")), None);
        assert_eq!(per_year(PayPeriod::Hour, None), None);
    }
}
