//! Numbers as a person would write them.

use jobs::normalize::plain;

/// Returns minor units as a person would write them: $72,000, CAD 60,000.
pub fn money(minor: i64, currency: &str) -> String {
    let sign = match currency {
        "USD" => "$",
        "GBP" => "£",
        "EUR" => "€",
        _ => "",
    };
    let mut text = String::with_capacity(LONGEST + 8);
    if sign.is_empty() {
        text.push_str(currency);
        text.push(' ');
    }
    text.push_str(sign);
    push_grouped(&mut text, minor / 100);
    let cents = minor.unsigned_abs() % 100;
    if cents > 0 {
        text.extend(['.', digit(cents / 10), digit(cents)]);
    }
    text
}

/// Returns a whole number with its thousands parted: 1,693,800.
pub fn grouped(number: i64) -> String {
    let mut text = String::with_capacity(LONGEST);
    push_grouped(&mut text, number);
    text
}

/// The longest number has 19 digits, six commas and a sign.
const LONGEST: usize = 26;

fn push_grouped(text: &mut String, number: i64) {
    let (mut signs, mut first, mut rest) = ([' '; LONGEST], LONGEST, number.unsigned_abs());
    for place in 0.. {
        if place > 0 && place % 3 == 0 {
            first -= 1;
            signs[first] = ',';
        }
        first -= 1;
        signs[first] = digit(rest);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    text.extend((number < 0).then_some('-').into_iter().chain(signs[first..].iter().copied()));
}

/// The last digit of a number.
fn digit(number: u64) -> char {
    char::from(b'0' + u8::try_from(number % 10).unwrap_or_default())
}

/// Returns thousandths of a percent as they are printed: 15.8%.
pub fn percent(thousandths: i32) -> String {
    format!("{}%", plain(thousandths.into(), 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_parted_and_cents_have_two_digits() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (-28_700, "-28,700"),
            (i64::MIN, "-9,223,372,036,854,775,808"),
        ] {
            assert_eq!(grouped(number), text);
        }
        for (minor, currency, text) in [
            (7_200_000, "USD", "$72,000"),
            (2_405, "EUR", "€24.05"),
            (6_000_010, "CAD", "CAD 60,000.10"),
            (i64::MIN, "JPY", "JPY -92,233,720,368,547,758.08"),
        ] {
            assert_eq!(money(minor, currency), text);
        }
    }

    #[test]
    fn a_percent_is_written_as_it_is_printed() {
        for (thousandths, text) in [(15_800, "15.8%"), (21_000, "21%"), (-300, "-0.3%"), (0, "0%")] {
            assert_eq!(percent(thousandths), text);
        }
    }
}
