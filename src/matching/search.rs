//! Roles whose title, or one of whose other titles, has the words of a text in it.

use std::{borrow::Cow, ops::Range};

use super::{vocabulary::Vocabulary, words};

/// How far a title is from a text: mistakes first, then words it has beside, then whether it is another title.
pub type Fit = u32;

/// What a misspelt letter, a word too many, another title and a word cut short add.
const MISTAKE: Fit = 1_000;
const BESIDE: Fit = 10;
const OTHER_TITLE: Fit = 5;
const CUT_SHORT: Fit = 1;

/// A title of a role.
#[derive(Clone, Debug)]
pub struct Name<'a> {
    /// The role's place among all roles.
    pub role: usize,
    /// The title.
    pub title: &'a str,
    /// Whether it is the role's own, not another one.
    pub own: bool,
}

/// The titles of all roles, found by their words.
#[derive(Debug, Default)]
pub struct Names {
    vocabulary: Vocabulary,
    /// In the order of their roles.
    titles: Vec<Title>,
    /// The words of all titles, one after the other.
    words: Vec<u32>,
    /// The titles each word stands in.
    postings: Vec<Vec<u32>>,
}

#[derive(Debug)]
struct Title {
    role: usize,
    own: bool,
    words: Range<u32>,
}

/// The words of the vocabulary that a word of the text may be.
struct Wanted {
    range: Range<u32>,
    exact: Option<u32>,
    near: Vec<(u32, u8)>,
}

impl Names {
    /// Reads titles, those of a role together and roles in order.
    pub fn new<'a>(names: impl IntoIterator<Item = Name<'a>>) -> Self {
        let read: Vec<(Name<'a>, Vec<String>)> =
            names.into_iter().map(|name| (name.clone(), words(name.title))).collect();
        let vocabulary = Vocabulary::new(read.iter().flat_map(|(_, words)| words.iter().cloned()).collect());
        let mut names = Self {
            postings: vec![Vec::new(); vocabulary.len()],
            vocabulary,
            titles: Vec::with_capacity(read.len()),
            words: Vec::new(),
        };
        for (name, words) in &read {
            names.add(name, words);
        }
        names
    }

    fn add(&mut self, name: &Name<'_>, words: &[String]) {
        let place = short(self.titles.len());
        let start = short(self.words.len());
        for word in words.iter().filter_map(|word| self.vocabulary.get(word)) {
            self.words.push(word);
            let posting = &mut self.postings[word as usize];
            if posting.last() != Some(&place) {
                posting.push(place);
            }
        }
        let words = start..short(self.words.len());
        self.titles.push(Title { role: name.role, own: name.own, words });
    }

    fn words(&self, title: &Title) -> &[u32] {
        &self.words[title.words.start as usize..title.words.end as usize]
    }

    /// Returns the roles that have a title with every word of `text`, in any order, with how far the nearest is. A word
    /// that no title has may be misspelt; the last may be cut short.
    /// Roles stand in their own order.
    pub fn find(&self, text: &str) -> Vec<(usize, Fit)> {
        let words = words(text);
        let last = words.len().saturating_sub(1);
        let wanted: Vec<Wanted> =
            words.iter().enumerate().map(|(place, word)| self.wanted(word, place == last)).collect();
        let Some(rarest) = wanted.iter().min_by_key(|word| self.count(word)) else { return Vec::new() };
        let mut found: Vec<(usize, Fit)> = Vec::new();
        for place in self.places(rarest).iter() {
            let title = &self.titles[*place as usize];
            let Some(fit) = self.fit(title, &wanted) else { continue };
            match found.last_mut() {
                Some((role, known)) if *role == title.role => *known = fit.min(*known),
                _ => found.push((title.role, fit)),
            }
        }
        found
    }

    /// Returns the titles that have one of these words, in order, each once.
    fn places(&self, wanted: &Wanted) -> Cow<'_, [u32]> {
        let mut words = wanted.places();
        if let (Some(only), None) = (words.next(), words.next()) {
            return Cow::Borrowed(&self.postings[only as usize]);
        }
        let mut all: Vec<u32> =
            wanted.places().flat_map(|word| &self.postings[word as usize]).copied().collect();
        all.sort_unstable();
        all.dedup();
        Cow::Owned(all)
    }

    /// Returns the role with exactly these words as a title, and whether it is its own; own titles before others.
    pub fn exact(&self, text: &str) -> Option<(usize, bool)> {
        let words = words(text);
        let known: Vec<u32> = words.iter().map(|word| self.vocabulary.get(word)).collect::<Option<_>>()?;
        let rarest = known.iter().min_by_key(|word| self.postings[**word as usize].len())?;
        let titles = self.postings[*rarest as usize].iter().map(|place| &self.titles[*place as usize]);
        let same = titles.filter(|title| *self.words(title) == *known);
        same.min_by_key(|title| (!title.own, title.role)).map(|title| (title.role, title.own))
    }

    fn fit(&self, title: &Title, wanted: &[Wanted]) -> Option<Fit> {
        let words = self.words(title);
        let mut fit = if title.own { 0 } else { OTHER_TITLE };
        for word in wanted {
            fit += words.iter().filter_map(|known| word.cost(*known)).min()?;
        }
        let beside = words.len().saturating_sub(wanted.len());
        Some(fit + BESIDE * Fit::try_from(beside).unwrap_or(Fit::MAX / BESIDE))
    }

    fn wanted(&self, word: &str, last: bool) -> Wanted {
        let exact = self.vocabulary.get(word);
        let range = if last { self.vocabulary.beginning_with(word) } else { 0..0 };
        let near = if exact.is_none() && range.is_empty() { self.vocabulary.near(word) } else { Vec::new() };
        Wanted { range, exact, near }
    }

    fn count(&self, wanted: &Wanted) -> usize {
        wanted.places().map(|word| self.postings[word as usize].len()).sum()
    }
}

