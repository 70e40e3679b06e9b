//! What the queue's tables say about a job.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, QueryResult, Statement, Value};
use serde::{Deserialize, Serialize};

use super::{QUEUE, QueueError, Ticket, jobs::coded};
use crate::pipeline::{Outcome, Report};

/// How far a job is.
#[derive(Clone, Debug)]
pub enum State {
    /// Nobody has begun.
    Waiting,
    /// A worker is at it.
    Running,
    /// It failed and will be tried again.
    Retrying {
        /// Why it failed.
        reason: String,
        /// When it is tried again at the earliest.
        due: DateTime<Utc>,
    },
    /// It ended well.
    Done(Report),
    /// It failed for good, for this reason.
    Failed(String),
}

/// A report as the queue keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Summary {
    outcome: String,
    read: u64,
    loaded: u64,
    rejected: u64,
    skipped: u64,
    lines: Vec<String>,
}

impl From<Report> for Summary {
    fn from(report: Report) -> Self {
        let outcome = match report.outcome {
            Outcome::Unchanged => "unchanged",
            Outcome::Published => "published",
            Outcome::Held => "held",
        };
        let Report { read, loaded, rejected, skipped, lines, .. } = report;
        Self { outcome: outcome.into(), read, loaded, rejected, skipped, lines }
    }
}

impl From<Summary> for Report {
    fn from(summary: Summary) -> Self {
        let outcome = match summary.outcome.as_str() {
            "published" => Outcome::Published,
            "held" => Outcome::Held,
            _ => Outcome::Unchanged,
        };
        let Summary { read, loaded, rejected, skipped, lines, .. } = summary;
        Self { read, loaded, rejected, skipped, outcome, lines, ..Self::default() }
    }
}

/// Returns how far a job is.
pub async fn state(db: &DatabaseConnection, ticket: &Ticket) -> Result<State, QueueError> {
    let sql = "SELECT status, CAST(attempts AS BIGINT) AS attempts, CAST(max_attempts AS BIGINT) AS max_attempts, \
               CAST(last_result AS TEXT) AS result, {run_at} AS due FROM {jobs} WHERE id = $1";
    let row = db.query_one_raw(told(db, sql, [ticket.0.as_str().into()])).await?;
    let row = row.ok_or_else(|| QueueError::Missing(ticket.clone()))?;
    let status: String = row.try_get("", "status")?;
    let spent = row.try_get::<i64>("", "attempts")? >= row.try_get::<i64>("", "max_attempts")?;
    let result: Option<String> = row.try_get("", "result")?;
    let reason = words(result.clone());
    let result = result.and_then(|text| serde_json::from_str::<Result<Summary, String>>(&text).ok());
    let reason = || {
        let reason = reason.clone().unwrap_or_else(|| "it failed without a word".into());
        coded(&reason).map_or(reason.as_str(), |(_, words)| words).to_owned()
    };
    Ok(match (status.as_str(), result) {
        ("Done", Some(Ok(summary))) => State::Done(summary.into()),
        ("Done", _) => State::Done(Report::default()),
        ("Failed", _) if !spent => {
            State::Retrying { reason: reason(), due: time(&row, "due")?.unwrap_or_default() }
        }
        ("Failed" | "Killed", _) => State::Failed(reason()),
        ("Running", _) => State::Running,
        (_, _) => State::Waiting,
    })
}

/// Returns why a job failed the last time, from its last result as the queue keeps it: a code and words.
pub(super) fn words(result: Option<String>) -> Option<String> {
    let result = serde_json::from_str::<Result<Summary, String>>(&result?).ok()?;
    let reason = result.err()?;
    Some(reason.strip_prefix("AbortError: ").map(str::to_owned).unwrap_or(reason))
}

/// Returns the job with an idempotency key.
pub(super) async fn by_key(db: &DatabaseConnection, key: &str) -> Result<Option<Ticket>, DbErr> {
    let sql = "SELECT id FROM {jobs} WHERE job_type = $1 AND idempotency_key = $2";
    ticket(one(db, sql, [QUEUE.into(), key.into()]).await?)
}

