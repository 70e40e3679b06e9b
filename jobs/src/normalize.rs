//! Rows of text to figures: columns to measures, marks to kinds, codes to occupations and regions.
//!
//! Every row becomes figures, one [`Reject`], or one skip counted under a named rule:
//! rows read = loaded + rejected + skipped.

use std::collections::{BTreeSet, HashMap, HashSet};

use entity::{
    ArtifactOrigin, Cell, Classification, CountMarks, Experience, Marks, OccupationLevel, PayConcept,
    PayPeriod, ReferencePeriod, Sex, SkillKind, TextKind, WorkTime,
};
use serde::{Deserialize, Serialize};

mod band;
mod bare;
mod columns;
mod counts;
mod fact;
mod figures;
mod handbook;
mod late;
mod legend;
mod merge;
mod microdata;
mod number;
mod observation;
mod page;
mod places;
mod projection;
mod quantile;
mod reader;
mod reference;
mod reject;
mod role;
mod row;
mod series;
mod series_name;
mod stated;
mod structure;
mod title;

pub(crate) use bare::apart;
pub use counts::Counts;
pub use fact::Fact;
pub use handbook::read_handbook;
pub(crate) use late::recall;
pub(crate) use number::{may_be_thousands, unsigned};
pub use number::{plain, scaled};
pub use observation::{Observation, read_observations};
pub use page::read_page;
pub use places::PrintedRegion;
pub(crate) use reader::knows;
pub use reader::{Made, Normalizer};
pub use reject::{Reject, RejectCode};
pub(crate) use role::Role;
pub use series::{Index, Parity, Printed, Rate, Series};
pub(crate) use series_name::oews;
pub(crate) use title::{label, named};

/// Returns file, member, sheet and row as a person would look them up: of JSON the pointer of the record.
pub fn locator(file: &str, member: &str, sheet: &str, row: u32) -> String {
    let member = if member == file { String::new() } else { format!(" › {member}") };
    if sheet.starts_with('#') {
        return format!("{file}{member} › {}", pointer(sheet, row));
    }
    let sheet = if sheet.is_empty() { String::new() } else { format!(" › sheet {sheet}") };
    format!("{file}{member}{sheet}, row {row}")
}

/// A record of JSON: row 0 is the value at the pointer itself.
fn pointer(place: &str, row: u32) -> String {
    match (place.strip_suffix("{}"), row.checked_sub(1)) {
        (Some(object), Some(_)) => format!("{object}, member {row}"),
        (None, Some(index)) => format!("{place}/{index}"),
        (_, None) => place.trim_end_matches("{}").to_owned(),
    }
}

/// Where in a file a figure stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Index into [`Release::parts`].
    pub part: i16,
    /// Row or line, from 1.
    pub row: u32,
}

/// One member and sheet of one artifact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartName {
    /// Index of the artifact in the release.
    pub artifact: usize,
    /// Path inside the archive, or the file's own name.
    pub member: String,
    /// Sheet, empty for text.
    pub sheet: String,
}

/// What a figure is about: an index into [`Release::occupations`], or the release's role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Subject {
    /// An occupation.
    Occupation(usize),
    /// The role a page speaks of.
    Role,
}

/// Whom a band counts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SegmentKey {
    /// NAICS code; empty for all industries.
    pub industry: String,
    /// The publisher's ownership code, where industry rows carry one.
    pub ownership: String,
    /// Sex.
    pub sex: Sex,
    /// Working time.
    pub work_time: WorkTime,
    /// Experience.
    pub experience: Experience,
}

impl Default for SegmentKey {
    fn default() -> Self {
        Self {
            industry: String::new(),
            ownership: String::new(),
            sex: Sex::All,
            work_time: WorkTime::All,
            experience: Experience::All,
        }
    }
}

/// One band in our own terms. Money in minor units, rates in thousandths.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// What it is about.
    pub subject: Subject,
    /// Index into [`Release::regions`].
    pub region: usize,
    /// Whom it counts.
    pub segment: SegmentKey,
    /// The period of its amounts.
    pub period: PayPeriod,
    /// The currency of its amounts.
    pub currency: String,
    /// What the pay includes.
    pub concept: PayConcept,
    /// The cells, in the order of [`Cell::ALL`].
    pub cells: [Option<i64>; 15],
    /// The kind of every cell.
    pub marks: Marks,
    /// Relative standard error of the mean.
    pub mean_rse: Option<i32>,
    /// Location quotient.
    pub location_quotient: Option<i32>,
    /// Of a thousand workers in the place, those in the occupation.
    #[serde(default)]
    pub jobs_per_thousand: Option<i32>,
    /// Records behind the figures.
    #[serde(default)]
    pub sample_size: Option<i32>,
    /// Hours a year an annual amount rests on.
    pub hours_per_year: Option<i32>,
    /// Whom the source cites.
    pub cited_authority: Option<String>,
    /// Place in words, for a source without rows.
    pub locator: Option<String>,
    /// Place in the file.
    pub position: Position,
    /// The level printed beside the code.
    pub level: OccupationLevel,
    /// The period it states for itself: an index into [`Release::stated`]; none where it refers to that of the release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated: Option<usize>,
}

impl Band {
    /// Returns the amount or count in `cell`.
    pub fn cell(&self, cell: Cell) -> Option<i64> {
        self.cells[cell.index()]
    }
}

/// One projection. Counts are jobs; percent in thousandths.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Projection {
    /// What it is about.
    pub subject: Subject,
    /// Index into [`Release::regions`].
    pub region: usize,
    /// First year.
    pub base_year: i16,
    /// Last year.
    pub target_year: i16,
    /// What is counted, in the order of [`Count`].
    pub counts: [Option<i64>; 6],
    /// Kinds of [`Self::counts`].
    pub marks: CountMarks,
    /// Percent over the span.
    pub change_percent: Option<i32>,
    /// The publisher's words.
    pub published_category: Option<String>,
    /// Whom the source cites.
    pub cited_authority: Option<String>,
    /// Place in words, for a source without rows.
    pub locator: Option<String>,
    /// Place in the file.
    pub position: Position,
}

