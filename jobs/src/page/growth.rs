//! Expected growth in prose.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{
    PageGrowth,
    doubt::{self, Doubt},
    manner::Manner,
    pattern,
    pay::PAY,
    place,
    sentence::Sentence,
    statement::Outlook,
};

static ABOUT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:grow|increase|expand|declin|decreas|shrink|fall)"));
static DOWN: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?:declin|decreas|shrink|fall)"));
static PERCENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?P<sign>[-−]\s?)?\b(?P<whole>\d{1,3})(?:\.(?P<part>\d{1,3}))?\s?(?:%|percent\b|per cent\b)",
    )
});
pub(super) static YEARS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?P<base>(?:19|20)\d{2})\s*(?:to|and|until|through|-|–|—)\s*(?P<target>(?:(?:19|20)\d{2})|\d{2})\b",
    )
});
static WORDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:(?:(?:much |about )?(?:faster|slower) than|(?:about )?as fast as) (?:the )?average(?: for all (?:occupations|jobs))?|little or no change)",
    )
});
static LESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:projected|expected|set|likely) to (?:decline|shrink|decrease|fall)\b")
});
/// What stands behind a percentage of all occupations, and before it.
static ALL_BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^ (?:national |overall )?(?:average|(?:growth |rate )?(?:for|of|in) all (?:occupations|jobs|workers))\b",
    )
});
static ALL_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:than the (?:national )?average|all (?:occupations|jobs|workers))(?: growth)?(?: rate)?,?(?: of| is| at)? \(?(?:about )?$",
    )
});
/// The first end of a range of percentages, before the second: between 8 and 10 percent.
static FIRST_END: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)(?:^|[^\d.,$£€])\d{1,3}(?:\.\d+)?\s?(?:%|percent|per cent)?\s*(?:-|–|—|−|to|and|or)\s*$")
});
/// Words that make a percentage that of one year, behind it and before it.
static YEARLY_BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)^,? ?(?:growth )?\(?(?:(?:a|per|each|every) (?:year|annum)|annual|yearly|p\.a\.)")
});
static YEARLY_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    let rate = "average|compound|job|employment|growth|rate|pace|increase|decline|of|about|around|roughly";
    pattern(&format!(
        r"(?i)\b(?:(?:annual|yearly)(?: (?:{rate})){{0,5}}|(?:annually|(?:each|every|per|a) year) (?:by|at)(?: about)?) [-−]?$"
    ))
});
/// Growth that was, and words of growth to come.
static WAS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:grew|grown|increased|expanded|declined|decreased|shrank|shrunk|fell|fallen|rose|risen)\b",
    )
});
static TO_COME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:project|expect|predict|forecast|anticipat|likely|will|should|set to|outlook)")
});
static JOBS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:employment|jobs|demand|occupation|openings|projected|expected|outlook|growth)")
});
static AUTHORITY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:[Aa]ccording to|[Rr]eported by|[Dd]ata (?:from|by)|[Pp]rojected by|[Ff]igures from) (?:the )?(?P<name>(?:[A-Z][\w.&’'-]*)(?:\s+(?:of|for|and|on|the|[A-Z][\w.&’'-]*))*)",
    )
});

/// A known authority that says something in so many words: "the BLS projects", "says the BLS".
static SPEAKS: LazyLock<Regex> = LazyLock::new(|| {
    let names: Vec<String> = AUTHORITIES.iter().map(|(name, _)| regex::escape(name)).collect();
    let (names, verb) = (names.join("|"), "projects|expects|predicts|forecasts|estimates|reports|says");
    pattern(&format!(
        r"\b(?:(?P<first>(?:U\.S\. )?(?:{names}))(?: \([A-Z]+\))? (?:{verb})|(?:{verb}) (?:the )?(?P<last>(?:{names})))\b"
    ))
});

