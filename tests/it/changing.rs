//! What can be changed over the API: who may, what happens, and what is written down.

use std::sync::Arc;

use entity::{Classification, audit_entry};
use jobs::definition::Registry;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use rolecast::{
    access::{Scope, keys},
    config::Config,
};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};

use crate::{
    app::{App, noon},
    http::{client, serve},
    lifecycle::{knowing, registry, with_a_strange_mark},
};

/// A server on an app's database, and a way to ask it with a token.
struct World {
    app: App,
    base: String,
}

impl World {
    async fn over(app: App) -> Self {
        jobs::publish::register(&app.cx.db, &app.cx.registry).await.unwrap();
        let base = serve(app.schema().await, &Config::default()).await;
        Self { app, base }
    }

    /// The same world after its definitions were changed.
    async fn with(mut self, registry: Arc<Registry>) -> Self {
        self.app.cx.registry = registry;
        Self::over(self.app).await
    }

    async fn token(&self, name: &str, scope: Scope) -> String {
        let token = keys::create(&self.app.cx.db, name, [scope].into_iter().collect(), noon()).await.unwrap();
        token.reveal().to_owned()
    }

    async fn ask(&self, token: Option<&str>, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let mut request =
            client().post(format!("{}/graphql", self.base)).header(CONTENT_TYPE, "application/json");
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        request.body(body).send().await.unwrap().json().await.unwrap()
    }

    async fn audit(&self) -> Vec<(String, String, String)> {
        let rows =
            audit_entry::Entity::find().order_by_asc(audit_entry::Column::Id).all(&self.app.cx.db).await;
        rows.unwrap().into_iter().map(|row| (row.caller, row.action, row.outcome)).collect()
    }
}

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
}

const REFRESH: &str = "mutation($source: String!) { refreshSource(input: { source: $source }) {
    job { id state attempts source { key } } userErrors { code message path } } }";
const CANCEL: &str = "mutation($job: ID!) { cancelJob(input: { job: $job }) { job { id state lastError } userErrors { code } } }";
const RECORD: &str = "mutation($input: RecordObservationInput!) { recordObservation(input: $input) {
    release { id status source { key method } } userErrors { code path } } }";

async fn a_refresh_is_queued_once_and_can_be_cancelled(app: App) {
    let world = World::over(app).await;
    let token = world.token("ci", Scope::Refresh).await;
    let first = world.ask(Some(&token), REFRESH, json!({ "source": "bls-oews" })).await;
    let job = &first["data"]["refreshSource"]["job"];
    assert_eq!((&job["state"], &job["source"]["key"]), (&json!("WAITING"), &json!("bls-oews")), "{first}");
    let again = world.ask(Some(&token), REFRESH, json!({ "source": "bls-oews" })).await;
    assert_eq!(again["data"]["refreshSource"]["job"]["id"], job["id"]);
    let listed = world
        .ask(None, "{ service { jobs { totalCount nodes { id attempts dueAt startedAt } } } }", json!({}))
        .await;
    assert_eq!(listed["data"]["service"]["jobs"]["totalCount"], 1, "{listed}");
    let stopped = world.ask(Some(&token), CANCEL, json!({ "job": job["id"] })).await;
    let stopped = &stopped["data"]["cancelJob"];
    assert_eq!(
        (&stopped["job"]["state"], &stopped["job"]["lastError"]),
        (&json!("CANCELLED"), &json!("CANCELLED"))
    );
    let twice = world.ask(Some(&token), CANCEL, json!({ "job": job["id"] })).await;
    assert_eq!(twice["data"]["cancelJob"]["userErrors"][0]["code"], "ENDED", "{twice}");
    let next = world.ask(Some(&token), REFRESH, json!({ "source": "bls-oews" })).await;
    assert_ne!(next["data"]["refreshSource"]["job"]["id"], job["id"], "{next}");
    let unknown = world.ask(Some(&token), REFRESH, json!({ "source": "nowhere" })).await;
    let unknown = &unknown["data"]["refreshSource"];
    assert_eq!(unknown["userErrors"][0]["path"], json!(["input", "source"]));
    assert_eq!((&unknown["job"], &unknown["userErrors"][0]["code"]), (&Value::Null, &json!("NOT_FOUND")));
    let outcomes: Vec<_> = world
        .audit()
        .await
        .into_iter()
        .map(|(caller, action, outcome)| {
            assert_eq!(caller, "ci");
            (action, outcome)
        })
        .collect();
    let outcomes: Vec<_> =
        outcomes.iter().map(|(action, outcome)| (action.as_str(), outcome.as_str())).collect();
    assert_eq!(
        outcomes,
        [
            ("refreshSource", "OK"),
            ("refreshSource", "OK"),
            ("cancelJob", "OK"),
            ("cancelJob", "ENDED"),
            ("refreshSource", "OK"),
            ("refreshSource", "NOT_FOUND"),
        ]
    );
}

