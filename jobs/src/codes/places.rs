//! From the names and numbers that files use for places to region codes.

use std::{collections::HashMap, sync::LazyLock};

use super::tables::{COUNTRIES, Country, FIPS, Fips, rows};

type Names = HashMap<String, String>;

static BY_FIPS: LazyLock<Names> =
    LazyLock::new(|| states().into_iter().map(|state| (state.number, state.code)).collect());

static BY_POSTAL: LazyLock<Names> =
    LazyLock::new(|| states().into_iter().map(|state| (state.postal, state.code)).collect());

static BY_COUNTRY: LazyLock<Names> = LazyLock::new(|| {
    let names: Vec<Country> = rows(COUNTRIES).unwrap_or_default();
    names.into_iter().map(|country| (country.name.to_lowercase(), country.code)).collect()
});

fn states() -> Vec<Fips> {
    rows(FIPS).unwrap_or_default()
}

/// Returns the region of a US state's FIPS number: `6` and `06` are `US-CA`.
pub fn region_of_fips(fips: &str) -> Option<&'static str> {
    BY_FIPS.get(&format!("{:0>2}", fips.trim())).map(String::as_str)
}

/// Returns the region of a US postal abbreviation, in any case: `CA` is `US-CA`.
pub fn region_of_postal(abbr: &str) -> Option<String> {
    BY_POSTAL.get(&abbr.trim().to_uppercase()).cloned()
}

/// Returns the region of a country's name, official name or three-letter code, in any case.
pub fn region_of_country(name: &str) -> Option<&'static str> {
    BY_COUNTRY.get(&name.trim().to_lowercase()).map(String::as_str)
}
