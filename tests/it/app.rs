//! A world of one's own: an empty database and archive, gone with the test.

use std::{
    path::Path,
    process::Child,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_graphql::{Response, Variables};
use chrono::{DateTime, Utc};
use entity::{Classification, OccupationId, occupation};
use jobs::{
    archive::Archive,
    codes,
    definition::Registry,
    fetch,
    pipeline::{Context, IngestError, Input, Report, ingest},
    starter,
};
use migration::{Migrator, MigratorTrait};
use rolecast::{graphql::Schema, http::gate, snapshot::Store};
use sea_orm::{
    ColumnTrait as _, ConnectOptions, Database, DatabaseConnection, EntityTrait as _, QueryFilter as _,
    QueryOrder as _,
};
use serde_json::Value;
use tempfile::TempDir;

use crate::{made, postgres};

/// A program that ends with the test.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

pub(crate) struct App {
    pub(crate) cx: Context,
    pub(crate) folder: TempDir,
}

impl App {
    /// On SQLite, in a file that is never synced. One in memory would be gone with its connection, which the pool gives up where a
    /// test keeps its thread busy for long.
    pub(crate) async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("rolecast.db");
        let mut options = ConnectOptions::new(format!("sqlite://{}?mode=rwc", file.display()));
        options.max_connections(1).sqlx_logging(false);
        options.map_sqlx_sqlite_opts(|options| {
            options.pragma("journal_mode", "MEMORY").pragma("synchronous", "OFF")
        });
        Self::over(Database::connect(options).await.unwrap(), folder).await
    }

    /// On SQLite, in a file, with several connections.
    pub(crate) async fn on_a_file() -> Self {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("rolecast.db");
        let mut options = ConnectOptions::new(format!("sqlite://{}?mode=rwc", file.display()));
        options.max_connections(6).sqlx_logging(false);
        options.map_sqlx_sqlite_opts(|options| options.pragma("journal_mode", "WAL"));
        Self::over(Database::connect(options).await.unwrap(), folder).await
    }

    /// Returns the API over it and how many statements it has asked its database so far.
    pub(crate) async fn counted(&self) -> (Schema, Arc<AtomicUsize>) {
        let statements = Arc::new(AtomicUsize::new(0));
        let (mut db, counter) = (self.cx.db.clone(), statements.clone());
        db.set_metric_callback(move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
        });
        (Schema::new(Store::open(db).await.unwrap(), noon), statements)
    }

    /// Takes a table of 2018 in the codes of 2010, and one of 2022 in those of 2018 without some that one code became.
    pub(crate) async fn take_split_codes(&self) {
        let elder = made::national(&self.codes(Classification::Soc2010).await);
        self.take("bls-oews", "oews_national_2018.csv", elder.as_bytes()).await.unwrap();
        let mut codes = self.codes(Classification::Soc2018).await;
        codes.retain(|code| !["15-1254", "15-1255", "15-1257"].contains(&code.as_str()));
        let younger = made::national(&codes);
        self.take("bls-oews", "oews_national_2022.csv", younger.as_bytes()).await.unwrap();
    }

    /// On a database of its own in the PostgreSQL of this test run, where there is one.
    pub(crate) async fn on_postgres() -> Option<Self> {
        Some(Self::on_postgres_at(&postgres::database().await?).await)
    }

    pub(crate) async fn on_postgres_at(url: &str) -> Self {
        let mut options = ConnectOptions::new(url);
        options.max_connections(4).sqlx_logging(false);
        Self::over(Database::connect(options).await.unwrap(), TempDir::new().unwrap()).await
    }

    async fn over(db: DatabaseConnection, folder: TempDir) -> Self {
        Migrator::up(&db, None).await.unwrap();
        codes::load(&db).await.unwrap();
        let cx = Context {
            registry: Arc::new(Registry::built_in().unwrap()),
            archive: Archive::folder(folder.path()).unwrap(),
            http: fetch::client(None).unwrap(),
            offline: true,
            scheduled: false,
            db,
        };
        Self { cx, folder }
    }

    /// With further sources, by the texts of their definitions.
    pub(crate) fn with_sources(mut self, definitions: &[String]) -> Self {
        let folder = self.folder.path().join("sources");
        std::fs::create_dir(&folder).unwrap();
        for (place, text) in definitions.iter().enumerate() {
            std::fs::write(folder.join(format!("{place}.toml")), text).unwrap();
        }
        let mut registry = Registry::built_in().unwrap();
        registry.add_folder(&folder).unwrap();
        self.cx.registry = Arc::new(registry);
        self
    }

    /// With the figures that ship.
    pub(crate) async fn with_starter(self) -> Self {
        starter::load(&self.cx.db, &self.cx.registry, noon()).await.unwrap();
        self
    }

    pub(crate) async fn refresh(
        &self,
        source: &str,
        file: &Path,
        release: Option<&str>,
    ) -> Result<Report, IngestError> {
        let input = Input::File { path: file.to_owned(), release: release.map(ToOwned::to_owned) };
        ingest(&self.cx, source, &input, noon()).await
    }

    /// Ingests `bytes` as a file called `name`.
    pub(crate) async fn take(&self, source: &str, name: &str, bytes: &[u8]) -> Result<Report, IngestError> {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        self.refresh(source, &path, None).await
    }

    /// The codes of a classification, in order.
    pub(crate) async fn codes(&self, of: Classification) -> Vec<String> {
        let rows = occupation::Entity::find()
            .filter(occupation::Column::Classification.eq(of))
            .order_by_asc(occupation::Column::Code);
        rows.all(&self.cx.db).await.unwrap().into_iter().map(|row| row.code).collect()
    }

    /// The key of an occupation.
    pub(crate) async fn occupation(&self, of: Classification, code: &str) -> OccupationId {
        let found = occupation::Entity::find()
            .filter(occupation::Column::Classification.eq(of))
            .filter(occupation::Column::Code.eq(code));
        found.one(&self.cx.db).await.unwrap().unwrap().id
    }

    pub(crate) async fn schema(&self) -> Schema {
        Schema::new(Store::open(self.cx.db.clone()).await.unwrap(), noon).with_work(self.cx.clone())
    }

    /// The data of an answer without errors.
    pub(crate) async fn ask(&self, document: &str) -> Value {
        ask(&self.schema().await, document).await
    }
}

/// The data of an answer without errors.
pub(crate) async fn ask(schema: &Schema, document: &str) -> Value {
    let answer = answer(schema, document).await;
    assert!(answer.errors.is_empty(), "{document}: {:?}", answer.errors);
    answer.data.into_json().unwrap()
}

/// The answer to a document that the gate lets pass.
pub(crate) async fn answer(schema: &Schema, document: &str) -> Response {
    let request = gate::admit(document, None, Variables::default()).expect("the gate lets it pass");
    schema.execute(request).await
}

pub(crate) fn noon() -> DateTime<Utc> {
    "2026-06-01T12:00:00Z".parse().unwrap()
}
