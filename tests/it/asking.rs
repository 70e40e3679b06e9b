//! What an operator can set about asking: batches, documents by hash, what is kept, who may ask and how much.

use reqwest::{Response, header::CONTENT_TYPE};
use rolecast::config::Config;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::http::{client, server_with};

const QUERY: &str = "{ service { roles } }";

async fn post(base: &str, body: Value) -> Response {
    let request = client().post(format!("{base}/graphql")).header(CONTENT_TYPE, "application/json");
    request.header("accept", "application/graphql-response+json").body(body.to_string()).send().await.unwrap()
}

async fn get(base: &str, query: &[(&str, &str)], headers: &[(&str, &str)]) -> Response {
    let address = url::Url::parse_with_params(&format!("{base}/graphql"), query).unwrap();
    let request = client().get(address);
    headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send().await.unwrap()
}

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn a_batch_is_answered_in_order_and_within_its_bound() {
    let base = server_with(Config { max_batch: 2, ..Config::default() }).await;
    let one = json!({ "query": QUERY });
    let answer: Value = post(&base, json!([one, { "query": "{ nothing }" }])).await.json().await.unwrap();
    assert!(answer[0]["data"]["service"]["roles"].is_number(), "{answer}");
    assert!(answer[1].get("data").is_none() && answer[1]["errors"].is_array(), "{answer}");
    let refused = post(&base, json!([one, one, one])).await;
    assert_eq!(refused.status(), 400);
    assert_eq!(code(&refused.json().await.unwrap()), "BAD_REQUEST");
}

#[tokio::test]
async fn a_document_sent_once_with_its_hash_is_asked_for_by_the_hash() {
    let base = server_with(Config::default()).await;
    let hash = format!("{:x}", Sha256::digest(QUERY));
    let extensions = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
    let unknown: Value = post(&base, json!({ "extensions": extensions })).await.json().await.unwrap();
    assert_eq!(unknown["errors"][0]["message"], "PersistedQueryNotFound");
    assert_eq!(code(&unknown), "PERSISTED_QUERY_NOT_FOUND");
    let told: Value =
        post(&base, json!({ "query": QUERY, "extensions": extensions })).await.json().await.unwrap();
    assert!(told["data"]["service"]["roles"].is_number(), "{told}");
    let by_hash = get(&base, &[("extensions", &extensions.to_string())], &[]).await;
    assert_eq!(by_hash.status(), 200);
    assert_eq!(by_hash.json::<Value>().await.unwrap(), told);
}

#[tokio::test]
async fn what_a_client_holds_is_not_sent_again() {
    let base = server_with(Config { max_age: 7, ..Config::default() }).await;
    let first = get(&base, &[("query", QUERY)], &[]).await;
    assert_eq!(first.headers()["cache-control"], "public, max-age=7");
    let tag = first.headers()["etag"].to_str().unwrap().to_owned();
    let again = get(&base, &[("query", QUERY)], &[("if-none-match", &tag)]).await;
    assert_eq!(again.status(), 304);
    assert_eq!(again.headers()["etag"].to_str().unwrap(), tag);
    assert!(again.bytes().await.unwrap().is_empty());
    for wrong in ["{ nothing }", "{ roles(first: -1) { totalCount } }"] {
        let answer = get(&base, &[("query", wrong)], &[]).await;
        assert_eq!(answer.headers()["cache-control"], "no-store", "{wrong}");
        assert!(!answer.headers().contains_key("etag"), "{wrong}");
    }
    let posted = post(&base, json!({ "query": QUERY })).await;
    assert_eq!(posted.headers()["cache-control"], "no-store");
}

#[tokio::test]
async fn only_listed_documents_are_answered_where_there_is_a_list() {
    let folder = tempfile::tempdir().unwrap();
    let trusted_documents = folder.path().join("documents.json");
    std::fs::write(&trusted_documents, json!({ "pay": QUERY }).to_string()).unwrap();
    let base = server_with(Config { trusted_documents, ..Config::default() }).await;
    let refused = post(&base, json!({ "query": "{ service { regions } }" })).await;
    assert_eq!(
        (refused.status().as_u16(), code(&refused.json().await.unwrap())),
        (400, "DOCUMENT_NOT_TRUSTED")
    );
    assert_eq!(post(&base, json!({ "documentId": "pay" })).await.status(), 200);
    assert_eq!(post(&base, json!({ "query": QUERY })).await.status(), 200);
}

