//! Takes the rows of a release's files one by one. The order of files and tables is the order of precedence.

use std::collections::{BTreeMap, VecDeque};

use chrono::NaiveDate;

use self::{
    place::is_at,
    stray::{Stray, settle},
};
use super::{
    Counts, Position, Reject, RejectCode, Release,
    columns::{Columns, Period},
    figures,
    legend::{self, Legend},
    locator, merge, microdata, places, series, structure,
};
use crate::{
    decode::{DecodeError, Defect, Part, Row, Shape, Sink},
    definition::{Field, Layout, Rows, Source},
    progress,
};

mod opening;
mod place;
mod stray;

pub(crate) use self::place::knows;
pub(super) use self::place::{layout_of, paths};

/// How many rows are looked through for a header.
const HEADER_WITHIN: u32 = 60;

/// How much of a table without a header an error repeats.
const BEGINS: usize = 120;

/// Most bytes of memory that rejected rows may take: so many are rejected of a file that is not what its definition says.
const REJECTS: usize = 64 << 20;

/// Most figures of a file. Each takes half a kilobyte of memory until its release is written; a state's, a country's or an industry's
/// table has a hundred thousand, the largest of one survey less than a million.
const FIGURES: usize = 2_000_000;

/// Records that take as much memory as one figure.
const RECORDS: usize = 10;

/// Rows between two looks at how many figures there are.
const OFTEN: usize = 1_024;

/// When a file was made, as far as it says, and when it came in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Made {
    /// The day the file, or who sent it, says it was made.
    pub said: Option<NaiveDate>,
    /// The day it came in.
    pub retrieved: NaiveDate,
}

impl Made {
    /// Returns the day it says it was made; none where that is before the period of its figures ended or yet to come: the clock
    /// that wrote it is wrong.
    pub(super) fn after(self, ended: NaiveDate) -> Option<NaiveDate> {
        self.said.filter(|said| (ended..=self.retrieved).contains(said))
    }
}

/// Turns decoded rows into releases, one for each dataset and period met.
pub struct Normalizer<'a> {
    pub(super) source: &'a Source,
    releases: BTreeMap<(String, String), Release>,
    artifact: usize,
    pub(super) file: String,
    pub(super) made: Made,
    table: Option<Table<'a>>,
    pub(super) legend: Option<Legend>,
    pub(super) quality: merge::Qualities,
    /// A table without a header: its place, and why it is none.
    headless: Option<(String, String)>,
    label: Option<&'a str>,
    /// What a release or its dataset would be called, with names in braces that nothing fills.
    nameless: Option<String>,
    /// A release of which only its name is known, not its day.
    undated: Option<String>,
    /// The codes of a staircase above the row being read, from broad to fine.
    pub(super) ladder: Vec<String>,
    /// What is gathered from records.
    pub(super) pass: microdata::Pass,
    /// Rejected rows of which no release is known.
    stray: Vec<Stray>,
    /// Bytes of the rows rejected so far.
    rejected: usize,
    /// Rows met so far, and those of them that are records of people or jobs.
    rows: usize,
    records: usize,
    /// Where the bands of long tables stand.
    pub(super) places: figures::Places,
}

/// The table being read.
pub(super) struct Table<'a> {
    pub part: Part,
    pub layout: &'a Layout,
    pub period: Period,
    pub key: (String, String),
    pub above: VecDeque<Vec<String>>,
    pub columns: Option<Columns>,
    /// How many cells the shortest of its rows has that were read so far.
    pub shortest: Option<usize>,
    pub number: i16,
    /// Its first row.
    begins: String,
}

impl<'a> Normalizer<'a> {
    /// Starts on the files of one edition; `label` is the release they are, where their names do not say.
    pub fn new(source: &'a Source, label: Option<&'a str>) -> Self {
        Self {
            source,
            releases: BTreeMap::new(),
            artifact: 0,
            file: String::new(),
            made: Made::default(),
            table: None,
            legend: None,
            quality: merge::Qualities::default(),
            headless: None,
            label,
            nameless: None,
            undated: None,
            ladder: Vec::new(),
            pass: microdata::Pass::default(),
            stray: Vec::new(),
            rejected: 0,
            rows: 0,
            records: 0,
            places: figures::Places::default(),
        }
    }

    /// Says which file the next rows come from, and when it was made.
    pub fn begin(&mut self, artifact: usize, name: &str, made: Made) {
        (self.artifact, self.made) = (artifact, made);
        name.clone_into(&mut self.file);
        self.legend = None;
        self.table = None;
    }

