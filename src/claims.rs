//! A pasted text against the loaded figures: every figure it states gets a verdict and the figure that decides.
//!
//! A text is read by the reader of career pages (`jobs::page`), one statement at a time: a range and an average of one
//! sentence are two claims, growth and the words for it two more. Rules, in the order they are applied:
//!
//! - **Evidence** is official: surveys and registers. Pages, advertisements, crowds and filings never decide.
//! - **Whose figure**: the role named last before the figure in its sentence, else the one named first after it, else that of
//!   the text's heading. A role is named by its own title, a curated name, or another title that is clearly its own; longer
//!   ones count first. Where none is known the claim is `NOT_CHECKABLE`, and so is one about a place or an occupation without an
//!   official figure of the stated period and currency, and one whose figure is withheld or unreliable. So is a figure that is none
//!   of everybody in one known place and year, or that all occupations have together, by the sentence itself (`Doubt`).
//! - **As made**: pay against the release of the year its sentence names, else against those known on the day the text was last
//!   changed (today's where it says none); growth against the projection of the very years it names, whichever release
//!   printed it, and without years against today's. A cycle may print occupations together: the
//!   projection whose title begins with the occupation's then stands for it, and the explanation says so.
//!   An elder release may have the occupation under the code of another edition that means exactly the same.
//!   **Now**: against the current releases; they say nothing of a year that could not be checked, and of another span only whether
//!   what held of it still does.
//! - **A number** holds when the printed one, rounded half away from zero to the claim's own precision, is the claim. The
//!   precision of pay is the largest power of ten that divides it, at most a thousand; that of a percent the decimals it
//!   shows. Less than one such unit away it is `WRONG_ROUNDING`; farther it is `WRONG_OCCUPATION` when it is the figure of
//!   another occupation of the same broad group, else `CONTRADICTED`.
//! - **A bound** ("this or more") supports nothing exact: a claim below an `AT_LEAST` is contradicted, one at or above it
//!   not checkable.
//! - **A limit** ("more than $100,000" of a named figure) holds when the printed figure lies on its side, and needs no rounding.
//!   What the sentence **denies** ("was not") is not checkable.
//! - **A range** without named percentiles holds when the median lies in it and neither end lies more than a tenth beyond
//!   the published 10th and 90th percentiles. It is no percentile and needs no rounding.
//! - **Words for growth** hold when they are those of the cycle's own cut-offs.
//! - A percent of one year is compared with the annual rate of the projection.
//! - What held as made, be it wrongly rounded, and does not hold now is `STALE` now.
//! - The verdict is the first in the order of the list of those two that could be checked.

mod growth;
mod pay;
mod rounding;
mod subject;

use entity::Cell;
use jobs::page::{Doubt, Manner, Said, statements};
use sea_orm::DbErr;
use tokio::task;

use self::subject::Subjects;
use crate::reader::{BandRef, Moment, ProjectionRef, Reader};

/// What becomes of a claim, the first that applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing official decides it.
    NotCheckable,
    /// The figure of another occupation.
    WrongOccupation,
    /// The official figure differs.
    Contradicted,
    /// Nearly the official figure, wrongly rounded.
    WrongRounding,
    /// It was right once.
    Stale,
    /// It agrees.
    Supported,
}

impl Verdict {
    /// Returns whether the figure was meant, be it badly rounded.
    fn held(self) -> bool {
        matches!(self, Self::Supported | Self::WrongRounding)
    }
}

/// A claim and its verdict.
#[derive(Clone, Debug)]
pub struct Check {
    /// What is claimed: the figure and its sentence.
    pub claim: String,
    /// The first that applies.
    pub verdict: Verdict,
    /// How it stood when it was made.
    pub as_made: Verdict,
    /// How it stands.
    pub now: Verdict,
    /// Why, for a person.
    pub explanation: String,
    /// The band that decides.
    pub band: Option<BandRef>,
    /// The projection that decides.
    pub projection: Option<ProjectionRef>,
}

/// A finding of one side: as made, or now.
struct Finding<T> {
    verdict: Verdict,
    why: String,
    evidence: Option<T>,
}

impl<T> Finding<T> {
    fn new(verdict: Verdict, why: String, evidence: Option<T>) -> Self {
        Self { verdict, why, evidence }
    }

    fn none(why: String) -> Self {
        Self::new(Verdict::NotCheckable, why, None)
    }
}

/// Puts both sides together.
fn judged<T>(claim: String, made: Finding<T>, mut now: Finding<T>) -> (Check, Option<T>) {
    let differs = match now.verdict {
        Verdict::Contradicted | Verdict::WrongOccupation => made.verdict.held(),
        Verdict::WrongRounding => made.verdict == Verdict::Supported,
        _ => false,
    };
    if differs {
        now.verdict = Verdict::Stale;
    }
    let checked = [made.verdict, now.verdict].into_iter().filter(|verdict| *verdict != Verdict::NotCheckable);
    let verdict = checked.min().unwrap_or(Verdict::NotCheckable);
    let explanation =
        if made.why == now.why { made.why } else { format!("As made: {} Now: {}", made.why, now.why) };
    let check = Check {
        claim,
        verdict,
        as_made: made.verdict,
        now: now.verdict,
        explanation,
        band: None,
        projection: None,
    };
    (check, made.evidence.or(now.evidence))
}

/// Checks every claim of a text, in order.
pub async fn check(reader: &Reader, text: &str) -> Result<Vec<Check>, DbErr> {
    let read = statements(text);
    let subjects = Subjects::new(reader, &read.title).await?;
    let mut checks = Vec::new();
    for statement in &read.statements {
        // Nothing below waits for anything: others get their turn here.
        task::yield_now().await;
        let (sentence, start) = (&statement.sentence, statement.start);
        match &statement.said {
            Said::Pay(said) => {
                let role = subjects.of_amount(sentence, start).await?;
                let made = said.year.map(Moment::Of).or(read.updated.map(Moment::Known)).unwrap_or_default();
                checks.push(pay::check(reader, role, said, made, sentence).await?);
            }
            Said::Growth(outlook) => {
                let role = subjects.of(sentence, start).await?;
                checks.extend(growth::check(reader, role, outlook, sentence).await?);
            }
        }
    }
    Ok(checks)
}

/// Returns why a claim cannot be checked, by its own sentence.
fn unclear(manner: Manner, doubt: Option<&Doubt>) -> Option<String> {
    let denied = manner.denied.then(|| "The sentence says that it is not so.".to_owned());
    denied.or_else(|| doubt.map(Doubt::why))
}

/// What a cell is called.
fn called(cell: Cell) -> &'static str {
    match cell {
        Cell::Mean => "average",
        Cell::Median => "median",
        Cell::P10 => "10th percentile",
        Cell::P25 => "25th percentile",
        Cell::P75 => "75th percentile",
        Cell::P90 => "90th percentile",
        Cell::Low => "lower end",
        Cell::High => "upper end",
        _ => "figure",
    }
}
