//! Sources: publishers and how fresh their figures are.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::{ReleaseStatus, source};
use jobs::{
    freshness::{self, Lack},
    pipeline,
    schedule::{self, Unscheduled},
};

use super::{
    access,
    enums::{Freshness, PayMethod},
    error::ApiError,
    page::{Connection, MANY, Paging, listed},
    release::Release,
    scalars::DateTime,
    scope::{Now, Scope},
};
use crate::{reader::Selection, snapshot};

/// A publisher's set of tables, and what is loaded of it.
#[derive(Clone)]
pub(super) struct Source {
    pub scope: Scope,
    pub row: Arc<source::Model>,
}

impl Source {
    fn releases_of(&self, releases: Vec<Arc<snapshot::Release>>) -> Vec<Release> {
        releases.into_iter().map(|release| Release { scope: self.scope.clone(), release }).collect()
    }

    /// The source as it is now: looks at it are no part of a snapshot.
    fn now(&self) -> Arc<source::Model> {
        self.scope.reader.source(self.row.id).unwrap_or_else(|| self.row.clone())
    }

    /// When it is fetched by itself; a schema that fetches nothing leaves that to hands.
    fn next(&self, ctx: &Context<'_>) -> Result<chrono::DateTime<chrono::Utc>, Unscheduled> {
        let work = ctx.data_opt::<Arc<pipeline::Context>>().ok_or(Unscheduled::ByHand)?;
        schedule::next(work, &self.now(), ctx.data_unchecked::<Now>().0)
    }

    fn age(&self, ctx: &Context<'_>) -> (freshness::Freshness, Option<Lack>) {
        let (served, all) = (self.current(), self.scope.catalog().releases_of(self.row.id));
        let served: Vec<_> = served.iter().map(|release| &release.row).collect();
        let held = all.iter().map(|release| &release.row).filter(|row| row.status == ReleaseStatus::Held);
        freshness::freshness(&self.now(), &served, &held.collect::<Vec<_>>(), ctx.data_unchecked::<Now>().0)
    }

    fn current(&self) -> Vec<Arc<snapshot::Release>> {
        let visible = self.scope.reader.visible(self.scope.day, Selection::Current);
        visible.into_iter().filter(|release| release.source_id() == self.row.id).collect()
    }
}

/// A publisher's set of tables, and what is loaded of it.
#[Object(serial)]
impl Source {
    /// Opaque, and the same for ever.
    pub(super) async fn id(&self) -> ID {
        self.scope.id("Source", &self.row.key)
    }
    /// Names the source everywhere: bls-oews.
    async fn key(&self) -> &str {
        &self.row.key
    }
    /// What a person calls it.
    async fn title(&self) -> &str {
        &self.row.title
    }
    /// Who publishes it.
    async fn publisher(&self) -> &str {
        &self.row.publisher
    }
    /// Where a person can read about it.
    async fn homepage(&self) -> &str {
        &self.row.homepage
    }
    /// How its pay was observed; null for a source without pay.
    async fn method(&self) -> Option<PayMethod> {
        self.row.method.map(Into::into)
    }
    /// The terms its figures come under.
    async fn licence(&self) -> &str {
        &self.row.licence
    }
    /// The credit line the licence asks for.
    async fn attribution(&self) -> &str {
        &self.row.attribution
    }
    /// When it is looked at: a cron line with seconds, UTC; null when only by hand.
    async fn schedule(&self) -> Option<&str> {
        self.row.schedule.as_deref()
    }
    /// Whether the schedule applies.
    async fn enabled(&self) -> bool {
        self.row.enabled
    }
    /// How old its figures are, by the time since the last successful look, by the publisher's calendar, and by the newer periods that are
    /// held: those of the dataset furthest behind.
    async fn freshness(&self, ctx: &Context<'_>) -> Freshness {
        self.age(ctx).0.into()
    }
    /// Why its figures are DUE or STALE; null otherwise.
    async fn not_fresh(&self, ctx: &Context<'_>) -> Option<String> {
        self.age(ctx).1.map(|lack| lack.to_string())
    }
    /// The next time it is fetched by itself; null when it is not, for which `notScheduled` has the reason.
    async fn next_refresh_at(&self, ctx: &Context<'_>) -> Option<DateTime> {
        self.next(ctx).ok().map(DateTime)
    }
    /// Why it is not fetched by itself, as this server is configured: without a definition, only by hand, not enabled, without its
    /// licence, offline, or without an operator whom publishers could write to. Null where `nextRefreshAt` says when it is.
    async fn not_scheduled(&self, ctx: &Context<'_>) -> Option<&'static str> {
        self.next(ctx).err().map(Unscheduled::reason)
    }
    /// Every release that was loaded, the newest period first; held ones only for a token, which may have any scope.
    async fn releases(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many; 20 unless told, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Release>, ApiError> {
        let mut releases = self.scope.catalog().releases_of(self.row.id);
        releases.retain(|release| access::may_see(ctx, release));
        let all = self.releases_of(releases);
        Paging::forward(first, after).cut(all, MANY, listed)
    }
    /// One per dataset: the releases that answer.
    async fn current_releases(&self) -> Vec<Release> {
        self.releases_of(self.current())
    }
    /// What went wrong the last time its publisher was asked for what is current; null when nothing did. What somebody tried with
    /// a file of their own, or without the network, is not told here.
    async fn last_error(&self) -> Option<String> {
        self.now().last_error.clone()
    }
}
