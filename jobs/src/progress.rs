//! How far a running refresh is. The steps of the pipeline say it to whatever meter runs around them; the meter writes it
//! down, for whoever watches from whichever process.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use entity::refresh_step;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseConnection, DbBackend, DbErr, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, timeout},
};

/// What everybody who waits for news listens to on Postgres.
pub const CHANNEL: &str = "rolecast";

/// How often counts within one stage are written.
const OFTEN: Duration = Duration::from_millis(500);
/// Rows between two looks at the clock.
const ROWS: i64 = 512;
/// How long steps are kept.
const KEPT: TimeDelta = TimeDelta::days(1);
/// How long a step may take to be written: another writer may hold the database.
const PATIENCE: Duration = Duration::from_secs(2);
/// Most steps read at once.
const AT_ONCE: u64 = 1_000;

/// The stages of a refresh, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Asking the publisher.
    Fetch,
    /// Keeping the bytes.
    Archive,
    /// Reading rows and turning them into figures.
    Read,
    /// Checking the release.
    Validate,
    /// Writing it.
    Publish,
    /// It ended: something new, or nothing.
    Done,
    /// It ended, and a release is held.
    Held,
    /// It failed.
    Failed,
}

impl Stage {
    const ALL: [Self; 8] = [
        Self::Fetch,
        Self::Archive,
        Self::Read,
        Self::Validate,
        Self::Publish,
        Self::Done,
        Self::Held,
        Self::Failed,
    ];

    /// Returns the stage's name in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fetch => "FETCH",
            Self::Archive => "ARCHIVE",
            Self::Read => "READ",
            Self::Validate => "VALIDATE",
            Self::Publish => "PUBLISH",
            Self::Done => "DONE",
            Self::Held => "HELD",
            Self::Failed => "FAILED",
        }
    }

    /// Returns the stage with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == name)
    }
}

tokio::task_local! {
    static METER: Arc<Meter>;
}

/// What a step says.
#[derive(Clone, Debug)]
struct Step {
    stage: Stage,
    dataset: Option<String>,
    rows: (i64, Option<i64>),
    bytes: (i64, Option<i64>),
}

enum Message {
    Step(Step),
    Flush(oneshot::Sender<()>),
}

/// Counts one refresh.
struct Meter {
    steps: mpsc::UnboundedSender<Message>,
    state: std::sync::Mutex<(Step, Instant)>,
    rows: AtomicI64,
}

impl Meter {
    fn change(&self, at_once: bool, change: impl FnOnce(&mut Step)) {
        let mut state = self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        change(&mut state.0);
        if at_once || state.1.elapsed() >= OFTEN {
            state.1 = Instant::now();
            state.0.rows.0 = self.rows.load(Ordering::Relaxed);
            self.steps.send(Message::Step(state.0.clone())).ok();
        }
    }
}

/// Runs `work`, and writes down how far it is. `end` says how it ended.
pub async fn watched<T>(
    db: &DatabaseConnection,
    source: &str,
    now: DateTime<Utc>,
    work: impl Future<Output = T>,
    end: impl FnOnce(&T) -> Stage,
) -> T {
    let (steps, told) = mpsc::unbounded_channel();
    let first = Step { stage: Stage::Fetch, dataset: None, rows: (0, None), bytes: (0, None) };
    let state = std::sync::Mutex::new((first, Instant::now()));
    let meter = Arc::new(Meter { steps, state, rows: AtomicI64::new(0) });
    meter.change(true, |_| {});
    let writing = tokio::spawn(write(db.clone(), source.to_owned(), now, told));
    let result = METER.scope(meter.clone(), work).await;
    meter.change(true, |step| step.stage = end(&result));
    drop(meter);
    writing.await.ok();
    result
}

/// Says that a stage begins, and waits until that is written: publishing must not meet another writer of its own.
pub(crate) async fn stage(stage: Stage) {
    let Ok(meter) = METER.try_with(Arc::clone) else { return };
    meter.change(true, |step| step.stage = stage);
    let (flushed, wait) = oneshot::channel();
    if meter.steps.send(Message::Flush(flushed)).is_ok() {
        wait.await.ok();
    }
}

