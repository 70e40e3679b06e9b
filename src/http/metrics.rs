//! Numbers for a monitoring system, in the Prometheus text format.

use std::fmt::{Display, Write as _};

use axum::{
    extract::State,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use jobs::queue;
use sea_orm::DatabaseConnection;

use crate::{
    graphql::Schema,
    snapshot::{Activity, Snapshot},
};

mod sources;

/// Answers with everything that is measured.
pub(super) async fn metrics(State(schema): State<Schema>) -> Response {
    let (store, mut page) = (schema.store(), Page::default());
    releases(&mut page, &store.current());
    let (activity, now) = (store.activity(), schema.now());
    sources::sources(&mut page, &store.current(), &activity, now);
    hosts(&mut page, &activity, now);
    workers(&mut page, store.db()).await;
    let text = page.text;
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

fn releases(page: &mut Page, snapshot: &Snapshot) {
    let catalog = snapshot.catalog();
    page.gauge(
        "rolecast_data_version",
        "Releases that became visible",
        [(String::new(), snapshot.version())],
    );
    let bands: usize = snapshot.frames().map(|frame| frame.len()).sum();
    page.gauge("rolecast_salary_bands", "Pay bands of current releases", [(String::new(), bands)]);
    let bytes: usize = snapshot.frames().map(|frame| frame.bytes()).sum();
    page.gauge(
        "rolecast_frame_bytes",
        "Memory of the figures of current pay bands",
        [(String::new(), bytes)],
    );
    let projections: usize = snapshot.frames().map(|frame| frame.projections().len()).sum();
    page.gauge(
        "rolecast_growth_projections",
        "Projections of current releases",
        [(String::new(), projections)],
    );
    let served: Vec<_> = catalog.releases().filter(|release| release.is_served()).collect();
    let name = |release: &crate::snapshot::Release| {
        labels([("source", &release.source.key), ("dataset", &release.row.dataset)])
    };
    let of = |read: fn(&crate::snapshot::Release) -> i64| {
        served.iter().map(move |release| (name(release), read(release))).collect::<Vec<_>>()
    };
    page.gauge(
        "rolecast_release_rows_loaded",
        "Rows of the current release that became figures",
        of(|r| r.row.rows_loaded),
    );
    page.gauge(
        "rolecast_release_rows_rejected",
        "Rows of the current release that were rejected",
        of(|r| r.row.rows_rejected),
    );
    page.gauge(
        "rolecast_release_loaded_timestamp_seconds",
        "When the current release was loaded",
        of(|r| r.row.loaded_at.timestamp()),
    );
}

/// Adds how much of its quota each publisher's host has seen, and how long it asked to be left alone.
fn hosts(page: &mut Page, activity: &Activity, now: DateTime<Utc>) {
    let used = activity.requests(now).map(|(host, seconds, used)| {
        (labels([("host", host), ("span_seconds", &seconds.to_string())]), used)
    });
    page.gauge("rolecast_host_requests", "Requests to a host in the span that runs", used);
    let paused = activity.pauses(now).map(|(host, left)| (labels([("host", host)]), left.num_seconds()));
    page.gauge("rolecast_host_pause_seconds", "How long a host still wants to be left alone", paused);
}

/// Adds whether workers live. A database whose queue no worker ever opened, or that is away, says nothing of them.
async fn workers(page: &mut Page, db: &DatabaseConnection) {
    let seen = queue::last_heartbeat(db).await.ok().flatten();
    page.gauge(
        "rolecast_worker_seen_timestamp_seconds",
        "When a worker of any process last said that it lives, which it does every three seconds",
        seen.map(|seen| (String::new(), seen.timestamp())),
    );
    page.counter(
        "rolecast_worker_restarts_total",
        "Workers of this process that ended or fell silent, and were started again",
        [(String::new(), queue::restarts())],
    );
}

/// Writes labels. Source: the text format of Prometheus, in which a value escapes backslash, quote and line feed.
fn labels<const N: usize>(pairs: [(&str, &str); N]) -> String {
    let escaped = |text: &str| text.replace('\\', r"\\").replace('"', r#"\""#).replace('\n', r"\n");
    let written = pairs.map(|(name, value)| format!("{name}=\"{}\"", escaped(value)));
    format!("{{{}}}", written.join(","))
}

#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn gauge<V: Display>(&mut self, name: &str, help: &str, values: impl IntoIterator<Item = (String, V)>) {
        self.family("gauge", name, help, values);
    }

    fn counter<V: Display>(&mut self, name: &str, help: &str, values: impl IntoIterator<Item = (String, V)>) {
        self.family("counter", name, help, values);
    }

    fn family<V: Display>(
        &mut self,
        kind: &str,
        name: &str,
        help: &str,
        values: impl IntoIterator<Item = (String, V)>,
    ) {
        writeln!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}").ok();
        for (labels, value) in values {
            writeln!(self.text, "{name}{labels} {value}").ok();
        }
    }
}
