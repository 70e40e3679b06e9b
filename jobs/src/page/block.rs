//! A page as headings, paragraphs and list items.

use serde_json::Value;

/// What a block of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A heading.
    Heading,
    /// A paragraph.
    Paragraph,
    /// An item of a list.
    Item,
}

/// A block of text with its number, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub kind: Kind,
    pub text: String,
    pub number: u32,
}

/// A page in pieces.
#[derive(Clone, Debug, Default)]
pub(super) struct Document {
    pub blocks: Vec<Block>,
    /// Structured records.
    pub json_ld: Vec<Value>,
    /// The title in the page's head.
    pub title: Option<String>,
    /// The day in the page's head.
    pub modified: Option<String>,
}

impl Document {
    /// Adds a block unless it is empty.
    pub(super) fn push(&mut self, kind: Kind, text: &str) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !text.is_empty() {
            let number = u32::try_from(self.blocks.len() + 1).unwrap_or(u32::MAX);
            self.blocks.push(Block { kind, text, number });
        }
    }

    /// Returns the blocks below each heading that has one of `words` in it.
    pub(super) fn section<'a>(&'a self, words: &'a [&str]) -> impl Iterator<Item = &'a Block> {
        let mut inside = false;
        self.blocks.iter().filter(move |block| {
            if block.kind == Kind::Heading {
                let text = block.text.to_lowercase();
                inside = words.iter().any(|word| text.contains(word));
            }
            inside && block.kind != Kind::Heading
        })
    }
}

/// Cuts plain text: every line is a block.
pub(super) fn document(text: &str) -> Document {
    let mut document = Document::default();
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    for (place, line) in lines.iter().enumerate() {
        let alone = place + 1 >= lines.len() || lines[place + 1].is_empty();
        match item(line) {
            Some(rest) => document.push(Kind::Item, rest),
            None if alone && is_heading(line) => document.push(Kind::Heading, line),
            None => document.push(Kind::Paragraph, line),
        }
    }
    document
}

/// Returns what follows the mark of a list item.
fn item(line: &str) -> Option<&str> {
    let bullet = ["•", "·", "‣", "◦", "- ", "* ", "– "].iter().find_map(|mark| line.strip_prefix(mark));
    let numbered = || {
        let rest = line.trim_start_matches(|letter: char| letter.is_ascii_digit());
        (rest.len() < line.len()).then_some(rest)?.strip_prefix(". ").or_else(|| rest_of(line, ") "))
    };
    bullet.or_else(numbered).map(str::trim)
}

fn rest_of<'a>(line: &'a str, mark: &str) -> Option<&'a str> {
    let (number, rest) = line.split_once(mark)?;
    (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(rest)
}

/// A short line alone that ends like no sentence does and states no amount.
fn is_heading(line: &str) -> bool {
    let words = line.split_whitespace().count();
    let begins = line.chars().next().is_some_and(char::is_uppercase);
    begins
        && words <= 9
        && !line.ends_with(['.', ':', ';', ',', '!', '?'])
        && !line.contains(['$', '£', '€', '%'])
        && !line.starts_with("Q:")
        && !line.starts_with("A:")
}
