//! Titles by their words, and the roles that a typed title is nearest to.
//!
//! Two views of the same words are added. The first is the nearest titles: words are weighted by how few roles have them
//! (`ln(1 + roles / roles with it) ^ 0.7`), titles are compared by the cosine, and a role counts its three nearest ones. The
//! second is how much more often a word stands in the titles of a role than in all (a smoothed log ratio), which
//! helps where no single title is near. A search library was weighed: what ranks here is the role over its titles, which
//! those rank one by one, and everything fits in a few megabytes of sorted arrays.

use std::collections::HashMap;

use super::{
    calibrate::{SHARING, confidence, evidence},
    rules::{CUT, Term, terms},
    vocabulary::Vocabulary,
};

/// What the second and third nearest titles of a role, and the ratio of its words, count.
const SECOND: f32 = 0.5;
const THIRD: f32 = 0.3;
const RATIO: f32 = 0.1;
/// Words of no role that the ratio begins from.
const SMOOTHING: f32 = 20.0;
/// The exponent of rareness.
const RARENESS: f32 = 0.7;
/// How the weight of a title falls with the number of roles it may mean.
const AMBIGUITY: f32 = 0.3;
/// How much a word that no title has takes from every answer, and a misspelt one gives.
const UNKNOWN: f32 = 5.0;
const MISSPELT: f32 = 0.8;
/// A word is common when one role of so many has it.
const COMMON: usize = 10;
/// From this likeness on a title is taken for the one that was typed.
const SAME: f32 = 0.55;

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
}

/// A role that a title may mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// The role to show.
    pub role: usize,
    /// The own role of the occupation: the same, unless a curated one is shown.
    pub own: usize,
    /// The probability that the occupation is right.
    pub confidence: f64,
    /// What the confidence is made of.
    pub evidence: [f64; 4],
    /// The nearest title.
    pub title: String,
}

/// Titles by their words.
#[derive(Debug)]
pub struct Index {
    vocabulary: Vocabulary,
    rareness: Vec<f32>,
    titles: Vec<Entry>,
    /// The roles of all titles.
    roles: Vec<usize>,
    /// Titles with each word, with its part in them.
    postings: Vec<Vec<(u32, f32)>>,
    /// Roles with each word, with the ratio of it.
    ratios: Vec<Vec<(u32, f32)>>,
}

/// The nearest titles of one role: scores, and the best one.
#[derive(Clone, Copy, Default)]
struct Nearest {
    scores: [f32; 3],
    title: u32,
    ratio: f32,
}

impl Index {
    /// Reads titles.
    pub fn new(entries: Vec<Entry>) -> Self {
        let read: Vec<Vec<Term>> = entries.iter().map(|entry| terms(&entry.title)).collect();
        let all = read.iter().flatten().map(|term| term.word.clone()).collect();
        let vocabulary = Vocabulary::new(all);
        let mut roles: Vec<usize> = entries.iter().flat_map(|entry| entry.roles.iter().copied()).collect();
        roles.sort_unstable();
        roles.dedup();
        let known = |terms: &Vec<Term>| -> Vec<(u32, f32)> {
            terms.iter().filter_map(|term| Some((vocabulary.get(&term.word)?, term.weight))).collect()
        };
        let read: Vec<Vec<(u32, f32)>> = read.iter().map(known).collect();
        let mut index = Self {
            rareness: Vec::new(),
            postings: vec![Vec::new(); vocabulary.len()],
            ratios: Vec::new(),
            titles: entries,
            vocabulary,
            roles,
        };
        index.weigh(&read);
        index
    }

    /// Counts words by role, and puts titles behind their words.
    fn weigh(&mut self, read: &[Vec<(u32, f32)>]) {
        let mut counts: Vec<HashMap<u32, f32>> = vec![HashMap::new(); self.vocabulary.len()];
        let mut totals = vec![0.0_f32; self.roles.len()];
        for (entry, words) in self.titles.iter().zip(read) {
            let places = entry.roles.iter().filter_map(|role| self.roles.binary_search(role).ok());
            let share = entry.weight / count(entry.roles.len());
            for place in places {
                for (word, weight) in words {
                    *counts[*word as usize].entry(number(place)).or_default() += weight * share;
                    totals[place] += weight * share;
                }
            }
        }
        let roles = count(self.roles.len());
        self.rareness =
            counts.iter().map(|by_role| (1.0 + roles / count(by_role.len())).ln().powf(RARENESS)).collect();
        self.ratios = counts.into_iter().map(|by_role| ratios(by_role, &totals)).collect();
        for (place, words) in read.iter().enumerate() {
            let length = length(words.iter().map(|(word, weight)| weight * self.rareness[*word as usize]));
            for (word, weight) in words {
                let part = weight * self.rareness[*word as usize] / length;
                self.postings[*word as usize].push((number(place), part));
            }
        }
    }

    /// Returns the roles a title may mean, the likeliest first, at most `most`. A description of the work moves them, but
    /// adds none.
    pub fn find(&self, title: &str, description: &str, most: usize) -> Vec<Match> {
        let nearest = self.nearest(&self.parts(title), &self.parts(description));
        let mut ranked: Vec<(f32, usize)> = nearest
            .iter()
            .enumerate()
            .filter(|(_, near)| near.scores[0] > 0.0)
            .map(|(place, near)| (near.score(), place))
            .collect();
        ranked.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let scores: Vec<f32> = ranked.iter().map(|(score, _)| *score).collect();
        let ranked = ranked.iter().take(most.max(SHARING)).enumerate();
        let mut found: Vec<Match> =
            ranked.map(|(rank, (_, place))| self.matched(&scores, rank, *place, nearest[*place])).collect();
        leave_the_rest(&mut found);
        found.truncate(most);
        found
    }

