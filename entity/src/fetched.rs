//! What an address of a source answered last.

use sea_orm::entity::prelude::*;

use crate::SourceId;

/// What an address of a source answered last, written when every release of that file is in.
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
    /// Hash over the definition that the file was read by.
    pub reading: String,
}

impl ActiveModelBehavior for ActiveModel {}
