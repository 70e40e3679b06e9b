//! Pay that a page states as schema.org `Occupation`, `OccupationAggregationByEmployer` or `JobPosting`, and questions as
//! `FAQPage`. A record of pay that does not say its currency, its period or its place gives no band and the reason.

use chrono::NaiveDate;
use entity::{Cell, PayPeriod};
use serde_json::Value;

use super::{PageBand, Refused, block::Document, facts, place, posting};
use crate::{
    codes,
    definition::Plausible,
    normalize::{self, RejectCode},
};

/// How many values of a record are looked through.
const MOST: usize = 100_000;

/// Longest record that is kept with the reason why it is no figure.
const KEPT: usize = 1_000;

/// Why a record of pay is no band: a stable code and a sentence.
pub(super) type Fault = (RejectCode, &'static str);

/// The currency is not said.
pub(super) const NO_CURRENCY: Fault = (RejectCode::NoCurrency, "the pay does not say its currency");
/// The period is not said.
pub(super) const NO_PERIOD: Fault =
    (RejectCode::NoPeriod, "the pay does not say for how long it is: a year, a month, an hour");
/// The place is not said, or is not known.
pub(super) const NO_PLACE: Fault = (RejectCode::UnknownRegion, "the pay is for no place we know");
/// There is no amount, or none that can be read.
pub(super) const NO_AMOUNT: Fault = (RejectCode::UnreadableNumber, "the pay has no amount that can be read");

/// The letters of the currency are those of none.
const UNKNOWN_CURRENCY: Fault = (RejectCode::UnknownCurrency, "the currency is none of ISO 4217");
/// An amount bears the sign of another currency.
const OTHER_CURRENCY: Fault = (RejectCode::OtherCurrency, "an amount bears the sign of another currency");
/// The only point of an amount may part thousands.
const AMBIGUOUS: Fault =
    (RejectCode::AmbiguousNumber, "an amount has three digits behind its point: decimals or thousands");
/// An amount is below zero.
const NEGATIVE: Fault = (RejectCode::NegativePay, "an amount is below zero");
/// An amount is beyond what is believable of its period.
const IMPLAUSIBLE: Fault = (RejectCode::ImplausiblePay, "an amount is not what such a period pays");

/// The kinds of records that hold `estimatedSalary`.
const OCCUPATIONS: [&str; 3] = ["Occupation", "OccupationAggregation", "OccupationAggregationByEmployer"];

/// What the structured records say.
#[derive(Debug, Default)]
pub(super) struct Stated {
    pub title: Option<String>,
    /// The day a record says it was last changed or looked at.
    pub updated: Option<NaiveDate>,
    /// The newest day on which a job was advertised.
    pub posted: Option<NaiveDate>,
    pub bands: Vec<PageBand>,
    pub refused: Vec<Refused>,
    pub faq: Vec<(String, String)>,
}

/// Reads every record of a page; pay has to be `plausible`.
pub(super) fn read(document: &Document, plausible: &[Plausible]) -> Stated {
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
                stated.add(&pointer, value, plausible);
                open.extend(object.iter().rev().map(|(name, item)| (format!("{pointer}/{name}"), item)));
            }
            _ => {}
        }
    }
    stated
}