    /// Returns whether the known words of a title all stand in titles of so many roles that they tell none from another:
    /// manager, technician.
    pub fn says_little(&self, title: &str) -> bool {
        let most = self.roles.len() / COMMON;
        let known = terms(title).into_iter().filter(|term| !term.word.ends_with(CUT));
        let mut known = known.filter_map(|term| self.vocabulary.get(&term.word)).peekable();
        known.peek().is_some() && known.all(|word| self.ratios[word as usize].len() > most)
    }

    fn matched(&self, scores: &[f32], rank: usize, place: usize, near: Nearest) -> Match {
        let entry = &self.titles[near.title as usize];
        let own = self.roles[place];
        let evidence = evidence(scores, rank, near.scores[0]);
        Match {
            role: entry.shown.filter(|_| near.scores[0] >= SAME).unwrap_or(own),
            own,
            confidence: confidence(evidence),
            evidence,
            title: entry.title.clone(),
        }
    }

    /// Returns the words of a title that are known, with the part each has in it.
    fn parts(&self, title: &str) -> Vec<(u32, f32)> {
        let mut known: Vec<(u32, f32)> = Vec::new();
        let mut unknown = Vec::new();
        for Term { word, weight } in terms(title) {
            if let Some(place) = self.vocabulary.get(&word) {
                known.push((place, weight * self.rareness[place as usize]));
            } else if !word.ends_with(CUT) {
                let near = self.vocabulary.near(&word);
                if near.is_empty() {
                    unknown.push(weight * UNKNOWN);
                }
                let each = weight * MISSPELT / count(near.len()).sqrt();
                known.extend(near.iter().map(|(place, _)| (*place, each * self.rareness[*place as usize])));
            }
        }
        let length = length(known.iter().map(|(_, part)| *part).chain(unknown));
        for (_, part) in &mut known {
            *part /= length;
        }
        known
    }

    fn nearest(&self, parts: &[(u32, f32)], described: &[(u32, f32)]) -> Vec<Nearest> {
        let mut likeness = vec![0.0_f32; self.titles.len()];
        let mut touched = Vec::new();
        let mut nearest = vec![Nearest::default(); self.roles.len()];
        for (word, part) in parts {
            for (title, weight) in &self.postings[*word as usize] {
                let known = &mut likeness[*title as usize];
                if *known == 0.0 {
                    touched.push(*title);
                }
                *known += part * weight;
            }
        }
        for (word, part) in parts.iter().chain(described) {
            for (role, ratio) in &self.ratios[*word as usize] {
                nearest[*role as usize].ratio += part * ratio;
            }
        }
        touched.sort_unstable();
        for title in touched {
            let entry = &self.titles[title as usize];
            let score =
                likeness[title as usize].min(1.0) * entry.weight * count(entry.roles.len()).powf(-AMBIGUITY);
            for place in entry.roles.iter().filter_map(|role| self.roles.binary_search(role).ok()) {
                nearest[place].take(score, title);
            }
        }
        nearest
    }
}

/// One occupation is right at most: what the first answer leaves is shared by the others.
fn leave_the_rest(found: &mut [Match]) {
    let Some((first, others)) = found.split_first_mut() else { return };
    let sum: f64 = others.iter().map(|other| other.confidence).sum();
    let left = 1.0 - first.confidence;
    if sum > left {
        for other in others {
            other.confidence *= left / sum;
        }
    }
}

impl Nearest {
    fn take(&mut self, score: f32, title: u32) {
        let [first, second, third] = self.scores;
        if score > first {
            self.title = title;
            self.scores = [score, first, second];
        } else if score > second {
            self.scores = [first, score, second];
        } else if score > third {
            self.scores[2] = score;
        }
    }

    fn score(&self) -> f32 {
        let [first, second, third] = self.scores;
        first + SECOND * second + THIRD * third + RATIO * self.ratio
    }
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

fn length(parts: impl Iterator<Item = f32>) -> f32 {
    parts.map(|part| part * part).sum::<f32>().sqrt().max(f32::MIN_POSITIVE)
}

#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^24 of anything")]
fn count(of: usize) -> f32 {
    of.max(1) as f32
}

fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> Index {
        let titles = [
            ("Software Developers", vec![0], None),
            ("Back End Engineer", vec![0], Some(9)),
            ("Web Developer", vec![1], None),
            ("Registered Nurses", vec![2], None),
            ("Critical Care Nurse", vec![2], None),
            ("Heavy Truck Driver", vec![3], None),
            ("Nursery Worker", vec![4], None),
        ];
        let entries =
            titles.map(|(title, roles, shown)| Entry { title: title.into(), roles, shown, weight: 1.0 });
        Index::new(entries.to_vec())
    }

    #[test]
    fn typed_titles_find_their_role() {
        let index = index();
        for (title, role) in [
            ("Back-end engineer", 9),
            ("RN - ICU", 2),
            ("hgv driver", 3),
            ("Développeur web", 1),
            ("regsitered nurse", 2),
            ("software developer", 0),
        ] {
            let found = index.find(title, "", 5);
            assert_eq!(found.first().map(|found| found.role), Some(role), "{title}: {found:?}");
            assert!(found.is_sorted_by(|a, b| a.confidence >= b.confidence), "{title}: {found:?}");
        }
        let described = index.find("developer", "builds web pages", 1);
        assert_eq!(described[0].role, 1, "{described:?}");
        assert!(index.find("xyzzy", "", 5).is_empty());
    }
}