/// Returns the job of `source` that is not done yet.
pub(super) async fn unfinished(db: &DatabaseConnection, source: &str) -> Result<Option<Ticket>, DbErr> {
    let sql = "SELECT id FROM {jobs} WHERE job_type = $1 AND substr(idempotency_key, 1, $2) = $3 AND \
               (status IN ('Pending', 'Queued', 'Running') OR (status = 'Failed' AND attempts < max_attempts)) \
               ORDER BY id LIMIT 1";
    ticket(one(db, sql, of(source)).await?)
}

/// Returns the newest job of `source`.
pub(super) async fn latest(db: &DatabaseConnection, source: &str) -> Result<Option<Ticket>, DbErr> {
    let sql = "SELECT id FROM {jobs} WHERE job_type = $1 AND substr(idempotency_key, 1, $2) = $3 \
               ORDER BY id DESC LIMIT 1";
    ticket(one(db, sql, of(source)).await?)
}

/// Returns when the newest job of `source` ended, well or not.
pub(crate) async fn last_end(db: &DatabaseConnection, source: &str) -> Result<Option<DateTime<Utc>>, DbErr> {
    let sql = "SELECT {done_at} AS ended FROM {jobs} WHERE job_type = $1 AND \
               substr(idempotency_key, 1, $2) = $3 ORDER BY id DESC LIMIT 1";
    let row = db.query_one_raw(told(db, sql, of(source))).await?;
    row.map_or(Ok(None), |row| time(&row, "ended"))
}

/// Keeps a job from being tried again before `until`. The queue itself would try at once.
pub(super) async fn postpone(
    db: &DatabaseConnection,
    ticket: &Ticket,
    until: DateTime<Utc>,
) -> Result<(), DbErr> {
    let time = match db.get_database_backend() {
        DbBackend::Postgres => "to_timestamp($2)",
        _ => "$2",
    };
    let sql = format!("UPDATE {{jobs}} SET run_at = {time} WHERE id = $1");
    db.execute_raw(statement(db, &sql, [ticket.0.as_str().into(), until.timestamp().into()])).await?;
    Ok(())
}

fn of(source: &str) -> [Value; 3] {
    let prefix = format!("{source}@");
    let length = i32::try_from(prefix.chars().count()).unwrap_or(i32::MAX);
    [QUEUE.into(), length.into(), prefix.into()]
}

fn ticket(row: Option<QueryResult>) -> Result<Option<Ticket>, DbErr> {
    row.map(|row| row.try_get("", "id").map(Ticket)).transpose()
}

async fn one<const N: usize>(
    db: &DatabaseConnection,
    sql: &str,
    values: [Value; N],
) -> Result<Option<QueryResult>, DbErr> {
    db.query_one_raw(statement(db, sql, values)).await
}

/// Makes a statement that reads times as whole seconds, whichever way an engine keeps them: `{run_at}` stands for such a column.
pub(super) fn told<const N: usize>(db: &DatabaseConnection, sql: &str, values: [Value; N]) -> Statement {
    let mut sql = sql.to_owned();
    for column in ["run_at", "lock_at", "done_at"] {
        let seconds = match db.get_database_backend() {
            DbBackend::Postgres => format!("CAST(EXTRACT(EPOCH FROM {column}) AS BIGINT)"),
            _ => format!("CAST({column} AS BIGINT)"),
        };
        sql = sql.replace(&format!("{{{column}}}"), &seconds);
    }
    statement(db, &sql, values)
}

/// Returns a time that [`told`] reads.
pub(super) fn time(row: &QueryResult, name: &str) -> Result<Option<DateTime<Utc>>, DbErr> {
    let seconds: Option<i64> = row.try_get("", name)?;
    Ok(seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0)))
}

pub(super) fn statement<const N: usize>(db: &DatabaseConnection, sql: &str, values: [Value; N]) -> Statement {
    let backend = db.get_database_backend();
    let jobs = if backend == DbBackend::Postgres { "apalis.jobs" } else { "Jobs" };
    Statement::from_sql_and_values(backend, sql.replace("{jobs}", jobs), values)
}
