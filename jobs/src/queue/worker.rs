//! Keeps workers running until they are told to stop.

use std::time::{Duration, Instant};

use apalis::prelude::{Monitor, WorkerBuilder, WorkerBuilderExt};
use apalis_postgres::PostgresStorage;
use apalis_sqlite::SqliteStorage;
use tokio::{
    sync::watch::Receiver,
    time::{sleep, timeout},
};

use super::{
    QUEUE, Refresh,
    backoff::{delay, noise},
    engine::Pool,
    handle::handle,
};
use crate::pipeline::Context;

/// How often a worker says that it lives, and looks for work.
const HEARTBEAT: Duration = Duration::from_secs(3);
/// After so many missed heartbeats its job is another's.
const MISSED: usize = 7;
/// How long jobs may go on after a stop was asked for; one that is cut off is taken over later.
const GRACE: Duration = Duration::from_secs(10);
/// A worker that ran this long before it failed starts again without delay.
const STEADY: Duration = Duration::from_mins(1);

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
            let config = config.heartbeat_interval(HEARTBEAT).missed_heartbeats(MISSED);
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
            let config = config.heartbeat_interval(HEARTBEAT).missed_heartbeats(MISSED);
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

/// Runs what `build` makes, again after each failure, until `stopped` becomes true. A database that restarts ends a
/// worker for good; a new one under a new name takes its place.
pub(super) async fn supervise(what: &str, mut stopped: Receiver<bool>, build: impl Fn() -> Monitor) {
    let mut failures = 0;
    loop {
        let monitor = build();
        let control = monitor.context();
        let began = Instant::now();
        let mut running = Box::pin(monitor.run());
        let ended = tokio::select! {
            ended = &mut running => ended,
            () = told(&mut stopped) => {
                if control.shutdown().is_err() || timeout(GRACE, running).await.is_err() {
                    tracing::warn!("{what}: stopped before the work was done; it will be taken over");
                }
                return;
            }
        };
        failures = if began.elapsed() < STEADY { failures + 1 } else { 1 };
        let wait = delay(failures, None, noise()).min(STEADY);
        tracing::warn!(?wait, "{what}: the worker ended ({ended:?}) and starts again");
        tokio::select! {
            () = sleep(wait) => {}
            () = told(&mut stopped) => return,
        }
    }
}

/// Waits until a stop is asked for, or whoever could ask is gone.
async fn told(stopped: &mut Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
}
