//! Numbers as a person would write them.

/// Returns minor units as a person would write them: $72,000, CAD 60,000.
pub fn money(minor: i64, currency: &str) -> String {
    let sign = match currency {
        "USD" => "$",
        "GBP" => "£",
        "EUR" => "€",
        _ => "",
    };
    let cents = minor.unsigned_abs() % 100;
    let cents = if cents == 0 { String::new() } else { format!(".{cents:02}") };
    let whole = grouped(minor / 100);
    if sign.is_empty() { format!("{currency} {whole}{cents}") } else { format!("{sign}{whole}{cents}") }
}

/// Returns a whole number with its thousands parted: 1,693,800.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    if number < 0 {
        text.push('-');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Returns thousandths of a percent as they are printed: 15.8%.
pub fn percent(thousandths: i32) -> String {
    let text = format!("{}.{:03}", thousandths.unsigned_abs() / 1000, thousandths.unsigned_abs() % 1000);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{}{text}%", if thousandths < 0 { "-" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percent_is_written_as_it_is_printed() {
        for (thousandths, text) in [(15_800, "15.8%"), (21_000, "21%"), (-300, "-0.3%"), (0, "0%")] {
            assert_eq!(percent(thousandths), text);
        }
    }
}
