//! A page of the Outlook Handbook: its outlook table, and the words and openings that stand elsewhere on it.
//!
//! A row of the table with a code is about that occupation. One without is about several together, and belongs to the
//! role the page is about; so do the words, which the page says of all it is about. Pay repeats another survey.

use std::sync::LazyLock;

use chrono::NaiveDate;
use entity::{Classification, Count, CountMarks, FigureKind, OccupationLevel};
use regex::Regex;
use scraper::{ElementRef, Html, Selector};

use super::{
    Counts, PageRole, PartName, Position, PrintedOccupation, Projection, Reject, RejectCode, Release,
    Requirement, Subject, locator, number::scaled,
};
use crate::page::{PageError, text_of};

/// What stands for the code of several occupations.
const SEVERAL: &str = "—";

static YEARS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(20\d\d)[–-](?:20)?(\d\d)\b").expect("a fixed expression"));
static WORDS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(-?\d+)% \((.+)\)$").expect("a fixed expression"));
static OPENINGS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"About ([\d,]+) openings for [^.]* are projected each year").expect("a fixed expression")
});

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
    let years = YEARS.captures(&caption).ok_or_else(|| missing("the years of its outlook table"))?;
    let span = (year(&years[1]), 2000 + year(&years[2]));
    let facts = quick_facts(&page);
    let mut release = Release {
        dataset: crate::codes::slug(&title),
        label: format!("{}-{}", &years[1], &years[2]),
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
    Ok(release)
}

fn year(text: &str) -> i16 {
    text.parse().unwrap_or_default()
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
fn outlook(page: &Html, name: &str, span: (i16, i16), facts: &Facts, release: &mut Release) {
    let mut whole = true;
    for (number, row) in (1..).zip(select(page.root_element(), "#outlook-table tbody tr")) {
        let cells: Vec<String> = select(row, "th, td").map(words).collect();
        release.counts[0].read += 1;
        match projection(&cells, number, span, whole.then_some(facts), release) {
            Ok(()) => release.counts[0].loaded += 1,
            Err((code, message)) => {
                release.counts[0].rejected += 1;
                release.rejects.push(Reject {
                    locator: locator(name, name, "outlook", number),
                    code,
                    message,
                    raw: cells.join("\t"),
                });
            }
        }
        whole = false;
    }
}

fn projection(
    cells: &[String],
    number: u32,
    span: (i16, i16),
    facts: Option<&Facts>,
    release: &mut Release,
) -> Result<(), super::row::Fault> {
    let [title, code, base, target, percent, change, ..] = cells else {
        return Err((RejectCode::ShortRow, "the row has fewer than six cells".into()));
    };
    let count = |printed: &String| {
        let read = scaled(printed, 0);
        read.ok_or_else(|| (RejectCode::UnreadableNumber, format!("`{printed}` is not a number of jobs")))
    };
    let percent = scaled(percent, 3).and_then(|percent| i32::try_from(percent).ok());
    let percent = percent.ok_or((RejectCode::UnreadableNumber, "the percent is not a number".to_owned()))?;
    let (base, target, change) = (count(base)?, count(target)?, count(change)?);
    let subject = subject(title, code, release)?;
    let position = Position { part: 0, row: number };
    let openings = facts.and_then(|facts| facts.openings);
    let counts = [Some(base), Some(target), Some(change), openings, None, None];
    let stated = Count::ALL.into_iter().filter(|count| counts[*count as usize].is_some());
    let marks = stated.fold(CountMarks::default(), |marks, count| marks.with(count, FigureKind::Exact));
    release.project(Projection {
        subject,
        region: 0,
        base_year: span.0,
        target_year: span.1,
        counts,
        marks,
        change_percent: Some(percent),
        published_category: facts.and_then(|facts| facts.category.clone()),
        cited_authority: None,
        locator: None,
        position,
    })?;
    if let Some(facts) = facts {
        let [education, experience, training] =
            [&facts.education, &facts.experience, &facts.training].map(Clone::clone);
        release.require(Requirement { subject, education, experience, training, position });
    }
    Ok(())
}

fn subject(title: &str, code: &str, release: &mut Release) -> Result<Subject, super::row::Fault> {
    if code == SEVERAL {
        return Ok(Subject::Role);
    }
    let classification = Classification::Soc2018;
    if !super::row::well_formed(classification, code) {
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
