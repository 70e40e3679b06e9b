//! What stands in for what.

use async_graphql::SimpleObject;

use super::enums::Fallback;
use crate::pay::fallback::Step;

/// How a figure stands in for one that does not exist.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(serial)]
pub(super) struct Substitution {
    /// From what was asked for to what is shown; no shorter way was found.
    steps: Vec<SubstitutionStep>,
}

/// One step of a substitution.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(serial)]
pub(super) struct SubstitutionStep {
    /// The way taken.
    kind: Fallback,
    /// Where there was no figure: the code of a region, or classification and code of an occupation.
    from: String,
    /// What stands in for it.
    to: String,
    /// Why.
    reason: String,
}

impl Substitution {
    /// Puts the steps in words; `None` where nothing stands in for anything.
    pub(super) fn of(steps: &[Step]) -> Option<Self> {
        let step = |step: &Step| SubstitutionStep {
            kind: step.kind.into(),
            from: step.from.clone(),
            to: step.to.clone(),
            reason: step.reason.clone(),
        };
        (!steps.is_empty()).then(|| Self { steps: steps.iter().map(step).collect() })
    }
}
