//! Figures of one release against each other.

use std::collections::HashMap;

use entity::{Cell, FigureKind, OccupationLevel, PayPeriod};

use super::{Background, Check, list};
use crate::normalize::{Band, Release, SegmentKey, Subject};

/// How far an annual figure may be from 2,080 times the hourly one, in cents: both are rounded.
/// Source: statistics of the publisher, `|annual − hourly × 2080| ≤ 16`.
const CROSS_FOOT: i64 = 1_600;

/// Percentiles rise. One that does not holds the release: columns were taken for each other.
pub(super) fn order(release: &Release) -> Check {
    let crossed: Vec<String> =
        release.bands.iter().filter(|band| !rises(band)).take(5).map(|band| place(release, band)).collect();
    super::check("percentile-order", crossed.is_empty(), || format!("percentiles fall at {}", list(&crossed)))
}

fn rises(band: &Band) -> bool {
    let points = Cell::ALL.into_iter().filter(|cell| cell.percentile().is_some());
    points.filter_map(|cell| exact(band, cell)).is_sorted()
}

/// The ends of a range stand around its middle.
pub(super) fn range(release: &Release) -> Check {
    let (mut cells, mut wrong) = (0_u64, 0_u64);
    for band in &release.bands {
        let points = [Cell::Low, Cell::Median, Cell::High].map(|cell| exact(band, cell));
        if points.iter().flatten().count() > 1 {
            cells += 1;
            wrong += u64::from(!points.iter().flatten().is_sorted());
        }
    }
    few("range-order", cells, wrong, "ranges do not stand around their median")
}

/// Hourly and annual figures of one row stand next to each other.
pub(super) fn cross_foot(release: &Release) -> Check {
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
            if let (Some(annual), Some(hourly)) = (exact(year, cell), exact(hour, cell)) {
                cells += 1;
                wrong += u64::from((annual - hourly * 2080).abs() > CROSS_FOOT);
            }
        }
    }
    few("annual-against-hourly", cells, wrong, "annual figures are not 2,080 times the hourly one")
}

/// Pay is about what it was in the release before. Where some of it is many times that, or a small part, amounts were read in another
/// unit or per another period: no pay grows threefold in a year, nor by a quarter in each of many, and a month of it is less than
/// a tenth of a year.
pub(super) fn pay_level(background: &Background) -> Check {
    /// Of fewer, one occupation may be most of them.
    const LEAST: usize = 10;
    /// One figure in so many may be of other people than before.
    const PART: usize = 20;
    const MOST_A_YEAR: f64 = 3.0;
    const MORE_A_YEAR: f64 = 1.25;
    const MOST: f64 = 10.0;
    let most = (MOST_A_YEAR * MORE_A_YEAR.powi(background.years.max(1) - 1)).min(MOST);
    let mut times: Vec<f64> = background.pay.iter().map(|(before, stated)| ratio(*stated, *before)).collect();
    times.sort_by(f64::total_cmp);
    let middle = times.get(times.len() / 2).copied().unwrap_or(1.0);
    let believed = 1.0 / most..=most;
    let wild = times.iter().filter(|times| !believed.contains(times)).count();
    super::check("pay-level", times.len() < LEAST || wild * PART <= times.len(), || {
        format!(
            "of {} figures that both have, {wild} are far from those of the release before, and the middle one is {middle:.4} times as much; \
             {most:.1} times as much, or as small a part, is believed at most, but of one in {PART}",
            times.len()
        )
    })
}

#[expect(clippy::cast_precision_loss, reason = "how many times as much is asked, not an amount")]
fn ratio(stated: i64, before: i64) -> f64 {
    stated as f64 / before as f64
}

/// What is added up, by place, segment, period and year of the projection.
type Sums = HashMap<(usize, SegmentKey, Option<PayPeriod>, usize), [Option<i64>; 2]>;

/// A published total is the sum of its parts, as far as rounding allows; where a part is not printed, it cannot be told.
pub(super) fn totals(release: &Release) -> Option<Check> {
    let sum = release.expect.sum?;
    let mut sums = Sums::new();
    let mut add = |key, level: OccupationLevel, jobs: Option<i64>| {
        let side = usize::from(level != sum.whole);
        if level == sum.whole || level == sum.parts {
            let known = sums.entry(key).or_insert([Some(0), Some(0)]);
            known[side] = known[side].zip(jobs).map(|(known, jobs)| known + jobs);
        }
    };
    for band in &release.bands {
        let key = (band.region, band.segment.clone(), Some(band.period), 0);
        add(key, band.level, exact(band, Cell::Employment));
    }
    for row in &release.projections {
        let Subject::Occupation(index) = row.subject else { continue };
        for (end, jobs) in row.counts.into_iter().take(2).enumerate() {
            add((row.region, SegmentKey::default(), None, end), release.occupations[index].level, jobs);
        }
    }
    let told: Vec<(i64, i64)> = sums
        .into_values()
        .filter_map(|[whole, parts]| whole.zip(parts))
        .filter(|(whole, parts)| *whole > 0 && *parts > 0)
        .collect();
    let apart =
        |(whole, parts): &&(i64, i64)| (whole - parts).abs() * 1000 > whole * i64::from(sum.within_permille);
    let wrong = told.iter().filter(apart).count();
    Some(few("published-totals", told.len() as u64, wrong as u64, "totals are not the sum of their parts"))
}

/// A warning up to one figure in a hundred, and a failure above.
pub(super) fn few(name: &str, cells: u64, wrong: u64, what: &str) -> Check {
    let detail = if cells == 0 { String::new() } else { format!("{wrong} of {cells} {what}") };
    Check { name: name.into(), passed: wrong * 100 <= cells, detail }
}

fn exact(band: &Band, cell: Cell) -> Option<i64> {
    (band.marks.get(cell) == FigureKind::Exact).then(|| band.cell(cell)).flatten()
}

fn place(release: &Release, band: &Band) -> String {
    let part = release.parts.get(usize::from(band.position.part.cast_unsigned()));
    let sheet = part.map_or("", |part| &part.sheet);
    format!("{sheet} row {}", band.position.row).trim_start().to_owned()
}
