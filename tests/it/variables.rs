//! Variables: a document is asked with the values, the defaults and the mistakes of each request.

use reqwest::header::CONTENT_TYPE;
use rolecast::config::Config;
use serde_json::{Value, json};

use crate::{
    app::App,
    asking::{code, post},
    http::{client, serve, server_with},
};

#[tokio::test]
async fn a_number_without_a_fraction_is_whole_in_a_variable() {
    let base = server_with(Config::default()).await;
    let query = "query ($first: Int) { roles(first: $first) { nodes { slug } } }";
    for (written, status) in [("3.0", 200), ("3.5", 400)] {
        let body = format!(r#"{{"query":"{query}","variables":{{"first":{written}}}}}"#);
        let request = client().post(format!("{base}/graphql")).header(CONTENT_TYPE, "application/json");
        let request = request.header("accept", "application/graphql-response+json");
        assert_eq!(request.body(body).send().await.unwrap().status(), status, "{written}");
    }
}

/// A document is read once and asked with other variables: costs, defaults and mistakes are those of each request.
#[tokio::test]
async fn a_known_document_is_asked_with_the_variables_of_each_request() {
    for document_cache in [0, 1 << 20] {
        let base = server_with(Config { document_cache, max_cost: 1000, ..Config::default() }).await;
        let query = "query A($n: Int = 3, $long: Boolean!) { roles(first: $n) { nodes { slug title @include(if: $long) } } }
            query B { service { roles } }";
        let asked = async |operation: &str, variables: Value| -> Value {
            let body = json!({ "query": query, "operationName": operation, "variables": variables,
                "extensions": { "cost": true } });
            post(&base, body).await.json().await.unwrap()
        };
        for _ in 0..2 {
            let few = asked("A", json!({ "long": true })).await;
            assert_eq!(few["data"]["roles"]["nodes"].as_array().map(Vec::len), Some(3), "{few}");
            assert!(few["data"]["roles"]["nodes"][0]["title"].is_string());
            assert_eq!(few["extensions"]["cost"]["requested"]["answer"], 510);
            let more = asked("A", json!({ "n": 5, "long": false })).await;
            assert_eq!(more["data"]["roles"]["nodes"].as_array().map(Vec::len), Some(5), "{more}");
            assert!(more["data"]["roles"]["nodes"][0].get("title").is_none());
            assert_eq!(more["extensions"]["cost"]["requested"]["answer"], 516);
            assert_eq!(code(&asked("A", json!({ "n": 400, "long": true })).await), "QUERY_TOO_COSTLY");
            for wrong in [json!({}), json!({ "n": "5", "long": true }), json!({ "long": null })] {
                let refused = asked("A", wrong).await;
                assert!(code(&refused) == "BAD_USER_INPUT" && refused.get("data").is_none(), "{refused}");
            }
            assert!(asked("B", json!({})).await["data"]["service"]["roles"].is_number());
            assert_eq!(code(&asked("C", json!({})).await), "BAD_USER_INPUT");
        }
    }
}

/// What a variable without a value stands for was not given: its place has its own default, in arguments, inputs and fragments.
#[tokio::test]
async fn a_variable_without_a_value_leaves_the_default() {
    let app = App::start().await.with_starter().await;
    let base = serve(app.schema().await, &Config::default()).await;
    let answer = async |query: &str, variables: Value| -> Value {
        post(&base, json!({ "query": query, "variables": variables })).await.json().await.unwrap()
    };
    let nurses = r#"role(by: { slug: "registered-nurses" })"#;
    for (declared, asked, plain) in [
        (
            "$p: PayPeriod",
            "salaryBands(filter: { period: $p }) { totalCount }",
            "salaryBands(filter: {}) { totalCount }",
        ),
        (
            "$p: ReleaseSelection",
            "salaryBands(filter: { releases: $p }) { totalCount }",
            "salaryBands(filter: {}) { totalCount }",
        ),
        (
            "$p: RegionCode",
            &format!("{nurses} {{ salary(region: $p) {{ region {{ code }} }} }}"),
            &format!("{nurses} {{ salary {{ region {{ code }} }} }}"),
        ),
        (
            "$p: Int",
            r#"matchRoles(title: "nurse", first: $p) { matches { confidence } }"#,
            r#"matchRoles(title: "nurse") { matches { confidence } }"#,
        ),
        (
            "$p: OrderDirection",
            "roles(orderBy: { field: TITLE, direction: $p }) { nodes { slug } }",
            "roles(orderBy: { field: TITLE }) { nodes { slug } }",
        ),
    ] {
        let own = answer(&format!("{{ {plain} }}"), json!({})).await;
        assert!(own["data"].is_object() && own.get("errors").is_none(), "{own}");
        assert_eq!(answer(&format!("query({declared}) {{ {asked} }}"), json!({})).await, own);
        let spread = format!("query({declared}) {{ ...Rest }} fragment Rest on Query {{ {asked} }}");
        assert_eq!(answer(&spread, json!({})).await, own);
    }
    let null =
        answer("query($b: Boolean = true) { service @include(if: $b) { roles } }", json!({ "b": null }))
            .await;
    assert!(code(&null) == "BAD_USER_INPUT" && null.get("data").is_none(), "{null}");
}
