//! Ticks that were missed and looks that failed.

use std::sync::Arc;

use migration::{Migrator, MigratorTrait};
use sea_orm::ActiveValue::Set;

use super::*;
use crate::{
    definition::{self, Registry},
    queue::tests::{database, offline},
};

fn at(time: &str) -> DateTime<Utc> {
    format!("{time}:00Z").parse().unwrap()
}

#[test]
fn a_tick_is_missed_where_no_look_has_succeeded_since() {
    let yearly = Schedule::from_str("0 0 14 5 Sep *").unwrap();
    let succeeded = |time: &str| Some(at(time));
    let now = at("2026-09-05T14:05");
    assert!(missed(&yearly, None, now));
    assert!(missed(&yearly, succeeded("2025-09-05T14:01"), now));
    assert!(!missed(&yearly, succeeded("2025-09-05T14:01"), at("2026-09-05T13:59")));
    assert!(!missed(&yearly, succeeded("2026-09-05T14:01"), now));
}

#[test]
fn a_source_is_left_alone_for_a_day_after_it_was_tried() {
    let tried = Some(at("2026-09-05T14:05"));
    assert!(rested(None, at("2026-09-05T14:05")));
    assert!(!rested(tried, at("2026-09-06T14:04")));
    assert!(rested(tried, at("2026-09-06T14:05")));
}

/// A source that is looked at once a year, and a queue that nobody works at.
async fn yearly(folder: &std::path::Path) -> Context {
    let built_in = include_str!("../../sources/bls-ooh.toml");
    let source = definition::read("bls-ooh.toml", built_in).unwrap();
    let source = Source { schedule: Some("0 0 14 5 Sep *".into()), ..source };
    assert!(source.enabled && !source.urls.is_empty());
    let db = database(folder).await;
    Migrator::up(&db, None).await.unwrap();
    let registry = Arc::new(Registry::from_iter([source]));
    Context { registry, offline: false, scheduled: true, ..offline(folder, &db) }
}

#[tokio::test]
async fn a_look_that_failed_is_made_again_the_day_after_and_not_the_next_year() {
    let folder = tempfile::tempdir().unwrap();
    let cx = yearly(folder.path()).await;
    let jobs = async || queue::jobs(&cx.db).await.unwrap().len();
    let source = async |succeeded: Option<&str>, checked: &str| {
        crate::publish::register(&cx.db, &cx.registry).await.unwrap();
        let change = source::ActiveModel {
            succeeded_at: Set(succeeded.map(at)),
            checked_at: Set(Some(at(checked))),
            ..Default::default()
        };
        source::Entity::update_many().set(change).exec(&cx.db).await.unwrap();
        source::Entity::find().one(&cx.db).await.unwrap().unwrap()
    };
    // Up to date.
    let row = source(Some("2026-09-05T14:00"), "2026-09-05T14:00").await;
    let now = at("2026-11-01T00:00");
    queue_overdue(&cx, now).await.unwrap();
    assert_eq!((jobs().await, next(&cx, &row, now)), (0, Ok(at("2027-09-05T14:00"))));

    // Its publisher was down on the day.
    let row = source(Some("2025-09-05T14:00"), "2026-09-05T14:03").await;
    let now = at("2026-09-05T20:00");
    queue_overdue(&cx, now).await.unwrap();
    assert_eq!((jobs().await, next(&cx, &row, now)), (0, Ok(at("2026-09-06T14:03"))));
    queue_overdue(&cx, at("2026-09-06T14:30")).await.unwrap();
    assert_eq!(jobs().await, 1);

    // A job that somebody stops is left alone as well.
    source(None, "2020-01-01T00:00").await;
    let job = queue::jobs(&cx.db).await.unwrap().remove(0);
    queue::cancel(&cx.db, &job.id).await.unwrap().unwrap();
    let ended = queue::last_end(&cx.db, "bls-ooh").await.unwrap().unwrap();
    queue_overdue(&cx, ended + TimeDelta::hours(23)).await.unwrap();
    assert_eq!(jobs().await, 1);
    queue_overdue(&cx, ended + TimeDelta::hours(25)).await.unwrap();
    assert_eq!(jobs().await, 2);
}
