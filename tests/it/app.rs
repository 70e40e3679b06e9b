//! A world of one's own: an empty database and archive, gone with the test.

use std::{path::Path, sync::Arc};

use chrono::{DateTime, Utc};
use jobs::{
    archive::Archive,
    codes,
    definition::Registry,
    fetch,
    pipeline::{Context, IngestError, Input, Report, ingest},
};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectOptions, Database};
use tempfile::TempDir;

pub(crate) struct App {
    pub(crate) cx: Context,
    _folder: TempDir,
}

impl App {
    pub(crate) async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let mut options = ConnectOptions::new("sqlite::memory:");
        options.max_connections(1).sqlx_logging(false);
        let db = Database::connect(options).await.unwrap();
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
        Self { cx, _folder: folder }
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
}

pub(crate) fn noon() -> DateTime<Utc> {
    "2026-06-01T12:00:00Z".parse().unwrap()
}
