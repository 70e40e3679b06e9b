//! Growth in one year.

use entity::{Count, growth_projection};

/// Returns the compound annual rate of a projection in thousandths of a percent, from its printed percent:
/// (1 + percent / 100)^(1 / years) - 1. Where it has none, from the jobs of both years, (target / base)^(1 / years) - 1; `None`
/// where either is not an exact number.
pub fn annual(row: &growth_projection::Model) -> Option<i32> {
    // A publisher's percent is of jobs before they were rounded: recomputed from printed jobs it is another one.
    let grown = match row.change_percent {
        Some(thousandths) => 1.0 + f64::from(thousandths) / 100_000.0,
        None => ratio(row.exact(Count::Base)?, row.exact(Count::Target)?)?,
    };
    compound(grown, i32::from(row.target_year) - i32::from(row.base_year))
}

#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^53 jobs")]
fn ratio(base: i64, target: i64) -> Option<f64> {
    (base > 0 && target >= 0).then(|| target as f64 / base as f64)
}

#[expect(clippy::cast_possible_truncation, reason = "no rate has more than five digits before the point")]
fn compound(grown: f64, years: i32) -> Option<i32> {
    if grown < 0.0 || years <= 0 {
        return None;
    }
    let rate = grown.powf(1.0 / f64::from(years)) - 1.0;
    Some((rate * 100_000.0).round() as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifteen_percent_in_ten_years_is_one_and_four_tenths_a_year() {
        assert_eq!(compound(1.15, 10), Some(1_407));
        let of = |base, target, years| compound(ratio(base, target)?, years);
        assert_eq!(of(1_000_000, 1_150_000, 10), Some(1_407));
        assert_eq!(of(1_000, 900, 10), Some(-1_048));
        assert_eq!(of(0, 900, 10), None);
        assert_eq!(of(1_000, 900, 0), None);
    }
}
