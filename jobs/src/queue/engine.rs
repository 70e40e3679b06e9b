//! The two databases the queue runs on, and what differs between them.

use std::time::Duration;

use apalis_postgres::{PgPool, PostgresStorage};
use apalis_sqlite::{SqlitePool, SqlitePoolOptions, SqliteStorage};
use sea_orm::{DatabaseConnection, DbBackend};
use tokio::time::sleep;

use super::QueueError;

/// How long the worker waits for another writer of a `SQLite` file: a release is published in one transaction.
pub(super) const BUSY: Duration = Duration::from_mins(1);
/// How often the tables are tried again when two processes make them at once.
const TRIES: u32 = 3;

/// A database, borrowed.
pub(super) enum Engine<'a> {
    Sqlite(&'a SqlitePool),
    Postgres(&'a PgPool),
}

/// A database, for a worker to keep.
#[derive(Clone)]
pub(super) enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl<'a> Engine<'a> {
    pub(super) fn of(db: &'a DatabaseConnection) -> Result<Self, QueueError> {
        match db.get_database_backend() {
            DbBackend::Sqlite => Ok(Self::Sqlite(db.get_sqlite_connection_pool())),
            DbBackend::Postgres => Ok(Self::Postgres(db.get_postgres_connection_pool())),
            _ => Err(QueueError::Unsupported),
        }
    }

    pub(super) async fn setup(self) -> Result<(), QueueError> {
        for attempt in 1.. {
            let made = match self {
                // Not `SqliteStorage::setup`: it also turns `synchronous` off.
                Self::Sqlite(pool) => SqliteStorage::migrations()
                    .run(pool)
                    .await
                    .map_err(|error| QueueError::Sqlite(apalis_sqlite::Error::Database(error.into()))),
                Self::Postgres(pool) => PostgresStorage::setup(pool).await.map_err(refused),
            };
            match made {
                Ok(()) => break,
                Err(error) if attempt == TRIES => return Err(error),
                Err(_) => sleep(Duration::from_millis(200)).await,
            }
        }
        Ok(())
    }

    /// On `SQLite` a pool of its own, so that heartbeats wait for no other work of this process.
    pub(super) async fn for_worker(self) -> Result<Pool, QueueError> {
        match self {
            Self::Sqlite(pool) => {
                let options = pool.connect_options().as_ref().clone().busy_timeout(BUSY);
                let own = SqlitePoolOptions::new().max_connections(2).connect_with(options).await;
                own.map(Pool::Sqlite).map_err(|error| apalis_sqlite::Error::Database(error).into())
            }
            Self::Postgres(pool) => Ok(Pool::Postgres(pool.clone())),
        }
    }
}

fn refused(error: apalis_postgres::Error) -> QueueError {
    let text = error.to_string();
    let known = text.contains("extension") || text.contains("permission denied");
    if known { QueueError::Extension(text) } else { error.into() }
}
