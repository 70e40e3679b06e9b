//! The WebSockets that may be open: so many in all, and so many of one visitor, whoever else asks.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::throttle::Purse;

/// The places of open WebSockets.
#[derive(Clone, Debug)]
pub(super) struct Places {
    all: usize,
    each: usize,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by: HashMap<Purse, usize>,
}

/// Why there is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Full {
    /// Everybody's places are taken.
    All,
    /// This visitor's places are taken.
    Visitor,
}

impl Places {
    /// So many places in all, and of one visitor.
    pub(super) fn new(all: usize, each: usize) -> Self {
        Self { all, each, taken: Arc::default() }
    }

    /// Takes a place until it is dropped.
    pub(super) fn take(&self, purse: &Purse) -> Result<Place, Full> {
        let mut taken = self.lock();
        if taken.all >= self.all {
            return Err(Full::All);
        }
        if taken.by.get(purse).is_some_and(|own| *own >= self.each) {
            return Err(Full::Visitor);
        }
        taken.all += 1;
        *taken.by.entry(purse.clone()).or_default() += 1;
        Ok(Place { places: self.clone(), purse: purse.clone() })
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The place of an open WebSocket.
#[derive(Debug)]
pub(super) struct Place {
    places: Places,
    purse: Purse,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        taken.all -= 1;
        if let Some(own) = taken.by.get_mut(&self.purse) {
            *own -= 1;
            if *own == 0 {
                taken.by.remove(&self.purse);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitor_who_takes_many_places_leaves_some_to_others() {
        let places = Places::new(3, 2);
        let (greedy, other) = (Purse::Token("greedy".into()), Purse::Unknown);
        let _first = places.take(&greedy).expect("free");
        let second = places.take(&greedy).expect("free");
        assert_eq!(places.take(&greedy).expect_err("two are taken"), Full::Visitor);
        let _third = places.take(&other).expect("free");
        assert_eq!(places.take(&other).expect_err("three are taken"), Full::All);
        drop(second);
        assert!(places.take(&greedy).is_ok());
        assert_eq!(places.lock().by.len(), 2);
    }
}
