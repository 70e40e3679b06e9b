//! One value the service keeps about itself, such as its data version.

use sea_orm::entity::prelude::*;

/// One value the service keeps about itself, such as its data version.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "setting")]
pub struct Model {
    /// What it is called.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// What it is.
    pub value: String,
}

impl ActiveModelBehavior for ActiveModel {}
