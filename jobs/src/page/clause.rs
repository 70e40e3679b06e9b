//! Which words of a sentence belong to an amount, and which year and place they make it one of.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    doubt::Doubt,
    growth,
    money::Amount,
    pattern,
    place::{self, Mention},
};
use crate::codes::NamedPlace;

/// What ends the words behind an amount that are its own.
static END: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)[;:]\s|,\s(?:well |far |much )?(?:more|less|higher|lower|above|below|up|down)\b|\s(?:while|whereas|but|although|though|than|compared|versus|vs)\b|,\s.*\b(?:earn|mak|receiv|get)",
    )
});

/// What ends them as well where another amount comes behind.
static NEXT: LazyLock<Regex> = LazyLock::new(|| pattern(r",\s|\sand\s"));

/// A year, but not that of a classification, and no number of something.
static YEAR: LazyLock<Regex> = LazyLock::new(|| {
    let counted = r"hours|workers|people|jobs|employees|nurses|openings|positions";
    pattern(&format!(
        r"(?P<other>\b(?:S?OC|ISCO|ISO|version|[Oo]ver|than|about|nearly) )?\b(?P<year>(?:19|20)\d{{2}})\b(?P<more>[,.-]\d|\s?%| (?:{counted})\b)?"
    ))
});

/// Words of a year that is not named: up from $132,270, the year before.
static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:(?:up|down|rose|risen|grew|grown|fell|fallen|increased|decreased) from|year (?:before|earlier|ago|prior)|(?:previous|prior|last) year|formerly|previously)\b",
    )
});

/// An amount, or the range it begins, with the words of its sentence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clause<'a> {
    text: &'a str,
    /// Where the part of the sentence begins that holds it: behind a semicolon.
    part: usize,
    start: usize,
    end: usize,
    /// Where the words behind it end that are its own.
    own: usize,
    /// Where the amount before it ends.
    previous: Option<usize>,
}

impl<'a> Clause<'a> {
    pub(super) fn new(text: &'a str, amounts: &[Amount], first: &Amount, last: &Amount) -> Self {
        let (start, end) = (first.span.start, last.span.end);
        let behind = |place: usize| &text[end..place];
        // An amount in brackets behind this one is another way of saying it.
        let mut others = amounts.iter().map(|other| other.span.start).filter(|start| *start >= end);
        let next = others.find(|start| is_closed(behind(*start)));
        let rest = behind(next.unwrap_or(text.len()));
        let cut = |ends: &Regex| {
            ends.find_iter(rest).map(|found| found.start()).find(|place| is_closed(&rest[..*place]))
        };
        let own = cut(&END).into_iter().chain(next.and_then(|_| cut(&NEXT))).min().unwrap_or(rest.len());
        let ends = amounts.iter().map(|other| other.span.end).filter(|end| *end <= start);
        Self {
            text,
            part: text[..start].rfind(';').map_or(0, |place| place + 1),
            start,
            end,
            own: end + own,
            previous: ends.max(),
        }
    }

    /// Returns the words before it, those before another amount apart: they belong to that one.
    pub(super) fn before(&self) -> &'a str {
        &self.text[self.previous.unwrap_or(0)..self.start]
    }

    /// Returns all that is behind it.
    pub(super) fn behind(&self) -> &'a str {
        &self.text[self.end..]
    }

    /// Returns all words that may say whose it is: those before it in its part of the sentence, and its own.
    pub(super) fn around(&self) -> [&'a str; 2] {
        [&self.text[self.part..self.start], &self.text[self.end..self.own]]
    }

    /// Returns where the part of the sentence ends that holds it.
    fn part_end(&self) -> usize {
        self.behind().find("; ").map_or(self.text.len(), |place| self.end + place)
    }

    /// Returns its place: that of its own words behind it, else the one named last before it, else none. Where both are named,
    /// one has to be part of the other; where the place is unknown, or only others are named, it is in doubt.
    pub(super) fn place(&self, mentions: &[Mention]) -> Result<Option<&'static NamedPlace>, Doubt> {
        let starts = |mention: &&Mention| mention.span.start;
        let behind = mentions.iter().find(|one| (self.end..self.own).contains(&starts(one)));
        let before = mentions.iter().rev().find(|one| starts(one) < self.start);
        let is_near = |mention: &&Mention| self.previous.is_none_or(|end| mention.span.start >= end);
        let mention = match (before, behind) {
            (Some(before), Some(behind)) if is_near(&before) && !behind.is_within(before) => {
                return Err(Doubt::Place(format!("{} … {}", before.name, behind.name)));
            }
            (before, behind) => behind.or(before),
        };
        if let Some(mention) = mention {
            return mention.place.map(Some).ok_or_else(|| Doubt::Place(mention.name.clone()));
        }
        let part = self.part..self.part_end();
        match mentions.iter().find(|one| part.contains(&starts(one))) {
            Some(other) => Err(Doubt::Place(other.name.clone())),
            None => Ok(None),
        }
    }

    /// Returns its year: that of its own words behind it, else the one named last before it; where it is the last amount of
    /// several, that behind it is everyone's. `None` where no year is named.
    pub(super) fn year(&self, amounts: &[Amount]) -> Result<Option<i32>, Doubt> {
        let years = years(self.text, amounts);
        let part = self.part..self.part_end();
        let years: Vec<(usize, i32)> = years.into_iter().filter(|(place, _)| part.contains(place)).collect();
        if let Some((_, year)) = years.iter().find(|(place, _)| (self.end..self.own).contains(place)) {
            return Ok(Some(*year));
        }
        if BEFORE.is_match(self.before()) || BEFORE.is_match(&self.text[self.end..self.own]) {
            return Err(Doubt::Year);
        }
        if let Some((_, year)) = years.iter().rev().find(|(place, _)| *place < self.start) {
            return Ok(Some(*year));
        }
        let end = amounts.iter().map(|amount| amount.span.end).max().unwrap_or(self.end);
        match &years[..] {
            [] => Ok(None),
            [(place, year)] if *place >= end && !END.is_match(&self.text[self.end..*place]) => {
                Ok(Some(*year))
            }
            _ => Err(Doubt::Year),
        }
    }
}

