//! The pay of several occupations together, as one distribution.
//!
//! Percentiles are never averaged. The exact percentiles of each member, joined by straight lines on the logarithm of pay, make
//! its distribution `F_i`; together they are the mixture `F = Σ w_i F_i`, which is then inverted. What no member's figures pin
//! down, outside its outermost exact percentiles, is not known of the mixture either. Whatever the shapes between the points, a
//! percentile of a mixture lies between the least and the greatest of its members': that bound stands beside the median.

use entity::{Cell, FigureKind};

/// Shares closer than this are the same: far less than any rounding of pay makes.
const NOTHING: f64 = 1e-9;

/// The percentiles that are shown.
pub const SHOWN: [u8; 5] = [10, 25, 50, 75, 90];

/// What is known of how pay is spread: exact percentiles, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    points: Vec<(i64, u8)>,
}

impl Distribution {
    /// Reads the exact percentiles of a band; `None` without a median, or where they are not in order.
    pub fn of(cells: impl Fn(Cell) -> (FigureKind, Option<i64>)) -> Option<Self> {
        let point = |cell: Cell| match (cell.percentile(), cells(cell)) {
            (Some(percentile), (FigureKind::Exact, Some(amount))) => Some((amount, percentile)),
            _ => None,
        };
        Self::new(Cell::ALL.into_iter().filter_map(point).collect())
    }

    /// Takes amounts in minor units with their percentiles, in order; `None` without a median or where an amount is not above
    /// zero or below the one before.
    pub fn new(points: Vec<(i64, u8)>) -> Option<Self> {
        let rising = points.windows(2).all(|pair| pair[0].0 <= pair[1].0 && pair[0].1 < pair[1].1);
        let whole = rising && points.first().is_some_and(|(amount, _)| *amount > 0);
        let made = Self { points };
        (whole && made.published(50).is_some()).then_some(made)
    }

    /// Returns a percentile that was published.
    pub fn published(&self, percentile: u8) -> Option<i64> {
        self.points.iter().find(|(_, known)| *known == percentile).map(|(amount, _)| *amount)
    }

    /// Returns the amounts between which the distribution is known.
    fn known(&self) -> (i64, i64) {
        (self.points.first().map_or(0, |point| point.0), self.points.last().map_or(0, |point| point.0))
    }

    /// Returns which share, of one, is paid `amount` or less; only where the distribution is known.
    fn share(&self, amount: i64) -> f64 {
        let above = self.points.partition_point(|(known, _)| *known <= amount);
        let (low, share) = self.points[above.saturating_sub(1)];
        let share = f64::from(share) / 100.0;
        match self.points.get(above) {
            Some((high, next)) if amount > low => {
                let way = (log(amount) - log(low)) / (log(*high) - log(low));
                share + way * (f64::from(*next) / 100.0 - share)
            }
            _ => share,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "pay is far below 2^53 cents")]
fn log(amount: i64) -> f64 {
    (amount as f64).ln()
}

/// Several distributions with their weights, which sum to one.
#[derive(Clone, Debug)]
pub struct Mixture {
    members: Vec<(Distribution, f64)>,
}

impl Mixture {
    /// Mixes distributions; `None` of fewer than two, or with a weight that is not above zero.
    pub fn new(mut members: Vec<(Distribution, f64)>) -> Option<Self> {
        let sum: f64 = members.iter().map(|(_, weight)| weight).sum();
        let weighed = members.iter().all(|(_, weight)| weight.is_finite() && *weight > 0.0);
        for (_, weight) in &mut members {
            *weight /= sum;
        }
        (members.len() > 1 && weighed).then_some(Self { members })
    }

    /// Returns the share of each member, in order.
    pub fn weights(&self) -> impl Iterator<Item = f64> {
        self.members.iter().map(|(_, weight)| *weight)
    }

    /// Returns the least and the greatest of the members' medians.
    pub fn bound(&self) -> (i64, i64) {
        let medians = || self.members.iter().filter_map(|(member, _)| member.published(50));
        (medians().min().unwrap_or_default(), medians().max().unwrap_or_default())
    }

    /// Returns the least amount below which `percentile` of a hundred are paid; `None` where a member's distribution is not
    /// known.
    pub fn percentile(&self, percentile: u8) -> Option<i64> {
        let wanted = f64::from(percentile) / 100.0 - NOTHING;
        let mut low = self.members.iter().map(|(member, _)| member.known().0).max()?;
        let mut high = self.members.iter().map(|(member, _)| member.known().1).min()?;
        if low > high || self.share(high) < wanted || self.share(low) > wanted + 2.0 * NOTHING {
            return None;
        }
        while low < high {
            let middle = low + (high - low) / 2;
            if self.share(middle) >= wanted { high = middle } else { low = middle + 1 }
        }
        Some(low)
    }

