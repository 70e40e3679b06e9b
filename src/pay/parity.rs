//! Which country's parity of purchasing power a currency goes by, and which parities are in other money, as data.

use std::sync::LazyLock;

use entity::RegionKind;
use jobs::rules::PARITIES;
use serde::Deserialize;

use crate::snapshot::{Catalog, Place};

/// The rules as they are written down.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    foreign: Vec<Foreign>,
}

/// A country whose parities are in other money than its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Foreign {
    region: String,
    is: String,
    #[cfg_attr(not(test), expect(dead_code, reason = "for the reader of the file"))]
    evidence: String,
}

static RULES: LazyLock<Rules> =
    LazyLock::new(|| toml::from_str(PARITIES).expect("the compiled-in rules are well formed"));

/// Returns what the parities of a country are in, as the end of a sentence that begins with them; nothing where that is its own
/// currency.
pub(super) fn foreign(country: &Place) -> Option<&'static str> {
    let rule = RULES.foreign.iter().find(|rule| rule.region == country.row.code)?;
    Some(&rule.is)
}

/// Returns the country whose currency this is, and whose parities are in it: an ISO 4217 code begins with the letters of its
/// country.
pub(super) fn country_of<'a>(catalog: &'a Catalog, currency: &str) -> Option<&'a Place> {
    let country = &**catalog.region_of_code(currency.get(..2)?)?;
    let own = country.row.kind == RegionKind::Country && country.row.currency == currency;
    (own && foreign(country).is_none()).then_some(country)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_about_a_region_and_says_why() {
        for rule in &RULES.foreign {
            let known = jobs::codes::region_of_code(&rule.region);
            assert!(known.is_some() && rule.is.starts_with("is ") && !rule.evidence.is_empty(), "{rule:?}");
        }
    }
}
