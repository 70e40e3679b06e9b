//! What a pasted text states, one statement at a time, each with its sentence.

use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::Regex;

use super::{PageBand, PageGrowth, block, facts, growth, manner::Manner, mended, pay, sentence};

/// The heading that a sentence without one is read under: whoever pastes it asks about pay or growth.
const ASSUMED: &str = "Salary and expected growth";

/// A pay figure or an expected growth, and the sentence that states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The sentence.
    pub sentence: String,
    /// The byte of the sentence at which the figure stands.
    pub start: usize,
    /// What it states.
    pub said: Said,
}

/// What a sentence states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// One figure of pay, or one range, the year it is said to be of, and how it is said.
    Pay(PageBand, Option<i32>, Manner),
    /// Growth.
    Growth(Outlook),
}

/// Growth as far as a sentence states it: a percentage, words for it, or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// Percent over the whole span, in thousandths.
    pub percent_thousandths: Option<i32>,
    /// First and last year; `None` where the sentence speaks of the years to come.
    pub years: Option<(i16, i16)>,
    /// Code of the place.
    pub region: String,
    /// The words for it: much faster than the average.
    pub words: Option<String>,
    /// How it is said.
    pub manner: Manner,
}

impl Outlook {
    pub(super) fn of(growth: PageGrowth, manner: Manner) -> Self {
        Self {
            percent_thousandths: Some(growth.percent_thousandths),
            years: Some((growth.base_year, growth.target_year)),
            region: growth.region,
            words: growth.words,
            manner,
        }
    }
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
    let pay = pay::each(&sentences, true).into_iter().map(|(place, stated)| {
        let said = Said::Pay(stated.band, year(sentences[place].text), stated.manner);
        ((place, stated.start), said)
    });
    let mut found: Vec<((usize, usize), Said)> = pay.collect();
    for (place, sentence) in sentences.iter().enumerate() {
        let outlook = growth::outlook(sentence, sentence.heading == ASSUMED);
        found.extend(outlook.map(|(start, outlook)| ((place, start), Said::Growth(outlook))));
    }
    found.sort_by_key(|(at, _)| *at);
    let statements = found.into_iter().map(|((place, start), said)| {
        let sentence = sentences[place].text.to_owned();
        Statement { sentence, start, said }
    });
    Statements {
        title: if has_headings { facts::title(&document) } else { String::new() },
        updated: facts::updated(&document),
        statements: statements.collect(),
    }
}

/// The only year a sentence is about, spans of years apart: in May 2024.
fn year(text: &str) -> Option<i32> {
    let text = growth::YEARS.replace_all(text, "");
    let mut years = YEAR.captures_iter(&text).filter_map(|found| found.name("year")?.as_str().parse().ok());
    let first = years.next()?;
    years.all(|year| year == first).then_some(first)
}

