//! Many rows per statement, on both engines.

use sea_orm::{
    ConnectionTrait, DbErr, Value,
    sea_query::{Expr, InsertStatement, OnConflict, Query},
};

/// Rows of one statement: few enough that allocators reuse its memory and do not ask the system for it each time.
const ROWS: usize = 100;

/// Collects rows of one table and writes them in large statements.
pub(crate) struct Insert<'a, C> {
    db: &'a C,
    table: &'static str,
    columns: &'static [&'static str],
    conflict: Option<OnConflict>,
    statement: InsertStatement,
    rows: usize,
}

impl<'a, C: ConnectionTrait> Insert<'a, C> {
    /// Starts without rows.
    pub(crate) fn new(db: &'a C, table: &'static str, columns: &'static [&'static str]) -> Self {
        Self { db, table, columns, conflict: None, statement: begin(table, columns), rows: 0 }
    }

    /// Makes a row whose `key` exists change that row instead. One statement must not hold a key twice.
    pub(crate) fn or_update(mut self, key: &[&'static str]) -> Self {
        let others = self.columns.iter().copied().filter(|column| !key.contains(column));
        self.conflict = Some(OnConflict::columns(key.iter().copied()).update_columns(others).to_owned());
        self
    }

    /// Leaves a row whose `key` exists as it is.
    pub(crate) fn or_keep(mut self, key: &[&'static str]) -> Self {
        self.conflict = Some(OnConflict::columns(key.iter().copied()).do_nothing().to_owned());
        self
    }

    /// Adds a row, in the order of the columns.
    pub(crate) async fn row<const N: usize>(&mut self, values: [Value; N]) -> Result<(), DbErr> {
        self.statement.values_panic(values.map(Expr::value));
        self.rows += 1;
        if self.rows >= ROWS { self.flush().await } else { Ok(()) }
    }

    /// Writes what is left.
    pub(crate) async fn finish(mut self) -> Result<(), DbErr> {
        if self.rows == 0 { Ok(()) } else { self.flush().await }
    }

    async fn flush(&mut self) -> Result<(), DbErr> {
        let mut statement = std::mem::replace(&mut self.statement, begin(self.table, self.columns));
        self.rows = 0;
        if let Some(conflict) = &self.conflict {
            statement.on_conflict(conflict.clone());
        }
        self.db.execute(&statement).await?;
        Ok(())
    }
}

fn begin(table: &'static str, columns: &'static [&'static str]) -> InsertStatement {
    let mut statement = Query::insert();
    statement.into_table(table).columns(columns.iter().copied());
    statement
}
