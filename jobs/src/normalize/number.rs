//! Printed decimals as whole numbers of a smaller unit, exactly or not at all.

/// How far a binary number in a workbook may be from the decimal it stands for, in the smaller unit.
const NOISE: f64 = 1e-3;

/// Reads `text` as a whole number of `10^-digits`. Thousands commas and a currency sign are allowed;
/// digits beyond `digits` only as the noise of a binary number.
pub fn scaled(text: &str, digits: u32) -> Option<i64> {
    let text = text.trim().trim_start_matches(['$', '£', '€']).replace([',', '\u{a0}', ' '], "");
    let (negative, plain) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.as_str()),
    };
    let magnitude = decimal(plain, digits).or_else(|| noisy(plain, digits))?;
    Some(if negative { -magnitude } else { magnitude })
}

/// Reads `text` like [`scaled`], and rounds what is smaller than the unit, half away from zero.
pub(super) fn rounded(text: &str, digits: u32) -> Option<i64> {
    const FINEST: u32 = 8;
    scaled(text, digits).or_else(|| {
        let (fine, unit) = (scaled(text, FINEST)?, 10_i64.pow(FINEST - digits));
        Some((fine + fine.signum() * unit / 2) / unit)
    })
}

fn decimal(text: &str, digits: u32) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction = fraction.trim_end_matches('0');
    let places = u32::try_from(fraction.len()).ok()?;
    let figures = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if places > digits || whole.len() + fraction.len() == 0 || !figures(whole) || !figures(fraction) {
        return None;
    }
    let number = |part: &str| if part.is_empty() { Some(0) } else { part.parse::<i64>().ok() };
    let shifted = number(fraction)?.checked_mul(10_i64.pow(digits - places))?;
    number(whole)?.checked_mul(10_i64.pow(digits))?.checked_add(shifted)
}

#[expect(clippy::cast_possible_truncation, reason = "the value is checked to be within range first")]
fn noisy(text: &str, digits: u32) -> Option<i64> {
    if !text.contains('.') || !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let value = text.parse::<f64>().ok()? * 10_f64.powi(digits.cast_signed());
    (value.abs() < 9e15 && (value - value.round()).abs() < NOISE).then(|| value.round() as i64)
}

#[cfg(test)]
mod tests {
    use super::{rounded, scaled};

    #[test]
    fn decimals_are_read_exactly_or_not_at_all() {
        assert_eq!(scaled("24.51", 2), Some(2451));
        assert_eq!(scaled("1,693.8", 3), Some(1_693_800));
        assert_eq!(scaled("-.3", 3), Some(-300));
        assert_eq!(scaled("15.800000191", 3), Some(15_800));
        assert_eq!(scaled("$239,200", 2), Some(23_920_000));
        assert_eq!(scaled("15.8123", 2), None);
        assert_eq!(scaled("1e308", 2), None);
        assert_eq!(scaled("NaN", 2), None);
        assert_eq!(scaled("", 2), None);
        assert_eq!(scaled(".", 2), None);
    }

    #[test]
    fn what_is_smaller_than_a_cent_is_rounded_where_a_definition_allows_it() {
        assert_eq!(rounded("93.6098", 2), Some(9361));
        assert_eq!(rounded("34.325", 2), Some(3433));
        assert_eq!(rounded("34.32", 2), Some(3432));
        assert_eq!(rounded("1e5", 2), None);
    }
}
