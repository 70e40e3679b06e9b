//! One table of a source: where it stands and how it is laid out.

use std::collections::BTreeMap;

use entity::{ArtifactOrigin, Cell, Classification, Count, MappingRelation, PayPeriod, Sex, WorkTime};
use regex::Regex;
use serde::Deserialize;

use super::{
    About, BandColumns, Canary, Expect, Field, Figure, Figures, Level, Microdata, Pattern, Place, Pointer,
    Regions, Rows, Series,
};
use crate::codes;

/// One table: where it stands, how it is laid out and what its columns mean.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// What other layouts call it that are like it.
    #[serde(default)]
    pub name: Option<String>,
    /// The layout above from which it takes every key it does not have itself.
    #[serde(default)]
    pub like: Option<String>,
    /// The dataset its releases belong to; groups of the file's name stand in braces.
    pub dataset: String,
    /// What a row becomes.
    pub rows: Rows,
    /// The file's name, or `archive/member`; groups `year`, `yy`, `base` and `target` name the period. Groups `title` and `region`
    /// stand for a column that the table does not have.
    pub file: Pattern,
    /// The words above a table that name the period with the groups of [`Self::file`], where the file's name does not.
    #[serde(default)]
    pub title: Option<Pattern>,
    /// The sheet's name.
    #[serde(default)]
    pub sheet: Option<Pattern>,
    /// Where the records of a JSON document stand; without it every array of objects is a table.
    #[serde(default)]
    pub records: Option<Pointer>,
    /// Whether the members of the object at [`Self::records`] are the records, in columns `key` and `value`.
    #[serde(default)]
    pub members: bool,
    /// Whose file it is.
    #[serde(default = "publisher")]
    pub origin: ArtifactOrigin,
    /// Which part of an edition its table is. A file that has all parts of another one takes its place in the edition, whatever
    /// the form and name of both; files of different parts stand together.
    #[serde(default)]
    pub part: String,
    /// How many rows above the last header row belong to the header.
    #[serde(default)]
    pub header_above: usize,
    /// Whether upper cells of the header stand for several columns each: above the last header row, an empty cell says what the next
    /// one on its left does.
    #[serde(default)]
    pub header_merged: bool,
    /// Label, first and last day of the reference period, with `{year}`, `{base}`, `{target}`, `{prior}` filled in, and the day
    /// the file came in as `{retrieved}`.
    pub reference: Reference,
    /// How the period is read that a row states for its own figures, first match counts. Where the cell is empty or a mark, the
    /// figures refer to [`Self::reference`]; a row whose cell is read by none is rejected.
    #[serde(default)]
    pub references: Vec<StatedReference>,
    /// The classification of the codes, by year.
    #[serde(default)]
    pub classification: Vec<Scheme>,
    /// How a row's level is told.
    #[serde(default)]
    pub level: Level,
    /// What the code is within the cell of codes, first match counts; a cell that matches none is taken as it is.
    #[serde(default)]
    pub codes: Vec<CodeShape>,
    /// What the cell of titles looks like; its first group is the title.
    #[serde(default)]
    pub titled: Option<Pattern>,
    /// Columns of codes from broad to fine, of which a row fills one; they stand for the code column.
    #[serde(default)]
    pub staircase: Vec<String>,
    /// The classification that a crosswalk leads to.
    #[serde(default)]
    pub to: Option<Classification>,
    /// The relation of a crosswalk's pairs; none means that the pairs tell it.
    #[serde(default)]
    pub relation: Option<MappingRelation>,
    /// What the comment on a pair looks like where a code gave only a part to others; its first group lists those.
    #[serde(default)]
    pub parts: Option<Pattern>,
    /// What parts several titles in one cell: a line end unless it is said.
    #[serde(default)]
    pub split: Option<String>,
    /// What is written in a cell that is meant to be empty.
    #[serde(default)]
    pub blank: String,
    /// Where a row's region stands.
    #[serde(default)]
    pub region: Place,
    /// What a row says of a region itself.
    #[serde(default)]
    pub regions: Option<Regions>,
    /// The columns that are not figures of a band: field to the headers it may bear. The title may have an empty one alone: it
    /// stands in the first column without a header.
    pub columns: BTreeMap<Field, Vec<String>>,
    /// Those of them that some of its tables do without. A release that lacks any other is held.
    #[serde(default)]
    pub optional: Vec<Field>,
    /// The bands a row makes.
    #[serde(default)]
    pub band: Vec<BandColumns>,
    /// The points a row makes.
    #[serde(default)]
    pub series: Option<Series>,
    /// How rows of one figure each become bands.
    #[serde(default)]
    pub figures: Option<Figures>,
    /// How records become bands.
    #[serde(default)]
    pub microdata: Option<Microdata>,
    /// What stands before the decimals of its numbers. Where it is not said it is a point, and pay or a count with three digits behind
    /// its only point is rejected: they may be thousands.
    #[serde(default)]
    pub decimal: Option<Decimal>,
    /// What may stand behind a number and changes nothing of it: the sign of a footnote, of a revision, of an estimate.
    #[serde(default)]
    pub flags: Vec<String>,
    /// What a count is multiplied by.
    #[serde(default = "one")]
    pub unit: i64,
    /// What the period column says; it stands for the period of every band.
    #[serde(default)]
    pub periods: BTreeMap<String, PayPeriod>,
    /// Lowest and highest believable pay for a period, in whole units of the currency. A row outside is rejected.
    #[serde(default)]
    pub plausible: BTreeMap<PayPeriod, [i64; 2]>,
    /// Whether amounts with more decimals than the currency has are rounded, half away from zero, and not rejected.
    #[serde(default)]
    pub round: bool,
    /// Cells that say of a row that its empty amounts are withheld.
    #[serde(default)]
    pub withheld: BTreeMap<Field, Pattern>,
    /// First and last year of the projections, where neither the file's name nor its title tells them.
    #[serde(default)]
    pub years: Option<Years>,
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
    /// Figures that a release must have.
    #[serde(default)]
    pub canary: Vec<Canary>,
}

