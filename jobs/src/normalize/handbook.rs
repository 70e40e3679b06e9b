//! A page of the Outlook Handbook: its outlook table, and the words, openings and average that stand elsewhere on it.
//!
//! A row of the table with a code is about that occupation. One without is about several together, and belongs to the
//! role the page is about; so do the words, which the page says of all it is about. The average is the row of its chart
//! that is about all occupations. Pay repeats another survey.

use std::sync::LazyLock;

use chrono::NaiveDate;
use entity::{Classification, Count, CountMarks, FigureKind, OccupationLevel};
use regex::Regex;
use scraper::{ElementRef, Html, Selector};

use super::{
    Counts, PageRole, PartName, Position, PrintedOccupation, Projection, Reject, RejectCode, Release,
    Requirement, Subject, locator,
    number::scaled,
    row::{Fault, well_formed},
};
use crate::page::{PageError, text_of};

/// What stands for the code of several occupations.
const SEVERAL: &str = "—";

/// All occupations together, as the chart and the publisher's tables call them, and their code in those tables.
const ALL: (&str, &str) = ("Total, all occupations", "00-0000");

/// The rule for a page on which no sentence is found that says its openings a year.
const NO_OPENINGS: &str = "no-openings-sentence";

/// The rule for a page on which no chart of its years is found that has all occupations together.
const NO_AVERAGE: &str = "no-average-in-chart";

static YEARS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(20\d\d)[–-](?:20)?(\d\d)\b").expect("a fixed expression"));
static WORDS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(-?\d+)% \((.+)\)$").expect("a fixed expression"));
/// A sentence of its own, or behind words such as `Despite declining employment`.
static OPENINGS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b[Aa]bout ([\d,]+) openings for [^.]* are projected each year").expect("a fixed expression")
});
static AVERAGE: LazyLock<Regex> = LazyLock::new(|| {
    let chart = r"Percent change in employment, projected (?P<years>20\d\d[–-](?:20)?\d\d)\b";
    Regex::new(&format!(r"{chart}.* {} (?P<percent>-?[\d.]+)%", ALL.0)).expect("a fixed expression")
});

/// First and last year of a projection.
type Span = (i16, i16);

/// What a page says in its box of quick facts.
#[derive(Default)]
struct Facts {
    category: Option<String>,
    openings: Option<i64>,
    education: Option<String>,
    experience: Option<String>,
    training: Option<String>,
    counts: Counts,
}

/// Reads a page. Its dataset is its title, its period that of its outlook table.
///
/// # Errors
///
/// Fails where it is no such page: without an outlook table, or without a period in the title of one.
pub fn read_handbook(name: &str, bytes: &[u8]) -> Result<Release, PageError> {
    let page = Html::parse_document(&text_of(bytes, name)?);
    let missing = |what: &'static str| PageError::Missing { name: name.to_owned(), what };
    let title = first(&page, "#quickfacts th").ok_or_else(|| missing("a box of quick facts"))?;
    let title = title.trim_start_matches("Quick Facts:").trim().to_owned();
    let caption = first(&page, "#outlook-table caption").ok_or_else(|| missing("an outlook table"))?;
    let span = years(&caption).ok_or_else(|| missing("the years of its outlook table"))?;
    let facts = quick_facts(&page);
    let mut release = Release {
        dataset: crate::codes::slug(&title),
        label: format!("{}-{:02}", span.0, span.1 % 100),
        start: NaiveDate::from_ymd_opt(span.0.into(), 1, 1).unwrap_or_default(),
        end: NaiveDate::from_ymd_opt(span.1.into(), 12, 31).unwrap_or_default(),
        published: published(&page).map(|day| (day, false)),
        bound_words: "or more".into(),
        parts: vec![PartName { artifact: 0, member: name.into(), sheet: String::new() }],
        origins: vec![entity::ArtifactOrigin::Publisher],
        counts: vec![facts.counts.clone()],
        page: Some(Box::new(PageRole { title, ..PageRole::default() })),
        ..Release::default()
    };
    release.region("US");
    outlook(&page, name, span, &facts, &mut release);
    // What stands beside the table is nothing without it.
    if !release.projections.is_empty() {
        openings(&facts, &mut release.counts[0]);
        all_occupations(average(&page, span), name, span, &mut release);
    }
    Ok(release)
}

