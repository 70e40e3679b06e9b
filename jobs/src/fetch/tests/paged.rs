//! Answers in pages, and answers that are none.

use std::{
    collections::HashMap,
    io::Read,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use axum::{Json, extract::Query};
use serde_json::{Value, json};
use url::form_urlencoded::byte_serialize;

use super::*;
use crate::definition::{Limit, Paging, Span, Status};

const ROWS: usize = 25;

fn number(asked: &HashMap<String, String>, name: &str) -> usize {
    asked.get(name).and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// Rows from `start`, at most ten, of 25.
fn some(start: usize) -> Vec<usize> {
    (start..ROWS.min(start + 10)).collect()
}

async fn publisher() -> u16 {
    let by_page = |Query(asked): Query<HashMap<String, String>>| async move {
        Json(json!({ "rows": some((number(&asked, "page") - 1) * 10), "total": ROWS.to_string() }))
    };
    let by_offset = |Query(asked): Query<HashMap<String, String>>| async move {
        Json(json!({ "rows": some(number(&asked, "offset")) }))
    };
    let by_cursor = |Query(asked): Query<HashMap<String, String>>| async move {
        let start = number(&asked, "cursor");
        let next = (start + 10 < ROWS).then(|| (start + 10).to_string());
        Json(json!({ "rows": some(start), "next": next, "total": ROWS }))
    };
    let short = || async { Json(json!({ "rows": some(0), "next": null, "total": ROWS })) };
    // After the last rows each page names another one.
    let endless = |Query(asked): Query<HashMap<String, String>>| async move {
        let start = number(&asked, "cursor");
        Json(json!({ "rows": some(start), "next": (start + 10).to_string() }))
    };
    let always = || async { Json(json!({ "rows": some(0) })) };
    let series = |Json(asked): Json<Value>| async move {
        Json(json!({ "status": "REQUEST_SUCCEEDED", "rows": asked["seriesid"] }))
    };
    let spent =
        || async { Json(json!({ "status": "REQUEST_NOT_PROCESSED", "message": ["daily threshold"] })) };
    let window = |Query(asked): Query<HashMap<String, String>>| async move {
        format!("from,until\n{},{}\n", asked["from"], asked["until"])
    };
    // Full pages at first, and then what the query calls for.
    let then = |Query(asked): Query<HashMap<String, String>>| async move {
        let first = ["from", "offset", "page"].iter().any(|name| {
            asked.get(*name).is_some_and(|place| ["2024-02-01", "0", "1"].contains(&place.as_str()))
        });
        if first { asked["first"].clone() } else { asked["then"].clone() }
    };
    let router = Router::new()
        .route("/then", get(then))
        .route("/page", get(by_page))
        .route("/offset", get(by_offset))
        .route("/cursor", get(by_cursor))
        .route("/endless", get(endless))
        .route("/short", get(short))
        .route("/always", get(always))
        .route("/series", axum::routing::post(series))
        .route("/spent", get(spent))
        .route("/sorry", get(|| async { axum::response::Html("<html>maintenance") }))
        .route("/photo", get(|| async { ([(header::CONTENT_TYPE, "image/png")], "x") }))
        .route("/window", get(window));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, router).await });
    port
}

fn request(port: u16, path: &str) -> FetchRequest {
    let url = format!("http://127.0.0.1:{port}{path}");
    FetchRequest { url, max_bytes: 100_000, local: true, ..Default::default() }
}

async fn paged(request: &FetchRequest, paging: &str) -> Result<Vec<String>, FetchError> {
    let paging: Paging = toml::from_str(paging).unwrap();
    let today = "2026-06-01".parse().unwrap();
    let answer = pages(&client(None).unwrap(), &ledger().await, request, &paging, today).await?;
    let Fetched::File { document, .. } = answer else { panic!("no file") };
    let mut zip = zip::ZipArchive::new(document.open()).unwrap();
    let texts = (0..zip.len()).map(|place| {
        let mut text = String::new();
        zip.by_index(place).unwrap().read_to_string(&mut text).unwrap();
        text
    });
    Ok(texts.collect())
}

