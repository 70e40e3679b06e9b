//! Every word of a set of titles, in order: found whole, by its beginning, or misspelt.

use std::ops::Range;

use strsim::osa_distance;

/// Shortest word that may hold one mistake, and two.
const ONE_MISTAKE: usize = 4;
const TWO_MISTAKES: usize = 8;

/// Words in order, each known by its place.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    words: Vec<Box<str>>,
    /// Which letters each word has, as bits.
    letters: Vec<u32>,
}

impl Vocabulary {
    /// Takes words in any order, some of them more than once.
    pub(super) fn new(mut words: Vec<String>) -> Self {
        words.sort_unstable();
        words.dedup();
        let letters = words.iter().map(|word| letters(word)).collect();
        Self { words: words.into_iter().map(String::into_boxed_str).collect(), letters }
    }

    /// Returns how many words there are.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// Returns the place of a word.
    pub(super) fn get(&self, word: &str) -> Option<u32> {
        let place = self.words.binary_search_by(|known| (**known).cmp(word)).ok()?;
        u32::try_from(place).ok()
    }

    /// Returns the places of all words with this beginning.
    pub(super) fn beginning_with(&self, beginning: &str) -> Range<u32> {
        let start = self.words.partition_point(|word| &**word < beginning);
        let count = self.words[start..].partition_point(|word| word.starts_with(beginning));
        let place = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        place(start)..place(start + count)
    }

    /// Returns the words that `word` may be a misspelling of, with the number of mistakes: letters missing, too many,
    /// wrong or changed about. Only the nearest are returned.
    pub(super) fn near(&self, word: &str) -> Vec<(u32, u8)> {
        self.nearest(word, 0..u32::try_from(self.words.len()).unwrap_or(u32::MAX))
    }

    /// As [`near`](Self::near), of words whose first letter is the same: hardly anybody mistypes that one.
    pub(super) fn alike(&self, word: &str) -> Vec<(u32, u8)> {
        let first = word.chars().next().map_or(0, char::len_utf8);
        self.nearest(word, self.beginning_with(&word[..first]))
    }

    fn nearest(&self, word: &str, among: Range<u32>) -> Vec<(u32, u8)> {
        let long = word.chars().count();
        let most = match long {
            TWO_MISTAKES.. => 2,
            ONE_MISTAKE.. => 1,
            _ => return Vec::new(),
        };
        let own = letters(word);
        let mut found: Vec<(u32, usize)> = Vec::new();
        for place in among {
            let (known, letters) = (&self.words[place as usize], &self.letters[place as usize]);
            // A mistake changes at most two letters of the set.
            if (own ^ letters).count_ones() as usize > 2 * most || known.len().abs_diff(word.len()) > most {
                continue;
            }
            let mistakes = osa_distance(word, known);
            if mistakes <= most {
                found.push((place, mistakes));
            }
        }
        let least = found.iter().map(|(_, mistakes)| *mistakes).min().unwrap_or_default();
        found.retain(|(_, mistakes)| *mistakes == least);
        found
            .into_iter()
            .map(|(place, mistakes)| (place, u8::try_from(mistakes).unwrap_or(u8::MAX)))
            .collect()
    }
}

fn letters(word: &str) -> u32 {
    word.bytes().fold(0, |set, byte| set | 1 << (byte % 32))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        Vocabulary::new(["nurse", "nursery", "developer", "software", "nurse"].map(str::to_owned).to_vec())
    }

    #[test]
    fn a_word_is_found_by_its_beginning() {
        let known = vocabulary();
        assert_eq!(known.len(), 4);
        assert_eq!(known.beginning_with("nurs"), 1..3);
        assert!(known.beginning_with("x").is_empty());
        assert_eq!(known.get("software"), Some(3));
    }

    #[test]
    fn a_misspelt_word_is_found_unless_it_is_too_short() {
        let known = vocabulary();
        for (wrong, found) in [("sofware", vec![(3, 1)]), ("nusre", vec![(1, 1)]), ("devlpr", vec![])] {
            assert_eq!(known.near(wrong), found, "{wrong}");
        }
        assert_eq!(known.near("devellopper"), vec![(0, 2)]);
        assert_eq!(known.near("nur"), vec![]);
        assert_eq!((known.near("oftware"), known.alike("oftware")), (vec![(3, 1)], vec![]));
        assert_eq!(known.alike("softwar"), vec![(3, 1)]);
    }
}