    fn share(&self, amount: i64) -> f64 {
        self.members.iter().map(|(member, weight)| weight * member.share(amount)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distribution(amounts: [i64; 5]) -> Distribution {
        Distribution::new(amounts.into_iter().zip(SHOWN).collect()).unwrap()
    }

    fn mixed(members: &[([i64; 5], f64)]) -> Mixture {
        let members = members.iter().map(|(amounts, weight)| (distribution(*amounts), *weight));
        Mixture::new(members.collect()).unwrap()
    }

    #[test]
    fn a_mixture_of_equals_is_any_one_of_them() {
        let points = [4_000_000, 5_500_000, 7_000_000, 9_100_000, 12_000_000];
        let mixture = mixed(&[(points, 3.0), (points, 1.0), (points, 0.1)]);
        assert_eq!(SHOWN.map(|p| mixture.percentile(p)), points.map(Some));
        assert_eq!(mixture.bound(), (7_000_000, 7_000_000));
    }

    #[test]
    fn the_median_of_a_mixture_is_where_half_of_all_are_paid_less() {
        // At 6,000,000 half of the first and a quarter of the second are paid less, at 8,000,000 three quarters and a half. With
        // equal weights the shares of all are 0.375 and 0.625; on straight lines in the logarithm both members reach one half
        // together at sqrt(6,000,000 x 8,000,000) = 6,928,203.2.
        let mixture = mixed(&[
            ([3_000_000, 4_000_000, 6_000_000, 8_000_000, 9_000_000], 1.0),
            ([4_000_000, 6_000_000, 8_000_000, 9_500_000, 11_000_000], 1.0),
        ]);
        assert_eq!(mixture.percentile(50), Some(6_928_204));
        assert_eq!(mixture.bound(), (6_000_000, 8_000_000));
        // The average of the medians would be 7,000,000.
        assert_ne!(mixture.percentile(50), Some(7_000_000));
    }

    #[test]
    fn what_no_member_pins_down_is_not_known() {
        let apart = mixed(&[
            ([3_000_000, 3_100_000, 3_200_000, 3_300_000, 3_400_000], 1.0),
            ([9_000_000, 9_100_000, 9_200_000, 9_300_000, 9_400_000], 1.0),
        ]);
        assert_eq!(SHOWN.map(|p| apart.percentile(p)), [None; 5]);
        assert_eq!(apart.bound(), (3_200_000, 9_200_000));
        let near = mixed(&[
            ([3_000_000, 4_000_000, 5_000_000, 6_000_000, 7_000_000], 1.0),
            ([3_500_000, 4_500_000, 5_500_000, 6_500_000, 7_500_000], 1.0),
        ]);
        assert_eq!((near.percentile(10), near.percentile(90)), (None, None));
        assert!(near.percentile(25).is_some() && near.percentile(75).is_some());
    }

    #[test]
    fn figures_that_make_no_distribution_are_refused() {
        for points in [
            vec![],
            vec![(100, 10), (200, 90)],
            vec![(0, 25), (100, 50)],
            vec![(200, 25), (100, 50)],
            vec![(100, 50), (200, 25)],
        ] {
            assert_eq!(Distribution::new(points.clone()), None, "{points:?}");
        }
        let one = distribution([1, 2, 3, 4, 5]);
        assert!(Mixture::new(vec![(one.clone(), 1.0)]).is_none());
        assert!(Mixture::new(vec![(one.clone(), 1.0), (one, 0.0)]).is_none());
    }

    #[test]
    fn every_percentile_of_any_mixture_is_within_its_members_and_in_order() {
        let mut state = 11_u64;
        let mut below = |end: i64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            i64::try_from(state >> 33).unwrap() % end
        };
        let mut known = 0;
        for _ in 0..2_000 {
            let many = 2 + below(4);
            let members = (0..many).map(|_| {
                let mut amounts = [0; 5];
                let mut amount = 1_500_000 + below(3_000_000);
                for place in &mut amounts {
                    *place = amount;
                    amount += below(4) * below(1_500_000);
                }
                #[expect(clippy::cast_precision_loss, reason = "small")]
                (amounts, (1 + below(1_000_000)) as f64)
            });
            let members: Vec<_> = members.collect();
            let mixture = mixed(&members);
            let found = SHOWN.map(|p| mixture.percentile(p));
            for (place, amount) in found.iter().enumerate() {
                let Some(amount) = amount else { continue };
                known += 1;
                let of_members = || members.iter().map(|(amounts, _)| amounts[place]);
                assert!(
                    of_members().min() <= Some(*amount) && Some(*amount) <= of_members().max(),
                    "{members:?}"
                );
            }
            let in_order: Vec<i64> = found.into_iter().flatten().collect();
            assert!(in_order.is_sorted(), "{members:?}: {in_order:?}");
            let share: f64 = mixture.weights().sum();
            assert!((share - 1.0).abs() < NOTHING);
        }
        assert!(known > 2_000, "{known}");
    }
}
