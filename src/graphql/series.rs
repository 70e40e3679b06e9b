//! Monthly and quarterly series: prices, labour cost, growth of advertised pay.

use std::{borrow::Cow, sync::Arc};

use async_graphql::{Enum, Object};
use chrono::{Months, NaiveDate};
use entity::price_index;
use sea_orm::DbErr;

use super::{
    at_hand::AtHand,
    page::Keyed,
    provenance::Provenance,
    region::Region,
    scalars::{Date, Number},
    scope::Scope,
};
use crate::{reader::SeriesFilter, snapshot::Release};

/// What a monthly or quarterly series follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::SeriesMeasure")]
pub(super) enum SeriesMeasure {
    /// What consumers pay, as an index.
    #[graphql(name = "CONSUMER_PRICES")]
    ConsumerPrices,
    /// What employers pay for labour, as an index.
    #[graphql(name = "LABOUR_COST")]
    LabourCost,
    /// By how much the pay in adverts grew over twelve months, as a share of one: 0.03 is three percent. No pay itself.
    #[graphql(name = "ADVERTISED_PAY_GROWTH")]
    AdvertisedPayGrowth,
}

/// One point of a monthly or quarterly series, as published.
pub(super) struct SeriesPoint {
    scope: Scope,
    release: Arc<Release>,
    row: price_index::Model,
    key: String,
}

impl SeriesPoint {
    /// Returns the points of a region that are wanted, in the order of their keys.
    pub(super) async fn find(scope: &Scope, wanted: &SeriesFilter) -> Result<Vec<Self>, DbErr> {
        let rows = scope.reader.series(scope.day, wanted).await?;
        let mut points: Vec<Self> = rows.into_iter().map(|row| Self::new(scope, row)).collect();
        points.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(points)
    }

    fn new(scope: &Scope, row: price_index::Model) -> Self {
        let release = scope.catalog().release(row.release_id);
        let release = release.expect("points are read of the catalog's releases").clone();
        // A later release of the dataset holds the same points.
        let key = [
            &row.series,
            &row.months.to_string(),
            &row.month.to_string(),
            &release.source.key,
            &release.row.dataset,
        ];
        Self { scope: scope.clone(), key: key.map(String::as_str).join("\t"), release, row }
    }

    fn last(&self) -> NaiveDate {
        let months = Months::new(u32::from(self.row.months.unsigned_abs()));
        let next = self.row.month.checked_add_months(months);
        next.and_then(|next| next.pred_opt()).unwrap_or(self.row.month)
    }

    fn printed(&self) -> String {
        let scale = usize::try_from(self.row.scale).unwrap_or_default();
        let sign = if self.row.value < 0 { "-" } else { "" };
        let digits = format!("{:0>1$}", self.row.value.unsigned_abs(), scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        if scale == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
    }
}

impl AtHand for SeriesPoint {
    const NAME: &'static str = "SeriesPoint";
}

impl Keyed for SeriesPoint {
    fn key(&self) -> Cow<'_, str> {
        self.key.as_str().into()
    }
}

/// One point of a monthly or quarterly series, as published.
#[Object(serial)]
impl SeriesPoint {
    /// The publisher's name of the series: CUUR0000SA0, Nursing.
    async fn series(&self) -> &str {
        &self.row.series
    }
    /// What it follows, and so the unit of its points.
    async fn measure(&self) -> SeriesMeasure {
        self.row.measure.into()
    }
    /// The place it is for.
    async fn region(&self) -> Region {
        Region::of(&self.scope, self.row.region_id)
    }
    /// Whether the seasons are taken out.
    async fn seasonally_adjusted(&self) -> bool {
        self.row.adjusted
    }
    /// First day of the month, the quarter or the months that are averaged.
    async fn start(&self) -> Date {
        Date(self.row.month)
    }
    /// Last day of them.
    async fn end(&self) -> Date {
        Date(self.last())
    }
    /// Months from the first day through the last: 1 or 3.
    async fn months(&self) -> i32 {
        self.row.months.into()
    }
    /// The point, in the unit of the measure.
    async fn value(&self) -> Number {
        Number(self.printed().parse().unwrap_or_default())
    }
    /// The same, every digit as the publisher printed it.
    async fn text(&self) -> String {
        self.printed()
    }
    /// Where it comes from.
    async fn provenance(&self) -> Provenance {
        Provenance {
            scope: self.scope.clone(),
            release: self.release.clone(),
            position: (usize::try_from(self.row.part).unwrap_or_default(), self.row.row.into()),
            locator: None,
            cited_authority: None,
            derivation: Vec::new(),
        }
    }
}
