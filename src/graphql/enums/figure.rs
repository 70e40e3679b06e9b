//! What a number is, what stands in for it, and what it may be compared with.

use async_graphql::Enum;

/// EXACT may be compared freely. `AT_LEAST` and `AT_MOST` are bounds. UNRELIABLE carries the printed amount where there
/// is one, else null, and is never sorted, filtered or combined. The rest say why there is no number: withheld, not
/// collected for this occupation (annual-only, hourly-only), or not published at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
pub(in crate::graphql) enum FigureKind {
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

/// PUBLISHED as printed; CONVERTED by a stated rate (period, currency, prices); MODELLED by interpolation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
pub(in crate::graphql) enum FigureBasis {
    /// As printed.
    Published,
    /// By a stated rate.
    Converted,
    /// By interpolation.
    Modelled,
}

/// What an amount of one currency is worth in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
pub(in crate::graphql) enum Exchange {
    /// What it was exchanged for, on average over the reference period: reference rates of the European Central Bank,
    /// cross rates through the euro.
    Market,
    /// What it buys where it is earned: purchasing power parities of the World Bank for the reference year.
    Ppp,
}

/// What may stand in for a figure that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "crate::pay::fallback::Fallback")]
pub(in crate::graphql) enum Fallback {
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
pub(in crate::graphql) enum Comparability {
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

/// How employment is expected to change, in the publisher's words. What a word means in percent differs from cycle to cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "entity::GrowthCategory")]
pub(in crate::graphql) enum GrowthCategory {
    /// Much faster than all occupations together: 7 percent or more in 2024-34.
    MuchFasterThanAverage,
    /// Faster than all occupations together: 5 or 6 percent in 2024-34.
    FasterThanAverage,
    /// About as fast as all occupations together: 3 or 4 percent in 2024-34.
    AsFastAsAverage,
    /// Slower than all occupations together: 1 or 2 percent in 2024-34.
    SlowerThanAverage,
    /// Hardly at all: 0 percent in 2024-34.
    LittleOrNoChange,
    /// Fewer jobs: 1 percent fewer, or more than that, in 2024-34.
    Decline,
}

/// What becomes of a claim: the first that applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "crate::claims::Verdict")]
pub(in crate::graphql) enum ClaimVerdict {
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
