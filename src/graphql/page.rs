//! Relay connections over lists that are already in order.

use std::{borrow::Cow, ops::Range};

use async_graphql::{ContainerType, SimpleObject, TypeName};

use super::{
    at_hand::{AtHand, Quick, QuickList},
    error::ApiError,
    id,
};

/// Where a page ends and whether there is more.
#[derive(Clone, Debug, Default, SimpleObject)]
#[graphql(serial)]
pub(super) struct PageInfo {
    /// Whether something follows.
    pub has_next_page: bool,
    /// Whether something comes before.
    pub has_previous_page: bool,
    /// Cursor of the first edge; null for an empty page.
    pub start_cursor: Option<String>,
    /// Cursor of the last edge; null for an empty page.
    pub end_cursor: Option<String>,
}

/// Page size when none is asked for.
const DEFAULT: usize = 20;
/// A count as the API gives it: nothing here has two thousand million rows.
pub(super) fn long(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Largest page of catalog things.
pub(super) const MANY: usize = 100;
/// Largest page of figures.
pub(super) const FIGURES: usize = 500;

/// Which part of a list is asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Paging {
    pub first: Option<i32>,
    pub after: Option<String>,
    pub last: Option<i32>,
    pub before: Option<String>,
}

/// How many items stand before a cursor, and how many when its own item counts too.
pub(super) type Stand = (usize, usize);

impl Paging {
    /// Forward only.
    pub(super) fn forward(first: Option<i32>, after: Option<String>) -> Self {
        Self { first, after, ..Self::default() }
    }

    /// Returns the keys in the cursors of a list of `T`: `after`, then `before`.
    pub(super) fn keys<T: Keyed>(&self) -> Result<[Option<String>; 2], ApiError> {
        let key = |cursor: &Option<String>, name: &str| match cursor {
            None => Ok(None),
            Some(cursor) => key_of::<T>(cursor).map(Some).ok_or_else(|| wrong_cursor(name)),
        };
        Ok([key(&self.after, "after")?, key(&self.before, "before")?])
    }

    /// Returns which of `total` items make the page, given where the cursors stand.
    pub(super) fn window(
        &self,
        total: usize,
        most: usize,
        stands: [Option<Stand>; 2],
    ) -> Result<Range<usize>, ApiError> {
        if self.first.is_some() && self.last.is_some() {
            return Err(ApiError::wrong("last", "`first` and `last` exclude each other"));
        }
        let mut start = stands[0].map_or(0, |(_, through)| through).min(total);
        let mut end = stands[1].map_or(total, |(before, _)| before).clamp(start, total);
        if let Some(last) = self.last {
            start = start.max(end.saturating_sub(size(last, "last", most)?));
        } else {
            end = end.min(start + self.first.map_or(Ok(DEFAULT), |first| size(first, "first", most))?);
        }
        Ok(start..end)
    }

    /// Cuts the page out of a list that `key` tells apart and `stand` finds a key's place in.
    pub(super) fn cut<T: Keyed>(
        &self,
        all: Vec<T>,
        most: usize,
        stand: impl Fn(&[T], &str) -> Option<Stand>,
    ) -> Result<Connection<T>, ApiError> {
        let [after, before] = self.keys::<T>()?;
        let place = |key: Option<String>, name: &str| match key {
            None => Ok(None),
            Some(key) => stand(&all, &key).map(Some).ok_or_else(|| wrong_cursor(name)),
        };
        let stands = [place(after, "after")?, place(before, "before")?];
        let total = all.len();
        let window = self.window(total, most, stands)?;
        let items = all.into_iter().skip(window.start).take(window.len()).collect();
        Ok(Connection::new(items, window, total))
    }
}

/// Makes a cursor of a key: its type tells it from those of other lists.
fn cursor_of<T: Keyed>(key: &str) -> String {
    id::seal(&format!("{}@{key}", T::type_name()))
}

/// Reads a cursor of a list of `T` back into its key.
fn key_of<T: Keyed>(cursor: &str) -> Option<String> {
    let text = id::open(cursor)?;
    let (kind, key) = text.split_once('@')?;
    (kind == T::type_name()).then(|| key.to_owned())
}

/// The complaint about a cursor of another list.
pub(super) fn wrong_cursor(name: &str) -> ApiError {
    ApiError::wrong(name, format!("`{name}` is not a cursor of this list"))
}

/// Finds a key in a list that is sorted by key, whether or not it is still there.
pub(super) fn sorted<T: Keyed>(all: &[T], key: &str) -> Stand {
    let before = all.partition_point(|item| *item.key() < *key);
    (before, before + all[before..].partition_point(|item| *item.key() <= *key))
}

/// Finds a key in a list in another order.
pub(super) fn listed<T: Keyed>(all: &[T], key: &str) -> Option<Stand> {
    let place = all.iter().position(|item| item.key() == key)?;
    Some((place, place + 1))
}

fn size(asked: i32, name: &str, most: usize) -> Result<usize, ApiError> {
    match usize::try_from(asked) {
        Ok(size) if size <= most => Ok(size),
        _ => Err(ApiError::wrong(name, format!("`{name}` is a number from 0 to {most}"))),
    }
}

