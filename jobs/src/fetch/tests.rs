//! What a publisher may do, played by a server on this machine.

use std::net::SocketAddr;

use sea_orm::{ConnectOptions, Database};

use axum::{
    Router,
    http::{StatusCode, header},
    response::{IntoResponse, Redirect},
    routing::get,
};

use super::*;

mod faults;
mod paged;
mod secrets;

/// A ledger of its own.
pub(super) async fn ledger() -> Ledger {
    use migration::MigratorTrait;
    let mut options = ConnectOptions::new("sqlite::memory:");
    options.max_connections(1);
    let db = Database::connect(options).await.unwrap();
    migration::Migrator::up(&db, None).await.unwrap();
    Ledger::new(db)
}

async fn conditional(headers: HeaderMap) -> impl IntoResponse {
    if headers.get(header::IF_NONE_MATCH).is_some_and(|tag| tag == "\"1\"") {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    ([(header::ETAG, "\"1\"")], "code,pay\n").into_response()
}

async fn publisher() -> SocketAddr {
    let agent = |headers: HeaderMap| async move { headers[header::USER_AGENT].to_str().unwrap().to_owned() };
    let router = Router::new()
        .route("/table.csv", get(conditional))
        .route("/agent", get(agent))
        .route("/page.zip", get(|| async { axum::response::Html("<p>moved</p>") }))
        .route("/hidden.xlsx", get(|| async { "\n<!DOCTYPE html><p>" }))
        .route("/page.html", get(|| async { axum::response::Html("<p>figures</p>") }))
        .route("/moved", get(|| async { Redirect::temporary("/table.csv?key=secret") }))
        .route("/loop", get(|| async { Redirect::temporary("/loop") }))
        .route("/out", get(|| async { Redirect::temporary("ftp://example.org/") }))
        .route(
            "/busy.csv",
            get(|| async { (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "7")]) }),
        );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

async fn ask(path: &str, etag: Option<&str>, max_bytes: u64) -> Result<Fetched, FetchError> {
    let url = format!("http://localhost:{}{path}", publisher().await.port());
    let request =
        FetchRequest { url, etag: etag.map(str::to_owned), max_bytes, local: true, ..Default::default() };
    fetch(&client(Some("ops@example.org")).unwrap(), &ledger().await, &request).await
}

#[tokio::test]
async fn an_unchanged_file_is_not_sent_again() {
    let Ok(Fetched::File { document, etag, .. }) = ask("/table.csv", None, 100).await else {
        panic!("no file")
    };
    assert_eq!((&document.whole().unwrap()[..], etag.as_deref()), (&b"code,pay\n"[..], Some("\"1\"")));
    assert!(matches!(ask("/table.csv", etag.as_deref(), 100).await, Ok(Fetched::Unchanged)));
}

#[tokio::test]
async fn the_publisher_learns_whom_to_write_to() {
    let Ok(Fetched::File { document, .. }) = ask("/agent", None, 100).await else { panic!("no file") };
    let agent = document.whole().unwrap();
    assert_eq!(agent, concat!("rolecast/", env!("CARGO_PKG_VERSION"), " (ops@example.org)"));
}

#[tokio::test]
async fn a_page_instead_of_a_table_is_refused() {
    assert!(matches!(ask("/page.zip", None, 100).await, Err(FetchError::Html { .. })));
    assert!(matches!(ask("/hidden.xlsx", None, 100).await, Err(FetchError::Html { .. })));
    assert!(matches!(ask("/page.html", None, 100).await, Ok(Fetched::File { .. })));
}

#[tokio::test]
async fn a_redirect_is_followed_within_limits_and_its_query_forgotten() {
    let Ok(Fetched::File { url, from, .. }) = ask("/moved", None, 100).await else { panic!("no file") };
    assert!(url.ends_with("/moved") && from.ends_with("/table.csv"), "{url} {from}");
    assert!(matches!(ask("/loop", None, 100).await, Err(FetchError::Redirect { .. })));
    assert!(matches!(ask("/out", None, 100).await, Err(FetchError::Url { .. })));
}

#[tokio::test]
async fn a_file_over_the_limit_is_refused() {
    assert!(matches!(ask("/table.csv", None, 5).await, Err(FetchError::TooLarge { limit: 5, .. })));
}

#[tokio::test]
async fn a_busy_publisher_says_when_to_come_back() {
    let error = ask("/busy.csv", None, 100).await.unwrap_err();
    assert!(error.is_transient());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
}

#[tokio::test]
async fn this_machine_is_out_of_reach_unless_the_source_is_local() {
    let port = publisher().await.port();
    for host in ["localhost", "127.0.0.1"] {
        let url = format!("http://user:pass@{host}:{port}/table.csv?key=secret");
        let request = FetchRequest { url, max_bytes: 100, ..Default::default() };
        let error = fetch(&client(None).unwrap(), &ledger().await, &request).await.unwrap_err();
        assert!(matches!(error, FetchError::NotPublic { .. }), "{error:?}");
        let text = format!("{error} {error:?}");
        assert!(!text.contains("pass") && !text.contains("secret"), "{text}");
    }
}

#[test]
fn a_date_to_come_back_is_counted_from_the_answer() {
    let mut headers = HeaderMap::new();
    headers.insert(header::RETRY_AFTER, "Tue, 24 Nov 2026 10:01:30 GMT".parse().unwrap());
    headers.insert(header::DATE, "Tue, 24 Nov 2026 10:00:00 GMT".parse().unwrap());
    assert_eq!(retry_after(&headers), Some(Duration::from_secs(90)));
}
