//! One release's figures in memory: compact columns, never changed once loaded, sorted by subject and region.

use std::{cmp::Ordering, ops::Range};

use entity::{
    Cell, Experience, FigureKind, Marks, OccupationId, PayConcept, PayPeriod, RegionId, ReleaseId, RoleId,
    Sex, WorkTime, growth_projection,
};
use rustc_hash::FxHashMap;

mod column;
mod load;

use self::column::{Column, Texts};
pub use self::load::{load, load_of, load_projections_of};

/// What a band or projection is about: an occupation, or a role where the source names only a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// An occupation of a classification.
    Occupation(OccupationId),
    /// A role.
    Role(RoleId),
}

impl Subject {
    /// Returns what a row is about.
    pub(crate) fn new(occupation: Option<OccupationId>, role: Option<RoleId>) -> Self {
        match (occupation, role) {
            (Some(occupation), _) => Self::Occupation(occupation),
            (None, role) => Self::Role(role.unwrap_or_default()),
        }
    }

    /// Returns what a projection is about.
    pub fn of(row: &growth_projection::Model) -> Self {
        Self::new(row.occupation_id, row.role_id)
    }
}

/// What many bands share: whom they count, and what their money means. Kept once per release.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Segment {
    /// NAICS code; empty for all industries.
    pub industry: String,
    /// The publisher's ownership code; empty where there is none.
    pub ownership: String,
    /// Women, men or all.
    pub sex: Sex,
    /// Full time, part time or all.
    pub work_time: WorkTime,
    /// Level of experience.
    pub experience: Experience,
    /// The span one amount is for.
    pub period: PayPeriod,
    /// ISO 4217.
    pub currency: String,
    /// What the pay includes.
    pub concept: PayConcept,
    /// Hours a year behind the publisher's annual figure.
    pub hours_per_year: Option<i32>,
}

impl Segment {
    /// Returns whether it counts everybody: all industries, sexes, working times and experience.
    pub fn is_whole(&self) -> bool {
        self.industry.is_empty()
            && self.sex == Sex::All
            && self.work_time == WorkTime::All
            && self.experience == Experience::All
    }

    /// Returns whether it counts the same people and pay as another one, whichever period their amounts are for.
    pub fn is_beside(&self, other: &Self) -> bool {
        (self.sex, self.work_time, self.experience, self.concept)
            == (other.sex, other.work_time, other.experience, other.concept)
            && (&self.industry, &self.ownership, &self.currency)
                == (&other.industry, &other.ownership, &other.currency)
    }

    /// Returns the words that tell it from other segments of one publisher, for a key.
    pub fn key(&self) -> String {
        let mut words: Vec<&str> = Vec::new();
        words
            .extend([self.industry.as_str(), self.ownership.as_str()].iter().filter(|word| !word.is_empty()));
        words.extend((self.sex != Sex::All).then(|| self.sex.as_str()));
        words.extend((self.work_time != WorkTime::All).then(|| self.work_time.as_str()));
        words.extend((self.experience != Experience::All).then(|| self.experience.as_str()));
        if words.is_empty() { "ALL".to_owned() } else { words.join("+") }
    }
}

/// The bands and projections of one release.
#[derive(Debug)]
pub struct Frame {
    release: ReleaseId,
    subjects: Vec<Subject>,
    regions: Vec<RegionId>,
    segments: Vec<u16>,
    marks: Vec<i64>,
    table: Vec<Segment>,
    cells: Vec<Column>,
    mean_rse: Column,
    location_quotient: Column,
    jobs_per_thousand: Column,
    sample_size: Column,
    stated: Column,
    part: Column,
    row: Column,
    authorities: Texts,
    locators: Texts,
    projections: Vec<growth_projection::Model>,
    band_spans: Spans,
    projection_spans: Spans,
}

/// Where the rows of each subject stand.
type Spans = FxHashMap<Subject, Range<usize>>;

/// Finds the spans of sorted subjects.
fn spans(subjects: impl Iterator<Item = Subject>) -> Spans {
    let mut spans = Spans::default();
    for (place, subject) in subjects.enumerate() {
        spans.entry(subject).or_insert(place..place).end = place + 1;
    }
    spans
}

impl Frame {
    /// Returns the release whose figures these are.
    pub fn release(&self) -> ReleaseId {
        self.release
    }

    /// Returns how many bands there are.
    pub fn len(&self) -> usize {
        self.subjects.len()
    }

    /// Returns whether there are no bands.
    pub fn is_empty(&self) -> bool {
        self.subjects.is_empty()
    }

