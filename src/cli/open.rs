//! Opens what a command works on: the database, brought up to date, and what the jobs need around it.

use std::{
    env,
    error::Error,
    fs::{self, File},
    sync::Arc,
    time::Duration,
};

use anyhow::Context as _;
use jobs::{archive::Archive, codes, definition::Registry, disk, fetch, pipeline, publish, starter};
use migration::{Migrator, MigratorTrait as _};
use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DbBackend, DbErr, RuntimeErr,
    TransactionTrait as _,
    sqlx::{self, Connection as _, PgConnection, sqlite::SqliteConnectOptions},
};
use tokio::time;

use super::now;
use crate::{config::Config, graphql::Schema, snapshot::Store};

/// Most connections one process holds.
const CONNECTIONS: u32 = 8;

/// Rows that SQLite's thread reads ahead of us: each wait for it costs more than many rows.
const ROWS_AHEAD: usize = 4096;

/// How long a statement waits for another process that is writing.
const BUSY: Duration = Duration::from_secs(10);

/// How long work waits for a connection to Postgres, a start for the server to answer, and an end for the work that is left.
const PATIENCE: Duration = Duration::from_secs(5);

/// What `SQLite` says where the files beside the database cannot be made or written: disk full, read-only and cannot open, in the
/// lowest byte of a code, and no room for the shared memory. Source: sqlite.org/rescode.html.
const NO_ROOM: [u32; 3] = [13, 8, 14];
const NO_SHARED_MEMORY: u32 = 4874;

/// Names the lock under which a start on Postgres changes tables: any number, as long as it is always the same.
const START: &str = "SELECT pg_advisory_xact_lock(7305437413)";

/// What a command needs the database for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// To answer, on a first start with the starter figures.
    Serve,
    /// To answer with what is stored.
    Read,
    /// To write.
    Write,
}

/// Opens the database, loads what ships with the program, works and closes the database, so that nothing is left beside its file. Who
/// only answers does so from a database that cannot be written, too.
pub(super) async fn with<T>(
    config: &Config,
    need: Need,
    work: impl AsyncFnOnce(pipeline::Context) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    fs::create_dir_all(&config.data_dir)
        .with_context(|| format!("cannot make the data folder {}", config.data_dir.display()))?;
    let registry = Arc::new(registry(config)?);
    let db = connect(config, need).await.map_err(|error| {
        let why = if disk::is_full(&error.to_string()) { ": the disk is full" } else { "" };
        anyhow::Error::new(error).context(format!("cannot open the database {}{why}", shown(config)))
    })?;
    let done = match context(config, need, registry, db.clone()).await {
        Ok(cx) => work(cx).await,
        Err(error) => Err(error),
    };
    match time::timeout(PATIENCE, db.close()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(error = &error as &dyn Error, "cannot close the database"),
        Err(_) => tracing::warn!("the database is still in use, and is left open"),
    }
    done
}

/// Returns what the jobs need, around a database brought up to date.
async fn context(
    config: &Config,
    need: Need,
    registry: Arc<Registry>,
    db: DatabaseConnection,
) -> anyhow::Result<pipeline::Context> {
    let prepared = prepare(config, &db, &registry, need == Need::Serve && config.starter).await;
    tolerate(prepared, need)?;
    let archive = archive(config)?;
    let http = fetch::client(config.contact())?;
    let scheduled = config.contact().is_some() && !config.offline;
    Ok(pipeline::Context { registry, db, archive, http, offline: config.offline, scheduled })
}

/// Opens the folder or the bucket of the publishers' files.
fn archive(config: &Config) -> anyhow::Result<Archive> {
    let folder = config.data_dir.join("archive");
    if config.archive.is_empty() {
        return Ok(Archive::folder(folder)?);
    }
    let variables = env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let opened = Archive::bucket(&config.archive, variables, folder.join("scratch"));
    opened.with_context(|| format!("cannot open the archive {}", config.archive))
}

/// Opens what answers queries.
pub(super) async fn store(cx: &pipeline::Context) -> anyhow::Result<(Arc<Store>, Schema)> {
    let store = Store::open(cx.db.clone()).await.context("cannot read the figures")?;
    Ok((store.clone(), Schema::new(store, now).with_work(cx.clone())))
}

/// Returns the built-in sources and the operator's own.
pub(super) fn registry(config: &Config) -> anyhow::Result<Registry> {
    let mut registry = Registry::built_in()?;
    if !config.sources_dir.as_os_str().is_empty() {
        registry.add_folder(&config.sources_dir)?;
    }
    registry.acknowledge(&config.acknowledged_licences)?;
    Ok(registry)
}

/// Returns the address of the database as a person may see it: without name and password.
pub(super) fn shown(config: &Config) -> String {
    let url = config.database();
    let address = url.split('?').next().unwrap_or_default();
    match (address.split_once("://"), address.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, place))) => format!("{scheme}://{place}"),
        _ => address.to_owned(),
    }
}

