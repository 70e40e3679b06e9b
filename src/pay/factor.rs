//! Exact multiplication of money. A rate is a fraction of whole numbers; an amount is rounded once, at the end.

/// What an amount is multiplied by: a fraction above zero, never rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Factor {
    numerator: u128,
    denominator: u128,
}

/// Both sides stay below this, so that twice a remainder and one more still fit.
const MOST: u128 = 1 << 125;

impl Factor {
    /// Changes nothing.
    pub const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// Makes a fraction; nothing where a side is zero or too large.
    pub fn new(numerator: u128, denominator: u128) -> Option<Self> {
        let fits = |side: u128| (1..MOST).contains(&side);
        (fits(numerator) && fits(denominator)).then_some(Self { numerator, denominator })
    }

    /// Multiplies by another; nothing where a side of the product is too large even in lowest terms.
    pub fn times(self, other: Self) -> Option<Self> {
        self.multiplied(other).or_else(|| {
            let (left, right) = (Self::crossed(self, other), Self::crossed(other, self));
            let numerator = left.numerator.checked_mul(right.numerator)?;
            Self::new(numerator, left.denominator.checked_mul(right.denominator)?)
        })
    }

    fn multiplied(self, other: Self) -> Option<Self> {
        let numerator = self.numerator.checked_mul(other.numerator)?;
        Self::new(numerator, self.denominator.checked_mul(other.denominator)?)
    }

    /// One numerator over the other's denominator, in lowest terms.
    fn crossed(above: Self, below: Self) -> Self {
        let common = gcd(above.numerator, below.denominator);
        Self { numerator: above.numerator / common, denominator: below.denominator / common }
    }

    /// Returns the same fraction in lowest terms, which is the quickest to multiply with.
    #[must_use]
    pub fn reduced(self) -> Self {
        Self::crossed(self, self)
    }

    /// Returns the fraction turned round.
    #[must_use]
    pub fn inverse(self) -> Self {
        Self { numerator: self.denominator, denominator: self.numerator }
    }

    /// Multiplies an amount and rounds it to a multiple of `step`, halves away from zero; nothing where it does not fit.
    pub fn apply(self, amount: i64, step: u32) -> Option<i64> {
        let step = step.max(1);
        let denominator = self.denominator.checked_mul(step.into()).filter(|side| *side < MOST)?;
        let (whole, rest) = divided(amount.unsigned_abs(), self.numerator, denominator)?;
        let rounded = whole + u128::from(rest >= denominator - rest);
        let magnitude = i64::try_from(rounded.checked_mul(step.into())?).ok()?;
        Some(if amount < 0 { -magnitude } else { magnitude })
    }