/// What stands before the decimals of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Decimal {
    /// A point; commas, blanks or apostrophes part thousands.
    #[serde(rename = ".")]
    Point,
    /// A comma; points, blanks or apostrophes part thousands.
    #[serde(rename = ",")]
    Comma,
}

/// How a code stands in its cell.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeShape {
    /// What the cell looks like; its first group is the code.
    pub is: Pattern,
    /// How many digits the code has; zeros that were lost at its beginning are put back.
    #[serde(default)]
    pub width: usize,
    /// Last year whose codes stand so.
    #[serde(default = "always")]
    pub through: i32,
}

/// First and last year of a projection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Years {
    /// The year the projection starts from.
    pub base: i16,
    /// The year it reaches.
    pub target: i16,
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

/// The reference period of a row, as its cell states it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedReference {
    /// What the cell looks like; groups `year`, `yy`, `base` and `target` fill the names below, as those of a file's name do.
    pub is: Pattern,
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
    /// What the file, or the member of an archive, is called where the year alone does not tell.
    #[serde(default)]
    pub file: Option<Pattern>,
    /// Whether it is told by its codes: only those that the catalog has are of it.
    #[serde(default)]
    pub known: bool,
    /// The classification.
    pub is: Classification,
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
    /// Further columns, and what their cells look like in the same row.
    #[serde(default)]
    pub also: BTreeMap<Field, Pattern>,
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

impl Layout {
    /// Returns the classification of `code` in `file`, of a release of `year`.
    pub fn classification(&self, year: i32, file: &str, code: &str) -> Option<Classification> {
        let is = |pattern: &Option<Pattern>, text| pattern.as_ref().is_none_or(|known| known.is_match(text));
        let fits = |scheme: &&Scheme| {
            year <= scheme.through
                && is(&scheme.code, code)
                && is(&scheme.file, file)
                && (!scheme.known || codes::is_of(scheme.is, code))
        };
        self.classification.iter().find(fits).map(|scheme| scheme.is)
    }

    /// Returns the headers of the column that tells a header row from others.
    pub fn anchor(&self) -> &[String] {
        let first = [
            Field::Code,
            Field::Title,
            Field::Date,
            Field::Region,
            Field::Series,
            Field::Text,
            Field::Amount,
        ];
        let named = if self.staircase.is_empty() { &first[..] } else { &first[..1] };
        named.iter().find_map(|field| self.columns.get(field)).unwrap_or(&self.staircase)
    }

    /// Returns true if both look for the same table in the same file, so that one of them is never used.
    pub(super) fn same_place(&self, other: &Self) -> bool {
        let text =
            |pattern: &Option<Pattern>| pattern.as_ref().map(|pattern| pattern.regex().as_str().to_owned());
        let place =
            |layout: &Self| (layout.file().as_str().to_owned(), text(&layout.sheet), layout.records.clone());
        place(self) == place(other)
    }

    /// Returns whether its rows are of several years, each a release.
    pub fn by_year(&self) -> bool {
        matches!(self.rows, Rows::Microdata | Rows::Figures) && self.columns.contains_key(&Field::Year)
    }

    /// Returns the figures that its columns or measures hold; of records none, which may be too few for any.
    pub fn asked(&self) -> Vec<Figure> {
        let cells = self.band.iter().flat_map(|band| band.cells.keys().copied());
        let measures = self.figures.iter().flat_map(|figures| figures.measures.values().map(|of| of.cell));
        let employment = self.columns.contains_key(&Field::Employment) && self.rows == Rows::Bands;
        let cells = cells.chain(measures).chain(employment.then_some(Cell::Employment)).map(Figure::Cell);
        let counts =
            Count::ALL.map(Field::of_count).into_iter().filter(|field| self.columns.contains_key(field));
        cells.chain(counts.map(Figure::Outlook)).collect()
    }

    /// Returns whether its figures are those of occupations, so that its codes or titles must be of a classification.
    pub fn of_occupations(&self) -> bool {
        !matches!(self.rows, Rows::Skip | Rows::Series | Rows::Regions | Rows::Messages)
            && self.microdata.as_ref().is_none_or(|micro| micro.about == About::Occupation)
    }

    /// Returns the file pattern.
    pub fn file(&self) -> &Regex {
        self.file.regex()
    }
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
