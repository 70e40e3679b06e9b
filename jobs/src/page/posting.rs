//! Pay that a page states as schema.org `JobPosting`: `baseSalary` in all the forms that are met.
//!
//! The currency stands beside the amounts, inside them, or at the posting; an amount is a number or words, alone or the
//! two ends of a range.

use entity::PayPeriod;
use serde_json::Value;

use super::{
    PageBand,
    json_ld::{Fault, NO_AMOUNT, NO_PERIOD, NO_PLACE, currency, many, minor, period, text},
    place,
};
use crate::normalize::RejectCode;

/// Reads one salary of a posting.
pub(super) fn band(posting: &Value, salary: &Value, locator: String) -> Result<PageBand, Fault> {
    let inner = if salary["value"].is_object() { &salary["value"] } else { salary };
    let said = text(salary, "currency")
        .or_else(|| text(inner, "currency"))
        .or_else(|| text(posting, "salaryCurrency"))
        .or_else(|| text(posting, "currency"));
    let currency = currency(said)?;
    let period: PayPeriod = period(inner).or_else(|| period(salary)).ok_or(NO_PERIOD)?;
    let alone = minor(&inner["value"], currency)?.or(minor(salary, currency)?);
    let (low, high) = (minor(&inner["minValue"], currency)?, minor(&inner["maxValue"], currency)?);
    let (low, high) = if low.is_none() && high.is_none() { (alone, alone) } else { (low, high) };
    if low.is_none() && high.is_none() {
        return Err(NO_AMOUNT);
    }
    if low.zip(high).is_some_and(|(low, high)| low > high) {
        return Err((RejectCode::RangeReversed, "the lower end of the pay is above its upper end"));
    }
    Ok(PageBand {
        region: region(posting).ok_or(NO_PLACE)?,
        currency: currency.to_owned(),
        period,
        low,
        high,
        mean: None,
        median: None,
        percentiles: Vec::new(),
        locator,
        cited_authority: None,
        paragraph: 0,
        day: None,
    })
}

/// The place of work, which a currency does not tell.
fn region(posting: &Value) -> Option<String> {
    many(&posting["jobLocation"]).into_iter().find_map(|at| {
        let address = if at["address"].is_object() { &at["address"] } else { at };
        let country = &address["addressCountry"];
        let country = country.as_str().map(ToOwned::to_owned).or_else(|| text(country, "name"));
        let country = country.and_then(|name| place::by_code(&name).or_else(|| place::by_name(&name, None)));
        let within = country.map(|found| place::country(&found.code));
        let named = ["addressLocality", "addressRegion"].into_iter().find_map(|part| {
            let name = text(address, part)?;
            let coded = country.and_then(|country| place::by_code(&format!("{}-{name}", country.code)));
            place::by_name(&name, within).or(coded)
        });
        named.or(country).map(|found| found.code.clone())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    type Read = (String, String, PayPeriod, Option<i64>, Option<i64>);

    fn read(salary: &Value) -> Result<Read, Fault> {
        let at = json!({ "@type": "Place", "address": { "addressCountry": "US" } });
        let found = band(&json!({ "@type": "JobPosting", "jobLocation": at }), salary, String::new());
        found.map(|band| (band.region, band.currency, band.period, band.low, band.high))
    }

    #[test]
    fn the_forms_of_a_base_salary_are_read() {
        let dollars =
            |period, low, high| Ok(("US".to_owned(), "USD".to_owned(), period, Some(low), Some(high)));
        let range =
            json!({ "currency": "USD", "value": { "minValue": 85, "maxValue": 105.5, "unitText": "HOUR" } });
        assert_eq!(read(&range), dollars(PayPeriod::Hour, 8_500, 10_550));
        let inside = json!({ "value": { "currency": "usd", "value": "$85,000", "unitText": "Year" } });
        assert_eq!(read(&inside), dollars(PayPeriod::Year, 8_500_000, 8_500_000));
        let beside = json!({ "currency": "USD", "minValue": "4k", "maxValue": "5k", "unitText": "MONTH" });
        assert_eq!(read(&beside), dollars(PayPeriod::Month, 400_000, 500_000));
        let plain = json!({ "currency": "USD", "value": 20, "unitText": "HOUR" });
        assert_eq!(read(&plain), dollars(PayPeriod::Hour, 2_000, 2_000));
        let words = json!({ "currency": "VND", "value": { "unitText": "MONTH", "value": "7-20 triệu",
            "minValue": "7 triệu", "maxValue": "20 triệu" } });
        let dong = (PayPeriod::Month, Some(700_000_000), Some(2_000_000_000));
        assert_eq!(read(&words), Ok(("US".to_owned(), "VND".to_owned(), dong.0, dong.1, dong.2)));
    }

    #[test]
    fn what_is_not_said_gives_no_band_and_the_reason() {
        for (salary, code) in [
            (
                json!({ "currency": "USD", "value": { "minValue": 120_000, "maxValue": 180_000 } }),
                "no-period",
            ),
            (json!({ "value": { "minValue": 1, "maxValue": 2, "unitText": "HOUR" } }), "no-currency"),
            (
                json!({ "currency": "USD", "value": { "minValue": 9, "maxValue": 2, "unitText": "HOUR" } }),
                "range-reversed",
            ),
            (
                json!({ "currency": "USD", "value": { "value": "negotiable", "unitText": "HOUR" } }),
                "unreadable-number",
            ),
            (json!("negotiable"), "no-currency"),
            (json!({ "currency": "XXX", "value": { "value": 20, "unitText": "HOUR" } }), "unknown-currency"),
            (
                json!({ "currency": "USD", "value": { "value": "€85,000", "unitText": "YEAR" } }),
                "other-currency",
            ),
            (
                json!({ "currency": "USD", "value": { "minValue": -60_000, "maxValue": 80_000, "unitText": "YEAR" } }),
                "negative-pay",
            ),
        ] {
            assert_eq!(read(&salary).map_err(|fault| fault.0.code()), Err(code), "{salary}");
        }
    }

    #[test]
    fn the_place_of_work_is_the_place_of_the_band() {
        let salary = json!({ "currency": "EUR", "value": { "value": 20, "unitText": "HOUR" } });
        let at = |address: Value| {
            let posting = json!({ "jobLocation": { "@type": "Place", "address": address } });
            band(&posting, &salary, String::new()).ok().map(|band| band.region)
        };
        assert_eq!(at(json!({ "addressCountry": "DE" })).as_deref(), Some("DE"));
        assert_eq!(
            at(json!({ "addressCountry": { "name": "Germany" }, "addressLocality": "Nowhere" })).as_deref(),
            Some("DE")
        );
        assert_eq!(at(json!({ "addressLocality": "Nowhere" })), None);
    }

    #[test]
    fn a_currency_is_no_place_of_work() {
        for currency in ["USD", "EUR", "VND"] {
            let salary = json!({ "currency": currency, "value": { "value": 20, "unitText": "HOUR" } });
            for posting in [json!({ "@type": "JobPosting" }), json!({ "jobLocation": [] })] {
                assert_eq!(band(&posting, &salary, String::new()), Err(NO_PLACE), "{currency}");
            }
        }
    }
}
