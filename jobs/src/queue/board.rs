//! The pages and routes of apalis-board over our queue. It has no login: whoever mounts it must ask for one.

use apalis_board::axum::{
    framework::{ApiBuilder, RegisterRoute as _},
    ui::ServeUI,
};
use apalis_postgres::PostgresStorage;
use apalis_sqlite::SqliteStorage;
use axum::Router;
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

/// Returns the routes the board's pages ask, to be mounted at `/api/v1`.
pub fn board(db: &DatabaseConnection) -> Result<Router, QueueError> {
    let builder = ApiBuilder::new(Router::new());
    Ok(match Engine::of(db)? {
        Engine::Sqlite(pool) => {
            let config = apalis_sqlite::Config::default().queue(QUEUE);
            builder.register(QUEUE, SqliteStorage::<Refresh>::new(pool).with_config(config)).build()
        }
        Engine::Postgres(pool) => {
            let config = apalis_postgres::Config::default().queue(QUEUE);
            builder.register(QUEUE, PostgresStorage::<Refresh>::new(pool).with_config(config)).build()
        }
    })
}

/// Returns a file of the board's pages by its name.
pub fn board_file(name: &str) -> Option<BoardFile> {
    let file = ServeUI::get_file(name).filter(|file| file.path().to_str() == Some(name))?;
    Some(BoardFile { bytes: file.contents().to_vec(), content_type: ServeUI::content_type(name) })
}
