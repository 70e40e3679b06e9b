//! What is measured of each source: how fresh it is, and how the looks at it went.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::{ReleaseStatus, source};
use jobs::freshness::{freshness, last_success};

use super::{Page, labels};
use crate::snapshot::{Activity, Snapshot};

/// A source with the labels of its numbers.
struct Measured {
    row: Arc<source::Model>,
    labels: String,
    last: Option<DateTime<Utc>>,
    state: &'static str,
    held: usize,
}

/// Adds the numbers of every source.
pub(super) fn sources(page: &mut Page, snapshot: &Snapshot, activity: &Activity, now: DateTime<Utc>) {
    let all: Vec<Measured> = measured(snapshot, activity, now);
    let each = |read: fn(&Measured) -> i64| {
        all.iter().map(move |source| (source.labels.clone(), read(source))).collect::<Vec<_>>()
    };
    page.gauge(
        "rolecast_source_failing",
        "Whether the last look at a source failed",
        each(|source| i64::from(source.row.last_error.is_some())),
    );
    page.counter("rolecast_source_looks_total", "Looks at a source", each(|source| source.row.looks));
    page.counter(
        "rolecast_source_failures_total",
        "Looks at a source that failed",
        each(|source| source.row.failures),
    );
    page.gauge(
        "rolecast_source_held_releases",
        "Releases of a source that wait for a person",
        each(|source| i64::try_from(source.held).unwrap_or(i64::MAX)),
    );
    let succeeded = |value: fn(DateTime<Utc>, DateTime<Utc>) -> i64| {
        all.iter()
            .filter_map(move |source| Some((source.labels.clone(), value(source.last?, now))))
            .collect::<Vec<_>>()
    };
    page.gauge(
        "rolecast_source_last_success_timestamp_seconds",
        "When a source was last looked at with success",
        succeeded(|last, _| last.timestamp()),
    );
    page.gauge(
        "rolecast_source_age_seconds",
        "Time since a source was last looked at with success",
        succeeded(|last, now| (now - last).num_seconds()),
    );
    let states = all.iter().map(|source| (labels([("source", &source.row.key), ("state", source.state)]), 1));
    page.gauge("rolecast_source_freshness", "How old the figures of a source are: FRESH to STALE", states);
}

fn measured(snapshot: &Snapshot, activity: &Activity, now: DateTime<Utc>) -> Vec<Measured> {
    let catalog = snapshot.catalog();
    let one = |known: &Arc<source::Model>| {
        let row = activity.source(known.id).unwrap_or(known).clone();
        let releases: Vec<_> =
            catalog.releases().filter(|release| release.source_id() == row.id).map(|r| &r.row).collect();
        let served: Vec<_> = releases.iter().filter(|release| release.is_current).copied().collect();
        let held: Vec<_> =
            releases.iter().filter(|release| release.status == ReleaseStatus::Held).copied().collect();
        Measured {
            labels: labels([("source", &row.key)]),
            last: last_success(&row, &served),
            state: freshness(&row, &served, &held, now).0.as_str(),
            held: held.len(),
            row,
        }
    };
    catalog.sources().iter().map(one).collect()
}
