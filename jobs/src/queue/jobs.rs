//! The jobs of the queue, for people to see and to stop.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, DbErr, QueryResult, Statement};

use super::{
    QUEUE, QueueError, Ticket,
    state::{statement, time, told, words},
};

/// Most jobs that are listed.
const LISTED: i64 = 1_000;

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// Nobody has begun.
    Waiting,
    /// A worker is at it.
    Running,
    /// It failed and will be tried again.
    Retrying,
    /// It ended well.
    Done,
    /// It failed for good.
    Failed,
    /// Somebody stopped it.
    Cancelled,
}

/// A job of the queue.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its name in the queue; later jobs have greater ones.
    pub id: String,
    /// The source it brings up to date.
    pub source: String,
    /// How far it is.
    pub state: JobState,
    /// How often it was begun.
    pub attempts: i64,
    /// How often it is tried at most.
    pub max_attempts: i64,
    /// When it may begin, or could.
    pub due_at: DateTime<Utc>,
    /// When a worker last took it.
    pub started_at: Option<DateTime<Utc>>,
    /// When it last ended, well or not.
    pub ended_at: Option<DateTime<Utc>>,
    /// The code of what went wrong the last time.
    pub error: Option<String>,
}

/// Why a job was not stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotCancelled {
    /// There is no such job.
    Missing,
    /// It has ended.
    Ended,
}

const COLUMNS: &str = "id, idempotency_key, status, CAST(attempts AS BIGINT) AS attempts, \
     CAST(max_attempts AS BIGINT) AS max_attempts, {run_at} AS due, {lock_at} AS started, {done_at} AS ended, \
     CAST(last_result AS TEXT) AS result";

/// Returns the newest jobs, the newest first; none while no worker has made the queue.
pub async fn jobs(db: &DatabaseConnection) -> Result<Vec<Job>, DbErr> {
    if !is_made(db).await? {
        return Ok(Vec::new());
    }
    let sql = format!("SELECT {COLUMNS} FROM {{jobs}} WHERE job_type = $1 ORDER BY id DESC LIMIT {LISTED}");
    let rows = db.query_all_raw(told(db, &sql, [QUEUE.into()])).await?;
    rows.iter().map(read).collect()
}

/// Returns one job.
pub async fn job(db: &DatabaseConnection, id: &str) -> Result<Option<Job>, DbErr> {
    if !is_made(db).await? {
        return Ok(None);
    }
    let sql = format!("SELECT {COLUMNS} FROM {{jobs}} WHERE job_type = $1 AND id = $2");
    let row = db.query_one_raw(told(db, &sql, [QUEUE.into(), id.into()])).await?;
    row.as_ref().map(read).transpose()
}

/// Stops a job that has not ended. A worker that is at it lets go within a second or two; what it had not published is
/// as if it had never begun.
pub async fn cancel(db: &DatabaseConnection, id: &str) -> Result<Result<(), NotCancelled>, QueueError> {
    if job(db, id).await?.is_none() {
        return Ok(Err(NotCancelled::Missing));
    }
    let (now, text) = match db.get_database_backend() {
        DbBackend::Postgres => ("now()", "CAST($2 AS JSONB)"),
        _ => ("strftime('%s', 'now')", "$2"),
    };
    let sql = format!(
        "UPDATE {{jobs}} SET status = 'Killed', done_at = {now}, last_result = {text} WHERE id = $1 AND \
         (status IN ('Pending', 'Queued', 'Running') OR (status = 'Failed' AND attempts < max_attempts))"
    );
    let result = serde_json::json!({ "Err": format!("{CANCELLED}: stopped by hand") }).to_string();
    let done = db.execute_raw(statement(db, &sql, [id.into(), result.into()])).await?;
    Ok(if done.rows_affected() == 0 { Err(NotCancelled::Ended) } else { Ok(()) })
}

/// The code of a job that somebody stopped.
pub(super) const CANCELLED: &str = "CANCELLED";

/// Returns whether somebody stopped a job.
pub(super) async fn is_cancelled(db: &DatabaseConnection, ticket: &Ticket) -> Result<bool, DbErr> {
    let sql = "SELECT status FROM {jobs} WHERE id = $1";
    let row = db.query_one_raw(statement(db, sql, [ticket.0.as_str().into()])).await?;
    let status: Option<String> = row.map(|row| row.try_get("", "status")).transpose()?;
    Ok(status.as_deref() == Some("Killed"))
}

/// Splits a code from the words after it: `OFFLINE: the network is off`.
pub(super) fn coded(text: &str) -> Option<(&str, &str)> {
    let (code, words) = text.split_once(": ")?;
    let plain = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    plain.then_some((code, words))
}

async fn is_made(db: &DatabaseConnection) -> Result<bool, DbErr> {
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT 1 AS one FROM pg_tables WHERE schemaname = 'apalis' AND tablename = 'jobs'"
        }
        _ => "SELECT 1 AS one FROM sqlite_master WHERE name = 'Jobs'",
    };
    let made = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    Ok(made.is_some())
}

fn read(row: &QueryResult) -> Result<Job, DbErr> {
    let (attempts, max_attempts): (i64, i64) =
        (row.try_get("", "attempts")?, row.try_get("", "max_attempts")?);
    let key: Option<String> = row.try_get("", "idempotency_key")?;
    let status: String = row.try_get("", "status")?;
    let failure = words(row.try_get("", "result")?);
    let code = failure.as_deref().map(|text| coded(text).map_or("FAILED", |(code, _)| code).to_owned());
    let state = match status.as_str() {
        "Done" => JobState::Done,
        "Running" => JobState::Running,
        "Failed" if attempts < max_attempts => JobState::Retrying,
        "Killed" if code.as_deref() == Some(CANCELLED) => JobState::Cancelled,
        "Failed" | "Killed" => JobState::Failed,
        _ => JobState::Waiting,
    };
    Ok(Job {
        id: row.try_get("", "id")?,
        source: key.as_deref().and_then(|key| key.split('@').next()).unwrap_or_default().to_owned(),
        state,
        attempts,
        max_attempts,
        due_at: time(row, "due")?.unwrap_or_default(),
        started_at: time(row, "started")?,
        ended_at: time(row, "ended")?,
        error: code,
    })
}
