//! Everything that is answered over HTTP.

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{
        HeaderName, HeaderValue, Method, StatusCode,
        header::{AUTHORIZATION, CONTENT_TYPE, ETAG, IF_NONE_MATCH, RETRY_AFTER},
    },
    middleware::map_request,
    response::{IntoResponse, Response},
    routing,
};
use tower_http::{
    compression::{
        CompressionLayer, DefaultPredicate,
        predicate::{Predicate as _, SizeAbove},
    },
    cors::{AllowOrigin, CorsLayer},
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
};

use self::server::Server;
use crate::{
    config::Config,
    graphql::{self as api, Schema},
};

mod accept;
mod admin;
mod answers;
mod asked;
mod assets;
mod body;
mod documents;
mod etag;
pub mod gate;
mod graphql;
mod health;
mod metrics;
mod places;
mod reply;
mod serve;
mod server;
mod socket;
mod throttle;
mod visitor;

pub use self::{documents::ManifestError, serve::serve};

/// What names a request in its answer and in the log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The longest name of a request that is taken from outside, in bytes.
const LONGEST_ID: usize = 128;

/// Builds the service: the API, what watches it, and the pages.
pub fn router(schema: Schema, config: &Config) -> Result<Router, ManifestError> {
    let server = Server::new(schema, config)?;
    let api = Router::new()
        .route("/graphql", routing::post(graphql::post).get(graphql::get))
        .layer(cors(&config.cors_origins))
        .route("/graphql/ws", routing::get(socket::upgrade))
        .merge(admin::routes(&server))
        .route("/schema.graphql", routing::get(sdl))
        .route("/healthz", routing::get(health::alive))
        .route("/readyz", routing::get(health::ready))
        .route("/metrics", routing::get(metrics::metrics))
        .route("/", routing::get(assets::index))
        .route("/graphiql", routing::get(assets::graphiql))
        .route("/assets/{*path}", routing::get(assets::asset))
        .fallback(missing)
        .layer(DefaultBodyLimit::max(config.body_limit));
    let api = match config.compress_from {
        0 => api,
        least => api.layer(
            CompressionLayer::new().compress_when(DefaultPredicate::new().and(SizeAbove::new(least.into()))),
        ),
    };
    let api = api
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
        .layer(map_request(short_id));
    Ok(api.with_state(server))
}

/// Which scripts of other sites may read answers. No cookie is ever looked at, so that there is nothing to steal.
fn cors(origins: &[String]) -> CorsLayer {
    let listed = origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok());
    let allowed = if origins.iter().any(|origin| origin == "*") {
        AllowOrigin::any()
    } else {
        AllowOrigin::list(listed)
    };
    CorsLayer::new()
        .allow_origin(allowed)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([AUTHORIZATION, CONTENT_TYPE, IF_NONE_MATCH, REQUEST_ID])
        .expose_headers([ETAG, RETRY_AFTER, REQUEST_ID])
        .max_age(std::time::Duration::from_hours(24))
}

/// Forgets a request's own id where no log should have to hold it: the request gets one of ours.
async fn short_id(mut request: Request) -> Request {
    if request.headers().get(&REQUEST_ID).is_some_and(|value| value.len() > LONGEST_ID) {
        request.headers_mut().remove(&REQUEST_ID);
    }
    request
}

async fn sdl(State(_): State<Schema>) -> Response {
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], api::sdl()).into_response()
}

async fn missing() -> Response {
    (StatusCode::NOT_FOUND, "no such page; the API is at /graphql\n").into_response()
}
