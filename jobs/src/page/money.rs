//! Amounts of money in prose.

use std::{ops::Range, sync::LazyLock};

use entity::PayPeriod;
use regex::{Captures, Regex};

/// An amount with its place in the sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Amount {
    /// Minor units.
    pub minor: i64,
    /// What stands for the currency: `$`, `£`, `CAD`.
    pub sign: String,
    /// Bytes of the sentence.
    pub span: Range<usize>,
}

static AMOUNT: LazyLock<Regex> = LazyLock::new(|| {
    let sign = r"US\$|CA\$|C\$|AU\$|A\$|NZ\$|\$|£|€|\b(?:USD|CAD|GBP|EUR|AUD|NZD|CHF|INR|SGD)\b";
    let number = r"\d{1,3}(?:[,'’ ]\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{3})+|\d+(?:\.\d{1,2})?";
    let pattern = format!(
        r"(?:(?P<sign>{sign})\s?)?(?P<number>{number})(?P<times>\s?[kKmM]\b|\s+(?:thousand|million|billion)\b)?(?P<after>\s?(?:{sign}|dollars\b|pounds\b|euros\b))?"
    );
    Regex::new(&pattern).expect("the pattern of amounts is right")
});

/// What joins the two ends of a range.
static JOINS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*(?:-|–|—|to|and|through|up to)\s*$").expect("the pattern of ranges is right")
});

/// Words before the first of two amounts that the first became the second: rose from.
static CHANGED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:rose|risen|increas\w+|grew|grown|climb\w*|jump\w*|f[ea]ll|fallen|dropp\w*|declin\w+|decreas\w+|went(?: up| down)?|up|down|changed) from (?:about |around )?$")
        .expect("the pattern of changes is right")
});

/// Words before an amount that make it a difference, and those behind it.
static DIFFERENCE_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\bby (?:about |around |nearly |over |almost |more than )?$")
        .expect("the pattern of differences is right")
});
static DIFFERENCE_BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?: (?:per|an?) \w+)? (?:more|less|higher|lower|fewer|above|below) than\b")
        .expect("the pattern of differences is right")
});

static PERIOD: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?i)\b(?:(?:per|an?|each|every)\s+(hour|day|week|month|year|annum)|(hourly|daily|weekly|monthly|yearly|annual(?:ly)?)|p\.a\.)|/\s?(hour|hr|h|day|week|wk|month|mo|year|yr)\b";
    Regex::new(pattern).expect("the pattern of periods is right")
});

/// Returns the amounts of a sentence that have a currency. The second end of a range takes the first one's.
pub(super) fn amounts(sentence: &str) -> Vec<Amount> {
    let mut found: Vec<Amount> = Vec::new();
    let mut from = 0;
    while let Some(captures) = AMOUNT.captures_at(sentence, from) {
        from = end(sentence, &captures);
        let Some(mut amount) = read(&captures, from) else { continue };
        if is_part_of_a_word(sentence, &amount.span) {
            continue;
        }
        if let Some(first) = found.last_mut().filter(|first| are_joined(sentence, first, &amount)) {
            match (amount.sign.is_empty(), first.sign.is_empty()) {
                (true, false) => amount.sign.clone_from(&first.sign),
                (false, true) if !is_year(&sentence[first.span.clone()]) => {
                    first.sign.clone_from(&amount.sign);
                }
                _ => {}
            }
            // $72–146K: the word for thousands stands for both ends.
            let times = times(&captures).unwrap_or(1);
            if times > 1 && first.minor < 100_000 && first.minor * times < amount.minor {
                first.minor *= times;
            }
        }
        found.push(amount);
    }
    found.retain(|amount| !amount.sign.is_empty());
    found.retain(|amount| !is_difference(sentence, amount));
    found
}