fn rows(pages: &[String]) -> Vec<Value> {
    let documents = pages.iter().map(|text| serde_json::from_str::<Value>(text).unwrap());
    documents.flat_map(|document| document["rows"].as_array().unwrap().clone()).collect()
}

#[tokio::test]
async fn every_page_comes_once_however_they_are_told_apart() {
    let port = publisher().await;
    for (path, paging) in [
        ("/page?page={page}", "by = { page = { first = 1 } }\nrows = '/rows'\ntotal = '/total'"),
        ("/offset?offset={offset}&n={size}", "by = { offset = { size = 10 } }\nrows = '/rows'"),
        ("/cursor?cursor={cursor}", "by = { cursor = { next = '/next' } }\nrows = '/rows'\ntotal = '/total'"),
    ] {
        let found = paged(&request(port, path), paging).await.unwrap();
        assert_eq!(found.len(), 3, "{path}");
        assert_eq!(rows(&found), (0..ROWS).map(Value::from).collect::<Vec<_>>(), "{path}");
    }
    // The empty page that ends it is the fourth.
    let endless = "by = { cursor = { next = '/next' } }\nrows = '/rows'";
    let found = paged(&request(port, "/endless?cursor={cursor}"), endless).await.unwrap();
    assert_eq!((found.len(), rows(&found).len()), (4, ROWS));
}

#[tokio::test]
async fn windows_cover_all_days_up_to_today() {
    let port = publisher().await;
    let asked = request(port, "/window?from={from}&until={until}");
    let found = paged(&asked, "by = { window = { from = '2024-02-01', months = 12 } }").await.unwrap();
    let days: Vec<&str> = found.iter().filter_map(|page| page.lines().nth(1)).collect();
    assert_eq!(days, ["2024-02-01,2025-01-31", "2025-02-01,2026-01-31", "2026-02-01,2026-06-01"]);
}