/// What entry to an occupation asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// What it is about.
    pub subject: Subject,
    /// Education, as printed.
    pub education: Option<String>,
    /// Work experience, as printed.
    pub experience: Option<String>,
    /// On-the-job training, as printed.
    pub training: Option<String>,
    /// Place in the file.
    pub position: Position,
}

/// An occupation as the release prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintedOccupation {
    /// The classification the release uses.
    pub classification: Classification,
    /// The code.
    pub code: String,
    /// The title.
    pub title: String,
    /// The level.
    pub level: OccupationLevel,
}

/// The role a page speaks of, with what the page says beside figures.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PageRole {
    /// The role's title.
    pub title: String,
    /// Names and kinds of skills.
    pub skills: Vec<(String, SkillKind)>,
    /// Texts, with the answer of a question. Never shipped.
    #[serde(skip)]
    pub texts: Vec<(TextKind, String, Option<String>)>,
    /// Education asked for. Never shipped.
    #[serde(skip)]
    pub education: Option<String>,
    /// Experience asked for. Never shipped.
    #[serde(skip)]
    pub experience: Option<String>,
}

/// One release in our own terms, before it is checked and stored.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Release {
    /// Its dataset.
    pub dataset: String,
    /// As people call its period.
    pub label: String,
    /// First day of its period.
    pub start: chrono::NaiveDate,
    /// Last day of its period.
    pub end: chrono::NaiveDate,
    /// The periods that some of its bands state for themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stated: Vec<ReferencePeriod>,
    /// The day it was published, and whether that is an estimate.
    pub published: Option<(chrono::NaiveDate, bool)>,
    /// How it words its upper bound.
    pub bound_words: String,
    /// The parts it was read from.
    pub parts: Vec<PartName>,
    /// Where each artifact comes from.
    pub origins: Vec<ArtifactOrigin>,
    /// Rows, by artifact.
    pub counts: Vec<Counts>,
    /// Occupations it prints.
    pub occupations: Vec<PrintedOccupation>,
    /// Regions it prints, by code.
    pub regions: Vec<String>,
    /// What it says of regions themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<PrintedRegion>,
    /// Its pay.
    pub bands: Vec<Band>,
    /// Its projections.
    pub projections: Vec<Projection>,
    /// Its requirements.
    pub requirements: Vec<Requirement>,
    /// Its points of reference series.
    #[serde(default, skip_serializing_if = "Series::is_empty")]
    pub series: Series,
    /// What it says of occupations beside figures. Never shipped.
    #[serde(skip)]
    pub facts: Vec<(usize, Fact)>,
    /// Its rejected rows.
    #[serde(skip)]
    pub rejects: Vec<Reject>,
    /// What it says about the role of a page.
    pub page: Option<Box<PageRole>>,
    /// Columns the definition asks for and the file lacks.
    pub missing: Vec<String>,
    /// Columns of the file that the definition does not use.
    #[serde(skip)]
    pub unused: Vec<String>,
    /// Two bounds for one mark, when legend and definition differ.
    pub bound_conflict: Option<String>,
    /// What the layout expects of it.
    #[serde(skip)]
    pub expect: crate::definition::Expect,
    /// Figures that its layouts ask for.
    #[serde(skip)]
    pub asked: BTreeSet<crate::definition::Figure>,
    /// Figures it must have, and the unit of its counts.
    #[serde(skip)]
    pub canaries: Vec<(crate::definition::Canary, i64)>,
    /// Rejects whose text is not at hand yet, and where their rows stand.
    #[serde(skip)]
    late: Vec<(usize, Position)>,
    #[serde(skip)]
    index: HashMap<(Classification, String), usize>,
    #[serde(skip)]
    placed: HashMap<String, usize>,
    #[serde(skip)]
    projected: HashMap<(Subject, usize), usize>,
    #[serde(skip)]
    required: HashSet<Subject>,
}

impl Release {
    /// Returns the index of an occupation, added at its first appearance.
    pub fn occupation(&mut self, printed: PrintedOccupation) -> usize {
        let key = (printed.classification, printed.code.clone());
        if let Some(&index) = self.index.get(&key) {
            return index;
        }
        self.occupations.push(printed);
        self.index.insert(key, self.occupations.len() - 1);
        self.occupations.len() - 1
    }

    /// Returns the index of a region, added at its first appearance.
    pub fn region(&mut self, code: &str) -> usize {
        self.regions.iter().position(|known| known == code).unwrap_or_else(|| {
            self.regions.push(code.to_owned());
            self.regions.len() - 1
        })
    }

    /// Returns the index of a period that bands state for themselves, added at its first appearance.
    pub fn period(&mut self, stated: ReferencePeriod) -> usize {
        self.stated.iter().position(|known| *known == stated).unwrap_or_else(|| {
            self.stated.push(stated);
            self.stated.len() - 1
        })
    }

    /// Returns how many figures, points and facts it holds.
    fn figures(&self) -> usize {
        let Series { rates, indexes, parities, .. } = &self.series;
        let (bands, projections) = (self.bands.len(), self.projections.len());
        let told = self.requirements.len() + self.facts.len() + self.places.len();
        bands + projections + told + rates.len() + indexes.len() + parities.len()
    }

    /// Returns the rows of all files together.
    pub fn total(&self) -> Counts {
        let mut total = Counts::default();
        for counts in &self.counts {
            total.add(counts);
        }
        total
    }
}
