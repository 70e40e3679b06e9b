//! From the names and numbers that files use for places to region codes.

use std::{
    collections::{HashMap, HashSet},
    iter::successors,
    sync::LazyLock,
};

use chrono::NaiveDate;
use entity::RegionKind;

use super::tables::{
    COUNTRIES, Country, FIPS, FORMER_CURRENCIES, Fips, FormerCurrency, REGIONS, Region, known,
};

type Names = HashMap<String, String>;

static BY_FIPS: LazyLock<Names> =
    LazyLock::new(|| states().into_iter().map(|state| (state.number, state.code)).collect());

static BY_POSTAL: LazyLock<Names> =
    LazyLock::new(|| states().into_iter().map(|state| (state.postal, state.code)).collect());

static BY_COUNTRY: LazyLock<Names> = LazyLock::new(|| {
    let names = known::<Country>(COUNTRIES).into_iter();
    names.map(|country| (country.name.to_lowercase(), country.code)).collect()
});

fn states() -> Vec<Fips> {
    known(FIPS)
}

fn regions() -> &'static [Region] {
    static ALL: LazyLock<Vec<Region>> = LazyLock::new(|| known(REGIONS));
    &ALL
}

/// Returns the region of a US state's FIPS number: `6` and `06` are `US-CA`.
pub fn region_of_fips(fips: &str) -> Option<&'static str> {
    BY_FIPS.get(&format!("{:0>2}", fips.trim())).map(String::as_str)
}

/// Returns the region of a US postal abbreviation, in any case: `CA` is `US-CA`.
pub fn region_of_postal(abbr: &str) -> Option<String> {
    BY_POSTAL.get(&abbr.trim().to_uppercase()).cloned()
}

/// Returns the region of a number of Statistics Canada, with or without `ER` before it: `00` is `CA`, `35` is `CA-ON`,
/// `3530` is `ER:3530`. An economic region that is a whole province is the province.
pub fn region_of_economic_region(number: &str) -> Option<String> {
    let number = number.trim();
    let number = number.strip_prefix("ER").unwrap_or(number);
    if number == "00" {
        return Some("CA".into());
    }
    let province = |start: &str| {
        PROVINCES.iter().find(|(known, _)| *known == start).map(|(_, letters)| format!("CA-{letters}"))
    };
    match number.len() {
        2 => province(number),
        4 if WHOLE.contains(&number) => province(&number[..2]),
        4 => region_of_code(&format!("ER:{number}")).map(ToOwned::to_owned),
        _ => None,
    }
}

/// Numbers of provinces and territories. Source: Statistics Canada, Standard Geographical Classification.
const PROVINCES: [(&str, &str); 13] = [
    ("10", "NL"),
    ("11", "PE"),
    ("12", "NS"),
    ("13", "NB"),
    ("24", "QC"),
    ("35", "ON"),
    ("46", "MB"),
    ("47", "SK"),
    ("48", "AB"),
    ("59", "BC"),
    ("60", "YT"),
    ("61", "NT"),
    ("62", "NU"),
];

/// Economic regions that are a whole province or territory.
const WHOLE: [&str; 4] = ["1110", "6010", "6110", "6210"];

/// Returns the region of a country's name, official name or three-letter code, in any case.
pub fn region_of_country(name: &str) -> Option<&'static str> {
    BY_COUNTRY.get(&name.trim().to_lowercase()).map(String::as_str)
}

/// Returns the currency of a region.
pub fn currency_of(region: &str) -> Option<&'static str> {
    self::region(region).map(|known| known.currency.as_str()).filter(|currency| currency.len() == 3)
}

/// Returns the currencies that a region had from one day through another, the oldest first.
pub fn currencies_of(region: &str, first: NaiveDate, last: NaiveDate) -> Vec<&'static str> {
    let parent = |known: &&'static Region| self::region(known.parent.as_deref()?);
    let country = successors(self::region(region), parent).last().map_or(region, |known| known.code.as_str());
    let mut found = Vec::new();
    for known in former_currencies().iter().filter(|known| known.region == country) {
        if first < known.successor {
            found.push(known.currency.as_str());
        }
        if last < known.successor {
            return found;
        }
    }
    found.extend(currency_of(region));
    found
}

/// In the order of their days, country by country.
fn former_currencies() -> &'static [FormerCurrency] {
    static ALL: LazyLock<Vec<FormerCurrency>> = LazyLock::new(|| known(FORMER_CURRENCIES));
    &ALL
}

/// The convertible peso, which Cuba had beside its own.
const BESIDE: [&str; 1] = ["CUC"];

/// Returns the currency `code`, if it is one that a country has or had.
pub fn currency(code: &str) -> Option<&'static str> {
    static KNOWN: LazyLock<HashSet<&str>> = LazyLock::new(|| {
        let of_regions = regions().iter().map(|region| &*region.currency);
        let former = former_currencies().iter().map(|known| &*known.currency);
        // A region without any has the letters that say so.
        let present = of_regions.filter(|code| code.len() == 3 && *code != "XXX");
        present.chain(former).chain(BESIDE).collect()
    });
    KNOWN.get(code).copied()
}

/// Returns the region called `code`, if there is one: `GB`, `CBSA:41860`.
pub fn region_of_code(code: &str) -> Option<&'static str> {
    region(code).map(|known| known.code.as_str())
}

fn region(code: &str) -> Option<&'static Region> {
    static BY_CODE: LazyLock<HashMap<&str, &Region>> =
        LazyLock::new(|| regions().iter().map(|region| (&*region.code, region)).collect());
    BY_CODE.get(code).copied()
}

/// A place that prose calls by its name.
#[derive(Debug)]
pub struct NamedPlace {
    /// Its name: San Francisco.
    pub name: String,
    /// Its code: US-CITY:san-francisco.
    pub code: String,
    /// What sort of place it is.
    pub kind: RegionKind,
    /// ISO 4217.
    pub currency: String,
    /// Code of the place it is part of.
    pub parent: Option<String>,
}

/// Returns countries, states, provinces, the nations of the United Kingdom, and the cities that sources name without a code.
pub fn named_places() -> &'static [NamedPlace] {
    static PLACES: LazyLock<Vec<NamedPlace>> = LazyLock::new(|| {
        let named = regions().iter().filter(|region| {
            matches!(
                region.kind,
                RegionKind::Country | RegionKind::State | RegionKind::Province | RegionKind::City
            ) || (region.kind == RegionKind::NationRegion && region.code.starts_with("GB-"))
        });
        let place = |region: &Region| NamedPlace {
            name: region.name.clone(),
            code: region.code.clone(),
            kind: region.kind,
            currency: region.currency.clone(),
            parent: region.parent.clone(),
        };
        named.map(place).collect()
    });
    &PLACES
}