/// First and last year of the projections that a title names.
fn years(title: &str) -> Option<Span> {
    let found = YEARS.captures(title)?;
    Some((found[1].parse().ok()?, 2000 + found[2].parse::<i16>().ok()?))
}

/// The day the page says it was last changed.
fn published(page: &Html) -> Option<NaiveDate> {
    let date = Selector::parse("meta[name=date]").ok()?;
    page.select(&date).next()?.value().attr("content")?.parse().ok()
}

fn quick_facts(page: &Html) -> Facts {
    let mut facts = Facts::default();
    let body = words(page.root_element());
    facts.openings = OPENINGS.captures(&body).and_then(|found| scaled(&found[1], 0));
    for row in select(page.root_element(), "#quickfacts tbody tr") {
        let cells: Vec<String> = select(row, "th, td").map(words).collect();
        let [label, value] = cells.as_slice() else { continue };
        facts.counts.read += 1;
        let field = match label.as_str() {
            "Typical Entry-Level Education" => &mut facts.education,
            "Work Experience in a Related Occupation" => &mut facts.experience,
            "On-the-job Training" => &mut facts.training,
            label if label.starts_with("Job Outlook") => {
                facts.category = WORDS.captures(value).map(|found| found[2].to_owned());
                facts.counts.loaded += 1;
                continue;
            }
            label => {
                let pay = label.contains("Median Pay");
                facts.counts.skip(if pay { "pay-of-another-survey" } else { "same-row-in-other-table" });
                continue;
            }
        };
        *field = Some(value.clone());
        facts.counts.loaded += 1;
    }
    facts
}

/// Reads the rows of the outlook table. The first one is about everything the page is about.
fn outlook(page: &Html, name: &str, span: Span, facts: &Facts, release: &mut Release) {
    let mut whole = true;
    for (number, row) in (1..).zip(select(page.root_element(), "#outlook-table tbody tr")) {
        let cells: Vec<String> = select(row, "th, td").map(words).collect();
        let done = projection(&cells, number, span, whole.then_some(facts), release);
        release.settle(done, || (locator(name, name, "outlook", number), cells.join("\t")));
        whole = false;
    }
}

/// The percent of all occupations together, as printed, in the chart of the same years.
fn average(page: &Html, span: Span) -> Option<String> {
    select(page.root_element(), ".ooh-chart").map(words).find_map(|chart| {
        let found = AVERAGE.captures(&chart)?;
        (years(&found["years"]) == Some(span)).then(|| found["percent"].to_owned())
    })
}

/// Counts the sentence of the openings a year.
fn openings(facts: &Facts, counts: &mut Counts) {
    counts.read += 1;
    match facts.openings {
        Some(_) => counts.loaded += 1,
        None => counts.skip(NO_OPENINGS),
    }
}

/// Adds the projection of all occupations together, which the others are compared with.
fn all_occupations(printed: Option<String>, name: &str, span: Span, release: &mut Release) {
    let Some(printed) = printed else {
        release.counts[0].read += 1;
        release.counts[0].skip(NO_AVERAGE);
        return;
    };
    let place = format!("chart of the percent change in employment, {}", ALL.0);
    let done = percent(&printed).and_then(|percent| {
        let total = PrintedOccupation {
            classification: Classification::Soc2018,
            code: ALL.1.into(),
            title: ALL.0.into(),
            level: OccupationLevel::Total,
        };
        let subject = Subject::Occupation(release.occupation(total));
        let row = Projection { locator: Some(place.clone()), ..growth(subject, span, percent, 0) };
        release.project(row).map(drop)
    });
    release.settle(done, || (format!("{name} › {place}"), printed));
}

