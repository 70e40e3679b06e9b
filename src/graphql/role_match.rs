//! A typed title to the roles it may mean.

use async_graphql::SimpleObject;

use super::{error::ApiError, page::MANY, role::Role, scalars::Number, scope::Scope};

/// Longest title and description that are read, in characters.
const TITLE: usize = 300;
const DESCRIPTION: usize = 5_000;
/// How many answers decide whether the best one is clear.
const DECIDING: usize = 2;

/// The roles that a typed title may mean.
#[derive(Clone, SimpleObject)]
#[graphql(serial)]
pub(super) struct RoleMatches {
    /// The likeliest first, one for each occupation. Filled also when `abstained`.
    matches: Vec<RoleMatch>,
    /// True when the best answer is not clearly better than the next, or than chance: nothing should then be taken from it
    /// unseen.
    abstained: bool,
    /// Why nothing should be taken from it; null when something may.
    reason: Option<String>,
}

/// A role that a typed title may mean.
#[derive(Clone, SimpleObject)]
#[graphql(serial)]
pub(super) struct RoleMatch {
    /// The role: a curated one where the title is one of its names, else the occupation's own.
    role: Role,
    /// The probability that the role's occupation is the right one, from 0 to 1, calibrated on titles with known occupations.
    confidence: Number,
    /// The known title that is nearest.
    matched_title: String,
}

impl RoleMatches {
    /// Finds the roles of a title.
    pub(super) async fn find(
        scope: &Scope,
        title: &str,
        description: Option<&str>,
        first: i32,
    ) -> Result<Self, ApiError> {
        let first = usize::try_from(first).ok().filter(|first| *first <= MANY);
        let first =
            first.ok_or_else(|| ApiError::wrong("first", format!("`first` is a number from 0 to {MANY}")))?;
        let description = description.unwrap_or_default();
        for (name, text, most) in [("title", title, TITLE), ("description", description, DESCRIPTION)] {
            if text.chars().count() > most {
                return Err(ApiError::wrong(name, format!("`{name}` has more than {most} characters")));
            }
        }
        let index = scope.reader.index().await?;
        let found = index.find(title, description, first.max(DECIDING));
        let confidences: Vec<f64> = found.iter().map(|found| found.confidence).collect();
        let reason = index.abstains(title, &confidences).map(ToOwned::to_owned);
        let matches = found.into_iter().take(first).filter_map(|found| {
            let entry = scope.catalog().role_of_rank(found.role)?.clone();
            let confidence = Number((found.confidence * 1000.0).round() / 1000.0);
            Some(RoleMatch {
                role: Role { scope: scope.clone(), entry },
                confidence,
                matched_title: found.title,
            })
        });
        Ok(Self { matches: matches.collect(), abstained: reason.is_some(), reason })
    }
}
