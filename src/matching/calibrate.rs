//! How sure an answer is: the probability that its six-digit occupation is the right one.
//!
//! A logistic function of the answer's share of the scores, of how alike the nearest title is, of the probability of its
//! group, and of the words that stand both in what was typed and in that title. Its weights were fitted
//! on titles kept out of the index (every tenth reported title of O*NET from the fifth on, and every second of those
//! labelled by hand and of those that mean no occupation) by `cargo bench --bench matching -- --fit`; what it says on the
//! others is what that bench prints.

/// What an answer's confidence is made of: one, its share of the scores, the likeness of its nearest title, whether it is the
/// first, the probability of its group, the share of words that both what was typed and the title have, and the share of what
/// was typed that is known without guessing.
pub type Evidence = [f64; 7];

/// How many times more an answer shares whose score is larger by one, as a logarithm.
const SHARPNESS: f64 = 2.0;
/// How many answers share.
pub(super) const SHARING: usize = 20;

/// The weights of [`Evidence`].
const WEIGHTS: Evidence = [-7.26, 5.16, 3.95, 1.15, 1.13, 0.66, 1.11];

/// An answer less likely right than this is no better than a guess.
const LEAST: f64 = 0.5;
/// An answer must be this much more likely than the next.
const AHEAD: f64 = 0.1;

/// What speaks for an answer beside its score.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Beside {
    /// How alike its nearest title is.
    pub(super) likeness: f32,
    /// The probability of its group.
    pub(super) group: f32,
    /// The share of words that both what was typed and the title have.
    pub(super) shared: f32,
    /// The share of what was typed that is known without guessing.
    pub(super) sure: f32,
}

/// Returns what the confidence of an answer is made of. `scores` are those of all answers, the best first.
pub(super) fn evidence(scores: &[f32], place: usize, beside: Beside) -> Evidence {
    let best = scores.first().copied().unwrap_or_default();
    let power = |score: &f32| (SHARPNESS * f64::from(score - best)).exp();
    let all: f64 = scores.iter().take(SHARING).map(power).sum();
    let share = scores.get(place).map_or(0.0, |score| power(score) / all);
    let Beside { likeness, group, shared, sure } = beside;
    let first = if place == 0 { 1.0 } else { 0.0 };
    [1.0, share, likeness.into(), first, group.into(), shared.into(), sure.into()]
}

/// Returns the probability that an answer with this evidence is right. What was guessed counts by the square of the words that
/// both have: a single word of which half was guessed, or half of whose title is something else, is never sure. Titles with
/// known occupations have too few misspelt words to teach this.
pub(super) fn confidence(evidence: &Evidence) -> f64 {
    let [.., shared, sure] = *evidence;
    logistic(evidence, &WEIGHTS) * (sure + (1.0 - sure) * shared * shared)
}

/// Returns the logistic function of evidence under some weights.
pub fn logistic(evidence: &Evidence, weights: &Evidence) -> f64 {
    let sum: f64 = evidence.iter().zip(weights).map(|(part, weight)| part * weight).sum();
    1.0 / (1.0 + (-sum).exp())
}

/// Returns why nothing should be taken from answers with these confidences, the best first; `None` when the best may be.
pub fn abstains(confidences: &[f64]) -> Option<&'static str> {
    match confidences {
        [] => Some("no title has any of these words"),
        [best, ..] if *best < LEAST => Some("no known title is near enough"),
        [best, next, ..] if best - next < AHEAD => Some("two occupations fit about equally well"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guessed_word_is_sure_only_where_it_is_nearly_the_whole_title() {
        let guessed = |shared| {
            confidence(&evidence(&[2.0, 0.5], 0, Beside { likeness: 1.0, group: 1.0, shared, sure: 0.0 }))
        };
        assert!(guessed(0.85) > LEAST && guessed(0.6) < LEAST, "{} {}", guessed(0.85), guessed(0.6));
    }

    #[test]
    fn a_clear_answer_is_surer_than_one_of_many() {
        let plain = Beside { likeness: 1.0, group: 0.9, shared: 1.0, sure: 1.0 };
        let vague = Beside { likeness: 0.5, group: 0.3, shared: 0.5, sure: 1.0 };
        let clear = confidence(&evidence(&[2.0, 0.5], 0, plain));
        let crowded = confidence(&evidence(&[1.0, 1.0, 1.0], 0, vague));
        assert!(clear > 0.9 && crowded < LEAST, "{clear} {crowded}");
        assert_eq!(abstains(&[clear, 0.1]), None);
        assert!(
            abstains(&[crowded]).is_some() && abstains(&[]).is_some() && abstains(&[0.7, 0.65]).is_some()
        );
    }
}
