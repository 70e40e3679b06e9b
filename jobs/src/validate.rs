//! Whether a release can be believed. Every check is named and stored; a failed one holds the release.

use std::collections::HashSet;

use entity::{Cell, FigureKind, PayPeriod};
use serde::{Deserialize, Serialize};

use crate::normalize::{Band, Release};

/// How far an annual figure may be from 2,080 times the hourly one, in cents: both are rounded.
/// Source: statistics of the publisher, `|annual − hourly × 2080| ≤ 16`.
const CROSS_FOOT: i64 = 1_600;

/// One check and how it went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// A stable name.
    pub name: String,
    /// Whether the release may be served.
    pub passed: bool,
    /// What was found.
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
}

/// What is known of the classification and of the release before.
#[derive(Clone, Copy, Debug, Default)]
pub struct Background {
    /// Codes printed that the classification lacks; none where the classification is not loaded.
    pub composites: Option<usize>,
    /// What the release before held, if there is one.
    pub before: Option<Size>,
}

/// Looks at `release` against its own expectations and `background`.
pub fn validate(release: &Release, background: Background) -> Vec<Check> {
    let total = release.total();
    let mut checks = vec![
        rows(release, total.read, background.before),
        check("columns", release.missing.is_empty(), || list(&release.missing)),
        check("bound", release.bound_conflict.is_none(), || {
            release.bound_conflict.clone().unwrap_or_default()
        }),
        check("rejects", total.rejected * 20 <= total.read, || {
            format!("{} of {} rows rejected; at most 5 % may be", total.rejected, total.read)
        }),
        order(release),
        cross_foot(release),
    ];
    if let Some(composites) = background.composites {
        let most = release.expect.max_composites;
        checks.push(check("composites", composites <= most, || {
            format!("{composites} codes are not in the classification; at most {most} may be")
        }));
    }
    checks
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
    let least = known * (100 - expect.max_fall_percent.min(100)) / 100;
    check("rows", read >= expect.min_rows && held >= least, || {
        format!(
            "{read} rows, expected at least {}; {held} {what}, expected at least {least}",
            expect.min_rows
        )
    })
}

fn order(release: &Release) -> Check {
    let crossed: Vec<String> =
        release.bands.iter().filter(|band| !rises(band)).take(5).map(|band| place(release, band)).collect();
    check("percentile-order", crossed.is_empty(), || format!("percentiles fall at {}", list(&crossed)))
}

fn rises(band: &Band) -> bool {
    let points = Cell::ALL.into_iter().filter(|cell| cell.percentile().is_some());
    let exact = points.filter(|cell| band.marks.get(*cell) == FigureKind::Exact);
    exact.filter_map(|cell| band.cell(cell)).is_sorted()
}

/// Hourly and annual figures of one row stand next to each other.
fn cross_foot(release: &Release) -> Check {
    let (mut cells, mut wrong) = (0_u64, 0_u64);
    for pair in release.bands.windows(2) {
        let [year, hour] = pair else { continue };
        if year.position != hour.position
            || year.hours_per_year != Some(2080)
            || hour.period != PayPeriod::Hour
        {
            continue;
        }
        for cell in Cell::ALL.into_iter().take(Cell::MONEY) {
            let exact =
                |band: &Band| (band.marks.get(cell) == FigureKind::Exact).then(|| band.cell(cell)).flatten();
            if let (Some(annual), Some(hourly)) = (exact(year), exact(hour)) {
                cells += 1;
                wrong += u64::from((annual - hourly * 2080).abs() > CROSS_FOOT);
            }
        }
    }
    let passed = wrong * 100 <= cells;
    let detail = format!("{wrong} of {cells} annual figures are not 2,080 times the hourly one");
    Check { name: "annual-against-hourly".into(), passed, detail }
}

fn place(release: &Release, band: &Band) -> String {
    let part = release.parts.get(usize::from(band.position.part.cast_unsigned()));
    format!("{} row {}", part.map_or("", |part| &part.sheet), band.position.row)
}

fn list(texts: &[String]) -> String {
    texts.join(", ")
}
