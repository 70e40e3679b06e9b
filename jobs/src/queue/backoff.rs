//! How long to wait before trying again.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

const FIRST: Duration = Duration::from_secs(3);
const LONGEST: Duration = Duration::from_hours(1);
/// A publisher may ask for a day: a quota that is spent.
const LONGEST_ASKED: Duration = Duration::from_hours(24);

/// Returns the wait after failed attempt number `attempt`, from 1: threefold each time, and up to a half more by
/// `noise`, at most an hour; at least what the publisher `asked` for, at most a day.
pub(crate) fn delay(attempt: u32, asked: Option<Duration>, noise: u64) -> Duration {
    let plain = FIRST.saturating_mul(3_u32.saturating_pow(attempt.saturating_sub(1).min(12)));
    let jitter = plain.mul_f64(f64::from(u8::try_from(noise % 128).unwrap_or(0)) / 256.0);
    (plain + jitter).min(LONGEST).max(asked.unwrap_or_default().min(LONGEST_ASKED))
}

/// Returns a number that differs between calls and processes.
pub(crate) fn noise() -> u64 {
    RandomState::new().hash_one(std::process::id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_respect_the_publisher() {
        assert_eq!(delay(1, None, 0), Duration::from_secs(3));
        assert_eq!(delay(3, None, 0), Duration::from_secs(27));
        assert!(delay(1, None, 127) < Duration::from_secs(5));
        assert_eq!(delay(1, Some(Duration::from_secs(90)), 0), Duration::from_secs(90));
        assert_eq!(delay(40, None, 5), LONGEST);
        assert_eq!(delay(1, Some(Duration::from_hours(7)), 0), Duration::from_hours(7));
        assert_eq!(delay(1, Some(Duration::from_hours(70)), 0), LONGEST_ASKED);
    }
}
