//! What Rolecast collects, as `sources/*.toml` say it. Loaded once, checked completely, then read-only.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::{
    ArtifactOrigin, Classification, FigureKind, MappingRelation, OccupationLevel, PayConcept, PayMethod,
    PayPeriod, Sex, WorkTime,
};
use regex::Regex;
use serde::Deserialize;

mod pattern;
mod registry;

pub use pattern::Pattern;
pub use registry::{DefinitionError, Registry};

/// A publisher and the tables taken from it: one TOML file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Names the source everywhere.
    pub key: String,
    /// What a person calls it.
    pub title: String,
    /// Who publishes the figures.
    pub publisher: String,
    /// Where a person can read about them.
    pub homepage: String,
    /// How pay was observed; none for a source without figures.
    pub method: Option<PayMethod>,
    /// What the pay includes.
    #[serde(default = "unstated")]
    pub concept: PayConcept,
    /// The terms the figures come under.
    pub licence: String,
    /// The credit line the licence asks for.
    pub attribution: String,
    /// When to look for something new: a cron line with seconds, UTC.
    pub schedule: Option<String>,
    /// Days after a load at which the figures count as due again.
    pub stale_after_days: i32,
    /// Whether the schedule applies.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Files to fetch.
    #[serde(default)]
    pub urls: Vec<String>,
    /// Whether its addresses may be on this machine or network.
    #[serde(default)]
    pub local: bool,
    /// The publisher's cautions.
    #[serde(default)]
    pub notes: Vec<String>,
    /// The day each release was published, by its label.
    #[serde(default)]
    pub calendar: BTreeMap<String, NaiveDate>,
    /// Cells that are not numbers, and what they mean.
    #[serde(default)]
    pub marks: BTreeMap<String, Mark>,
    /// The bound behind [`Mark::Bound`] where a release has no legend, oldest first.
    #[serde(default)]
    pub bounds: Vec<Bound>,
    /// Tables of pay, projections and requirements.
    #[serde(default)]
    pub layout: Vec<Layout>,
    /// How the source is read when it is not a table of figures.
    #[serde(default)]
    pub reader: Reader,
}

/// What reads a source's files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reader {
    /// Tables, by [`Source::layout`].
    #[default]
    Tables,
    /// A career page in prose, HTML or JSON-LD.
    Page,
}

/// What a mark in a cell stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Mark {
    /// Withheld, or not applicable where the row is flagged for the other period only.
    WithheldOrNotApplicable,
    /// Withheld.
    Suppressed,
    /// Too uncertain to use.
    Unreliable,
    /// Has no meaning here.
    NotApplicable,
    /// Not published.
    NotPublished,
    /// At least the bound of the release's legend.
    Bound,
    /// The number zero.
    Zero,
}

impl Mark {
    /// Returns the kind of a cell with this mark, or `None` where the mark stands for a number.
    pub fn kind(self, other_period_only: bool) -> Option<FigureKind> {
        Some(match self {
            Self::WithheldOrNotApplicable if other_period_only => FigureKind::NotApplicable,
            Self::WithheldOrNotApplicable | Self::Suppressed => FigureKind::Suppressed,
            Self::Unreliable => FigureKind::Unreliable,
            Self::NotApplicable => FigureKind::NotApplicable,
            Self::NotPublished => FigureKind::NotPublished,
            Self::Bound | Self::Zero => return None,
        })
    }
}

/// The highest pay a publisher prints, up to and including one year.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bound {
    /// First year it applies to.
    pub from: i32,
    /// Last year it applies to.
    pub through: i32,
    /// Minor units an hour.
    pub hour: i64,
    /// Minor units a year.
    pub year: i64,
    /// `or more`, or `more than`.
    pub words: String,
}