    /// Returns the releases, with what needs the whole of them done.
    pub fn finish(self) -> Result<Vec<Release>, DecodeError> {
        if let Some((place, reason)) = self.headless {
            return Err(DecodeError::new(Defect::NoHeader, place, reason));
        }
        let mut releases: Vec<Release> = self.releases.into_values().collect();
        if let Some(reason) = settle(&mut releases, self.stray) {
            return Err(DecodeError::new(Defect::NoRow, self.file, reason));
        }
        if let Some(label) = self.undated {
            let reason = format!(
                "nothing says when `{label}` came out, so it cannot be told which release is newer; give its day in a \
                 definition of your own: [calendar] \"{label}\" = \"YYYY-MM-DD\""
            );
            return Err(DecodeError::new(Defect::NoDay, self.file, reason));
        }
        if let Some(text) = self.nameless.filter(|_| releases.is_empty()) {
            let reason = format!(
                "the file does not say which release it is: nothing in its name or title fills `{text}` (a year is one from 1900 to \
                 2200); name it with --release, or mend the pattern of the file"
            );
            return Err(DecodeError::new(Defect::NoRelease, self.file, reason));
        }
        if releases.is_empty() {
            let reason = "no table that the definition describes (file name or sheet)";
            return Err(DecodeError::new(Defect::NoTable, self.file, reason));
        }
        let mut pass = self.pass;
        for release in &mut releases {
            pass.bands(release, self.source.concept);
            merge::levels(release);
            merge::quality(release, &self.quality);
            structure::relate(release);
            places::settle(release);
            if !series::name(release) {
                return Err(DecodeError::new(
                    Defect::NoPoint,
                    self.file,
                    "no row holds a point of the series",
                ));
            }
        }
        Ok(releases)
    }

    /// The release that `table` belongs to.
    pub(super) fn release(&mut self, key: &(String, String)) -> &mut Release {
        self.releases.get_mut(key).expect("opened with its table")
    }

    /// The rows counted for the file being read.
    pub(super) fn counts(&mut self, key: &(String, String)) -> &mut Counts {
        let artifact = self.artifact;
        &mut self.release(key).counts[artifact]
    }

    pub(super) fn reject(&mut self, table: &Table<'_>, row: &Row<'_>, code: RejectCode, message: String) {
        self.reject_at(&table.key, &table.part, row, code, message);
    }

    /// Rejects a row of the release called `key`.
    pub(super) fn reject_at(
        &mut self,
        key: &(String, String),
        part: &Part,
        row: &Row<'_>,
        code: RejectCode,
        message: String,
    ) {
        let reject = self.refused(part, row, code, message);
        self.rejected += reject.size();
        self.counts(key).rejected += 1;
        self.release(key).rejects.push(reject);
    }

    fn refused(&self, part: &Part, row: &Row<'_>, code: RejectCode, message: String) -> Reject {
        let locator = locator(&self.file, &part.member, &part.sheet, row.number);
        Reject { locator, code, message, raw: row.cells.join("\t") }
    }

    fn header(&mut self, table: &mut Table<'a>, row: &Row<'_>) {
        if table.begins.is_empty() {
            table.begins = row.cells.join(", ");
        }
        table.above.push_back(row.cells.to_vec());
        while table.above.len() > table.layout.header_above + 1 {
            table.above.pop_front();
        }
        table.columns = Columns::find(table.layout, &table.period, table.above.make_contiguous());
        if let Some(columns) = &table.columns
            && let Some(release) = self.releases.get_mut(&table.key)
        {
            release.missing.extend(columns.missing.iter().cloned());
            release.unused.extend(columns.unused.iter().cloned());
        }
    }

