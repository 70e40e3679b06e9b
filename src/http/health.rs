//! Whether the process lives, and whether it can answer.

use axum::{extract::State, http::StatusCode};

use crate::graphql::Schema;

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
    match store.db().ping().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "the database does not reply");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not reply\n")
        }
    }
}
