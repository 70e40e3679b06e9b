//! What makes figures due or stale, and what is said of it.

use entity::{ReleaseId, ReleaseStatus, SourceId};

use super::*;

fn at(day: &str) -> DateTime<Utc> {
    format!("{day}T12:00:00Z").parse().unwrap()
}

fn source(succeeded: Option<&str>) -> source::Model {
    source::Model {
        id: SourceId(1),
        key: "oews".into(),
        title: String::new(),
        publisher: String::new(),
        homepage: String::new(),
        method: None,
        licence: String::new(),
        attribution: String::new(),
        schedule: None,
        enabled: true,
        stale_after_days: 30,
        checked_at: succeeded.map(at),
        last_error: None,
        calendar: r#"{"May 2023": "2024-04-03", "May 2024": "2025-04-02"}"#.into(),
        closed_datasets: r#"{"pilot": ["May 2022", "May 2023"]}"#.into(),
        succeeded_at: succeeded.map(at),
        looks: 0,
        failures: 0,
    }
}

fn told(source: &source::Model, served: &[&release::Model], now: DateTime<Utc>) -> Freshness {
    freshness(source, served, &[], now).0
}

fn release(label: &str, loaded: &str) -> release::Model {
    release::Model {
        id: ReleaseId(1),
        source_id: SourceId(1),
        dataset: "national".into(),
        label: label.into(),
        edition: 1,
        reference_start: NaiveDate::default(),
        reference_end: NaiveDate::default(),
        reference_label: label.into(),
        published_at: None,
        published_at_estimated: false,
        loaded_at: at(loaded),
        status: ReleaseStatus::Published,
        is_current: true,
        served: true,
        fingerprint: String::new(),
        content: String::new(),
        bound_words: String::new(),
        rows_read: 0,
        rows_loaded: 0,
        rows_rejected: 0,
        rows_skipped: 0,
        skips: String::new(),
        notes: String::new(),
        checks: String::new(),
        parts: String::new(),
        stated_periods: String::new(),
        role_id: None,
    }
}

#[test]
fn the_timer_counts_from_the_last_success() {
    let loaded = release("May 2024", "2025-05-01");
    let served = [&loaded];
    assert_eq!(told(&source(None), &[], at("2025-05-02")), Freshness::NeverLoaded);
    assert_eq!(told(&source(None), &served, at("2025-05-30")), Freshness::Fresh);
    assert_eq!(told(&source(None), &served, at("2025-05-31")), Freshness::Due);
    assert_eq!(told(&source(None), &served, at("2025-07-01")), Freshness::Stale);
    assert_eq!(told(&source(Some("2025-06-20")), &served, at("2025-07-01")), Freshness::Fresh);
}

#[test]
fn a_release_that_is_out_and_not_here_makes_figures_due() {
    let loaded = release("May 2023", "2024-05-01");
    let served = [&loaded];
    let looked = source(Some("2025-04-01"));
    assert_eq!(told(&looked, &served, at("2025-04-01")), Freshness::Fresh);
    assert_eq!(told(&looked, &served, at("2025-04-02")), Freshness::Due);
    let looked = source(Some("2025-05-01"));
    assert_eq!(told(&looked, &served, at("2025-05-02")), Freshness::Stale);
}

#[test]
fn one_dataset_that_is_behind_makes_its_source_so() {
    let [new, old] = ["May 2024", "May 2023"].map(|label| release(label, "2025-04-02"));
    let looked = source(Some("2025-04-10"));
    assert_eq!(told(&looked, &[&new, &old], at("2025-04-10")), Freshness::Due);
    assert_eq!(told(&looked, &[&new, &new], at("2025-04-10")), Freshness::Fresh);
    // The calendar says nothing of a dataset whose releases are called otherwise.
    let other = release::Model { published_at: "2020-01-01".parse().ok(), ..release("2019", "2025-04-02") };
    assert_eq!(told(&looked, &[&new, &other], at("2025-04-10")), Freshness::Fresh);
    // One that it does not list came out no earlier than its period ended.
    let elder = release::Model {
        reference_end: NaiveDate::from_ymd_opt(2022, 5, 31).unwrap(),
        ..release("May 2022", "2025-04-02")
    };
    assert_eq!(told(&looked, &[&elder], at("2025-04-10")), Freshness::Stale);
}

#[test]
fn a_dataset_that_came_out_once_is_not_behind() {
    let of = |dataset: &str, label: &str| release::Model {
        dataset: dataset.into(),
        ..release(label, "2025-04-02")
    };
    let (pilot, old, new) = (of("pilot", "May 2023"), of("national", "May 2023"), of("national", "May 2024"));
    let looked = source(Some("2025-04-10"));
    assert_eq!(told(&looked, &[&new, &pilot], at("2025-04-10")), Freshness::Fresh);
    assert_eq!(told(&looked, &[&old, &pilot], at("2025-04-10")), Freshness::Due);
    // Alone it is all there is of a source that has published since.
    assert_eq!(told(&looked, &[&pilot], at("2025-04-10")), Freshness::Due);
    // A release that the definition names is waited for.
    let mut waits = source(Some("2025-04-10"));
    waits.closed_datasets = r#"{"pilot": ["May 2023", "May 2024"]}"#.into();
    assert_eq!(told(&waits, &[&new, &pilot], at("2025-04-10")), Freshness::Due);
}

