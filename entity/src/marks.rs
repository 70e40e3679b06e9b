//! The kind of every cell of a pay band, and of every count of a projection, packed into one integer.

use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};

use crate::FigureKind;

/// A cell of a pay band, in the order the table and [`Marks`] hold them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cell {
    /// 10th percentile.
    P10,
    /// 20th percentile.
    P20,
    /// 25th percentile, the lower quartile.
    P25,
    /// 30th percentile.
    P30,
    /// 40th percentile.
    P40,
    /// 50th percentile.
    Median,
    /// 60th percentile.
    P60,
    /// 70th percentile.
    P70,
    /// 75th percentile, the upper quartile.
    P75,
    /// 80th percentile.
    P80,
    /// 90th percentile.
    P90,
    /// Arithmetic mean.
    Mean,
    /// Lower end of a range whose percentile the publisher does not name.
    Low,
    /// Upper end of a range whose percentile the publisher does not name.
    High,
    /// Jobs or people.
    Employment,
}

impl Cell {
    /// Every cell, in order.
    pub const ALL: [Self; 15] = [
        Self::P10,
        Self::P20,
        Self::P25,
        Self::P30,
        Self::P40,
        Self::Median,
        Self::P60,
        Self::P70,
        Self::P75,
        Self::P80,
        Self::P90,
        Self::Mean,
        Self::Low,
        Self::High,
        Self::Employment,
    ];
    /// How many cells hold money: all but [`Cell::Employment`].
    pub const MONEY: usize = 14;

    /// Returns the cell's place in [`Cell::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }

    /// Returns the percentile the cell holds, or `None` for means, ends and counts.
    pub fn percentile(self) -> Option<u8> {
        Some(match self {
            Self::P10 => 10,
            Self::P20 => 20,
            Self::P25 => 25,
            Self::P30 => 30,
            Self::P40 => 40,
            Self::Median => 50,
            Self::P60 => 60,
            Self::P70 => 70,
            Self::P75 => 75,
            Self::P80 => 80,
            Self::P90 => 90,
            Self::Mean | Self::Low | Self::High | Self::Employment => return None,
        })
    }
}

/// Three bits per [`Cell`], each a [`FigureKind`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, DeriveValueType)]
pub struct Marks(pub i64);

impl Default for Marks {
    /// Every cell not published.
    fn default() -> Self {
        Cell::ALL.into_iter().fold(Self(0), |marks, cell| marks.with(cell, FigureKind::NotPublished))
    }
}

impl Marks {
    /// Returns the kind of `cell`.
    pub fn get(self, cell: Cell) -> FigureKind {
        FigureKind::from_bits((self.0 >> (cell.index() * 3)) & 7)
    }

    /// Returns a copy in which `cell` is of `kind`.
    #[must_use]
    pub fn with(self, cell: Cell, kind: FigureKind) -> Self {
        let shift = cell.index() * 3;
        Self((self.0 & !(7 << shift)) | (kind.bits() << shift))
    }
}

/// A count of a projection, in the order [`CountMarks`] holds them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Jobs in the base year.
    Base,
    /// Jobs expected in the target year.
    Target,
    /// Jobs more or fewer.
    Change,
    /// Openings expected a year.
    AnnualOpenings,
    /// Openings expected over the whole span.
    Openings,
    /// People expected to look for such a job over the whole span.
    JobSeekers,
}

impl Count {
    /// Every count, in order.
    pub const ALL: [Self; 6] =
        [Self::Base, Self::Target, Self::Change, Self::AnnualOpenings, Self::Openings, Self::JobSeekers];
}

/// Three bits per [`Count`], each a [`FigureKind`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, DeriveValueType)]
pub struct CountMarks(pub i32);

impl Default for CountMarks {
    /// Every count not published.
    fn default() -> Self {
        Count::ALL.into_iter().fold(Self(0), |marks, count| marks.with(count, FigureKind::NotPublished))
    }
}

impl CountMarks {
    /// Returns the kind of `count`.
    pub fn get(self, count: Count) -> FigureKind {
        FigureKind::from_bits(i64::from(self.0 >> (count as u32 * 3)))
    }

    /// Returns a copy in which `count` is of `kind`.
    #[must_use]
    pub fn with(self, count: Count, kind: FigureKind) -> Self {
        let shift = count as u32 * 3;
        let bits = i32::try_from(kind.bits()).unwrap_or_default();
        Self((self.0 & !(7 << shift)) | (bits << shift))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_keeps_its_own_kind() {
        let marks = Marks::default().with(Cell::P90, FigureKind::AtLeast).with(Cell::P10, FigureKind::Exact);
        assert_eq!(marks.get(Cell::P90), FigureKind::AtLeast);
        assert_eq!(marks.get(Cell::P10), FigureKind::Exact);
        assert_eq!(marks.get(Cell::Employment), FigureKind::NotPublished);
        assert_eq!(marks.with(Cell::P90, FigureKind::Suppressed).get(Cell::P90), FigureKind::Suppressed);
    }

    #[test]
    fn every_count_keeps_its_own_kind() {
        let marks = CountMarks::default().with(Count::Base, FigureKind::Exact);
        let kinds = Count::ALL.map(|count| marks.with(Count::JobSeekers, FigureKind::Suppressed).get(count));
        let none = FigureKind::NotPublished;
        assert_eq!(kinds, [FigureKind::Exact, none, none, none, none, FigureKind::Suppressed]);
    }
}
