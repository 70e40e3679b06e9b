//! What a row says of a region: its code, its names, what sort of place it is, and what lies around it.

use std::collections::BTreeMap;

use entity::RegionKind;
use serde::Deserialize;

use super::{Field, Pattern, Place};

/// What a row says of a region. Where rows are figures, a region that nobody knows yet is taken from them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Regions {
    /// How its code is told, first match counts.
    pub code: Vec<Told>,
    /// The headers of the columns that name it: the first filled cell is its name, the others are other names. None
    /// means the column `region-name`.
    #[serde(default)]
    pub names: Vec<Pattern>,
    /// What is typed in names, and what it stands for: two hyphens for a dash.
    #[serde(default)]
    pub typed: BTreeMap<String, String>,
    /// What sort of place it is, by the cell of its code, first match counts.
    pub kinds: Vec<KindOf>,
    /// How the code of the region around it is told, first match counts; no match means that there is none.
    #[serde(default)]
    pub parent: Vec<Told>,
    /// The delineation its code belongs to, with the names of the reference period filled in.
    #[serde(default)]
    pub vintage: Option<String>,
}

/// How a region's code is told by a cell.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// The column looked at.
    #[serde(default = "region")]
    pub field: Field,
    /// What the cell looks like; its first group, or the whole of it, tells the region.
    pub cell: Pattern,
    /// How that is read, as the region column of figures is; without it, that is the code after its prefix.
    #[serde(default, rename = "as")]
    pub place: Option<Place>,
    /// What stands before the code: `CBSA:`.
    #[serde(default)]
    pub prefix: String,
    /// How many digits the code has; zeros that were lost at its beginning are put back.
    #[serde(default)]
    pub width: usize,
}

/// What sort of place some codes are.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindOf {
    /// What the cell of the code looks like; none means any.
    #[serde(default)]
    pub cell: Option<Pattern>,
    /// The sort of place.
    pub is: RegionKind,
}

fn region() -> Field {
    Field::Region
}
