//! Rows and records that become no figure: a closed list of reasons, each with a code that never changes. `docs/files.md` says
//! it to people.

use std::fmt;

/// A row that could not become a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// File, sheet and row.
    pub locator: String,
    /// The reason.
    pub code: RejectCode,
    /// The reason, for a person.
    pub message: String,
    /// The row as it was read.
    pub raw: String,
}

impl Reject {
    /// Returns about how many bytes it takes in memory.
    pub(super) fn size(&self) -> usize {
        size_of::<Self>() + self.locator.len() + self.message.len() + self.raw.len()
    }
}

coded! {
    /// Why a row or a record becomes no figure.
    RejectCode {
        /// A cell that every row needs is empty.
        EmptyCell = "empty-cell",
        /// A row has fewer cells than every row of its table, or ends before the last column that is read.
        ShortRow = "short-row",
        /// A cell stands beyond the last column of the header.
        RowTooWide = "row-too-wide",
        /// The publisher says in words why there is no figure.
        PublisherMessage = "publisher-message",
        /// A cell holds neither a number nor a mark of the source.
        UnreadableNumber = "unreadable-number",
        /// Whether a point of a number stands before decimals or parts thousands, nothing says.
        AmbiguousNumber = "ambiguous-number",
        /// A cell holds no day, month or year.
        UnreadableDate = "unreadable-date",
        /// The time a row says its figures refer to is in no form that the definition names.
        UnreadableReference = "unreadable-reference",
        /// A cell holds no number of records.
        UnreadableWeight = "unreadable-weight",
        /// A figure was read on a day to come.
        DateToCome = "date-to-come",
        /// A number of jobs is below zero.
        NegativeCount = "negative-count",
        /// Pay is below zero.
        NegativePay = "negative-pay",
        /// Pay is beyond what the definition believes of its period.
        ImplausiblePay = "implausible-pay",
        /// What one person or job is paid is beyond what the definition believes.
        ImplausibleAmount = "implausible-amount",
        /// The lower end of pay is above its upper end.
        RangeReversed = "range-reversed",
        /// Nothing says the currency.
        NoCurrency = "no-currency",
        /// ISO 4217 does not have the currency and never had.
        UnknownCurrency = "unknown-currency",
        /// An amount has the sign of another currency than its row.
        OtherCurrency = "other-currency",
        /// Nothing says for how long pay is, or of which years a figure.
        NoPeriod = "no-period",
        /// The definition does not know the period of pay.
        UnknownPeriod = "unknown-period",
        /// The definition does not know the unit of an amount.
        UnknownUnit = "unknown-unit",
        /// The row is of other years than its release.
        OtherPeriod = "other-period",
        /// A mark stands for a bound that nothing tells.
        UnknownBound = "unknown-bound",
        /// The place is none that is known.
        UnknownRegion = "unknown-region",
        /// The code of a region stands in an earlier row with other words.
        RegionTwice = "region-twice",
        /// The definition does not know the kind of region.
        UnknownKind = "unknown-kind",
        /// A sentence's figure is of a part of the workers.
        PartOfWorkers = "part-of-workers",
        /// A sentence does not tell of which year a figure is, or gives one end of a range, or what was and not what will be.
        UnclearFigure = "unclear-figure",
        /// A code is not one of its classification.
        MalformedCode = "malformed-code",
        /// Nothing says of which classification the codes are.
        NoClassification = "no-classification",
        /// A code stands in two rows with different figures.
        CodeTwice = "code-twice",
        /// A title is that of no occupation.
        UnknownTitle = "unknown-title",
        /// A title is that of several occupations.
        AmbiguousTitle = "ambiguous-title",
        /// The definition does not know the words for experience.
        UnknownExperience = "unknown-experience",
        /// The definition does not know whom the row is about.
        UnknownSegment = "unknown-segment",
        /// The definition does not say what the rows hold.
        NoFigures = "no-figures",
        /// The definition does not say what a record is.
        NoMicrodata = "no-microdata",
        /// The definition does not say what series the rows are of.
        NoSeries = "no-series",
        /// A series has a name that is none.
        MalformedSeries = "malformed-series",
        /// The definition does not know the measure.
        UnknownMeasure = "unknown-measure",
        /// The statistic of pay is none that is known.
        UnknownStatistic = "unknown-statistic",
        /// The scale of a skill is none that is known.
        UnknownScale = "unknown-scale",
        /// A job zone is none from 1 to 5.
        UnknownJobZone = "unknown-job-zone",
        /// The figure was made by another method than the source's.
        OtherMethod = "other-method",
        /// Nothing says on which page a figure stands.
        NoPage = "no-page",
        /// An earlier row has another figure for the same cell.
        FigureTwice = "figure-twice",
        /// An earlier row has the same statistic of the same page.
        SameFigureTwice = "same-figure-twice",
        /// An earlier row has a point of the series for the same month and place.
        SamePointTwice = "same-point-twice",
        /// An earlier row prints another figure for the same projection.
        FiguresDiffer = "figures-differ",
    }
}

impl fmt::Display for RejectCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
