//! The closed lists of the contract, one to one with the words of the field.

use async_graphql::Enum;

/// A classification of occupations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "entity::Classification")]
pub(super) enum Classification {
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
pub(super) enum OccupationLevel {
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

/// What sort of place a region is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "entity::RegionKind")]
pub(super) enum RegionKind {
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

/// How pay was observed. Figures of different methods are never averaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "entity::PayMethod")]
pub(super) enum PayMethod {
    /// A survey of employers or workers.
    #[graphql(name = "SURVEY")]
    Survey,
    /// An administrative register.
    #[graphql(name = "REGISTER")]
    Register,
    /// Job advertisements.
    #[graphql(name = "ADVERT")]
    Advert,
    /// Self-reported by visitors of a site.
    #[graphql(name = "CROWD")]
    Crowd,
    /// Stated in a filing with an authority.
    #[graphql(name = "FILING")]
    Filing,
    /// Stated on a page, without data behind it.
    #[graphql(name = "EDITORIAL")]
    Editorial,
}

/// What the pay includes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "entity::PayConcept")]
pub(super) enum PayConcept {
    /// Base pay.
    #[graphql(name = "BASE")]
    Base,
    /// Gross pay, as the publisher defines it.
    #[graphql(name = "GROSS")]
    Gross,
    /// Base, bonus and equity.
    #[graphql(name = "TOTAL_COMPENSATION")]
    TotalCompensation,
    /// The source does not say.
    #[graphql(name = "UNSTATED")]
    Unstated,
}

/// The span one amount of pay is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "entity::PayPeriod")]
pub(super) enum PayPeriod {
    /// An hour.
    #[graphql(name = "HOUR")]
    Hour,
    /// A day.
    #[graphql(name = "DAY")]
    Day,
    /// A week.
    #[graphql(name = "WEEK")]
    Week,
    /// A month.
    #[graphql(name = "MONTH")]
    Month,
    /// A year.
    #[graphql(name = "YEAR")]
    Year,
}

/// Whom a segment counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "entity::Sex")]
pub(super) enum Sex {
    /// Everybody.
    #[graphql(name = "ALL")]
    All,
    /// Women.
    #[graphql(name = "FEMALE")]
    Female,
    /// Men.
    #[graphql(name = "MALE")]
    Male,
}

/// Which working time a segment counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "entity::WorkTime")]
pub(super) enum WorkTime {
    /// All.
    #[graphql(name = "ALL")]
    All,
    /// Full time.
    #[graphql(name = "FULL_TIME")]
    FullTime,
    /// Part time.
    #[graphql(name = "PART_TIME")]
    PartTime,
}

/// Which experience a segment counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "entity::Experience")]
pub(super) enum Experience {
    /// All.
    #[graphql(name = "ALL")]
    All,
    /// Entry level.
    #[graphql(name = "ENTRY")]
    Entry,
    /// Middle.
    #[graphql(name = "MID")]
    Mid,
    /// Senior.
    #[graphql(name = "SENIOR")]
    Senior,
    /// Executive.
    #[graphql(name = "EXECUTIVE")]
    Executive,
}

/// SKOS mapping relation, read from the first side: `Broader` means the other is broader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "entity::MappingRelation")]
pub(super) enum MappingRelation {
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

/// Where a release stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "entity::ReleaseStatus")]
pub(super) enum ReleaseStatus {
    /// Being loaded.
    #[graphql(name = "STAGED")]
    Staged,
    /// Failed a check; not served.
    #[graphql(name = "HELD")]
    Held,
    /// Served.
    #[graphql(name = "PUBLISHED")]
    Published,
    /// Replaced by a newer edition or period.
    #[graphql(name = "SUPERSEDED")]
    Superseded,
    /// Taken back.
    #[graphql(name = "WITHDRAWN")]
    Withdrawn,
}

/// Where the bytes come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "entity::ArtifactOrigin")]
pub(super) enum ArtifactOrigin {
    /// The publisher's own file.
    #[graphql(name = "PUBLISHER")]
    Publisher,
    /// Figures of the publisher in another hand's file.
    #[graphql(name = "REEXPORT")]
    Reexport,
}

/// What sort of skill it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "entity::SkillKind")]
pub(super) enum SkillKind {
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

/// EXACT may be compared freely. `AT_LEAST` and `AT_MOST` are bounds. UNRELIABLE carries the printed amount where there
/// is one, else null, and is never sorted, filtered or combined. The rest say why there is no number: withheld, not
/// collected for this occupation (annual-only, hourly-only), or not published at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
pub(super) enum FigureKind {
    /// The number as printed.
    Exact,
    /// The number or more.
    AtLeast,
    /// The number or less.
    AtMost,
    /// Withheld by the publisher.
    Suppressed,
    /// Too uncertain to use, by the publisher.
    Unreliable,
    /// Not collected for this occupation.
    NotCollected,
    /// Has no meaning for this occupation: annual-only or hourly-only.
    NotApplicable,
    /// Not published at all.
    NotPublished,
    /// Published, but not to be had as `view` asks; the text says why.
    NotConvertible,
}

impl From<entity::FigureKind> for FigureKind {
    fn from(kind: entity::FigureKind) -> Self {
        use entity::FigureKind as Kind;
        match kind {
            Kind::Exact => Self::Exact,
            Kind::AtLeast => Self::AtLeast,
            Kind::AtMost => Self::AtMost,
            Kind::Suppressed => Self::Suppressed,
            Kind::Unreliable => Self::Unreliable,
            Kind::NotCollected => Self::NotCollected,
            Kind::NotApplicable => Self::NotApplicable,
            Kind::NotPublished => Self::NotPublished,
        }
    }
}

/// What an amount of one currency is worth in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
pub(super) enum Exchange {
    /// What it was exchanged for, on average over the reference period: reference rates of the European Central Bank,
    /// cross rates through the euro.
    Market,
    /// What it buys where it is earned: purchasing power parities of the World Bank for the reference year.
    Ppp,
}

/// PUBLISHED as printed; CONVERTED by a stated rate (period, currency, prices); MODELLED by interpolation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
pub(super) enum FigureBasis {
    /// As printed.
    Published,
    /// By a stated rate.
    Converted,
    /// By interpolation.
    Modelled,
}

/// How old the figures of a source are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "jobs::freshness::Freshness")]
pub(super) enum Freshness {
    /// Nothing newer is expected.
    Fresh,
    /// A newer release may be out, or is by the publisher's calendar.
    Due,
    /// Due for as long again as it takes to become due.
    Stale,
    /// No release yet.
    NeverLoaded,
}

/// Which releases count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
pub(super) enum ReleaseSelection {
    /// The newest of each dataset.
    Current,
    /// Every one that is or was served.
    All,
}

/// Which end comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
pub(super) enum OrderDirection {
    /// Smallest first.
    Asc,
    /// Largest first.
    Desc,
}

/// What roles are sorted by. Missing figures come last either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
pub(super) enum RoleOrderField {
    /// Title, letter case aside.
    Title,
    /// Median annual pay in the region; "this or more" stands above every exact amount.
    Median,
    /// Percent of growth in the region, over the whole span of the projection.
    GrowthPercent,
    /// Openings a year in the region.
    AnnualOpenings,
    /// Jobs in the region, by the table of annual pay.
    Employment,
    /// How near a title is to `filter.text`, the nearest first.
    Relevance,
}

/// What bands are sorted by. Missing figures come last either way; a bound comes after every exact amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
pub(super) enum SalaryBandOrderField {
    /// Classification and code.
    Occupation,
    /// Region code.
    Region,
    /// Reference period.
    Reference,
    /// Median pay.
    Median,
    /// 10th percentile.
    P10,
    /// Lower quartile.
    P25,
    /// Upper quartile.
    P75,
    /// 90th percentile.
    P90,
    /// Mean pay.
    Mean,
    /// Jobs.
    Employment,
}

/// How employment is expected to change, in the publisher's words. What a word means in percent differs from cycle to cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "entity::GrowthCategory")]
pub(super) enum GrowthCategory {
    /// Much faster than all occupations together: 7 percent or more in 2024–34.
    MuchFasterThanAverage,
    /// Faster than all occupations together: 5 or 6 percent in 2024–34.
    FasterThanAverage,
    /// About as fast as all occupations together: 3 or 4 percent in 2024–34.
    AsFastAsAverage,
    /// Slower than all occupations together: 1 or 2 percent in 2024–34.
    SlowerThanAverage,
    /// Hardly at all: 0 percent in 2024–34.
    LittleOrNoChange,
    /// Fewer jobs: 1 percent fewer, or more than that, in 2024–34.
    Decline,
}

/// What may stand in for a figure that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "crate::pay::fallback::Fallback")]
pub(super) enum Fallback {
    /// The next larger region.
    ParentRegion,
    /// The next broader occupation of the same classification, all occupations together excepted.
    BroaderOccupation,
    /// A counterpart in another classification by the official crosswalks: the same, a broader or a partly overlapping
    /// occupation, never one piece of an occupation that was split.
    Crosswalk,
}

/// How far a figure can be compared with the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "crate::pay::comparability::Comparability")]
pub(super) enum Comparability {
    /// Freely.
    Comparable,
    /// The publisher does not mean them to be: their panels overlap, for one.
    NotDesigned,
    /// The occupation or its classification is not the same.
    SocBreak,
    /// The place is not delineated in the same way.
    AreaBreak,
    /// The figure is not made in the same way.
    MethodBreak,
}

/// What projections are sorted by. Missing figures come last either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
pub(super) enum GrowthProjectionOrderField {
    /// Classification and code.
    Occupation,
    /// Region code.
    Region,
    /// Percent over the span.
    ChangePercent,
    /// Jobs over the span.
    Change,
    /// Openings a year.
    AnnualOpenings,
    /// Jobs at the end.
    TargetEmployment,
}

/// What became of a row of figures from one release to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "crate::reader::ChangeKind")]
pub(super) enum ReleaseChangeKind {
    /// The later release has it alone.
    Appeared,
    /// The earlier release had it alone.
    Vanished,
    /// Figures differ, or the reasons why there is none.
    Revised,
    /// Figures gave way to a reason why there is none.
    NewlySuppressed,
    /// Figures stand where a reason stood.
    NewlyPublished,
    /// Its code became several, by the crosswalk.
    CodeSplit,
    /// Its code became one with others, by the crosswalk.
    CodeMerged,
}

/// What becomes of a claim: the first that applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "crate::claims::Verdict")]
pub(super) enum ClaimVerdict {
    /// Nothing official decides it.
    NotCheckable,
    /// The figure of another occupation of the same group.
    WrongOccupation,
    /// The official figure differs.
    Contradicted,
    /// Nearly the official figure, but not what it rounds to.
    WrongRounding,
    /// Right once; a newer figure says otherwise.
    Stale,
    /// It agrees with the official figure.
    Supported,
}