    /// Returns the fraction as a binary number, for figures that are modelled anyway.
    #[expect(clippy::cast_precision_loss, reason = "modelled figures are not exact")]
    pub fn approximate(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    /// Writes the fraction as a decimal with so many digits behind the point, halves up.
    pub fn decimal(self, digits: u32) -> String {
        let shift = 10_u64.pow(digits);
        let Some((whole, rest)) = divided(shift, self.numerator, self.denominator) else { return "?".into() };
        let rounded = whole + u128::from(rest >= self.denominator - rest);
        let shift = u128::from(shift);
        format!("{}.{:0width$}", rounded / shift, rounded % shift, width = digits as usize)
    }
}

/// Returns `amount * numerator / denominator` and what is left. The product may be too large for any number: then it is
/// built bit by bit, what is left kept below the denominator.
fn divided(amount: u64, numerator: u128, denominator: u128) -> Option<(u128, u128)> {
    if let Some(product) = u128::from(amount).checked_mul(numerator) {
        return Some(whole_and_rest(product, denominator));
    }
    let (each, left) = (numerator / denominator, numerator % denominator);
    let whole = each.checked_mul(amount.into())?;
    let (mut more, mut rest) = (0_u128, 0_u128);
    for bit in (0..64).rev() {
        more <<= 1;
        rest = 2 * rest + if amount >> bit & 1 == 1 { left } else { 0 };
        while rest >= denominator {
            rest -= denominator;
            more += 1;
        }
    }
    Some((whole.checked_add(more)?, rest))
}

/// Divides. Numbers of 128 bits are divided slowly, so a quotient is guessed in binary floating point and then set right:
/// three roundings to 53 bits leave a quotient below 2^50 off by at most one.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a guess, and positive"
)]
fn whole_and_rest(product: u128, denominator: u128) -> (u128, u128) {
    let guess = (product as f64 / denominator as f64) as u64;
    if guess >= 1 << 50 {
        return (product / denominator, product % denominator);
    }
    let mut whole = u128::from(guess.saturating_sub(1));
    let mut rest = product - whole * denominator;
    while rest >= denominator {
        rest -= denominator;
        whole += 1;
    }
    (whole, rest)
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Factor;

    fn of(numerator: u128, denominator: u128) -> Factor {
        Factor::new(numerator, denominator).unwrap()
    }

    #[test]
    fn halves_go_away_from_zero() {
        assert_eq!(of(1, 2).apply(3, 1), Some(2));
        assert_eq!(of(1, 2).apply(-3, 1), Some(-2));
        assert_eq!(of(1, 3).apply(100, 1), Some(33));
        assert_eq!(of(2, 3).apply(100, 1), Some(67));
        // Yen have no cents: 1,234,550 hundredths are 12,346 yen.
        assert_eq!(Factor::ONE.apply(1_234_550, 100), Some(1_234_600));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert_eq!(Factor::new(0, 1), None);
        assert_eq!(Factor::new(1, 0), None);
        assert_eq!(of(1 << 100, 1).times(of(1 << 100, 3)), None);
        assert_eq!(of(1 << 40, 1).apply(i64::MAX, 1), None);
    }

    #[test]
    fn a_product_that_fits_no_number_is_still_exact() {
        let large = (1_u128 << 100) + 1;
        let factor = of(large, large * 3);
        assert_eq!(factor.apply(i64::MAX, 1), Some(3_074_457_345_618_258_602));
        assert_eq!(of(2_u128.pow(110), 3_u128.pow(70)).decimal(3), "0.519");
    }

    fn sides() -> impl Strategy<Value = u128> {
        1_u128..1 << 60
    }

    proptest! {
        #[test]
        fn a_factor_and_its_inverse_leave_an_amount_alone(amount in 0_i64..1 << 50, n in sides(), d in sides()) {
            let both = of(n, d).times(of(n, d).inverse()).unwrap();
            prop_assert_eq!(of(n, d).reduced().apply(amount, 1), of(n, d).apply(amount, 1));
            prop_assert_eq!(both.apply(amount, 1), Some(amount));
        }

        #[test]
        fn one_conversion_is_within_half_a_unit_of_the_exact_product(
            amount in 0_i64..1 << 40, n in sides(), d in sides(), step in prop::sample::select(vec![1_u32, 100]),
        ) {
            if let Some(found) = of(n, d).apply(amount, step) {
                let (found, exact) = (u128::from(found.unsigned_abs()) * d, u128::from(amount.unsigned_abs()) * n);
                prop_assert!(2 * found.abs_diff(exact) <= d * u128::from(step), "{amount} x {n} / {d}");
            }
        }

        #[test]
        fn the_way_back_ends_within_half_a_unit_of_either_money(
            amount in 0_i64..1 << 40, n in 1_u128..1 << 20, d in 1_u128..1 << 20,
        ) {
            let there = of(n, d);
            let back = there.inverse().apply(there.apply(amount, 1).unwrap(), 1).unwrap();
            // Half a unit there is `d / 2n` units here, and the second rounding adds half a unit here: together whole units
            // or none, none where the other money is the finer one.
            let most = i64::try_from((d + n) / (2 * n)).unwrap();
            prop_assert!((back - amount).abs() <= most, "{amount} became {back}");
            prop_assert!(n <= d || back == amount, "{amount} became {back}");
        }

        #[test]
        fn the_order_of_factors_does_not_matter(
            amount in 0_i64..1 << 40, a in sides(), b in sides(), c in sides(), d in sides(),
        ) {
            let (one, other) = (of(a, b), of(c, d));
            prop_assert_eq!(one.times(other).map(|both| both.apply(amount, 1)), other.times(one).map(|both| both.apply(amount, 1)));
        }

        #[test]
        fn amounts_keep_their_order(low in 0_i64..1 << 40, more in 0_i64..1 << 40, n in sides(), d in sides()) {
            let factor = of(n, d);
            if let (Some(a), Some(b)) = (factor.apply(low, 1), factor.apply(low + more, 1)) {
                prop_assert!(a <= b);
            }
        }

        #[test]
        fn a_guessed_quotient_is_set_right(product in any::<u128>(), by in 0_u32..128, d in 1_u128..super::MOST, less in 0_u32..125) {
            let (product, d) = (product >> by, (d >> less).max(1));
            prop_assert_eq!(super::whole_and_rest(product, d), (product / d, product % d));
            // Just below, at and just above a multiple.
            let multiple = product - product % d;
            for near in [multiple.saturating_sub(1), multiple, multiple.saturating_add(1)] {
                prop_assert_eq!(super::whole_and_rest(near, d), (near / d, near % d));
            }
        }

        #[test]
        fn both_ways_of_dividing_agree(amount in any::<u32>(), n in sides(), d in 1_u128..1 << 60) {
            let small = u128::from(amount) * n;
            let found = super::divided(u64::from(amount) << 32, n << 60, d << 30);
            let scaled = super::divided(amount.into(), n, d);
            prop_assert_eq!(scaled, Some((small / d, small % d)));
            prop_assert!(found.is_none_or(|(whole, rest)| rest < d << 30 && whole >= (small / d) >> 1));
        }
    }
}
