//! Why a figure that a sentence states is none of everybody in one known place and year.

use std::{cmp::Reverse, collections::HashSet, sync::LazyLock};

use regex::Regex;
use serde::Deserialize;

use crate::{normalize::RejectCode, rules::SENTENCES};

/// What keeps a figure from being compared with official ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// It is of these words, no single place that is known.
    Place(String),
    /// It is of a part of the workers, by these words.
    Part(String),
    /// Its year is not one the sentence tells.
    Year,
    /// It is one end of a range of percents.
    Range,
    /// It is growth that was, not growth to come.
    Past,
}

impl Doubt {
    /// Returns the reason, for a person.
    pub fn why(&self) -> String {
        match self {
            Self::Place(words) => {
                format!("The sentence speaks of “{words}”, no single place with figures here.")
            }
            Self::Part(words) => format!("The sentence speaks of a part of the workers: “{words}”."),
            Self::Year => "The sentence does not tell of which year the figure is.".into(),
            Self::Range => "The sentence states a range of percents.".into(),
            Self::Past => "The sentence tells of growth that was; a projection is of growth to come.".into(),
        }
    }

    /// Returns the reason by its stable name.
    pub(super) fn code(&self) -> RejectCode {
        match self {
            Self::Place(_) => RejectCode::UnknownRegion,
            Self::Part(_) => RejectCode::PartOfWorkers,
            Self::Year | Self::Range | Self::Past => RejectCode::UnclearFigure,
        }
    }
}

/// The words of `jobs/rules/sentences.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wording {
    part: Part,
    pub(super) place: PlaceWords,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    words: Vec<String>,
    whole: Vec<String>,
}

/// Words about places.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlaceWords {
    /// Places without figures.
    pub(super) unknown: Vec<String>,
    /// What makes another place of the one behind it.
    pub(super) before: Vec<String>,
    /// What makes another place of the one before it.
    pub(super) behind: Vec<String>,
    /// Words of what is no place.
    pub(super) none: HashSet<String>,
    /// Words behind what is no place.
    pub(super) followed: HashSet<String>,
}

pub(super) static WORDING: LazyLock<Wording> =
    LazyLock::new(|| toml::from_str(SENTENCES).expect("jobs/rules/sentences.toml is right"));

/// Words of a part of the workers, and those that hold such and mean everybody: those without a gap and the longest first.
static ANY: LazyLock<Regex> = LazyLock::new(|| {
    let mut words: Vec<&String> = WORDING.part.words.iter().chain(&WORDING.part.whole).collect();
    words.sort_by_key(|words| (words.contains('…'), Reverse(words.len())));
    phrases(words.into_iter(), r"\b", r"\b")
});

static WHOLE: LazyLock<Regex> = LazyLock::new(|| phrases(WORDING.part.whole.iter(), "^", "$"));

fn phrases<'a>(words: impl Iterator<Item = &'a String>, begin: &str, end: &str) -> Regex {
    let pattern = |words: &String| {
        let pattern = regex::escape(words).replace("… ", r"(?:[\w&]+ ){1,4}?");
        pattern.replace(' ', "[ -]").replace('’', "['’]")
    };
    let any: Vec<String> = words.map(pattern).collect();
    Regex::new(&format!("(?i){begin}(?:{}){end}", any.join("|"))).expect("the words of parts are right")
}

/// Returns the part of the workers that words speak of, if they do.
pub(super) fn part(text: &str) -> Option<Doubt> {
    let found = ANY.find_iter(text).find(|found| !WHOLE.is_match(found.as_str()))?;
    Some(Doubt::Part(found.as_str().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_part_of_the_workers_are_known_from_those_of_all() {
        for (text, part_of) in [
            ("Entry-level electricians earn", "Entry-level"),
            ("Part-time cashiers earn", "Part-time"),
            ("Senior software engineers earn", "Senior"),
            ("Nurses working for the federal government earn", "federal"),
            ("Electricians in the construction industry earn", "in the construction industry"),
            ("Nurses with 5 years of experience earn", "with 5 years of experience"),
            ("The average starting salary is", "starting salary"),
        ] {
            assert_eq!(part(text), Some(Doubt::Part(part_of.into())), "{text}");
        }
        for text in [
            "Electricians earn",
            "According to federal data, nurses earn",
            "Men and women earn",
            "Remote Sensing Scientists earn",
            "A developer in the Software Engineering industry earns",
            "Across all industries, and in all industries, they earn",
        ] {
            assert_eq!(part(text), None, "{text}");
        }
    }
}
