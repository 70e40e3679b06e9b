//! An occupation near another one.

use sea_orm::entity::prelude::*;

use crate::{OccupationId, ReleaseId};

/// An occupation near another one.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "related_role")]
pub struct Model {
    /// Its number.
    #[sea_orm(primary_key)]
    pub id: i32,
    /// The release that prints it.
    pub release_id: ReleaseId,
    /// The occupation.
    pub from_id: OccupationId,
    /// The one it is near to.
    pub to_id: OccupationId,
    /// The publisher's word for how near.
    pub relation: String,
    /// Its place among the neighbours, from 0.
    pub position: i32,
}

impl ActiveModelBehavior for ActiveModel {}
