//! What can be changed: one input, one payload with what was changed and what was wrong with the input.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use jobs::{
    pipeline,
    queue::{self, NotCancelled, QueueError},
};
use sea_orm::DbErr;
use serde::Serialize;

use super::{
    access::{note, require},
    error::ApiError,
    id,
    job::Job,
    scope::Scope,
};
use crate::{
    access::Scope as Needs,
    reader::Reader,
    snapshot::{Snapshot, Store},
};

mod record;
mod replay;

/// What is wrong with an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum UserErrorCode {
    /// The input names something that is not here.
    NotFound,
    /// The value is not of its kind, or does not fit the others.
    Invalid,
    /// The job has ended already.
    Ended,
    /// The release that came of it failed a check and is held.
    Held,
    /// No row of the release was rejected, and its definition has not changed since.
    NothingRejected,
    /// A later edition took the place of the release.
    Replaced,
    /// The files of the release are not here, or its source's definition does not read them.
    Unreadable,
}

/// What is wrong with an input, for the person who gave it.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(serial)]
pub(super) struct UserError {
    /// For programs.
    pub code: UserErrorCode,
    /// For people.
    pub message: String,
    /// Where in the arguments: input, then names of fields.
    pub path: Vec<String>,
}

impl UserError {
    pub(super) fn new(code: UserErrorCode, field: &str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), path: vec!["input".into(), field.into()] }
    }
}

/// The code that goes into the audit log.
pub(super) fn outcome(errors: &[UserError]) -> String {
    let first = errors.first().and_then(|error| serde_json::to_value(error.code).ok());
    first.and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_else(|| "OK".into())
}

/// Which source to refresh.
#[derive(Debug, InputObject, Serialize)]
pub(super) struct RefreshSourceInput {
    /// The source's key: bls-oews.
    source: String,
}

/// The job that brings a source up to date.
#[derive(SimpleObject)]
#[graphql(serial)]
pub(super) struct RefreshSourcePayload {
    /// The job: a new one, or the one that had not ended; null when the input was wrong.
    job: Option<Job>,
    /// What was wrong with the input.
    user_errors: Vec<UserError>,
}

/// Which job to stop.
#[derive(Debug, InputObject, Serialize)]
pub(super) struct CancelJobInput {
    /// The job's id.
    job: ID,
}

/// The job that was stopped.
#[derive(SimpleObject)]
#[graphql(serial)]
pub(super) struct CancelJobPayload {
    /// The job; null when there is none of this id.
    job: Option<Job>,
    /// What was wrong with the input.
    user_errors: Vec<UserError>,
}

/// What can be changed. Every mutation needs a token (`authorization: Bearer TOKEN`) and is written to the audit log.
pub(super) struct Mutation;

/// What can be changed. Every mutation needs a token (`authorization: Bearer TOKEN`) and is written to the audit log.
#[Object]
impl Mutation {
    /// Queue a refresh. Needs the `refresh` scope. The same source queued twice is one job.
    async fn refresh_source(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which source.")] input: RefreshSourceInput,
    ) -> Result<RefreshSourcePayload, ApiError> {
        require(ctx, Needs::Refresh, "refreshSource").await?;
        let scope = Scope::of(ctx, None);
        let payload = if scope.catalog().source(&input.source).is_some() {
            queue::setup(db(ctx)).await.map_err(failed)?;
            let ticket = queue::request(db(ctx), &input.source).await.map_err(failed)?;
            let job = queue::job(db(ctx), &ticket.to_string()).await?.map(|job| Job { scope, job });
            RefreshSourcePayload { job, user_errors: Vec::new() }
        } else {
            let message = format!("there is no source `{}`", input.source);
            let error = UserError::new(UserErrorCode::NotFound, "source", message);
            RefreshSourcePayload { job: None, user_errors: vec![error] }
        };
        note(ctx, "refreshSource", &input, &outcome(&payload.user_errors)).await?;
        Ok(payload)
    }
    /// Stop a job that has not ended. Needs the `refresh` scope. What it had not published is as if it had never begun.
    async fn cancel_job(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which job.")] input: CancelJobInput,
    ) -> Result<CancelJobPayload, ApiError> {
        require(ctx, Needs::Refresh, "cancelJob").await?;
        let key = id::key_of("Job", &input.job);
        let missing = || UserError::new(UserErrorCode::NotFound, "job", "there is no job of this id");
        let errors = match &key {
            None => vec![missing()],
            Some(key) => match queue::cancel(db(ctx), key).await.map_err(failed)? {
                Ok(()) => Vec::new(),
                Err(NotCancelled::Missing) => vec![missing()],
                Err(NotCancelled::Ended) => {
                    vec![UserError::new(UserErrorCode::Ended, "job", "the job has ended already")]
                }
            },
        };
        note(ctx, "cancelJob", &input, &outcome(&errors)).await?;
        let job = match key {
            Some(key) => queue::job(db(ctx), &key).await?,
            None => None,
        };
        let job = job.map(|job| Job { scope: Scope::of(ctx, None), job });
        Ok(CancelJobPayload { job, user_errors: errors })
    }
    /// Run the rejected rows of a release through today's source definition again: its archived files are read anew, and what
    /// comes of them is its next edition. Needs the `refresh` scope. Where the same rows are rejected as before, nothing
    /// happens.
    async fn replay_rejects(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which release.")] input: replay::ReplayRejectsInput,
    ) -> Result<replay::ReplayRejectsPayload, ApiError> {
        replay::replay(ctx, input).await
    }
    /// Record a figure read off a page that offers no API (Glassdoor, Payscale, Indeed): kept in its own lane, with page,
    /// date and quoted words. Needs the `record` scope.
    async fn record_observation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The figure and where it stands.")] input: record::RecordObservationInput,
    ) -> Result<record::RecordObservationPayload, ApiError> {
        record::record(ctx, input).await
    }
}

pub(super) fn db<'a>(ctx: &Context<'a>) -> &'a sea_orm::DatabaseConnection {
    ctx.data_unchecked::<Arc<Store>>().db()
}

/// What brings figures in; a schema that only answers has none.
pub(super) fn work<'a>(ctx: &Context<'a>) -> Result<&'a pipeline::Context, ApiError> {
    let work = ctx.data_opt::<Arc<pipeline::Context>>().map(|work| &**work);
    work.ok_or_else(|| DbErr::Custom("this schema was made without a way to bring figures in".into()).into())
}

/// A scope over the newest data: what a mutation changed is in its own answer.
pub(super) async fn fresh(ctx: &Context<'_>) -> Result<(Scope, Arc<Snapshot>), ApiError> {
    let store = ctx.data_unchecked::<Arc<Store>>();
    store.refresh().await?;
    let reader = Reader::new(store.clone());
    Ok((Scope::now(reader), store.current()))
}

fn failed(error: QueueError) -> ApiError {
    match error {
        QueueError::Database(error) => error.into(),
        other => ApiError::internal(other),
    }
}
