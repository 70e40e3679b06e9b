//! Cells that are not numbers, and the bound behind one of them.

use entity::FigureKind;
use serde::Deserialize;

/// What a mark in a cell stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Mark {
    /// Withheld, or not applicable where the row is flagged for the other period only.
    WithheldOrNotApplicable,
    /// Withheld.
    Suppressed,
    /// Too uncertain to use.
    Unreliable,
    /// Has no meaning here.
    NotApplicable,
    /// Not published.
    NotPublished,
    /// At least the bound of the release's legend.
    Bound,
    /// The number zero.
    Zero,
}

impl Mark {
    /// Returns the kind of a cell with this mark, or `None` where the mark stands for a number.
    pub fn kind(self, other_period_only: bool) -> Option<FigureKind> {
        Some(match self {
            Self::WithheldOrNotApplicable if other_period_only => FigureKind::NotApplicable,
            Self::WithheldOrNotApplicable | Self::Suppressed => FigureKind::Suppressed,
            Self::Unreliable => FigureKind::Unreliable,
            Self::NotApplicable => FigureKind::NotApplicable,
            Self::NotPublished => FigureKind::NotPublished,
            Self::Bound | Self::Zero => return None,
        })
    }
}

/// The highest pay a publisher prints, in some years.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bound {
    /// First year it applies to.
    pub from: i32,
    /// Last year it applies to.
    pub through: i32,
    /// Minor units an hour.
    pub hour: i64,
    /// Minor units a year.
    pub year: i64,
    /// `or more`, or `more than`.
    pub words: String,
}