/// One table: where it stands, how it is laid out and what its columns mean.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// The dataset its releases belong to.
    pub dataset: String,
    /// What a row becomes.
    pub rows: Rows,
    /// The file's name, or `archive/member`; groups `year`, `yy`, `base` and `target` name the period.
    pub file: Pattern,
    /// The words above a table that name the period with the groups of [`Self::file`], where the file's name does not.
    #[serde(default)]
    pub title: Option<Pattern>,
    /// The sheet's name.
    #[serde(default)]
    pub sheet: Option<Pattern>,
    /// Whose file it is.
    #[serde(default = "publisher")]
    pub origin: ArtifactOrigin,
    /// Files of one role replace each other within an edition; files of different roles stand together.
    #[serde(default)]
    pub part: String,
    /// How many rows above the last header row belong to the header.
    #[serde(default)]
    pub header_above: usize,
    /// Label, first and last day of the reference period, with `{year}`, `{base}`, `{target}`, `{prior}` filled in.
    pub reference: Reference,
    /// The classification of the codes, by year.
    #[serde(default)]
    pub classification: Vec<Scheme>,
    /// How a row's level is told.
    #[serde(default)]
    pub level: Level,
    /// Columns of codes from broad to fine, of which a row fills one; they stand for the code column.
    #[serde(default)]
    pub staircase: Vec<String>,
    /// The classification that a crosswalk leads to.
    #[serde(default)]
    pub to: Option<Classification>,
    /// The relation of a crosswalk's pairs; none means that the pairs tell it.
    #[serde(default)]
    pub relation: Option<MappingRelation>,
    /// What parts several titles in one cell: a line end unless it is said.
    #[serde(default)]
    pub split: Option<String>,
    /// What is written in a cell that is meant to be empty.
    #[serde(default)]
    pub blank: String,
    /// Where a row's region stands.
    #[serde(default)]
    pub region: Place,
    /// The columns that are not figures of a band: field to the headers it may bear; an empty one is the first column
    /// without a header.
    pub columns: BTreeMap<Field, Vec<String>>,
    /// The bands a row makes.
    #[serde(default)]
    pub band: Vec<BandColumns>,
    /// What a count is multiplied by.
    #[serde(default = "one")]
    pub unit: i64,
    /// The segment each sheet stands for; none means everybody.
    #[serde(default)]
    pub sheets: BTreeMap<String, SheetSegment>,
    /// Rows that are not figures, first match counts.
    #[serde(default)]
    pub skip: Vec<Skip>,
    /// What stands for the code in a row of totals that has none.
    #[serde(default)]
    pub total: Option<Total>,
    /// What a believable release looks like.
    #[serde(default)]
    pub expect: Expect,
}

/// What the rows of a table become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rows {
    /// Pay bands.
    Bands,
    /// Coefficients of variation, percent, for the bands of another file.
    Quality,
    /// Growth projections, with requirements where the columns are there.
    Projections,
    /// Requirements alone.
    Requirements,
    /// Codes, titles and parents of a classification.
    Groups,
    /// Pairs of codes of two classifications.
    Crosswalk,
    /// Occupations that something else is said of in other tables.
    Occupations,
    /// Other titles of an occupation.
    Titles,
    /// What people in an occupation do.
    Duties,
    /// Skills, one row for each scale.
    Skills,
    /// Fields of knowledge, one row for each scale.
    Knowledge,
    /// Tools and technologies.
    Technology,
    /// How much preparation an occupation needs.
    JobZones,
    /// Occupations near another one.
    Related,
    /// Nothing: counted under the first skip rule.
    Skip,
}

/// A period's label and days.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// As people call it.
    pub label: String,
    /// First day.
    pub start: String,
    /// Last day.
    pub end: String,
}

/// A classification and the last year it is used.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    /// Last year.
    #[serde(default = "always")]
    pub through: i32,
    /// What its codes look like, where a table holds codes of several.
    #[serde(default)]
    pub code: Option<Pattern>,
    /// The classification.
    pub is: Classification,
}

