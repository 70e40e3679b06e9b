//! What the columns of a table say.

use std::{collections::BTreeMap, fmt};

use entity::{Count, PayPeriod};
use serde::{Deserialize, Serialize};

/// What a column says, other than the figures of a band.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is the name of its column")]
pub enum Field {
    Code,
    Title,
    Level,
    Region,
    RegionName,
    Industry,
    IndustryGroup,
    Ownership,
    Employment,
    MeanRse,
    LocationQuotient,
    JobsPerThousand,
    AnnualOnly,
    HourlyOnly,
    BaseEmployment,
    TargetEmployment,
    Change,
    ChangePercent,
    Openings,
    SpanOpenings,
    JobSeekers,
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
    Date,
    Year,
    Month,
    Reference,
    Period,
    Comment,
    Origin,
    BaseYear,
    TargetYear,
    Category,
    Amount,
    Converted,
    Unit,
    Currency,
    Weight,
    Record,
    Status,
    Measure,
    Sex,
    WorkTime,
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
