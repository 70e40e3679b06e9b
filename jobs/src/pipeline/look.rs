//! What the end of an ingest says of its source, and what it does not.

use chrono::{DateTime, Utc};
use entity::{release, source};
use sea_orm::{ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _};

use super::{Context, IngestError, Input, Outcome, Report};
use crate::{definition::Source, freshness, progress::Stage, publish};

/// Notes an end that says something of its source.
pub(super) async fn note(
    cx: &Context,
    source: &Source,
    input: &Input,
    result: &Result<Report, IngestError>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    if is_look(cx, source, input, result, now).await? {
        let error = result.as_ref().err().map(IngestError::told);
        publish::note_attempt(&cx.db, source, now, error).await?;
    }
    Ok(())
}

/// Returns whether an end says something of the source: its publisher was asked for what is current. What a person gave, or a release
/// of the past, says so only where it holds the newest release there should be; a refusal to ask, nothing.
async fn is_look(
    cx: &Context,
    source: &Source,
    input: &Input,
    result: &Result<Report, IngestError>,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    match (input, result) {
        (Input::Fetch, Err(IngestError::Offline(_) | IngestError::NoUrl(_))) => Ok(false),
        (Input::Fetch, _) => Ok(true),
        (_, Ok(report)) => holds_newest(cx, source, report, now).await,
        (_, Err(_)) => Ok(false),
    }
}

/// Whether one of the releases that came answers for its dataset, and none is out after it.
async fn holds_newest(
    cx: &Context,
    source: &Source,
    report: &Report,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let pairs = release::Entity::find()
        .find_also_related(source::Entity)
        .filter(source::Column::Key.eq(&source.key))
        .filter(release::Column::IsCurrent.eq(true));
    let came = |row: &release::Model| {
        report.served.iter().any(|(dataset, label)| (dataset, label) == (&row.dataset, &row.label))
    };
    let newest = |row: &release::Model| freshness::missed(&source.calendar, row, now.date_naive()).is_none();
    Ok(pairs.all(&cx.db).await?.iter().any(|(row, _)| came(row) && newest(row)))
}

/// Returns the last stage of a refresh.
pub(super) fn end(result: &Result<Report, IngestError>) -> Stage {
    match result {
        Ok(report) if report.outcome == Outcome::Held => Stage::Held,
        Ok(_) => Stage::Done,
        Err(_) => Stage::Failed,
    }
}
