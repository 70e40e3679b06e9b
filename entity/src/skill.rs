//! A skill of a role or an occupation.

use sea_orm::entity::prelude::*;

use crate::{OccupationId, ReleaseId, RoleId, SkillKind};

/// A skill of a role or an occupation.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "skill")]
pub struct Model {
    /// Its number.
    #[sea_orm(primary_key)]
    pub id: i32,
    /// The release that says it; none where it comes with the program.
    pub release_id: Option<ReleaseId>,
    /// The role, unless it is of an occupation.
    pub role_id: Option<RoleId>,
    /// The occupation, unless it is of a role.
    pub occupation_id: Option<OccupationId>,
    /// What it is called.
    pub name: String,
    /// What sort it is.
    pub kind: SkillKind,
    /// From 1 to 5, thousandths.
    pub importance: Option<i32>,
    /// From 0 to 7, thousandths.
    pub level: Option<i32>,
}

impl ActiveModelBehavior for ActiveModel {}
