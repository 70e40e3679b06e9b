//! What a monitoring system reads: the numbers of each source, in a form that its parser takes.

use std::collections::{BTreeMap, HashSet};

use entity::{Classification, host_pause, request_ledger, source};
use jobs::pipeline::{Context, Input, Outcome, ingest};
use rolecast::config::Config;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection, DbBackend,
    EntityTrait, IntoActiveModel, QueryFilter,
};

use crate::{
    app::{App, noon},
    http, made,
};

on_both_engines!(every_source_is_measured);

/// The page as samples by name and labels. Fails where Prometheus would: a line of another form, a family without help
/// and type or in two pieces, a sample twice, a counter without `_total`.
async fn samples(app: &App) -> BTreeMap<String, i64> {
    let url = http::serve(app.schema().await, &Config::default()).await;
    let answer = http::client().get(format!("{url}/metrics")).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    let page = answer.text().await.unwrap();
    assert!(page.ends_with('\n') && !page.contains("\n\n"));
    let (mut found, mut families, mut lines) = (BTreeMap::new(), HashSet::new(), page.lines().peekable());
    while let Some(line) = lines.next() {
        let help = line.strip_prefix("# HELP ").unwrap_or_else(|| panic!("no help: {line}"));
        let (family, words) = help.split_once(' ').unwrap();
        assert!(is_name(family) && !words.is_empty() && families.insert(family), "{line}");
        let kind = if family.ends_with("_total") { "counter" } else { "gauge" };
        assert_eq!(lines.next().unwrap(), format!("# TYPE {family} {kind}"));
        while let Some(line) = lines.next_if(|line| !line.starts_with('#')) {
            let (sample, value) = line.rsplit_once(' ').unwrap();
            let labels = sample.strip_prefix(family).unwrap_or_else(|| panic!("{line} below {family}"));
            assert!(labels.is_empty() || are_labels(labels), "{line}");
            assert!(found.insert(sample.to_owned(), value.parse().unwrap()).is_none(), "{line} twice");
        }
    }
    found
}

fn is_name(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    text.bytes().next().is_some_and(letter) && text.bytes().all(|byte| letter(byte) || byte.is_ascii_digit())
}

/// Whether a text is `{name="value",…}`, with backslash, quote and line feed escaped in every value.
fn are_labels(text: &str) -> bool {
    let Some(mut rest) = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) else { return false };
    loop {
        let Some((name, after)) = rest.split_once("=\"") else { return false };
        let mut letters = after.char_indices();
        let end = loop {
            match letters.next() {
                Some((place, '"')) => break place,
                Some((_, '\\')) if letters.next().is_some_and(|(_, letter)| "\\\"n".contains(letter)) => {}
                Some((_, '\\')) | None => return false,
                Some(_) => {}
            }
        };
        match (is_name(name), &after[end + 1..]) {
            (true, "") => return true,
            (true, more) if more.starts_with(',') => rest = &more[1..],
            _ => return false,
        }
    }
}

/// Registers a worker that was last heard of an hour before noon; returns that time.
async fn time_of_worker(db: &DatabaseConnection) -> i64 {
    let seen = noon().timestamp() - 3600;
    let (table, value) = match db.get_database_backend() {
        DbBackend::Postgres => ("apalis.workers", format!("to_timestamp({seen})")),
        _ => ("Workers", seen.to_string()),
    };
    let sql = format!(
        "INSERT INTO {table} (id, worker_type, storage_name, layers, last_seen) VALUES ('one', 'refresh', 'a', 'b', {value})"
    );
    db.execute_unprepared(&sql).await.unwrap();
    seen
}

