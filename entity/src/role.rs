//! A job as people name it.

use sea_orm::entity::prelude::*;

use crate::RoleId;

/// A job as people name it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "role")]
pub struct Model {
    /// Its number.
    #[sea_orm(primary_key)]
    pub id: RoleId,
    /// Its stable name in addresses.
    pub slug: String,
    /// What it is called.
    pub title: String,
    /// What people in it do.
    pub summary: Option<String>,
    /// Whether it is one of those that come with the program.
    pub curated: bool,
}

impl ActiveModelBehavior for ActiveModel {}