on_both_engines!(a_refresh_is_queued_once_and_can_be_cancelled);

#[tokio::test]
async fn nobody_changes_anything_without_the_scope_for_it() {
    let world = World::over(App::start().await).await;
    let record = world.token("clerk", Scope::Record).await;
    let source = json!({ "source": "bls-oews" });
    assert_eq!(code(&world.ask(None, REFRESH, source.clone()).await), "UNAUTHENTICATED");
    assert_eq!(code(&world.ask(Some(&record), REFRESH, source.clone()).await), "FORBIDDEN");
    keys::revoke(&world.app.cx.db, "clerk", noon()).await.unwrap();
    let other = world.token("reader", Scope::Read).await;
    assert_eq!(code(&world.ask(Some(&other), REFRESH, source).await), "FORBIDDEN");
    assert_eq!(
        code(&world.ask(Some("rolecast_wrong"), "{ __typename }", json!({})).await),
        "UNAUTHENTICATED"
    );
    let refused =
        ["clerk", "reader"].map(|name| (name.to_owned(), "refreshSource".to_owned(), "FORBIDDEN".to_owned()));
    assert_eq!(world.audit().await, refused);
}

#[tokio::test]
async fn a_recorded_figure_is_a_release_with_its_page_day_and_words() {
    let world = World::over(App::start().await).await;
    let token = world.token("clerk", Scope::Record).await;
    let role = world.ask(None, "{ role(by: { slug: \"back-end-developer\" }) { id } }", json!({})).await;
    let input = json!({
        "role": role["data"]["role"]["id"], "region": "US", "lane": "CROWD", "currency": "USD", "period": "YEAR",
        "mean": 112_345.5, "low": 80_000, "high": 150_000, "page": "https://www.glassdoor.com/Salaries/back-end.htm",
        "observedOn": "2026-05-20", "quote": "the average pay is $112,345.50 a year",
    });
    let first = world.ask(Some(&token), RECORD, json!({ "input": input })).await;
    let release = &first["data"]["recordObservation"]["release"];
    assert_eq!(
        (&release["status"], &release["source"]["method"]),
        (&json!("PUBLISHED"), &json!("CROWD")),
        "{first}"
    );
    let again = world.ask(Some(&token), RECORD, json!({ "input": input })).await;
    assert_eq!(&again["data"]["recordObservation"]["release"]["id"], &release["id"]);
    // The page is read once more, otherwise; then as the first time: it is what was recorded then.
    let mut other = input.clone();
    other["mean"] = json!(112_346);
    let other = world.ask(Some(&token), RECORD, json!({ "input": other })).await;
    assert_ne!(&other["data"]["recordObservation"]["release"]["id"], &release["id"], "{other}");
    let again = world.ask(Some(&token), RECORD, json!({ "input": input })).await;
    assert_eq!(&again["data"]["recordObservation"]["release"]["id"], &release["id"], "{again}");
    let bands =
        "{ role(by: { slug: \"back-end-developer\" }) { salaryBands(filter: { methods: [CROWD] }) { nodes {
        method reference { end } mean { amount text } low { amount } high { amount } median { kind }
        provenance { url locator retrievedAt } } } } }";
    let bands = world.ask(None, bands, json!({})).await;
    let nodes = bands["data"]["role"]["salaryBands"]["nodes"].as_array().unwrap();
    assert_eq!(nodes.len(), 1, "{bands}");
    assert_eq!(nodes[0]["mean"]["amount"], 112_346);
    assert_eq!(nodes[0]["median"]["kind"], "NOT_PUBLISHED");
    assert_eq!(nodes[0]["provenance"]["url"], input["page"]);
    let locator = nodes[0]["provenance"]["locator"].as_str().unwrap();
    assert!(locator.contains("2026-05-20") && locator.contains("the average pay is"), "{locator}");
}

