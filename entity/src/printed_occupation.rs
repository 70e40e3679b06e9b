//! What a release calls an occupation that is not compiled in, or that its list defines.

use sea_orm::entity::prelude::*;

use crate::{OccupationId, OccupationLevel, ReleaseId};

/// What a release calls an occupation that is not compiled in, or that its list defines.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "printed_occupation")]
pub struct Model {
    /// The release.
    #[sea_orm(primary_key, auto_increment = false)]
    pub release_id: ReleaseId,
    /// The occupation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub occupation_id: OccupationId,
    /// Its title there.
    pub title: String,
    /// How fine it is.
    pub level: OccupationLevel,
    /// Code of the group around it, where the release is a list of the classification.
    pub parent_code: Option<String>,
    /// Whether the release is a list of the classification, so that the code is one of it.
    pub listed: bool,
}

impl ActiveModelBehavior for ActiveModel {}
