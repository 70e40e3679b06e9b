//! What entry to an occupation asks for.

use sea_orm::entity::prelude::*;

use crate::{OccupationId, ReleaseId, RoleId};

/// What entry to an occupation asks for.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "requirement")]
pub struct Model {
    /// Its number.
    #[sea_orm(primary_key)]
    pub id: i32,
    /// The release that prints it.
    pub release_id: ReleaseId,
    /// The role, unless it is of an occupation.
    pub role_id: Option<RoleId>,
    /// The occupation, unless it is of a role.
    pub occupation_id: Option<OccupationId>,
    /// Schooling that is usual, in the publisher's words.
    pub education: Option<String>,
    /// Work before it, in the publisher's words.
    pub experience: Option<String>,
    /// Training on the job, in the publisher's words.
    pub training: Option<String>,
    /// Preparation, from 1 (little) to 5 (extensive).
    pub job_zone: Option<i32>,
    /// Which part (member and sheet) of the release: an index into `release.parts`.
    pub part: i32,
    /// Row or line in that part, from 1.
    pub row: i32,
}

impl ActiveModelBehavior for ActiveModel {}
