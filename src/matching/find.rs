//! Asks which roles a typed title may mean.

use super::{
    calibrate::{Evidence, SHARING, confidence, evidence},
    index::{Index, count, length},
    rules::{CUT, Term, terms},
};

/// What the second and third nearest titles of a role, and the ratio of its words, count.
const SECOND: f32 = 0.5;
const THIRD: f32 = 0.3;
const RATIO: f32 = 0.1;
/// What the logarithm of the probability of a role's group counts, and the least probability that is told from none.
const GROUP: f32 = 0.23;
const UNLIKELY: f32 = 0.0025;
/// How much a word of a description counts beside one of the title when groups are told apart.
const BESIDE: f32 = 0.5;
/// How much a word that no title has takes from every answer, and what a misspelt one and each half of a joined one give.
const UNKNOWN: f32 = 5.0;
const MISSPELT: f32 = 0.8;
const HALF: f32 = 0.8;
/// Letters of the shortest half of a joined word.
const SHORTEST: usize = 3;
/// A word is common when one role of so many has it.
const COMMON: usize = 10;
/// From this likeness on a title is taken for the one that was typed.
const SAME: f32 = 0.55;

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
    pub evidence: Evidence,
    /// The nearest title.
    pub title: String,
}

/// A word of what was typed that titles have.
#[derive(Clone, Copy, Debug)]
struct Known {
    word: u32,
    /// How much it counts.
    weight: f32,
    /// Its part in the whole, rare words more.
    part: f32,
}

/// What speaks for one role: the likeness of its nearest titles, the best of them, and the ratio of its words.
#[derive(Clone, Copy, Default)]
struct Nearest {
    scores: [f32; 3],
    title: u32,
    ratio: f32,
}

impl Index {
    /// Returns the roles a title may mean, the likeliest first, at most `most`. A description of the work moves them, but
    /// adds none.
    pub fn find(&self, title: &str, description: &str, most: usize) -> Vec<Match> {
        let (known, described) = (self.known(title), self.known(description));
        let nearest = self.nearest(&known, &described);
        let words = known.iter().map(|known| (known.word, known.weight));
        let beside = described.iter().map(|known| (known.word, known.weight * BESIDE));
        let groups = self.groups.shares(&words.chain(beside).collect::<Vec<_>>());
        let lead: Vec<f32> = groups.iter().map(|share| GROUP * share.max(UNLIKELY).ln()).collect();
        let near = nearest.iter().enumerate().filter(|(_, near)| near.scores[0] > 0.0);
        let mut ranked: Vec<(f32, usize)> =
            near.map(|(place, near)| (near.score() + lead[self.group[place]], place)).collect();
        ranked.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        ranked.truncate(most.max(SHARING));
        let scores: Vec<f32> = ranked.iter().map(|(score, _)| *score).collect();
        let matched = |(rank, (_, place)): (usize, &(f32, usize))| {
            let near = nearest[*place];
            let evidence = evidence(&scores, rank, near.scores[0], groups[self.group[*place]]);
            self.matched(*place, near, evidence)
        };
        let mut found: Vec<Match> = ranked.iter().enumerate().map(matched).collect();
        found.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
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

    fn matched(&self, place: usize, near: Nearest, evidence: Evidence) -> Match {
        let title = &self.titles[near.title as usize];
        let own = self.roles[place];
        Match {
            role: title.shown.filter(|_| near.scores[0] >= SAME).unwrap_or(own),
            own,
            confidence: confidence(&evidence),
            evidence,
            title: title.text.to_string(),
        }
    }

    /// Returns the words of a title that are known: as they stand, joined (deck hand), parted (waitstaff) or misspelt.
    fn known(&self, title: &str) -> Vec<Known> {
        let terms = terms(title);
        let mut known: Vec<Known> = Vec::with_capacity(terms.len());
        let mut unknown = Vec::new();
        for Term { word, weight } in &terms {
            if let Some(place) = self.vocabulary.get(word) {
                known.push(self.weighed(place, *weight));
            } else if !word.ends_with(CUT) {
                let (each, weight) = self.guessed(word, *weight);
                if each.is_empty() {
                    unknown.push(weight * UNKNOWN);
                }
                known.extend(each.into_iter().map(|place| self.weighed(place, weight)));
            }
        }
        let whole: Vec<&Term> = terms.iter().filter(|term| !term.word.ends_with(CUT)).collect();
        for pair in whole.windows(2) {
            let joined = self.vocabulary.get(&format!("{}{}", pair[0].word, pair[1].word));
            if let Some(place) = joined.filter(|place| known.iter().all(|known| known.word != *place)) {
                known.push(self.weighed(place, pair[0].weight.max(pair[1].weight)));
            }
        }
        let length = length(known.iter().map(|known| known.part).chain(unknown));
        for known in &mut known {
            known.part /= length;
        }
        known
    }

    fn weighed(&self, word: u32, weight: f32) -> Known {
        Known { word, weight, part: weight * self.rareness[word as usize] }
    }

    /// Returns what a word that no title has may stand for, and how much each of it counts.
    fn guessed(&self, word: &str, weight: f32) -> (Vec<u32>, f32) {
        let near = self.vocabulary.alike(word);
        if near.is_empty()
            && let Some(halves) = self.halves(word)
        {
            return (halves.to_vec(), weight * HALF);
        }
        let each = weight * if near.is_empty() { 1.0 } else { MISSPELT } / count(near.len()).sqrt();
        (near.into_iter().map(|(place, _)| place).collect(), each)
    }

    /// Returns the two words that one is joined of, the first as long as may be.
    fn halves(&self, word: &str) -> Option<[u32; 2]> {
        let cuts = (SHORTEST..(word.len() + 1).saturating_sub(SHORTEST)).rev();
        let mut cuts = cuts.filter_map(|cut| word.split_at_checked(cut));
        cuts.find_map(|(first, second)| Some([self.vocabulary.get(first)?, self.vocabulary.get(second)?]))
    }

    fn nearest(&self, known: &[Known], described: &[Known]) -> Vec<Nearest> {
        let mut likeness = vec![0.0_f32; self.titles.len()];
        let mut touched = Vec::new();
        for Known { word, part, .. } in known {
            for (title, weight) in &self.postings[*word as usize] {
                let known = &mut likeness[*title as usize];
                if *known == 0.0 {
                    touched.push(*title);
                }
                *known += part * weight;
            }
        }
        let mut nearest = vec![Nearest::default(); self.roles.len()];
        for Known { word, part, .. } in known.iter().chain(described) {
            for (role, ratio) in &self.ratios[*word as usize] {
                nearest[*role as usize].ratio += part * ratio;
            }
        }
        for place in touched {
            let title = &self.titles[place as usize];
            let score = likeness[place as usize].min(1.0) * title.weight;
            for role in &title.roles {
                nearest[*role as usize].take(score, place);
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
    /// Counts a title. Of two that are equally near the first is named.
    fn take(&mut self, score: f32, title: u32) {
        let [first, second, third] = self.scores;
        if score.total_cmp(&first).then(self.title.cmp(&title)).is_gt() {
            self.title = title;
        }
        if score > first {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::Entry;

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
        Index::new(&entries, |role| role)
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
