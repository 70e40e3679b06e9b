//! One thing that somebody changed, or tried to.

use sea_orm::entity::prelude::*;

/// One thing that somebody changed, or tried to.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entry")]
pub struct Model {
    /// Its number.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// When it was asked.
    pub at: DateTimeUtc,
    /// Name of the token.
    pub caller: String,
    /// Name of the mutation.
    pub action: String,
    /// JSON of its input.
    pub input: String,
    /// `OK`, or the code of what went wrong.
    pub outcome: String,
}

impl ActiveModelBehavior for ActiveModel {}
