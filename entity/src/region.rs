//! A place.

use sea_orm::entity::prelude::*;

use crate::{RegionId, RegionKind};

/// A place.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "region")]
#[expect(missing_docs, reason = "plain columns are documented by the migration")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: RegionId,
    pub code: String,
    pub name: String,
    pub kind: RegionKind,
    pub currency: String,
    pub parent_code: Option<String>,
    pub vintage: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