async fn connect(config: &Config, need: Need) -> Result<DatabaseConnection, DbErr> {
    let url = config.database();
    let mut options = ConnectOptions::new(&url);
    options.max_connections(CONNECTIONS).sqlx_logging(false);
    if url.starts_with("postgres") {
        reach(&url).await?;
        options.acquire_timeout(PATIENCE);
        return Database::connect(options).await;
    }
    options.acquire_timeout(BUSY * 3);
    let mut frozen = options.clone();
    options.map_sqlx_sqlite_opts(|options| {
        let options = options.row_buffer_size(ROWS_AHEAD).busy_timeout(BUSY).foreign_keys(true);
        options.create_if_missing(true).pragma("journal_mode", "WAL").pragma("synchronous", "NORMAL")
    });
    match Database::connect(options).await {
        Err(error) if need != Need::Write && has_no_room(&error) && is_whole(config) => {
            frozen.map_sqlx_sqlite_opts(|options| {
                options.row_buffer_size(ROWS_AHEAD).create_if_missing(false).read_only(true).immutable(true)
            });
            // Where there is no database yet, the first error says why none can be made.
            let Ok(db) = Database::connect(frozen).await else { return Err(error) };
            unwritten(&error.into());
            Ok(db)
        }
        connected => connected,
    }
}

/// Whether `SQLite` lacks the files it keeps beside a database that is written.
fn has_no_room(error: &DbErr) -> bool {
    disk::result_code(error).is_some_and(|code| code == NO_SHARED_MEMORY || NO_ROOM.contains(&(code & 0xFF)))
}

/// Whether everything that was written stands in the database's own file: nothing is left in its log. Such a file can be read as one
/// that never changes.
fn is_whole(config: &Config) -> bool {
    let Ok(options) = config.database().parse::<SqliteConnectOptions>() else { return false };
    let mut log = options.get_filename().as_os_str().to_owned();
    log.push("-wal");
    fs::metadata(log).map_or(true, |log| log.len() == 0)
}

/// Connects once: a pool tries again and again, and then says that it waited, not why.
async fn reach(url: &str) -> Result<(), DbErr> {
    let failed = |error: sqlx::Error| DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error)));
    let late = |_| DbErr::Conn(RuntimeErr::Internal(format!("no answer within {} s", PATIENCE.as_secs())));
    let connection = time::timeout(PATIENCE, PgConnection::connect(url)).await.map_err(late)?;
    connection.map_err(failed)?.close().await.map_err(failed)
}

/// Brings tables, codes and figures up to date while no other start does the same.
async fn prepare(
    config: &Config,
    db: &DatabaseConnection,
    registry: &Registry,
    figures: bool,
) -> anyhow::Result<()> {
    if db.get_database_backend() == DbBackend::Postgres {
        let lock = db.begin().await?;
        lock.execute_unprepared(START).await?;
        load(db, registry, figures).await?;
        lock.commit().await?;
    } else {
        let path = config.data_dir.join("start.lock");
        let lock = File::create(path).context("cannot write to the data folder")?;
        let lock = tokio::task::spawn_blocking(move || lock.lock().map(|()| lock)).await??;
        load(db, registry, figures).await?;
        drop(lock);
    }
    Ok(())
}

async fn load(db: &DatabaseConnection, registry: &Registry, figures: bool) -> anyhow::Result<()> {
    migrate(db).await.context("cannot bring the tables up to date")?;
    codes::load(db).await.context("cannot load the codes")?;
    if figures {
        starter::load(db, registry, now()).await.context("cannot load the starter figures")?;
    } else {
        publish::register(db, registry).await.context("cannot register the sources")?;
    }
    Ok(())
}

/// Brings the tables up to date, or leaves them as they are: `SQLite` would keep the half of a migration that broke off, and no start
/// could go on from there.
async fn migrate(db: &DatabaseConnection) -> Result<(), DbErr> {
    let all = db.begin().await?;
    Migrator::up(&all, None).await?;
    all.commit().await
}

/// Passes over what could not be written where a command does without, and says what to do.
pub(super) fn tolerate(done: anyhow::Result<()>, need: Need) -> anyhow::Result<()> {
    match done {
        Err(error) if need != Need::Write && disk::takes_nothing(&format!("{error:#}")) => {
            unwritten(&error);
            Ok(())
        }
        done => done,
    }
}

fn unwritten(error: &anyhow::Error) {
    let causes = format!("{error:#}");
    let mend = if disk::is_full(&causes) {
        "the disk is full: make room on it"
    } else {
        "nothing can be written: see to the rights to the data folder and the database"
    };
    tracing::warn!("{mend}, then start again; until then, what is stored is answered ({causes})");
}
