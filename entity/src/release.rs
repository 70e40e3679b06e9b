//! One release of one dataset: the unit that becomes visible.

use sea_orm::entity::prelude::*;

use crate::{ReleaseId, ReleaseStatus, SourceId};

/// One release of one dataset: the unit that becomes visible.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "release")]
#[expect(missing_docs, reason = "plain columns are documented by the migration")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: ReleaseId,
    pub source_id: SourceId,
    pub dataset: String,
    pub label: String,
    pub edition: i32,
    pub reference_start: Date,
    pub reference_end: Date,
    pub reference_label: String,
    pub published_at: Option<Date>,
    pub published_at_estimated: bool,
    pub loaded_at: DateTimeUtc,
    pub status: ReleaseStatus,
    pub is_current: bool,
    /// Whether it was ever served: one that was held and then replaced was not.
    pub served: bool,
    /// Hash over the artifacts and the definition they were read by.
    pub fingerprint: String,
    /// How the release words its upper bound: `or more` or `more than`.
    pub bound_words: String,
    pub rows_read: i64,
    pub rows_loaded: i64,
    pub rows_rejected: i64,
    pub rows_skipped: i64,
    /// JSON object: rule to rows.
    pub skips: String,
    /// JSON list of texts.
    pub notes: String,
    /// JSON list of `{name, passed, detail}`.
    pub checks: String,
    /// JSON list of `{artifact, member, sheet}`.
    pub parts: String,
    /// JSON list of [`crate::ReferencePeriod`]: those that bands state for themselves.
    pub stated_periods: String,
    #[sea_orm(belongs_to, from = "source_id", to = "id")]
    pub source: BelongsTo<super::source::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
