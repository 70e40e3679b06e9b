//! How far a refresh was at one moment, for whoever watches it from another process.

use sea_orm::entity::prelude::*;

/// How far a refresh was at one moment, for whoever watches it from another process.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refresh_step")]
pub struct Model {
    /// Its number.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// When it was noted.
    pub at: DateTimeUtc,
    /// The source's key.
    pub source: String,
    /// The dataset at hand, once it is known.
    pub dataset: Option<String>,
    /// Name of a stage.
    pub stage: String,
    /// Rows read so far.
    pub rows_done: i64,
    /// Rows of the last release.
    pub rows_expected: Option<i64>,
    /// Bytes that came so far.
    pub bytes_done: i64,
    /// Bytes that the publisher says will come.
    pub bytes_expected: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
