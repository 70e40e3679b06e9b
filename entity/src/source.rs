//! A configured source of figures.

use sea_orm::entity::prelude::*;

use crate::{PayMethod, SourceId};

/// A configured source of figures.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "source")]
pub struct Model {
    /// Its number.
    #[sea_orm(primary_key)]
    pub id: SourceId,
    /// Its name on the command line and in the API.
    pub key: String,
    /// What it is called.
    pub title: String,
    /// Who publishes it.
    pub publisher: String,
    /// The publisher's page about it.
    pub homepage: String,
    /// How its pay is found out.
    pub method: Option<PayMethod>,
    /// What the publisher allows.
    pub licence: String,
    /// What the licence wants to be said.
    pub attribution: String,
    /// When it is looked at, as cron.
    pub schedule: Option<String>,
    /// Whether it may be fetched.
    pub enabled: bool,
    /// Days after a load at which the figures count as due again.
    pub stale_after_days: i32,
    /// When it was last looked at.
    pub checked_at: Option<DateTimeUtc>,
    /// What went wrong then.
    pub last_error: Option<String>,
    /// JSON object: label of a release to the day it is published.
    pub calendar: String,
    /// JSON object: a dataset of which no further release is waited for to the labels of those there are.
    pub closed_datasets: String,
    /// When a look last went well.
    pub succeeded_at: Option<DateTimeUtc>,
    /// How often it was looked at.
    pub looks: i64,
    /// How often a look failed.
    pub failures: i64,
    /// Its releases.
    #[sea_orm(has_many)]
    pub releases: HasMany<super::release::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
