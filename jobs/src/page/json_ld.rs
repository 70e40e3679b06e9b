//! Pay that a page states as schema.org `Occupation`, `OccupationAggregationByEmployer` or `JobPosting`, and questions as
//! `FAQPage`. A record of pay that does not say its currency, its period or its place gives no band and the reason.

use chrono::NaiveDate;
use entity::{Cell, PayPeriod};
use serde_json::Value;

use super::{PageBand, Refused, block::Document, facts, place, posting};
use crate::codes;

/// How many values of a record are looked through.
const MOST: usize = 100_000;

/// Longest record that is kept with the reason why it is no figure.
const KEPT: usize = 1_000;

/// Why a record of pay is no band: a stable code and a sentence.
pub(super) type Fault = (&'static str, &'static str);

/// The currency is not said.
pub(super) const NO_CURRENCY: Fault = ("no-currency", "the pay does not say its currency");
/// The period is not said.
pub(super) const NO_PERIOD: Fault =
    ("no-period", "the pay does not say for how long it is: a year, a month, an hour");
/// The place is not said, or is not known.
pub(super) const NO_PLACE: Fault = ("unknown-region", "the pay is for no place we know");
/// There is no amount, or none that can be read.
pub(super) const NO_AMOUNT: Fault = ("unreadable-number", "the pay has no amount that can be read");

/// The kinds of records that hold `estimatedSalary`.
const OCCUPATIONS: [&str; 3] = ["Occupation", "OccupationAggregation", "OccupationAggregationByEmployer"];

/// What the structured records say.
#[derive(Debug, Default)]
pub(super) struct Stated {
    pub title: Option<String>,
    pub updated: Option<NaiveDate>,
    pub bands: Vec<PageBand>,
    pub refused: Vec<Refused>,
    pub faq: Vec<(String, String)>,
}

/// Reads every record of a page.
pub(super) fn read(document: &Document) -> Stated {
    let mut stated = Stated::default();
    let mut open: Vec<(String, &Value)> = document
        .json_ld
        .iter()
        .enumerate()
        .rev()
        .map(|(place, value)| (format!("/{place}"), value))
        .collect();
    let mut seen = 0;
    while let Some((pointer, value)) = open.pop() {
        seen += 1;
        if seen > MOST {
            break;
        }
        match value {
            Value::Array(items) => {
                open.extend(
                    items.iter().enumerate().rev().map(|(place, item)| (format!("{pointer}/{place}"), item)),
                );
            }
            Value::Object(object) => {
                stated.add(&pointer, value);
                open.extend(object.iter().rev().map(|(name, item)| (format!("{pointer}/{name}"), item)));
            }
            _ => {}
        }
    }
    stated
}

impl Stated {
    fn add(&mut self, pointer: &str, value: &Value) {
        if OCCUPATIONS.into_iter().any(|kind| is(value, kind)) {
            self.title = self.title.take().or_else(|| text(value, "name"));
            let places: Vec<&Value> = many(&value["occupationLocation"]);
            self.pay(value, pointer, "estimatedSalary", |salary, at| band(salary, &places, at));
        }
        if !value["baseSalary"].is_null() {
            self.title = self.title.take().or_else(|| text(value, "title"));
            self.pay(value, pointer, "baseSalary", |salary, at| posting::band(value, salary, at));
        }
        if is(value, "Question") {
            let answer = many(&value["acceptedAnswer"]).into_iter().find_map(|answer| text(answer, "text"));
            self.faq.extend(text(value, "name").zip(answer));
        }
        let day = text(value, "dateModified").and_then(|day| facts::day(&day));
        self.updated = self.updated.or(day);
    }

