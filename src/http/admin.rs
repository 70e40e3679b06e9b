//! The jobs of the queue for an administrator: apalis-board's pages and the routes they ask.
//!
//! The pages know one place only: their files at the root, their routes under `/api/v1`, themselves at `/queues`. So they
//! are put there, behind the administrator's token; a browser asks for it as the password of any name.

use axum::{
    Router,
    body::Body,
    extract::{Path, Request, State},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{
            ACCEPT, AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, WWW_AUTHENTICATE,
        },
    },
    middleware::{self, Next},
    response::{IntoResponse as _, Redirect, Response},
    routing,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jobs::queue;

use super::{accept::Media, server::Server};
use crate::access::{Scope, token};

/// The board's scripts are WebAssembly and stand in its page; nothing comes from elsewhere.
const POLICY: &str = "default-src 'none'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; style-src 'self' \
                      'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'self'; \
                      form-action 'none'; frame-ancestors 'none'";

/// Shows the board's start page at the address the board knows; it has no icon.
const START: &str =
    "<script>history.replaceState(null, '', '/queues')</script><link rel=\"icon\" href=\"data:,\">";

/// Returns the routes of the board. They stay closed where the queue cannot be reached.
pub(super) fn routes(server: &Server) -> Router<Server> {
    let board = match queue::board(server.schema.store().db()) {
        Ok(board) => board,
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "the pages of the queue are left out");
            return Router::new();
        }
    };
    let guard = middleware::from_fn_with_state(server.clone(), guard);
    let closed = Router::<Server>::new()
        .nest_service("/api/v1", board)
        .route("/admin/jobs", routing::get(page))
        .layer(guard);
    Router::new()
        .merge(closed)
        .route("/admin/jobs/", routing::get(async || Redirect::temporary("/admin/jobs")))
        .route("/queues", routing::get(async || Redirect::temporary("/admin/jobs")))
        .route("/queues/{*rest}", routing::get(async || Redirect::temporary("/admin/jobs")))
        .route("/{file}", routing::get(file))
}

/// Lets an administrator through: a bearer's token, or the password a browser asked for.
async fn guard(State(server): State<Server>, request: Request, next: Next) -> Response {
    let media = Media::wanted(request.headers().get(ACCEPT)).unwrap_or(Media::Json);
    let Some(token) = sent(request.headers()) else {
        return asked(media.refuse(
            StatusCode::UNAUTHORIZED,
            "UNAUTHENTICATED",
            "the jobs need the admin token",
        ));
    };
    match server.keys.caller(&token).await {
        Ok(Some(caller)) if caller.may(Scope::Admin) => next.run(request).await,
        Ok(Some(_)) => media.refuse(StatusCode::FORBIDDEN, "FORBIDDEN", "this token lacks the scope `admin`"),
        Ok(None) => {
            asked(media.refuse(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", "this token is not known"))
        }
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "a token cannot be looked up");
            media.refuse(StatusCode::SERVICE_UNAVAILABLE, "INTERNAL", "tokens cannot be looked up now")
        }
    }
}

fn sent(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    if let Some(token) = token::bearer(value) {
        return Some(token.to_owned());
    }
    let (scheme, pair) = value.split_once(' ')?;
    let pair = STANDARD.decode(pair.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let pair = String::from_utf8(pair).ok()?;
    pair.split_once(':').map(|(_, password)| password.to_owned())
}

/// Makes a browser ask for the token.
fn asked(mut response: Response) -> Response {
    let basic = HeaderValue::from_static("Basic realm=\"Rolecast jobs; the password is the admin token\"");
    response.headers_mut().insert(WWW_AUTHENTICATE, basic);
    response
}

async fn page() -> Response {
    let Some(index) = queue::board_file("index.html") else { return super::missing().await };
    let html = String::from_utf8_lossy(&index.bytes).replacen("<head>", &format!("<head>{START}"), 1);
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (CACHE_CONTROL, "no-store"),
    ];
    (headers, html).into_response()
}

/// A script or style of the board; they are the same for everybody.
async fn file(Path(name): Path<String>) -> Response {
    match queue::board_file(&name).filter(|_| name != "index.html") {
        None => super::missing().await,
        Some(file) => {
            let kept = "public, max-age=31536000, immutable";
            let headers = [(CONTENT_TYPE, file.content_type), (CACHE_CONTROL, kept)];
            (headers, Body::from(file.bytes)).into_response()
        }
    }
}
