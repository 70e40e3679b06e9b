//! How an answer that comes in pages is asked for, and how much of it there should be.

use chrono::NaiveDate;
use serde::Deserialize;

/// How an answer that comes in pages is asked for. Addresses and posted documents hold names in braces, which each
/// page fills in; the pages together are one file, an archive.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Paging {
    /// What tells one page from another.
    pub by: Pages,
    /// The JSON pointer of a page's rows. In text the lines after the first are the rows.
    pub rows: Option<String>,
    /// The JSON pointer of how many rows the publisher says there are.
    pub total: Option<String>,
    /// The header that says how many rows there are.
    pub total_header: Option<String>,
}

/// What tells one page from another.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Pages {
    /// Nothing: there is one.
    #[default]
    One,
    /// `{page}`, counted from `first`; the last is one without rows.
    Page {
        /// The number of the first page.
        first: u64,
    },
    /// `{offset}`, from 0, and `{size}`; the last is one with fewer rows.
    Offset {
        /// Rows of a full page.
        size: u64,
    },
    /// `{cursor}`, empty at first; the last page has none for the next.
    Cursor {
        /// The JSON pointer of the next page's cursor.
        next: String,
    },
    /// `{from}` and `{until}`, days, and `{from_year}` and `{until_year}`, up to today.
    Window {
        /// The first day of all.
        from: NaiveDate,
        /// Months of a window.
        months: u32,
    },
    /// `{series}`, so many keys at once.
    Series {
        /// The keys.
        keys: Vec<String>,
        /// Most keys of a page.
        size: usize,
        /// What stands between two keys.
        between: String,
    },
}
