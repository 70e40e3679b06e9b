//! How far a refresh was at one moment, for whoever watches it from another process.

use sea_orm::entity::prelude::*;

/// How far a refresh was at one moment, for whoever watches it from another process.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refresh_step")]
#[expect(missing_docs, reason = "plain columns are documented by the migration")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub at: DateTimeUtc,
    /// The source's key.
    pub source: String,
    /// The dataset at hand, once it is known.
    pub dataset: Option<String>,
    /// Name of a stage.
    pub stage: String,
    pub rows_done: i64,
    pub rows_expected: Option<i64>,
    pub bytes_done: i64,
    pub bytes_expected: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
