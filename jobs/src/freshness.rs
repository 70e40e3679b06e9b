//! How old a source's figures are: by the time since the last look, by the publisher's calendar, and by what is held.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{release, source};

/// How long a calendar of one release is believed.
const YEAR: TimeDelta = TimeDelta::days(365);

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

/// What figures lack that are not fresh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// No look at their publisher has succeeded since.
    Look {
        /// When one did.
        last: DateTime<Utc>,
    },
    /// A release is out and not loaded.
    Release {
        /// What it is called.
        label: String,
        /// When it came out.
        day: NaiveDate,
    },
    /// A newer period than the one that is served waits for a person.
    Held {
        /// When it came in.
        came: DateTime<Utc>,
    },
    /// The calendar names no release that would be due.
    Calendar {
        /// The last release it names.
        label: String,
        /// When that came out.
        day: NaiveDate,
    },
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Look { last } => write!(f, "no look has succeeded since {}", last.date_naive()),
            Self::Release { label, day } => write!(f, "{label} is out since {day} and not loaded"),
            Self::Held { came } => write!(f, "a newer period came on {} and is held", came.date_naive()),
            Self::Calendar { label, day } => {
                write!(
                    f,
                    "the calendar of its definition ends with {label} of {day}; the next release belongs there"
                )
            }
        }
    }
}

/// How long ago figures should have been there, less than nothing where there is time, and what they lack.
type Late = (TimeDelta, Lack);

/// Returns how old the figures are of which the releases `served` are current, one of a dataset, and what they lack where they are due
/// or stale. They are due when as many days have passed since the last successful look as the definition says, when a newer period of a
/// dataset is among the releases `held`, when the calendar has a release that is out and not loaded, or when it has ended, and as much
/// time has passed since its last release as between its last two. Stale they are as many days after that again as the definition says.
pub fn freshness(
    source: &source::Model,
    served: &[&release::Model],
    held: &[&release::Model],
    now: DateTime<Utc>,
) -> (Freshness, Option<Lack>) {
    let Some(last) = last_success(source, served) else { return (Freshness::NeverLoaded, None) };
    let patience = TimeDelta::days(source.stale_after_days.into());
    let looked = (now - last - patience, Lack::Look { last });
    let waits = waits_since(served, held).map(|came| (now - came, Lack::Held { came }));
    let listed = by_calendar(source, served, now.date_naive());
    let all = [Some(looked), waits, listed].into_iter().flatten();
    match all.max_by_key(|(late, _)| *late) {
        Some((late, lack)) if late >= patience => (Freshness::Stale, Some(lack)),
        Some((late, lack)) if late >= TimeDelta::zero() => (Freshness::Due, Some(lack)),
        _ => (Freshness::Fresh, None),
    }
}

/// Returns when the newest held period came in, of the dataset that has waited longest, where it is newer than the one that is served.
fn waits_since(served: &[&release::Model], held: &[&release::Model]) -> Option<DateTime<Utc>> {
    let newer = |held: &&&release::Model| {
        let mut same = served.iter().filter(|served| served.dataset == held.dataset);
        same.all(|served| served.reference_end < held.reference_end)
    };
    let mut newest = BTreeMap::new();
    for held in held.iter().filter(newer) {
        let came = (held.reference_end, Reverse(held.loaded_at));
        let known = newest.entry(&held.dataset).or_insert(came);
        *known = came.max(*known);
    }
    newest.into_values().map(|(_, Reverse(came))| came).min()
}

/// Returns what the calendar has that is not here, of the dataset that is furthest behind. A closed dataset waits for no release but
/// those it has; where nothing else is loaded, what is newest of it stands for the source.
fn by_calendar(source: &source::Model, served: &[&release::Model], today: NaiveDate) -> Option<Late> {
    let calendar: BTreeMap<String, NaiveDate> = serde_json::from_str(&source.calendar).unwrap_or_default();
    let closed: BTreeMap<String, BTreeSet<String>> =
        serde_json::from_str(&source.closed_datasets).unwrap_or_default();
    let out = |days: &BTreeMap<String, NaiveDate>, release: &release::Model| {
        let (label, day) = missed(days, release, today)?;
        Some((today - day, Lack::Release { label: label.to_owned(), day }))
    };
    if served.iter().all(|release| closed.contains_key(&release.dataset)) {
        let behind: Option<Vec<Late>> = served.iter().map(|release| out(&calendar, release)).collect();
        return behind?.into_iter().min_by_key(|(late, _)| *late);
    }
    let late = |release: &&release::Model| {
        let Some(labels) = closed.get(&release.dataset) else {
            let patience = TimeDelta::days(source.stale_after_days.into());
            return out(&calendar, release).or_else(|| ended(&calendar, release, patience, today));
        };
        let mut days = calendar.clone();
        days.retain(|label, _| labels.contains(label));
        out(&days, release)
    };
    served.iter().filter_map(late).max_by_key(|(late, _)| *late)
}

/// Returns how long ago the release should have come that the calendar does not name: as long after its last as that came after the one
/// before. One release alone tells no rhythm; a year is taken for it, or the time that a look is good for where that is longer.
fn ended(
    calendar: &BTreeMap<String, NaiveDate>,
    served: &release::Model,
    patience: TimeDelta,
    today: NaiveDate,
) -> Option<Late> {
    let days: BTreeSet<(NaiveDate, &String)> =
        alike(calendar, served).map(|(label, day)| (day, label)).collect();
    let (end, label) = days.last()?;
    let before = days.iter().rev().find(|(day, _)| day < end);
    let rhythm = before.map_or(patience.max(YEAR), |(before, _)| *end - *before);
    let lack = Lack::Calendar { label: (*label).clone(), day: *end };
    Some((today - came_out(calendar, served).max(*end) - rhythm, lack))
}

/// Returns the first release that is out and newer than `served`, with its day; none where there is no such, or where the calendar does
/// not speak of its dataset: its releases are called otherwise.
pub(crate) fn missed<'c>(
    calendar: &'c BTreeMap<String, NaiveDate>,
    served: &release::Model,
    today: NaiveDate,
) -> Option<(&'c str, NaiveDate)> {
    let own = came_out(calendar, served);
    let later = alike(calendar, served).filter(|(_, day)| (own < *day) && (*day <= today));
    later.map(|(label, day)| (label.as_str(), day)).min_by_key(|(_, day)| *day)
}

/// The day a release came out. One without a day came out no earlier than its period ended.
fn came_out(calendar: &BTreeMap<String, NaiveDate>, release: &release::Model) -> NaiveDate {
    calendar.get(&release.label).copied().or(release.published_at).unwrap_or(release.reference_end)
}

/// The releases of a calendar that are called as `served` is, but for their numbers.
fn alike<'c>(
    calendar: &'c BTreeMap<String, NaiveDate>,
    served: &release::Model,
) -> impl Iterator<Item = (&'c String, NaiveDate)> {
    let own = form(&served.label);
    calendar.iter().filter(move |(label, _)| form(label) == own).map(|(label, day)| (label, *day))
}

/// What is left of a label without its numbers: `May 2024` is called as `May 2025` is, and `2021-31` not as `2021`.
fn form(label: &str) -> String {
    label.chars().map(|sign| if sign.is_ascii_digit() { '0' } else { sign }).collect()
}

#[cfg(test)]
mod tests;
