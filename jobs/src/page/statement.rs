//! What a pasted text states, one statement at a time, each with its sentence.

use chrono::NaiveDate;

use super::{PageBand, PageGrowth, block, facts, growth, mended, pay, sentence};

/// The heading that a sentence without one is read under: whoever pastes it asks about pay or growth.
const ASSUMED: &str = "Salary and expected growth";

/// A pay figure or an expected growth, and the sentence that states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The sentence.
    pub sentence: String,
    /// What it states.
    pub said: Said,
}

/// What a sentence states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// One figure of pay, or one range.
    Pay(PageBand),
    /// Growth over a span of years.
    Growth(PageGrowth),
}

/// A pasted text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statements {
    /// The job it is about: its heading, if it has one.
    pub title: String,
    /// The day it says it was last changed.
    pub updated: Option<NaiveDate>,
    /// What it states, in order.
    pub statements: Vec<Statement>,
}

/// Reads a text. A range and an average are two statements, also where one sentence makes both.
pub fn statements(text: &str) -> Statements {
    let document = block::document(&mended(text));
    let has_headings = document.blocks.iter().any(|block| block.kind == block::Kind::Heading);
    let mut sentences = sentence::all(&document);
    for sentence in sentences.iter_mut().filter(|sentence| sentence.heading.is_empty()) {
        sentence.heading = ASSUMED;
    }
    let mut found: Vec<(usize, Said)> =
        pay::each(&sentences).into_iter().map(|(place, band)| (place, Said::Pay(band))).collect();
    for (place, sentence) in sentences.iter().enumerate() {
        let growth = growth::of_sentence(sentence, sentence.heading == ASSUMED);
        found.extend(growth.map(|growth| (place, Said::Growth(growth))));
    }
    found.sort_by_key(|(place, _)| *place);
    let statements =
        found.into_iter().map(|(place, said)| Statement { sentence: sentences[place].text.to_owned(), said });
    Statements {
        title: if has_headings { facts::title(&document) } else { String::new() },
        updated: facts::updated(&document),
        statements: statements.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_sentence_is_a_statement() {
        let read = statements("21 percent from 2019 to 2029");
        let [Statement { said: Said::Growth(growth), .. }] = &read.statements[..] else { panic!("{read:?}") };
        assert_eq!((growth.percent_thousandths, growth.base_year, growth.target_year), (21_000, 2019, 2029));
        let read = statements("average of $110,000 in New York");
        let [Statement { said: Said::Pay(band), .. }] = &read.statements[..] else { panic!("{read:?}") };
        assert_eq!(band.mean, Some(11_000_000));
        assert!(statements("Nothing of the kind.").statements.is_empty());
    }

    #[test]
    fn a_range_and_an_average_are_two_statements() {
        let text = "In Canada, the salary range is CAD 60,000 to CAD 120,000 per year, with an average of CAD 85,000 per year.";
        let read = statements(text).statements;
        assert_eq!(read.len(), 2, "{read:?}");
        assert!(read.iter().all(|statement| statement.sentence == text));
    }
}
