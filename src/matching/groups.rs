//! Which group of occupations the words of a title speak for: a softmax regression of the groups on the words of all titles.
//!
//! A role is one of a thousand and some have few titles; a group is one of two dozen, and all its titles teach it what "fitter"
//! or "counsel" means. Learned by stochastic gradient descent with a step for each weight (AdaGrad; Duchi, Hazan and Singer,
//! 2011), always in the same order, so that the same titles give the same answers.

/// How often every title is looked at.
const PASSES: usize = 4;
/// The first step.
const STEP: f32 = 0.5;
/// How much slower the commonness of a group is learned than its words.
const COMMONNESS: f32 = 0.2;
/// A mistake too small to learn from.
const SMALL: f32 = 0.01;
/// Titles are looked at in leaps of this prime, so that those of one occupation do not follow each other.
const LEAP: usize = 1_000_003;

/// A title to learn from.
pub(super) struct Lesson<'a> {
    /// Its words and how much each counts.
    pub(super) words: &'a [(u32, f32)],
    /// The groups of its roles, one for each.
    pub(super) groups: Vec<usize>,
    /// How far it is to be trusted, at most 1.
    pub(super) trust: f32,
}

/// What words say about groups.
#[derive(Debug, Default)]
pub(super) struct Groups {
    count: usize,
    /// One row for each word, then one for how common each group is.
    weights: Vec<f32>,
}

impl Groups {
    /// Learns from titles whose words are below `words` and whose groups are below `count`.
    pub(super) fn learn(lessons: &[Lesson<'_>], words: usize, count: usize) -> Self {
        let mut groups = Self { count, weights: vec![0.0; (words + 1) * count] };
        let mut slopes = vec![1e-6_f32; groups.weights.len()];
        for place in 0..PASSES * lessons.len() {
            groups.take(&lessons[place * LEAP % lessons.len()], &mut slopes);
        }
        groups
    }

    fn take(&mut self, lesson: &Lesson<'_>, slopes: &mut [f32]) {
        let length = length(lesson.words);
        let mut mistakes = self.shares(lesson.words);
        for group in &lesson.groups {
            mistakes[*group] -= 1.0 / super::index::count(lesson.groups.len());
        }
        let common = self.weights.len() - self.count;
        for (group, mistake) in mistakes.into_iter().enumerate() {
            let mistake = mistake * lesson.trust;
            if mistake.abs() < SMALL {
                continue;
            }
            let mut learn = |place: usize, slope: f32, step: f32| {
                slopes[place] += slope * slope;
                self.weights[place] -= step * slope / slopes[place].sqrt();
            };
            for (word, weight) in lesson.words {
                learn(*word as usize * self.count + group, mistake * weight / length, STEP);
            }
            learn(common + group, mistake, STEP * COMMONNESS);
        }
    }

    /// Returns the probability of each group, given words and how much each counts.
    pub(super) fn shares(&self, words: &[(u32, f32)]) -> Vec<f32> {
        let mut shares = self.weights[self.weights.len() - self.count..].to_vec();
        let length = length(words);
        for (word, weight) in words {
            let row = &self.weights[*word as usize * self.count..][..self.count];
            let part = weight / length;
            shares.iter_mut().zip(row).for_each(|(share, weight)| *share += part * weight);
        }
        let most = shares.iter().copied().fold(f32::MIN, f32::max);
        for share in &mut shares {
            *share = (*share - most).exp();
        }
        let sum: f32 = shares.iter().sum();
        for share in &mut shares {
            *share /= sum;
        }
        shares
    }
}

fn length(words: &[(u32, f32)]) -> f32 {
    super::index::length(words.iter().map(|(_, weight)| *weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_speaks_for_the_group_whose_titles_have_it() {
        let titles: [(&[(u32, f32)], usize); 4] =
            [(&[(0, 1.0), (1, 0.5)], 0), (&[(0, 1.0)], 0), (&[(2, 1.0)], 1), (&[(2, 1.0), (1, 0.5)], 1)];
        let lessons = titles.map(|(words, group)| Lesson { words, groups: vec![group], trust: 1.0 });
        let groups = Groups::learn(&lessons, 3, 2);
        let first = |word| groups.shares(&[(word, 1.0)])[0];
        assert!(first(0) > 0.7 && first(2) < 0.3, "{} {}", first(0), first(2));
        assert!((first(1) - 0.5).abs() < 0.2, "{}", first(1));
    }
}
