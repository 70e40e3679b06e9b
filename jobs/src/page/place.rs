//! Places in prose.

use std::{cmp::Reverse, collections::HashMap, ops::Range, sync::LazyLock};

use entity::RegionKind;
use regex::Regex;

use super::{doubt::WORDING, facts, pattern};
use crate::codes::{NamedPlace, named_places};

/// Other names people use.
const ALSO: [(&str, &str); 22] = [
    ("the U.S.", "US"),
    ("U.S.", "US"),
    ("U.S", "US"),
    ("USA", "US"),
    ("US", "US"),
    ("America", "US"),
    ("UK", "GB"),
    ("U.K.", "GB"),
    ("Britain", "GB"),
    ("Great Britain", "GB"),
    ("NYC", "US-CITY:new-york"),
    ("New York City", "US-CITY:new-york"),
    ("D.C.", "US-DC"),
    ("Washington, D.C.", "US-DC"),
    ("Washington, DC", "US-DC"),
    ("Washington DC", "US-DC"),
    ("the Big Apple", "US-CITY:new-york"),
    ("SF", "US-CITY:san-francisco"),
    ("L.A.", "US-CITY:los-angeles"),
    ("Philly", "US-CITY:philadelphia"),
    ("the States", "US"),
    ("Québec", "CA-QC"),
];

/// A place with where its name stands in a sentence.
#[derive(Clone, Debug)]
pub(super) struct Mention {
    /// The place; `None` where it is none that is known, or several.
    pub place: Option<&'static NamedPlace>,
    /// Its name, as it stands there.
    pub name: String,
    pub span: Range<usize>,
    /// Whether it is certainly the name of a place: what is only written like one may be something else.
    pub certain: bool,
}

impl Mention {
    fn new(sentence: &str, span: Range<usize>, place: Option<&'static NamedPlace>, certain: bool) -> Self {
        Self { place, name: sentence[span.clone()].to_owned(), span, certain }
    }

    /// Makes the country of the place the one that is spoken of.
    pub(super) fn of_country(&self) -> Self {
        Self { place: self.place.and_then(|place| by_code(country(&place.code))), ..self.clone() }
    }

    /// Returns whether the place is part of another, or the same.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        let (Some(own), Some(other)) = (self.place, other.place) else { return false };
        own.code == other.code || own.parent.as_ref() == Some(&other.code) || country(&own.code) == other.code
    }
}

/// Returns the country a code belongs to.
pub(super) fn country(code: &str) -> &str {
    code.split(['-', ':']).next().unwrap_or(code)
}

/// The places of each name, in small letters: the country, then the state, then the city.
type Named = HashMap<String, Vec<&'static NamedPlace>>;

static NAMES: LazyLock<(Regex, Named)> = LazyLock::new(|| {
    let own = named_places().iter().map(|place| (place.name.clone(), place));
    let also = ALSO.iter().filter_map(|(name, code)| Some(((*name).to_owned(), by_code(code)?)));
    // The longest name counts.
    let mut names: Vec<(String, &'static NamedPlace)> = own.chain(also).collect();
    names.sort_by(|a, b| (b.0.len(), &a.0, a.1.kind).cmp(&(a.0.len(), &b.0, b.1.kind)));
    let mut all: Vec<&String> = names.iter().map(|(name, _)| name).chain(&WORDING.place.unknown).collect();
    all.sort_by_key(|name| Reverse(name.len()));
    let pattern: Vec<String> = all.into_iter().map(|name| regex::escape(name)).collect();
    let regex = Regex::new(&format!(r"\b(?:{})", pattern.join("|"))).expect("the pattern of places is right");
    let mut named = Named::new();
    for (name, place) in names {
        named.entry(name.to_ascii_lowercase()).or_default().push(place);
    }
    (regex, named)
});

/// Returns the place with this code.
pub(super) fn by_code(code: &str) -> Option<&'static NamedPlace> {
    named_places().iter().find(|place| place.code == code)
}

/// Returns the place of this name, within a country where one is known.
pub(super) fn by_name(name: &str, within: Option<&str>) -> Option<&'static NamedPlace> {
    let named = NAMES.1.get(&name.trim().to_ascii_lowercase())?;
    named.iter().copied().find(|place| within.is_none_or(|within| country(&place.code) == within))
}

/// What is written like the name of a place.
static LIKE: LazyLock<Regex> = LazyLock::new(|| {
    let word = r"[A-Z][\w’'&-]*(?:\. ?[A-Z][\w’'&-]*)*";
    pattern(&format!(
        r"\b(?:[Ii]n|[Aa]cross|[Tt]hroughout|[Ww]ithin|[Oo]utside|[Nn]ear|[Aa]t)(?: (?:the|all of|most of))? (?P<name>{word}(?: (?:(?:of|and|the) )?{word})*)(?: (?P<then>\w+))?"
    ))
});

/// What stands between the places of a list.
static LIST: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?:,|/|-|–|,? ?(?:and|or|&))\s?(?:in |across )?(?:the )?$"));