/// Whose projections an authority makes.
const AUTHORITIES: [(&str, &str); 8] = [
    ("Bureau of Labor Statistics", "US"),
    ("BLS", "US"),
    ("Department of Labor", "US"),
    ("Job Bank", "CA"),
    ("Statistics Canada", "CA"),
    ("Employment and Social Development Canada", "CA"),
    ("Office for National Statistics", "GB"),
    ("ONS", "GB"),
];

/// Returns every growth that has a percentage over its years. What is a limit of it, is denied, or is no growth to come of
/// everybody in one known place, is none.
pub(super) fn all(sentences: &[Sentence<'_>]) -> Vec<PageGrowth> {
    let is_plain = |text: &str| manner(text).is_plain() && doubt(text).is_none() && !is_yearly(text);
    let plain = sentences.iter().filter(|sentence| is_plain(sentence.text));
    plain.filter_map(|sentence| of_sentence(sentence, false)).collect()
}

/// Returns the percentages of a sentence, that of all occupations apart.
fn percents(text: &str) -> impl Iterator<Item = Captures<'_>> {
    PERCENT.captures_iter(text).filter(|found| {
        let place = found.get(0).map_or(0..0, |found| found.range());
        !ALL_BEHIND.is_match(&text[place.end..]) && !ALL_BEFORE.is_match(&text[..place.start])
    })
}

/// Returns the percentage of a sentence: of several none can be told to be meant. Two ends of a range are one.
fn percent(text: &str) -> Option<Captures<'_>> {
    let mut found = percents(text);
    let (first, second) = (found.next()?, found.next());
    let alone = second.as_ref().is_none_or(|second| is_range(text, second));
    (alone && found.next().is_none()).then(|| second.unwrap_or(first))
}

/// Whether a percentage is the second end of a range.
fn is_range(text: &str, percent: &Captures<'_>) -> bool {
    percent.name("whole").is_some_and(|digits| FIRST_END.is_match(&text[..digits.start()]))
}

/// Returns whether the percentage of a sentence is that of one year.
fn is_yearly(text: &str) -> bool {
    let place = percent(text).and_then(|found| Some(found.get(0)?.range()));
    place.is_some_and(|place| {
        YEARLY_BEHIND.is_match(&text[place.end..]) || YEARLY_BEFORE.is_match(&text[..place.start])
    })
}

/// Returns why a sentence states no growth to come of everybody in one known place.
fn doubt(text: &str) -> Option<Doubt> {
    let place = place::mentions(text, &["US"]).into_iter().next().filter(|named| named.place.is_none());
    let range = percent(text).filter(|found| is_range(text, found)).map(|_| Doubt::Range);
    let was = (WAS.is_match(text) && !TO_COME.is_match(text)).then_some(Doubt::Past);
    place.map(|named| Doubt::Place(named.name)).or_else(|| doubt::part(text)).or(range).or(was)
}

/// Returns what the words around the first percentage of a sentence, else before its words for growth, make of it.
fn manner(text: &str) -> Manner {
    let place =
        percents(text).next().and_then(|found| found.get(0)).map(|found| (found.start(), found.end()));
    let words = || WORDS.find(text).or_else(|| LESS.find(text)).map(|words| (words.start(), text.len()));
    place.or_else(words).map_or_else(Manner::default, |(start, end)| Manner::of(&text[..start], &text[end..]))
}

/// Returns whom a sentence cites.
pub(super) fn authority(text: &str) -> Option<String> {
    let Some(found) = AUTHORITY.captures(text) else {
        let found = SPEAKS.captures(text)?;
        return found.name("first").or(found.name("last")).map(|name| name.as_str().to_owned());
    };
    let name = found.name("name")?.as_str();
    let name = name.trim_end_matches(['.', '’', '\'']);
    let words: Vec<&str> = name.split_whitespace().collect();
    let end = words.iter().rposition(|word| word.starts_with(char::is_uppercase))?;
    Some(words[..=end].join(" "))
}

