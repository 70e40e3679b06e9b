//! How dear a place is against another one in one year.

use sea_orm::entity::prelude::*;

use crate::{ParityMeasure, RegionId, ReleaseId};

/// How dear a place is in one year: against the country it lies in, or units of its currency for what one international
/// dollar buys.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "price_parity")]
pub struct Model {
    /// Its number.
    #[sea_orm(primary_key)]
    pub id: i32,
    /// The release that prints it.
    pub release_id: ReleaseId,
    /// The place.
    pub region_id: RegionId,
    /// What it measures.
    pub measure: ParityMeasure,
    /// The year it is of.
    pub year: i16,
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