    fn data(&mut self, table: &mut Table<'a>, row: &Row<'_>) {
        if table.layout.rows == Rows::Messages {
            let message = super::row::text(table, row, Field::Text).to_owned();
            let refused = || self.refused(&table.part, row, RejectCode::PublisherMessage, message);
            let of = super::row::skipped(table, row).ok_or_else(refused);
            self.stray.push(Stray { artifact: self.artifact, of });
            return;
        }
        if table.layout.by_year()
            && let Err(message) = self.turn(table, row)
        {
            let reject = self.refused(&table.part, row, RejectCode::UnreadableDate, message);
            self.rejected += reject.size();
            self.stray.push(Stray { artifact: self.artifact, of: Err(reject) });
            return;
        }
        self.counts(&table.key).read += 1;
        if self.is_again(table, row) {
            self.counts(&table.key).skip("same-record-twice");
            return;
        }
        if let Some(rule) = super::row::skipped(table, row) {
            self.counts(&table.key).skip(&rule);
            return;
        }
        if let Some(cell) = super::row::beyond(table, row) {
            let message = format!("`{cell}` stands beyond the last column of the header");
            self.reject(table, row, RejectCode::RowTooWide, message);
            return;
        }
        if super::row::is_short(table, row) {
            let message = format!("its {} cells end before the last column that is read", row.cells.len());
            self.reject(table, row, RejectCode::ShortRow, message);
            return;
        }
        table.shortest = table.shortest.into_iter().chain([row.cells.len()]).min();
        let read = match table.layout.rows {
            Rows::Bands => self.bands(table, row),
            Rows::Microdata => self.record(table, row),
            Rows::Figures => self.one_figure(table, row),
            Rows::Quality => self.variation(table, row),
            Rows::Projections | Rows::Requirements => self.projection(table, row),
            Rows::Skip | Rows::Messages => Ok(()),
            Rows::Series => self.points(table, row),
            Rows::Regions => self.region_row(table, row),
            Rows::Groups => self.group(table, row),
            Rows::Crosswalk => self.pair(table, row),
            Rows::Occupations
            | Rows::Titles
            | Rows::Duties
            | Rows::Skills
            | Rows::Knowledge
            | Rows::Technology
            | Rows::JobZones
            | Rows::Related => self.fact(table, row),
        };
        if let Err((code, message)) = read {
            self.reject(table, row, code, message);
        }
    }
}

impl Sink for Normalizer<'_> {
    fn wants(&mut self, part: &Part) -> bool {
        self.close();
        if legend::is_at(part) {
            return true;
        }
        self.table = self.open(part);
        self.table.is_some()
    }

    fn takes(&mut self, part: &Part) -> Option<Shape> {
        let named = |layout: &&Layout| layout.records.is_some() && is_at(layout, &part.sheet);
        let layout = self.source.layout.iter().find(named)?;
        Some(if layout.members { Shape::Members } else { Shape::Items })
    }

    fn last_row(&mut self, part: &Part, row: Row<'_>) -> Result<(), DecodeError> {
        if let Some(lacking) = self.table.as_ref().and_then(|table| super::row::lacking(table, &row)) {
            let reason = format!(
                "the last row lacks {lacking} of its cells and has no line end: the file is cut short; where it is a note \
                 below the table, leave it out by a rule (skip)"
            );
            let place = locator(&self.file, &part.member, &part.sheet, row.number);
            return Err(DecodeError::new(Defect::Cut, place, reason));
        }
        self.row(part, row)
    }

    fn row(&mut self, part: &Part, row: Row<'_>) -> Result<(), DecodeError> {
        progress::row();
        if row.cells.iter().all(|cell| cell.trim().is_empty()) {
            return Ok(());
        }
        if legend::is_at(part) {
            self.legend = legend::read(&row.cells.join(" ")).or(self.legend.take());
            return Ok(());
        }
        let Some(mut table) = self.table.take() else { return Ok(()) };
        if table.columns.is_some() {
            self.data(&mut table, &row);
        } else if row.number <= HEADER_WITHIN {
            self.header(&mut table, &row);
        }
        self.rows += 1;
        self.records += usize::from(table.layout.rows == Rows::Microdata);
        self.table = Some(table);
        let place = || locator(&self.file, &part.member, &part.sheet, row.number);
        if self.rejected > REJECTS {
            let most = format!("{REJECTS} bytes in rejected rows");
            return Err(DecodeError::beyond(Defect::Rejects, place(), most));
        }
        if self.rows.is_multiple_of(OFTEN) && self.figures() > FIGURES {
            return Err(DecodeError::beyond(
                Defect::Figures,
                place(),
                format!("{FIGURES} figures; take it in parts"),
            ));
        }
        Ok(())
    }
}

impl Normalizer<'_> {
    /// How many figures there are so far.
    fn figures(&self) -> usize {
        self.releases.values().map(Release::figures).sum::<usize>() + self.records / RECORDS
    }

    /// Notes a table that ended without a header.
    fn close(&mut self) {
        let Some(table) = self.table.take() else { return };
        if table.columns.is_none() {
            let place = locator(&self.file, &table.part.member, &table.part.sheet, 0);
            let wanted = table.layout.anchor().join("` or `");
            let begins: String = table.begins.chars().take(BEGINS).collect();
            let reason = format!("no header row with the column `{wanted}`; the table begins: {begins}");
            self.headless.get_or_insert((place, reason));
        }
        self.let_go(&table);
    }

    /// Ends the file being read.
    pub fn end(&mut self) {
        self.close();
    }
}

impl Table<'_> {
    /// Where `row` stands.
    pub(super) fn position(&self, row: &Row<'_>) -> Position {
        Position { part: self.number, row: row.number }
    }
}
