//! One thing that somebody changed, or tried to.

use sea_orm::entity::prelude::*;

/// One thing that somebody changed, or tried to.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entry")]
#[expect(missing_docs, reason = "plain columns are documented by the migration")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
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
