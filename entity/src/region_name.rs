//! Another name of a region.

use sea_orm::entity::prelude::*;

use crate::RegionId;

/// Another name of a region, in any language.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "region_name")]
#[expect(missing_docs, reason = "plain columns are documented by the migration")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: RegionId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
}

impl ActiveModelBehavior for ActiveModel {}
