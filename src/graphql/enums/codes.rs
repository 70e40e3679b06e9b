//! What occupations, places, skills and mappings are, by the classifications.

use async_graphql::Enum;

/// A classification of occupations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "entity::Classification")]
pub(in crate::graphql) enum Classification {
    /// US Standard Occupational Classification, 2000.
    #[graphql(name = "SOC_2000")]
    Soc2000,
    /// US SOC, 2010.
    #[graphql(name = "SOC_2010")]
    Soc2010,
    /// US SOC, 2018.
    #[graphql(name = "SOC_2018")]
    Soc2018,
    /// O*NET-SOC 2019, SOC 2018 with two more digits.
    #[graphql(name = "ONET_SOC_2019")]
    OnetSoc2019,
    /// Canadian NOC, 2021.
    #[graphql(name = "NOC_2021")]
    Noc2021,
    /// Canadian NOC, 2016.
    #[graphql(name = "NOC_2016")]
    Noc2016,
    /// Canadian NOC, 2011: the codes and, but for a few titles, the groups of 2016.
    #[graphql(name = "NOC_2011")]
    Noc2011,
    /// UK SOC, 2020.
    #[graphql(name = "UK_SOC_2020")]
    UkSoc2020,
    /// UK SOC, 2010.
    #[graphql(name = "UK_SOC_2010")]
    UkSoc2010,
    /// ISCO, 2008.
    #[graphql(name = "ISCO_08")]
    Isco08,
    /// European ESCO occupations.
    #[graphql(name = "ESCO")]
    Esco,
    /// Australian and New Zealand ANZSCO, 2022.
    #[graphql(name = "ANZSCO_2022")]
    Anzsco2022,
}

/// How broad an occupation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "entity::OccupationLevel")]
pub(in crate::graphql) enum OccupationLevel {
    /// All occupations together.
    #[graphql(name = "TOTAL")]
    Total,
    /// A major group.
    #[graphql(name = "MAJOR")]
    Major,
    /// A minor group.
    #[graphql(name = "MINOR")]
    Minor,
    /// A broad occupation.
    #[graphql(name = "BROAD")]
    Broad,
    /// A detailed occupation.
    #[graphql(name = "DETAILED")]
    Detailed,
    /// Finer than the classification's own detail.
    #[graphql(name = "EXTENDED")]
    Extended,
}

/// SKOS mapping relation, read from the first side: BROADER means the other is broader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "entity::MappingRelation")]
pub(in crate::graphql) enum MappingRelation {
    /// The same.
    #[graphql(name = "EXACT")]
    Exact,
    /// Nearly the same.
    #[graphql(name = "CLOSE")]
    Close,
    /// The other is broader.
    #[graphql(name = "BROADER")]
    Broader,
    /// The other is narrower.
    #[graphql(name = "NARROWER")]
    Narrower,
    /// A stand-in.
    #[graphql(name = "PROXY")]
    Proxy,
}

/// What sort of place a region is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "entity::RegionKind")]
pub(in crate::graphql) enum RegionKind {
    /// A country.
    #[graphql(name = "COUNTRY")]
    Country,
    /// Several countries.
    #[graphql(name = "COUNTRY_GROUP")]
    CountryGroup,
    /// A US state or territory.
    #[graphql(name = "STATE")]
    State,
    /// A Canadian province or territory.
    #[graphql(name = "PROVINCE")]
    Province,
    /// A nation or region within a country.
    #[graphql(name = "NATION_REGION")]
    NationRegion,
    /// A metropolitan area.
    #[graphql(name = "METRO")]
    Metro,
    /// A nonmetropolitan area.
    #[graphql(name = "NONMETRO")]
    Nonmetro,
    /// A Canadian economic region.
    #[graphql(name = "ECONOMIC_REGION")]
    EconomicRegion,
    /// A city that a source names without a code.
    #[graphql(name = "CITY")]
    City,
}

/// What sort of skill it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "entity::SkillKind")]
pub(in crate::graphql) enum SkillKind {
    /// A skill.
    #[graphql(name = "SKILL")]
    Skill,
    /// A field of knowledge.
    #[graphql(name = "KNOWLEDGE")]
    Knowledge,
    /// A tool or technology.
    #[graphql(name = "TECHNOLOGY")]
    Technology,
    /// A programming or human language.
    #[graphql(name = "LANGUAGE")]
    Language,
}
