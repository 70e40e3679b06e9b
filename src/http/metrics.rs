//! Numbers for a monitoring system, in the Prometheus text format.

use std::fmt::{Display, Write as _};

use axum::{
    extract::State,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};

use crate::{graphql::Schema, snapshot::Snapshot};

mod sources;

/// Answers with everything that is measured.
pub(super) async fn metrics(State(schema): State<Schema>) -> Response {
    let (store, mut page) = (schema.store(), Page::default());
    releases(&mut page, &store.current());
    sources::sources(&mut page, &store.current(), &store.activity(), schema.now());
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
    let labels = |release: &crate::snapshot::Release| {
        format!("{{source=\"{}\",dataset=\"{}\"}}", plain(&release.source.key), plain(&release.row.dataset))
    };
    let of = |read: fn(&crate::snapshot::Release) -> i64| {
        served.iter().map(move |release| (labels(release), read(release))).collect::<Vec<_>>()
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

/// Keeps what a label may hold.
fn plain(text: &str) -> String {
    text.chars().filter(|letter| !matches!(letter, '"' | '\\' | '\n')).collect()
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
