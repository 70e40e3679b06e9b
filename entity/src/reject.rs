//! A row that could not become a figure.

use sea_orm::entity::prelude::*;

use crate::ReleaseId;

/// A row that could not become a figure.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "reject")]
pub struct Model {
    /// Its number.
    #[sea_orm(primary_key)]
    pub id: i32,
    /// The release it is missing from.
    pub release_id: ReleaseId,
    /// File, sheet and row.
    pub locator: String,
    /// A stable name of the reason.
    pub code: String,
    /// The reason, for a person.
    pub message: String,
    /// The row as it was read.
    pub raw: String,
}

impl ActiveModelBehavior for ActiveModel {}
