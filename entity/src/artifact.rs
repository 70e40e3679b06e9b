//! A file a release was read from.

use sea_orm::entity::prelude::*;

use crate::{ArtifactOrigin, ReleaseId};

/// A file a release was read from.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "artifact")]
pub struct Model {
    /// Its number.
    #[sea_orm(primary_key)]
    pub id: i32,
    /// The release that was read from it.
    pub release_id: ReleaseId,
    /// Its place among the files of the release, from 0.
    pub position: i32,
    /// Whose bytes they are.
    pub origin: ArtifactOrigin,
    /// Where it came from, without anything secret; `file:` and the name of a file that was given.
    pub url: String,
    /// What it is called.
    pub file_name: String,
    /// SHA-256 of its bytes in hex: its name in the archive.
    pub sha256: String,
    /// Its size.
    pub bytes: i64,
    /// When it came.
    pub retrieved_at: DateTimeUtc,
    /// The publisher's version tag.
    pub etag: Option<String>,
    /// The publisher's date, as it was sent.
    pub last_modified: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
