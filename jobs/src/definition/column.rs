//! What the columns of a table say.

use std::{collections::BTreeMap, fmt};

use entity::{Count, PayPeriod};
use serde::{Deserialize, Serialize};

/// What a column says, other than the figures of a band.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// The occupation's code.
    Code,
    /// The occupation's title.
    Title,
    /// How fine the occupation is.
    Level,
    /// The place's code or name.
    Region,
    /// What the place is called, beside its code.
    RegionName,
    /// The industry: a NAICS code.
    Industry,
    /// The group of the industry; `cross-industry` is all of them.
    IndustryGroup,
    /// Who owns the workplaces.
    Ownership,
    /// How many jobs.
    Employment,
    /// Relative standard error of the mean, in percent.
    MeanRse,
    /// Location quotient.
    LocationQuotient,
    /// Of a thousand workers in the place, those in the occupation.
    JobsPerThousand,
    /// That pay is only known by the year.
    AnnualOnly,
    /// That pay is only known by the hour.
    HourlyOnly,
    /// Jobs in the year a projection starts from.
    BaseEmployment,
    /// Jobs in the year it ends in.
    TargetEmployment,
    /// Jobs more or fewer.
    Change,
    /// The change in percent over the whole span.
    ChangePercent,
    /// Openings a year.
    Openings,
    /// Openings over the whole span.
    SpanOpenings,
    /// Job seekers over the whole span.
    JobSeekers,
    /// Schooling that is usual.
    Education,
    /// Experience: what is usual, or whom a record is of.
    Experience,
    /// Training on the job that is usual.
    Training,
    /// Code of the group around the occupation.
    Parent,
    /// What is said: a title, a duty, a message.
    Text,
    /// The scale of a value: importance or level.
    Scale,
    /// A value on that scale, or of a series.
    Value,
    /// That the publisher recommends to leave the row out.
    Suppress,
    /// Code of the neighbour or counterpart.
    RelatedCode,
    /// Title of the neighbour or counterpart.
    RelatedTitle,
    /// How near a neighbour is.
    Tier,
    /// The day, month or quarter of a point.
    Date,
    /// The year of a row.
    Year,
    /// The month of a point.
    Month,
    /// The time that the figures of a row refer to.
    Reference,
    /// For how long the pay is.
    Period,
    /// What the publisher says beside the figures.
    Comment,
    /// What the figures of a row were taken from.
    Origin,
    /// The year a projection starts from.
    BaseYear,
    /// The year it ends in.
    TargetYear,
    /// The publisher's own word for growth.
    Category,
    /// An amount of a record.
    Amount,
    /// The same amount as the publisher converted it.
    Converted,
    /// For how long the amount of a record is.
    Unit,
    /// The currency.
    Currency,
    /// For how many a record stands.
    Weight,
    /// What tells one record from every other.
    Record,
    /// The publisher's mark beside a figure.
    Status,
    /// What the figure is.
    Measure,
    /// Whose pay it is.
    Sex,
    /// Whether they work full time.
    WorkTime,
    /// The publisher's name of the series.
    Series,
}

impl Field {
    /// Returns the column of a count of a projection.
    pub fn of_count(count: Count) -> Self {
        match count {
            Count::Base => Self::BaseEmployment,
            Count::Target => Self::TargetEmployment,
            Count::Change => Self::Change,
            Count::AnnualOpenings => Self::Openings,
            Count::Openings => Self::SpanOpenings,
            Count::JobSeekers => Self::JobSeekers,
        }
    }
}

impl fmt::Display for Field {
    /// Writes its name as definitions have it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(formatter)
    }
}

/// One band of a row: its period and the headers of its figures.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BandColumns {
    /// The period of the amounts; none where the period column tells it.
    pub period: Option<PayPeriod>,
    /// The region of the amounts, where a row holds those of several.
    pub region: Option<String>,
    /// The currency of the amounts.
    pub currency: String,
    /// The headers of the column that states the period its figures refer to; none where it is that of the whole row.
    #[serde(default)]
    pub reference: Vec<String>,
    /// Hours a year the publisher's annual figures rest on.
    pub hours: Option<i32>,
    /// Cell to headers.
    pub cells: BTreeMap<entity::Cell, Vec<String>>,
}
