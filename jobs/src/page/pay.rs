//! Pay in prose: ranges, averages, medians and percentiles, each with its place.

use std::sync::LazyLock;

use entity::{Cell, PayPeriod};
use regex::Regex;

use super::{
    PageBand, growth,
    money::{self, Amount},
    place::{self, Mention},
    sentence::Sentence,
};

/// Most amounts of a sentence: a longer list is a table, and its words are elsewhere.
const MOST: usize = 20;

/// What an amount is, by the words before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Range,
    Mean,
    Median,
    Percentile(Cell),
    Least,
    Most,
}

static CUE: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?i)\b(?:(?P<mean>average|averages|averaging|mean)|(?P<median>median)|(?P<p10>lowest(?:[- ]paid)? 10 ?(?:percent|%)|10th percentile)|(?P<p25>25th percentile|lower quartile)|(?P<p75>75th percentile|upper quartile)|(?P<p90>highest(?:[- ]paid)? 10 ?(?:percent|%)|90th percentile)|(?P<least>at least|starting at|starts at|as low as|minimum of)|(?P<most>up to|as much as|maximum of|as high as))\b";
    Regex::new(pattern).expect("the pattern of meanings is right")
});

static BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    let period = r"(?:(?:per|an?|each|every) (?:hour|day|week|month|year|annum)|/\s?\w+|annually|yearly|monthly|hourly)";
    let pattern = format!(
        r"(?i)^(?:\s*{period})?,?\s*\(?(?:on |at the |in the )?(?:average|mean|(?P<median>median))\b"
    );
    Regex::new(&pattern).expect("the pattern of meanings is right")
});

pub(super) static PAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:salar|wage|pay|paid|earn|income|compensation|make|range)")
        .expect("the pattern of pay is right")
});