async fn every_source_is_measured(app: App) {
    let codes = app.codes(Classification::Soc2018).await;
    let good = made::national(&codes).replacen(",1.5,1,", ",1.5,1,?", 1);
    let half = made::national(&codes[..codes.len() / 2]);
    for (name, text, outcome) in [
        ("oews_national_2026.csv", good.as_str(), Some(Outcome::Published)),
        ("oews_national_2027.csv", &half, Some(Outcome::Held)),
        // A file that a person gave in vain says nothing of the source.
        ("oews_national_2028.csv", "<html>", None),
    ] {
        let report = app.take("bls-oews", name, text.as_bytes()).await;
        assert_eq!(report.as_ref().ok().map(|report| report.outcome), outcome, "{report:?}");
    }
    // A look that fails before anything is sent: the publisher wants to know who asks, and nobody is named.
    let online = Context { offline: false, ..app.cx.clone() };
    let looked = ingest(&online, "bls-oews", &Input::Fetch, noon()).await;
    assert!(looked.is_err(), "{looked:?}");
    // A key that needs escapes, a quota half spent, one whose span is over, and a host that asked for a pause.
    let db = &app.cx.db;
    let manual = source::Entity::find().filter(source::Column::Key.eq("manual"));
    let mut odd = manual.one(db).await.unwrap().unwrap().into_active_model();
    odd.key = Set("a \"key\" of C:\\new\nlines".into());
    odd.update(db).await.unwrap();
    let ledger = |host: &str, seconds, ago| request_ledger::ActiveModel {
        host: Set(host.into()),
        seconds: Set(seconds),
        since: Set(noon().timestamp_millis() - ago),
        used: Set(12),
    };
    let rows = [ledger("api.example.org", 86_400, 1_000), ledger("old.example.org", 60, 61_000)];
    request_ledger::Entity::insert_many(rows).exec_without_returning(db).await.unwrap();
    let until = noon() + chrono::TimeDelta::seconds(90);
    let pause = host_pause::ActiveModel { host: Set("busy.example.org".into()), until: Set(until) };
    host_pause::Entity::insert(pause).exec_without_returning(db).await.unwrap();

    // A worker that was last heard of an hour ago.
    jobs::queue::setup(db).await.unwrap();
    let seen = time_of_worker(db).await;

    let found = samples(&app).await;
    assert_eq!(found["rolecast_worker_seen_timestamp_seconds"], seen);
    assert!(found.contains_key("rolecast_worker_restarts_total"));
    let of = |name: &str| found.get(&format!("rolecast_source_{name}{{source=\"bls-oews\"}}")).copied();
    assert_eq!(
        ["failing", "looks_total", "failures_total", "held_releases"].map(of),
        [Some(1), Some(2), Some(1), Some(1)]
    );
    let time = noon().timestamp();
    assert_eq!((of("last_success_timestamp_seconds"), of("age_seconds")), (Some(time), Some(0)));
    // The newer period is held.
    assert_eq!(found["rolecast_source_freshness{source=\"bls-oews\",state=\"DUE\"}"], 1);
    let rows = i64::try_from(codes.len()).unwrap();
    let release =
        |name: &str| found[&format!("rolecast_release_{name}{{source=\"bls-oews\",dataset=\"national\"}}")];
    assert_eq!(["rows_loaded", "rows_rejected"].map(release), [rows - 1, 1]);
    assert_eq!(release("loaded_timestamp_seconds"), time);
    let sources = app.cx.registry.sources().count();
    assert_eq!(found.keys().filter(|name| name.starts_with("rolecast_source_freshness")).count(), sources);
    assert_eq!(found["rolecast_source_freshness{source=\"bls-ep\",state=\"NEVER_LOADED\"}"], 1);
    assert!(!found.contains_key("rolecast_source_age_seconds{source=\"bls-ep\"}"));

    assert!(
        found.contains_key(r#"rolecast_source_looks_total{source="a \"key\" of C:\\new\nlines"}"#),
        "{found:?}"
    );
    let host = |name: &str, labels: &str| found[&format!("rolecast_host_{name}{{{labels}}}")];
    assert_eq!(host("requests", r#"host="api.example.org",span_seconds="86400""#), 12);
    assert_eq!(host("requests", r#"host="old.example.org",span_seconds="60""#), 0);
    assert_eq!(host("pause_seconds", r#"host="busy.example.org""#), 90);
}
