//! Jobs: refreshes that wait, run, or have ended.

use std::borrow::Cow;

use async_graphql::{Enum, ID, Object};
use jobs::queue::{self, JobState as State};

use super::{at_hand::AtHand, id, page::Keyed, scalars::DateTime, scope::Scope, source::Source};

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "jobs::queue::JobState")]
pub(super) enum JobState {
    /// Nobody has begun.
    Waiting,
    /// A worker is at it.
    Running,
    /// It failed and will be tried again.
    Retrying,
    /// It ended well: a new release, or nothing new.
    Done,
    /// It failed for good.
    Failed,
    /// Somebody stopped it.
    Cancelled,
}

/// One refresh of a source, in the queue that all workers share.
#[derive(Clone)]
pub(super) struct Job {
    pub scope: Scope,
    pub job: queue::Job,
}

/// One refresh of a source, in the queue that all workers share.
#[Object(serial)]
impl Job {
    /// The id of this job, unlike any other.
    pub(super) async fn id(&self) -> ID {
        id::global("Job", &self.job.id)
    }
    /// The source that is brought up to date; null for one that is configured no more.
    async fn source(&self) -> Option<Source> {
        let row = self.scope.catalog().source(&self.job.source)?.clone();
        Some(Source { scope: self.scope.clone(), row })
    }
    /// How far it is.
    async fn state(&self) -> JobState {
        self.job.state.into()
    }
    /// How often it was begun.
    async fn attempts(&self) -> i32 {
        i32::try_from(self.job.attempts).unwrap_or(i32::MAX)
    }
    /// How often it is tried at most.
    async fn max_attempts(&self) -> i32 {
        i32::try_from(self.job.max_attempts).unwrap_or(i32::MAX)
    }
    /// When it may begin, or could.
    async fn due_at(&self) -> DateTime {
        DateTime(self.job.due_at)
    }
    /// When a worker last took it; null before that.
    async fn started_at(&self) -> Option<DateTime> {
        self.job.started_at.map(DateTime)
    }
    /// When it last ended, well or not; null before that.
    async fn ended_at(&self) -> Option<DateTime> {
        self.job.ended_at.filter(|_| !matches!(self.job.state, State::Waiting | State::Running)).map(DateTime)
    }
    /// The code of what went wrong the last time, such as FETCH_FAILED; null when nothing did. The log of the worker
    /// has the cause.
    async fn last_error(&self) -> Option<&str> {
        self.job.error.as_deref()
    }
}

impl AtHand for Job {
    const NAME: &'static str = "Job";
}

impl Keyed for Job {
    fn key(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.job.id)
    }
}
