//! What a worker does with a job: it translates. The work is in `pipeline`.

use std::time::Duration;

use apalis::prelude::{AbortError, Attempt, BoxDynError, Data, TaskId};
use futures::future::{AbortHandle, abortable};
use tokio::{runtime::Handle, time::sleep};

use super::{
    ATTEMPTS, Refresh, Ticket,
    backoff::{delay, noise},
    jobs::{CANCELLED, is_cancelled},
    now,
    state::{self, Summary},
};
use crate::pipeline::{Context, IngestError, Input, Outcome, Report, chain, ingest};

/// How often a worker looks whether its job was stopped.
const LOOK_FOR_STOP: Duration = Duration::from_secs(1);

/// Does one [`Refresh`]. A failure that cannot heal by itself is not tried again.
pub(super) async fn handle(
    job: Refresh,
    cx: Data<Context>,
    attempt: Attempt,
    id: TaskId,
) -> Result<Summary, BoxDynError> {
    let attempt = u32::try_from(attempt.current()).unwrap_or(u32::MAX);
    if attempt > ATTEMPTS.into() {
        // Only a job whose workers died comes here: the queue counts failures by itself.
        let reason = format!("WORKER_DIED: given up: its worker died {ATTEMPTS} times");
        return Err(AbortError::new(reason).into());
    }
    tracing::info!(source = %job.source, attempt, "refreshing `{}`", job.source);
    let ticket = Ticket(id.to_string());
    let done = tokio::select! {
        done = apart(Context::clone(&cx), job.source.clone()) => done?,
        () = stopped(&cx, &ticket) => {
            tracing::info!(source = %job.source, "`{}` was cancelled", job.source);
            return Err(AbortError::new(format!("{CANCELLED}: stopped by hand")).into());
        }
    };
    match done {
        Ok(report) => {
            match report.outcome {
                Outcome::Held => {
                    let why = report.failed_checks.join("; ");
                    tracing::warn!(source = %job.source, "a release of `{}` is held: {why}", job.source);
                }
                outcome => tracing::info!(source = %job.source, ?outcome, "refreshed `{}`", job.source),
            }
            Ok(Summary::from(report))
        }
        Err(error) => Err(failed(&cx, &job, &error, attempt, &ticket).await),
    }
}

async fn failed(
    cx: &Context,
    job: &Refresh,
    error: &IngestError,
    attempt: u32,
    ticket: &Ticket,
) -> BoxDynError {
    let reason = format!("{}: {}", error.code(), chain(error));
    if !error.is_transient() {
        tracing::error!(source = %job.source, "`{}` cannot be refreshed: {reason}", job.source);
        return AbortError::new(reason).into();
    }
    if attempt >= ATTEMPTS.into() {
        tracing::error!(
            source = %job.source,
            "`{}` failed {ATTEMPTS} times and is left until its next tick, at most for a day: {reason}",
            job.source
        );
        return reason.into();
    }
    let wait = delay(attempt, error.retry_after(), noise());
    tracing::warn!(source = %job.source, attempt, ?wait, "`{}` failed: {reason}", job.source);
    if let Err(error) = state::postpone(&cx.db, ticket, now() + wait).await {
        tracing::warn!("cannot postpone job {ticket}: {error}");
    }
    reason.into()
}

/// Waits until somebody stops the job.
async fn stopped(cx: &Context, ticket: &Ticket) {
    loop {
        sleep(LOOK_FOR_STOP).await;
        // A database that is away says nothing; the work itself will meet it.
        if matches!(is_cancelled(&cx.db, ticket).await, Ok(true)) {
            return;
        }
    }
}

/// Runs an ingest on a thread of its own, so that decoding does not hold up the heartbeat.
async fn apart(cx: Context, source: String) -> Result<Result<Report, IngestError>, BoxDynError> {
    let (work, abort) = abortable(async move { ingest(&cx, &source, &Input::Fetch, now()).await });
    let _guard = AbortOnDrop(abort);
    let runtime = Handle::current();
    match tokio::task::spawn_blocking(move || runtime.block_on(work)).await {
        Ok(Ok(result)) => Ok(result),
        Ok(Err(_)) => Err("stopped".into()),
        Err(error) => Err(AbortError::new(format!("a mistake in rolecast: {error}")).into()),
    }
}

/// Ends the work when its worker is dropped.
struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
