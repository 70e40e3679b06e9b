//! Printed decimals as whole numbers of a smaller unit, exactly or not at all.

use super::{RejectCode, row::Fault};

/// How far a binary number in a workbook may be from the decimal it stands for, in the smaller unit.
const NOISE: f64 = 1e-3;

/// What stands between thousands for a blank: one that does not break, a narrow one, a thin one.
const BLANKS: [char; 3] = ['\u{a0}', '\u{202f}', '\u{2009}'];

/// The currencies that a sign before an amount stands for. Source: Unicode CLDR 47, narrow symbols.
const SIGNS: [(char, &[&str]); 3] = [
    ('€', &["EUR"]),
    ('£', &["EGP", "FKP", "GBP", "GIP", "LBP", "SHP", "SSP", "SYP"]),
    (
        '$',
        &[
            "ARS", "AUD", "BBD", "BMD", "BND", "BSD", "BZD", "CAD", "CLP", "COP", "CUP", "DOP", "FJD", "GYD",
            "HKD", "JMD", "KYD", "LRD", "MXN", "NAD", "NZD", "SBD", "SGD", "SRD", "TTD", "TWD", "USD", "UYU",
            "XCD",
        ],
    ),
];

/// Takes the sign off an amount of `currency`. One that stands for other currencies is a fault.
pub(crate) fn unsigned<'t>(printed: &'t str, currency: &str) -> Result<&'t str, Fault> {
    let printed = printed.trim();
    let sign = SIGNS.into_iter().find(|(sign, _)| printed.starts_with(*sign));
    match sign {
        Some((sign, of)) if of.contains(&currency) => Ok(printed.trim_start_matches(sign)),
        Some(_) => Err((RejectCode::OtherCurrency, format!("`{printed}` is not in {currency}"))),
        None => Ok(printed),
    }
}

/// Reads `text` as a whole number of `10^-digits`. Commas or blanks between thousands are allowed; digits beyond `digits` only as the noise
/// of a binary number.
pub fn scaled(text: &str, digits: u32) -> Option<i64> {
    let text = ungrouped(text.trim())?;
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

/// Writes a number that is kept with `digits` decimals, without zeros at its end: 15.8.
pub fn plain(value: i64, digits: u32) -> String {
    let unit = 10_u64.pow(digits);
    let (whole, rest) = (value.unsigned_abs() / unit, value.unsigned_abs() % unit);
    let sign = if value < 0 { "-" } else { "" };
    let text = format!("{sign}{whole}.{rest:0width$}", width = digits as usize);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Takes out what stands between thousands: commas, or blanks. One anywhere else may be a decimal comma, or part a number from
/// another or from its footnote, so the text is no number.
fn ungrouped(text: &str) -> Option<String> {
    let text = text.replace(BLANKS, " ");
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mark = if whole.contains(',') { ',' } else { ' ' };
    let mut groups = whole.split(mark);
    let first = groups.next().unwrap_or_default().trim_start_matches('-');
    let mut others = groups.peekable();
    let left = others.peek().is_none() || (1..=3).contains(&first.len());
    let right = others.all(|group| group.len() == 3);
    (left && right).then(|| whole.replace(mark, "") + rest)
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
    use super::{RejectCode, plain, rounded, scaled, unsigned};

    #[test]
    fn a_sign_is_one_of_the_currency() {
        assert_eq!(unsigned("$239,200", "USD"), Ok("239,200"));
        assert_eq!(unsigned(" £125,000", "GBP"), Ok("125,000"));
        assert_eq!(unsigned("-5", "EUR"), Ok("-5"));
        for (printed, currency) in [("€171000", "USD"), ("£125,000", "USD"), ("$9", "EUR"), ("$9", "INR")]
        {
            assert_eq!(
                unsigned(printed, currency).map_err(|fault| fault.0),
                Err(RejectCode::OtherCurrency),
                "{printed}"
            );
        }
    }

    #[test]
    fn a_kept_number_is_written_as_it_is_printed() {
        for (value, digits, text) in [
            (21_467_000, 2, "214670"),
            (2_451, 2, "24.51"),
            (1_693_800, 3, "1693.8"),
            (-300, 3, "-0.3"),
            (40, 0, "40"),
            (0, 2, "0"),
        ] {
            assert_eq!(plain(value, digits), text);
            assert_eq!(scaled(text, digits), Some(value));
        }
    }

    #[test]
    fn decimals_are_read_exactly_or_not_at_all() {
        assert_eq!(scaled("24.51", 2), Some(2451));
        assert_eq!(scaled("1,693.8", 3), Some(1_693_800));
        assert_eq!(scaled("-.3", 3), Some(-300));
        assert_eq!(scaled("15.800000191", 3), Some(15_800));
        assert_eq!(scaled("239,200", 2), Some(23_920_000));
        assert_eq!(scaled("15.8123", 2), None);
        assert_eq!(scaled("1e308", 2), None);
        assert_eq!(scaled("NaN", 2), None);
        assert_eq!(scaled("", 2), None);
        assert_eq!(scaled(".", 2), None);
        assert_eq!(scaled("1,234,567", 0), Some(1_234_567));
        assert_eq!(scaled("-12,345.5", 1), Some(-123_455));
        for text in ["45 600", "45\u{a0}600", "45\u{202f}600.00"] {
            assert_eq!(scaled(text, 2), Some(4_560_000), "{text}");
        }
        for text in [
            "95000,5",
            "1,23",
            "1234,567",
            ",123",
            "12,,345",
            "1.234,5",
            "6,20,00",
            "45600 1",
            "171 000 2",
            "40 000 50 000",
            "40,000 50,000",
            "45.6 1",
            "4560 000",
        ] {
            assert_eq!(scaled(text, 2), None, "{text}");
        }
    }

    #[test]
    fn what_is_smaller_than_a_cent_is_rounded_where_a_definition_allows_it() {
        assert_eq!(rounded("93.6098", 2), Some(9361));
        assert_eq!(rounded("34.325", 2), Some(3433));
        assert_eq!(rounded("34.32", 2), Some(3432));
        assert_eq!(rounded("1e5", 2), None);
    }
}