/// $31,190 in May 2024 and $32,880: a year is no amount that a currency behind it is that of.
fn is_year(number: &str) -> bool {
    number.len() == 4
        && (number.starts_with("19") || number.starts_with("20"))
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether an amount says how far two others are apart.
fn is_difference(sentence: &str, amount: &Amount) -> bool {
    let (before, behind) = (&sentence[..amount.span.start], &sentence[amount.span.end..]);
    DIFFERENCE_BEFORE.is_match(before) || DIFFERENCE_BEHIND.is_match(behind)
}

/// Returns whether nothing but a dash or a `to` stands between two amounts, and one did not become the other.
pub(super) fn are_joined(sentence: &str, first: &Amount, second: &Amount) -> bool {
    !CHANGED.is_match(&sentence[..first.span.start])
        && JOINS.is_match(sentence.get(first.span.end..second.span.start).unwrap_or("."))
}

/// Returns the period named next after an amount, else the one named before it.
pub(super) fn period(sentence: &str, amount: &Amount) -> Option<PayPeriod> {
    let mut named = PERIOD.captures_iter(sentence).filter_map(|captures| {
        let word =
            captures.iter().skip(1).flatten().next().map_or("annum", |word| word.as_str()).to_lowercase();
        Some((captures.get(0)?.start(), span(&word)?))
    });
    let all: Vec<_> = named.by_ref().collect();
    let after = all.iter().find(|(start, _)| *start >= amount.span.end && *start - amount.span.end < 60);
    let before = all.iter().rev().find(|(start, _)| *start < amount.span.start);
    after.or(before).map(|(_, period)| *period)
}

fn span(word: &str) -> Option<PayPeriod> {
    Some(match word {
        "hour" | "hourly" | "hr" | "h" => PayPeriod::Hour,
        "day" | "daily" => PayPeriod::Day,
        "week" | "weekly" | "wk" => PayPeriod::Week,
        "month" | "monthly" | "mo" => PayPeriod::Month,
        "year" | "yearly" | "yr" | "annum" => PayPeriod::Year,
        word if word.starts_with("annual") => PayPeriod::Year,
        _ => return None,
    })
}

/// Returns where an amount ends: before a sign that is the next one's, as in 2023 $100,000.
fn end(sentence: &str, captures: &Captures<'_>) -> usize {
    let (whole, after) = (captures.get(0).map_or(0, |found| found.end()), captures.name("after"));
    let is_next = sentence[whole..].trim_start().starts_with(|letter: char| letter.is_ascii_digit());
    after.filter(|_| is_next).map_or(whole, |sign| sign.start())
}

fn read(captures: &Captures<'_>, end: usize) -> Option<Amount> {
    let after = captures.name("after").filter(|sign| sign.end() <= end);
    let sign = captures.name("sign").or(after).map_or("", |sign| sign.as_str().trim());
    let minor = minor(captures.name("number")?.as_str(), sign)?;
    let minor = minor.checked_mul(times(captures)?)?;
    Some(Amount { minor, sign: sign.to_owned(), span: captures.get(0)?.start()..end })
}

/// Returns how many times the number an amount is; a word beyond millions is not believed.
fn times(captures: &Captures<'_>) -> Option<i64> {
    let Some(word) = captures.name("times") else { return Some(1) };
    match word.as_str().trim() {
        "k" | "K" | "thousand" => Some(1_000),
        "m" | "M" | "million" => Some(1_000_000),
        _ => None,
    }
}

/// Reads a number to minor units. A point before three digits parts thousands in euros, and is not certain otherwise.
fn minor(number: &str, sign: &str) -> Option<i64> {
    let plain: String = number.chars().filter(|letter| letter.is_ascii_digit() || *letter == '.').collect();
    let (whole, cents) = match plain.rsplit_once('.') {
        Some((_, last)) if last.len() == 3 => {
            (sign == "€" || sign == "EUR").then(|| (plain.replace('.', ""), String::new()))?
        }
        Some((whole, cents)) => (whole.to_owned(), format!("{cents:0<2}")),
        None => (plain, String::new()),
    };
    let cents = if cents.is_empty() { 0 } else { cents.parse::<i64>().ok()? };
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(cents)
}

/// `401(k)`, `24/7`, `Web3`: digits that are no amount.
fn is_part_of_a_word(sentence: &str, span: &Range<usize>) -> bool {
    let before = sentence[..span.start].chars().next_back();
    let after = sentence[span.end..].chars().next();
    before.is_some_and(|letter| letter.is_alphanumeric() || matches!(letter, '/' | '.' | ','))
        || after.is_some_and(|letter| letter.is_alphanumeric() || matches!(letter, '%' | '('))
}
