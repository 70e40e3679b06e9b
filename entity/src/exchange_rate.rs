//! What a euro bought of a currency in one month, as the sum of the daily rates.

use sea_orm::entity::prelude::*;

use crate::ReleaseId;

/// What a euro bought of a currency in one month: the sum of the daily rates and their number, so that an average over
/// any months is exact.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "exchange_rate")]
pub struct Model {
    /// Its number.
    #[sea_orm(primary_key)]
    pub id: i32,
    /// The release that prints it.
    pub release_id: ReleaseId,
    /// ISO 4217, against the euro.
    pub currency: String,
    /// First day of the month.
    pub month: Date,
    /// Sum of the daily rates, millionths.
    pub total: i64,
    /// How many days are in the sum.
    pub days: i16,
    /// Which part of the release: an index into `release.parts`.
    pub part: i16,
    /// The row of the first day met, from 1.
    pub row: i32,
}

impl ActiveModelBehavior for ActiveModel {}
