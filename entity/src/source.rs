//! A configured source of figures.

use sea_orm::entity::prelude::*;

use crate::{PayMethod, SourceId};

/// A configured source of figures.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "source")]
#[expect(missing_docs, reason = "plain columns are documented by the migration")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: SourceId,
    pub key: String,
    pub title: String,
    pub publisher: String,
    pub homepage: String,
    pub method: Option<PayMethod>,
    pub licence: String,
    pub attribution: String,
    pub schedule: Option<String>,
    pub enabled: bool,
    pub stale_after_days: i32,
    pub checked_at: Option<DateTimeUtc>,
    pub last_error: Option<String>,
    #[sea_orm(has_many)]
    pub releases: HasMany<super::release::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
