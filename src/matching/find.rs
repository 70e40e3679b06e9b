//! Asks which roles a typed title may mean.

use super::{
    calibrate::{Beside, Evidence, SHARING, abstains, confidence, evidence},
    index::{Index, count, length},
    rules::{self, Term, terms},
    titles::spelling,
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
/// How far a word is taken for what was typed when it is one mistake away, or two, or a half of a joined one.
const ONE_MISTAKE: f32 = 0.85;
const TWO_MISTAKES: f32 = 0.2;
/// Letters of the shortest half of a joined word.
const SHORTEST: usize = 3;
/// How sure a role is that is called what was typed: a name may have been meant otherwise.
const NAMED: f64 = 0.99;
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
    /// How much of what was typed it stands for, and of a title that has it.
    stands: [f32; 2],
}

/// What was typed, as far as titles have it.
#[derive(Default)]
struct Typed {
    known: Vec<Known>,
    /// How much its words count together, known or not, beginnings and pairs apart.
    words: f32,
    /// How much those of them do that titles have as they stand.
    exact: f32,
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
        if rules::names_nothing(title).is_some() {
            return Vec::new();
        }
        let (typed, described) = (self.typed(title), self.typed(description).known);
        let known = &typed.known;
        let nearest = self.nearest(known, &described);
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
            let beside = Beside {
                likeness: near.scores[0],
                group: groups[self.group[*place]],
                shared: self.shared(&typed, near.title),
                sure: typed.sure(),
            };
            let evidence = evidence(&scores, rank, beside);
            self.matched(*place, near, evidence)
        };
        let mut found: Vec<Match> = ranked.iter().enumerate().map(matched).collect();
        if let Some(named) = self.named(title) {
            found.retain(|other| other.own != named.own);
            found.push(named);
        }
        found.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        leave_the_rest(&mut found);
        found.truncate(most);
        found
    }

    /// Returns why nothing should be taken from answers to a title with these confidences, the best first; `None` when the
    /// best may be.
    pub fn abstains(&self, title: &str, confidences: &[f64]) -> Option<&'static str> {
        let common =
            || self.says_little(title).then_some("these words stand in the titles of many occupations");
        let doubt = || abstains(confidences).or_else(common);
        rules::names_nothing(title).or_else(|| if self.named(title).is_some() { None } else { doubt() })
    }

    /// Returns the role that is called what was typed, word for word in any order.
    fn named(&self, title: &str) -> Option<Match> {
        let title = &self.titles[*self.names.get(&spelling(title))? as usize];
        let own = self.roles[*title.roles.first()? as usize];
        let role = title.shown.unwrap_or(own);
        let evidence = Evidence::default();
        Some(Match { role, own, confidence: NAMED, evidence, title: title.text.to_string() })
    }

    /// Returns whether the known words of a title all stand in titles of so many roles that they tell none from another:
    /// manager, technician.
    fn says_little(&self, title: &str) -> bool {
        let most = self.roles.len() / COMMON;
        let known = terms(title).into_iter().filter(Term::is_whole);
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

    /// Returns the share of the words of what was typed and of a title that both have: Dice's coefficient, a guessed word
    /// counting less.
    fn shared(&self, typed: &Typed, title: u32) -> f32 {
        let has = |known: &&Known| {
            let titles = &self.postings[known.word as usize];
            known.stands[0] > 0.0 && titles.binary_search_by_key(&title, |(title, _)| *title).is_ok()
        };
        let both = typed.known.iter().filter(has).map(|known| known.stands);
        let [of_typed, of_title] = both.fold([0.0; 2], |sum, both| [sum[0] + both[0], sum[1] + both[1]]);
        let words = self.titles[title as usize].words;
        (of_typed.min(typed.words) + of_title.min(words)) / (typed.words + words).max(f32::MIN_POSITIVE)
    }

    /// Returns the words of a title that are known: as they stand, joined (deck hand), parted (waitstaff) or misspelt.
    fn typed(&self, title: &str) -> Typed {
        let terms = terms(title);
        let mut known: Vec<Known> = Vec::with_capacity(terms.len());
        let mut unknown = Vec::new();
        let mut exact = 0.0;
        for term in &terms {
            let Term { word, weight } = term;
            if let Some(place) = self.vocabulary.get(word) {
                let stands = if term.is_whole() { *weight } else { 0.0 };
                exact += stands;
                known.push(self.weighed(place, *weight, [stands; 2]));
            } else if term.is_whole() {
                let guessed = self.guessed(word, *weight);
                if guessed.is_empty() {
                    unknown.push(weight * UNKNOWN);
                }
                known.extend(guessed);
            }
        }
        let whole: Vec<&Term> = terms.iter().filter(|term| term.is_whole()).collect();
        for pair in whole.windows(2) {
            let joined = self.vocabulary.get(&format!("{}{}", pair[0].word, pair[1].word));
            if let Some(place) = joined.filter(|place| known.iter().all(|known| known.word != *place)) {
                let (one, other) = (pair[0].weight, pair[1].weight);
                known.push(self.weighed(place, one.max(other), [one + other, one.max(other)]));
            }
        }
        let length = length(known.iter().map(|known| known.part).chain(unknown));
        for known in &mut known {
            known.part /= length;
        }
        Typed { known, words: whole.iter().map(|term| term.weight).sum(), exact }
    }

    fn weighed(&self, word: u32, weight: f32, stands: [f32; 2]) -> Known {
        Known { word, weight, part: weight * self.rareness[word as usize], stands }
    }

    /// Returns what a word that no title has may stand for.
    fn guessed(&self, word: &str, weight: f32) -> Vec<Known> {
        let near = self.vocabulary.alike(word);
        if near.is_empty() {
            let stands = [weight * HALF / 2.0, weight * HALF];
            let halves = self.halves(word).into_iter().flatten();
            return halves.map(|place| self.weighed(place, weight * HALF, stands)).collect();
        }
        let each = weight * MISSPELT / count(near.len()).sqrt();
        let guess = |(place, mistakes)| {
            let sure = weight * if mistakes == 1 { ONE_MISTAKE } else { TWO_MISTAKES };
            self.weighed(place, each, [sure; 2])
        };
        near.into_iter().map(guess).collect()
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

impl Typed {
    fn sure(&self) -> f32 {
        self.exact / self.words.max(f32::MIN_POSITIVE)
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
        let names = [("Nurse Workers", 5), ("Web Nurse", 6), ("Nurse, Web", 7)]
            .map(|(name, role)| (name, vec![role], None));
        let entry = |is_name| {
            move |(title, roles, shown): (&str, Vec<usize>, _)| Entry {
                title: title.into(),
                roles,
                shown,
                weight: 1.0,
                is_name,
            }
        };
        let entries: Vec<Entry> =
            titles.map(entry(false)).into_iter().chain(names.map(entry(true))).collect();
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

    #[test]
    fn the_name_of_one_role_is_that_role_and_no_other() {
        let index = index();
        let named = index.find("worker (nurse)", "", 5);
        let confidences: Vec<f64> = named.iter().map(|found| found.confidence).collect();
        assert_eq!((named[0].role, named[0].confidence), (5, NAMED), "{named:?}");
        assert_eq!(index.abstains("worker (nurse)", &confidences), None);
        // Two roles bear this one.
        assert!(index.find("web nurse", "", 5).iter().all(|found| found.confidence < NAMED));
    }
}
