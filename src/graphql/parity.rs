//! How dear a place is.

use async_graphql::Object;
use entity::{ParityMeasure, RegionId};

use super::{provenance::Provenance, scalars::Number, scope::Scope};
use crate::snapshot::{Decimal, Parity};

/// How dear a place is against its country, in one year.
pub(super) struct PriceParity {
    scope: Scope,
    region: RegionId,
    parity: Parity,
}

impl PriceParity {
    /// Returns the newest parity of a region.
    pub(super) fn of(scope: &Scope, region: RegionId) -> Option<Self> {
        let series = scope.reader.snapshot().series();
        let parity = *series.parities(region, ParityMeasure::RppAll).last()?;
        Some(Self { scope: scope.clone(), region, parity })
    }

    fn part(&self, measure: ParityMeasure) -> Option<Number> {
        let series = self.scope.reader.snapshot().series();
        Some(number(series.parity(self.region, measure, self.parity.year)?.value))
    }
}

/// How dear a place is against its country, in one year: US regional price parities. A place at 110 costs a tenth more.
#[Object(serial)]
impl PriceParity {
    /// All that households buy, the country being 100.
    async fn index(&self) -> Number {
        number(self.parity.value)
    }
    /// The year it is for.
    async fn year(&self) -> i32 {
        self.parity.year.into()
    }
    /// Goods, the country being 100; null where not published.
    async fn goods(&self) -> Option<Number> {
        self.part(ParityMeasure::RppGoods)
    }
    /// Rents, the country being 100; null where not published. They differ about five times as much as the rest.
    async fn housing(&self) -> Option<Number> {
        self.part(ParityMeasure::RppHousing)
    }
    /// Utilities, the country being 100; null where not published.
    async fn utilities(&self) -> Option<Number> {
        self.part(ParityMeasure::RppUtilities)
    }
    /// Other services, the country being 100; null where not published.
    async fn other_services(&self) -> Option<Number> {
        self.part(ParityMeasure::RppOther)
    }
    /// Where the index comes from.
    async fn provenance(&self) -> Provenance {
        let release = self.scope.catalog().release(self.parity.release);
        Provenance {
            scope: self.scope.clone(),
            release: release.expect("series are read of the catalog's releases").clone(),
            position: self.parity.position,
            locator: None,
            cited_authority: None,
            derivation: Vec::new(),
        }
    }
}

/// A decimal as it was printed.
fn number(value: Decimal) -> Number {
    let text = format!("{}e-{}", value.digits, value.scale);
    Number(text.parse().unwrap_or_default())
}
