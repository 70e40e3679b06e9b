//! Places in prose.

use std::{collections::HashMap, sync::LazyLock};

use entity::RegionKind;
use regex::Regex;

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

/// What makes another place of one: New England, New South Wales.
const ELSEWHERE: [&str; 2] = ["New ", "New South "];

/// A place with where its name stands in a sentence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mention {
    pub place: &'static NamedPlace,
    pub start: usize,
}

impl Mention {
    /// Returns the country's code.
    pub(super) fn country(&self) -> &'static str {
        country(&self.place.code)
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
    let pattern: Vec<String> = names.iter().map(|(name, _)| regex::escape(name)).collect();
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

/// Returns the places a sentence names, in order. A state that shares its name with a city is the city when another
/// city stands beside it.
pub(super) fn mentions(sentence: &str, context: Option<&str>) -> Vec<Mention> {
    let found = NAMES
        .0
        .find_iter(sentence)
        .filter(|name| !sentence[name.end()..].chars().next().is_some_and(char::is_alphanumeric))
        .filter(|name| !ELSEWHERE.iter().any(|before| sentence[..name.start()].ends_with(before)));
    let mut mentions: Vec<Mention> = found
        .filter_map(|name| {
            let place = by_name(name.as_str(), context).or_else(|| by_name(name.as_str(), None))?;
            Some(Mention { place, start: name.start() })
        })
        .collect();
    let city = mentions.iter().any(|mention| mention.place.kind == RegionKind::City);
    for mention in mentions.iter_mut().filter(|mention| city && mention.place.kind == RegionKind::State) {
        let namesake = named_places()
            .iter()
            .find(|place| place.kind == RegionKind::City && place.name == mention.place.name);
        mention.place = namesake.unwrap_or(mention.place);
    }
    mentions
}