#[tokio::test]
async fn series_are_asked_for_in_chunks() {
    let port = publisher().await;
    let body = Some(r#"{"seriesid": ["{series}"]}"#.to_owned());
    let asked = FetchRequest { body, ..request(port, "/series") };
    let paging = "rows = '/rows'\nby = { series = { size = 2, between = '\",\"', keys = ['A', 'B', 'C'] } }";
    let found = paged(&asked, paging).await.unwrap();
    assert_eq!((found.len(), rows(&found)), (2, vec!["A".into(), "B".into(), "C".into()]));
}

#[tokio::test]
async fn an_answer_short_of_its_own_total_and_pages_that_repeat_are_failures() {
    let port = publisher().await;
    let paging = "by = { cursor = { next = '/next' } }\nrows = '/rows'\ntotal = '/total'";
    let error = paged(&request(port, "/short"), paging).await.unwrap_err();
    assert!(matches!(error, FetchError::Short { rows: 10, total: 25, .. }), "{error}");
    let paging = "by = { page = { first = 1 } }\nrows = '/rows'";
    let error = paged(&request(port, "/always?page={page}"), paging).await.unwrap_err();
    assert_eq!(error.code(), "pages", "{error}");
}

/// A publisher with these pages, counted from 0 and empty after the last, and how often it was asked.
async fn played(pages: Vec<Value>) -> (FetchRequest, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let answer = move |Query(asked): Query<HashMap<String, String>>| {
        count.fetch_add(1, Relaxed);
        let page = pages.get(number(&asked, "page")).cloned();
        async move { Json(page.unwrap_or_else(|| json!({ "rows": [] }))) }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/", get(answer))).await });
    (request(port, "/?page={page}{cursor}"), asked)
}

const BY_PAGE: &str = "by = { page = { first = 0 } }\nrows = '/rows'";
const BY_CURSOR: &str = "by = { cursor = { next = '/next' } }\nrows = '/rows'";

/// Asks for such pages as `paging` says; one of both names stays unfilled.
async fn play(pages: Vec<Value>, paging: &str) -> (Result<Vec<String>, FetchError>, usize) {
    let (asked, count) = played(pages).await;
    let (name, other) =
        if paging.contains("cursor") { ("{cursor}", "{page}") } else { ("{page}", "{cursor}") };
    let url = asked.url.replace(other, "");
    assert!(url.ends_with(name), "{url}");
    let found = paged(&FetchRequest { url, ..asked }, paging).await;
    (found, count.load(Relaxed))
}

#[tokio::test]
async fn a_page_that_comes_in_place_of_another_is_a_failure() {
    // Ten pages of two rows, of which the sixth and the eighth have those of the second and the fourth.
    let page = |place: usize| {
        let shown = if matches!(place, 5 | 7) { place - 4 } else { place };
        json!({ "rows": [2 * shown, 2 * shown + 1], "next": place + 1, "total": 20 })
    };
    for paging in [BY_PAGE, BY_CURSOR] {
        for total in ["", "\ntotal = '/total'"] {
            let (found, asked) = play((0..10).map(page).collect(), &format!("{paging}{total}")).await;
            let error = found.unwrap_err();
            assert_eq!((error.code(), error.told().as_str()), ("pages", "page 6 is page 2 again"), "{error}");
            assert_eq!(asked, 6, "{paging}");
        }
    }
    let table = "code,pay\n1,2\n";
    let error = changed("by = { page = { first = 1 } }", "page", table, table).await.unwrap_err();
    assert_eq!(error.told(), "page 2 is page 1 again");
}

#[tokio::test]
async fn a_row_that_comes_again_on_a_later_page_is_none_of_the_total() {
    let pages = |rows: [Value; 3]| rows.into_iter().map(|rows| json!({ "rows": rows, "total": 6 })).collect();
    let total = format!("{BY_PAGE}\ntotal = '/total'");
    let (found, _) = play(pages([json!([1, 2]), json!([2, 3]), json!([4, 5])]), &total).await;
    let error = found.unwrap_err();
    assert!(matches!(error, FetchError::Short { rows: 5, total: 6, again: 1, .. }), "{error}");
    assert!(error.told().starts_with("5 rows came of 6, and 1 came again on a later page"), "{error}");
    // Nothing is known of a row that is lost where no total is stated, and what one page says twice is its publisher's own.
    let (found, _) = play(pages([json!([1, 2]), json!([2, 3]), json!([4, 5])]), BY_PAGE).await;
    assert_eq!(rows(&found.unwrap()).len(), 6);
    let (found, _) = play(pages([json!([1, 1]), json!([2, 3]), json!([4, 5])]), &total).await;
    assert_eq!(rows(&found.unwrap()).len(), 6);
}

#[tokio::test]
async fn pages_that_lead_back_or_go_beyond_the_total_are_asked_for_once() {
    let page = |place: usize, next: Option<usize>| json!({ "rows": [2 * place, 2 * place + 1], "next": next, "total": 5 });
    let back = vec![page(0, Some(1)), page(1, Some(2)), page(2, Some(1))];
    let (found, asked) = play(back.clone(), BY_CURSOR).await;
    assert_eq!(found.unwrap_err().told(), "page 3 leads back to one that was asked for before");
    assert_eq!(asked, 3);
    for paging in [BY_PAGE, BY_CURSOR] {
        let (found, asked) = play(back.clone(), &format!("{paging}\ntotal = '/total'")).await;
        let error = found.unwrap_err();
        assert_eq!(error.told(), "6 rows came by page 3, and the publisher says there are 5");
        assert_eq!((error.code(), asked), ("pages", 3));
    }
    // Values of two years may be alike; what tells them apart stands beside them.
    let window = "by = { window = { from = '2024-02-01', months = 24 } }\nrows = '/value'";
    let of = |year: &str| format!(r#"{{"year": {year}, "value": [5.1]}}"#);
    assert_eq!(changed(window, "from", &of("2024"), &of("2026")).await.unwrap().len(), 2);
    // A last page without rows may name any other one.
    let end = vec![page(0, Some(1)), json!({ "rows": [], "next": 1 })];
    assert_eq!(play(end, BY_CURSOR).await.0.unwrap().len(), 2);
}

/// Asks for pages of which all but the first are `then`.
async fn changed(paging: &str, hole: &str, first: &str, then: &str) -> Result<Vec<String>, FetchError> {
    let [first, then] = [first, then].map(|text| byte_serialize(text.as_bytes()).collect::<String>());
    let path = format!("/then?{hole}={{{hole}}}&first={first}&then={then}");
    paged(&request(publisher().await, &path), paging).await
}

#[tokio::test]
async fn a_page_without_a_place_for_rows_is_a_failure_and_one_without_rows_an_end() {
    let window = "by = { window = { from = '2024-02-01', months = 12 } }\nrows = '/rows'";
    let offset = "by = { offset = { size = 2 } }\nrows = '/rows'";
    let by_page = "by = { page = { first = 1 } }\nrows = '/rows'";
    let (two, refusal) = (r#"{"rows": [1, 2]}"#, r#"{"error": "too many requests"}"#);
    for (paging, hole) in [(window, "from"), (offset, "offset"), (by_page, "page")] {
        for wrong in [refusal, r#"{"rows": "too many requests"}"#, "too many requests", r#"{"rows": [1, "#] {
            let error = changed(paging, hole, two, wrong).await.unwrap_err();
            assert_eq!(error.code(), "pages", "{hole} {wrong}: {error}");
            assert!(error.to_string().contains("`/rows`"), "{error}");
        }
    }
    for end in [r#"{"rows": []}"#, r#"{"rows": null}"#] {
        assert_eq!(changed(offset, "offset", two, end).await.unwrap().len(), 2, "{end}");
        assert_eq!(changed(by_page, "page", two, end).await.unwrap().len(), 2, "{end}");
    }
}

#[tokio::test]
async fn a_text_that_is_not_the_table_of_the_first_page_is_a_failure() {
    let by_page = "by = { page = { first = 1 } }";
    for wrong in ["too many requests", r#"{"error": "too many requests"}"#, "[]"] {
        let error = changed(by_page, "page", "code,pay\n1,2\n", wrong).await.unwrap_err();
        assert_eq!(error.code(), "pages", "{wrong}: {error}");
    }
    for end in ["code,pay\n", "code,pay", "", "\n"] {
        let found = changed(by_page, "page", "code,pay\n1,2\n", end).await.unwrap();
        assert_eq!(found, ["code,pay\n1,2\n", end]);
    }
}

#[tokio::test]
async fn an_answer_that_says_it_is_none_is_a_failure() {
    let port = publisher().await;
    let status = Status {
        at: "/status".into(),
        good: vec!["REQUEST_SUCCEEDED".into()],
        later: vec!["REQUEST_NOT_PROCESSED".into()],
    };
    let access = Access { status: Some(status), ..Access::default() };
    for (path, code, passes) in
        [("/spent", "refused", true), ("/sorry", "html-page", false), ("/page?page=1", "refused", false)]
    {
        let asked = FetchRequest { access: access.clone(), ..request(port, path) };
        let error = fetch(&client(None).unwrap(), &ledger().await, &asked).await.unwrap_err();
        assert_eq!((error.code(), error.is_transient()), (code, passes), "{error}");
    }
    let table = Access { types: vec!["text/csv".into()], ..Access::default() };
    for (path, access) in [("/photo", Access::default()), ("/spent", table)] {
        let asked = FetchRequest { access, ..request(port, path) };
        let error = fetch(&client(None).unwrap(), &ledger().await, &asked).await.unwrap_err();
        assert_eq!(error.code(), "media-type", "{error}");
    }
}

#[tokio::test]
async fn a_quota_that_is_smaller_than_the_pages_is_told_and_not_waited_for() {
    let port = publisher().await;
    let limits = |requests| vec![Limit { requests, per: Span::Day }];
    let asked = |requests| FetchRequest {
        access: Access { limits: limits(requests), ..Access::default() },
        ..request(port, "/page?page={page}")
    };
    let paging = "by = { page = { first = 1 } }\nrows = '/rows'\ntotal = '/total'";
    assert_eq!(paged(&asked(3), paging).await.unwrap().len(), 3);
    let error = paged(&asked(2), paging).await.unwrap_err();
    let words = "there are more than 2 pages, and 2 a day are allowed (access.limits)";
    assert!(error.to_string().contains(words), "{error}");
    assert!(!error.is_transient(), "the next attempt would spend the quota on the same pages");
}
