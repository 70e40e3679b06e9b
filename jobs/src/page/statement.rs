//! What a pasted text states, one statement at a time, each with its sentence.

use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::Regex;

use super::{
    PageBand, PageGrowth, block, doubt::Doubt, facts, growth, manner::Manner, mended, pay, sentence,
};

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
    /// Pay.
    Pay(Pay),
    /// Growth.
    Growth(Outlook),
}

/// One figure of pay, or one range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pay {
    /// The figure.
    pub band: PageBand,
    /// The year it is said to be of.
    pub year: Option<i32>,
    /// How it is said.
    pub manner: Manner,
    /// Why it is none of everybody in one known place and year.
    pub doubt: Option<Doubt>,
}

/// Growth as far as a sentence states it: a percentage, words for it, or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// Percent over the whole span, or in each year of it, in thousandths.
    pub percent_thousandths: Option<i32>,
    /// Whether it is the percent of each year.
    pub yearly: bool,
    /// First and last year; `None` where the sentence speaks of the years to come.
    pub years: Option<(i16, i16)>,
    /// Code of the place.
    pub region: String,
    /// The words for it: much faster than the average.
    pub words: Option<String>,
    /// How it is said.
    pub manner: Manner,
    /// Why it is no growth to come of everybody in one known place.
    pub doubt: Option<Doubt>,
}

