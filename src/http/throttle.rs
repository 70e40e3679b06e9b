//! How much one may ask for in a time: a bucket of points for each token and each address, which fills up again. A point
//! is a field of the answer.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use serde::Serialize;

/// Most buckets held. Full ones are forgotten first; they say nothing.
const HELD: usize = 100_000;

/// Whose bucket it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Purse {
    /// A token's, by its name.
    Token(String),
    /// An address's; of IPv6 the part that a provider gives to one customer.
    Address(IpAddr),
    /// Nobody's: the address is not known.
    Unknown,
}

impl Purse {
    /// Returns the purse of an address.
    pub(super) fn of(address: Option<IpAddr>) -> Self {
        match address.map(|address| address.to_canonical()) {
            Some(IpAddr::V6(long)) => {
                let customer = u128::from(long) & !u128::from(u64::MAX);
                Self::Address(IpAddr::V6(customer.into()))
            }
            Some(short) => Self::Address(short),
            None => Self::Unknown,
        }
    }
}

/// How full a bucket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Status {
    /// Points of a full bucket.
    pub maximum_available: u64,
    /// Points left.
    pub currently_available: u64,
    /// Points that come back in a second.
    pub restore_rate: u64,
}

/// A request that must wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wait {
    pub status: Status,
    /// Whole seconds until the points are there.
    pub seconds: u64,
}

/// The buckets.
#[derive(Debug)]
pub(super) struct Throttle {
    address_rate: u32,
    token_rate: u32,
    burst: u32,
    buckets: Mutex<HashMap<Purse, (f64, Instant)>>,
}

impl Throttle {
    /// Points per second of an address and of a token, 0 for no limit, and for how many seconds a bucket holds them.
    pub(super) fn new(address_rate: u32, token_rate: u32, burst: u32) -> Self {
        Self { address_rate, token_rate, burst, buckets: Mutex::default() }
    }

    /// Takes `cost` points, or says how long to wait. One request never costs more than a full bucket. `None` where
    /// there is no limit.
    pub(super) fn take(&self, purse: &Purse, cost: u64, now: Instant) -> Result<Option<Status>, Wait> {
        let rate = match purse {
            Purse::Token(_) => self.token_rate,
            Purse::Address(_) | Purse::Unknown => self.address_rate,
        };
        if rate == 0 {
            return Ok(None);
        }
        let full = u64::from(rate) * u64::from(self.burst);
        #[expect(clippy::cast_precision_loss, reason = "points are far below 2^53")]
        let (most, price) = (full as f64, cost.min(full) as f64);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= HELD {
            let whole = Duration::from_secs(self.burst.into());
            buckets.retain(|_, (_, since)| now.duration_since(*since) < whole);
        }
        let (left, since) = buckets.get(purse).copied().unwrap_or((most, now));
        let left = (left + now.duration_since(since).as_secs_f64() * f64::from(rate)).min(most);
        let paid = left >= price;
        let rest = if paid { left - price } else { left };
        if buckets.len() < HELD || buckets.contains_key(purse) {
            buckets.insert(purse.clone(), (rest, now));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and a full bucket"
        )]
        let whole = |points: f64| points as u64;
        let status =
            Status { maximum_available: full, currently_available: whole(rest), restore_rate: rate.into() };
        if paid {
            return Ok(Some(status));
        }
        Err(Wait { status, seconds: whole(((price - left) / f64::from(rate)).ceil()).max(1) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_says_how_long_to_wait_and_fills_again() {
        let throttle = Throttle::new(10, 0, 10);
        let (purse, start) = (Purse::of(Some([127, 0, 0, 1].into())), Instant::now());
        let status = throttle.take(&purse, 60, start).expect("full").expect("limited");
        assert_eq!(
            (status.maximum_available, status.currently_available, status.restore_rate),
            (100, 40, 10)
        );
        let wait = throttle.take(&purse, 60, start).expect_err("too little is left");
        assert_eq!(wait.seconds, 2);
        assert!(throttle.take(&purse, 60, start + Duration::from_secs(2)).is_ok());
        assert!(throttle.take(&Purse::of(Some([127, 0, 0, 2].into())), 60, start).is_ok());
    }

    #[test]
    fn what_costs_more_than_a_full_bucket_takes_all_of_it() {
        let throttle = Throttle::new(1, 0, 10);
        let (purse, start) = (Purse::Unknown, Instant::now());
        let status = throttle.take(&purse, 1_000_000, start).expect("full").expect("limited");
        assert_eq!(status.currently_available, 0);
        assert!(throttle.take(&purse, 1, start).is_err());
    }

    #[test]
    fn no_rate_is_no_limit() {
        let throttle = Throttle::new(10, 0, 10);
        assert_eq!(throttle.take(&Purse::Token("a".into()), u64::MAX, Instant::now()), Ok(None));
    }

    #[test]
    fn one_customer_of_a_provider_is_one_address() {
        let of = |text: &str| Purse::of(Some(text.parse().expect("an address")));
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:2"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:10.0.0.1"), of("10.0.0.1"));
    }
}