#[tokio::test]
async fn whoever_asks_too_much_waits_and_is_told_how_long() {
    let base = server_with(Config { address_rate: 1, rate_burst: 20, ..Config::default() }).await;
    let asked = json!({ "query": QUERY, "extensions": { "cost": true } });
    let answer: Value = post(&base, asked).await.json().await.unwrap();
    let cost = &answer["extensions"]["cost"];
    assert_eq!(cost["requested"], json!({ "answer": 2, "fields": 2, "depth": 2 }), "{answer}");
    assert_eq!(cost["throttleStatus"]["maximumAvailable"], 20);
    assert!(cost["limits"]["answer"].is_number());
    let large = json!({ "query": "{ roles(first: 100) { nodes { title } } }" });
    let refused = post(&base, large).await;
    assert_eq!(refused.status(), 429);
    assert!(refused.headers()["retry-after"].to_str().unwrap().parse::<u64>().unwrap() >= 1);
    let refused: Value = refused.json().await.unwrap();
    assert_eq!(code(&refused), "THROTTLED");
    assert_eq!(refused["errors"][0]["extensions"]["cost"]["throttleStatus"]["restoreRate"], 1);
}

#[tokio::test]
async fn a_server_may_keep_its_schema_and_its_names_to_itself() {
    let base = server_with(Config { introspection: false, ..Config::default() }).await;
    for hidden in ["{ __schema { types { name } } }", "{ ... { a: __type(name: \"Role\") { name } } }"] {
        let refused: Value = post(&base, json!({ "query": hidden })).await.json().await.unwrap();
        assert_eq!(code(&refused), "INTROSPECTION_DISABLED", "{refused}");
    }
    assert_eq!(post(&base, json!({ "query": "{ __typename }" })).await.status(), 200);
}

#[tokio::test]
async fn a_limit_that_is_configured_is_the_one_that_holds() {
    let base = server_with(Config { max_depth: 3, ..Config::default() }).await;
    let deep = "{ roles { nodes { occupations { occupation { code } } } } }";
    let refused: Value = post(&base, json!({ "query": deep })).await.json().await.unwrap();
    assert_eq!(code(&refused), "QUERY_TOO_COSTLY");
    assert_eq!(post(&base, json!({ "query": QUERY })).await.status(), 200);
}

#[tokio::test]
async fn scripts_of_listed_sites_may_read_and_others_may_not() {
    let config = Config { cors_origins: vec!["https://example.org".into()], ..Config::default() };
    let base = server_with(config).await;
    for (origin, allowed) in [("https://example.org", true), ("https://example.com", false)] {
        let answer = get(&base, &[("query", QUERY)], &[("origin", origin)]).await;
        assert_eq!(answer.headers().contains_key("access-control-allow-origin"), allowed, "{origin}");
        assert!(!answer.headers().contains_key("access-control-allow-credentials"));
    }
}

#[tokio::test]
async fn reading_needs_a_token_where_it_is_not_public() {
    let admin_token = "a-token-for-this-test".to_owned();
    let base = server_with(Config { public_reads: false, admin_token, ..Config::default() }).await;
    let refused = get(&base, &[("query", QUERY)], &[]).await;
    assert_eq!(
        (refused.status().as_u16(), &refused.headers()["www-authenticate"]),
        (401, &"Bearer".parse().unwrap())
    );
    assert_eq!(code(&refused.json().await.unwrap()), "UNAUTHENTICATED");
    let wrong = get(&base, &[("query", QUERY)], &[("authorization", "Bearer wrong")]).await;
    assert_eq!(wrong.status(), 401);
    let known = get(&base, &[("query", QUERY)], &[("authorization", "Bearer a-token-for-this-test")]).await;
    assert_eq!(
        (known.status().as_u16(), &known.headers()["cache-control"]),
        (200, &"private, max-age=60".parse().unwrap())
    );
}