#[test]
fn a_file_that_is_loaded_is_no_look_at_the_others() {
    let [old, new] = ["2025-04-02", "2025-06-20"].map(|loaded| release("May 2024", loaded));
    assert_eq!(told(&source(None), &[&old, &new], at("2025-06-21")), Freshness::Stale);
    assert_eq!(told(&source(Some("2025-06-20")), &[&old, &new], at("2025-06-21")), Freshness::Fresh);
}

/// What is said at noon of `day`, after a look on that day.
fn said(source: &source::Model, served: &[&release::Model], held: &[&release::Model], day: &str) -> String {
    let looked = source::Model { succeeded_at: Some(at(day)), ..source.clone() };
    let (state, lack) = freshness(&looked, served, held, at(day));
    format!("{} {}", state.as_str(), lack.map(|lack| lack.to_string()).unwrap_or_default())
}

#[test]
fn a_calendar_that_has_ended_is_believed_for_its_own_rhythm() {
    let ends =
        "the calendar of its definition ends with May 2024 of 2025-04-02; the next release belongs there";
    let newest = release("May 2024", "2025-04-02");
    // 364 days lie between its releases.
    for (day, words) in
        [("2026-03-31", "FRESH "), ("2026-04-01", "DUE "), ("2026-04-30", "DUE "), ("2026-05-01", "STALE ")]
    {
        let ends = if words == "FRESH " { "" } else { ends };
        assert_eq!(said(&source(None), &[&newest], &[], day), format!("{words}{ends}"));
    }
    // A release that the calendar does not name counts from its own day.
    let later =
        release::Model { published_at: "2026-04-01".parse().ok(), ..release("May 2025", "2026-04-02") };
    assert_eq!(said(&source(None), &[&later], &[], "2027-03-30"), "FRESH ");
    assert_eq!(said(&source(None), &[&later], &[], "2027-03-31"), format!("DUE {ends}"));
    // What is planned has not ended, and of a dataset that is closed or called otherwise nothing is said.
    let planned = source::Model {
        calendar: r#"{"May 2023": "2024-04-03", "May 2024": "2025-04-02", "May 2025": "2027-05-15"}"#.into(),
        ..source(None)
    };
    assert_eq!(said(&planned, &[&newest], &[], "2027-05-14"), "FRESH ");
    let closed = release::Model { dataset: "pilot".into(), ..release("May 2024", "2025-04-02") };
    let other = release("2019", "2025-04-02");
    for served in [&closed, &other] {
        assert_eq!(said(&source(None), &[served], &[], "2035-01-01"), "FRESH ");
    }
}

#[test]
fn a_calendar_of_one_release_is_believed_for_a_year_or_as_long_as_a_look() {
    let newest = release("May 2024", "2025-04-02");
    let one = source::Model { calendar: r#"{"May 2024": "2025-04-02"}"#.into(), ..source(None) };
    assert_eq!(said(&one, &[&newest], &[], "2026-04-01"), "FRESH ");
    assert!(said(&one, &[&newest], &[], "2026-04-02").starts_with("DUE the calendar"));
    let rare = source::Model { stale_after_days: 1500, ..one };
    assert_eq!(said(&rare, &[&newest], &[], "2029-05-10"), "FRESH ");
    assert!(said(&rare, &[&newest], &[], "2029-05-11").starts_with("DUE the calendar"));
}

#[test]
fn a_newer_period_that_is_held_makes_figures_due() {
    let of = |dataset: &str, year: i32, loaded: &str| release::Model {
        dataset: dataset.into(),
        reference_end: NaiveDate::from_ymd_opt(year, 12, 31).unwrap(),
        ..release(&year.to_string(), loaded)
    };
    let served = of("national", 2024, "2025-01-10");
    let told = |held: &[&release::Model], day: &str| said(&source(None), &[&served], held, day);
    // A revision of the period that is served, or of an older one, hides nothing newer.
    for year in [2023, 2024] {
        assert_eq!(told(&[&of("national", year, "2025-02-01")], "2025-06-01"), "FRESH ");
    }
    // The newest period counts, from the first time it came.
    let [older, newest, again] = [(2025, "2025-01-20"), (2026, "2025-02-01"), (2026, "2025-03-20")]
        .map(|(year, loaded)| of("national", year, loaded));
    let held = [&again, &older, &newest];
    let words = "a newer period came on 2025-02-01 and is held";
    assert_eq!(told(&held, "2025-02-01"), format!("DUE {words}"));
    assert_eq!(told(&held, "2025-03-03"), format!("STALE {words}"));
    // So does a dataset of which nothing is served.
    assert!(told(&[&of("state", 2020, "2025-02-01")], "2025-02-02").starts_with("DUE a newer period"));
    assert_eq!(said(&source(None), &[], &held, "2025-03-03"), "NEVER_LOADED ");
}