    /// Reads each record of pay in the member `name` of a record.
    fn pay(
        &mut self,
        value: &Value,
        pointer: &str,
        name: &str,
        read: impl Fn(&Value, String) -> Result<PageBand, Fault>,
    ) {
        for (number, salary) in many(&value[name]).into_iter().enumerate() {
            let locator = format!("JSON-LD {pointer}/{name}/{number}");
            match read(salary, locator.clone()) {
                Ok(band) => self.bands.push(band),
                Err((code, message)) => {
                    let raw = salary.to_string().chars().take(KEPT).collect();
                    self.refused.push(Refused { locator, code, message: message.to_owned(), raw });
                }
            }
        }
    }
}

fn is(value: &Value, wanted: &str) -> bool {
    many(&value["@type"]).into_iter().any(|kind| kind.as_str() == Some(wanted))
}

pub(super) fn text(value: &Value, name: &str) -> Option<String> {
    value[name].as_str().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Returns the items of a value that may be one or a list of them.
pub(super) fn many(value: &Value) -> Vec<&Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.iter().collect(),
        one => vec![one],
    }
}

fn band(salary: &Value, places: &[&Value], locator: String) -> Result<PageBand, Fault> {
    let currency = text(salary, "currency").filter(|code| code.len() == 3).ok_or(NO_CURRENCY)?;
    let value = if salary["value"].is_object() { &salary["value"] } else { salary };
    let amount = |name: &str| minor(&salary[name]).or_else(|| minor(&value[name]));
    let points = [
        ("percentile10", Cell::P10),
        ("percentile25", Cell::P25),
        ("percentile75", Cell::P75),
        ("percentile90", Cell::P90),
    ];
    let percentiles: Vec<_> =
        points.into_iter().filter_map(|(name, cell)| Some((cell, amount(name)?))).collect();
    let (low, high, median) = (amount("minValue"), amount("maxValue"), amount("median"));
    if [low, high, median].iter().all(Option::is_none) && percentiles.is_empty() {
        return Err(NO_AMOUNT);
    }
    Ok(PageBand {
        region: region(places, &currency).ok_or(NO_PLACE)?,
        period: period(salary).or_else(|| period(value)).ok_or(NO_PERIOD)?,
        low,
        high,
        mean: None,
        median,
        percentiles,
        locator,
        cited_authority: None,
        paragraph: 0,
        currency,
    })
}

/// The place of the occupation; without any, the one country whose currency it is.
fn region(places: &[&Value], currency: &str) -> Option<String> {
    if places.is_empty() {
        return codes::country_of_currency(currency).map(ToOwned::to_owned);
    }
    // A place that cannot be told is not the whole country.
    places.iter().find_map(|place| {
        let country = ["addressCountry", "containedInPlace"].iter().find_map(|name| {
            let inner = &place[*name];
            inner.as_str().map(ToOwned::to_owned).or_else(|| text(inner, "name"))
        });
        let country = country.and_then(|name| place::by_code(&name).or_else(|| place::by_name(&name, None)));
        let name = text(place, "name")?;
        let found = place::by_name(&name, country.map(|found| place::country(&found.code)))?;
        Some(found.code.clone())
    })
}

/// An ISO 8601 duration, a unit of schema.org in any case, or a code of UN/CEFACT.
pub(super) fn period(salary: &Value) -> Option<PayPeriod> {
    let said = ["duration", "unitText", "unitCode"].into_iter().find_map(|name| text(salary, name))?;
    Some(match said.to_uppercase().as_str() {
        "P1Y" | "YEAR" | "ANN" => PayPeriod::Year,
        "P1M" | "MONTH" | "MON" => PayPeriod::Month,
        "P1W" | "P7D" | "WEEK" | "WEE" => PayPeriod::Week,
        "P1D" | "DAY" => PayPeriod::Day,
        "PT1H" | "HOUR" | "HUR" => PayPeriod::Hour,
        _ => return None,
    })
}

/// A number or a text of digits, to minor units, without passing through a float.
fn minor(value: &Value) -> Option<i64> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().replace(',', ""),
        _ => return None,
    };
    crate::normalize::scaled(&text, 2).filter(|minor| *minor > 0)
}