#[tokio::test]
async fn everything_wrong_with_a_recorded_figure_is_told_at_once() {
    let world = World::over(App::start().await).await;
    let token = world.token("clerk", Scope::Record).await;
    let input = json!({
        "role": "nobody", "region": "US-XX", "lane": "ADVERT", "currency": "XXX", "period": "HOUR", "low": 30, "high": 20,
        "page": "javascript:alert(1)", "observedOn": "2030-01-01", "quote": "a ".repeat(16),
    });
    let answer = world.ask(Some(&token), RECORD, json!({ "input": input })).await;
    let payload = &answer["data"]["recordObservation"];
    let wrong: Vec<_> = payload["userErrors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["path"][1].as_str().unwrap())
        .collect();
    assert_eq!(wrong, ["role", "region", "currency", "page", "observedOn", "quote", "low"], "{answer}");
    let codes: Vec<_> =
        payload["userErrors"].as_array().unwrap().iter().map(|error| &error["code"]).collect();
    assert_eq!(codes, ["NOT_FOUND", "NOT_FOUND", "INVALID", "INVALID", "INVALID", "INVALID", "INVALID"]);
    assert_eq!(payload["release"], Value::Null);
}

const REPLAY: &str = "mutation($release: ID!) { replayRejects(input: { release: $release }) {
    release { id edition status rowsRejected } userErrors { code path } } }";

/// A world with a release one row of which is rejected for a mark, a token that may refresh, and the mark.
async fn with_a_reject() -> (World, String, String) {
    let app = App::start().await;
    let codes = app.codes(Classification::Soc2018).await;
    let (table, mark) = with_a_strange_mark(&codes);
    app.take("bls-oews", "oews_national_2021.csv", table.as_bytes()).await.unwrap();
    let world = World::over(app).await;
    let token = world.token("ci", Scope::Refresh).await;
    (world, token, mark)
}

/// The id of the only release of the national wage survey that has this edition, and what replaying it says.
async fn replayed(world: &World, token: &str, edition: i64) -> Value {
    let listed = "{ source(key: \"bls-oews\") { releases { nodes { id edition } } } }";
    let listed = world.ask(Some(token), listed, json!({})).await;
    let releases = listed["data"]["source"]["releases"]["nodes"].as_array().unwrap();
    let release = releases.iter().find(|release| release["edition"] == edition).unwrap();
    let answer = world.ask(Some(token), REPLAY, json!({ "release": release["id"] })).await;
    answer["data"]["replayRejects"].clone()
}

#[tokio::test]
async fn rejects_are_replayed_by_whoever_may_refresh_and_the_payload_says_what_came_of_it() {
    let (world, token, mark) = with_a_reject().await;
    let same = replayed(&world, &token, 1).await;
    assert_eq!((&same["release"]["edition"], &same["userErrors"]), (&json!(1), &json!([])), "{same}");

    let folder = tempfile::tempdir().unwrap();
    let world = world.with(registry(folder.path(), |text| knowing(&text, &mark))).await;
    let mended = replayed(&world, &token, 1).await;
    let release = &mended["release"];
    assert_eq!((&release["edition"], &release["status"]), (&json!(2), &json!("PUBLISHED")), "{mended}");
    assert_eq!((&release["rowsRejected"], &mended["userErrors"]), (&json!(0), &json!([])), "{mended}");
    let nothing = replayed(&world, &token, 2).await;
    assert_eq!(nothing["userErrors"], json!([{ "code": "NOTHING_REJECTED", "path": ["input", "release"] }]));
    let outcomes: Vec<_> =
        world.audit().await.into_iter().map(|(_, action, outcome)| (action, outcome)).collect();
    let expected =
        ["OK", "OK", "NOTHING_REJECTED"].map(|outcome| ("replayRejects".to_owned(), outcome.to_owned()));
    assert_eq!(outcomes, expected);
}

