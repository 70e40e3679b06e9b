//! A code of a classification.

use sea_orm::entity::prelude::*;

use crate::{Classification, OccupationId, OccupationLevel};

/// A code of a classification.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "occupation")]
pub struct Model {
    /// Its number.
    #[sea_orm(primary_key)]
    pub id: OccupationId,
    /// Whose code it is.
    pub classification: Classification,
    /// The code, as the classification writes it.
    pub code: String,
    /// Its title in the classification.
    pub title: String,
    /// How fine it is.
    pub level: OccupationLevel,
    /// Code of the group around it.
    pub parent_code: Option<String>,
    /// Whether the classification itself has it; publishers print groups of their own.
    pub official: bool,
}

impl ActiveModelBehavior for ActiveModel {}
