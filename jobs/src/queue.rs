//! The queue of refreshes: asking for one, doing them, and following one. With `schedule`, all that knows apalis.

use std::time::Duration;

use apalis::prelude::{TaskBuilder, TaskSink};
use apalis_postgres::PostgresStorage;
use apalis_sqlite::SqliteStorage;
use chrono::{DateTime, Utc};
use sea_orm::{DatabaseConnection, DbErr};
use serde::{Deserialize, Serialize};
use tokio::{sync::watch, time::sleep};

use crate::{
    pipeline::{Context, Report},
    schedule,
};

mod backoff;
mod board;
mod engine;
mod handle;
mod jobs;
mod state;
mod worker;

pub(crate) use backoff::{delay, noise};
pub use board::{BoardFile, board, board_file, board_log};
use engine::Engine;
pub use jobs::{Job, JobState, NotCancelled, cancel, job, jobs};
pub(crate) use state::last_end;
pub use state::{State, state};
pub(crate) use worker::name as worker_name;
pub use worker::{last_heartbeat, restarts};

/// The queue's name in its tables.
const QUEUE: &str = "refresh";
/// How often a job is tried.
const ATTEMPTS: u16 = 5;
/// A job that is put off for longer is not waited for; the queue's own waits between attempts are shorter.
const PATIENCE: Duration = Duration::from_mins(3);
/// How often [`follow`] looks.
const LOOK: Duration = Duration::from_millis(200);

/// The one job: bring a source up to date. Carries a key, never data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refresh {
    /// The source's key.
    pub source: String,
}

/// Names a job in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket(String);

impl std::fmt::Display for Ticket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why the queue cannot do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// The database failed.
    #[error("database failed: {0}")]
    Database(#[from] DbErr),
    /// The queue's tables cannot be made or used on `SQLite`.
    #[error("the queue failed: {0}")]
    Sqlite(#[from] apalis_sqlite::Error),
    /// The queue's tables cannot be made or used on Postgres.
    #[error("the queue failed: {0}")]
    Postgres(#[from] apalis_postgres::Error),
    /// Postgres refuses to make the queue's schema and extensions.
    #[error(
        "the queue makes a schema and needs the Postgres extensions hstore and pgcrypto; run `GRANT CREATE ON \
         DATABASE … TO …` for rolecast's role, or `CREATE EXTENSION hstore; CREATE EXTENSION pgcrypto;` as an \
         administrator, then start again ({0})"
    )]
    Extension(String),
    /// There is no queue for this kind of database.
    #[error("the queue runs on SQLite and Postgres only")]
    Unsupported,
    /// A job could not be put into the queue.
    #[error("cannot queue `{source_key}`: {reason}")]
    Push {
        /// The source.
        source_key: String,
        /// What happened.
        reason: String,
    },
    /// A source's schedule cannot be read.
    #[error("source `{source_key}`: `{line}` is not a schedule: {reason}")]
    Schedule {
        /// The source.
        source_key: String,
        /// The cron line.
        line: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A job is not in the queue.
    #[error("no job {0}")]
    Missing(Ticket),
    /// A job is put off: its publisher asks for that, or has been asked as often as it may be.
    #[error(
        "{reason}; try again after {}: until then its publisher is not asked, and a running `rolecast serve` or \
         `rolecast worker` asks again by itself",
        until.format("%Y-%m-%d %H:%M:%S UTC")
    )]
    Later {
        /// Why it failed.
        reason: String,
        /// When it is tried again.
        until: DateTime<Utc>,
    },
    /// A job ended without bringing its source up to date.
    #[error("{0}")]
    Failed(String),
}

/// Creates the queue's tables where they are missing.
pub async fn setup(db: &DatabaseConnection) -> Result<(), QueueError> {
    Engine::of(db)?.setup().await
}

/// Queues a refresh of `source` for `window`. The same source and window are one job, however often it is asked for.
pub async fn push(db: &DatabaseConnection, source: &str, window: &str) -> Result<Ticket, QueueError> {
    let key = format!("{source}@{window}");
    let job = Refresh { source: source.to_owned() };
    let task = TaskBuilder::new(job).idempotency_key(&key).max_attempts(ATTEMPTS.into()).build();
    let pushed = match Engine::of(db)? {
        Engine::Sqlite(pool) => {
            let config = apalis_sqlite::Config::default().queue(QUEUE);
            SqliteStorage::new(pool)
                .with_config(config)
                .push_task(task)
                .await
                .map_err(|error| error.to_string())
        }
        Engine::Postgres(pool) => {
            let config = apalis_postgres::Config::default().queue(QUEUE);
            PostgresStorage::new(pool)
                .with_config(config)
                .push_task(task)
                .await
                .map_err(|error| error.to_string())
        }
    };
    // A second job of one key is ignored by one engine and an error of the other.
    match (state::by_key(db, &key).await?, pushed) {
        (Some(ticket), _) => Ok(ticket),
        (None, pushed) => {
            let reason = pushed.err().unwrap_or_else(|| "it is gone".into());
            Err(QueueError::Push { source_key: source.into(), reason })
        }
    }
}

/// Queues a refresh of `source` now, or returns its job that is not done yet.
pub async fn request(db: &DatabaseConnection, source: &str) -> Result<Ticket, QueueError> {
    // All who ask before the next job ends compute the same window.
    let window =
        state::latest(db, source).await?.map_or_else(|| "first".into(), |last| format!("after-{last}"));
    push_unless_unfinished(db, source, &window).await
}

/// Queues a refresh of `source` for `window`, or returns its job that is not done yet.
pub(crate) async fn push_unless_unfinished(
    db: &DatabaseConnection,
    source: &str,
    window: &str,
) -> Result<Ticket, QueueError> {
    match state::unfinished(db, source).await? {
        Some(ticket) => Ok(ticket),
        None => push(db, source, window).await,
    }
}

/// Waits until a job has ended and returns its report. Fails at once where it is put off for long: it stays in the queue.
pub async fn follow(db: &DatabaseConnection, ticket: &Ticket) -> Result<Report, QueueError> {
    loop {
        match state(db, ticket).await? {
            State::Done(report) => return Ok(report),
            State::Failed(reason) => return Err(QueueError::Failed(reason)),
            State::Retrying { reason, due } if due > now() + PATIENCE => {
                return Err(QueueError::Later { reason, until: due });
            }
            State::Waiting | State::Running | State::Retrying { .. } => sleep(LOOK).await,
        }
    }
}

/// Does the queue's jobs, and what the schedule asks for, until `shutdown` resolves. Makes the queue's tables first.
pub async fn run(cx: Context, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<(), QueueError> {
    let (stop, stopped) = watch::channel(false);
    let crons = schedule::crons(&cx)?;
    setup(&cx.db).await?;
    let pool = Engine::of(&cx.db)?.for_worker().await?;
    schedule::queue_overdue(&cx, now()).await?;
    let jobs = worker::supervise("jobs", worker::PATIENCE, stopped.clone(), || worker::monitor(&cx, &pool));
    let ticks = async {
        if !crons.is_empty() {
            // Schedules have no heart.
            let ticking = || schedule::monitor(&cx, &crons);
            worker::supervise("schedule", Duration::MAX, stopped.clone(), ticking).await;
        }
    };
    let end = async {
        shutdown.await;
        stop.send_replace(true);
    };
    let overdue = schedule::look_for_overdue(&cx, stopped.clone());
    tokio::join!(jobs, ticks, overdue, end);
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the queue is where the time comes in")]
pub(crate) fn now() -> DateTime<Utc> {
    Utc::now()
}

#[cfg(test)]
pub(crate) mod tests;
