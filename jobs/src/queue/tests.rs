//! Jobs on a queue of their own.

use std::{path::Path, sync::Arc};

use apalis_sqlite::{SqlitePool, SqlitePoolOptions};
use sea_orm::{ConnectOptions, Database, DbBackend};

use super::*;
use crate::{archive::Archive, definition::Registry};

pub(crate) async fn database(folder: &Path) -> DatabaseConnection {
    let mut options = ConnectOptions::new(format!("sqlite://{}/test.db?mode=rwc", folder.display()));
    options.max_connections(4);
    let db = Database::connect(options).await.unwrap();
    setup(&db).await.unwrap();
    db
}

pub(crate) fn offline(folder: &Path, db: &DatabaseConnection) -> Context {
    Context {
        registry: Arc::new(Registry::default()),
        db: db.clone(),
        archive: Archive::folder(folder).unwrap(),
        http: crate::fetch::client(None).unwrap(),
        offline: true,
        scheduled: false,
    }
}

#[tokio::test]
async fn the_same_source_and_window_are_one_job() {
    let folder = tempfile::tempdir().unwrap();
    let db = database(folder.path()).await;
    let first = push(&db, "bls-oews", "2026-11").await.unwrap();
    assert_eq!(push(&db, "bls-oews", "2026-11").await.unwrap(), first);
    assert_eq!(request(&db, "bls-oews").await.unwrap(), first);
    assert_ne!(push(&db, "bls-oews", "2026-12").await.unwrap(), first);
    assert_ne!(request(&db, "bls").await.unwrap(), first);
    assert!(matches!(state(&db, &first).await.unwrap(), State::Waiting));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queued_job_is_done_and_may_be_asked_for_again() {
    let folder = tempfile::tempdir().unwrap();
    let db = database(folder.path()).await;
    let ticket = request(&db, "nowhere").await.unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let worker = tokio::spawn(run(offline(folder.path(), &db), async {
        let _ = stopped.await;
    }));
    let error =
        tokio::time::timeout(Duration::from_secs(20), follow(&db, &ticket)).await.unwrap().unwrap_err();
    assert!(error.to_string().contains("no source `nowhere`"), "{error}");
    assert_ne!(request(&db, "nowhere").await.unwrap(), ticket);
    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(5), worker).await.unwrap().unwrap().unwrap();
}

#[tokio::test]
async fn making_the_tables_leaves_writes_durable() {
    use sea_orm::{ConnectionTrait, Statement};
    let folder = tempfile::tempdir().unwrap();
    let db = database(folder.path()).await;
    let pragma = Statement::from_string(db.get_database_backend(), "PRAGMA synchronous");
    let row = db.query_one_raw(pragma).await.unwrap().unwrap();
    assert_ne!(row.try_get_by_index::<i32>(0).unwrap(), 0);
}

/// A worker that shares its only connection with the test.
struct Supervised {
    pool: SqlitePool,
    db: DatabaseConnection,
    _stop: watch::Sender<bool>,
    _folder: tempfile::TempDir,
}

impl Supervised {
    async fn start(patience: Duration) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = database(folder.path()).await;
        let options = db.get_sqlite_connection_pool().connect_options();
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options.as_ref().clone());
        let (pool, cx) = (pool.await.unwrap(), offline(folder.path(), &db));
        let (stop, stopped) = watch::channel(false);
        let own = engine::Pool::Sqlite(pool.clone());
        tokio::spawn(async move {
            worker::supervise("jobs", patience, stopped, || worker::monitor(&cx, &own)).await;
        });
        let started = Self { pool, db, _stop: stop, _folder: folder };
        started.until(1).await;
        started
    }

    /// Waits until so many workers have begun.
    async fn until(&self, wanted: i64) {
        use sea_orm::{ConnectionTrait as _, Statement};
        let sql = "SELECT count(*) AS workers FROM Workers";
        let begun = async || {
            let row = self.db.query_one_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap();
            row.unwrap().try_get::<i64>("", "workers").unwrap()
        };
        for _ in 0..300 {
            if begun().await >= wanted {
                return;
            }
            sleep(Duration::from_millis(100)).await;
        }
        panic!("no worker number {wanted}");
    }

    /// Asks for a job and waits until a worker has done it.
    async fn does_a_job(&self) {
        let ticket = request(&self.db, "nowhere").await.unwrap();
        let done = tokio::time::timeout(Duration::from_secs(30), follow(&self.db, &ticket)).await;
        assert!(done.expect("no worker takes the job").is_err());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_whose_look_for_work_was_slow_goes_on() {
    let world = Supervised::start(worker::PATIENCE).await;
    let held = world.pool.acquire().await.unwrap();
    // The heartbeat waits for the connection, this test behind it, and the look for work last.
    sleep(Duration::from_secs(4)).await;
    let pool = world.pool.clone();
    let behind = tokio::spawn(async move {
        let _held = pool.acquire().await.unwrap();
        sleep(Duration::from_secs(4)).await;
    });
    sleep(Duration::from_millis(200)).await;
    drop(held);
    behind.await.unwrap();
    world.does_a_job().await;
    assert!(last_heartbeat(&world.db).await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_is_silent_is_replaced() {
    let world = Supervised::start(Duration::from_secs(5)).await;
    let before = restarts();
    let held = world.pool.acquire().await.unwrap();
    while restarts() == before {
        sleep(Duration::from_millis(100)).await;
    }
    drop(held);
    world.until(2).await;
    world.does_a_job().await;
}
