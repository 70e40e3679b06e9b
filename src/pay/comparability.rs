//! What keeps two figures of one series from being compared: breaks and cautions of their source, as data.

use std::sync::LazyLock;

use chrono::NaiveDate;
use entity::{PayMethod, RegionKind};
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
    #[serde(default)]
    sources: Vec<String>,
    #[serde(default)]
    methods: Vec<PayMethod>,
    reason: String,
    /// Over how many years the answers behind one release were gathered, and what that means for two that are nearer.
    panel_years: Option<i32>,
    overlap: Option<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "for the reader of the file"))]
    evidence: String,
}

/// What is said of a source that no rule speaks of.
const NO_RULE: &str = "No rule is known for this source.";

static RULES: LazyLock<Rules> =
    LazyLock::new(|| toml::from_str(COMPARABILITY).expect("the compiled-in rules are well formed"));

/// Returns what the rules of a source, and of how it observes pay, say of two releases, by the ends of their reference periods,
/// each with its reason. A source that no rule speaks of is not known to be meant for comparison.
pub fn between(
    (source, method): (&str, PayMethod),
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
    let spoken_of = RULES.breaks.iter().any(|rule| named(&rule.sources));
    let mut cautions = RULES
        .cautions
        .iter()
        .filter(|rule| named(&rule.sources) || rule.methods.contains(&method))
        .peekable();
    if !spoken_of && cautions.peek().is_none() {
        found.push((Comparability::NotDesigned, NO_RULE));
    }
    for rule in cautions {
        found.push((Comparability::NotDesigned, rule.reason.as_str()));
        let apart = newer.years_since(older).map(i64::from);
        let near = apart.zip(rule.panel_years).is_some_and(|(apart, panel)| apart < i64::from(panel));
        let overlap = rule.overlap.as_deref().filter(|_| near);
        found.extend(overlap.map(|overlap| (Comparability::NotDesigned, overlap)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const OEWS: (&str, PayMethod) = ("bls-oews", PayMethod::Survey);

    fn worst(region: RegionKind, older: &str, newer: &str) -> Comparability {
        let days = (older.parse().unwrap(), newer.parse().unwrap());
        let found = between(OEWS, region, days);
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
        assert!(between(OEWS, nation, days).iter().any(|(kind, _)| *kind == Comparability::MethodBreak));
    }

    #[test]
    fn panels_overlap_for_less_than_three_years() {
        let reasons = |newer: &str| {
            let days = ("2011-05-31".parse().unwrap(), newer.parse().unwrap());
            between(OEWS, RegionKind::State, days).len()
        };
        assert_eq!((reasons("2012-05-31"), reasons("2013-05-31"), reasons("2014-05-31")), (2, 2, 1));
    }

    #[test]
    fn what_no_rule_speaks_of_is_not_called_comparable() {
        let days = ("2023-12-31".parse().unwrap(), "2024-12-31".parse().unwrap());
        let of = |source, method| between((source, method), RegionKind::Country, days);
        assert_eq!(of("ons-ashe", PayMethod::Survey), [(Comparability::NotDesigned, NO_RULE)]);
        for (source, method) in [
            ("ai-jobs", PayMethod::Advert),
            ("stack-overflow", PayMethod::Crowd),
            ("oflc-lca", PayMethod::Filing),
        ] {
            let found = of(source, method);
            assert_eq!((found.len(), found[0].0), (1, Comparability::NotDesigned), "{source}");
            assert!(found[0].1.starts_with("Nobody drew a sample"), "{found:?}");
        }
    }

    #[test]
    fn every_rule_says_where_it_comes_from() {
        assert!(RULES.breaks.iter().all(|rule| rule.evidence.len() > 30 && rule.reason.ends_with('.')));
        assert!(RULES.cautions.iter().all(|rule| rule.evidence.len() > 30));
    }
}
