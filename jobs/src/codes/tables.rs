//! The compiled-in tables and the shape of their rows. Where they come from: `jobs/codes/README.md`.

use chrono::NaiveDate;
use entity::{Classification, MappingRelation, OccupationLevel, RegionKind};
use sea_orm::DbErr;
use serde::{Deserialize, de::DeserializeOwned};

pub(super) const OCCUPATIONS: &str = include_str!("../../codes/occupations.csv");
pub(super) const TITLES: &str = include_str!("../../codes/titles.csv");
pub(super) const CROSSWALKS: &str = include_str!("../../codes/crosswalks.csv");
pub(super) const REGIONS: &str = include_str!("../../codes/regions.csv");
pub(super) const FIPS: &str = include_str!("../../codes/fips.csv");
pub(super) const COUNTRIES: &str = include_str!("../../codes/countries.csv");
pub(super) const FORMER_CURRENCIES: &str = include_str!("../../codes/former-currencies.csv");

/// A code of a classification.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Occupation {
    pub(super) classification: Classification,
    pub(super) code: String,
    pub(super) title: String,
    pub(super) level: OccupationLevel,
    pub(super) parent: Option<String>,
}

/// Other titles of an occupation, of one kind, parted by `|`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Titles {
    pub(super) classification: String,
    pub(super) code: String,
    pub(super) kind: String,
    pub(super) title: String,
}

/// A pair of occupations.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Crosswalk {
    pub(super) from_classification: String,
    pub(super) from_code: String,
    pub(super) to_classification: String,
    pub(super) to_code: String,
    pub(super) relation: MappingRelation,
    pub(super) weight: Option<f64>,
    pub(super) note: Option<String>,
}

/// A place.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Region {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) kind: RegionKind,
    pub(super) currency: String,
    pub(super) parent: Option<String>,
    pub(super) vintage: Option<String>,
}

/// A US state or territory under its other names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fips {
    #[serde(rename = "fips")]
    pub(super) number: String,
    pub(super) code: String,
    pub(super) postal: String,
}

/// A name of a country.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Country {
    pub(super) name: String,
    pub(super) code: String,
}

/// A currency that a country had.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FormerCurrency {
    pub(super) region: String,
    pub(super) currency: String,
    /// The first day of the currency after it.
    pub(super) successor: NaiveDate,
}

/// Returns a compiled-in table.
pub(super) fn known<T: DeserializeOwned>(text: &str) -> Vec<T> {
    rows(text).expect("the tests read it too")
}

/// Reads a compiled-in table.
pub(super) fn rows<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, DbErr> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|error| DbErr::Custom(format!("compiled-in codes: {error}")))
}
