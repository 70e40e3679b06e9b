//! Sentences, with where each stands and the heading above it.

use super::{
    QUOTED,
    block::{Block, Document, Kind},
};

/// The longest sentence that is read, in bytes. In a longer one no figure can be told to belong to its words.
const LONGEST: usize = 2_000;

/// A sentence or list item.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sentence<'a> {
    pub text: &'a str,
    /// Number of its block.
    pub paragraph: u32,
    /// The heading it stands under.
    pub heading: &'a str,
}

impl Sentence<'_> {
    /// Returns paragraph and quoted words, from a little before the byte at `near`.
    pub(super) fn locator(&self, near: usize) -> String {
        let words: Vec<(usize, &str)> = self
            .text
            .split_whitespace()
            .map(|word| (word.as_ptr() as usize - self.text.as_ptr() as usize, word))
            .collect();
        let place = words.iter().rposition(|(start, _)| *start <= near).unwrap_or_default();
        let from = if words.len() <= QUOTED { 0 } else { place.saturating_sub(5).min(words.len() - QUOTED) };
        let quoted: Vec<&str> = words[from..].iter().take(QUOTED).map(|(_, word)| *word).collect();
        format!("paragraph {}: “{}”", self.paragraph, quoted.join(" "))
    }
}

/// Returns every sentence of the page, headings and the overlong apart.
pub(super) fn all(document: &Document) -> Vec<Sentence<'_>> {
    let mut heading = "";
    let mut sentences = Vec::new();
    for Block { kind, text, number } in &document.blocks {
        match kind {
            Kind::Heading => heading = text,
            Kind::Paragraph | Kind::Item => {
                let read = split(text).into_iter().filter(|text| text.len() <= LONGEST);
                sentences.extend(read.map(|text| Sentence { text, paragraph: *number, heading }));
            }
        }
    }
    sentences
}

/// Cuts a paragraph after `.`, `!` or `?` where a new sentence begins.
pub(super) fn split(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (place, end) in text.char_indices().filter(|(_, letter)| matches!(letter, '.' | '!' | '?')) {
        let after = &text[place + end.len_utf8()..];
        let begins = after
            .trim_start()
            .chars()
            .next()
            .is_some_and(|next| next.is_uppercase() || "“\"£$€".contains(next));
        if after.starts_with(' ') && begins && !is_short_form(&text[start..place]) {
            sentences.push(text[start..=place].trim());
            start = place + 1;
        }
    }
    sentences.push(text[start..].trim());
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

/// `U.S`, `e.g`, `St`, a single letter: what a full stop does not end a sentence after.
fn is_short_form(before: &str) -> bool {
    let word =
        before.rsplit(|letter: char| letter.is_whitespace() || letter == '(').next().unwrap_or_default();
    matches!(word, "St" | "Mr" | "Mrs" | "Ms" | "Dr" | "No" | "vs" | "approx" | "e.g" | "i.e" | "U.S" | "U.K")
        || word.chars().count() == 1
}
