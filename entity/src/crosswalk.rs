//! How one occupation maps to an occupation of another classification.

use sea_orm::entity::prelude::*;

use crate::{MappingRelation, OccupationId};

/// How one occupation maps to an occupation of another classification.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "crosswalk")]
#[expect(missing_docs, reason = "plain columns are documented by the migration")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub from_id: OccupationId,
    pub to_id: OccupationId,
    pub relation: MappingRelation,
    pub weight: Option<f64>,
    pub note: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
