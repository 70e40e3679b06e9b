//! What becomes of a release after it came in: held, published by hand, superseded, withdrawn, read again.

use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Router,
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
};
use entity::{Classification, ReleaseStatus, occupation, setting};
use futures::future::join_all;
use jobs::{
    definition::Registry,
    pipeline::{Input, Outcome, ingest},
    publish::{self, LifecycleError},
    replay::{ReplayError, publish_held, replay},
    starter::{self, StarterError},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use crate::{
    app::{App, noon},
    editions::says,
    made,
};

on_both_engines!(
    a_held_release_is_served_after_a_look_and_gone_when_it_is_withdrawn,
    a_late_old_release_and_a_revision_take_their_places,
);

/// Six years at once, each with figures of its own and a code that no classification has: by so many connections, as by so many processes.
async fn releases_that_come_at_once_wait_for_each_other(app: App) {
    let version = || async {
        let row = setting::Entity::find_by_id(publish::DATA_VERSION).one(&app.cx.db).await.unwrap();
        row.map_or(0, |row| row.value.parse::<u32>().unwrap())
    };
    let mut codes = codes(&app).await;
    codes.push("15-9999".into());
    let (table, before) = (made::national(&codes), version().await);
    let years = [2026, 2022, 2019, 2021, 2023, 2020];
    let tables = years.map(|year| (year, table.replace(",1.5,", &format!(",{}.5,", year - 2018))));
    let outcomes = join_all(tables.iter().map(|(year, table)| take(&app, *year, table))).await;
    assert_eq!(outcomes, vec![Outcome::Published; years.len()]);
    assert_eq!(version().await, before + 6);
    let current: Vec<Value> = states(&app).await.into_iter().filter(|state| state[3] == true).collect();
    assert_eq!(current, [json!(["May 2026", 1, "PUBLISHED", true])]);
}

#[tokio::test(flavor = "multi_thread")]
async fn releases_that_come_at_once_to_a_file_wait_for_each_other() {
    releases_that_come_at_once_wait_for_each_other(App::on_a_file().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn releases_that_come_at_once_to_postgres_wait_for_each_other() {
    if let Some(app) = App::on_postgres().await {
        releases_that_come_at_once_wait_for_each_other(app).await;
    }
}

async fn codes(app: &App) -> Vec<String> {
    let rows = occupation::Entity::find()
        .filter(occupation::Column::Classification.eq(Classification::Soc2018))
        .order_by_asc(occupation::Column::Code);
    rows.all(&app.cx.db).await.unwrap().into_iter().map(|row| row.code).collect()
}

/// Label, edition and state of every release of the wage survey, and which one answers.
async fn states(app: &App) -> Vec<Value> {
    let found = app
        .ask("{ sources { key releases(first: 100) { nodes { label edition status isCurrent } } } }")
        .await;
    let sources = found["sources"].as_array().unwrap();
    let ours = sources.iter().find(|source| source["key"] == "bls-oews").unwrap();
    let releases = ours["releases"]["nodes"].as_array().unwrap();
    let short = |release: &Value| {
        json!([release["label"], release["edition"], release["status"], release["isCurrent"]])
    };
    releases.iter().map(short).collect()
}

async fn take(app: &App, year: i32, table: &str) -> Outcome {
    let name = format!("oews_national_{year}.csv");
    app.take("bls-oews", &name, table.as_bytes()).await.unwrap().outcome
}

async fn a_held_release_is_served_after_a_look_and_gone_when_it_is_withdrawn(app: App) {
    let codes = codes(&app).await;
    let half = made::national(&codes[..codes.len() / 2]);
    assert_eq!(take(&app, 2021, &made::national(&codes)).await, Outcome::Published);
    assert_eq!(take(&app, 2022, &half).await, Outcome::Held);
    assert_eq!(take(&app, 2022, &half).await, Outcome::Held);
    let old = json!(["May 2021", 1, "PUBLISHED", true]);
    assert_eq!(states(&app).await, [json!(["May 2022", 1, "HELD", false]), old.clone()]);

    let key = "bls-oews/national/May 2022/1";
    publish_held(&app.cx, key, noon()).await.unwrap();
    let superseded = json!(["May 2021", 1, "SUPERSEDED", false]);
    assert_eq!(states(&app).await, [json!(["May 2022", 1, "PUBLISHED", true]), superseded]);
    let again = app.take("bls-oews", "oews_national_2022.csv", half.as_bytes()).await.unwrap();
    assert_eq!(again.outcome, Outcome::Unchanged);
    assert!(!says(&again, "failed"), "a check that a person overruled says nothing more: {:?}", again.lines);
    let again = publish_held(&app.cx, key, noon()).await;
    assert!(matches!(again, Err(ReplayError::Release(LifecycleError::NotHeld { .. }))), "{again:?}");

    publish::withdraw(&app.cx.db, key).await.unwrap();
    let again = publish::withdraw(&app.cx.db, key).await.unwrap();
    assert_eq!(again.release.status, ReleaseStatus::Withdrawn);
    assert_eq!(states(&app).await, [json!(["May 2022", 1, "WITHDRAWN", false]), old]);
    assert_eq!(take(&app, 2022, &half).await, Outcome::Unchanged);
    assert_eq!(states(&app).await.len(), 2);
    for key in ["bls-oews/national/May 2022/7", "nobody/national/May 2022/1", "nonsense"] {
        let missing = publish::withdraw(&app.cx.db, key).await;
        assert!(matches!(missing, Err(LifecycleError::Missing(_))), "{missing:?}");
    }
}

async fn a_late_old_release_and_a_revision_take_their_places(app: App) {
    let table = made::national(&codes(&app).await);
    assert_eq!(take(&app, 2021, &table).await, Outcome::Published);
    assert_eq!(take(&app, 2019, &table.replace(",1.5,", ",1.4,")).await, Outcome::Published);
    assert_eq!(take(&app, 2021, &table.replace(",1.5,", ",1.6,")).await, Outcome::Published);
    assert_eq!(
        states(&app).await,
        [
            json!(["May 2021", 2, "PUBLISHED", true]),
            json!(["May 2021", 1, "SUPERSEDED", false]),
            json!(["May 2019", 1, "SUPERSEDED", false]),
        ]
    );
}

/// The built-in sources, with the wage survey's definition changed by `change`.
pub(crate) fn registry(folder: &Path, change: impl Fn(String) -> String) -> Arc<Registry> {
    let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("jobs/sources/bls-oews.toml");
    fs::write(folder.join("bls-oews.toml"), change(fs::read_to_string(built_in).unwrap())).unwrap();
    let mut registry = Registry::built_in().unwrap();
    registry.add_folder(folder).unwrap();
    Arc::new(registry)
}

/// A national table with one mark that no definition knows, and the mark.
pub(crate) fn with_a_strange_mark(codes: &[String]) -> (String, String) {
    let mut lines: Vec<String> = made::national(codes).lines().map(ToOwned::to_owned).collect();
    lines[5] = lines[5].replace(",1.5,1,", ",1.5,1,n/p");
    let mark = lines[5].split(',').nth(10).unwrap().to_owned();
    (lines.join("\n"), mark)
}

/// A definition that knows one more mark.
pub(crate) fn knowing(definition: &str, mark: &str) -> String {
    definition.replace("[marks]\n", &format!("[marks]\n\"{mark}\" = \"SUPPRESSED\"\n"))
}

#[tokio::test]
async fn rejected_rows_get_another_chance_when_the_definition_is_mended() {
    let mut app = App::start().await;
    let (table, cell) = with_a_strange_mark(&codes(&app).await);
    let report = app.take("bls-oews", "oews_national_2021.csv", table.as_bytes()).await.unwrap();
    assert_eq!((report.outcome, report.rejected), (Outcome::Published, 1), "{:?}", report.lines);

    let key = "bls-oews/national/May 2021/1";
    let same = replay(&app.cx, key, noon()).await.unwrap();
    assert_eq!((same.outcome, same.rejected), (Outcome::Unchanged, 1));
    let folder = tempfile::tempdir().unwrap();
    app.cx.registry = registry(folder.path(), |text| knowing(&text, &cell));
    let mended = replay(&app.cx, key, noon()).await.unwrap();
    assert_eq!((mended.outcome, mended.rejected), (Outcome::Published, 0), "{:?}", mended.lines);
    assert_eq!(mended.read, report.read);
    let now = states(&app).await;
    assert_eq!(now[0], json!(["May 2021", 2, "PUBLISHED", true]));
    let nothing = replay(&app.cx, "bls-oews/national/May 2021/2", noon()).await;
    assert!(matches!(nothing, Err(ReplayError::NothingRejected(_))), "{nothing:?}");
}

/// Sends one table after another, each under its own tag, and notes the tag it is asked with.
async fn publisher(tables: Vec<String>) -> (String, Arc<std::sync::Mutex<Vec<String>>>) {
    let (next, tags) = (Arc::new(AtomicUsize::new(0)), Arc::default());
    let notes: Arc<std::sync::Mutex<Vec<String>>> = Arc::clone(&tags);
    let answer = move |headers: HeaderMap| {
        let place = next.fetch_add(1, Ordering::Relaxed);
        let known = headers.get(header::IF_NONE_MATCH).map_or("none", |tag| tag.to_str().unwrap()).to_owned();
        notes.lock().unwrap().push(known);
        let table = tables.get(place).cloned();
        async move {
            let Some(table) = table else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
            ([(header::ETAG, format!("\"{place}\""))], table).into_response()
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    (format!("http://{address}"), tags)
}

/// The definition with its files, and those of the past, at `base`.
fn moved(text: &str, base: &str) -> String {
    let now = text.lines().find(|line| line.starts_with("urls")).unwrap();
    text.replace(now, &format!("local = true\nurls = [\"{base}/oews_national_2021.csv\"]"))
        .replace("[vintage]\n", &format!("[vintage]\nurls = [\"{base}/oews_national_{{year}}.csv\"]\n"))
}

#[tokio::test]
async fn a_held_file_is_asked_for_with_the_tag_of_the_one_that_is_served() {
    let mut app = App::start().await;
    let codes = codes(&app).await;
    let (good, half) = (made::national(&codes), made::national(&codes[..codes.len() / 2]));
    let (base, tags) = publisher(vec![good, half.clone(), half]).await;
    let folder = tempfile::tempdir().unwrap();
    app.cx.registry = registry(folder.path(), |text| moved(&text, &base));
    app.cx.offline = false;
    for outcome in [Outcome::Published, Outcome::Held, Outcome::Held] {
        assert_eq!(ingest(&app.cx, "bls-oews", &Input::Fetch, noon()).await.unwrap().outcome, outcome);
    }
    assert_eq!(*tags.lock().unwrap(), ["none", "\"0\"", "\"0\""]);
    let failed = ingest(&app.cx, "bls-oews", &Input::Fetch, noon()).await.unwrap_err();
    assert!(failed.is_transient(), "{failed:?}");
    let told = app.ask("{ sources { key lastError } }").await;
    let told = told["sources"].as_array().unwrap().iter().find(|source| source["key"] == "bls-oews").unwrap();
    assert_eq!(told["lastError"], "the publisher answered with status 503 (status)");
}

#[tokio::test]
async fn a_named_release_of_the_past_is_fetched_and_is_not_current() {
    let mut app = App::start().await;
    let table = made::national(&codes(&app).await);
    let (base, _) = publisher(vec![table.clone(), table.replace(",1.5,", ",1.4,")]).await;
    let folder = tempfile::tempdir().unwrap();
    app.cx.registry = registry(folder.path(), |text| moved(&text, &base));
    app.cx.offline = false;
    ingest(&app.cx, "bls-oews", &Input::Fetch, noon()).await.unwrap();
    let past = Input::Vintage("May 2020".into());
    let report = ingest(&app.cx, "bls-oews", &past, noon()).await.unwrap();
    assert_eq!(report.outcome, Outcome::Published, "{:?}", report.lines);
    assert_eq!(
        states(&app).await,
        [json!(["May 2021", 1, "PUBLISHED", true]), json!(["May 2020", 1, "SUPERSEDED", false])]
    );
    for (source, label) in [("bls-oews", "last spring"), ("ons-ashe", "2023")] {
        let error = ingest(&app.cx, source, &Input::Vintage(label.into()), noon()).await.unwrap_err();
        assert!(!error.is_transient() && error.to_string().contains(source), "{error}");
    }
}

#[tokio::test]
async fn a_look_that_fails_is_seen_at_once_and_shows_no_path() {
    let mut app = App::start().await;
    let (base, _) = publisher(Vec::new()).await;
    let folder = tempfile::tempdir().unwrap();
    app.cx.registry = registry(folder.path(), |text| moved(&text, &base));
    publish::register(&app.cx.db, &app.cx.registry).await.unwrap();
    let schema = app.schema().await;
    let told = async || {
        assert!(!schema.store().refresh().await.unwrap(), "no figure has changed");
        crate::app::ask(&schema, "{ source(key: \"bls-oews\") { lastError } }").await["source"]["lastError"]
            .clone()
    };
    // What somebody tried in vain is theirs to know: it says nothing of the source.
    let missing = app.folder.path().join("nowhere").join("oews_national_2021.csv");
    app.refresh("bls-oews", &missing, None).await.unwrap_err();
    ingest(&app.cx, "bls-oews", &Input::Fetch, noon()).await.unwrap_err();
    assert_eq!(told().await, Value::Null);
    app.cx.offline = false;
    ingest(&app.cx, "bls-oews", &Input::Vintage("May 2020".into()), noon()).await.unwrap_err();
    assert_eq!(told().await, Value::Null);
    ingest(&app.cx, "bls-oews", &Input::Fetch, noon()).await.unwrap_err();
    assert_eq!(told().await, "the publisher answered with status 503 (status)");
}

#[tokio::test]
async fn releases_that_came_with_the_program_are_not_read_again_without_their_files() {
    let app = App::start().await.with_starter().await;
    let failed = starter::export(&app.cx, Vec::new()).await.unwrap_err();
    assert!(matches!(failed, StarterError::NoFiles { .. }), "{failed:?}");
    assert!(failed.to_string().contains("--from FILE"), "{failed}");
}
