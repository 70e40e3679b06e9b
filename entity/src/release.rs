//! One release of one dataset: the unit that becomes visible.

use sea_orm::entity::prelude::*;

use crate::{ReleaseId, ReleaseStatus, RoleId, SourceId};

/// One release of one dataset: the unit that becomes visible.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "release")]
pub struct Model {
    /// Its number.
    #[sea_orm(primary_key)]
    pub id: ReleaseId,
    /// Who publishes it.
    pub source_id: SourceId,
    /// Which of the tables of its source.
    pub dataset: String,
    /// What people call it: `May 2024`.
    pub label: String,
    /// From 1: which of the files that came for this label.
    pub edition: i32,
    /// First day its figures are of.
    pub reference_start: Date,
    /// Last day its figures are of.
    pub reference_end: Date,
    /// Those days in words.
    pub reference_label: String,
    /// When its publisher put it out.
    pub published_at: Option<Date>,
    /// Whether that day is estimated: the calendar of the definition does not say it.
    pub published_at_estimated: bool,
    /// When it came here.
    pub loaded_at: DateTimeUtc,
    /// Where it stands in its life.
    pub status: ReleaseStatus,
    /// Whether its figures are those that are served when nobody asks for another.
    pub is_current: bool,
    /// Whether it was ever served: one that was held and then replaced was not.
    pub served: bool,
    /// Hash over the artifacts and the definition they were read by.
    pub fingerprint: String,
    /// Hash over what the artifacts say, whatever their bytes are; empty where it was not taken.
    pub content: String,
    /// How the release words its upper bound: `or more` or `more than`.
    pub bound_words: String,
    /// Rows read: loaded, rejected and skipped ones.
    pub rows_read: i64,
    /// Rows that became figures.
    pub rows_loaded: i64,
    /// Rows that could not.
    pub rows_rejected: i64,
    /// Rows left out under a named rule.
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
    /// The role that its page speaks of.
    pub role_id: Option<RoleId>,
    /// Who publishes it.
    #[sea_orm(belongs_to, from = "source_id", to = "id")]
    pub source: BelongsTo<super::source::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
