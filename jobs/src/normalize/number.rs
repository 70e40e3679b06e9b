//! Printed decimals as whole numbers of a smaller unit, exactly or not at all.

use std::borrow::Cow;

use super::{RejectCode, reader::Table, row::Fault};
use crate::definition::{Decimal, Layout};

/// How far a binary number in a workbook may be from the decimal it stands for, in the smaller unit.
const NOISE: f64 = 1e-3;

/// What stands between thousands for a blank: one that does not break, a narrow one, a thin one.
const BLANKS: [char; 3] = ['\u{a0}', '\u{202f}', '\u{2009}'];

/// The currencies that a sign before or behind an amount stands for. Source: Unicode CLDR 47, narrow symbols.
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

/// How the numbers of a table are written.
#[derive(Clone, Copy)]
pub(super) struct Numbers<'a> {
    layout: &'a Layout,
    /// Whether the file can hold numbers that are none of its texts, as workbooks and JSON do: those have a point, whatever its texts have.
    typed: bool,
}

impl Table<'_> {
    /// Returns how its numbers are written.
    pub(super) fn numbers(&self) -> Numbers<'_> {
        Numbers { layout: self.layout, typed: !self.part.sheet.is_empty() }
    }
}

impl Numbers<'_> {
    /// Returns a number of the table as [`scaled`] reads it, without its flags, or nothing where it is none of this form.
    pub(super) fn number(self, printed: &str) -> Option<Cow<'_, str>> {
        let plain = self.unflagged(printed);
        match self.layout.decimal {
            Some(Decimal::Comma) if !(self.typed && parted(plain).is_some()) => {
                ungrouped(plain, ',', &['.', '\'', ' ']).map(Cow::Owned)
            }
            // It may be a number with decimals, or a text with thousands.
            Some(Decimal::Comma) if may_be_thousands(plain) => None,
            _ => Some(plain.into()),
        }
    }

    /// Reads a number of the table as [`scaled`] does.
    pub(super) fn scaled(self, printed: &str, digits: u32) -> Option<i64> {
        scaled(&self.number(printed)?, digits)
    }

    /// Reads a number of the table as [`rounded`] does.
    pub(super) fn rounded(self, printed: &str, digits: u32) -> Option<i64> {
        rounded(&self.number(printed)?, digits)
    }

    /// Reads an amount of `currency` in minor units, or nothing where it is no number.
    pub(super) fn amount(self, printed: &str, currency: &str) -> Result<Option<i64>, Fault> {
        let number = self.unflagged(unsigned(self.unflagged(printed), currency)?);
        self.certain(number)?;
        Ok(if self.layout.round { self.rounded(number, 2) } else { self.scaled(number, 2) })
    }

    /// Takes what the definition knows to stand behind a number off it.
    fn unflagged(self, printed: &str) -> &str {
        let mut plain = printed.trim();
        while let Some(rest) = self.layout.flags.iter().find_map(|flag| plain.strip_suffix(flag.as_str())) {
            plain = rest.trim_end();
        }
        plain
    }

    /// Refuses a number whose only point may part thousands, where neither the definition nor the file says what a point is.
    pub(super) fn certain(self, printed: &str) -> Result<(), Fault> {
        let said = match self.layout.decimal {
            None => false,
            Some(Decimal::Point) => true,
            Some(Decimal::Comma) => !self.typed,
        };
        let number = self.unflagged(printed);
        if said || !may_be_thousands(number) {
            return Ok(());
        }
        let words = format!(
            "`{number}` has three digits behind its point, decimals or thousands: say decimal = \".\" or \",\" in its layout, \
             and \".\" where it is a number of a workbook or of JSON"
        );
        Err((RejectCode::AmbiguousNumber, words))
    }
}

/// Returns the digits before and behind the only point of a number in which nothing else stands.
fn parted(number: &str) -> Option<(&str, &str)> {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, rest) = number.trim().trim_start_matches(['-', '+']).split_once('.')?;
    (digits(whole) && digits(rest)).then_some((whole, rest))
}

/// Returns whether the only point of a number may part thousands: `45.600`.
pub(crate) fn may_be_thousands(number: &str) -> bool {
    parted(number).is_some_and(|(whole, rest)| whole.len() <= 3 && rest.len() == 3 && !whole.starts_with('0'))
}

/// Takes the sign off an amount of `currency`. One that stands for other currencies is a fault.
pub(crate) fn unsigned<'t>(printed: &'t str, currency: &str) -> Result<&'t str, Fault> {
    let printed = printed.trim();
    let sign = SIGNS.into_iter().find(|(sign, _)| printed.starts_with(*sign) || printed.ends_with(*sign));
    match sign {
        Some((sign, of)) if of.contains(&currency) => Ok(printed.trim_matches(sign).trim()),
        Some(_) => Err((RejectCode::OtherCurrency, format!("`{printed}` is not in {currency}"))),
        None => Ok(printed),
    }
}

/// Reads `text` as a whole number of `10^-digits`. Commas, blanks or apostrophes between thousands are allowed; digits beyond `digits` only as the noise
/// of a binary number.
pub fn scaled(text: &str, digits: u32) -> Option<i64> {
    let text = ungrouped(text.trim(), '.', &[',', '\'', ' '])?;
    let (negative, plain) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let magnitude = decimal(plain, digits).or_else(|| noisy(plain, digits))?;
    Some(if negative { -magnitude } else { magnitude })
}

