//! A code of a classification.

use sea_orm::entity::prelude::*;

use crate::{Classification, OccupationId, OccupationLevel};

/// A code of a classification.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "occupation")]
#[expect(missing_docs, reason = "plain columns are documented by the migration")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: OccupationId,
    pub classification: Classification,
    pub code: String,
    pub title: String,
    pub level: OccupationLevel,
    pub parent_code: Option<String>,
    pub official: bool,
}

impl ActiveModelBehavior for ActiveModel {}
