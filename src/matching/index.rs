//! Titles by their words, ready to be asked which roles a typed title is nearest to.
//!
//! Three views of the same words, their beginnings and pairs of them are added up (`find.rs`). The first is the nearest titles:
//! words are weighted by how few roles have them (`ln(1 + roles / roles with it) ^ 0.5`), titles are compared by the cosine, and
//! a role counts its three nearest ones. The second is how much more often a word stands in the titles of a role than in all (a
//! smoothed log ratio), which helps where no single title is near. The third is the group of occupations that the words speak
//! for (`groups.rs`). A search library was weighed: what ranks here is the role over its titles, which those rank one by one,
//! and everything fits in a few megabytes of sorted arrays.

use std::collections::{BTreeSet, HashMap};

use super::{
    groups::{Groups, Lesson},
    rules::{Term, terms},
    titles::spelling,
    vocabulary::Vocabulary,
};

/// Words of no role that the ratio begins from.
const SMOOTHING: f32 = 20.0;
/// The exponent of rareness.
const RARENESS: f32 = 0.5;
/// How the weight of a title falls with the number of roles it may mean.
const AMBIGUITY: f32 = 0.3;

/// A title to be found by.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The title.
    pub title: String,
    /// Places of the roles that it may mean.
    pub roles: Vec<usize>,
    /// The curated role that bears it, shown in place of the occupation's own.
    pub shown: Option<usize>,
    /// How far its source is to be trusted, at most 1.
    pub weight: f32,
    /// Whether it is the name of a role, not one title of an occupation among others.
    pub is_name: bool,
}

/// Titles by their words.
#[derive(Debug)]
pub struct Index {
    pub(super) vocabulary: Vocabulary,
    pub(super) rareness: Vec<f32>,
    pub(super) titles: Vec<Title>,
    /// The roles of all titles.
    pub(super) roles: Vec<usize>,
    /// The place in [`Index::titles`] of each name that stands for one occupation alone, by its spelling.
    pub(super) names: HashMap<String, u32>,
    /// Titles with each word, with its part in them.
    pub(super) postings: Vec<Vec<(u32, f32)>>,
    /// Roles with each word, with the ratio of it.
    pub(super) ratios: Vec<Vec<(u32, f32)>>,
    /// The group of each of the roles.
    pub(super) group: Vec<usize>,
    pub(super) groups: Groups,
}

/// A title as it is held.
#[derive(Debug)]
pub(super) struct Title {
    pub(super) text: Box<str>,
    /// Places in [`Index::roles`].
    pub(super) roles: Box<[u32]>,
    pub(super) shown: Option<usize>,
    /// How much its likeness counts: less where its source is less to be trusted, or it may mean several roles.
    pub(super) weight: f32,
    /// How much its words count together, beginnings and pairs apart.
    pub(super) words: f32,
}

impl Index {
    /// Reads titles. `group` names the group of occupations that a role belongs to.
    pub fn new<G: Ord>(entries: &[Entry], group: impl Fn(usize) -> G) -> Self {
        let read: Vec<Vec<Term>> = entries.iter().map(|entry| terms(&entry.title)).collect();
        let whole =
            |terms: &Vec<Term>| terms.iter().filter(|term| term.is_whole()).map(|term| term.weight).sum();
        let whole: Vec<f32> = read.iter().map(whole).collect();
        let vocabulary = Vocabulary::new(read.iter().flatten().map(|term| term.word.clone()).collect());
        let known = |terms: &Vec<Term>| -> Vec<(u32, f32)> {
            terms.iter().filter_map(|term| Some((vocabulary.get(&term.word)?, term.weight))).collect()
        };
        let read: Vec<Vec<(u32, f32)>> = read.iter().map(known).collect();
        let roles: BTreeSet<usize> = entries.iter().flat_map(|entry| entry.roles.iter().copied()).collect();
        let roles: Vec<usize> = roles.into_iter().collect();
        let groups: BTreeSet<G> = roles.iter().map(|role| group(*role)).collect();
        let groups: Vec<G> = groups.into_iter().collect();
        let place = |role: &usize| groups.binary_search(&group(*role)).unwrap_or_default();
        let mut index = Self {
            rareness: Vec::new(),
            postings: vec![Vec::new(); vocabulary.len()],
            ratios: Vec::new(),
            titles: entries
                .iter()
                .zip(whole)
                .map(|(entry, words)| Title::new(entry, &roles, words))
                .collect(),
            names: names_of(entries),
            group: roles.iter().map(place).collect(),
            groups: Groups::default(),
            vocabulary,
            roles,
        };
        index.weigh(entries, &read);
        index.learn(entries, &read, groups.len());
        index
    }