#[tokio::test]
async fn a_replay_that_cannot_be_served_says_why() {
    let (world, token, mark) = with_a_reject().await;
    let record = world.token("clerk", Scope::Record).await;
    let unknown = json!({ "release": "nowhere" });
    assert_eq!(code(&world.ask(None, REPLAY, unknown.clone()).await), "UNAUTHENTICATED");
    assert_eq!(code(&world.ask(Some(&record), REPLAY, unknown.clone()).await), "FORBIDDEN");
    let unknown = &world.ask(Some(&token), REPLAY, unknown).await["data"]["replayRejects"];
    assert_eq!((&unknown["userErrors"][0]["code"], &unknown["release"]), (&json!("NOT_FOUND"), &Value::Null));

    let folder = tempfile::tempdir().unwrap();
    let strict = |text: String| knowing(&text, &mark).replace("min_rows = ", "min_rows = 9");
    let world = world.with(registry(folder.path(), strict)).await;
    let held = replayed(&world, &token, 1).await;
    assert_eq!(
        (&held["release"]["status"], &held["userErrors"][0]["code"]),
        (&json!("HELD"), &json!("HELD")),
        "{held}"
    );
    let world = world.with(Arc::new(Registry::default())).await;
    let gone = replayed(&world, &token, 1).await;
    assert_eq!(
        (&gone["userErrors"][0]["code"], &gone["release"]),
        (&json!("UNREADABLE"), &Value::Null),
        "{gone}"
    );
}

#[tokio::test]
async fn the_pages_of_the_queue_need_the_admin_token() {
    let world = World::over(App::start().await).await;
    jobs::queue::setup(&world.app.cx.db).await.unwrap();
    jobs::queue::request(&world.app.cx.db, "bls-oews").await.unwrap();
    let admin = world.token("root", Scope::Admin).await;
    let refresh = world.token("ci", Scope::Refresh).await;
    for path in ["/admin/jobs", "/admin/jobs/", "/api/v1/queues", "/api/v1/tasks?status=Pending"] {
        let get = async |token: Option<&str>| {
            let request = client().get(format!("{}{path}", world.base));
            match token {
                Some(token) => request.bearer_auth(token).send().await.unwrap(),
                None => request.send().await.unwrap(),
            }
        };
        let refused = get(None).await;
        assert_eq!(refused.status(), 401, "{path}");
        assert!(refused.headers()["www-authenticate"].to_str().unwrap().starts_with("Basic"));
        assert_eq!(get(Some(&refresh)).await.status(), 403, "{path}");
        assert_eq!(get(Some(&admin)).await.status(), 200, "{path}");
    }
    let board = client()
        .get(format!("{}/admin/jobs", world.base))
        .basic_auth("me", Some(&admin))
        .send()
        .await
        .unwrap();
    let html = board.text().await.unwrap();
    let script = html.split('\'').find(|part| part.starts_with("/apalis-board-web")).unwrap();
    assert_eq!(
        client().get(format!("{}{script}", world.base)).send().await.unwrap().status(),
        200,
        "{script}"
    );
    let tasks = client()
        .get(format!("{}/api/v1/queues/refresh/tasks?status=Pending", world.base))
        .bearer_auth(&admin);
    let tasks = tasks.send().await.unwrap().text().await.unwrap();
    assert!(tasks.contains("bls-oews"), "{tasks}");
}
