//! Whether the process lives, and whether it can answer.

use std::{error::Error, time::Duration};

use axum::{extract::State, http::StatusCode};
use tokio::time;

use crate::graphql::Schema;

/// How long the database has to reply: whoever asks gives up soon after.
const PATIENCE: Duration = Duration::from_secs(2);

/// Answers while the process runs.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// Answers 200 when figures are loaded and the database replies.
pub(super) async fn ready(State(schema): State<Schema>) -> (StatusCode, &'static str) {
    let store = schema.store();
    if store.current().frames().all(|frame| frame.is_empty()) {
        return (StatusCode::SERVICE_UNAVAILABLE, "no figures are loaded\n");
    }
    let silent = |error: &(dyn Error + 'static)| {
        tracing::warn!(error, "the database does not reply");
        (StatusCode::SERVICE_UNAVAILABLE, "the database does not reply\n")
    };
    match time::timeout(PATIENCE, store.db().ping()).await {
        Ok(Ok(())) => (StatusCode::OK, "ready\n"),
        Ok(Err(error)) => silent(&error),
        Err(late) => silent(&late),
    }
}
