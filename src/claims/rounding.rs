//! A claimed number beside a printed one.

/// How they stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// The printed one rounds to the claim.
    Holds,
    /// It is less than one unit away.
    Misrounded,
    /// It is another number.
    Differs,
}

/// Returns the precision of a claim: the largest power of ten that divides it, at most `most`.
pub(super) fn unit(claimed: i64, most: i64) -> i64 {
    let mut unit = 1;
    while unit < most && claimed % (unit * 10) == 0 {
        unit *= 10;
    }
    unit
}

/// Compares a claim of some precision with what is printed.
pub(super) fn fit(claimed: i64, printed: i64, unit: i64) -> Fit {
    let rounded = (printed.abs() + unit / 2) / unit * unit * printed.signum();
    match () {
        () if rounded == claimed => Fit::Holds,
        () if (printed - claimed).abs() < unit => Fit::Misrounded,
        () => Fit::Differs,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_is_rounded_away_from_zero_at_the_claims_precision() {
        assert_eq!(unit(21_000, 1000), 1000);
        assert_eq!(unit(21_500, 1000), 100);
        assert_eq!(unit(13_308_000, 100_000), 1000);
        for (claimed, printed, unit, known) in [
            (22_000, 21_500, 1000, Fit::Holds),
            (21_000, 21_500, 1000, Fit::Misrounded),
            (21_000, 15_800, 1000, Fit::Differs),
            (-4_000, -3_500, 1000, Fit::Holds),
            (10_000_000, 9_960_000, 100_000, Fit::Holds),
        ] {
            assert_eq!(fit(claimed, printed, unit), known, "{claimed} {printed}");
        }
    }
}
