//! A job as people name it.

use sea_orm::entity::prelude::*;

use crate::RoleId;

/// A job as people name it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "role")]
#[expect(missing_docs, reason = "plain columns are documented by the migration")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: RoleId,
    pub slug: String,
    pub title: String,
    pub summary: Option<String>,
    pub curated: bool,
}

impl ActiveModelBehavior for ActiveModel {}
