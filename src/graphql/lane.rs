//! Pay lane by lane.

use async_graphql::Object;
use entity::FigureKind;

use super::{
    band::SalaryBand,
    enums::{PayMethod, PayPeriod},
    figure::PayFigure,
    scalars::{CurrencyCode, Number},
    scope::Scope,
};
use crate::pay::{
    View,
    lanes::{Combined, Lane},
};

/// Pay observed in one way. Lanes stand side by side and are never mixed.
pub(super) struct PayLane {
    bands: Vec<SalaryBand>,
    lane: Lane,
}

impl PayLane {
    /// Makes a lane whose bands a view shows.
    pub(super) fn new(scope: &Scope, lane: Lane, view: Option<&View>) -> Self {
        let bands = lane.bands.iter().map(|found| SalaryBand::new(scope, found.clone(), view)).collect();
        Self { bands, lane }
    }
}

/// Pay observed in one way. Lanes stand side by side and are never mixed.
#[Object(serial)]
impl PayLane {
    /// How the pay was observed.
    async fn method(&self) -> PayMethod {
        self.lane.method.into()
    }
    /// The bands of the role's occupations, the preferred first. Of each occupation those of one period: what is printed for
    /// `view.period`, else the year, else the hour; one that has an amount before one that has none.
    async fn bands(&self) -> &[SalaryBand] {
        &self.bands
    }
    /// The distributions of all the role's occupations in one release as one, weighed by their published employment, with the
    /// honest bound beside it. Null where the role has one occupation, or where a median, an exact number of workers or the same
    /// currency, period and meaning of pay is missing.
    async fn combined(&self) -> Option<CombinedBand<'_>> {
        self.lane.combined.as_ref().map(|combined| CombinedBand { of: self, combined })
    }
    /// Set when two of its bands speak of the same workers and their means lie further apart than their stated standard errors
    /// allow, at 90 percent; null otherwise, and where errors are not stated.
    async fn conflict(&self) -> Option<&str> {
        self.lane.conflict.as_deref()
    }
}

/// Several distributions as one, modelled.
pub(super) struct CombinedBand<'a> {
    of: &'a PayLane,
    combined: &'a Combined,
}

impl CombinedBand<'_> {
    fn first(&self) -> &SalaryBand {
        &self.of.bands[self.combined.members[0]]
    }

    fn figure(&self, percentile: u8) -> PayFigure {
        let currency = self.first().money();
        let none = || PayFigure::new((FigureKind::NotPublished, None), currency, "");
        let amount = self.combined.mixture.percentile(percentile);
        amount.map_or_else(none, |amount| PayFigure::modelled(amount, currency))
    }
}

#[expect(clippy::cast_precision_loss, reason = "pay is far below 2^53 cents")]
fn units(minor: i64) -> Number {
    Number(minor as f64 / 100.0)
}

/// Several distributions as one, modelled: where `F` is the weighted sum of the members' distributions, each by straight lines on
/// the logarithm of pay between its exact percentiles, inverted. A percentile that a member's figures do not reach is not there.
#[Object(serial)]
impl CombinedBand<'_> {
    /// The currency of every amount in it.
    async fn currency(&self) -> CurrencyCode {
        CurrencyCode(self.first().money().to_owned())
    }
    /// What one amount is for.
    async fn period(&self) -> PayPeriod {
        self.first().shown_period().into()
    }
    /// A tenth earn less.
    async fn p10(&self) -> PayFigure {
        self.figure(10)
    }
    /// A quarter earn less.
    async fn p25(&self) -> PayFigure {
        self.figure(25)
    }
    /// Half earn less.
    async fn median(&self) -> PayFigure {
        self.figure(50)
    }
    /// Three quarters earn less.
    async fn p75(&self) -> PayFigure {
        self.figure(75)
    }
    /// Nine tenths earn less.
    async fn p90(&self) -> PayFigure {
        self.figure(90)
    }
    /// The least median of a member: whatever lies between the published points, the median of all is not below it.
    async fn lower_bound_median(&self) -> Number {
        units(self.combined.mixture.bound().0)
    }
    /// The greatest median of a member: the median of all is not above it.
    async fn upper_bound_median(&self) -> Number {
        units(self.combined.mixture.bound().1)
    }
    /// What it was made of.
    async fn inputs(&self) -> Vec<CombinedInput<'_>> {
        let members = self.combined.members.iter().zip(self.combined.mixture.weights());
        let input = |(place, weight): (&usize, f64)| CombinedInput { band: &self.of.bands[*place], weight };
        members.map(input).collect()
    }
    /// How it was made.
    async fn method(&self) -> &'static str {
        "mixture of distributions, linear on log pay between exact percentiles, weighed by employment"
    }
}

/// One member of a combination.
pub(super) struct CombinedInput<'a> {
    band: &'a SalaryBand,
    weight: f64,
}

/// One member of a combination.
#[Object(serial)]
impl CombinedInput<'_> {
    /// The band.
    async fn band(&self) -> &SalaryBand {
        self.band
    }
    /// Its share of the workers of all members, from 0 to 1; all shares sum to 1.
    async fn weight(&self) -> Number {
        Number(self.weight)
    }
}
