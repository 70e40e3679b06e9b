//! Recording a figure that a person read off a page.

use async_graphql::{Context, Enum, ID, InputObject, SimpleObject};
use entity::Cell;
use jobs::{normalize::Observation, page::QUOTED, record};
use serde::Serialize;

use super::{UserError, UserErrorCode as Code, fresh, outcome, work};
use crate::{
    access::Scope as Needs,
    graphql::{
        access::{note, require},
        enums::PayPeriod,
        error::ApiError,
        id,
        release::Release,
        scalars::{CurrencyCode, Date, RegionCode},
        scope::{Now, Scope},
    },
};

/// The lanes of recorded figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(in crate::graphql) enum RecordedLane {
    /// Workers report it (Glassdoor, Payscale).
    Crowd,
    /// Employers advertise it (Indeed).
    Advert,
}

/// A figure and where it stands. At least one amount; amounts as the page prints them, in its currency per its period.
#[derive(Debug, InputObject)]
pub(in crate::graphql) struct RecordObservationInput {
    /// The role it is about, by global id.
    role: ID,
    /// The place it is about.
    region: RegionCode,
    /// How the page knows: from workers, or from adverts.
    lane: RecordedLane,
    /// The currency of the amounts.
    currency: CurrencyCode,
    /// The period of the amounts.
    period: PayPeriod,
    /// The average, where the page names one.
    mean: Option<f64>,
    /// The middle, where the page names one.
    median: Option<f64>,
    /// The lower end of the range, where the page names one.
    low: Option<f64>,
    /// The upper end of the range, where the page names one.
    high: Option<f64>,
    /// The page's address, http or https.
    page: String,
    /// The day it was read.
    observed_on: Date,
    /// The page's own words that say it, at most 15.
    quote: String,
    /// Whom the page itself cites for it; null where it cites nobody.
    cited_authority: Option<String>,
}

impl RecordedLane {
    /// The source that keeps its figures, and its name in a file of them.
    fn source(self) -> (&'static str, entity::PayMethod) {
        match self {
            Self::Crowd => (record::CROWD, entity::PayMethod::Crowd),
            Self::Advert => (record::ADVERT, entity::PayMethod::Advert),
        }
    }
}

/// The release that a recorded figure became.
#[derive(SimpleObject)]
#[graphql(serial)]
pub(in crate::graphql) struct RecordObservationPayload {
    /// The release, of source manual or manual-adverts; null when the input was wrong. The same figure recorded twice is
    /// one release; another one of the same role, site, place and day takes its place.
    release: Option<Release>,
    /// What was wrong with the input.
    user_errors: Vec<UserError>,
}

/// Largest amount that is taken: more is a slip of the hand.
const MOST: f64 = 1e9;

pub(super) async fn record(
    ctx: &Context<'_>,
    input: RecordObservationInput,
) -> Result<RecordObservationPayload, ApiError> {
    require(ctx, Needs::Record, "recordObservation").await?;
    let now = ctx.data_unchecked::<Now>().0;
    let (source, _) = input.lane.source();
    let payload = match observation(&Scope::of(ctx, None), &input, now.date_naive()) {
        Err(user_errors) => RecordObservationPayload { release: None, user_errors },
        Ok(seen) => {
            let done = record::record(work(ctx)?, source, &seen, now).await;
            let recorded = done.map_err(ApiError::internal)?;
            let (scope, _) = fresh(ctx).await?;
            let release = scope.catalog().release_of_key(&recorded.release).cloned();
            let held = UserError::new(Code::Held, "", "a check failed: the release is held and not served");
            RecordObservationPayload {
                release: release.map(|release| Release { scope, release }),
                user_errors: if recorded.held { vec![held] } else { Vec::new() },
            }
        }
    };
    let said = serde_json::json!({
        "source": source, "role": *input.role, "region": input.region.0, "page": input.page, "quote": input.quote,
    });
    note(ctx, "recordObservation", &said, &outcome(&payload.user_errors)).await?;
    Ok(payload)
}