fn is_closed(text: &str) -> bool {
    text.matches('(').count() <= text.matches(')').count()
}

/// Returns the years a sentence names, spans of years apart, and where each stands.
fn years(text: &str, amounts: &[Amount]) -> Vec<(usize, i32)> {
    let spans = growth::YEARS.find_iter(text).map(|found| found.range());
    let taken: Vec<_> = spans.chain(amounts.iter().map(|amount| amount.span.clone())).collect();
    let found = YEAR.captures_iter(text).filter_map(|found| {
        let year = found.name("year")?;
        let is_free = taken.iter().all(|span| year.end() <= span.start || span.end <= year.start());
        let is_year = found.name("other").is_none() && found.name("more").is_none();
        (is_free && is_year).then(|| Some((year.start(), year.as_str().parse().ok()?))).flatten()
    });
    found.collect()
}

/// Returns the place spoken of where an amount names none: that of the sentences before, else the country of its currency.
pub(super) fn spoken_of(
    context: Option<&Mention>,
    home: Option<&str>,
) -> Result<Option<&'static NamedPlace>, Doubt> {
    match context {
        Some(context) => context.place.map(Some).ok_or_else(|| Doubt::Place(context.name.clone())),
        None => Ok(home.and_then(place::by_code)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::money;

    fn years_of(text: &str) -> Vec<Result<Option<i32>, Doubt>> {
        let amounts = money::amounts(text);
        amounts.iter().map(|amount| Clause::new(text, &amounts, amount, amount).year(&amounts)).collect()
    }

    #[test]
    fn the_year_of_an_amount_is_the_one_beside_it() {
        for text in [
            "The median wage was $133,080 in May 2024.",
            "Software developers: median $133,080 (May 2024).",
            "Lawyers' median pay of $151,160 (2024)",
            "They earned an average of $93,520 (BLS, 2024).",
            "The 2024 average wage was $93,520 a year.",
            "They earned $93,520 according to May 2024 data, or so",
            "In fiscal 2024, they earned $93,520",
            "Between 2019 and 2029, $93,520 (2024)",
        ] {
            assert_eq!(years_of(text), [Ok(Some(2024))], "{text}");
        }
        for (text, [first, second]) in [
            ("$133,080 in May 2024, up from $132,270 in May 2023", [Ok(Some(2024)), Ok(Some(2023))]),
            ("$100,000 in 2023 and $110,000 in 2024", [Ok(Some(2023)), Ok(Some(2024))]),
            ("In 2023 $100,000, and in 2024 $110,000", [Ok(Some(2023)), Ok(Some(2024))]),
            ("In 2024, $133,080, up from $132,270 the year before", [Ok(Some(2024)), Err(Doubt::Year)]),
            ("In May 2024 $133,080 a year ($63.98 an hour)", [Ok(Some(2024)), Ok(Some(2024))]),
            ("$133,080 a year ($63.98 an hour) in May 2024", [Ok(Some(2024)), Ok(Some(2024))]),
            ("Nurses $93,600 and lawyers $151,160 in May 2024", [Ok(Some(2024)), Ok(Some(2024))]),
            ("The mean is $124,590, and in 2010 it was $90,000", [Err(Doubt::Year), Ok(Some(2010))]),
            ("The mean is $124,590; in 2010 it was $90,000", [Ok(None), Ok(Some(2010))]),
        ] {
            assert_eq!(years_of(text), [first, second], "{text}");
        }
        for text in ["jobs grow from 2019 to 2029: $5", "$2024 a week", "$45 for 2080 hours", "SOC 2018: $5"]
        {
            assert_eq!(years_of(text), [Ok(None)], "{text}");
        }
    }
}
