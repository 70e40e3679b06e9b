//! When sources are looked at: by their cron lines, and every hour those of which a tick was missed, or a look failed.

use std::{
    collections::{BTreeMap, HashMap},
    str::FromStr,
    time::Duration,
};

use apalis::prelude::{BoxDynError, Data, Monitor, WorkerBuilder};
use apalis_cron::{CronScheduler, Tick};
use chrono::{DateTime, TimeDelta, Utc};
use cron::Schedule;
use entity::source;
use sea_orm::{DatabaseConnection, EntityTrait};
use tokio::{sync::watch, time::sleep};

use crate::{
    definition::Source,
    pipeline::Context,
    queue::{self, QueueError},
};

/// How often a tick is put into a queue that fails.
const TRIES: u32 = 4;

/// How often sources that are overdue are looked for.
const OFTEN: Duration = Duration::from_hours(1);

/// How long a source that is overdue is left alone after it was looked at.
const REST: TimeDelta = TimeDelta::days(1);

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

/// Returns when `source` is fetched by itself the next time, or why it is not.
pub fn next(cx: &Context, source: &source::Model, now: DateTime<Utc>) -> Result<DateTime<Utc>, Unscheduled> {
    let definition = cx.registry.get(&source.key).ok_or(Unscheduled::Undefined)?;
    let schedule = Schedule::from_str(line(cx, definition)?).map_err(|_| Unscheduled::ByHand)?;
    let tick = schedule.after(&now).next().ok_or(Unscheduled::ByHand)?;
    let again = source.checked_at.filter(|_| missed(&schedule, source.succeeded_at, now));
    Ok(again.map_or(tick, |tried| tick.min(now.max(tried + REST))))
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

/// Queues what is overdue every hour, until `stopped` becomes true.
pub(crate) async fn look_for_overdue(cx: &Context, mut stopped: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = sleep(OFTEN) => {}
            _ = stopped.wait_for(|stopped| *stopped) => return,
        }
        if let Err(error) = queue_overdue(cx, queue::now()).await {
            tracing::warn!("cannot queue what is overdue: {error}");
        }
    }
}

/// Queues every scheduled source that is overdue: a cron keeps no state, so ticks missed while down are not replayed, and a tick whose
/// job failed is over.
pub(crate) async fn queue_overdue(cx: &Context, now: DateTime<Utc>) -> Result<(), QueueError> {
    let scheduled = scheduled(cx);
    if scheduled.is_empty() {
        return Ok(());
    }
    let rows = source::Entity::find().all(&cx.db).await?;
    let rows: HashMap<&str, &source::Model> = rows.iter().map(|row| (row.key.as_str(), row)).collect();
    for (source, line) in scheduled {
        let Ok(schedule) = Schedule::from_str(line) else { continue };
        let (key, row) = (source.key.as_str(), rows.get(source.key.as_str()));
        if !missed(&schedule, row.and_then(|row| row.succeeded_at), now) {
            continue;
        }
        let ended = queue::last_end(&cx.db, key).await?;
        if rested(row.and_then(|row| row.checked_at).max(ended), now) {
            let ticket = queue::request(&cx.db, key).await?;
            tracing::info!(source = %key, %ticket, "`{key}` is overdue");
        }
    }
    Ok(())
}

/// Whether a tick has passed since a look succeeded, if one ever did.
fn missed(schedule: &Schedule, succeeded_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    succeeded_at.is_none_or(|at| schedule.after(&at).next().is_some_and(|tick| tick <= now))
}

/// Whether a source was left alone for long enough since a look at it, or a job that ended without one.
fn rested(tried_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    tried_at.is_none_or(|at| now - at >= REST)
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
mod tests;
