//! Pay in prose: ranges, averages, medians and percentiles, each with its place.

use std::sync::LazyLock;

use entity::{Cell, PayPeriod};
use regex::{Captures, Regex};

use super::{
    PageBand, Refused,
    clause::{self, Clause},
    doubt::{self, Doubt},
    growth,
    manner::{Limit, Manner},
    money::{self, Amount},
    place::{self, Mention},
    sentence::Sentence,
};
use crate::codes::NamedPlace;

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
    let pattern = r"(?i)\b(?:(?P<mean>average|averages|averaging|mean)|(?P<median>median)|(?P<lowest>lowest(?:[- ]paid)? 10 ?(?:percent|%))|(?P<p10>10th percentile)|(?P<p25>25th percentile|lower quartile)|(?P<p75>75th percentile|upper quartile)|(?P<highest>highest(?:[- ]paid)? 10 ?(?:percent|%))|(?P<p90>90th percentile)|(?P<least>at least|starting at|starts at|as low as|minimum of)|(?P<most>up to|as much as|maximum of|as high as))\b";
    Regex::new(pattern).expect("the pattern of meanings is right")
});

const PERIOD: &str =
    r"(?:(?:per|an?|each|every) (?:hour|day|week|month|year|annum)|/\s?\w+|annually|yearly|monthly|hourly)";

static BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    let more = "(?: or more| or less)?";
    let pattern = format!(
        r"(?i)^(?:\s*{PERIOD})?(?:\s*\([^()]*\))?{more},?\s*\(?(?:on |at the |in the )?(?:average|mean|(?P<median>median))\b"
    );
    Regex::new(&pattern).expect("the pattern of meanings is right")
});

/// What stands between two amounts that mean the same: $133,080 per year ($63.98 per hour), compared with $49,500, in May 2024
/// and $134,000, and for paralegals $61,010; `again` where nothing but the period differs.
static ALSO: LazyLock<Regex> = LazyLock::new(|| {
    let year = r"\s\(?(?:in|as of)\s(?:\w+\s)?\d{4}\)?";
    let bracket = r"\((?:or |about )?|or (?:about )?";
    let other = "(?:which is )?compared (?:with|to) |(?:up|down) from |to ";
    let there = r"[;,]\s(?:and |while |but )?in (?:[\w.'’-]+ ){1,4}(?:it|the figure) (?:is|was) ";
    let whom = r"(?:and|while) (?:for|in|those in) (?:[\w.'’-]+ ){1,6}(?:is |was |were |they earn )?";
    Regex::new(&format!(
        r"(?i)^(?:\s*{PERIOD})?(?:(?P<again>,\s)|(?:{year})?,?\s*(?:{bracket}|{other}|{whom})|(?:{year})?{there}|{year},?\sand )$"
    ))
    .expect("the pattern of equal meanings is right")
});

/// Where somebody else begins to earn something: words before it say nothing of amounts behind it.
static APART: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)[;:]\s|,\s.*\b(?:earn|mak|receiv|get)").expect("the pattern of parts is right")
});

pub(super) static PAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:salar|wage|pay|paid|earn|income|compensation|make|range)")
        .expect("the pattern of pay is right")
});

/// A figure or range of pay, where its amount stands in its sentence, and what the words around it make of it.
pub(super) struct Stated {
    pub(super) start: usize,
    pub(super) band: PageBand,
    /// The year it is said to be of.
    pub(super) year: Option<i32>,
    pub(super) manner: Manner,
    /// Why it is none of everybody in one known place and year.
    pub(super) doubt: Option<Doubt>,
}

