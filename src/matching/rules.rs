//! How words of titles are read: short forms, other languages, seniority and the noise of advertisements, as data.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use jobs::rules::TITLES;
use serde::Deserialize;

use super::words;

/// How much a word of seniority counts, and one in brackets.
const WEAK: f32 = 0.33;
const IN_BRACKETS: f32 = 0.6;
/// How much the word that names the worker counts: the last before a comma, a dash, `of` or `for`.
const HEAD: f32 = 1.1;
/// How much the words before the last of a written-out form count, and the short form itself.
const WRITTEN_OUT: f32 = 0.8;
const SHORT_FORM: f32 = 0.5;
/// How much the name of a language or tool counts, and the kind of work it stands for.
const TOOL: f32 = 0.3;
const TOOL_WORK: f32 = 0.8;
/// The beginning of a word counts as a word of its own: engineer and engineering share it.
const BEGINNING: f32 = 0.3;
const BEGINNING_LETTERS: usize = 5;
/// Two words that follow each other count as one of their own, in either order: a truck driver is no pile driver.
const PAIR: f32 = 0.17;
/// Endings that say who does the work, and letters of the shortest word before one.
const PERSONS: [&str; 5] = ["person", "woman", "people", "women", "men"];
const SHORTEST_STEM: usize = 3;
/// Stands behind what is no whole word: a beginning, a pair.
pub(super) const CUT: char = '~';

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    weak: HashSet<String>,
    noise: HashSet<String>,
    nobody: HashSet<String>,
    denial: Denial,
    hint: Vec<Hint>,
    short: HashMap<String, String>,
    translated: HashMap<String, String>,
}

/// Words that say what somebody is not, unless certain words come next.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Denial {
    words: HashSet<String>,
    before: HashSet<String>,
}

/// Languages and tools that stand for a kind of work beside certain words.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hint {
    words: HashSet<String>,
    beside: HashSet<String>,
    add: String,
}

static RULES: LazyLock<Rules> =
    LazyLock::new(|| toml::from_str(TITLES).expect("the compiled-in rules are well formed"));

/// A word of a title and how much it counts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Term {
    pub(super) word: String,
    pub(super) weight: f32,
}

/// Returns the words of a title with what they stand for, each once, then their beginnings and pairs.
pub(super) fn terms(title: &str) -> Vec<Term> {
    let head = head(title);
    let mut terms = Vec::new();
    for (part, brackets) in parts(title) {
        for word in read(part).into_iter().filter(|word| !RULES.noise.contains(word)) {
            let weight = if brackets { IN_BRACKETS } else { 1.0 };
            let weight = if head.as_ref() == Some(&word) { weight * HEAD } else { weight };
            write_out(&mut terms, word, weight, brackets);
        }
    }
    add_hints(&mut terms);
    let beginnings = terms.iter().filter_map(Term::beginning);
    let pairs = terms.windows(2).map(|two| two[0].beside(&two[1]));
    let parts: Vec<Term> = beginnings.chain(pairs).collect();
    terms.extend(parts);
    terms
}

/// Returns why a title names no occupation, where its words themselves say so.
pub(super) fn names_nothing(title: &str) -> Option<&'static str> {
    let words = read(title);
    let next = |place: usize| words.get(place + 1).is_some_and(|next| RULES.denial.before.contains(next));
    let denies = |(place, word): (usize, &String)| RULES.denial.words.contains(word) && !next(place);
    if words.iter().enumerate().any(denies) {
        return Some("the title says what somebody is not");
    }
    let mut telling = words.iter().filter(|word| !RULES.noise.contains(*word)).peekable();
    let is_tool = |word: &String| RULES.hint.iter().any(|hint| hint.words.contains(word));
    let is_nobody = |word: &String| RULES.nobody.contains(word) || is_tool(word);
    let nothing = telling.peek().is_some() && telling.all(is_nobody);
    nothing.then_some("these words name no occupation")
}

/// Cuts a title at its brackets.
fn parts(title: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut inside = false;
    title.split_inclusive(['(', '[', ')', ']']).map(move |part| {
        let was = inside;
        inside = part.ends_with(['(', '[']) || (inside && !part.ends_with([')', ']']));
        (part, was)
    })
}

/// The words of a text. Whoever does the work, man or woman, is one word: salesperson, saleswoman and salesmen are salesman.
fn read(text: &str) -> Vec<String> {
    let mut words = words(text);
    for word in &mut words {
        let stem = PERSONS.iter().find_map(|ending| word.strip_suffix(ending));
        if let Some(stem) = stem.filter(|stem| stem.len() >= SHORTEST_STEM) {
            *word = format!("{stem}man");
        }
    }
    words
}

