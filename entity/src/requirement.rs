//! What entry to an occupation asks for.

use sea_orm::entity::prelude::*;

use crate::{OccupationId, ReleaseId, RoleId};

/// What entry to an occupation asks for.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "requirement")]
#[expect(missing_docs, reason = "plain columns are documented by the migration")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub release_id: ReleaseId,
    pub role_id: Option<RoleId>,
    pub occupation_id: Option<OccupationId>,
    pub education: Option<String>,
    pub experience: Option<String>,
    pub training: Option<String>,
    pub job_zone: Option<i32>,
    /// Which part (member and sheet) of the release: an index into `release.parts`.
    pub part: i32,
    /// Row or line in that part, from 1.
    pub row: i32,
}

impl ActiveModelBehavior for ActiveModel {}
