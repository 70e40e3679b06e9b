//! At most one request a second to each host.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use reqwest::Url;
use tokio::time::{Instant, sleep_until};

const PAUSE: Duration = Duration::from_secs(1);

static NEXT: Mutex<BTreeMap<String, Instant>> = Mutex::new(BTreeMap::new());

/// Waits until it is polite to ask `url`'s host again.
pub(super) async fn wait(url: &Url) {
    if let Some(host) = url.host_str() {
        sleep_until(reserve(host)).await;
    }
}

fn reserve(host: &str) -> Instant {
    let now = Instant::now();
    let mut next = NEXT.lock().unwrap_or_else(PoisonError::into_inner);
    let free = next.get(host).map_or(now, |free| now.max(*free));
    next.insert(host.to_owned(), free + PAUSE);
    free
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_request_to_a_host_waits_and_another_host_does_not() {
        let first = reserve("one.example");
        assert!(reserve("one.example") >= first + PAUSE);
        assert!(reserve("two.example") < first + PAUSE);
    }
}
