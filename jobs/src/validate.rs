//! Whether a release can be believed. Every check is named and stored; a failed one holds the release. A check that
//! passed with a detail is a warning: figures that do not fit, and few enough to be the publisher's own.

use std::collections::HashSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use self::stated::{Census, Stated};
use crate::{
    definition::Expect,
    normalize::{RejectCode, Release},
};

mod canary;
mod figures;
mod stated;

#[cfg(test)]
mod tests;

/// What is said of a release that holds nothing.
pub(crate) const NO_FIGURE: &str = "no row became a figure";

/// The check that fails where an edition lacks a file of the last one.
pub(crate) const FILES: &str = "files";

/// One check and how it went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// A stable name.
    pub name: String,
    /// Whether the release may be served.
    pub passed: bool,
    /// What was found; of a check that passed, what a person may want to know.
    pub detail: String,
}

/// How much a release holds. Workbooks gain and lose tables that repeat others, so figures are compared where there are
/// any, and rows elsewhere.
#[derive(Clone, Copy, Debug, Default)]
pub struct Size {
    /// Rows read.
    pub rows: u64,
    /// Rows that hold pay or a projection.
    pub figures: u64,
    /// Whether it is of the same period: an edition that the release takes the place of.
    pub same_period: bool,
}

/// What is known of the classification, of the day and of the releases before.
#[derive(Clone, Debug, Default)]
pub struct Background {
    /// Codes printed that the classification lacks; none where the classification is not loaded.
    pub composites: Option<usize>,
    /// What the release before held, if there is one.
    pub before: Option<Size>,
    /// What the release before states of each figure.
    pub stated: Census,
    /// The middle pay of the release before and of this one, above 0, of each occupation, place and segment they share.
    pub pay: Vec<(i64, i64)>,
    /// Whole years between the two.
    pub years: i32,
    /// The day it came in.
    pub today: Option<NaiveDate>,
    /// Another period of its dataset whose release says the same, figure by figure.
    pub twin: Option<String>,
}

/// Looks at `release` against its own expectations and `background`.
pub fn validate(release: &Release, background: &Background) -> Vec<Check> {
    let total = release.total();
    let most = release.expect.max_rejects_percent;
    let malformed =
        release.rejects.iter().filter(|reject| reject.code == RejectCode::MalformedCode).count() as u64;
    let mut checks = vec![
        rows(release, total.read, background.before),
        check("figures", !release.is_bare() && !hides(release, background.before), || {
            format!("{NO_FIGURE}: {} rows read", total.read)
        }),
        check("columns", release.missing.is_empty(), || list(&release.missing)),
        check("bound", release.bound_conflict.is_none(), || {
            release.bound_conflict.clone().unwrap_or_default()
        }),
        check("rejects", total.rejected * 100 <= total.read * most, || {
            format!("{} of {} rows rejected; at most {most} % may be", total.rejected, total.read)
        }),
        check("malformed-codes", malformed * 20 <= total.read, || {
            format!("{malformed} of {} rows have a malformed code; at most 5 % may", total.read)
        }),
        figures::order(release),
        figures::range(release),
        figures::cross_foot(release),
        figures::pay_level(background),
        stated::amounts(release, background),
        stated::count_level(release, background),
        stated::percent_against_jobs(release),
        period(release, background.today),
        check("same-figures", background.twin.is_none(), || {
            let twin = background.twin.as_deref().unwrap_or_default();
            format!("its figures are those of {twin}, figure by figure")
        }),
    ];
    if !release.places.is_empty() {
        let adrift = release.adrift();
        checks.push(check("surroundings", adrift.is_empty(), || {
            let few = &adrift[..adrift.len().min(5)];
            format!("{} regions lie in none that is known, such as {}", adrift.len(), few.join(", "))
        }));
    }
    checks.extend(figures::totals(release));
    checks.extend(canary::canaries(release));
    if let Some(composites) = background.composites {
        let most = release.expect.max_composites;
        checks.push(check("composites", composites <= most, || {
            format!("{composites} codes are not in the classification; at most {most} may be")
        }));
    }
    checks
}

/// Returns the check that fails where files called `missing`, which stood in the last edition, are not in the archive.
pub(crate) fn whole(missing: &[String]) -> Option<Check> {
    let told = || {
        format!(
            "{} stood in the last edition and cannot be read again, being not in the archive: give it again with \
             --from, or publish this edition as it is with --publish-held",
            list(missing)
        )
    };
    (!missing.is_empty()).then(|| check(FILES, false, told))
}

fn check(name: &str, passed: bool, detail: impl FnOnce() -> String) -> Check {
    Check { name: name.into(), passed, detail: if passed { String::new() } else { detail() } }
}

fn rows(release: &Release, read: u64, before: Option<Size>) -> Check {
    let expect = &release.expect;
    let bands: HashSet<_> =
        release.bands.iter().map(|band| (band.position.part, band.position.row)).collect();
    let figures = (bands.len() + release.projections.len()) as u64;
    let (held, known, what) = match before.unwrap_or_default() {
        Size { figures: known, .. } if known > 0 => (figures, known, "rows of figures"),
        Size { rows, .. } => (read, rows, "rows"),
    };
    let same_period = before.is_some_and(|before| before.same_period);
    let least = known * (100 - most_lost(expect, before)) / 100;
    check("rows", read >= expect.min_rows && held >= least, || {
        let other = if same_period { "the edition it takes the place of" } else { "the release before" };
        format!(
            "{read} rows, expected at least {}; {held} {what}, expected at least {least}: {other} has {known}",
            expect.min_rows
        )
    })
}

/// How much a release may lose against the one before, percent.
fn most_lost(expect: &Expect, before: Option<Size>) -> u64 {
    let same_period = before.is_some_and(|before| before.same_period);
    let most = if same_period { expect.max_loss_percent } else { 100 };
    expect.max_fall_percent.min(most).min(100)
}

/// Pay is of days that have begun; a projection is of years to come.
fn period(release: &Release, today: Option<NaiveDate>) -> Check {
    let to_come = today.filter(|today| !release.bands.is_empty() && release.start > *today);
    check("period", to_come.is_none(), || {
        let today = to_come.unwrap_or_default();
        format!("its pay is of {} to {}, which had not begun on {today}", release.start, release.end)
    })
}

/// Whether a release without a figure of pay or projections would stand before one that has some.
fn hides(release: &Release, before: Option<Size>) -> bool {
    let shown = before.is_some_and(|before| before.figures > 0);
    shown && release.is_without_figures()
}

fn list(texts: &[String]) -> String {
    texts.join(", ")
}