/// Returns the places a sentence names, in order; of namesakes the one in the first country of `within` that has one. A state
/// behind its city is not named apart. A state that shares its name with a city is the city when another city stands beside it.
pub(super) fn mentions(sentence: &str, within: &[&str]) -> Vec<Mention> {
    let mut found = named(sentence, within);
    found.extend(written_like(sentence, &found));
    found.sort_by_key(|mention| mention.span.start);
    let mut mentions = joined(sentence, found);
    let is = |mention: &Mention, kind| mention.place.is_some_and(|place| place.kind == kind);
    let city = mentions.iter().any(|mention| is(mention, RegionKind::City));
    for mention in mentions.iter_mut().filter(|mention| city && is(mention, RegionKind::State)) {
        mention.place = mention.place.map(|place| city_called(&place.name).unwrap_or(place));
    }
    mentions
}

fn city_called(name: &str) -> Option<&'static NamedPlace> {
    named_places().iter().find(|place| place.kind == RegionKind::City && place.name == name)
}

/// Finds the names that are known.
fn named(sentence: &str, within: &[&str]) -> Vec<Mention> {
    let words = &WORDING.place;
    let whole = |end: usize| !sentence[end..].chars().next().is_some_and(char::is_alphanumeric);
    let found = NAMES.0.find_iter(sentence).filter(|name| whole(name.end()));
    let read = found.map(|name| {
        let (before, behind) = (&sentence[..name.start()], &sentence[name.end()..]);
        let other = words.before.iter().filter(|word| ends_with(before, word)).map(String::len).max();
        let wider =
            words.behind.iter().find(|word| behind.starts_with(*word) && whole(name.end() + word.len()));
        // Dallas-Fort Worth.
        let is_longer = behind.strip_prefix('-').is_some_and(|rest| rest.starts_with(char::is_uppercase));
        let is_other = other.is_some() || wider.is_some() || is_longer;
        let span = name.start() - other.unwrap_or(0)..name.end() + wider.map_or(0, String::len);
        let known = || within.iter().find_map(|country| by_name(name.as_str(), Some(country)));
        let place = known().or_else(|| by_name(name.as_str(), None));
        Mention::new(sentence, span, place.filter(|_| !is_other), true)
    });
    read.collect()
}

/// Whether a text ends with a word, in either case.
fn ends_with(text: &str, word: &str) -> bool {
    let ending = text.len().checked_sub(word.len()).and_then(|start| Some((start, text.get(start..)?)));
    ending.is_some_and(|(start, ending)| {
        ending.eq_ignore_ascii_case(word) && !text[..start].ends_with(char::is_alphanumeric)
    })
}

/// Finds what is written like a place and is none that is `known`: in Cook County.
fn written_like(sentence: &str, known: &[Mention]) -> Vec<Mention> {
    let words = &WORDING.place;
    let is_none = |name: &str| {
        let none = |word: &str| words.none.contains(&word.to_lowercase());
        facts::is_tool(name) || name.split([' ', '-', '/']).any(none)
    };
    let found = LIKE.captures_iter(sentence).filter_map(|found| {
        let name = found.name("name")?;
        let then = found.name("then").map_or("", |word| word.as_str());
        if words.followed.contains(then) || then.starts_with(|letter: char| letter.is_ascii_digit()) {
            return None;
        }
        let inside = |mention: &&Mention| mention.span.start < name.end() && name.start() < mention.span.end;
        let mut inside = known.iter().filter(inside);
        // Seattle is known, and so is what stands beside it; Greater Seattle is not.
        let more = inside.all(|mention| name.start() < mention.span.start && name.end() == mention.span.end);
        (more && !is_none(name.as_str())).then(|| Mention::new(sentence, name.range(), None, false))
    });
    found.collect()
}

/// Makes one of a city and the state behind it, and of the places of a list.
fn joined(sentence: &str, found: Vec<Mention>) -> Vec<Mention> {
    let mut joined: Vec<Mention> = Vec::new();
    for mention in found {
        let Some(last) = joined.last_mut() else {
            joined.push(mention);
            continue;
        };
        let between = sentence.get(last.span.end..mention.span.start);
        let both = last.span.start..mention.span.end.max(last.span.end);
        let namesakes = last.place.zip(mention.place).filter(|(own, other)| own.code == other.code);
        match between {
            // What is written like a place holds a known one.
            None => *last = Mention::new(sentence, both, None, true),
            Some(", ") if namesakes.is_some() => {
                last.place = last.place.and_then(|own| city_called(&own.name));
            }
            Some(", ") if last.is_within(&mention) || last.place.is_none() && mention.place.is_some() => {
                last.span = both;
            }
            Some(between) if LIST.is_match(between) && !mention.is_within(last) => {
                *last = Mention::new(sentence, both, None, true);
            }
            Some(_) => joined.push(mention),
        }
    }
    joined
}
