//! Another title of an occupation.

use sea_orm::entity::prelude::*;

use crate::OccupationId;

/// Another title of an occupation.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "occupation_title")]
#[expect(missing_docs, reason = "plain columns are documented by the migration")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub occupation_id: OccupationId,
    pub title: String,
    pub kind: String,
}

impl ActiveModelBehavior for ActiveModel {}
