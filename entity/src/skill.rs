//! A skill of a role or an occupation.

use sea_orm::entity::prelude::*;

use crate::{OccupationId, ReleaseId, RoleId, SkillKind};

/// A skill of a role or an occupation.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "skill")]
#[expect(missing_docs, reason = "plain columns are documented by the migration")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub release_id: Option<ReleaseId>,
    pub role_id: Option<RoleId>,
    pub occupation_id: Option<OccupationId>,
    pub name: String,
    pub kind: SkillKind,
    pub importance: Option<i32>,
    pub level: Option<i32>,
}

impl ActiveModelBehavior for ActiveModel {}
