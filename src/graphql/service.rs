//! What is running, and how much is loaded.

use async_graphql::{Context, Object};
use jobs::queue;

use super::{
    error::ApiError,
    job::Job,
    page::{Connection, MANY, Paging, listed},
    scope::Scope,
};
use crate::frame::Frame;

/// What is running, and how much is loaded.
pub(super) struct Service {
    pub scope: Scope,
}

impl Service {
    fn sum(&self, count: fn(&Frame) -> usize) -> i32 {
        short(self.scope.reader.snapshot().frames().map(|frame| count(frame)).sum())
    }
}

/// What is running, and how much is loaded.
#[Object(serial)]
impl Service {
    /// The version of the program.
    async fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
    /// Grows by one with every release that becomes visible.
    async fn data_version(&self) -> i32 {
        i32::try_from(self.scope.reader.snapshot().version()).unwrap_or(i32::MAX)
    }
    /// How many roles are known.
    async fn roles(&self) -> i32 {
        short(self.scope.catalog().roles().len())
    }
    /// How many regions are known.
    async fn regions(&self) -> i32 {
        short(self.scope.catalog().regions().len())
    }
    /// How many bands the current releases have.
    async fn salary_bands(&self) -> i32 {
        self.sum(Frame::len)
    }
    /// How many projections the current releases have.
    async fn growth_projections(&self) -> i32 {
        self.sum(|frame| frame.projections().len())
    }
    /// The refreshes that wait, run or have ended, the newest first; the newest 1000 are listed.
    #[graphql(cache_control(no_cache))]
    async fn jobs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many; 20 unless told, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Job>, ApiError> {
        let jobs = queue::jobs(super::mutation::db(ctx)).await?;
        let all = jobs.into_iter().map(|job| Job { scope: self.scope.clone(), job }).collect();
        Paging::forward(first, after).cut(all, MANY, listed)
    }
}

fn short(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
