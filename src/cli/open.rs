//! Opens what a command works on: the database, brought up to date, and what the jobs need around it.

use std::{
    env,
    fs::{self, File},
    sync::Arc,
    time::Duration,
};

use anyhow::Context as _;
use jobs::{archive::Archive, codes, definition::Registry, fetch, pipeline, publish, starter};
use migration::{Migrator, MigratorTrait as _};
use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DbBackend, DbErr, RuntimeErr,
    TransactionTrait as _,
    sqlx::{self, Connection as _, PgConnection},
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

/// How long work waits for a connection to Postgres, and a start for the server to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Names the lock under which a start on Postgres changes tables: any number, as long as it is always the same.
const START: &str = "SELECT pg_advisory_xact_lock(7305437413)";

/// Opens the database and loads what ships with the program, with `figures` the starter figures too.
pub(super) async fn open(config: &Config, figures: bool) -> anyhow::Result<pipeline::Context> {
    fs::create_dir_all(&config.data_dir)
        .with_context(|| format!("cannot make the data folder {}", config.data_dir.display()))?;
    let registry = Arc::new(registry(config)?);
    let db = connect(config).await.with_context(|| format!("cannot open the database {}", shown(config)))?;
    prepare(config, &db, &registry, figures && config.starter).await?;
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

async fn connect(config: &Config) -> Result<DatabaseConnection, DbErr> {
    let url = config.database();
    let mut options = ConnectOptions::new(&url);
    options.max_connections(CONNECTIONS).sqlx_logging(false).acquire_timeout(BUSY * 3).map_sqlx_sqlite_opts(
        |options| {
            let options = options
                .row_buffer_size(ROWS_AHEAD)
                .busy_timeout(BUSY)
                .foreign_keys(true)
                .create_if_missing(true);
            options.pragma("journal_mode", "WAL").pragma("synchronous", "NORMAL")
        },
    );
    if url.starts_with("postgres") {
        reach(&url).await?;
        options.acquire_timeout(PATIENCE);
    }
    Database::connect(options).await
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
        let lock =
            File::create(config.data_dir.join("start.lock")).context("cannot write to the data folder")?;
        let lock = tokio::task::spawn_blocking(move || lock.lock().map(|()| lock)).await??;
        load(db, registry, figures).await?;
        drop(lock);
    }
    Ok(())
}

async fn load(db: &DatabaseConnection, registry: &Registry, figures: bool) -> anyhow::Result<()> {
    Migrator::up(db, None).await.context("cannot bring the tables up to date")?;
    codes::load(db).await.context("cannot load the codes")?;
    if figures {
        starter::load(db, registry, now()).await.context("cannot load the starter figures")?;
    } else {
        publish::register(db, registry).await.context("cannot register the sources")?;
    }
    Ok(())
}