impl Stated {
    fn add(&mut self, pointer: &str, value: &Value, plausible: &[Plausible]) {
        if OCCUPATIONS.into_iter().any(|kind| is(value, kind)) {
            self.title = self.title.take().or_else(|| text(value, "name"));
            let places: Vec<&Value> = many(&value["occupationLocation"]);
            self.pay(value, pointer, "estimatedSalary", |salary, at| {
                believable(PageBand { day: changed(value), ..band(salary, &places, at)? }, plausible)
            });
        }
        if !value["baseSalary"].is_null() {
            self.title = self.title.take().or_else(|| text(value, "title"));
            self.pay(value, pointer, "baseSalary", |salary, at| {
                believable(
                    PageBand { day: posted(value).or(changed(value)), ..posting::band(value, salary, at)? },
                    plausible,
                )
            });
        }
        if is(value, "Question") {
            let answer = many(&value["acceptedAnswer"]).into_iter().find_map(|answer| text(answer, "text"));
            self.faq.extend(text(value, "name").zip(answer));
        }
        self.updated = self.updated.or_else(|| changed(value));
        self.posted = self.posted.max(posted(value));
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

/// The day a record says that it was last changed or looked at.
fn changed(value: &Value) -> Option<NaiveDate> {
    ["dateModified", "lastReviewed"].into_iter().find_map(|name| facts::day(&text(value, name)?))
}

/// The day a record says that its job was advertised on, which is that of its pay.
fn posted(value: &Value) -> Option<NaiveDate> {
    facts::day(&text(value, "datePosted")?)
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
    let currency = currency(text(salary, "currency"))?;
    let value = if salary["value"].is_object() { &salary["value"] } else { salary };
    let amount = |name: &str| -> Result<Option<i64>, Fault> {
        Ok(minor(&salary[name], currency)?.or(minor(&value[name], currency)?))
    };
    let points = [
        ("percentile10", Cell::P10),
        ("percentile25", Cell::P25),
        ("percentile75", Cell::P75),
        ("percentile90", Cell::P90),
    ];
    let mut percentiles = Vec::new();
    for (name, cell) in points {
        percentiles.extend(amount(name)?.map(|amount| (cell, amount)));
    }
    let (low, high, median) = (amount("minValue")?, amount("maxValue")?, amount("median")?);
    if [low, high, median].iter().all(Option::is_none) && percentiles.is_empty() {
        return Err(NO_AMOUNT);
    }
    let period = period(salary).or_else(|| period(value)).ok_or(NO_PERIOD)?;
    Ok(PageBand {
        region: region(places).ok_or(NO_PLACE)?,
        period,
        low,
        high,
        mean: None,
        median,
        percentiles,
        locator,
        cited_authority: None,
        paragraph: 0,
        day: None,
        currency: currency.to_owned(),
    })
}

/// The place of the occupation: one that cannot be told is not the whole country, and a currency names none.
fn region(places: &[&Value]) -> Option<String> {
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

/// Returns the currency that a record says, in any case.
pub(super) fn currency(said: Option<String>) -> Result<&'static str, Fault> {
    let code = said.map(|code| code.to_uppercase()).filter(|code| code.len() == 3).ok_or(NO_CURRENCY)?;
    codes::currency(&code).ok_or(UNKNOWN_CURRENCY)
}

/// Reads a number, or words of one, to minor units without passing through a float: `$85,000`, `85k`, `7 triệu`. Zero, and
/// anything else, is no amount.
pub(super) fn minor(value: &Value, currency: &str) -> Result<Option<i64>, Fault> {
    let words = match value {
        Value::Number(number) => number.to_string(),
        Value::String(words) => words.trim().to_lowercase(),
        _ => return Ok(None),
    };
    let (number, times) = [("triệu", 1_000_000), ("million", 1_000_000), ("k", 1_000)]
        .into_iter()
        .find_map(|(word, times)| words.strip_suffix(word).map(|number| (number, times)))
        .unwrap_or((&words, 1));
    let number = normalize::unsigned(number, currency).map_err(|_| OTHER_CURRENCY)?;
    if value.is_string() && normalize::may_be_thousands(number) {
        return Err(AMBIGUOUS);
    }
    let read = normalize::scaled(number, 2).and_then(|minor| minor.checked_mul(times));
    if read.is_some_and(|minor| minor < 0) { Err(NEGATIVE) } else { Ok(read.filter(|minor| *minor > 0)) }
}

/// Returns the band unless one of its amounts is not plausible.
fn believable(band: PageBand, plausible: &[Plausible]) -> Result<PageBand, Fault> {
    let bounds = Plausible::of(plausible, band.period, &band.currency);
    let mut amounts = [band.low, band.high, band.mean, band.median]
        .into_iter()
        .flatten()
        .chain(band.percentiles.iter().map(|(_, amount)| *amount));
    let holds = bounds.is_none_or(|bounds| amounts.all(|amount| bounds.holds(amount)));
    if holds { Ok(band) } else { Err(IMPLAUSIBLE) }
}