/// Returns the pay that sentences state. A sentence without a place speaks of the country named last under its heading.
pub(super) fn bands(sentences: &[Sentence<'_>]) -> Vec<PageBand> {
    each(sentences, false).into_iter().map(|(_, band)| band).collect()
}

/// Returns the pay that sentences state, each with its sentence and the byte at which its amount stands there. In a text that
/// somebody `asks` about, words behind an amount say as well what it is.
pub(super) fn each(sentences: &[Sentence<'_>], asks: bool) -> Vec<((usize, usize), PageBand)> {
    let mut found = Vec::new();
    let (mut heading, mut context) = ("", None);
    for (place, sentence) in sentences.iter().enumerate() {
        if sentence.heading != heading {
            (heading, context) = (sentence.heading, None);
        }
        let mentions = place::mentions(sentence.text, context);
        let amounts = money::amounts(sentence.text);
        if (1..=MOST).contains(&amounts.len()) && is_about_pay(sentence) {
            let mut bands = Vec::new();
            of_sentence(sentence, &mentions, &amounts, (context, asks), &mut bands);
            found.extend(bands.into_iter().map(|(start, band)| ((place, start), band)));
        }
        context = mentions.last().map(Mention::country).or(context);
    }
    found
}

fn is_about_pay(sentence: &Sentence<'_>) -> bool {
    PAY.is_match(sentence.text) || PAY.is_match(sentence.heading)
}

fn of_sentence(
    sentence: &Sentence<'_>,
    mentions: &[Mention],
    amounts: &[Amount],
    (context, asks): (Option<&'static str>, bool),
    bands: &mut Vec<(usize, PageBand)>,
) {
    let mut place = 0;
    while let Some(amount) = amounts.get(place) {
        let end = amounts.get(place + 1).filter(|next| money::are_joined(sentence.text, amount, next));
        place += if end.is_some() { 2 } else { 1 };
        let behind = || asks.then(|| meaning_behind(sentence.text, amount)).flatten();
        let meaning = match end {
            Some(_) => Some(Meaning::Range),
            None => meaning(sentence.text, amounts, amount).or_else(behind),
        };
        let (Some(meaning), Some((region, currency))) = (meaning, region(mentions, amount, context)) else {
            continue;
        };
        let last = end.unwrap_or(amount);
        let Some(period) = money::period(sentence.text, last).or_else(|| yearly(sentence, last)) else {
            continue;
        };
        if end.is_some_and(|end| end.minor < amount.minor) {
            continue;
        }
        let mut band = empty(sentence, region, currency, period, amount);
        put(&mut band, meaning, amount.minor, end.map(|end| end.minor));
        bands.push((amount.span.start, band));
    }
}

/// Without a word for its period, an amount of five digits and more is a year's.
fn yearly(sentence: &Sentence<'_>, amount: &Amount) -> Option<PayPeriod> {
    let salary = |text: &str| text.to_lowercase().contains("salar");
    (amount.minor >= 1_000_000 && (salary(sentence.text) || salary(sentence.heading)))
        .then_some(PayPeriod::Year)
}

/// Returns what the nearest words before an amount say it is; words before another amount belong to that one.
fn meaning(text: &str, amounts: &[Amount], amount: &Amount) -> Option<Meaning> {
    let from =
        amounts.iter().map(|other| other.span.end).filter(|end| *end <= amount.span.start).max().unwrap_or(0);
    let captures = CUE.captures_iter(&text[from..amount.span.start]).last()?;
    let named = |name: &str| captures.name(name).is_some();
    Some(match () {
        () if named("mean") => Meaning::Mean,
        () if named("median") => Meaning::Median,
        () if named("p10") => Meaning::Percentile(Cell::P10),
        () if named("p25") => Meaning::Percentile(Cell::P25),
        () if named("p75") => Meaning::Percentile(Cell::P75),
        () if named("p90") => Meaning::Percentile(Cell::P90),
        () if named("least") => Meaning::Least,
        () => Meaning::Most,
    })
}

/// Returns what the words right behind an amount say it is: $93,600 a year on average, $62,350 median annual pay.
fn meaning_behind(text: &str, amount: &Amount) -> Option<Meaning> {
    let captures = BEHIND.captures(&text[amount.span.end..])?;
    Some(if captures.name("median").is_some() { Meaning::Median } else { Meaning::Mean })
}

/// Returns region and currency of an amount: the place named last before it, else the only one after it, else the
/// country spoken of, else the country of its currency.
fn region(mentions: &[Mention], amount: &Amount, context: Option<&str>) -> Option<(String, String)> {
    let before = mentions.iter().rev().find(|mention| mention.start < amount.span.start);
    let named = before.or(if let [only] = mentions { Some(only) } else { None }).map(|mention| mention.place);
    let place = named.or_else(|| place::by_code(context?)).or_else(|| place::by_code(home(&amount.sign)?))?;
    Some((place.code.clone(), currency(&amount.sign, &place.currency)?.to_owned()))
}

fn home(sign: &str) -> Option<&'static str> {
    Some(match sign {
        "US$" | "USD" | "$" | "dollars" => "US",
        "£" | "GBP" | "pounds" => "GB",
        "CAD" | "C$" | "CA$" => "CA",
        "AUD" | "A$" | "AU$" => "AU",
        _ => return None,
    })
}

/// A bare dollar is the place's own where it has one, else the American.
fn currency<'a>(sign: &'a str, local: &'a str) -> Option<&'a str> {
    Some(match sign {
        "CA$" | "C$" | "CAD" => "CAD",
        "A$" | "AU$" | "AUD" => "AUD",
        "NZ$" | "NZD" => "NZD",
        "$" | "dollars" if matches!(local, "USD" | "CAD" | "AUD" | "NZD" | "SGD" | "HKD") => local,
        "$" | "dollars" | "US$" | "USD" => "USD",
        "£" | "GBP" | "pounds" => "GBP",
        "€" | "EUR" | "euros" => "EUR",
        code if code.len() == 3 => code,
        _ => return None,
    })
}

fn empty(
    sentence: &Sentence<'_>,
    region: String,
    currency: String,
    period: PayPeriod,
    amount: &Amount,
) -> PageBand {
    PageBand {
        region,
        currency,
        period,
        low: None,
        high: None,
        mean: None,
        median: None,
        percentiles: Vec::new(),
        locator: sentence.locator(amount.span.start),
        cited_authority: growth::authority(sentence.text),
        paragraph: sentence.paragraph,
    }
}

fn put(band: &mut PageBand, meaning: Meaning, amount: i64, end: Option<i64>) {
    match meaning {
        Meaning::Range => (band.low, band.high) = (Some(amount), end),
        Meaning::Mean => band.mean = Some(amount),
        Meaning::Median => band.median = Some(amount),
        Meaning::Percentile(cell) => band.percentiles.push((cell, amount)),
        Meaning::Least => band.low = Some(amount),
        Meaning::Most => band.high = Some(amount),
    }
}
