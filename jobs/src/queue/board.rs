//! The pages and routes of apalis-board over our queue. It has no login: whoever mounts it must ask for one.

use std::sync::{Arc, LazyLock, Mutex};

use apalis_board::axum::{
    framework::{ApiBuilder, RegisterRoute as _},
    sse::{TracingBroadcaster, TracingSubscriber},
    ui::ServeUI,
};
use apalis_postgres::PostgresStorage;
use apalis_sqlite::SqliteStorage;
use axum::{Extension, Router};
use sea_orm::DatabaseConnection;

use super::{QUEUE, QueueError, Refresh, engine::Engine};

/// A file of the board's pages.
#[derive(Clone, Debug)]
pub struct BoardFile {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its media type.
    pub content_type: &'static str,
}

/// Whoever looks at the log on the board.
static READERS: LazyLock<Arc<Mutex<TracingBroadcaster>>> = LazyLock::new(TracingBroadcaster::create);

/// Returns what passes log lines on to the board.
pub fn board_log() -> TracingSubscriber {
    TracingSubscriber::new(&READERS)
}

/// Returns the routes the board's pages ask, to be mounted at `/api/v1`.
pub fn board(db: &DatabaseConnection) -> Result<Router, QueueError> {
    let builder = ApiBuilder::new(Router::new());
    let routes = match Engine::of(db)? {
        Engine::Sqlite(pool) => {
            let config = apalis_sqlite::Config::default().queue(QUEUE);
            builder.register(QUEUE, SqliteStorage::<Refresh>::new(pool).with_config(config)).build()
        }
        Engine::Postgres(pool) => {
            let config = apalis_postgres::Config::default().queue(QUEUE);
            builder.register(QUEUE, PostgresStorage::<Refresh>::new(pool).with_config(config)).build()
        }
    };
    Ok(routes.layer(Extension(READERS.clone())))
}

/// Returns a file of the board's pages by its name.
pub fn board_file(name: &str) -> Option<BoardFile> {
    let file = ServeUI::get_file(name).filter(|file| file.path().to_str() == Some(name))?;
    Some(BoardFile { bytes: file.contents().to_vec(), content_type: ServeUI::content_type(name) })
}