    /// Returns the projections, by subject and region.
    pub fn projections(&self) -> &[growth_projection::Model] {
        &self.projections
    }

    /// Returns where the bands of `subject` stand.
    pub fn bands_of(&self, subject: Subject) -> Range<usize> {
        self.band_spans.get(&subject).cloned().unwrap_or_default()
    }

    /// Returns where the bands of `subject` in `region` stand.
    pub fn bands_at(&self, subject: Subject, region: RegionId) -> Range<usize> {
        let span = self.bands_of(subject);
        within(&self.regions[span.clone()], span.start, |other| other.cmp(&region))
    }

    /// Returns where the projections of `subject` stand.
    pub fn projections_of(&self, subject: Subject) -> Range<usize> {
        self.projection_spans.get(&subject).cloned().unwrap_or_default()
    }

    /// Returns where the projections of `subject` in `region` stand.
    pub fn projections_at(&self, subject: Subject, region: RegionId) -> Range<usize> {
        let span = self.projections_of(subject);
        within(&self.projections[span.clone()], span.start, |other| other.region_id.cmp(&region))
    }

    /// Returns the band at `index`.
    pub fn band(&self, index: usize) -> Band<'_> {
        Band { frame: self, index }
    }

    /// Returns the bytes the columns take, without the segments they share.
    pub fn bytes(&self) -> usize {
        let columns = [
            &self.mean_rse,
            &self.location_quotient,
            &self.jobs_per_thousand,
            &self.sample_size,
            &self.stated,
            &self.part,
            &self.row,
        ];
        let cells: usize = self.cells.iter().chain(columns).map(Column::bytes).sum();
        cells
            + self.len()
                * (size_of::<Subject>() + size_of::<RegionId>() + size_of::<u16>() + size_of::<i64>())
    }
}

/// Returns where in a sorted list that begins at `start` the rows stand that `order` finds equal.
fn within<T>(rows: &[T], start: usize, order: impl Fn(&T) -> Ordering) -> Range<usize> {
    let from = rows.partition_point(|row| order(row).is_lt());
    let many = rows[from..].partition_point(|row| order(row).is_eq());
    start + from..start + from + many
}

/// One band of a frame.
#[derive(Clone, Copy, Debug)]
pub struct Band<'a> {
    frame: &'a Frame,
    index: usize,
}

impl<'a> Band<'a> {
    /// Returns what it is about.
    pub fn subject(self) -> Subject {
        self.frame.subjects[self.index]
    }

    /// Returns its place.
    pub fn region(self) -> RegionId {
        self.frame.regions[self.index]
    }

    /// Returns whom it counts and what its money means.
    pub fn segment(self) -> &'a Segment {
        &self.frame.table[usize::from(self.frame.segments[self.index])]
    }

    /// Returns the kind of a cell, and what is printed there: minor units of money, or whole jobs.
    pub fn cell(self, cell: Cell) -> (FigureKind, Option<i64>) {
        let kind = Marks(self.frame.marks[self.index]).get(cell);
        (kind, self.frame.cells[cell.index()].get(self.index))
    }

    /// Returns the relative standard error of the mean, thousandths of a percent.
    pub fn mean_rse(self) -> Option<i64> {
        self.frame.mean_rse.get(self.index)
    }

    /// Returns the location quotient, thousandths.
    pub fn location_quotient(self) -> Option<i64> {
        self.frame.location_quotient.get(self.index)
    }

    /// Returns how many of a thousand workers in the place work in the occupation, as published: thousandths.
    pub fn jobs_per_thousand(self) -> Option<i64> {
        self.frame.jobs_per_thousand.get(self.index)
    }

    /// Returns how many records are behind it.
    pub fn sample_size(self) -> Option<i64> {
        self.frame.sample_size.get(self.index)
    }

    /// Returns which of the periods that bands of its release state for themselves it refers to; none where it refers to that
    /// of the release.
    pub fn stated(self) -> Option<usize> {
        self.frame.stated.get(self.index).and_then(|place| usize::try_from(place).ok())
    }

    /// Returns whom the source cites.
    pub fn cited_authority(self) -> Option<&'a str> {
        self.frame.authorities.get(self.index)
    }

    /// Returns the source's own locator, where a row number would not do.
    pub fn locator(self) -> Option<&'a str> {
        self.frame.locators.get(self.index)
    }

    /// Returns the part of the release it was read from, and the row there.
    pub fn position(self) -> (usize, i64) {
        let part = self.frame.part.get(self.index).unwrap_or_default();
        (usize::try_from(part).unwrap_or_default(), self.frame.row.get(self.index).unwrap_or_default())
    }
}
