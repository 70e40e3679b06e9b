//! How many amounts of each figure a release states, and how large they are, against the release before.

use std::collections::BTreeMap;

use entity::{Cell, Count};

use super::{Background, Check, list, most_lost};
use crate::{
    definition::{Field, Figure},
    normalize::Release,
};

/// Of fewer amounts, one occupation may be most of them.
const FEW: u64 = 10;

/// What a release states of one figure.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stated {
    /// How many amounts.
    pub amounts: u64,
    /// How many bands or projections might have one.
    pub of: u64,
    /// Their mean.
    pub mean: f64,
}

/// What a release states, by figure.
pub type Census = BTreeMap<Figure, Stated>;

/// Counts the amounts of `release`.
fn census(release: &Release) -> Census {
    let cells = release.bands.iter().flat_map(|band| {
        Cell::ALL.into_iter().filter_map(|cell| Some((Figure::Cell(cell), band.cell(cell)?)))
    });
    let counts = release.projections.iter().flat_map(|row| {
        let counts = Count::ALL.into_iter().zip(row.counts);
        counts.filter_map(|(count, jobs)| Some((Figure::Outlook(Field::of_count(count)), jobs?)))
    });
    let (bands, projections) = (release.bands.len() as u64, release.projections.len() as u64);
    let mut census = Census::new();
    for (figure, amount) in cells.chain(counts) {
        let stated = census.entry(figure).or_default();
        stated.amounts += 1;
        stated.of = if matches!(figure, Figure::Cell(_)) { bands } else { projections };
        stated.mean += (real(amount) - stated.mean) / real(stated.amounts.cast_signed());
    }
    census
}

/// A figure that is asked for and was stated is stated still, by at least half as large a share of the bands. Where its column is
/// blank, or its measure has another name, rows stay and amounts go.
pub(super) fn amounts(release: &Release, background: &Background) -> Check {
    /// Of figures that few bands state, the share varies from year to year.
    const KEPT: u64 = 50;
    let kept = KEPT.min(100 - most_lost(&release.expect, background.before));
    let stated = census(release);
    let told = background.stated.iter().filter(|(figure, _)| release.asked.contains(figure));
    let lost = told.filter_map(|(figure, before)| {
        let of =
            if matches!(figure, Figure::Cell(_)) { release.bands.len() } else { release.projections.len() };
        let amounts = stated.get(figure).map_or(0, |stated| stated.amounts);
        let gone = amounts == 0 && before.amounts >= FEW;
        (gone || amounts * before.of * 100 < before.amounts * of as u64 * kept).then(|| {
            format!("{figure}: {amounts} of {of} where there were {} of {}", before.amounts, before.of)
        })
    });
    let lost: Vec<String> = lost.collect();
    super::check("amounts", lost.is_empty(), || format!("amounts are gone: {}", list(&lost)))
}

/// Jobs are about as many as they were. Where they are many times as many, or a small part, they were read in another unit: between one
/// and a thousand lie 30 times.
pub(super) fn count_level(release: &Release, background: &Background) -> Check {
    const MOST: f64 = 30.0;
    let stated = census(release);
    let jobs = |figure: &Figure| {
        !matches!(figure, Figure::Outlook(Field::Change))
            && (*figure == Figure::Cell(Cell::Employment) || matches!(figure, Figure::Outlook(_)))
    };
    let leaps = background.stated.iter().filter(|(figure, _)| jobs(figure)).filter_map(|(figure, before)| {
        let stated = stated.get(figure)?;
        let times = stated.mean / before.mean;
        let told = stated.amounts >= FEW && before.amounts >= FEW && times.is_finite() && times > 0.0;
        (told && !(1.0 / MOST..=MOST).contains(&times))
            .then(|| format!("{figure} is {:.0} in the mean where it was {:.0}", stated.mean, before.mean))
    });
    let leaps: Vec<String> = leaps.collect();
    super::check("count-level", leaps.is_empty(), || {
        format!("{}; {MOST} times as much, or as small a part, is believed at most", list(&leaps))
    })
}

/// The printed percent is about that of the printed jobs, where they are so many that rounding says little. Jobs in another unit at one end
/// of the span, or a share of one in place of a percent, are not.
pub(super) fn percent_against_jobs(release: &Release) -> Check {
    const MANY: i64 = 10_000;
    const APART: f64 = 1.0;
    let (mut rows, mut wrong) = (0, 0);
    for row in &release.projections {
        let [Some(base), Some(target), ..] = row.counts else { continue };
        let Some(printed) = row.change_percent.filter(|_| base >= MANY) else { continue };
        let reckoned = (real(target) - real(base)) / real(base) * 100.0;
        rows += 1;
        wrong += u64::from((reckoned - f64::from(printed) / 1000.0).abs() > APART + reckoned.abs() / 10.0);
    }
    super::figures::few("percent-against-jobs", rows, wrong, "percents are not those of the jobs beside them")
}

#[expect(clippy::cast_precision_loss, reason = "how many times as much is asked, not an amount")]
fn real(amount: i64) -> f64 {
    amount as f64
}
