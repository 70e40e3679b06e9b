//! Words about a role.

use sea_orm::entity::prelude::*;

use crate::{ReleaseId, RoleId, TextKind};

/// Words about a role.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "role_text")]
pub struct Model {
    /// Its number.
    #[sea_orm(primary_key)]
    pub id: i32,
    /// The role.
    pub role_id: RoleId,
    /// The release that says it; none where it comes with the program.
    pub release_id: Option<ReleaseId>,
    /// What it is.
    pub kind: TextKind,
    /// Its place among those of its kind, from 0.
    pub position: i32,
    /// The words.
    pub text: String,
    /// The answer to a question.
    pub answer: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