/// Returns the growth a sentence states. A `bare` one is taken to be about growth, and about the United States where it
/// names no place.
pub(super) fn of_sentence(sentence: &Sentence<'_>, bare: bool) -> Option<PageGrowth> {
    let text = sentence.text;
    if !bare && !ABOUT.is_match(text) {
        return None;
    }
    let years = YEARS.captures(text)?;
    let (base_year, target_year) = span(&years["base"], &years["target"])?;
    let percent = percent(text)?;
    let authority = authority(text);
    Some(PageGrowth {
        percent_thousandths: signed(text, &percent)?,
        base_year,
        target_year,
        region: region(text, authority.as_deref()).or_else(|| bare.then(|| "US".to_owned()))?,
        words: WORDS.find(text).map(|words| words.as_str().to_owned()),
        authority,
        locator: sentence.locator(percent.get(0)?.start()),
        paragraph: sentence.paragraph,
    })
}

/// What a sentence says of growth, as far as it says it: who pastes one asks about it. A percentage without years must be one
/// of jobs, not of pay.
pub(super) fn outlook(sentence: &Sentence<'_>, bare: bool) -> Option<(usize, Outlook)> {
    let text = sentence.text;
    if let Some(growth) = of_sentence(sentence, bare) {
        let start = percent(text)?.get(0)?.start();
        let (yearly, doubt) = (is_yearly(text), doubt(text));
        return Some((start, Outlook { yearly, doubt, ..Outlook::of(growth, manner(text)) }));
    }
    if !ABOUT.is_match(text) && !WORDS.is_match(text) {
        return None;
    }
    let words = WORDS.find(text).or_else(|| LESS.find(text));
    let of_jobs = JOBS.is_match(text) && !PAY.is_match(text) && !YEARS.is_match(text);
    let percent = percent(text).filter(|_| of_jobs);
    let start = percent.as_ref().and_then(|found| found.get(0)).or(words)?.start();
    let authority = authority(text);
    let outlook = Outlook {
        percent_thousandths: percent.as_ref().and_then(|found| signed(text, found)),
        years: YEARS.captures(text).and_then(|years| span(&years["base"], &years["target"])),
        region: region(text, authority.as_deref()).unwrap_or_else(|| "US".to_owned()),
        words: words.map(|words| words.as_str().to_owned()),
        yearly: percent.is_some() && is_yearly(text),
        manner: manner(text),
        doubt: doubt(text),
    };
    Some((start, outlook)).filter(|(_, said)| said.percent_thousandths.is_some() || said.words.is_some())
}

/// Returns a percentage in thousandths, below zero where the sentence speaks of fewer jobs.
fn signed(text: &str, percent: &Captures<'_>) -> Option<i32> {
    let thousandths = thousandths(&percent["whole"], percent.name("part").map_or("", |part| part.as_str()))?;
    let down = percent.name("sign").is_some() || DOWN.is_match(&text[..percent.get(0)?.start()]);
    Some(if down { -thousandths } else { thousandths })
}

fn span(base: &str, target: &str) -> Option<(i16, i16)> {
    let base: i16 = base.parse().ok()?;
    let target: i16 = target.parse().ok()?;
    let target = if target < 100 { base / 100 * 100 + target } else { target };
    (base < target && target - base <= 40).then_some((base, target))
}

fn thousandths(whole: &str, part: &str) -> Option<i32> {
    format!("{whole}{part:0<3}").parse().ok()
}

/// The place the sentence names, else the one its authority speaks for, else none.
fn region(text: &str, authority: Option<&str>) -> Option<String> {
    let mentions = place::mentions(text, &["US"]);
    if let Some(place) = mentions.first().and_then(|mention| mention.place) {
        return Some(place.code.clone());
    }
    let spoken = |text: &str| {
        AUTHORITIES.iter().find(|(name, _)| text.contains(name)).map(|(_, code)| (*code).to_owned())
    };
    spoken(authority.unwrap_or_default()).or_else(|| spoken(text))
}
