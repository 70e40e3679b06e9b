//! Keeps workers running until they are told to stop, and says whether they live.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use apalis::prelude::{Event, Monitor, MonitorContext, WorkerBuilder, WorkerBuilderExt, WorkerContext};
use apalis_postgres::PostgresStorage;
use apalis_sqlite::SqliteStorage;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, DbErr, Statement};
use tokio::{
    sync::watch::Receiver,
    time::{sleep, timeout},
};

use super::{
    QUEUE, Refresh,
    backoff::{delay, noise},
    engine::{BUSY, Pool},
    handle::handle,
};
use crate::pipeline::Context;

/// How often a worker says that it lives, and looks for work.
const HEARTBEAT: Duration = Duration::from_secs(3);
/// After so many missed heartbeats its job is another's.
const MISSED: u32 = 7;
/// How long jobs may go on after a stop was asked for; one that is cut off is taken over later.
const GRACE: Duration = Duration::from_secs(10);
/// A worker that ran this long before it failed starts again without delay.
const STEADY: Duration = Duration::from_mins(1);
/// A worker that has not said for so long that it lives never will: longer than it may wait for another writer, and than others
/// wait for it.
pub(super) const PATIENCE: Duration = BUSY.saturating_add(HEARTBEAT.saturating_mul(MISSED));

static RESTARTS: AtomicU64 = AtomicU64::new(0);

/// Returns a name no other process and no earlier start has: the name of a dead worker must not come back.
pub(crate) fn name(role: &str) -> String {
    format!("{role}-{}-{:016x}", std::process::id(), noise())
}

/// Builds the one worker, which does one job at a time.
pub(super) fn monitor(cx: &Context, pool: &Pool) -> Monitor {
    let (cx, name) = (cx.clone(), name(QUEUE));
    match pool {
        Pool::Sqlite(pool) => {
            let config = apalis_sqlite::Config::default().queue(QUEUE).batch_size(1);
            let config = config.heartbeat_interval(HEARTBEAT).missed_heartbeats(MISSED as usize);
            let storage = SqliteStorage::<Refresh>::new(pool).with_config(config);
            Monitor::new().register(move |_| {
                WorkerBuilder::new(name.as_str())
                    .backend(storage.clone())
                    .concurrency(1)
                    .data(cx.clone())
                    .build(handle)
            })
        }
        Pool::Postgres(pool) => {
            let config = apalis_postgres::Config::default().queue(QUEUE).batch_size(1);
            let config = config.heartbeat_interval(HEARTBEAT).missed_heartbeats(MISSED as usize);
            let storage = PostgresStorage::<Refresh>::new(pool).with_config(config);
            Monitor::new().register(move |_| {
                WorkerBuilder::new(name.as_str())
                    .backend(storage.clone())
                    .concurrency(1)
                    .data(cx.clone())
                    .build(handle)
            })
        }
    }
}

/// Runs what `build` makes, again when it ends or is silent for `patience`, until `stopped` becomes true. A database that
/// restarts ends a worker for good; a new one under a new name takes its place.
pub(super) async fn supervise(
    what: &str,
    patience: Duration,
    mut stopped: Receiver<bool>,
    build: impl Fn() -> Monitor,
) {
    let mut failures = 0;
    loop {
        let pulse = Pulse::default();
        let monitor = build().on_event(pulse.listener());
        let control = monitor.context();
        let began = Instant::now();
        let mut running = Box::pin(monitor.run());
        let ended = loop {
            tokio::select! {
                ended = &mut running => break format!("ended ({ended:?})"),
                () = told(&mut stopped) => {
                    if control.shutdown().is_err() || timeout(GRACE, running).await.is_err() {
                        tracing::warn!("{what}: stopped before the work was done; it will be taken over");
                    }
                    return;
                }
                () = sleep(HEARTBEAT) => {
                    wake(&control);
                    if let Some(silence) = pulse.silence().filter(|silence| *silence > patience) {
                        break format!("was silent for {} s", silence.as_secs());
                    }
                }
            }
        };
        failures = if began.elapsed() < STEADY { failures + 1 } else { 1 };
        let wait = delay(failures, None, noise()).min(STEADY);
        RESTARTS.fetch_add(1, Ordering::Relaxed);
        tracing::warn!(?wait, "{what}: the worker {ended} and starts again");
        tokio::select! {
            () = sleep(wait) => {}
            () = told(&mut stopped) => return,
        }
    }
}

/// Has every worker look at its clock. apalis forgets a heartbeat that falls due while a slow look for work is under way and
/// finds none: nothing would ever wake the worker again.
fn wake(control: &MonitorContext) {
    for worker in control.workers() {
        control.wake_worker(worker.name()).ok();
    }
}

/// When a worker last said that it lives.
#[derive(Clone)]
struct Pulse(Arc<Mutex<Instant>>);

impl Default for Pulse {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Instant::now())))
    }
}

impl Pulse {
    fn listener(&self) -> impl Fn(&WorkerContext, &Event) + Send + Sync + 'static {
        let last = Arc::clone(&self.0);
        move |_, event| {
            if let (Event::HeartBeat, Ok(mut last)) = (event, last.lock()) {
                *last = Instant::now();
            }
        }
    }

    fn silence(&self) -> Option<Duration> {
        self.0.lock().ok().map(|last| last.elapsed())
    }
}

/// Returns how many workers of this process ended or fell silent, and were started again.
pub fn restarts() -> u64 {
    RESTARTS.load(Ordering::Relaxed)
}

/// Returns when a worker of any process last said that it lives.
pub async fn last_heartbeat(db: &DatabaseConnection) -> Result<Option<DateTime<Utc>>, DbErr> {
    let (table, seconds) = match db.get_database_backend() {
        DbBackend::Postgres => ("apalis.workers", "CAST(EXTRACT(EPOCH FROM max(last_seen)) AS BIGINT)"),
        _ => ("Workers", "CAST(max(last_seen) AS BIGINT)"),
    };
    let sql = format!("SELECT {seconds} AS seen FROM {table} WHERE worker_type = $1");
    let asked = Statement::from_sql_and_values(db.get_database_backend(), sql, [QUEUE.into()]);
    let row = db.query_one_raw(asked).await?;
    let seen = row.map(|row| row.try_get::<Option<i64>>("", "seen")).transpose()?.flatten();
    Ok(seen.and_then(DateTime::from_timestamp_secs))
}

/// Waits until a stop is asked for, or whoever could ask is gone.
async fn told(stopped: &mut Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
}
