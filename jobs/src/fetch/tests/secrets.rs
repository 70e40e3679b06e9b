//! Keys go to their publisher and nowhere else.

use axum::body::to_bytes;

use super::*;
use crate::definition::{Key, KeyPlace};

/// Answers with everything it was told.
async fn echo(request: axum::extract::Request) -> String {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, 10_000).await.unwrap();
    format!("{}\n{:?}\n{}", head.uri, head.headers, String::from_utf8_lossy(&body))
}

async fn publisher() -> u16 {
    let moved = |port: u16| Redirect::temporary(&format!("http://localhost:{port}/echo"));
    let router = Router::new()
        .route("/echo", get(echo).post(echo))
        .route("/refused", get(|| async { StatusCode::FORBIDDEN }))
        .route("/away", get(move || async move { moved(9) }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, router).await });
    port
}

fn key(at: KeyPlace) -> Key {
    // A variable that every test run has, with a value to look for.
    Key { env: "CARGO_PKG_NAME".into(), at, before: "s3cret/+".into(), optional: false }
}

fn request(port: u16, path: &str, keys: Vec<Key>, body: Option<&str>) -> FetchRequest {
    FetchRequest {
        url: format!("http://127.0.0.1:{port}{path}"),
        max_bytes: 10_000,
        local: true,
        access: Access { keys, ..Access::default() },
        body: body.map(str::to_owned),
        ..Default::default()
    }
}

#[tokio::test]
async fn a_key_is_sent_and_not_kept_also_where_the_publisher_repeats_it() {
    let port = publisher().await;
    let (client, ledger) = (client(None).unwrap(), ledger().await);
    for (keys, body, sent) in [
        (vec![key(KeyPlace::Query("app_key".into()))], None, "app_key=****************"),
        (vec![key(KeyPlace::Header("x-api-key".into()))], None, "\"x-api-key\": \"************\""),
        (
            vec![key(KeyPlace::Field("registrationkey".into()))],
            Some("{\"a\":1}"),
            "\"registrationkey\":\"************\"",
        ),
    ] {
        let request = request(port, "/echo?a=1", keys, body);
        let Ok(Fetched::File { document, url, .. }) = fetch(&client, &ledger, &request).await else {
            panic!("no file")
        };
        let told = String::from_utf8(document.whole().unwrap().to_vec()).unwrap();
        assert!(told.contains(sent) && !told.contains("s3cret"), "{sent}: {told}");
        assert_eq!(url, request.url);
    }
}

#[tokio::test]
async fn an_error_does_not_show_a_key_and_no_other_host_sees_it() {
    let port = publisher().await;
    let (client, ledger) = (client(None).unwrap(), ledger().await);
    for (path, code) in [("/refused", "status"), ("/away", "key-elsewhere")] {
        for place in [KeyPlace::Query("app_key".into()), KeyPlace::Header("x-api-key".into())] {
            let request = request(port, path, vec![key(place)], None);
            let error = fetch(&client, &ledger, &request).await.unwrap_err();
            let text = format!("{error} {error:?}");
            assert_eq!(error.code(), code, "{text}");
            assert!(!text.contains("s3cret"), "{text}");
        }
    }
}

#[tokio::test]
async fn a_key_that_is_not_set_and_a_contact_that_is_missing_are_named() {
    let missing = Key { env: "ROLECAST_KEY_OF_NOBODY".into(), ..key(KeyPlace::Query("key".into())) };
    let asked = request(9, "/echo", vec![missing], None);
    let error = fetch(&client(None).unwrap(), &ledger().await, &asked).await.unwrap_err();
    assert!(error.to_string().contains("ROLECAST_KEY_OF_NOBODY"), "{error}");
    let access = Access { contact: true, ..Access::default() };
    let asked = FetchRequest { access, url: "https://www.example.org/x".into(), ..Default::default() };
    let error = fetch(&client(None).unwrap(), &ledger().await, &asked).await.unwrap_err();
    assert!(error.to_string().contains("ROLECAST_CONTACT") && !error.is_transient(), "{error}");
}
