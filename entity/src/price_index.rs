//! What a basket of goods, or an hour of labour, cost in one month or quarter, and by how much pay grew.

use sea_orm::entity::prelude::*;

use crate::{RegionId, ReleaseId, SeriesMeasure};

/// One point of a monthly or quarterly series: what a basket of goods, or an hour of labour, cost, as an index; or by how
/// much pay grew, as a share of one.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "price_index")]
pub struct Model {
    /// Its number.
    #[sea_orm(primary_key)]
    pub id: i32,
    /// The release that prints it.
    pub release_id: ReleaseId,
    /// The country whose prices or pay it follows.
    pub region_id: RegionId,
    /// What it measures.
    pub measure: SeriesMeasure,
    /// The publisher's name of the series.
    pub series: String,
    /// Whether the seasons are taken out.
    pub adjusted: bool,
    /// First day of the span.
    pub month: Date,
    /// Months in the span: 1 or 3.
    pub months: i16,
    /// The digits as printed.
    pub value: i64,
    /// How many of them stand behind the point.
    pub scale: i16,
    /// Which part of the release: an index into `release.parts`.
    pub part: i16,
    /// Row or line in that part, from 1.
    pub row: i32,
}

impl ActiveModelBehavior for ActiveModel {}
