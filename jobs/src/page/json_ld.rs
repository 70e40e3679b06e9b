//! Pay that a page states as schema.org `Occupation` or `JobPosting`, and questions as `FAQPage`.

use chrono::NaiveDate;
use entity::{Cell, PayPeriod};
use serde_json::Value;

use super::{PageBand, block::Document, facts, place, posting};

/// How many values of a record are looked through.
const MOST: usize = 100_000;

/// What the structured records say.
#[derive(Debug, Default)]
pub(super) struct Stated {
    pub title: Option<String>,
    pub updated: Option<NaiveDate>,
    pub bands: Vec<PageBand>,
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
        if is(value, "Occupation") {
            self.title = self.title.take().or_else(|| text(value, "name"));
            let places: Vec<&Value> = many(&value["occupationLocation"]);
            for (number, salary) in many(&value["estimatedSalary"]).into_iter().enumerate() {
                let pointer = format!("JSON-LD {pointer}/estimatedSalary/{number}");
                self.bands.extend(band(salary, &places, pointer));
            }
        }
        if !value["baseSalary"].is_null() {
            self.title = self.title.take().or_else(|| text(value, "title"));
            self.bands.extend(posting::bands(value, pointer));
        }
        if is(value, "Question") {
            let answer = many(&value["acceptedAnswer"]).into_iter().find_map(|answer| text(answer, "text"));
            self.faq.extend(text(value, "name").zip(answer));
        }
        let day = text(value, "dateModified").and_then(|day| facts::day(&day));
        self.updated = self.updated.or(day);
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

fn band(salary: &Value, places: &[&Value], locator: String) -> Option<PageBand> {
    let currency = text(salary, "currency").filter(|code| code.len() == 3)?;
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
    let band = PageBand {
        region: region(places, &currency)?,
        period: period(salary).or_else(|| period(value))?,
        low: amount("minValue"),
        high: amount("maxValue"),
        mean: None,
        median: amount("median"),
        percentiles,
        locator,
        cited_authority: None,
        paragraph: 0,
        currency,
    };
    let some =
        band.low.is_some() || band.high.is_some() || band.median.is_some() || !band.percentiles.is_empty();
    some.then_some(band)
}

fn region(places: &[&Value], currency: &str) -> Option<String> {
    let named = places.iter().find_map(|place| {
        let country = ["addressCountry", "containedInPlace"].iter().find_map(|name| {
            let inner = &place[*name];
            inner.as_str().map(ToOwned::to_owned).or_else(|| text(inner, "name"))
        });
        let country = country.and_then(|name| place::by_code(&name).or_else(|| place::by_name(&name, None)));
        let name = text(place, "name")?;
        place::by_name(&name, country.map(|found| place::country(&found.code)))
    });
    let home = match currency {
        "USD" => "US",
        "GBP" => "GB",
        "CAD" => "CA",
        "AUD" => "AU",
        _ => return named.map(|place| place.code.clone()),
    };
    // A place that cannot be told is not the whole country.
    if places.is_empty() { Some(home.to_owned()) } else { named.map(|place| place.code.clone()) }
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
