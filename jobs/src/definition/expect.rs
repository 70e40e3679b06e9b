//! What a believable release looks like.

use serde::Deserialize;

/// What a believable release looks like.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Expect {
    /// Fewest rows.
    pub min_rows: u64,
    /// Largest share of rows a release may lose against the one before, percent.
    pub max_fall_percent: u64,
    /// Most codes the classification lacks.
    pub max_composites: usize,
}

impl Default for Expect {
    fn default() -> Self {
        Self { min_rows: 1, max_fall_percent: 25, max_composites: 200 }
    }
}