fn observation(
    scope: &Scope,
    input: &RecordObservationInput,
    today: chrono::NaiveDate,
) -> Result<Vec<Observation>, Vec<UserError>> {
    let mut errors = Vec::new();
    let mut wrong =
        |code: Code, field: &str, message: &str| errors.push(UserError::new(code, field, message));
    let slug = id::key_of("Role", &input.role);
    let role = slug.filter(|slug| scope.catalog().role(slug).is_some());
    if role.is_none() {
        wrong(Code::NotFound, "role", "there is no role of this id");
    }
    if scope.catalog().region_of_code(&input.region.0).is_none() {
        wrong(Code::NotFound, "region", "there is no region of this code");
    }
    if jobs::codes::currency(&input.currency.0).is_none() {
        wrong(Code::Invalid, "currency", "this is no currency of ISO 4217");
    }
    let page = input.page.parse::<url::Url>().ok();
    let page = page.filter(|page| matches!(page.scheme(), "http" | "https") && page.password().is_none());
    if page.is_none() {
        wrong(Code::Invalid, "page", "this is not the address of a page");
    }
    if input.observed_on.0 > today {
        wrong(Code::Invalid, "observedOn", "this day is yet to come");
    }
    let quote = input.quote.split_whitespace().collect::<Vec<_>>();
    if quote.is_empty() || quote.len() > QUOTED || input.quote.len() > 400 {
        wrong(Code::Invalid, "quote", "quote the page's own words, 1 to 15 of them");
    }
    let amounts = amounts(input, &mut wrong);
    match (role, page) {
        (Some(role), Some(page)) if errors.is_empty() => {
            let all = Observation {
                // The slug's own words find the role; a title could make another.
                role: role.replace('-', " "),
                place: input.region.0.clone(),
                currency: input.currency.0.clone(),
                period: entity::PayPeriod::from(input.period).as_str().to_owned(),
                method: input.lane.source().1.as_str().to_owned(),
                site: page.host_str().unwrap_or_default().trim_start_matches("www.").to_owned(),
                page: page.to_string(),
                date: input.observed_on.0.to_string(),
                quote: quote.join(" "),
                authority: input.cited_authority.clone().unwrap_or_default(),
                ..Observation::default()
            };
            let of = |(cell, minor): (Cell, i64)| Observation {
                statistic: format!("{cell:?}").to_uppercase(),
                amount: format!("{}.{:02}", minor / 100, minor % 100),
                ..all.clone()
            };
            Ok(amounts.into_iter().map(of).collect())
        }
        _ => Err(errors),
    }
}

/// The amounts in minor units. A low end above the high one is a slip.
fn amounts(input: &RecordObservationInput, wrong: &mut impl FnMut(Code, &str, &str)) -> Vec<(Cell, i64)> {
    let named = [
        ("mean", Cell::Mean, input.mean),
        ("median", Cell::Median, input.median),
        ("low", Cell::Low, input.low),
        ("high", Cell::High, input.high),
    ];
    let mut amounts = Vec::new();
    for (name, cell, amount) in named {
        let Some(amount) = amount else { continue };
        match minor(amount) {
            Some(minor) => amounts.push((cell, minor)),
            None => wrong(
                Code::Invalid,
                name,
                "an amount is above zero, at most a thousand million, and has at most two decimals",
            ),
        }
    }
    if named.iter().all(|(.., amount)| amount.is_none()) {
        wrong(Code::Invalid, "mean", "name at least one of mean, median, low and high");
    }
    if let (Some(low), Some(high)) = (input.low, input.high)
        && low > high
    {
        wrong(Code::Invalid, "low", "the low end is above the high end");
    }
    amounts
}

fn minor(amount: f64) -> Option<i64> {
    let minor = (amount * 100.0).round();
    let whole = (amount * 100.0 - minor).abs() < 1e-4 && amount > 0.0 && amount < MOST;
    #[expect(clippy::cast_possible_truncation, reason = "it is whole and bounded")]
    whole.then_some(minor as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_has_two_decimals_at_most() {
        assert_eq!(minor(85_000.0), Some(8_500_000));
        assert_eq!(minor(40.19), Some(4_019));
        for wrong in [0.0, -1.0, 40.195, f64::NAN, f64::INFINITY, 1e12] {
            assert_eq!(minor(wrong), None, "{wrong}");
        }
    }
}