    /// Counts words by role, and puts titles behind their words.
    fn weigh(&mut self, entries: &[Entry], read: &[Vec<(u32, f32)>]) {
        let mut counts: Vec<HashMap<u32, f32>> = vec![HashMap::new(); self.vocabulary.len()];
        let mut totals = vec![0.0_f32; self.roles.len()];
        for ((entry, title), words) in entries.iter().zip(&self.titles).zip(read) {
            let share = entry.weight / count(title.roles.len());
            for role in &title.roles {
                for (word, weight) in words {
                    *counts[*word as usize].entry(*role).or_default() += weight * share;
                    totals[*role as usize] += weight * share;
                }
            }
        }
        let roles = count(self.roles.len());
        self.rareness =
            counts.iter().map(|by_role| (1.0 + roles / count(by_role.len())).ln().powf(RARENESS)).collect();
        self.ratios = counts.into_iter().map(|by_role| ratios(by_role, &totals)).collect();
        for (place, words) in (0_u32..).zip(read) {
            let length = length(words.iter().map(|(word, weight)| weight * self.rareness[*word as usize]));
            for (word, weight) in words {
                let part = weight * self.rareness[*word as usize] / length;
                self.postings[*word as usize].push((place, part));
            }
        }
    }

    fn learn(&mut self, entries: &[Entry], read: &[Vec<(u32, f32)>], groups: usize) {
        let titles = entries.iter().zip(&self.titles).zip(read);
        let lessons = titles.filter(|((_, title), _)| !title.roles.is_empty());
        let lessons = lessons.map(|((entry, title), words)| Lesson {
            words,
            groups: title.roles.iter().map(|role| self.group[*role as usize]).collect(),
            trust: entry.weight,
        });
        let lessons: Vec<Lesson<'_>> = lessons.collect();
        self.groups = Groups::learn(&lessons, self.vocabulary.len(), groups);
    }
}

impl Title {
    fn new(entry: &Entry, roles: &[usize], words: f32) -> Self {
        let places = entry.roles.iter().filter_map(|role| roles.binary_search(role).ok());
        let places: Box<[u32]> = places.map(|place| u32::try_from(place).unwrap_or(u32::MAX)).collect();
        let weight = entry.weight * count(places.len()).powf(-AMBIGUITY);
        Self { text: entry.title.as_str().into(), roles: places, shown: entry.shown, weight, words }
    }
}

/// Places of the names that stand for one occupation alone, by their spelling; a curated role's before the occupation's own.
fn names_of(entries: &[Entry]) -> HashMap<String, u32> {
    let mut names: HashMap<String, Option<usize>> = HashMap::new();
    for (place, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.is_name) {
        let known = names.entry(spelling(&entry.title)).or_insert(Some(place));
        *known = known.filter(|known| entries[*known].roles == entry.roles);
        if known.is_some() && entry.shown.is_some() {
            *known = Some(place);
        }
    }
    names.into_iter().filter_map(|(name, place)| Some((name, u32::try_from(place?).ok()?))).collect()
}

/// How much more often a word stands in the titles of each role than in all titles, as a logarithm above zero.
fn ratios(by_role: HashMap<u32, f32>, totals: &[f32]) -> Vec<(u32, f32)> {
    let all: f32 = totals.iter().sum();
    let mut sorted: Vec<(u32, f32)> = by_role.into_iter().collect();
    sorted.sort_unstable_by_key(|(role, _)| *role);
    let usual = sorted.iter().map(|(_, count)| count).sum::<f32>() / all;
    for (_, count) in &mut sorted {
        *count = (*count / usual / SMOOTHING + 1.0).ln();
    }
    sorted
}

pub(super) fn length(parts: impl Iterator<Item = f32>) -> f32 {
    parts.map(|part| part * part).sum::<f32>().sqrt().max(f32::MIN_POSITIVE)
}

#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^24 of anything")]
pub(super) fn count(of: usize) -> f32 {
    of.max(1) as f32
}
