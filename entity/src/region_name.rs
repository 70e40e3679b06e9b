//! Another name of a region.

use sea_orm::entity::prelude::*;

use crate::RegionId;

/// Another name of a region, in any language.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "region_name")]
pub struct Model {
    /// The place.
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: RegionId,
    /// Another name for it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
}

impl ActiveModelBehavior for ActiveModel {}
