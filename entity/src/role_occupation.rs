//! How a role maps to an occupation.

use sea_orm::entity::prelude::*;

use crate::{MappingRelation, OccupationId, RoleId};

/// How a role maps to an occupation.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "role_occupation")]
pub struct Model {
    /// Its number.
    #[sea_orm(primary_key)]
    pub id: i32,
    /// The role.
    pub role_id: RoleId,
    /// An occupation it maps to.
    pub occupation_id: OccupationId,
    /// How the occupation is to the role.
    pub relation: MappingRelation,
    /// Share of the role in the occupation, where a publisher states one.
    pub weight: Option<f64>,
    /// Why.
    pub note: Option<String>,
    /// Its place in the order of choice, from 0.
    pub position: i32,
}

impl ActiveModelBehavior for ActiveModel {}
