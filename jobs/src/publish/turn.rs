//! The transaction in which what is served changes: one at a time, whoever begins it.

use entity::setting;
use sea_orm::{
    ActiveValue::Set,
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, EntityTrait, TransactionTrait,
    sea_query::{Expr, OnConflict},
};

use super::DATA_VERSION;
use crate::disk;

/// Begins a transaction that changes which figures are served. Its first statement adds one to the data version, so that every
/// server looks again, and so that no other such transaction runs beside it: PostgreSQL keeps the row for it, SQLite the whole
/// database. On SQLite, whose patience is bounded, it is begun again while another process writes.
pub(crate) async fn turn(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    /// Times that the database's own patience is tried.
    const TRIES: u32 = 30;
    for _ in 1..TRIES {
        match begin(db).await {
            Err(error) if is_busy(&error) => tracing::debug!("another process writes figures"),
            begun => return begun,
        }
    }
    begin(db).await
}

async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let tx = db.begin().await?;
    add_one(&tx, DATA_VERSION).await?;
    Ok(tx)
}

/// Whether SQLite has another writer. PostgreSQL has no such code.
fn is_busy(error: &DbErr) -> bool {
    /// SQLITE_BUSY, the lowest byte of a result code.
    const BUSY: u32 = 5;
    disk::result_code(error).is_some_and(|code| code & 0xff == BUSY)
}

/// Adds one to a number that servers watch, in one statement, and tells them.
pub(super) async fn add_one(tx: &impl ConnectionTrait, name: &str) -> Result<(), DbErr> {
    let row = setting::ActiveModel { name: Set(name.into()), value: Set("1".into()) };
    let next = Expr::cust("CAST(CAST(setting.value AS BIGINT) + 1 AS TEXT)");
    let update = OnConflict::column(setting::Column::Name).value(setting::Column::Value, next).to_owned();
    setting::Entity::insert(row).on_conflict(update).exec_without_returning(tx).await?;
    crate::progress::notify(tx).await
}
