//! A file a release was read from.

use sea_orm::entity::prelude::*;

use crate::{ArtifactOrigin, ReleaseId};

/// A file a release was read from.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "artifact")]
#[expect(missing_docs, reason = "plain columns are documented by the migration")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub release_id: ReleaseId,
    pub position: i32,
    pub origin: ArtifactOrigin,
    pub url: String,
    pub file_name: String,
    pub sha256: String,
    pub bytes: i64,
    pub retrieved_at: DateTimeUtc,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
