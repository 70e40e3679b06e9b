//! Claims of a pasted text, checked.

use async_graphql::SimpleObject;

use super::{
    band::SalaryBand, enums::ClaimVerdict, error::ApiError, projection::GrowthProjection, scope::Scope,
};
use crate::claims;

/// Longest text that is checked, in bytes.
const LONGEST: usize = 20_000;

/// One figure that a text states, and whether official figures bear it out. Editorial figures are never evidence.
#[derive(Clone, SimpleObject)]
#[graphql(serial)]
pub(super) struct ClaimCheck {
    /// What is claimed, and the sentence it stands in.
    claim: String,
    /// The first in the order of the list that applies, of those two below that could be checked.
    verdict: ClaimVerdict,
    /// How it stood: pay against the figures of the year that the sentence names, else against the releases known on the day the
    /// text was last changed, else against today's; growth against the projection of the years it names.
    as_made: ClaimVerdict,
    /// How it stands against today's figures.
    now: ClaimVerdict,
    /// Why, with the figures that decide.
    explanation: String,
    /// The pay band that decides; null for growth, and where there is none.
    band: Option<SalaryBand>,
    /// The projection that decides; null for pay, and where there is none.
    projection: Option<GrowthProjection>,
}

impl ClaimCheck {
    /// Checks every claim of a text, in order.
    pub(super) async fn all(scope: &Scope, text: &str) -> Result<Vec<Self>, ApiError> {
        if text.len() > LONGEST {
            return Err(ApiError::wrong("text", format!("`text` has more than {LONGEST} bytes")));
        }
        let checks = claims::check(&scope.reader, text).await?;
        Ok(checks.into_iter().map(|check| Self::of(scope, check)).collect())
    }

    fn of(scope: &Scope, check: claims::Check) -> Self {
        Self {
            claim: check.claim,
            verdict: check.verdict.into(),
            as_made: check.as_made.into(),
            now: check.now.into(),
            explanation: check.explanation,
            band: check.band.map(|found| SalaryBand::new(scope, found, None)),
            projection: check.projection.map(|found| GrowthProjection { scope: scope.clone(), found }),
        }
    }
}
