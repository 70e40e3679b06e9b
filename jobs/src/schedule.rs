//! When sources are looked at: by their cron lines, and on start where a tick was missed.

use std::{
    collections::{BTreeMap, HashMap},
    str::FromStr,
};

use apalis::prelude::{BoxDynError, Data, Monitor, WorkerBuilder};
use apalis_cron::{CronScheduler, Tick};
use chrono::{DateTime, TimeDelta, Utc};
use cron::Schedule;
use entity::source;
use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter};
use tokio::time::sleep;

use crate::{
    definition::Source,
    pipeline::Context,
    queue::{self, QueueError},
};

/// How often a tick is put into a queue that fails.
const TRIES: u32 = 4;

/// A cron line and the sources that follow it.
#[derive(Clone, Debug)]
pub(crate) struct Cron {
    line: String,
    schedule: Schedule,
    sources: Vec<String>,
}

/// Why a source is not fetched by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unscheduled {
    /// No definition of it is loaded.
    Undefined,
    /// Its definition names no address or no times.
    ByHand,
    /// Its definition says so.
    Disabled,
    /// It may be used only under a licence that nobody acknowledged.
    Barred,
    /// The network may not be used.
    Offline,
    /// Publishers would not know whom to write to.
    NoContact,
}

impl Unscheduled {
    /// Returns the reason, for a person.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Undefined => "no definition of it is loaded (sources_dir, --sources)",
            Self::ByHand => "only by hand: its definition names no address or no times",
            Self::Disabled => "its definition is not enabled",
            Self::Barred => "its licence is not acknowledged (acknowledged_licences)",
            Self::Offline => "the network stays untouched (offline)",
            Self::NoContact => "no contact is configured (contact, ROLECAST_CONTACT)",
        }
    }
}

/// Returns when the source called `key` is fetched by itself the next time, or why it is not.
pub fn next(cx: &Context, key: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, Unscheduled> {
    let source = cx.registry.get(key).ok_or(Unscheduled::Undefined)?;
    let schedule = Schedule::from_str(line(cx, source)?).ok();
    schedule.and_then(|schedule| schedule.after(&now).next()).ok_or(Unscheduled::ByHand)
}

/// The cron line that is in force for a source.
fn line<'s>(cx: &Context, source: &'s Source) -> Result<&'s str, Unscheduled> {
    let line = source.schedule.as_deref().filter(|_| !source.urls.is_empty());
    let line = line.ok_or(Unscheduled::ByHand)?;
    match () {
        () if !source.enabled => Err(Unscheduled::Disabled),
        () if source.barred().is_some() => Err(Unscheduled::Barred),
        () if cx.offline => Err(Unscheduled::Offline),
        () if !cx.scheduled => Err(Unscheduled::NoContact),
        () => Ok(line),
    }
}

/// Returns the schedules in force: none when nothing may be fetched by itself.
pub(crate) fn crons(cx: &Context) -> Result<Vec<Cron>, QueueError> {
    let mut crons = BTreeMap::<&str, Cron>::new();
    for (source, line) in scheduled(cx) {
        let schedule = Schedule::from_str(line).map_err(|error| QueueError::Schedule {
            source_key: source.key.clone(),
            line: line.into(),
            reason: error.to_string(),
        })?;
        let new = || Cron { line: line.into(), schedule, sources: Vec::new() };
        crons.entry(line).or_insert_with(new).sources.push(source.key.clone());
    }
    Ok(crons.into_values().collect())
}

/// Returns the sources that are fetched by themselves, with their cron lines.
fn scheduled(cx: &Context) -> Vec<(&Source, &str)> {
    cx.registry.sources().filter_map(|source| Some((source, line(cx, source).ok()?))).collect()
}

/// Queues every scheduled source that is due: a cron keeps no state, so ticks missed while down are not replayed.
pub(crate) async fn queue_overdue(cx: &Context, now: DateTime<Utc>) -> Result<(), QueueError> {
    let scheduled = scheduled(cx);
    if scheduled.is_empty() {
        return Ok(());
    }
    let checked = last_checks(&cx.db, scheduled.iter().map(|(source, _)| source.key.as_str())).await?;
    for (source, _) in scheduled {
        let checked_at = checked.get(&source.key).copied().flatten();
        if is_overdue(checked_at, source.stale_after_days, now) {
            let ticket = queue::request(&cx.db, &source.key).await?;
            tracing::info!(source = %source.key, %ticket, "`{}` is overdue", source.key);
        }
    }
    Ok(())
}

/// When each of some sources was looked at.
async fn last_checks(
    db: &DatabaseConnection,
    keys: impl Iterator<Item = &str>,
) -> Result<HashMap<String, Option<DateTime<Utc>>>, DbErr> {
    let rows = source::Entity::find().filter(source::Column::Key.is_in(keys)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.key, row.checked_at)).collect())
}

/// Returns true if a source was never looked at, or longer ago than it stays fresh.
fn is_overdue(checked_at: Option<DateTime<Utc>>, stale_after_days: i32, now: DateTime<Utc>) -> bool {
    checked_at.is_none_or(|checked| now - checked >= TimeDelta::days(stale_after_days.into()))
}

/// Builds one scheduler for each cron line.
pub(crate) fn monitor(cx: &Context, crons: &[Cron]) -> Monitor {
    let monitor = crons.iter().fold(Monitor::new(), |monitor, cron| {
        let (cx, cron, name) = (cx.clone(), cron.clone(), queue::worker_name("schedule"));
        monitor.register(move |_| {
            WorkerBuilder::new(name.as_str())
                .backend(CronScheduler::new(cron.schedule.clone()))
                .data(cx.clone())
                .data(cron.clone())
                .build(tick)
        })
    });
    // A tick that was slept through ends its scheduler; a new one waits for the next tick.
    monitor.should_restart(|_, _| true)
}

/// Queues the sources of a tick. All processes that see the tick make one job of it.
async fn tick(tick: Tick, cx: Data<Context>, cron: Data<Cron>) -> Result<(), BoxDynError> {
    for source in &cron.sources {
        queue_tick(&cx.db, source, tick.get_timestamp()).await?;
    }
    tracing::debug!(line = %cron.line, "tick");
    Ok(())
}

async fn queue_tick(db: &DatabaseConnection, source: &str, timestamp: u64) -> Result<(), QueueError> {
    for attempt in 1.. {
        match queue::push_unless_unfinished(db, source, &timestamp.to_string()).await {
            Ok(_) => break,
            Err(error) if attempt == TRIES => return Err(error),
            Err(error) => tracing::warn!(%source, "cannot queue a tick: {error}"),
        }
        sleep(queue::delay(attempt, None, queue::noise())).await;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_overdue_when_it_was_never_looked_at_or_too_long_ago() {
        let now = DateTime::from_timestamp_secs(1_800_000_000).unwrap();
        assert!(is_overdue(None, 30, now));
        assert!(is_overdue(Some(now - TimeDelta::days(30)), 30, now));
        assert!(!is_overdue(Some(now - TimeDelta::days(29)), 30, now));
    }
}
