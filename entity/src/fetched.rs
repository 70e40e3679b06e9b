//! When an address of a source was asked, and what it answered last.

use sea_orm::entity::prelude::*;

use crate::SourceId;

/// When an address of a source was asked, and what it answered last: tag, date and definition are those of the last file of which
/// every release is in.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "fetched")]
pub struct Model {
    /// The source.
    #[sea_orm(primary_key, auto_increment = false)]
    pub source_id: SourceId,
    /// The address, without anything secret.
    #[sea_orm(primary_key, auto_increment = false)]
    pub url: String,
    /// The publisher's version tag.
    pub etag: Option<String>,
    /// The publisher's date.
    pub last_modified: Option<String>,
    /// Hash over the definition that the file was read by; empty before the first file.
    pub reading: String,
    /// When it was asked last.
    pub asked_at: Option<DateTimeUtc>,
    /// Whether what it answered then could be taken.
    pub taken: bool,
}

impl ActiveModelBehavior for ActiveModel {}
