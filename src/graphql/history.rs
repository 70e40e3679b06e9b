//! Pay over time.

use async_graphql::Object;

use super::{band::SalaryBand, enums::Comparability, scope::Scope};
use crate::pay::{View, comparability, history::Point};

/// Pay as one release printed it, beside the release before.
pub(super) struct SalaryHistoryPoint {
    band: SalaryBand,
    comparability: comparability::Comparability,
    reasons: Vec<String>,
}

impl SalaryHistoryPoint {
    pub(super) fn new(scope: &Scope, point: Point, view: Option<&View>) -> Self {
        let Point { band, comparability, reasons } = point;
        Self { band: SalaryBand::new(scope, band, view), comparability, reasons }
    }
}

/// Pay as one release printed it, beside the release before.
#[Object(serial)]
impl SalaryHistoryPoint {
    /// The band. Its `via` tells the relation where an elder or younger code stands in: draw such a point dashed, not joined.
    async fn band(&self) -> &SalaryBand {
        &self.band
    }
    /// How far it can be compared with the point of the release before; the first one is comparable, having nothing before it.
    async fn comparability(&self) -> Comparability {
        self.comparability.into()
    }
    /// Everything that stands between the two, in words; the gravest kind is `comparability`.
    async fn reasons(&self) -> &[String] {
        &self.reasons
    }
}
