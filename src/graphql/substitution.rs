//! What stands in for what.

use async_graphql::SimpleObject;
use entity::FigureKind;

use super::{enums::Fallback, figure::CountFigure, scalars::Number};
use crate::pay::fallback::{Step, share};

/// How a figure stands in for one that does not exist.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(serial)]
pub(super) struct Substitution {
    /// From what was asked for to what is shown; no shorter way was found.
    steps: Vec<SubstitutionStep>,
    /// How many of the stand-in's workers, or of a projection's jobs in its base year, belong to what was asked for: their published
    /// number times `employmentShare` of every step, computed. Not published unless each step states one. A code that was split
    /// shares out employment, never pay.
    employment: CountFigure,
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
    /// Share of the stand-in's employment that belongs to what it stands in for, where the crosswalk states one.
    employment_share: Option<Number>,
}

impl Substitution {
    /// Puts the steps in words; `None` where nothing stands in for anything. `employment` is the stand-in's.
    pub(super) fn of(steps: &[Step], employment: (FigureKind, Option<i64>)) -> Option<Self> {
        let step = |step: &Step| SubstitutionStep {
            kind: step.kind.into(),
            from: step.from.clone(),
            to: step.to.clone(),
            reason: step.reason.clone(),
            employment_share: step.share.map(Number),
        };
        (!steps.is_empty()).then(|| Self {
            steps: steps.iter().map(step).collect(),
            employment: shared(share(steps), employment),
        })
    }

    /// Says that what stands in is of a release that a later one took the place of.
    pub(super) fn of_elder_release(mut self, label: &str) -> Self {
        let note = format!("; its figure is of {label}, a release that a later one took the place of");
        if let Some(last) = self.steps.last_mut() {
            last.reason += &note;
        }
        self
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "there are fewer than 2^53 workers"
)]
fn shared(share: Option<f64>, (kind, count): (FigureKind, Option<i64>)) -> CountFigure {
    match (share, count) {
        (Some(share), Some(count)) => {
            CountFigure { kind, count: Some((count as f64 * share).round() as i64) }
        }
        (Some(_), None) => CountFigure { kind, count: None },
        (None, _) => CountFigure { kind: FigureKind::NotPublished, count: None },
    }
}
