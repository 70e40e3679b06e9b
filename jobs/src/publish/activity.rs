//! What is known of a source beside its figures: what its definition says, and how the looks at it went.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::source;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, DatabaseConnection, DbErr, EntityTrait, ExprTrait, ModelTrait, QueryFilter,
    TransactionTrait,
    sea_query::{Expr, OnConflict},
};

use crate::definition::{Registry, Source};

/// The setting that grows by one with every look at a source.
pub const ACTIVITY_VERSION: &str = "activity_version";

/// What a definition says of its source.
const DESCRIBED: [source::Column; 11] = [
    source::Column::Title,
    source::Column::Publisher,
    source::Column::Homepage,
    source::Column::Method,
    source::Column::Licence,
    source::Column::Attribution,
    source::Column::Schedule,
    source::Column::Enabled,
    source::Column::StaleAfterDays,
    source::Column::Calendar,
    source::Column::ClosedDatasets,
];

/// Writes to their table those sources of `registry` of which it says something else.
pub async fn register(db: &DatabaseConnection, registry: &Registry) -> Result<(), DbErr> {
    let known = source::Entity::find().all(db).await?;
    let known: HashMap<&str, &source::Model> = known.iter().map(|row| (row.key.as_str(), row)).collect();
    let differs = |source: &&Source| {
        let row = described(source);
        let same = |known: &&source::Model| {
            DESCRIBED.iter().all(|column| row.get(*column).into_value() == Some(known.get(*column)))
        };
        !known.get(source.key.as_str()).is_some_and(same)
    };
    let rows: Vec<source::ActiveModel> = registry.sources().filter(differs).map(described).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let update = OnConflict::column(source::Column::Key).update_columns(DESCRIBED).to_owned();
    source::Entity::insert_many(rows).on_conflict(update).exec_without_returning(db).await?;
    Ok(())
}

fn described(source: &Source) -> source::ActiveModel {
    source::ActiveModel {
        key: Set(source.key.clone()),
        title: Set(source.title.clone()),
        publisher: Set(source.publisher.clone()),
        homepage: Set(source.homepage.clone()),
        method: Set(source.method),
        licence: Set(source.licence.clone()),
        attribution: Set(source.attribution.clone()),
        // Without an address there is nothing to look at.
        schedule: Set(source.schedule.clone().filter(|_| !source.urls.is_empty())),
        enabled: Set(source.enabled && source.barred().is_none()),
        stale_after_days: Set(source.stale_after_days),
        calendar: Set(serde_json::json!(source.calendar).to_string()),
        closed_datasets: Set(serde_json::json!(source.closed_datasets()).to_string()),
        looks: Set(0),
        failures: Set(0),
        ..Default::default()
    }
}

/// Notes when a source was looked at and how that failed, if it did. The error is what clients may see.
pub async fn note_attempt(
    db: &DatabaseConnection,
    source: &Source,
    now: DateTime<Utc>,
    error: Option<String>,
) -> Result<(), DbErr> {
    let failed = i64::from(error.is_some());
    let mut change = source::Entity::update_many()
        .col_expr(source::Column::Looks, Expr::col(source::Column::Looks).add(1_i64))
        .col_expr(source::Column::Failures, Expr::col(source::Column::Failures).add(failed))
        .col_expr(source::Column::CheckedAt, Expr::value(now))
        .col_expr(source::Column::LastError, Expr::value(error));
    if failed == 0 {
        change = change.col_expr(source::Column::SucceededAt, Expr::value(now));
    }
    let tx = db.begin().await?;
    change.filter(source::Column::Key.eq(&source.key)).exec(&tx).await?;
    super::turn::add_one(&tx, ACTIVITY_VERSION).await?;
    tx.commit().await?;
    Ok(())
}
