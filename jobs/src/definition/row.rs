//! What the rows of a table are about: what they become, how broad an occupation is, and where.

use std::collections::BTreeMap;

use entity::OccupationLevel;
use serde::Deserialize;

/// What the rows of a table become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rows {
    /// Pay bands.
    Bands,
    /// Records of people or jobs, which become bands.
    Microdata,
    /// One figure each of a band.
    Figures,
    /// What the publisher says of an answer beside its figures: counted under a skip rule, else rejected.
    Messages,
    /// Coefficients of variation, percent, for the bands of another file.
    Quality,
    /// Growth projections, with requirements where the columns are there.
    Projections,
    /// Requirements alone.
    Requirements,
    /// Codes, titles and parents of a classification.
    Groups,
    /// Pairs of codes of two classifications.
    Crosswalk,
    /// Occupations that something else is said of in other tables.
    Occupations,
    /// Other titles of an occupation.
    Titles,
    /// What people in an occupation do.
    Duties,
    /// Skills, one row for each scale.
    Skills,
    /// Fields of knowledge, one row for each scale.
    Knowledge,
    /// Tools and technologies.
    Technology,
    /// How much preparation an occupation needs.
    JobZones,
    /// Occupations near another one.
    Related,
    /// Regions: their codes, names and what lies around them.
    Regions,
    /// Points of a reference series.
    Series,
    /// Nothing: counted under the first skip rule.
    Skip,
}

/// How the level of a row is told.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// By the digits of a SOC code: `11-0000` is a major group.
    #[default]
    Soc,
    /// By the number of characters of the code, from major to detailed.
    Length,
    /// By the words of the level column.
    Column(BTreeMap<String, OccupationLevel>),
}

/// Where a row's region stands.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// Every row is about this region.
    Fixed(String),
    /// The region column holds a state's FIPS number.
    Fips,
    /// The region column holds a country: two letters, three, or a name.
    Country,
    /// The region column holds a state's postal letters.
    Postal,
    /// The region column holds a code as the API writes it: `US-CA`, `CBSA:41860`.
    Code,
    /// The region column holds a state's five-figure GeoFIPS, `00000` for the country.
    StateGeofips,
    /// The region column holds a metropolitan area's code, in quotes or not; zeros alone are the country.
    Metro,
    /// The region column holds a number of Statistics Canada: `00`, a province such as `35`, or an economic region such
    /// as `3530`, with or without `ER` before it.
    EconomicRegion,
    /// The region column holds one of these texts.
    Names(BTreeMap<String, String>),
}

impl Default for Place {
    fn default() -> Self {
        Self::Fixed("US".into())
    }
}
