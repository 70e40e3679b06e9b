//! Words about a role: `duty`, `question`, `path`, `alias` or `citation`.

use sea_orm::entity::prelude::*;

use crate::{ReleaseId, RoleId};

/// Words about a role: `duty`, `question`, `path`, `alias` or `citation`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "role_text")]
#[expect(missing_docs, reason = "plain columns are documented by the migration")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub role_id: RoleId,
    pub release_id: Option<ReleaseId>,
    pub kind: String,
    pub position: i32,
    pub text: String,
    pub answer: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
