//! How projections turned out.

use async_graphql::{Object, SimpleObject};

use super::scalars::Number;
use crate::outlook::{accuracy::Evaluation, track_record::Record};

/// How an earlier projection of the same occupation turned out.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(serial)]
pub(super) struct TrackRecord {
    /// The cycle that ended last: 2008-18.
    cycle: String,
    /// Percent over the whole span, as it was projected.
    projected_percent: Number,
    /// Percent over the whole span as it came, computed from later published numbers of jobs, to tenths; null where none counts
    /// the same occupation.
    actual_percent: Option<Number>,
    /// Whether both speak of the same occupation.
    comparable: bool,
    /// What was compared, or what stands between.
    note: String,
}

impl TrackRecord {
    pub(super) fn of(record: Record) -> Self {
        Self {
            cycle: record.cycle,
            projected_percent: Number::of_thousandths(record.projected.into()),
            actual_percent: record.actual.map(Number),
            comparable: record.comparable,
            note: record.note,
        }
    }
}

/// How a publisher found one of its own cycles to have turned out, for reading beside its newer ones. All in percent.
pub(super) struct PublisherAccuracy(pub &'static Evaluation);

/// How a publisher found one of its own cycles to have turned out, for reading beside its newer ones. All in percent.
#[Object(serial)]
impl PublisherAccuracy {
    /// The cycle: 2008-18.
    async fn cycle(&self) -> &str {
        &self.0.cycle
    }
    /// Of the occupations, how many grew or shrank as projected.
    async fn direction_right_percent(&self) -> Number {
        Number(self.0.direction_right)
    }
    /// Growth of all occupations together as projected.
    async fn projected_average_percent(&self) -> Number {
        Number(self.0.projected_average)
    }
    /// Growth of all occupations together as it came.
    async fn actual_average_percent(&self) -> Number {
        Number(self.0.actual_average)
    }
    /// Of the occupations projected to grow faster than all together, how many did.
    async fn faster_right_percent(&self) -> Number {
        Number(self.0.faster_right)
    }
    /// Where the publisher says so.
    async fn evidence(&self) -> &str {
        &self.0.evidence
    }
}