/// Says that a file of `bytes` is read, which had `rows` the last time.
pub(crate) fn file(bytes: i64, rows: Option<i64>) {
    with(|meter| {
        meter.rows.store(0, Ordering::Relaxed);
        meter.change(false, |step| (step.rows, step.bytes) = ((0, rows), (bytes, Some(bytes))));
    });
}

/// Says which dataset is at hand.
pub(crate) fn dataset(name: &str) {
    with(|meter| meter.change(false, |step| step.dataset = Some(name.to_owned())));
}

/// Says that bytes arrived, of as many as were promised.
pub(crate) fn bytes(done: u64, expected: Option<u64>) {
    let expected = expected.and_then(|bytes| i64::try_from(bytes).ok());
    let done = i64::try_from(done).unwrap_or(i64::MAX);
    with(|meter| meter.change(false, |step| step.bytes = (done, expected)));
}

/// Says that one more row was read.
pub(crate) fn row() {
    with(|meter| {
        if meter.rows.fetch_add(1, Ordering::Relaxed) % ROWS == 0 {
            meter.change(false, |_| {});
        }
    });
}

fn with(say: impl FnOnce(&Meter)) {
    METER.try_with(|meter| say(meter)).ok();
}

async fn write(
    db: DatabaseConnection,
    source: String,
    now: DateTime<Utc>,
    mut told: mpsc::UnboundedReceiver<Message>,
) {
    let began = Instant::now();
    let old = refresh_step::Column::At.lt(now - KEPT);
    refresh_step::Entity::delete_many().filter(old).exec(&db).await.ok();
    while let Some(message) = told.recv().await {
        match message {
            Message::Flush(flushed) => {
                flushed.send(()).ok();
            }
            Message::Step(step) => {
                let at = now + TimeDelta::from_std(began.elapsed()).unwrap_or_default();
                let written = timeout(PATIENCE, insert(&db, &source, at, &step)).await;
                if !matches!(written, Ok(Ok(()))) {
                    tracing::debug!(source, stage = step.stage.as_str(), "progress was not written");
                }
            }
        }
    }
}

async fn insert(db: &DatabaseConnection, source: &str, at: DateTime<Utc>, step: &Step) -> Result<(), DbErr> {
    let row = refresh_step::ActiveModel {
        at: Set(at),
        source: Set(source.to_owned()),
        dataset: Set(step.dataset.clone()),
        stage: Set(step.stage.as_str().to_owned()),
        rows_done: Set(step.rows.0),
        rows_expected: Set(step.rows.1),
        bytes_done: Set(step.bytes.0),
        bytes_expected: Set(step.bytes.1),
        ..Default::default()
    };
    refresh_step::Entity::insert(row).exec_without_returning(db).await?;
    notify(db).await
}

/// Wakes whoever waits for news; on Postgres when the transaction ends.
pub(crate) async fn notify(db: &impl sea_orm::ConnectionTrait) -> Result<(), DbErr> {
    if db.get_database_backend() == DbBackend::Postgres {
        db.execute_unprepared(&format!("NOTIFY {CHANNEL}")).await?;
    }
    Ok(())
}

/// Returns the newest step's id; 0 when there is none.
pub async fn last(db: &DatabaseConnection) -> Result<i64, DbErr> {
    let newest = refresh_step::Entity::find().order_by_desc(refresh_step::Column::Id).one(db).await?;
    Ok(newest.map_or(0, |step| step.id))
}

/// Returns the steps after the one called `id`, in their order.
pub async fn since(db: &DatabaseConnection, id: i64) -> Result<Vec<refresh_step::Model>, DbErr> {
    let later = refresh_step::Entity::find().filter(refresh_step::Column::Id.gt(id));
    later.order_by_asc(refresh_step::Column::Id).limit(AT_ONCE).all(db).await
}
