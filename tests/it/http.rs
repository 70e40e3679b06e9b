//! GraphQL over HTTP, from outside.

use std::future;

use reqwest::{Client, Method, StatusCode, header::CONTENT_TYPE};
use rolecast::{config::Config, graphql::Schema, http};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::app::App;

/// A client that asks this machine alone.
pub(crate) fn client() -> Client {
    Client::builder().no_proxy().build().unwrap()
}

/// A server with the figures that ship; returns where it listens.
async fn server() -> String {
    let schema = App::start().await.with_starter().await.schema().await;
    serve(schema, &Config { body_limit: 100_000, ..Config::default() }).await
}

/// A server with these settings, and no figures.
pub(crate) async fn server_with(config: Config) -> String {
    let schema = App::start().await.schema().await;
    serve(schema, &Config { body_limit: 100_000, ..config }).await
}

/// Puts a schema on a free port of the loopback.
pub(crate) async fn serve(schema: Schema, config: &Config) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (app, patience) = (http::router(schema, config).unwrap(), config.patience());
    tokio::spawn(http::serve(listener, app, patience, future::pending()));
    format!("http://{address}")
}

const JSON: &str = "application/json";
const GRAPHQL: &str = "application/graphql-response+json";

#[tokio::test]
async fn a_request_keeps_its_name_unless_it_is_very_long() {
    let url = format!("{}/healthz", server().await);
    for (name, kept) in [("order-7".to_owned(), true), ("a".repeat(128), true), ("a".repeat(129), false)] {
        let answer = client().get(&url).header("x-request-id", &name).send().await.unwrap();
        assert_eq!(answer.headers()["x-request-id"] == name.as_str(), kept, "{name}");
        assert!(answer.headers()["x-request-id"].len() <= 128);
    }
}

#[tokio::test]
async fn the_status_says_whether_a_request_ran() {
    let url = format!("{}/graphql", server().await);
    let client = client();
    let fine = json!({ "query": "{ service { roles } }" }).to_string();
    let wrong = json!({ "query": "{ nothing }" }).to_string();
    let broken = json!({ "query": "{ service { roles }" }).to_string();
    let partly = json!({ "query": "{ salaryBands(filter: { regions: [\"California\"] }) { totalCount } }" })
        .to_string();
    for (accept, content, body, status, media) in [
        (GRAPHQL, JSON, fine.as_str(), 200, GRAPHQL),
        (JSON, JSON, &fine, 200, JSON),
        ("*/*", JSON, &fine, 200, JSON),
        (GRAPHQL, JSON, &wrong, 400, GRAPHQL),
        (JSON, JSON, &wrong, 200, JSON),
        (GRAPHQL, JSON, &broken, 400, GRAPHQL),
        (GRAPHQL, JSON, "{", 400, GRAPHQL),
        (GRAPHQL, JSON, "[]", 400, GRAPHQL),
        (GRAPHQL, JSON, "\"text\"", 400, GRAPHQL),
        (JSON, JSON, "{\"query\": 7}", 400, JSON),
        (GRAPHQL, "text/plain", &fine, 415, GRAPHQL),
        (GRAPHQL, "application/x-www-form-urlencoded", &fine, 415, GRAPHQL),
        (GRAPHQL, "application/json; charset=iso-8859-1", &fine, 415, GRAPHQL),
        ("text/html", JSON, &fine, 406, JSON),
        (GRAPHQL, JSON, &partly, 200, GRAPHQL),
    ] {
        let request = client.post(&url).header("accept", accept).header(CONTENT_TYPE, content);
        let answer = request.body(body.to_owned()).send().await.unwrap();
        let case = format!("{accept} {content} {body}");
        assert_eq!(answer.status().as_u16(), status, "{case}");
        assert_eq!(answer.headers()[CONTENT_TYPE], format!("{media}; charset=utf-8"), "{case}");
        assert!(answer.headers().contains_key("x-request-id"), "{case}");
        let answer: Value = answer.json().await.unwrap();
        assert_eq!(answer.get("errors").is_none(), body == fine && status == 200, "{case}: {answer}");
        if answer.get("data").is_none() {
            assert!(answer["errors"][0]["extensions"]["code"].is_string(), "{case}: {answer}");
        }
    }
}

