//! The contract's own scalars, and numbers as they are printed.

use std::borrow::Cow;

use async_graphql::{
    ContextSelectionSet, InputValueError, InputValueResult, OutputType, Positioned, Scalar, ScalarType,
    ServerResult, Value, parser::types::Field, registry::Registry,
};
use chrono::{DateTime as Instant, NaiveDate, SecondsFormat, Utc};

macro_rules! scalar {
    ($(#[$doc:meta])* $name:ident($inner:ty), $like:literal, $read:expr, $write:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub(super) struct $name(pub(super) $inner);

        $(#[$doc])*
        #[Scalar]
        impl ScalarType for $name {
            fn parse(value: Value) -> InputValueResult<Self> {
                let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
                let read: fn(&str) -> Option<$inner> = $read;
                read(text).map(Self).ok_or_else(|| {
                    let name = stringify!($name);
                    InputValueError::custom(format!("`{text}` is not a {name}, which is like {}", $like))
                })
            }

            fn to_value(&self) -> Value {
                let write: fn(&$inner) -> String = $write;
                Value::String(write(&self.0))
            }
        }
    };
}

scalar!(
    /// A calendar date, ISO 8601 (2025-05-31).
    Date(NaiveDate),
    "2025-05-31",
    read_day,
    ToString::to_string
);
scalar!(
    /// An instant in UTC, RFC 3339.
    DateTime(Instant<Utc>),
    "2025-05-31T12:00:00Z",
    |text| text.parse().ok(),
    |at| at.to_rfc3339_opts(SecondsFormat::Secs, true)
);
scalar!(
    /// ISO 4217 code: USD, GBP, CAD, EUR.
    CurrencyCode(String),
    "USD",
    // Whoever takes one knows which there are, and can name the argument.
    |text| Some(text.to_owned()),
    Clone::clone
);
scalar!(
    /// A place. ISO 3166 where there is one (US, US-CA, US-PR rather than PR, CA-ON), else the official statistical code
    /// behind a prefix: CBSA:41860 (US metro area), ER:3530 (Canadian economic region), ITL:TLI (London), NUTS:DE21.
    /// A city that a source names without a code: US-CITY:san-francisco, parent US-CA.
    RegionCode(String),
    "US, US-CA or CBSA:41860",
    |text| is_region_code(text).then(|| text.to_owned()),
    Clone::clone
);

/// Reads a day with a year of four digits. Of the forms that chrono reads, only the one that is written.
pub(super) fn read_day(text: &str) -> Option<NaiveDate> {
    text.parse().ok().filter(|day: &NaiveDate| text.len() == "2025-05-31".len() && day.to_string() == text)
}

/// Returns whether a text has the form of a region's code: `GB`, `US-CA`, `CBSA:41860`.
fn is_region_code(text: &str) -> bool {
    let upper = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    match text.split_once(':') {
        Some((prefix, code)) => {
            prefix.split('-').all(upper)
                && !code.is_empty()
                && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        }
        None => {
            text.len() <= 6
                && text.split('-').all(upper)
                && text.split('-').next().is_some_and(|part| part.len() == 2)
        }
    }
}

/// A number of the built-in `Float`, written without a fraction where it has none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Number(pub(super) f64);

impl Number {
    /// Thousandths as the decimal that was printed: 15800 is 15.8.
    pub(super) fn of_thousandths(value: i64) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "percents and quotients are far below 2^53")]
        Self(value as f64 / 1000.0)
    }
}

impl From<Number> for Value {
    fn from(Number(number): Number) -> Self {
        /// Beyond this a double does not hold every whole number.
        const WHOLE: f64 = 9_007_199_254_740_992.0;
        #[expect(clippy::cast_possible_truncation, reason = "it is whole and within the limit")]
        if number.fract() == 0.0 && number.abs() < WHOLE { (number as i64).into() } else { number.into() }
    }
}

impl OutputType for Number {
    fn type_name() -> Cow<'static, str> {
        <f64 as OutputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <f64 as OutputType>::create_type_info(registry)
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok((*self).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_has_a_code_and_not_a_name() {
        for code in ["US", "US-CA", "CA-ON", "CBSA:41860", "US-CITY:san-francisco", "ITL:TLI", "NUTS:DE21"] {
            assert!(is_region_code(code), "{code}");
        }
        for name in ["", "California", "us-ca", "USA", "US-", "CBSA:", "US CA", "San Francisco"] {
            assert!(!is_region_code(name), "{name}");
        }
    }
}
