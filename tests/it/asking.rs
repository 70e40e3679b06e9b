//! What an operator can set about asking: batches, documents by hash, what is kept, who may ask and how much.

use std::{io::Read as _, time::Duration};

use flate2::read::GzDecoder;
use reqwest::{Client, Response, header::CONTENT_TYPE};
use rolecast::config::Config;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{
    app::App,
    http::{client, serve, server_with},
};

const QUERY: &str = "{ service { roles } }";

pub(crate) async fn post(base: &str, body: Value) -> Response {
    let request = client().post(format!("{base}/graphql")).header(CONTENT_TYPE, "application/json");
    request.header("accept", "application/graphql-response+json").body(body.to_string()).send().await.unwrap()
}

async fn get(base: &str, query: &[(&str, &str)], headers: &[(&str, &str)]) -> Response {
    let address = url::Url::parse_with_params(&format!("{base}/graphql"), query).unwrap();
    let request = client().get(address);
    headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send().await.unwrap()
}

pub(crate) fn code(answer: &Value) -> &str {
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
async fn a_request_that_cannot_be_read_says_what_is_wrong_by_a_code() {
    let base = server_with(Config::default()).await;
    for (document, expected) in [
        ("{ roles {", "GRAPHQL_PARSE_FAILED"),
        ("{ roles { nothing } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ roles(first: -1) { totalCount } }", "BAD_USER_INPUT"),
    ] {
        let answer: Value = post(&base, json!({ "query": document })).await.json().await.unwrap();
        assert_eq!(code(&answer), expected, "{answer}");
    }
    let forgetful = server_with(Config { persisted_queries: 0, ..Config::default() }).await;
    let hash = json!({ "persistedQuery": { "version": 1, "sha256Hash": "a".repeat(64) } });
    let answer: Value = post(&forgetful, json!({ "extensions": hash })).await.json().await.unwrap();
    assert_eq!(code(&answer), "PERSISTED_QUERY_NOT_SUPPORTED", "{answer}");
}

#[tokio::test]
async fn unknown_names_are_explained_up_to_so_many() {
    let base = server_with(Config::default()).await;
    let errors = async |fields: usize| {
        let document = format!("{{ service {{ {} }} }}", "versoin ".repeat(fields));
        let answer: Value = post(&base, json!({ "query": document })).await.json().await.unwrap();
        answer["errors"].as_array().unwrap().clone()
    };
    let message = errors(1).await[0]["message"].as_str().unwrap().to_owned();
    assert!(message.contains("Did you mean `version`?"), "{message}");
    assert_eq!(errors(2_000).await.len(), 100);
}

#[tokio::test]
async fn what_fails_here_is_told_by_a_code_and_nothing_else() {
    let app = App::start().await;
    let base = serve(app.schema().await, &Config::default()).await;
    app.cx.db.execute_unprepared("DROP TABLE occupation_title").await.unwrap();
    let document = "{ role(by: { slug: \"registered-nurses\" }) { alternateTitles } }";
    let answer: Value = post(&base, json!({ "query": document })).await.json().await.unwrap();
    assert_eq!(code(&answer), "INTERNAL", "{answer}");
    assert!(!answer.to_string().contains("occupation_title"), "{answer}");
    assert_eq!(answer["errors"][0]["message"], "something failed here; the log of the server says what");
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

#[tokio::test]
async fn large_answers_are_compressed_for_those_who_take_it() {
    let plain = Client::builder().no_proxy().gzip(false).build().unwrap();
    let asked = async |base: &str, query: &str, takes: &str| {
        let request = plain.post(format!("{base}/graphql")).header(CONTENT_TYPE, "application/json");
        let request = request.header("accept-encoding", takes).body(json!({ "query": query }).to_string());
        let answer = request.send().await.unwrap();
        let gzip = answer.headers().get("content-encoding").is_some_and(|coding| coding == "gzip");
        (gzip, answer.bytes().await.unwrap())
    };
    let large = "{ roles(first: 100) { nodes { id slug title } } }";
    let base = server_with(Config::default()).await;
    let (gzip, whole) = asked(&base, large, "identity").await;
    assert!(!gzip && whole.len() > 1024);
    let (gzip, bytes) = asked(&base, large, "br, gzip").await;
    assert!(gzip && bytes.len() < whole.len() / 2, "{} of {}", bytes.len(), whole.len());
    let mut unpacked = Vec::new();
    GzDecoder::new(&bytes[..]).read_to_end(&mut unpacked).unwrap();
    assert_eq!(unpacked, whole);
    assert!(!asked(&base, QUERY, "gzip").await.0, "a small answer is sent as it is");
    let base = server_with(Config { compress_from: 0, ..Config::default() }).await;
    assert!(!asked(&base, large, "gzip").await.0, "nothing is compressed where that is switched off");
}

#[tokio::test]
async fn a_body_that_says_it_is_packed_is_refused() {
    let base = server_with(Config::default()).await;
    for (coding, status) in [("gzip", 415), ("identity", 200)] {
        let request = client().post(format!("{base}/graphql")).header(CONTENT_TYPE, "application/json");
        let request = request.header("content-encoding", coding).body(json!({ "query": QUERY }).to_string());
        assert_eq!(request.send().await.unwrap().status(), status, "{coding}");
    }
}

#[tokio::test]
async fn documents_that_are_refused_empty_the_bucket_too() {
    let base = server_with(Config { address_rate: 1, rate_burst: 100, ..Config::default() }).await;
    for refused in ["{ nothing }", "{ roles", "{ role(by: { slug: 7 }) { slug } }"] {
        let body = json!({ "query": refused });
        assert_eq!(post(&base, body).await.status(), 400, "{refused}");
    }
    for _ in 0..100 {
        if post(&base, json!({ "query": "{ nothing }" })).await.status() == 429 {
            return;
        }
    }
    panic!("a hundred refused documents are for nothing");
}

/// Asks for a WebSocket; returns the connection and the status.
pub(crate) async fn upgraded(base: &str) -> (TcpStream, String) {
    let address = base.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let asked = format!(
        "GET /graphql/ws HTTP/1.1\r\nhost: {address}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         sec-websocket-protocol: graphql-transport-ws\r\n\r\n"
    );
    stream.write_all(asked.as_bytes()).await.unwrap();
    let mut head = vec![0; 12];
    stream.read_exact(&mut head).await.unwrap();
    (stream, String::from_utf8(head).unwrap()[9..].to_owned())
}

#[tokio::test]
async fn one_socket_too_many_waits_until_another_is_closed() {
    let base = server_with(Config { max_sockets: 2, ..Config::default() }).await;
    let (first, status) = upgraded(&base).await;
    assert_eq!(status, "101");
    let (_second, status) = upgraded(&base).await;
    assert_eq!(status, "101");
    assert_eq!(upgraded(&base).await.1, "503");
    assert_eq!(post(&base, json!({ "query": QUERY })).await.status(), 200);
    drop(first);
    for _ in 0..100 {
        if upgraded(&base).await.1 == "101" {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("a closed socket is still counted");
}

#[tokio::test]
async fn names_are_suggested_unless_that_is_switched_off() {
    for (suggestions, told) in [(true, true), (false, false)] {
        let base = server_with(Config { suggestions, ..Config::default() }).await;
        for (query, name) in [
            ("{ rolse { totalCount } }", "`roles`"),
            ("{ roles(frist: 1) { totalCount } }", "`first`"),
            ("{ occupations(classification: SOC_2081) { totalCount } }", "`SOC_2018`"),
            ("{ role(by: { slugs: \"a\" }) { title } }", "`slug`"),
            ("{ node(id: \"a\") { ... on Roel { title } } }", "`Role`"),
            ("{ service { roles @skup(if: true) } }", "`skip`"),
        ] {
            let refused: Value = post(&base, json!({ "query": query })).await.json().await.unwrap();
            assert_eq!(code(&refused), "GRAPHQL_VALIDATION_FAILED");
            let messages = refused["errors"].to_string();
            let suggested = messages.contains("Did you mean") && messages.contains(name);
            assert_eq!(suggested, told, "{messages}");
        }
    }
}

/// A field that does the work of thousands is counted as thousands.
#[tokio::test]
async fn a_text_is_not_checked_hundreds_of_times_in_one_request() {
    let base = server_with(Config::default()).await;
    let asked = async |times: usize| -> Value {
        let fields: Vec<String> =
            (0..times).map(|at| format!("a{at}: checkClaims(text: $text) {{ claim }}")).collect();
        let query = format!("query($text: String!) {{ {} }}", fields.join(" "));
        post(&base, json!({ "query": query, "variables": { "text": "Nurses." } })).await.json().await.unwrap()
    };
    assert!(asked(10).await.get("errors").is_none());
    assert_eq!(code(&asked(300).await), "QUERY_TOO_COSTLY");
}

#[tokio::test]
async fn a_field_that_failed_is_null_beside_the_others() {
    let app = App::start().await.with_starter().await;
    let base = serve(app.schema().await, &Config::default()).await;
    let nurses = r#"role(by: { slug: "registered-nurses" })"#;
    let wrong = r#"salary(view: { currency: "XYZ" }) { median { text } }"#;
    for (document, expected) in [
        (
            format!("{{ {nurses} {{ {wrong} slug }} }}"),
            r#"{"role":{"salary":null,"slug":"registered-nurses"}}"#,
        ),
        (format!("{{ {nurses} {{ {wrong} }} }}"), r#"{"role":{"salary":null}}"#),
        (
            format!("{{ {nurses} {{ slug salary {{ currency percentile(p: 0) {{ text }} }} }} }}"),
            r#"{"role":{"slug":"registered-nurses","salary":null}}"#,
        ),
        (
            format!("{{ roles(first: 1) {{ nodes {{ {wrong} }} }} }}"),
            r#"{"roles":{"nodes":[{"salary":null}]}}"#,
        ),
    ] {
        let answer = post(&base, json!({ "query": document })).await.text().await.unwrap();
        assert!(answer.starts_with(&format!(r#"{{"data":{expected},"errors""#)), "{document}: {answer}");
    }
}
