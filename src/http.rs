//! Everything that is answered over HTTP.

use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing,
};
use tower_http::{
    compression::CompressionLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
};

use crate::graphql::{self as api, Schema};

mod accept;
mod assets;
pub mod gate;
mod graphql;
mod health;
mod metrics;
mod shape;

/// Builds the service: the API, what watches it, and the pages.
pub fn router(schema: Schema, body_limit: usize) -> Router {
    Router::new()
        .route("/graphql", routing::post(graphql::post).get(graphql::get))
        .route("/schema.graphql", routing::get(sdl))
        .route("/healthz", routing::get(health::alive))
        .route("/readyz", routing::get(health::ready))
        .route("/metrics", routing::get(metrics::metrics))
        .route("/", routing::get(assets::index))
        .route("/graphiql", routing::get(assets::graphiql))
        .route("/assets/{*path}", routing::get(assets::asset))
        .fallback(missing)
        .layer(DefaultBodyLimit::max(body_limit))
        .layer(CompressionLayer::new())
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .with_state(schema)
}

async fn sdl(State(_): State<Schema>) -> Response {
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], api::sdl()).into_response()
}

async fn missing() -> Response {
    (StatusCode::NOT_FOUND, "no such page; the API is at /graphql\n").into_response()
}