/// Returns the pay that sentences state, and what is no figure of everybody in one known place. A sentence without a place
/// speaks of that of its heading, else of the country named last under it. What is a limit of a figure, or is denied, is none.
pub(super) fn bands(sentences: &[Sentence<'_>]) -> (Vec<PageBand>, Vec<Refused>) {
    let (mut bands, mut refused) = (Vec::new(), Vec::new());
    for (place, stated) in each(sentences, false) {
        match stated.doubt {
            _ if !stated.manner.is_plain() => {}
            None => bands.push(stated.band),
            Some(doubt) => refused.push(Refused {
                locator: stated.band.locator,
                code: doubt.code(),
                message: doubt.why(),
                raw: sentences[place].text.to_owned(),
            }),
        }
    }
    (bands, refused)
}

/// Returns the pay that sentences state, each with the place of its sentence. In a text that somebody `asks` about, words
/// behind an amount say as well what it is, so does what the amount before it is, and the year is looked for.
pub(super) fn each(sentences: &[Sentence<'_>], asks: bool) -> Vec<(usize, Stated)> {
    let mut found = Vec::new();
    let (mut heading, mut context) = ("", None);
    let certain = |mentions: Vec<Mention>| mentions.into_iter().rfind(|mention| mention.certain);
    for (place, sentence) in sentences.iter().enumerate() {
        if sentence.heading != heading {
            (heading, context) = (sentence.heading, certain(place::mentions(sentence.heading, &[])));
        }
        let amounts = money::amounts(sentence.text);
        let country = context.as_ref().and_then(|named| named.place).map(|named| place::country(&named.code));
        let home = amounts.first().and_then(|amount| home(&amount.sign));
        let within: Vec<&str> = country.into_iter().chain(home).collect();
        let mentions = place::mentions(sentence.text, &within);
        if (1..=MOST).contains(&amounts.len()) && is_about_pay(sentence) {
            let stated = of_sentence(sentence, &mentions, &amounts, (context.as_ref(), asks));
            found.extend(stated.into_iter().map(|stated| (place, stated)));
        }
        context = certain(mentions).map(|named| named.of_country()).or(context);
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
    (context, asks): (Option<&Mention>, bool),
) -> Vec<Stated> {
    let mut found = Vec::new();
    let (mut place, mut known) = (0, None);
    while let Some(amount) = amounts.get(place) {
        let end = amounts.get(place + 1).filter(|next| money::are_joined(sentence.text, amount, next));
        place += if end.is_some() { 2 } else { 1 };
        let last = end.unwrap_or(amount);
        let clause = Clause::new(sentence.text, amounts, amount, last);
        let before = clause.before();
        let period = money::period(sentence.text, last).or_else(|| yearly(sentence, last));
        let own = meaning(before, clause.behind(), asks);
        let read = if end.is_some() {
            Some((Meaning::Range, Manner { limit: None, ..Manner::of(before, "") }))
        } else {
            own.or_else(|| known.filter(|_| asks).and_then(|known| carried(before, known, period)))
        };
        known = read.filter(|_| end.is_none()).map(|read| (read, period));
        let (Some((meaning, manner)), Some(period)) = (read, period) else { continue };
        if end.is_some_and(|end| end.minor < amount.minor) {
            continue;
        }
        let part = [sentence.heading].into_iter().chain(clause.around()).find_map(doubt::part);
        let (region, unknown) = match region(&clause, mentions, amount, context) {
            Ok(Some(place)) => (Some(place), None),
            Ok(None) => continue,
            Err(unknown) => (None, Some(unknown)),
        };
        let local = region.map_or("USD", |place| place.currency.as_str());
        let Some(currency) = currency(&amount.sign, local).map(ToOwned::to_owned) else { continue };
        let year = if asks { clause.year(amounts) } else { Ok(None) };
        let (year, unclear) = year.map_or_else(|doubt| (None, Some(doubt)), |year| (year, None));
        let region = region.map_or_else(String::new, |place| place.code.clone());
        let mut band = empty(sentence, region, currency, period, amount);
        put(&mut band, meaning, amount.minor, end.map(|end| end.minor));
        let doubt = unknown.or(part).or(unclear);
        found.push(Stated { start: amount.span.start, band, year, manner, doubt });
    }
    found
}

/// Returns what an amount is by the one before it, where the words between them say that it is the same.
fn carried(
    between: &str,
    (known, of): ((Meaning, Manner), Option<PayPeriod>),
    period: Option<PayPeriod>,
) -> Option<(Meaning, Manner)> {
    let also = ALSO.captures(between)?;
    (also.name("again").is_none() || period != of).then_some(known)
}

/// Without a word for its period, an amount of five digits and more is a year's.
fn yearly(sentence: &Sentence<'_>, amount: &Amount) -> Option<PayPeriod> {
    let salary = |text: &str| text.to_lowercase().contains("salar");
    (amount.minor >= 1_000_000 && (salary(sentence.text) || salary(sentence.heading)))
        .then_some(PayPeriod::Year)
}

/// Returns what the words around an amount say it is: the nearest ones before it, else, where somebody `asks`, those behind it.
fn meaning(before: &str, behind: &str, asks: bool) -> Option<(Meaning, Manner)> {
    let manner = Manner::of(before, behind);
    let limit = Limit::begins(before);
    let end = limit.unwrap_or(before.len());
    let named = CUE.captures_iter(&before[..end]).last().filter(|named| {
        let read = named.get(0).map_or(0, |named| named.end());
        limit.is_none() || !APART.is_match(&before[read..end])
    });
    if let Some(named) = named {
        return Some(named_by(&named, manner));
    }
    if let Some(meaning) = asks.then(|| meaning_behind(behind)).flatten() {
        return Some((meaning, manner));
    }
    let limit = CUE.captures_iter(before).last()?;
    let least = limit.name("least").is_some();
    let ends = least || limit.name("most").is_some();
    let plain = Manner { limit: None, ..manner };
    ends.then_some((if least { Meaning::Least } else { Meaning::Most }, plain))
}

/// "The lowest 10 percent earned less than" and "the highest 10 percent earned more than" name the percentile itself.
fn named_by(cue: &Captures<'_>, manner: Manner) -> (Meaning, Manner) {
    let named = |name: &str| cue.name(name).is_some();
    let itself = Manner { limit: None, ..manner };
    match () {
        () if named("mean") => (Meaning::Mean, manner),
        () if named("median") => (Meaning::Median, manner),
        () if named("lowest") => (Meaning::Percentile(Cell::P10), itself),
        () if named("p10") => (Meaning::Percentile(Cell::P10), manner),
        () if named("p25") => (Meaning::Percentile(Cell::P25), manner),
        () if named("p75") => (Meaning::Percentile(Cell::P75), manner),
        () if named("highest") => (Meaning::Percentile(Cell::P90), itself),
        () if named("p90") => (Meaning::Percentile(Cell::P90), manner),
        () if named("least") => (Meaning::Least, itself),
        () => (Meaning::Most, itself),
    }
}

/// Returns what the words right behind an amount say it is: $93,600 a year on average, $62,350 median annual pay.
fn meaning_behind(behind: &str) -> Option<Meaning> {
    let captures = BEHIND.captures(behind)?;
    Some(if captures.name("median").is_some() { Meaning::Median } else { Meaning::Mean })
}

/// Returns the place of an amount: its own, else the one spoken of before, else the country of its currency.
fn region(
    clause: &Clause<'_>,
    mentions: &[Mention],
    amount: &Amount,
    context: Option<&Mention>,
) -> Result<Option<&'static NamedPlace>, Doubt> {
    match clause.place(mentions)? {
        Some(place) => Ok(Some(place)),
        None => clause::spoken_of(context, home(&amount.sign)),
    }
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
        day: None,
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
