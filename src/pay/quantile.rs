//! Percentiles between the published ones, and where an amount falls among them.

use entity::{Cell, FigureKind};

/// A published percentile: which one, what stands there and how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// The percentile.
    pub percent: u8,
    /// Exact, or a bound.
    pub kind: FigureKind,
    /// Minor units.
    pub amount: i64,
}

/// Returns the published percentiles of a band that have an amount one may compare, from low to high.
pub fn points(cell: impl Fn(Cell) -> (FigureKind, Option<i64>)) -> Vec<Point> {
    let known = Cell::ALL.into_iter().filter_map(|at| {
        let percent = at.percentile()?;
        match cell(at) {
            (kind @ (FigureKind::Exact | FigureKind::AtLeast | FigureKind::AtMost), Some(amount)) => {
                Some(Point { percent, kind, amount })
            }
            _ => None,
        }
    });
    let mut points: Vec<Point> = known.collect();
    points.sort_by_key(|point| point.percent);
    points
}

/// Returns the `percent`-th percentile by a straight line on the logarithm of pay between its published neighbours, which
/// is monotone; nothing outside the published range, or where a neighbour is a bound or not above zero. Not rounded.
pub fn between(points: &[Point], percent: u8) -> Option<f64> {
    let after = points.partition_point(|point| point.percent < percent);
    let (low, high) = (points.get(after.checked_sub(1)?)?, points.get(after)?);
    let exact = |point: &Point| point.kind == FigureKind::Exact && point.amount > 0;
    if !exact(low) || !exact(high) || high.amount < low.amount {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "pay is far below 2^53 cents, and the result is modelled")]
    let (from, to) = ((low.amount as f64).ln(), (high.amount as f64).ln());
    let share = f64::from(percent - low.percent) / f64::from(high.percent - low.percent);
    Some((from + (to - from) * share).exp())
}

/// Where an amount falls among percentiles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rank {
    /// The highest percentile whose pay is surely this much or less.
    pub above: Option<Point>,
    /// The lowest percentile whose pay is surely more.
    pub below: Option<Point>,
    /// A bound that leaves open on which side it lies.
    pub open: Option<Point>,
}

/// Finds where `amount` falls among `points`. A percentile of "this or more" is surely above any smaller amount, and one of
/// "this or less" surely below any larger or equal one; otherwise a bound leaves it open.
pub fn rank(points: &[Point], amount: i64) -> Rank {
    let mut rank = Rank::default();
    for point in points {
        let reached = point.amount <= amount;
        match (point.kind, reached) {
            (FigureKind::Exact | FigureKind::AtMost, true) => rank.above = Some(*point),
            (FigureKind::Exact | FigureKind::AtLeast, false) => {
                rank.below = rank.below.or(Some(*point));
            }
            _ => rank.open = rank.open.or(Some(*point)),
        }
    }
    rank
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn exact(percent: u8, amount: i64) -> Point {
        Point { percent, kind: FigureKind::Exact, amount }
    }

    fn at_least(percent: u8, amount: i64) -> Point {
        Point { percent, kind: FigureKind::AtLeast, amount }
    }

    #[test]
    fn half_way_between_two_points_is_their_geometric_mean() {
        let points = [exact(10, 4_000_000), exact(50, 9_000_000)];
        let found = between(&points, 30).unwrap();
        assert!((found - 6_000_000.0).abs() < 1e-6, "{found}");
    }

    #[test]
    fn nothing_is_said_outside_the_points_or_beside_a_bound() {
        let points = [exact(10, 4_000_000), exact(75, 9_000_000), at_least(90, 23_920_000)];
        for percent in [1, 9, 76, 89, 91, 99] {
            assert_eq!(between(&points, percent), None, "{percent}");
        }
        assert!(between(&points, 74).is_some());
        assert_eq!(between(&[exact(10, 0), exact(90, 5)], 50), None);
        assert_eq!(between(&[], 50), None);
    }

    #[test]
    fn an_amount_is_ranked_and_bounds_are_respected() {
        let points = [exact(10, 100), exact(50, 200), exact(75, 300), at_least(90, 400)];
        let place = |amount| {
            let Rank { above, below, open } = rank(&points, amount);
            [above, below, open].map(|point| point.map(|point| point.percent))
        };
        assert_eq!(place(50), [None, Some(10), None]);
        assert_eq!(place(200), [Some(50), Some(75), None]);
        assert_eq!(place(350), [Some(75), Some(90), None]);
        assert_eq!(place(400), [Some(75), None, Some(90)]);
        assert_eq!(rank(&[], 1), Rank::default());
        let low = Point { percent: 10, kind: FigureKind::AtMost, amount: 100 };
        assert_eq!(rank(&[low, exact(50, 200)], 50).open, Some(low));
        assert_eq!(rank(&[low, exact(50, 200)], 150).above, Some(low));
    }

    proptest! {
        #[test]
        fn percentiles_rise_and_stay_between_their_neighbours(
            steps in proptest::collection::vec(0_i64..10_000_000, 5), first in 1_i64..10_000_000,
        ) {
            let percents = [10, 25, 50, 75, 90];
            let amounts = steps.iter().scan(first, |sum, step| { *sum += step; Some(*sum) });
            let points: Vec<Point> = percents.into_iter().zip(amounts).map(|(percent, amount)| exact(percent, amount)).collect();
            let found: Vec<f64> = (11..90).filter(|percent| !percents.contains(percent)).filter_map(|percent| between(&points, percent)).collect();
            prop_assert_eq!(found.len(), 79 - 3);
            prop_assert!(found.windows(2).all(|pair| pair[0] <= pair[1] * (1.0 + 1e-12)));
            let (low, high) = (points[0].amount, points[4].amount);
            #[expect(clippy::cast_precision_loss, reason = "small numbers")]
            let within = |value: &f64| *value >= low as f64 * (1.0 - 1e-12) && *value <= high as f64 * (1.0 + 1e-12);
            prop_assert!(found.iter().all(within));
        }
    }
}