/// How the level of a row is told.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// By the digits of a SOC code: `11-0000` is a major group.
    #[default]
    Soc,
    /// By the number of characters of the code, from major to detailed.
    Length,
    /// By the words of the level column.
    Column(BTreeMap<String, OccupationLevel>),
}

/// Where a row's region stands.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// Every row is about this region.
    Fixed(String),
    /// The region column holds a state's FIPS number.
    Fips,
    /// The region column holds a state's postal letters.
    Postal,
}

impl Default for Place {
    fn default() -> Self {
        Self::Fixed("US".into())
    }
}

/// What a column says, other than the figures of a band.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is the name of its column")]
pub enum Field {
    Code,
    Title,
    Level,
    Region,
    Industry,
    IndustryGroup,
    Ownership,
    Employment,
    MeanRse,
    LocationQuotient,
    AnnualOnly,
    HourlyOnly,
    BaseEmployment,
    TargetEmployment,
    Change,
    ChangePercent,
    Openings,
    Education,
    Experience,
    Training,
    Parent,
    Text,
    Scale,
    Value,
    Suppress,
    RelatedCode,
    RelatedTitle,
    Tier,
}

/// One band of a row: its period and the headers of its figures.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BandColumns {
    /// The period of the amounts.
    pub period: PayPeriod,
    /// The currency of the amounts.
    pub currency: String,
    /// Hours a year the publisher's annual figures rest on.
    pub hours: Option<i32>,
    /// Cell to headers.
    pub cells: BTreeMap<entity::Cell, Vec<String>>,
}

/// Whom a sheet counts.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetSegment {
    /// Sex.
    #[serde(default = "any_sex")]
    pub sex: Sex,
    /// Working time.
    #[serde(default = "any_time")]
    pub work_time: WorkTime,
}

impl Default for SheetSegment {
    fn default() -> Self {
        Self { sex: Sex::All, work_time: WorkTime::All }
    }
}

/// Rows that are counted and left out.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Skip {
    /// What they are, as the release reports it.
    pub rule: String,
    /// The column looked at; none means any row.
    pub field: Option<Field>,
    /// What the cell looks like.
    pub cell: Option<Pattern>,
}

/// The code given to a row of totals.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Total {
    /// The title the publisher prints.
    pub title: String,
    /// The code it gets.
    pub code: String,
}

/// What a believable release looks like.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Expect {
    /// Fewest rows.
    pub min_rows: u64,
    /// Largest share of rows a release may lose against the one before, percent.
    pub max_fall_percent: u64,
    /// Most codes the classification lacks.
    pub max_composites: usize,
}

impl Default for Expect {
    fn default() -> Self {
        Self { min_rows: 1, max_fall_percent: 25, max_composites: 200 }
    }
}

impl Source {
    /// Returns the bound in force in `year`, if the definition has one.
    pub fn bound(&self, year: i32) -> Option<&Bound> {
        self.bounds.iter().find(|bound| (bound.from..=bound.through).contains(&year))
    }
}

impl Layout {
    /// Returns the classification of `code` in a release of `year`.
    pub fn classification(&self, year: i32, code: &str) -> Option<Classification> {
        let fits = |scheme: &&Scheme| {
            year <= scheme.through && scheme.code.as_ref().is_none_or(|pattern| pattern.is_match(code))
        };
        self.classification.iter().find(fits).map(|scheme| scheme.is)
    }

    /// Returns the file pattern.
    pub fn file(&self) -> &Regex {
        self.file.regex()
    }
}

fn unstated() -> PayConcept {
    PayConcept::Unstated
}

fn yes() -> bool {
    true
}

fn always() -> i32 {
    i32::MAX
}

fn one() -> i64 {
    1
}

fn publisher() -> ArtifactOrigin {
    ArtifactOrigin::Publisher
}

fn any_sex() -> Sex {
    Sex::All
}

fn any_time() -> WorkTime {
    WorkTime::All
}
