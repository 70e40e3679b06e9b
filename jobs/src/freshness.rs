//! How old a source's figures are: by the time since the last look, and by the publisher's calendar.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{release, source};

/// How old a source's figures are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Freshness {
    /// Looked at not long ago, and nothing is missing.
    Fresh,
    /// Time to look again, or a release is out that is not here.
    Due,
    /// Long past that.
    Stale,
    /// Nothing was ever loaded.
    NeverLoaded,
}

impl Freshness {
    /// Returns its name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fresh => "FRESH",
            Self::Due => "DUE",
            Self::Stale => "STALE",
            Self::NeverLoaded => "NEVER_LOADED",
        }
    }
}

/// Returns when `source` was last looked at with success, or when the oldest of its figures were loaded where that is later.
pub fn last_success(source: &source::Model, served: &[&release::Model]) -> Option<DateTime<Utc>> {
    let loaded = served.iter().map(|release| release.loaded_at).min()?;
    Some(source.succeeded_at.map_or(loaded, |succeeded| succeeded.max(loaded)))
}

/// Returns how old the figures are of which the releases `served` are current, one of a dataset. They are due when as many days have
/// passed since the last successful look as the definition says, or when the calendar has a release of a dataset that is out and
/// not loaded; stale as many days after that again.
pub fn freshness(source: &source::Model, served: &[&release::Model], now: DateTime<Utc>) -> Freshness {
    let Some(last) = last_success(source, served) else { return Freshness::NeverLoaded };
    let patience = TimeDelta::days(source.stale_after_days.into());
    let by_timer = grade(now - last, patience, patience * 2);
    let late = late(source, served, now.date_naive());
    let by_calendar = late.map_or(Freshness::Fresh, |late| grade(late, TimeDelta::zero(), patience));
    by_timer.max(by_calendar)
}

/// Returns how long a release has been out that is not loaded, of the dataset that is furthest behind. A closed dataset waits for no
/// release but those it has; where nothing else is loaded, what is newest of it stands for the source.
fn late(source: &source::Model, served: &[&release::Model], today: NaiveDate) -> Option<TimeDelta> {
    let calendar: BTreeMap<String, NaiveDate> = serde_json::from_str(&source.calendar).unwrap_or_default();
    let closed: BTreeMap<String, BTreeSet<String>> =
        serde_json::from_str(&source.closed_datasets).unwrap_or_default();
    let missed_by = |release: &&release::Model| {
        let mut days = calendar.clone();
        if let Some(labels) = closed.get(&release.dataset) {
            days.retain(|label, _| labels.contains(label));
        }
        missed(&days, release, today)
    };
    if served.iter().all(|release| closed.contains_key(&release.dataset)) {
        return served.iter().map(|release| missed(&calendar, release, today)).min().flatten();
    }
    served.iter().filter_map(missed_by).max()
}

fn grade(age: TimeDelta, due: TimeDelta, stale: TimeDelta) -> Freshness {
    match () {
        () if age < due => Freshness::Fresh,
        () if age < stale => Freshness::Due,
        () => Freshness::Stale,
    }
}

/// Returns how long a release has been out that is newer than `served`; none where there is no such, or where the calendar does not speak
/// of its dataset: its releases are called otherwise. A release without a day came out no earlier than its period ended.
pub(crate) fn missed(
    calendar: &BTreeMap<String, NaiveDate>,
    served: &release::Model,
    today: NaiveDate,
) -> Option<TimeDelta> {
    let own = calendar.get(&served.label).copied().or(served.published_at).unwrap_or(served.reference_end);
    let later = calendar.iter().filter(|(label, day)| form(label) == form(&served.label) && **day > own);
    let out = later.map(|(_, day)| *day).filter(|day| *day <= today).min()?;
    Some(today - out)
}

/// What is left of a label without its numbers: `May 2024` is called as `May 2025` is, and `2021-31` not as `2021`.
fn form(label: &str) -> String {
    label.chars().map(|sign| if sign.is_ascii_digit() { '0' } else { sign }).collect()
}

