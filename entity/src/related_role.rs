//! An occupation near another one.

use sea_orm::entity::prelude::*;

use crate::{OccupationId, ReleaseId};

/// An occupation near another one.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "related_role")]
#[expect(missing_docs, reason = "plain columns are documented by the migration")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub release_id: ReleaseId,
    pub from_id: OccupationId,
    pub to_id: OccupationId,
    pub relation: String,
    pub position: i32,
}

impl ActiveModelBehavior for ActiveModel {}
