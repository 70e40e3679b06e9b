//! Why a file cannot be read: a closed list, each with a code that never changes. `docs/files.md` says it to people.

use std::io;

use super::Limits;

coded! {
    /// What is wrong with a file.
    Defect {
        /// The disk that holds it failed, or is full.
        Disk = "disk-failed",
        /// There are no bytes, or blanks alone.
        Empty = "empty",
        /// A web page stands where a table was promised.
        Html = "html-page",
        /// It needs a password.
        Encrypted = "encrypted",
        /// It is text of another charset than those that are read.
        Charset = "wrong-charset",
        /// It is neither text nor any other form that is read.
        NotText = "not-text",
        /// A quote opens a cell of text and nothing closes it.
        Quote = "open-quote",
        /// The last row of text has fewer cells than the header, and no line end.
        Cut = "cut-short",
        /// An archive, or a member of one, is broken or cut short.
        Archive = "broken-archive",
        /// An archive holds another one.
        Nested = "archive-in-archive",
        /// No member of an archive is a table.
        Tableless = "archive-without-table",
        /// An archive has more members than is believable.
        Members = "too-many-members",
        /// A member unpacks to more times its packed size than is believable.
        Ratio = "unpacks-too-far",
        /// Members together unpack to more than is believable.
        Unpacked = "unpacks-too-large",
        /// A dBASE table is broken or cut short.
        Dbase = "broken-dbase",
        /// A workbook is broken or cut short.
        Workbook = "broken-workbook",
        /// A file is larger than is read.
        FileSize = "file-too-large",
        /// A workbook of the older form is too large to be held.
        WorkbookSize = "workbook-too-large",
        /// JSON is broken or cut short.
        Json = "broken-json",
        /// A name stands twice in one record of JSON.
        Twice = "name-twice",
        /// Values are nested deeper than is believable.
        Deep = "too-deep",
        /// The dimensions of a cube do not fit its values.
        Dimensions = "dimensions-do-not-fit",
        /// A table has more cells than is believable.
        Cells = "too-many-cells",
        /// A table has more columns than is believable.
        Columns = "too-many-columns",
        /// A cell is longer than is believable.
        Cell = "cell-too-long",
        /// A row is longer than is believable.
        Row = "row-too-long",
        /// More rows are rejected than are worth keeping.
        Rejects = "too-many-rejects",
        /// More figures come of a file than are believable.
        Figures = "too-many-figures",
        /// No table is one that the definition describes.
        NoTable = "no-table",
        /// A table lacks the row that names its columns.
        NoHeader = "no-header-row",
        /// A column that every row needs is not there.
        NoColumn = "no-column",
        /// No row can be read.
        NoRow = "no-row",
        /// Nothing says which release it is.
        NoRelease = "no-release-name",
        /// Nothing says when a release came out that a person named.
        NoDay = "no-release-day",
        /// No row holds a point of the series.
        NoPoint = "no-point",
        /// A page is larger than a page is.
        PageSize = "page-too-large",
        /// A tag of a page has more attributes than is believable.
        Attributes = "too-many-attributes",
        /// A page lacks a part that its publisher's pages have.
        PagePart = "page-lacks-part",
    }
}

/// Why a file cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {reason}")]
pub struct DecodeError {
    /// What is wrong.
    pub defect: Defect,
    /// The file; member, sheet and row where they are known.
    pub place: String,
    /// What is wrong, for a person.
    pub reason: String,
}

impl DecodeError {
    /// Makes an error.
    pub fn new(defect: Defect, place: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { defect, place: place.into(), reason: reason.into() }
    }

    /// Something is broken or cut short, as the library that reads it says.
    pub(super) fn broken(defect: Defect, place: &str, reason: impl std::fmt::Display) -> Self {
        Self::new(defect, place, format!("it cannot be read: {reason}"))
    }

    /// Returns what makes an error of what the disk says.
    pub(super) fn disk(place: &str) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::new(Defect::Disk, place, format!("the disk failed: {error}"))
    }

    /// There is more of something than `most`.
    pub(crate) fn beyond(defect: Defect, place: impl Into<String>, most: impl std::fmt::Display) -> Self {
        Self::new(defect, place, format!("it holds more than the limit of {most}"))
    }

    /// A table has more columns than it may.
    pub(super) fn columns(place: impl Into<String>, limits: &Limits) -> Self {
        Self::beyond(Defect::Columns, place, format!("{} columns", limits.columns))
    }

    /// A sheet has more cells than it may.
    pub(super) fn cells(place: impl Into<String>, limits: &Limits) -> Self {
        Self::beyond(Defect::Cells, place, format!("{} cells", limits.cells))
    }

    /// A cell is longer than it may be.
    pub(super) fn cell(place: impl Into<String>, limits: &Limits) -> Self {
        Self::beyond(Defect::Cell, place, format!("{} bytes in a cell", limits.cell_bytes))
    }

    /// A row is longer than it may be.
    pub(super) fn row(place: impl Into<String>, limits: &Limits) -> Self {
        Self::beyond(Defect::Row, place, format!("{} bytes in a row", limits.row_bytes))
    }

    /// Returns the stable name of what is wrong.
    pub fn code(&self) -> &'static str {
        self.defect.code()
    }
}