#[tokio::test]
async fn an_address_only_reads() {
    let url = format!("{}/graphql", server().await);
    let get = async |query: &[(&str, &str)]| {
        let address = url::Url::parse_with_params(&url, query).unwrap();
        client().get(address).send().await.unwrap()
    };
    let found = get(&[
        ("query", "query($s: String!) { role(by: { slug: $s }) { title } }"),
        ("variables", r#"{"s":"data-scientist"}"#),
    ])
    .await;
    assert_eq!(found.status(), 200);
    let found: Value = found.json().await.unwrap();
    assert!(found["data"]["role"]["title"].is_string(), "{found}");
    let written = get(&[("query", "mutation { cancelJob(input: { job: \"a\" }) { job { id } } }")]).await;
    assert_eq!(
        (written.status(), &written.headers()["allow"]),
        (StatusCode::METHOD_NOT_ALLOWED, &"POST".parse().unwrap())
    );
    assert_eq!(get(&[("query", "{ service { roles } }"), ("variables", "{")]).await.status(), 400);
    assert_eq!(get(&[]).await.status(), 400);
}

#[tokio::test]
async fn what_is_too_large_is_refused_and_the_server_goes_on() {
    let url = format!("{}/graphql", server().await);
    let post = async |body: String| {
        let request = client().post(&url).header(CONTENT_TYPE, JSON).header("accept", GRAPHQL);
        request.body(body).send().await.unwrap()
    };
    let large = json!({ "query": format!("{{ service {{ roles }} }} #{}", "x".repeat(200_000)) });
    assert_eq!(post(large.to_string()).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let bomb = (0..60)
        .map(|n| format!("fragment f{n} on Query {{ ...f{m} ...f{m} }} ", m = n + 1))
        .collect::<Vec<_>>()
        .concat();
    let bomb = format!("{{ ...f0 }} {bomb} fragment f60 on Query {{ service {{ roles }} }}");
    let refused = post(json!({ "query": bomb }).to_string()).await;
    assert_eq!(refused.status(), 400);
    let deep = format!("{}{}", "{ a".repeat(5_000), "}".repeat(5_000));
    assert_eq!(post(json!({ "query": deep }).to_string()).await.status(), 400);
    assert_eq!(post(json!({ "query": "{ service { roles } }" }).to_string()).await.status(), 200);
}

#[tokio::test]
async fn pages_and_probes_answer() {
    let base = server().await;
    for (path, status, begins) in [
        ("/healthz", 200, "ok"),
        ("/readyz", 200, "ready"),
        ("/metrics", 200, "#"),
        ("/schema.graphql", 200, "\"\"\"\na file a release was read from."),
        ("/", 200, "<!doctype html>"),
        ("/graphiql", 200, "<!doctype html>"),
        ("/assets/../Cargo.toml", 404, ""),
        ("/assets/%2e%2e/index.html", 404, ""),
        ("/admin", 404, ""),
    ] {
        let answer = client().get(format!("{base}{path}")).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{path}");
        let text = answer.text().await.unwrap();
        assert!(text.to_lowercase().starts_with(begins), "{path}: {text:.60}");
    }
    for method in [Method::PUT, Method::DELETE] {
        let answer = client().request(method, format!("{base}/graphql")).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
    }
}

#[tokio::test]
async fn an_error_has_a_code_and_no_insides() {
    let url = format!("{}/graphql", server().await);
    for (query, code) in [
        ("{ roles(first: 1000) { totalCount } }", "BAD_USER_INPUT"),
        ("{ roles(first: -1) { totalCount } }", "BAD_USER_INPUT"),
        ("{ salaryBands(filter: { regions: [\"nowhere at all\"] }) { totalCount } }", "BAD_USER_INPUT"),
        ("{ role(by: { slug: \"a\", id: \"b\" }) { title } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ roles(after: \"not a cursor\") { totalCount } }", "BAD_USER_INPUT"),
        ("{ role(by: { slug: \"a\" }, asOf: \"2025-5-31\") { title } }", "BAD_USER_INPUT"),
        ("{ role(by: { slug: \"a\" }, asOf: \"+12025-01-01\") { title } }", "BAD_USER_INPUT"),
    ] {
        let body = json!({ "query": query });
        let answer =
            client().post(&url).header(CONTENT_TYPE, JSON).body(body.to_string()).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        let error = &answer["errors"][0];
        assert!(error["message"].is_string(), "{query}: {answer}");
        assert!(error["extensions"]["code"] == code, "{query}: {answer}");
        let text = answer.to_string();
        assert!(
            !["sqlite", "SELECT", "/src/", "panicked", "occurred while parsing"]
                .iter()
                .any(|word| text.contains(word)),
            "{text}"
        );
    }
}