impl Outlook {
    pub(super) fn of(growth: PageGrowth, manner: Manner) -> Self {
        Self {
            percent_thousandths: Some(growth.percent_thousandths),
            years: Some((growth.base_year, growth.target_year)),
            region: growth.region,
            words: growth.words,
            yearly: false,
            manner,
            doubt: None,
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
    let pay = of_one_year(pay::each(&sentences, true), &sentences).map(|(place, stated)| {
        let pay::Stated { start, band, year, manner, doubt } = stated;
        ((place, start), Said::Pay(Pay { band, year, manner, doubt }))
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

/// Words of a figure that is of today, whatever year was named before it.
static TODAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:now|today|current(?:ly)?|this year)\b").expect("the pattern of today is right")
});

/// Gives what names no year that of the sentence before it in its paragraph.
fn of_one_year(
    found: Vec<(usize, pay::Stated)>,
    sentences: &[sentence::Sentence<'_>],
) -> impl Iterator<Item = (usize, pay::Stated)> {
    let mut known = None;
    found.into_iter().map(move |(place, mut stated)| {
        let sentence::Sentence { paragraph, text, .. } = sentences[place];
        let before = known.filter(|(other, _)| *other == paragraph).map(|(_, year)| year);
        stated.year = stated.year.or(before.filter(|_| !TODAY.is_match(text)));
        known = stated.year.map(|year| (paragraph, year)).or(known);
        (place, stated)
    })
}

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
        let [Statement { said: Said::Pay(Pay { band, year: None, .. }), .. }] = &read.statements[..] else {
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
            [Statement { said: Said::Pay(Pay { band, .. }), .. }] => (band.mean, band.median),
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
            read.map(|said| if let Said::Pay(Pay { band, .. }) = said { band.median } else { None }).collect()
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
    fn one_check_is_made_of_each_amount_that_says_what_it_is() {
        let said = |text: &str| -> Vec<(Option<i64>, Option<i64>, String)> {
            let read = statements(text).statements.into_iter().map(|statement| statement.said);
            let pay = read.filter_map(|said| if let Said::Pay(pay) = said { Some(pay.band) } else { None });
            let whole = |amount: Option<i64>| amount.map(|amount| amount / 100);
            pay.map(|band| (whole(band.median.or(band.mean)), whole(band.high), band.region)).collect()
        };
        let us = |amount| (Some(amount), None, "US".to_owned());
        for (text, known) in [
            ("Nurses earn $93,600 a year ($45.00 an hour) at the median.", [us(93_600), us(45)]),
            ("Median pay of cashiers: $31,190 per year, $15.00 per hour.", [us(31_190), us(15)]),
            (
                "The median salary for lawyers is $151,160, and for paralegals $61,010.",
                [us(151_160), us(61_010)],
            ),
            (
                "They earned a median of $31,190 in May 2024 and $32,880 in May 2025.",
                [us(31_190), us(32_880)],
            ),
            (
                "The median wage rose from $132,270 in May 2023 to $133,080 in May 2024.",
                [us(132_270), us(133_080)],
            ),
            ("Their median salary rose from $132,270 to $133,080 in May 2024.", [us(132_270), us(133_080)]),
            (
                "Nurses in California earn an average of $148,330 a year and in Texas $91,690.",
                [(Some(148_330), None, "US-CA".into()), (Some(91_690), None, "US-TX".into())],
            ),
        ] {
            assert_eq!(said(text), known, "{text}");
        }
        assert_eq!(said("Their median salary rose by $3,000 to $93,520."), [us(93_520)]);
        assert_eq!(said("Their median salary is $0.09 million."), [us(90_000)]);
        assert!(said("Their median salary is $0.09 billion.").is_empty());
    }

    #[test]
    fn a_sentence_without_a_year_is_of_that_before_it() {
        let years = |text: &str| -> Vec<Option<i32>> {
            let read = statements(text).statements.into_iter().map(|statement| statement.said);
            read.map(|said| if let Said::Pay(pay) = said { pay.year } else { None }).collect()
        };
        let text =
            "The median wage was $93,600 in May 2024. The lowest 10 percent earned less than $66,030 a year.";
        assert_eq!(years(text), [Some(2024), Some(2024)]);
        let text = "The median wage was $93,600 in May 2024. Their median salary is now $95,000.";
        assert_eq!(years(text), [Some(2024), None]);
    }

    #[test]
    fn what_is_no_figure_of_everybody_in_one_place_is_said_to_be_none() {
        let place = |words: &str| Some(Doubt::Place(words.into()));
        let part = |words: &str| Some(Doubt::Part(words.into()));
        for (whom, doubt) in [
            ("Electricians in Europe", place("Europe")),
            ("Electricians in the Midwest", place("Midwest")),
            ("Electricians in Cook County, Illinois", place("Cook County")),
            ("Electricians in Nairobi", place("Nairobi")),
            ("Electricians in California and Texas", place("California and Texas")),
            ("Electricians in northern California", place("northern California")),
            ("Electricians in Washington County", place("Washington County")),
            ("Electricians in the New York metropolitan area", place("New York metropolitan")),
            ("Entry-level electricians", part("Entry-level")),
            ("Female electricians", part("Female")),
            ("Electricians working for the federal government", part("federal")),
            ("Electricians in the construction industry", part("in the construction industry")),
            ("In May 2024, electricians", None),
            ("Electricians skilled in Python", None),
            ("Electricians in the US", None),
        ] {
            let text = format!("{whom} earn an average of $71,490 a year.");
            let [Statement { said: Said::Pay(pay), .. }] = &statements(&text).statements[..] else {
                panic!("{text}")
            };
            assert_eq!(pay.doubt, doubt, "{text}");
        }
        for (growth, doubt) in [
            ("grow 10 percent in Europe from 2024 to 2034", place("Europe")),
            ("grow between 8 and 10 percent from 2024 to 2034", Some(Doubt::Range)),
            ("grow 8–10% from 2024 to 2034", Some(Doubt::Range)),
            ("grow 8% to 10% from 2024 to 2034", Some(Doubt::Range)),
            ("grow 10 percent from 2024 to 2034", None),
        ] {
            let text = format!("Employment of electricians is projected to {growth}.");
            let [Statement { said: Said::Growth(outlook), .. }] = &statements(&text).statements[..] else {
                panic!("{text}")
            };
            assert_eq!(outlook.doubt, doubt, "{text}");
        }
    }

    #[test]
    fn the_percent_of_a_year_and_of_all_occupations_are_told_from_that_of_the_span() {
        for (text, percent, yearly) in [
            ("Employment is projected to grow 0.9 percent a year from 2024 to 2034.", 900, true),
            (
                "Employment is projected to grow at an annual rate of 0.9 percent from 2024 to 2034.",
                900,
                true,
            ),
            ("Jobs will grow 0.9% annually from 2024 to 2034.", 900, true),
            (
                "Employment is projected to grow 42 percent from 2024 to 2034, much faster than the 3 percent average.",
                42_000,
                false,
            ),
        ] {
            let read = statements(text).statements;
            let [Statement { said: Said::Growth(outlook), .. }] = &read[..] else { panic!("{text}") };
            assert_eq!((outlook.percent_thousandths, outlook.yearly), (Some(percent), yearly), "{text}");
        }
    }

    #[test]
    fn a_limit_and_a_denial_are_stated_as_such() {
        let said = |text: &str| match &statements(text).statements[..] {
            [Statement { said: Said::Pay(Pay { band, manner, .. }), .. }] => (band.median, *manner),
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
}
