//! What lists are sorted by.

use async_graphql::Enum;

/// Which end comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
pub(in crate::graphql) enum OrderDirection {
    /// Smallest first.
    Asc,
    /// Largest first.
    Desc,
}

/// What roles are sorted by. Missing figures come last either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
pub(in crate::graphql) enum RoleOrderField {
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

/// What bands are sorted by. Missing figures come last either way; a bound comes after every exact amount. Amounts of several
/// currencies are not set against each other: an order by pay goes by currency code first, always from A to Z, and by amount within
/// each; ask for the places of one currency to have one ranking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
pub(in crate::graphql) enum SalaryBandOrderField {
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

/// What projections are sorted by. Missing figures come last either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
pub(in crate::graphql) enum GrowthProjectionOrderField {
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
