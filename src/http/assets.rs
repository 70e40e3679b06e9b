//! The pages under `/` and `/graphiql` and the files they load, all from inside the binary.

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG};
use axum::http::header::{REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use super::etag;

/// What Vite, or in its place `build.rs`, left in `web/dist`.
#[derive(RustEmbed)]
#[folder = "web/dist"]
struct Files;

/// Nothing from elsewhere, nothing inline.
const STRICT: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The editor of `GraphiQL` writes its own style elements, starts workers, and carries icons and fonts as data.
const EDITOR: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      font-src 'self' data:; connect-src 'self'; worker-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Pages are asked for again each time; a file whose name carries its hash never changes.
const PAGE: &str = "no-cache";
const HASHED: &str = "public, max-age=31536000, immutable";

/// Serves the page that says what is loaded.
pub(super) async fn index(headers: HeaderMap) -> Response {
    serve("index.html", &headers, STRICT, PAGE)
}

/// Serves `GraphiQL`, or the page that says why it is missing.
pub(super) async fn graphiql(headers: HeaderMap) -> Response {
    serve("graphiql.html", &headers, EDITOR, PAGE)
}

/// Serves one file of `/assets/`: scripts, styles, workers, icons.
pub(super) async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Response {
    serve(&format!("assets/{path}"), &headers, EDITOR, HASHED)
}

fn serve(name: &str, headers: &HeaderMap, policy: &'static str, cache: &'static str) -> Response {
    let Some(file) = Files::get(name) else {
        return (StatusCode::NOT_FOUND, "no such file\n").into_response();
    };
    let tag = etag::tag(&file.metadata.sha256_hash());
    let common = [
        (ETAG, tag.clone()),
        (CACHE_CONTROL, cache.to_owned()),
        (CONTENT_SECURITY_POLICY, policy.to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (REFERRER_POLICY, "no-referrer".to_owned()),
    ];
    if etag::is_known(headers, &tag) {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    (common, [(CONTENT_TYPE, content_type(name))], file.data).into_response()
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" | "map" => "application/json",
        "png" => "image/png",
        "ttf" => "font/ttf",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header::IF_NONE_MATCH;

    use super::*;

    #[tokio::test]
    async fn both_pages_are_there_and_forbid_other_hosts() {
        for page in [index(HeaderMap::new()).await, graphiql(HeaderMap::new()).await] {
            assert_eq!(page.status(), StatusCode::OK);
            assert_eq!(page.headers()[CONTENT_TYPE], "text/html; charset=utf-8");
            let policy = page.headers()[CONTENT_SECURITY_POLICY].to_str().expect("text");
            assert!(policy.starts_with("default-src 'none'") && !policy.contains("http"));
        }
    }

    #[tokio::test]
    async fn a_known_page_is_not_sent_again() {
        let first = index(HeaderMap::new()).await;
        let mut headers = HeaderMap::new();
        headers.insert(IF_NONE_MATCH, first.headers()[ETAG].clone());
        assert_eq!(index(headers).await.status(), StatusCode::NOT_MODIFIED);
    }

    #[tokio::test]
    async fn no_path_leads_out_of_the_assets() {
        for path in ["../../Cargo.toml", "../../../etc/passwd", "/etc/passwd", "none.js"] {
            let answer = asset(Path(path.to_owned()), HeaderMap::new()).await;
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }
}
