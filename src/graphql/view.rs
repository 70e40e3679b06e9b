//! How to show money.

use async_graphql::InputObject;
use entity::region;

use super::{
    enums::{Exchange, PayPeriod},
    error::ApiError,
    scalars::{CurrencyCode, Date},
    scope::Scope,
};
use crate::{
    pay::{self, View, Wrong, convert::Currency},
    snapshot::Month,
};

/// How to show money. Without it every figure is as published. Steps are taken in this order: period, prices, currency,
/// place. What cannot be done leaves the amounts null, and their text says why.
#[derive(Clone, Debug, InputObject)]
pub(super) struct MoneyView {
    /// The currency of the amounts; as published unless told.
    pub currency: Option<CurrencyCode>,
    /// What one amount is for; as published unless told. What is printed for this period is preferred. Hourly pay becomes
    /// annual, or the other way, only where the publisher says how many hours are behind a year and gives the occupation both.
    pub period: Option<PayPeriod>,
    /// Prices of this day's month, by one consumer price index of the region's country: with the seasons left in where that
    /// reaches both months, and for a history by one that reaches all its points.
    pub prices_of: Option<Date>,
    /// Exchange rate of the reference period (MARKET), or purchasing power (PPP) of its year or at most two years before.
    #[graphql(default_with = "Some(Exchange::Market)")]
    pub exchange: Option<Exchange>,
    /// Divide US figures by the regional price parity of the place, of the reference year or at most two years before.
    #[graphql(default_with = "Some(false)")]
    pub cost_of_living: Option<bool>,
}

/// Reads a view; one that leaves everything as published is none. With `place`, what that place rules out is a mistake.
pub(super) fn read(
    scope: &Scope,
    view: Option<MoneyView>,
    place: Option<&region::Model>,
) -> Result<Option<View>, ApiError> {
    let Some(view) = view else { return Ok(None) };
    let view = View {
        currency: view.currency.map(|code| currency(&code.0)).transpose()?,
        period: view.period.map(Into::into),
        prices_of: view.prices_of.map(|day| Month::of(day.0)),
        index: None,
        exchange: match view.exchange {
            Some(Exchange::Ppp) => pay::Exchange::Ppp,
            Some(Exchange::Market) | None => pay::Exchange::Market,
        },
        cost_of_living: view.cost_of_living.unwrap_or_default(),
    };
    scope.check(&view, place).map_err(|wrong| bad(&wrong))?;
    Ok((!view.is_plain()).then_some(view))
}

fn bad(wrong: &Wrong) -> ApiError {
    let argument = format!("view.{}", wrong.field);
    ApiError::wrong(&argument, format!("`{argument}`: {}", wrong.reason))
}

fn currency(code: &str) -> Result<Currency, ApiError> {
    code.as_bytes().try_into().map_err(|_| bad(&Wrong::unknown_currency(code)))
}