impl Wanted {
    fn places(&self) -> impl Iterator<Item = u32> {
        let exact = self.exact.filter(|word| !self.range.contains(word));
        self.range.clone().chain(exact).chain(self.near.iter().map(|(word, _)| *word))
    }

    /// Returns what it costs to read `word` here.
    fn cost(&self, word: u32) -> Option<Fit> {
        if self.exact == Some(word) {
            return Some(0);
        }
        let near = || self.near.iter().find(|(known, _)| *known == word);
        let cut = self.range.contains(&word).then_some(CUT_SHORT);
        cut.or_else(|| near().map(|(_, mistakes)| MISTAKE * Fit::from(*mistakes)))
    }
}

/// A place in a list of titles or of their words, of which there are fewer than 2^32.
fn short(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<usize> {
        let titles = [
            (0, "Software Developers", true),
            (0, "Back End Developer", false),
            (1, "Registered Nurses", true),
            (1, "Nurse, ICU", false),
            (2, "Nursery Workers", true),
        ];
        let names = Names::new(titles.map(|(role, title, own)| Name { role, title, own }));
        let mut found: Vec<(Fit, usize)> =
            names.find(text).into_iter().map(|(role, fit)| (fit, role)).collect();
        found.sort_unstable();
        found.into_iter().map(|(_, role)| role).collect()
    }

    #[test]
    fn the_nearest_title_comes_first_and_every_word_counts() {
        assert_eq!(found("nurs"), [1, 2]);
        assert_eq!(found("nurse icu"), [1]);
        assert_eq!(found("developer back-end"), [0]);
        assert_eq!(found("softwear developers"), [0]);
        assert_eq!(found("sofware develop"), [0]);
        assert!(found("nurse developer").is_empty());
        assert!(found("zebra").is_empty());
        assert!(found("").is_empty());
    }
}
