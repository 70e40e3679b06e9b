//! A host that asked to be left alone for a while.

use sea_orm::entity::prelude::*;

/// A host that asked to be left alone for a while.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "host_pause")]
pub struct Model {
    /// The host, with its port where it is not the usual one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub host: String,
    /// When it may be asked again.
    pub until: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
