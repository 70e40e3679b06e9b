//! Reading a release's archived files again.

use async_graphql::{Context, ID, InputObject, SimpleObject};
use jobs::{
    pipeline::{self, IngestError, Outcome},
    publish::LifecycleError,
    replay::{self, ReplayError},
};
use serde::Serialize;
use tokio::runtime::Handle;

use super::{UserError, UserErrorCode as Code, fresh, outcome, work};
use crate::{
    access::Scope as Needs,
    graphql::{
        access::{may_see, note, require},
        error::ApiError,
        id,
        release::Release,
        scope::{Now, Scope},
    },
};

/// Which release to read again.
#[derive(Debug, InputObject, Serialize)]
pub(in crate::graphql) struct ReplayRejectsInput {
    /// The release, by global id.
    release: ID,
}

/// What came of reading a release again.
#[derive(SimpleObject)]
#[graphql(serial)]
pub(in crate::graphql) struct ReplayRejectsPayload {
    /// The newest edition of the release: one that came of this, or the one that was there where the same rows are rejected
    /// as before; null when the input was wrong. `rowsRejected` says how many are left.
    release: Option<Release>,
    /// What was wrong with the input, or with what came of it.
    user_errors: Vec<UserError>,
}

pub(super) async fn replay(
    ctx: &Context<'_>,
    input: ReplayRejectsInput,
) -> Result<ReplayRejectsPayload, ApiError> {
    require(ctx, Needs::Refresh, "replayRejects").await?;
    let payload = match named(ctx, &input) {
        None => refused(Code::NotFound, "there is no release of this id"),
        Some(key) => match apart(work(ctx)?.clone(), key.clone(), ctx.data_unchecked::<Now>().0).await? {
            Ok(done) => finished(ctx, &key, done.outcome).await?,
            Err(error) => failed(error)?,
        },
    };
    note(ctx, "replayRejects", &input, &outcome(&payload.user_errors)).await?;
    Ok(payload)
}

/// Returns the key of the release that is meant, if the caller may know of it.
fn named(ctx: &Context<'_>, input: &ReplayRejectsInput) -> Option<String> {
    let key = id::key_of("Release", &input.release)?;
    let scope = Scope::of(ctx, None);
    let release = scope.catalog().release_of_key(&key)?;
    may_see(ctx, release).then_some(key)
}

/// Reads the files on a thread of its own: decoding would hold up other requests. It ends well also when the client goes.
async fn apart(
    cx: pipeline::Context,
    key: String,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Result<pipeline::Report, ReplayError>, ApiError> {
    let runtime = Handle::current();
    let reading =
        tokio::task::spawn_blocking(move || runtime.block_on(async { replay::replay(&cx, &key, now).await }));
    reading.await.map_err(ApiError::internal)
}

async fn finished(ctx: &Context<'_>, key: &str, outcome: Outcome) -> Result<ReplayRejectsPayload, ApiError> {
    let (scope, snapshot) = fresh(ctx).await?;
    let catalog = snapshot.catalog();
    let newest = catalog.release_of_key(key).and_then(|old| {
        let same = catalog
            .releases_of(old.source_id())
            .into_iter()
            .filter(|release| release.row.dataset == old.row.dataset && release.row.label == old.row.label);
        same.max_by_key(|release| release.row.edition)
    });
    let held =
        UserError::new(Code::Held, "release", "a check failed: the new edition is held and not served");
    Ok(ReplayRejectsPayload {
        release: newest.map(|release| Release { scope, release }),
        user_errors: if outcome == Outcome::Held { vec![held] } else { Vec::new() },
    })
}

/// Tells what the caller can mend from what only the log should say.
fn failed(error: ReplayError) -> Result<ReplayRejectsPayload, ApiError> {
    let unreadable = |message| Ok(refused(Code::Unreadable, message));
    match error {
        ReplayError::Release(LifecycleError::Missing(_)) => {
            Ok(refused(Code::NotFound, "there is no release of this id"))
        }
        ReplayError::NothingRejected(_) => Ok(refused(
            Code::NothingRejected,
            "no row of this release was rejected, and its definition is the one it was read by",
        )),
        ReplayError::Replaced { by, .. } => Ok(refused(
            Code::Replaced,
            &format!("edition {by} of that period took the place of this release"),
        )),
        ReplayError::NoFiles(_) => unreadable(
            "the files of this release were never here: it came with the program; ingest them with `rolecast refresh --from`",
        ),
        ReplayError::Gone(_) => {
            unreadable("read by today's definition, the files of this release do not hold it")
        }
        ReplayError::Ingest(IngestError::UnknownSource(_)) => unreadable("the source is configured no more"),
        ReplayError::Ingest(IngestError::Decode { .. } | IngestError::Page { .. }) => {
            unreadable("today's definition cannot read the files of this release; the log says where")
        }
        ReplayError::Ingest(error @ IngestError::Damaged { .. }) => unreadable(&error.told()),
        ReplayError::Database(error) | ReplayError::Release(LifecycleError::Database(error)) => {
            Err(error.into())
        }
        error => Err(ApiError::internal(error)),
    }
}

fn refused(code: Code, message: &str) -> ReplayRejectsPayload {
    ReplayRejectsPayload { release: None, user_errors: vec![UserError::new(code, "release", message)] }
}
