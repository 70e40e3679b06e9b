//! What can be watched, over graphql-transport-ws at `/graphql/ws`.

use std::sync::Arc;

use async_graphql::{Context, Enum, SimpleObject, Subscription as Watched};
use entity::refresh_step;
use futures::{Stream, stream};
use jobs::progress::Stage;
use tokio::sync::broadcast::{Receiver, error::RecvError};

use super::{error::ApiError, page::long, release::Release, scalars::DateTime, scope::Scope, source::Source};
use crate::{reader::Reader, snapshot::Store, watch::Events};

/// A stage of a refresh, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "jobs::progress::Stage")]
pub(super) enum RefreshStage {
    /// Asking the publisher.
    Fetch,
    /// Keeping the bytes.
    Archive,
    /// Reading rows and turning them into figures.
    Read,
    /// Checking the release.
    Validate,
    /// Making it visible.
    Publish,
    /// It ended: something new, or nothing.
    Done,
    /// It ended, and a release is held.
    Held,
    /// It failed.
    Failed,
}

/// How far a refresh is.
#[derive(SimpleObject)]
#[graphql(serial)]
pub(super) struct RefreshProgress {
    /// The source that is brought up to date.
    source: Source,
    /// The dataset at hand; null before the file says which.
    dataset: Option<String>,
    /// What is done now.
    stage: RefreshStage,
    /// Rows of the file read so far.
    rows_done: i32,
    /// Rows of the same dataset the last time; null where that is not known.
    rows_expected: Option<i32>,
    /// Bytes arrived so far, or of the file that is read.
    bytes_done: f64,
    /// Bytes promised by the publisher, or of the file; null where that is not known.
    bytes_expected: Option<f64>,
    /// When this was so.
    at: DateTime,
}

/// What can be watched.
pub(super) struct Subscription;

/// What can be watched.
#[Watched]
impl Subscription {
    /// Stage by stage progress of running refreshes, in whichever process they run.
    async fn refresh_progress(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only this source, by its key; null watches all.")] source: Option<String>,
    ) -> Result<impl Stream<Item = RefreshProgress> + use<>, ApiError> {
        known(ctx, source.as_deref())?;
        let store = ctx.data_unchecked::<Arc<Store>>().clone();
        let steps = ctx.data_unchecked::<Arc<Events>>().steps();
        Ok(picked(steps, move |step: &Arc<refresh_step::Model>| {
            let asked = source.as_ref().is_none_or(|source| *source == step.source);
            asked.then(|| progress(&store, step)).flatten()
        }))
    }
    /// One event per release that becomes visible.
    async fn release_published(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only this source, by its key; null watches all.")] source: Option<String>,
    ) -> Result<impl Stream<Item = Release> + use<>, ApiError> {
        known(ctx, source.as_deref())?;
        let store = ctx.data_unchecked::<Arc<Store>>().clone();
        let releases = ctx.data_unchecked::<Arc<Events>>().releases();
        Ok(picked(releases, move |key: &Arc<str>| {
            let scope = newest(&store);
            let release = scope.catalog().release_of_key(key)?.clone();
            let asked = source.as_ref().is_none_or(|source| *source == release.source.key);
            asked.then_some(Release { scope, release })
        }))
    }
}

fn known(ctx: &Context<'_>, source: Option<&str>) -> Result<(), ApiError> {
    let scope = Scope::of(ctx, None);
    match source {
        Some(key) if scope.catalog().source(key).is_none() => {
            Err(ApiError::wrong("source", format!("`source`: there is no source `{key}`")))
        }
        _ => Ok(()),
    }
}

fn newest(store: &Arc<Store>) -> Scope {
    Scope::now(Reader::new(store.clone()))
}

fn progress(store: &Arc<Store>, step: &refresh_step::Model) -> Option<RefreshProgress> {
    let scope = newest(store);
    let row = scope.catalog().source(&step.source)?.clone();
    #[expect(clippy::cast_precision_loss, reason = "files are far below 2^53 bytes")]
    let bytes = |count: i64| count as f64;
    Some(RefreshProgress {
        source: Source { scope, row },
        dataset: step.dataset.clone(),
        stage: Stage::parse(&step.stage)?.into(),
        rows_done: long(step.rows_done),
        rows_expected: step.rows_expected.map(long),
        bytes_done: bytes(step.bytes_done),
        bytes_expected: step.bytes_expected.map(bytes),
        at: DateTime(step.at),
    })
}

/// Passes on what `pick` takes. A client that is too slow misses events rather than holding up the others.
fn picked<T: Clone + Send + 'static, U: Send + 'static>(
    events: Receiver<T>,
    pick: impl Fn(&T) -> Option<U> + Send + Sync + 'static,
) -> impl Stream<Item = U> + Send + 'static {
    stream::unfold((events, pick), |(mut events, pick)| async move {
        loop {
            match events.recv().await {
                Ok(event) => {
                    if let Some(item) = pick(&event) {
                        return Some((item, (events, pick)));
                    }
                }
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    })
}