/// Reads `text` like [`scaled`], and rounds what is smaller than the unit, half away from zero.
fn rounded(text: &str, digits: u32) -> Option<i64> {
    const FINEST: u32 = 8;
    scaled(text, digits).or_else(|| {
        let (fine, unit) = (scaled(text, FINEST)?, 10_i64.pow(FINEST - digits));
        Some(fine.checked_add(fine.signum() * unit / 2)? / unit)
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

/// Takes out what stands between thousands, one of `marks`, and puts a point for `decimal`. A mark anywhere else may be a decimal
/// one, or part a number from another or from its footnote, so the text is no number.
fn ungrouped(text: &str, decimal: char, marks: &[char]) -> Option<String> {
    let text = text.replace(BLANKS, " ").replace('’', "'");
    let (whole, rest) = text.split_at(text.find(decimal).unwrap_or(text.len()));
    let mark = marks.iter().copied().find(|mark| whole.contains(*mark)).unwrap_or(' ');
    let mut groups = whole.split(mark);
    let first = groups.next().unwrap_or_default().trim_start_matches(['-', '+']);
    let mut others = groups.peekable();
    let left = others.peek().is_none() || (1..=3).contains(&first.len());
    let right = others.all(|group| group.len() == 3);
    (left && right).then(|| whole.replace(mark, "") + &rest.replacen(decimal, ".", 1))
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
    use super::{Layout, Numbers, RejectCode, plain, rounded, scaled, unsigned};

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

    fn layout(more: &str) -> Layout {
        let text = format!(
            "dataset = 'pay'\nrows = 'bands'\nfile = 'pay'\ncolumns = {{}}\n\
             reference = {{ label = '', start = '', end = '' }}\n{more}"
        );
        toml::from_str(&text).unwrap()
    }

    fn text_of(layout: &Layout) -> Numbers<'_> {
        Numbers { layout, typed: false }
    }

    #[test]
    fn a_number_that_is_no_text_has_a_point() {
        let comma = layout("decimal = ','");
        let typed = Numbers { layout: &comma, typed: true };
        for (number, cents) in [
            ("60.75", Some(6_075)),
            ("45625", Some(4_562_500)),
            ("45.625,50", Some(4_562_550)),
            ("60,75", Some(6_075)),
        ] {
            assert_eq!(typed.amount(number, "EUR"), Ok(cents), "{number}");
        }
        assert_eq!(typed.amount("24.515", "EUR").map_err(|fault| fault.0), Err(RejectCode::AmbiguousNumber));
        assert_eq!((typed.scaled("1.234", 3), typed.scaled("1.25", 3)), (None, Some(1_250)));
        let point = layout("decimal = '.'\nround = true");
        assert_eq!(Numbers { layout: &point, typed: true }.amount("24.515", "EUR"), Ok(Some(2_452)));
    }

    #[test]
    fn decimals_stand_behind_the_sign_that_a_definition_says() {
        let comma = layout("decimal = ','");
        for (text, cents) in [
            ("45.600", Some(4_560_000)),
            ("1.245.600,5", Some(124_560_050)),
            ("12,450", Some(1_245)),
            ("45\u{202f}600,50", Some(4_560_050)),
            ("45 600", Some(4_560_000)),
            ("45'600,00", Some(4_560_000)),
            ("45’600", Some(4_560_000)),
            ("-3,5", Some(-350)),
            ("+45 600", Some(4_560_000)),
            ("45600", Some(4_560_000)),
            ("45.60", None),
            ("45,600.50", None),
            ("45,600,50", None),
            ("45,6 1", None),
            ("1,234", None),
            ("", None),
        ] {
            assert_eq!(text_of(&comma).scaled(text, 2), cents, "{text}");
        }
        let point = layout("decimal = '.'");
        assert_eq!(text_of(&point).scaled("45.600", 2), Some(4_560));
        assert_eq!(text_of(&point).scaled("45'600.5", 2), Some(4_560_050));
        assert_eq!(unsigned("45 600 €", "EUR"), Ok("45 600"));
        assert!(unsigned("45 600 €", "USD").is_err());
    }

    #[test]
    fn three_digits_behind_a_point_may_be_thousands() {
        let said = |more: &str, text| text_of(&layout(more)).certain(text).map_err(|fault| fault.0);
        for text in ["45.600", "1.000", "-999.123"] {
            assert_eq!(said("", text), Err(RejectCode::AmbiguousNumber), "{text}");
            for more in ["decimal = '.'", "decimal = ','"] {
                assert_eq!(said(more, text), Ok(()), "{more} {text}");
            }
        }
        assert_eq!(said("round = true", "45.600"), Err(RejectCode::AmbiguousNumber));
        for text in ["45.6", "45.6000", "0.600", "4560.000", "45,600", "1.234.567", ".600", "x.600"] {
            assert_eq!(said("", text), Ok(()), "{text}");
        }
    }

    #[test]
    fn flags_behind_a_number_change_nothing() {
        let flagged = layout("flags = ['*', 'r', '(e)']\ndecimal = ','");
        for text in ["62.400*", "62.400 r", "62.400 (e) r*", "62.400"] {
            assert_eq!(text_of(&flagged).scaled(text, 2), Some(6_240_000), "{text}");
        }
        let plain = layout("flags = ['*']");
        for text in ["45.600* €", "€45.600 *", "45.600*"] {
            let read = text_of(&plain).amount(text, "EUR");
            assert_eq!(read.map_err(|fault| fault.0), Err(RejectCode::AmbiguousNumber), "{text}");
        }
        assert_eq!(text_of(&plain).amount("45,600* €", "EUR"), Ok(Some(4_560_000)));
        for text in ["62.400 p", "*", "r 62.400"] {
            assert_eq!(text_of(&flagged).scaled(text, 2), None, "{text}");
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
