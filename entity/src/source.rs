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
    /// JSON object: label of a release to the day it is published.
    pub calendar: String,
    /// JSON object: a dataset of which no further release is waited for to the labels of those there are.
    pub closed_datasets: String,
    pub succeeded_at: Option<DateTimeUtc>,
    /// How often it was looked at.
    pub looks: i64,
    /// How often a look failed.
    pub failures: i64,
    #[sea_orm(has_many)]
    pub releases: HasMany<super::release::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
