//! A place.

use sea_orm::entity::prelude::*;

use crate::{RegionId, RegionKind};

/// A place.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "region")]
pub struct Model {
    /// Its number.
    #[sea_orm(primary_key)]
    pub id: RegionId,
    /// ISO 3166, or its system and the code there: `CBSA:41860`.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// What sort of place it is.
    pub kind: RegionKind,
    /// ISO 4217: what pay is in.
    pub currency: String,
    /// Code of the place around it.
    pub parent_code: Option<String>,
    /// The edition of the system its code is from.
    pub vintage: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