impl Release {
    /// Counts what was read as loaded, or keeps why it is not with its place and text.
    fn settle(&mut self, done: Result<(), Fault>, read: impl FnOnce() -> (String, String)) {
        let counts = &mut self.counts[0];
        counts.read += 1;
        match done {
            Ok(()) => counts.loaded += 1,
            Err((code, message)) => {
                counts.rejected += 1;
                let (locator, raw) = read();
                self.rejects.push(Reject { locator, code, message, raw });
            }
        }
    }
}

fn projection(
    cells: &[String],
    number: u32,
    span: Span,
    facts: Option<&Facts>,
    release: &mut Release,
) -> Result<(), Fault> {
    let [title, code, base, target, change_percent, change, ..] = cells else {
        return Err((RejectCode::ShortRow, "the row has fewer than six cells".into()));
    };
    let count = |printed: &String| {
        let read = scaled(printed, 0);
        read.ok_or_else(|| (RejectCode::UnreadableNumber, format!("`{printed}` is not a number of jobs")))
    };
    let percent = percent(change_percent)?;
    let (base, target, change) = (count(base)?, count(target)?, count(change)?);
    let subject = subject(title, code, release)?;
    let openings = facts.and_then(|facts| facts.openings);
    let counts = [Some(base), Some(target), Some(change), openings, None, None];
    let stated = Count::ALL.into_iter().filter(|count| counts[*count as usize].is_some());
    let marks = stated.fold(CountMarks::default(), |marks, count| marks.with(count, FigureKind::Exact));
    let published_category = facts.and_then(|facts| facts.category.clone());
    release.project(Projection {
        counts,
        marks,
        published_category,
        ..growth(subject, span, percent, number)
    })?;
    if let Some(facts) = facts {
        let [education, experience, training] =
            [&facts.education, &facts.experience, &facts.training].map(Clone::clone);
        let position = Position { part: 0, row: number };
        release.require(Requirement { subject, education, experience, training, position });
    }
    Ok(())
}

fn percent(printed: &str) -> Result<i32, Fault> {
    let read = scaled(printed, 3).and_then(|percent| i32::try_from(percent).ok());
    read.ok_or_else(|| (RejectCode::UnreadableNumber, format!("the percent `{printed}` is not a number")))
}

/// A projection of nothing but a percent, in thousandths.
fn growth(subject: Subject, (base_year, target_year): Span, percent: i32, row: u32) -> Projection {
    Projection {
        subject,
        region: 0,
        base_year,
        target_year,
        counts: [None; Count::ALL.len()],
        marks: CountMarks::default(),
        change_percent: Some(percent),
        published_category: None,
        cited_authority: None,
        locator: None,
        position: Position { part: 0, row },
    }
}

fn subject(title: &str, code: &str, release: &mut Release) -> Result<Subject, Fault> {
    if code == SEVERAL {
        return Ok(Subject::Role);
    }
    let classification = Classification::Soc2018;
    if !well_formed(classification, code) {
        return Err((
            RejectCode::MalformedCode,
            format!("`{code}` is not a code of {}", classification.as_str()),
        ));
    }
    let (title, code) = (title.to_owned(), code.to_owned());
    let level = OccupationLevel::Detailed;
    Ok(Subject::Occupation(release.occupation(PrintedOccupation { classification, code, title, level })))
}

fn select<'p>(within: ElementRef<'p>, what: &str) -> impl Iterator<Item = ElementRef<'p>> {
    let selector = Selector::parse(what).expect("a fixed selector");
    within.select(&selector).collect::<Vec<_>>().into_iter()
}

fn first(page: &Html, what: &str) -> Option<String> {
    select(page.root_element(), what).next().map(words)
}

/// The words of an element, one blank between them.
fn words(element: ElementRef<'_>) -> String {
    element.text().flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}
