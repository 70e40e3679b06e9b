//! Many rows per statement, on both engines.

use std::fmt::Write;

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value};

/// Rows of one statement: few enough that allocators reuse its memory and do not ask the system for it each time.
const ROWS: usize = 100;

/// Collects rows of one table and writes them in large statements.
pub(crate) struct Insert<'a, C> {
    db: &'a C,
    table: &'static str,
    columns: &'static [&'static str],
    conflict: String,
    values: Vec<Value>,
}

impl<'a, C: ConnectionTrait> Insert<'a, C> {
    /// Starts without rows.
    pub(crate) fn new(db: &'a C, table: &'static str, columns: &'static [&'static str]) -> Self {
        Self { db, table, columns, conflict: String::new(), values: Vec::with_capacity(ROWS * columns.len()) }
    }

    /// Makes a row whose `key` exists change that row instead. One statement must not hold a key twice.
    pub(crate) fn or_update(mut self, key: &[&str]) -> Self {
        let others = self.columns.iter().filter(|column| !key.contains(column));
        let set: Vec<String> = others.map(|column| format!("{column} = excluded.{column}")).collect();
        self.conflict = format!(" ON CONFLICT ({}) DO UPDATE SET {}", key.join(", "), set.join(", "));
        self
    }

    /// Leaves a row whose `key` exists as it is.
    pub(crate) fn or_keep(mut self, key: &[&str]) -> Self {
        self.conflict = format!(" ON CONFLICT ({}) DO NOTHING", key.join(", "));
        self
    }

    /// Adds a row, in the order of the columns.
    pub(crate) async fn row<const N: usize>(&mut self, values: [Value; N]) -> Result<(), DbErr> {
        debug_assert_eq!(N, self.columns.len());
        self.values.extend(values);
        if self.values.len() >= ROWS * N { self.flush().await } else { Ok(()) }
    }

    /// Writes what is left.
    pub(crate) async fn finish(mut self) -> Result<(), DbErr> {
        if self.values.is_empty() { Ok(()) } else { self.flush().await }
    }

    async fn flush(&mut self) -> Result<(), DbErr> {
        let backend = self.db.get_database_backend();
        let sql = self.sql(backend);
        let values = std::mem::take(&mut self.values);
        self.db.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        Ok(())
    }

    fn sql(&self, backend: DbBackend) -> String {
        let mut sql = format!("INSERT INTO {} ({}) VALUES ", self.table, self.columns.join(", "));
        for at in 0..self.values.len() {
            sql.push_str(match at % self.columns.len() {
                0 if at == 0 => "(",
                0 => "), (",
                _ => ", ",
            });
            if backend == DbBackend::Postgres {
                // Writing to a string cannot fail.
                let _ = write!(sql, "${}", at + 1);
            } else {
                sql.push('?');
            }
        }
        sql.push(')');
        sql.push_str(&self.conflict);
        sql
    }
}