#[cfg(test)]
mod tests {
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
        assert_eq!(freshness(&source(None), &[], at("2025-05-02")), Freshness::NeverLoaded);
        assert_eq!(freshness(&source(None), &served, at("2025-05-30")), Freshness::Fresh);
        assert_eq!(freshness(&source(None), &served, at("2025-05-31")), Freshness::Due);
        assert_eq!(freshness(&source(None), &served, at("2025-07-01")), Freshness::Stale);
        assert_eq!(freshness(&source(Some("2025-06-20")), &served, at("2025-07-01")), Freshness::Fresh);
    }

    #[test]
    fn a_release_that_is_out_and_not_here_makes_figures_due() {
        let loaded = release("May 2023", "2024-05-01");
        let served = [&loaded];
        let looked = source(Some("2025-04-01"));
        assert_eq!(freshness(&looked, &served, at("2025-04-01")), Freshness::Fresh);
        assert_eq!(freshness(&looked, &served, at("2025-04-02")), Freshness::Due);
        let looked = source(Some("2025-05-01"));
        assert_eq!(freshness(&looked, &served, at("2025-05-02")), Freshness::Stale);
    }

    #[test]
    fn one_dataset_that_is_behind_makes_its_source_so() {
        let [new, old] = ["May 2024", "May 2023"].map(|label| release(label, "2025-04-02"));
        let looked = source(Some("2025-04-10"));
        assert_eq!(freshness(&looked, &[&new, &old], at("2025-04-10")), Freshness::Due);
        assert_eq!(freshness(&looked, &[&new, &new], at("2025-04-10")), Freshness::Fresh);
        // The calendar says nothing of a dataset whose releases are called otherwise.
        let other =
            release::Model { published_at: "2020-01-01".parse().ok(), ..release("2019", "2025-04-02") };
        assert_eq!(freshness(&looked, &[&new, &other], at("2025-04-10")), Freshness::Fresh);
        // One that it does not list came out no earlier than its period ended.
        let elder = release::Model {
            reference_end: NaiveDate::from_ymd_opt(2022, 5, 31).unwrap(),
            ..release("May 2022", "2025-04-02")
        };
        assert_eq!(freshness(&looked, &[&elder], at("2025-04-10")), Freshness::Stale);
    }

    #[test]
    fn a_dataset_that_came_out_once_is_not_behind() {
        let of = |dataset: &str, label: &str| release::Model {
            dataset: dataset.into(),
            ..release(label, "2025-04-02")
        };
        let (pilot, old, new) =
            (of("pilot", "May 2023"), of("national", "May 2023"), of("national", "May 2024"));
        let told =
            |served: &[&release::Model]| freshness(&source(Some("2025-04-10")), served, at("2025-04-10"));
        assert_eq!(told(&[&new, &pilot]), Freshness::Fresh);
        assert_eq!(told(&[&old, &pilot]), Freshness::Due);
        // Alone it is all there is of a source that has published since.
        assert_eq!(told(&[&pilot]), Freshness::Due);
        // A release that the definition names is waited for.
        let mut waits = source(Some("2025-04-10"));
        waits.closed_datasets = r#"{"pilot": ["May 2023", "May 2024"]}"#.into();
        assert_eq!(freshness(&waits, &[&new, &pilot], at("2025-04-10")), Freshness::Due);
    }

    #[test]
    fn a_file_that_is_loaded_is_no_look_at_the_others() {
        let [old, new] = ["2025-04-02", "2025-06-20"].map(|loaded| release("May 2024", loaded));
        assert_eq!(freshness(&source(None), &[&old, &new], at("2025-06-21")), Freshness::Stale);
        assert_eq!(freshness(&source(Some("2025-06-20")), &[&old, &new], at("2025-06-21")), Freshness::Fresh);
    }
}