/// Something a list can be resumed at.
pub(super) trait Keyed: ContainerType + AtHand {
    /// Returns what tells it from every other item of its list.
    fn key(&self) -> Cow<'_, str>;
}

/// One page of `T`: items, what surrounds them, and how many there are in all.
pub(super) struct Connection<T> {
    items: Vec<T>,
    /// Keys of the items, where those in the list's order are not the items' own.
    keys: Option<Vec<String>>,
    window: Range<usize>,
    total: usize,
    unfiltered: usize,
}

impl<T> Connection<T> {
    /// Puts a page together.
    pub(super) fn new(items: Vec<T>, window: Range<usize>, total: usize) -> Self {
        Self { items, keys: None, window, total, unfiltered: total }
    }

    /// States how many there would be without a guard.
    pub(super) fn out_of(self, unfiltered: usize) -> Self {
        Self { unfiltered, ..self }
    }

    /// Puts a page together whose cursors hold these keys.
    pub(super) fn keyed(items: Vec<(String, T)>, window: Range<usize>, total: usize) -> Self {
        let (keys, items) = items.into_iter().unzip();
        Self { items, keys: Some(keys), window, total, unfiltered: total }
    }

    /// Returns the items.
    pub(super) fn items(&self) -> &[T] {
        &self.items
    }

    /// Returns how many items the whole list has.
    pub(super) fn count(&self) -> i32 {
        i32::try_from(self.total).unwrap_or(i32::MAX)
    }

    /// Returns the items with their places.
    pub(super) fn all_edges(&self) -> Vec<Edge<'_, T>> {
        (0..self.items.len()).map(|place| Edge(self, place)).collect()
    }

    /// Returns what surrounds the page.
    pub(super) fn info(&self) -> PageInfo
    where
        T: Keyed,
    {
        PageInfo {
            has_next_page: self.window.end < self.total,
            has_previous_page: self.window.start > 0,
            start_cursor: self.cursor(0),
            end_cursor: self.items.len().checked_sub(1).and_then(|last| self.cursor(last)),
        }
    }

    fn cursor(&self, place: usize) -> Option<String>
    where
        T: Keyed,
    {
        let own = || self.items.get(place).map(|item| cursor_of::<T>(&item.key()));
        self.keys.as_ref().map_or_else(own, |keys| keys.get(place).map(|key| cursor_of::<T>(key)))
    }
}

/// One item and its cursor.
pub(super) struct Edge<'a, T>(&'a Connection<T>, usize);

impl<T: Keyed> TypeName for Connection<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", T::type_name()).into()
    }
}

impl<T: Keyed> TypeName for Edge<'_, T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", T::type_name()).into()
    }
}

/// One page of a list.
#[async_graphql::Object(name_type, serial)]
impl<T: Keyed> Connection<T> {
    /// Items with their cursors.
    async fn edges(&self) -> Vec<Edge<'_, T>> {
        self.all_edges()
    }
    /// Items alone.
    async fn nodes(&self) -> QuickList<'_, T> {
        QuickList(self.items())
    }
    /// What surrounds the page.
    async fn page_info(&self) -> PageInfo {
        self.info()
    }
    /// How many items the whole list has.
    async fn total_count(&self) -> i32 {
        self.count()
    }
    /// How many it would have without `minEmployment`, which leaves out what rests on few workers; the same as `totalCount`
    /// where there is no such guard.
    async fn unfiltered_count(&self) -> i32 {
        i32::try_from(self.unfiltered).unwrap_or(i32::MAX)
    }
}

/// An item and its cursor.
#[async_graphql::Object(name_type, serial)]
impl<T: Keyed> Edge<'_, T> {
    /// The item.
    async fn node(&self) -> Quick<&T> {
        Quick(&self.0.items[self.1])
    }
    /// Where the item stands; give it to `after` or `before`.
    async fn cursor(&self) -> String {
        self.0.cursor(self.1).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(paging: &Paging, stands: [Option<Stand>; 2]) -> Range<usize> {
        paging.window(50, MANY, stands).expect("a page")
    }

    #[test]
    fn pages_run_forwards_and_backwards() {
        let twenty = Paging::default();
        assert_eq!(window(&twenty, [None, None]), 0..20);
        assert_eq!(window(&twenty, [Some((19, 20)), None]), 20..40);
        let last = Paging { last: Some(5), ..Paging::default() };
        assert_eq!(window(&last, [None, None]), 45..50);
        assert_eq!(window(&last, [None, Some((3, 4))]), 0..3);
        assert_eq!(window(&Paging { first: Some(0), ..Paging::default() }, [None, None]), 0..0);
    }

    #[test]
    fn a_page_too_large_or_from_both_ends_is_refused() {
        for (first, last) in [(Some(101), None), (Some(-1), None), (Some(1), Some(1)), (None, Some(101))] {
            let paging = Paging { first, last, ..Paging::default() };
            assert!(paging.window(50, MANY, [None, None]).is_err());
        }
    }
}
