//! A row that could not become a figure.

use sea_orm::entity::prelude::*;

use crate::ReleaseId;

/// A row that could not become a figure.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "reject")]
#[expect(missing_docs, reason = "plain columns are documented by the migration")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub release_id: ReleaseId,
    pub locator: String,
    pub code: String,
    pub message: String,
    pub raw: String,
}

impl ActiveModelBehavior for ActiveModel {}
