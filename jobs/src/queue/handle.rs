//! What a worker does with a job: it translates. The work is in `pipeline`.

use apalis::prelude::{AbortError, Attempt, BoxDynError, Data, TaskId};
use futures::future::{AbortHandle, abortable};
use tokio::runtime::Handle;

use super::{
    ATTEMPTS, Refresh, Ticket,
    backoff::{delay, noise},
    now,
    state::{self, Summary},
};
use crate::pipeline::{Context, IngestError, Input, Report, ingest};

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
        return Err(AbortError::new(format!("given up: its worker died {ATTEMPTS} times")).into());
    }
    tracing::info!(source = %job.source, attempt, "refreshing `{}`", job.source);
    match apart(Context::clone(&cx), job.source.clone()).await? {
        Ok(report) => {
            tracing::info!(source = %job.source, outcome = ?report.outcome, "refreshed `{}`", job.source);
            Ok(Summary::from(report))
        }
        Err(error) => Err(failed(&cx, &job, &error, attempt, &Ticket(id.to_string())).await),
    }
}

async fn failed(
    cx: &Context,
    job: &Refresh,
    error: &IngestError,
    attempt: u32,
    ticket: &Ticket,
) -> BoxDynError {
    let reason = chain(error);
    if !error.is_transient() {
        tracing::error!(source = %job.source, "`{}` cannot be refreshed: {reason}", job.source);
        return AbortError::new(reason).into();
    }
    let asked = if let IngestError::Fetch(error) = error { error.retry_after() } else { None };
    let wait = delay(attempt, asked, noise());
    tracing::warn!(source = %job.source, attempt, ?wait, "`{}` failed: {reason}", job.source);
    if let Err(error) = state::postpone(&cx.db, ticket, now() + wait).await {
        tracing::warn!("cannot postpone job {ticket}: {error}");
    }
    reason.into()
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

/// Returns an error with its causes in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
