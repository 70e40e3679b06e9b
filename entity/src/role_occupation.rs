//! How a role maps to an occupation.

use sea_orm::entity::prelude::*;

use crate::{MappingRelation, OccupationId, RoleId};

/// How a role maps to an occupation.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "role_occupation")]
#[expect(missing_docs, reason = "plain columns are documented by the migration")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub role_id: RoleId,
    pub occupation_id: OccupationId,
    pub relation: MappingRelation,
    pub weight: Option<f64>,
    pub note: Option<String>,
    pub position: i32,
}

impl ActiveModelBehavior for ActiveModel {}
