//! How one occupation maps to an occupation of another classification.

use sea_orm::entity::prelude::*;

use crate::{MappingRelation, OccupationId, ReleaseId};

/// How one occupation maps to an occupation of another classification.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "crosswalk")]
pub struct Model {
    /// Its own number.
    #[sea_orm(primary_key)]
    pub id: i32,
    /// The occupation that is mapped.
    pub from_id: OccupationId,
    /// What it is mapped to.
    pub to_id: OccupationId,
    /// How near the two are.
    pub relation: MappingRelation,
    /// The share of employment that goes this way, 0 to 1, where the crosswalk states one.
    pub weight: Option<f64>,
    /// The publisher's words on the pair.
    pub note: Option<String>,
    /// The release that told it; null where it ships with the program.
    pub release_id: Option<ReleaseId>,
}

impl ActiveModelBehavior for ActiveModel {}
