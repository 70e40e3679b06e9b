//! What a believable release looks like.

use std::{collections::BTreeMap, fmt};

use entity::{Cell, Count, OccupationLevel, PayPeriod};
use serde::{Deserialize, Serialize};

use super::Field;

/// What a believable release looks like.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Expect {
    /// Fewest rows.
    pub min_rows: u64,
    /// Largest share of rows a release may lose against the one before, percent.
    pub max_fall_percent: u64,
    /// Largest share of rows an edition may lose against the one of its own period that it takes the place of, percent; what
    /// [`Self::max_fall_percent`] allows where that is less.
    pub max_loss_percent: u64,
    /// Largest share of rows that may be rejected, percent.
    pub max_rejects_percent: u64,
    /// Most codes the classification lacks.
    pub max_composites: usize,
    /// A level whose jobs are the sum of another level's, in the same place and segment.
    pub sum: Option<Sum>,
}

impl Default for Expect {
    fn default() -> Self {
        Self {
            min_rows: 1,
            max_fall_percent: 25,
            max_loss_percent: 25,
            max_rejects_percent: 5,
            max_composites: 200,
            sum: None,
        }
    }
}

/// A published total: the jobs of the whole are those of its parts, as far as rounding allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sum {
    /// The level of the total.
    pub whole: OccupationLevel,
    /// The level of its parts.
    pub parts: OccupationLevel,
    /// How many of a thousand the two may differ by.
    pub within_permille: u32,
}

/// Figures of one release as a person read them off the publisher's own table. A release that prints another figure,
/// or none, was misread or is not what it says it is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Canary {
    /// The label of the release.
    pub label: String,
    /// The occupation's code.
    pub code: String,
    /// The region's code.
    pub region: String,
    /// The period of the band, where a row makes several.
    #[serde(default)]
    pub period: Option<PayPeriod>,
    /// Figure to the number printed.
    pub cells: BTreeMap<Figure, String>,
}

/// A figure that a canary can name: a cell of a band, or a column of a projection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Figure {
    /// A cell of a band.
    Cell(Cell),
    /// `base-employment`, `target-employment`, `change`, `openings` or `change-percent`.
    Outlook(Field),
}

impl Figure {
    /// Returns the decimals that its number is kept with, where counts are in units of `unit`.
    pub fn digits(self, unit: i64) -> Option<u32> {
        let count = if unit == 1000 { 3 } else { 0 };
        match self {
            Self::Cell(Cell::Employment) => Some(count),
            Self::Cell(_) => Some(2),
            Self::Outlook(Field::ChangePercent) => Some(3),
            Self::Outlook(field) => Count::ALL.map(Field::of_count).contains(&field).then_some(count),
        }
    }
}

impl fmt::Display for Figure {
    /// Writes its name as definitions have it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(formatter)
    }
}
