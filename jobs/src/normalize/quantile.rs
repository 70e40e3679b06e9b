//! Quantiles and mean of a sample.
//!
//! A quantile is the inverse of the weighted empirical distribution: the smallest value at or below which at least the
//! share `p` of the weight lies. It is always a value of the sample, so that nothing is interpolated.
//! Source: Hyndman and Fan, Sample Quantiles in Statistical Packages, 1996, definition 1.

/// Amounts of one cell, each with its weight in any unit. Nothing else of a record is kept.
#[derive(Clone, Debug, Default)]
pub(super) struct Sample {
    values: Vec<(i64, u64)>,
}

impl Sample {
    /// Adds an amount.
    pub(super) fn add(&mut self, amount: i64, weight: u64) {
        self.values.push((amount, weight));
    }

    /// Returns how many records there are.
    pub(super) fn records(&self) -> usize {
        self.values.len()
    }

    /// Sorts the amounts, after which the quantiles can be read.
    pub(super) fn sort(&mut self) {
        self.values.sort_unstable();
    }

    /// Returns the `percent` quantile of a sorted sample, or nothing of an empty one.
    pub(super) fn quantile(&self, percent: u32) -> Option<i64> {
        let wanted = self.weight() * u128::from(percent);
        let mut below = 0_u128;
        let found = self.values.iter().find(|(_, weight)| {
            below += u128::from(*weight);
            below * 100 >= wanted
        });
        found.map(|(amount, _)| *amount)
    }

    /// Returns the weighted mean, rounded half away from zero.
    pub(super) fn mean(&self) -> Option<i64> {
        let weight = i128::try_from(self.weight()).ok().filter(|weight| *weight > 0)?;
        let total: i128 =
            self.values.iter().map(|(amount, weight)| i128::from(*amount) * i128::from(*weight)).sum();
        let rounded = (total.abs() * 2 + weight) / (weight * 2) * total.signum();
        i64::try_from(rounded).ok()
    }

    /// Returns the weight of all records.
    pub(super) fn weight(&self) -> u128 {
        self.values.iter().map(|(_, weight)| u128::from(*weight)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::Sample;

    fn sample(values: &[(i64, u64)]) -> Sample {
        let mut sample = Sample { values: values.to_vec() };
        sample.sort();
        sample
    }

    #[test]
    fn quantiles_are_values_of_the_sample() {
        let ten = sample(&[
            (30, 1),
            (10, 1),
            (20, 1),
            (50, 1),
            (40, 1),
            (60, 1),
            (70, 1),
            (80, 1),
            (100, 1),
            (90, 1),
        ]);
        let read = [10, 25, 50, 75, 90].map(|percent| ten.quantile(percent).unwrap());
        assert_eq!(read, [10, 30, 50, 80, 90]);
        let five = sample(&[(1, 1), (2, 1), (3, 1), (4, 1), (5, 1)]);
        assert_eq!([10, 25, 50, 75, 90].map(|percent| five.quantile(percent).unwrap()), [1, 2, 3, 4, 5]);
        assert_eq!(sample(&[]).quantile(50), None);
    }

    #[test]
    fn a_weight_counts_as_often_as_it_says() {
        // 7 and 7, then 8 six times, then 9 twice: the sixth of ten is 8, the ninth is 9.
        let weighted = sample(&[(900, 2), (700, 2), (800, 6)]);
        assert_eq!(
            [10, 20, 21, 50, 80, 81].map(|percent| weighted.quantile(percent).unwrap()),
            [700, 700, 800, 800, 800, 900]
        );
        assert_eq!(weighted.mean(), Some(800));
        assert_eq!(weighted.records(), 3);
    }

    #[test]
    fn a_mean_is_rounded_half_away_from_zero() {
        assert_eq!(sample(&[(1, 1), (2, 1)]).mean(), Some(2));
        assert_eq!(sample(&[(1, 2), (2, 1)]).mean(), Some(1));
        assert_eq!(sample(&[(i64::MAX, u64::from(u32::MAX)), (i64::MAX, 1)]).mean(), Some(i64::MAX));
        assert_eq!(sample(&[]).mean(), None);
    }
}
