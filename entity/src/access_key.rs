//! A token that a client may use, known by its hash alone.

use sea_orm::entity::prelude::*;

/// A token that a client may use, known by its hash alone.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "access_key")]
pub struct Model {
    /// Its number.
    #[sea_orm(primary_key)]
    pub id: i32,
    /// What its holder is called.
    #[sea_orm(unique)]
    pub name: String,
    /// SHA-256 of the token, in base64.
    #[sea_orm(unique)]
    pub hash: String,
    /// How the token begins, for people to tell one from another.
    pub hint: String,
    /// Names of scopes, with commas between.
    pub scopes: String,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was taken back.
    pub revoked_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