fn head(title: &str) -> Option<String> {
    let segments = title.split([',', '-', '–', '(', '/', '|', ':']);
    let mut segments = segments.map(|part| {
        let part = part.split(" of ").next().unwrap_or(part);
        part.split(" for ").next().unwrap_or(part)
    });
    let first = segments.find(|part| !read(part).is_empty())?;
    let says = |word: &String| !RULES.noise.contains(word) && !RULES.weak.contains(word);
    read(first).into_iter().rev().find(says)
}

fn write_out(terms: &mut Vec<Term>, word: String, weight: f32, brackets: bool) {
    let short = RULES.short.get(&word);
    let Some(full) = short.or_else(|| RULES.translated.get(&word)) else { return add(terms, word, weight) };
    let all = read(full);
    let last = all.len().saturating_sub(1);
    for (place, each) in all.into_iter().enumerate() {
        add(terms, each, if place < last { weight * WRITTEN_OUT } else { weight });
    }
    if short.is_some() && !brackets {
        add(terms, word, weight * SHORT_FORM);
    }
}

fn add(terms: &mut Vec<Term>, word: String, weight: f32) {
    let weight = if RULES.weak.contains(&word) { weight * WEAK } else { weight };
    match terms.iter_mut().find(|term| term.word == word) {
        Some(known) => known.weight = known.weight.max(weight),
        None => terms.push(Term { word, weight }),
    }
}

fn add_hints(terms: &mut Vec<Term>) {
    for hint in &RULES.hint {
        let has = |set: &HashSet<String>| terms.iter().any(|term| set.contains(&term.word));
        if has(&hint.words) && has(&hint.beside) {
            for term in terms.iter_mut().filter(|term| hint.words.contains(&term.word)) {
                term.weight *= TOOL;
            }
            add(terms, hint.add.clone(), TOOL_WORK);
        }
    }
}

impl Term {
    fn beginning(&self) -> Option<Self> {
        let long = self.word.is_ascii() && self.word.len() >= BEGINNING_LETTERS;
        let cut = self.word.get(..BEGINNING_LETTERS).filter(|_| long)?;
        Some(Self { word: format!("{cut}{CUT}"), weight: self.weight * BEGINNING })
    }

    /// Whether it is a word of its own, not the beginning of one or a pair.
    pub(super) fn is_whole(&self) -> bool {
        !self.word.ends_with(CUT)
    }

    fn beside(&self, next: &Self) -> Self {
        let (first, second) = if self.word < next.word { (self, next) } else { (next, self) };
        let word = format!("{} {}{CUT}", first.word, second.word);
        Self { word, weight: self.weight.min(next.weight) * PAIR }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(title: &str) -> String {
        let whole = terms(title).into_iter().filter(|term| !term.word.ends_with(CUT));
        whole.map(|term| format!("{} {:.2}", term.word, term.weight)).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn short_forms_seniority_and_tools_are_read_for_what_they_say() {
        assert_eq!(
            told("Sr. Backend Eng (Go)"),
            "senior 0.33, sr 0.50, back 0.80, end 1.00, backend 0.50, engineer 1.10, eng 0.55, go 0.18, software 0.80"
        );
        assert_eq!(told("Développeur web (H/F)"), "developer 1.00, web 1.10");
        assert_eq!(told("Cook, Restaurant - night shift"), "cook 1.10, restaurant 1.00");
        assert_eq!(told("Salesperson"), told("saleswomen"));
        assert_eq!(told("Director of Police"), "director 1.10, police 1.00");
    }

    #[test]
    fn words_that_are_no_occupation_name_nothing_unless_another_does() {
        for nothing in [
            "Unemployed",
            "retired",
            "college student",
            "Fresher",
            "apprentice",
            "III",
            "Senior, Level 2",
            "C++",
            "not a nurse",
            "Teachers, not",
        ] {
            assert!(names_nothing(nothing).is_some(), "{nothing}");
        }
        for title in
            ["Student Services Coordinator", "Apprentice electrician", "Principal", "Nurse III", "the"]
        {
            assert_eq!(names_nothing(title), None, "{title}");
        }
        assert_eq!(names_nothing("Engineers, not elsewhere classified"), None);
    }

    #[test]
    fn rules_are_written_as_words_are_read() {
        let plain = |word: &String| read(word) == [word.as_str()];
        let lists = [&RULES.weak, &RULES.noise, &RULES.nobody, &RULES.denial.words, &RULES.denial.before];
        let known = lists.into_iter().flatten();
        let keys = RULES.short.keys().chain(RULES.translated.keys());
        let hints =
            RULES.hint.iter().flat_map(|hint| hint.words.iter().chain(&hint.beside).chain([&hint.add]));
        let wrong: Vec<_> = known.chain(keys).chain(hints).filter(|word| !plain(word)).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}
