//! What pay is, and whose.

use async_graphql::Enum;

/// How pay was observed. Figures of different methods are never averaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "entity::PayMethod")]
pub(in crate::graphql) enum PayMethod {
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
pub(in crate::graphql) enum PayConcept {
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
pub(in crate::graphql) enum PayPeriod {
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
pub(in crate::graphql) enum Sex {
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
pub(in crate::graphql) enum WorkTime {
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
pub(in crate::graphql) enum Experience {
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
