//! Another title of an occupation.

use sea_orm::entity::prelude::*;

use crate::{OccupationId, ReleaseId};

/// Another title of an occupation.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "occupation_title")]
pub struct Model {
    /// Its own number.
    #[sea_orm(primary_key)]
    pub id: i32,
    /// Whose title it is.
    pub occupation_id: OccupationId,
    /// The title.
    pub title: String,
    /// Where it is from: `alternate`, `reported` or `job`.
    pub kind: String,
    /// The release that told it; null where it ships with the program.
    pub release_id: Option<ReleaseId>,
}

impl ActiveModelBehavior for ActiveModel {}
