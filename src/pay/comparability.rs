//! What keeps two figures of one series from being compared: breaks and cautions of their source, as data.

use std::sync::LazyLock;

use chrono::NaiveDate;
use entity::RegionKind;
use jobs::rules::COMPARABILITY;
use serde::Deserialize;

/// How far two neighbours can be compared, the least trouble first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Comparability {
    /// Freely.
    Comparable,
    /// The publisher does not mean them to be.
    NotDesigned,
    /// The place is not the same.
    AreaBreak,
    /// The figure is not made in the same way.
    MethodBreak,
    /// The occupation is not the same.
    SocBreak,
}

/// The rules as they are written down.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    #[serde(rename = "break")]
    breaks: Vec<Break>,
    #[serde(rename = "caution")]
    cautions: Vec<Caution>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Break {
    kind: Comparability,
    sources: Vec<String>,
    /// Empty for every kind.
    #[serde(default)]
    region_kinds: Vec<RegionKind>,
    from: NaiveDate,
    reason: String,
    #[cfg_attr(not(test), expect(dead_code, reason = "for the reader of the file"))]
    evidence: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Caution {
    sources: Vec<String>,
    reason: String,
    panel_years: i32,
    overlap: String,
    #[cfg_attr(not(test), expect(dead_code, reason = "for the reader of the file"))]
    evidence: String,
}

static RULES: LazyLock<Rules> =
    LazyLock::new(|| toml::from_str(COMPARABILITY).expect("the compiled-in rules are well formed"));

/// Returns what a source's rules say of two releases, by the ends of their reference periods, each with its reason.
pub fn between(
    source: &str,
    region: RegionKind,
    (older, newer): (NaiveDate, NaiveDate),
) -> Vec<(Comparability, &'static str)> {
    let named = |sources: &[String]| sources.iter().any(|known| known == source);
    let mut found = Vec::new();
    for rule in RULES.breaks.iter().filter(|rule| named(&rule.sources)) {
        let here = rule.region_kinds.is_empty() || rule.region_kinds.contains(&region);
        if here && older < rule.from && rule.from <= newer {
            found.push((rule.kind, rule.reason.as_str()));
        }
    }
    for rule in RULES.cautions.iter().filter(|rule| named(&rule.sources)) {
        found.push((Comparability::NotDesigned, rule.reason.as_str()));
        if newer.years_since(older).is_some_and(|years| i64::from(years) < i64::from(rule.panel_years)) {
            found.push((Comparability::NotDesigned, rule.overlap.as_str()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worst(region: RegionKind, older: &str, newer: &str) -> Comparability {
        let days = (older.parse().unwrap(), newer.parse().unwrap());
        let found = between("bls-oews", region, days);
        found.iter().map(|(kind, _)| *kind).max().unwrap_or(Comparability::Comparable)
    }

    #[test]
    fn a_break_lies_between_the_releases_on_its_two_sides() {
        let nation = RegionKind::Country;
        assert_eq!(worst(nation, "2023-05-31", "2024-05-31"), Comparability::NotDesigned);
        assert_eq!(worst(nation, "2020-05-31", "2021-05-31"), Comparability::SocBreak);
        assert_eq!(worst(nation, "2018-05-31", "2019-05-31"), Comparability::SocBreak);
        assert_eq!(worst(nation, "2014-05-31", "2016-05-31"), Comparability::NotDesigned);
        let metro = RegionKind::Metro;
        assert_eq!(worst(metro, "2014-05-31", "2015-05-31"), Comparability::AreaBreak);
        assert_eq!(worst(metro, "2023-05-31", "2024-05-31"), Comparability::AreaBreak);
        assert_eq!(worst(metro, "2021-05-31", "2022-05-31"), Comparability::NotDesigned);
        assert_eq!(worst(metro, "2017-05-31", "2018-05-31"), Comparability::NotDesigned);
        assert_eq!(worst(RegionKind::Nonmetro, "2017-05-31", "2018-05-31"), Comparability::AreaBreak);
        let days = ("2020-05-31".parse().unwrap(), "2021-05-31".parse().unwrap());
        assert!(
            between("bls-oews", nation, days).iter().any(|(kind, _)| *kind == Comparability::MethodBreak)
        );
        assert!(between("ons-ashe", nation, days).is_empty());
    }

    #[test]
    fn panels_overlap_for_less_than_three_years() {
        let reasons = |newer: &str| {
            let days = ("2011-05-31".parse().unwrap(), newer.parse().unwrap());
            between("bls-oews", RegionKind::State, days).len()
        };
        assert_eq!((reasons("2012-05-31"), reasons("2013-05-31"), reasons("2014-05-31")), (2, 2, 1));
    }

    #[test]
    fn every_rule_says_where_it_comes_from() {
        assert!(RULES.breaks.iter().all(|rule| rule.evidence.len() > 30 && rule.reason.ends_with('.')));
        assert!(RULES.cautions.iter().all(|rule| rule.evidence.len() > 30));
    }
}