static YEAR: LazyLock<Regex> = LazyLock::new(|| {
    let month = "January|February|March|April|May|June|July|August|September|October|November|December";
    let pattern = format!(
        r"\b(?:[Ii]n|[Aa]s of|[Ff]or|[Dd]uring|[Ss]ince|of) (?:(?:{month}) )?(?P<year>(?:19|20)\d{{2}})\b"
    );
    Regex::new(&pattern).expect("the pattern of years is right")
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Limit;

    #[test]
    fn a_bare_sentence_is_a_statement() {
        let read = statements("21 percent from 2019 to 2029");
        let [Statement { said: Said::Growth(growth), .. }] = &read.statements[..] else { panic!("{read:?}") };
        assert_eq!((growth.percent_thousandths, growth.years), (Some(21_000), Some((2019, 2029))));
        let read = statements("average of $110,000 in New York");
        let [Statement { said: Said::Pay(band, None, _), .. }] = &read.statements[..] else {
            panic!("{read:?}")
        };
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

    #[test]
    fn growth_without_years_or_without_a_percentage_is_a_statement_of_the_years_to_come() {
        let said = |text: &str| match &statements(text).statements[..] {
            [Statement { said: Said::Growth(growth), .. }] => growth.clone(),
            other => panic!("{text}: {other:?}"),
        };
        let decade = said("Jobs for software developers will grow 15% over the next decade.");
        assert_eq!((decade.percent_thousandths, decade.years), (Some(15_000), None));
        let words = said("Employment of nurses is projected to grow faster than average.");
        assert_eq!((words.percent_thousandths, words.words.as_deref()), (None, Some("faster than average")));
        let fewer = said("Employment of cashiers is projected to decline.");
        assert_eq!(fewer.words.as_deref(), Some("projected to decline"));
        assert!(statements("Salaries are expected to increase 5 percent.").statements.is_empty());
    }

    #[test]
    fn words_behind_an_amount_say_what_it_is() {
        let said = |text: &str| match &statements(text).statements[..] {
            [Statement { said: Said::Pay(band, ..), .. }] => (band.mean, band.median),
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(said("Nurses make $93,600 a year on average."), (Some(9_360_000), None));
        assert_eq!(said("Electricians: $62,350 median annual pay"), (None, Some(6_235_000)));
        assert_eq!(said("Their salary is $60/hour (average)."), (Some(6_000), None));
    }

    #[test]
    fn an_amount_in_brackets_or_compared_with_one_means_the_same() {
        let medians = |text: &str| -> Vec<Option<i64>> {
            let read = statements(text).statements.into_iter().map(|statement| statement.said);
            read.map(|said| if let Said::Pay(band, ..) = said { band.median } else { None }).collect()
        };
        assert_eq!(
            medians("Median pay for software developers: $133,080 per year ($63.98 per hour)."),
            [Some(13_308_000), Some(6_398)]
        );
        assert_eq!(
            medians(
                "The median annual wage of nurses was $93,600, compared with $49,500 for all occupations."
            ),
            [Some(9_360_000), Some(4_950_000)]
        );
    }

    #[test]
    fn a_limit_and_a_denial_are_stated_as_such() {
        let said = |text: &str| match &statements(text).statements[..] {
            [Statement { said: Said::Pay(band, _, manner), .. }] => (band.median, *manner),
            other => panic!("{text}: {other:?}"),
        };
        let limit = |limit| Manner { limit: Some(limit), denied: false };
        for text in [
            "The median annual wage for software developers is more than $100,000.",
            "The median annual wage for developers, analysts, and testers is over $100,000.",
            "Surgeons earn more than $100,000 a year at the median.",
        ] {
            assert_eq!(said(text), (Some(10_000_000), limit(Limit::Above)), "{text}");
        }
        let least = said("The median wage of nurses is at least $90,000 a year.");
        assert_eq!(least, (Some(9_000_000), limit(Limit::AtLeast)));
        let denied = said("The median pay for data scientists was **not** $112,590 in May 2024.");
        assert_eq!(denied, (Some(11_259_000), Manner { limit: None, denied: true }));
        let outlook = |text: &str| match &statements(text).statements[..] {
            [Statement { said: Said::Growth(outlook), .. }] => outlook.manner,
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(
            outlook("Employment of nurses will grow more than 4 percent from 2024 to 2034."),
            limit(Limit::Above)
        );
        assert!(outlook("Employment of cashiers is not projected to decline.").denied);
    }

    #[test]
    fn the_year_of_a_figure_is_the_only_one_named() {
        for (text, known) in [
            ("The median wage was $133,080 in May 2024.", Some(2024)),
            ("In 2023, they earned $100,000", Some(2023)),
            ("$100,000 in 2023 and $110,000 in 2024", None),
            ("jobs grow from 2019 to 2029", None),
            ("growth for 2019-2029, or 2019 to 2029", None),
            ("$2024 a week", None),
        ] {
            assert_eq!(year(text), known, "{text}");
        }
    }
}
