//! Jobs on a queue of their own.

use std::{path::Path, sync::Arc};

use sea_orm::{ConnectOptions, Database};

use super::*;
use crate::{archive::Archive, definition::Registry};

async fn database(folder: &Path) -> DatabaseConnection {
    let mut options = ConnectOptions::new(format!("sqlite://{}/test.db?mode=rwc", folder.display()));
    options.max_connections(4);
    let db = Database::connect(options).await.unwrap();
    setup(&db).await.unwrap();
    db
}

fn offline(folder: &Path, db: &DatabaseConnection) -> Context {
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
