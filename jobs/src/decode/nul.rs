//! NUL, which no text is made of and some databases refuse: U+FFFD stands for it, as it does in HTML. A bare one tells that bytes are
//! no text; JSON and workbooks can write one that is escaped.

use std::borrow::Cow;

use serde_json::Value;

use super::{DecodeError, Part, Row, Shape, Sink};

/// Returns `text` with U+FFFD for every NUL.
pub(crate) fn without_nul(text: &str) -> Cow<'_, str> {
    if has_nul(text) { text.replace('\0', "\u{fffd}").into() } else { text.into() }
}

/// Puts U+FFFD for every NUL in the texts of `value`, and in the names of its members.
pub(crate) fn without_nuls(value: Value) -> Value {
    match value {
        Value::String(text) => without_nul(&text).into(),
        Value::Array(items) => items.into_iter().map(without_nuls).collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| (without_nul(&name).into_owned(), without_nuls(value)))
            .collect(),
        other => other,
    }
}

fn has_nul(text: &str) -> bool {
    memchr::memchr(0, text.as_bytes()).is_some()
}

/// Hands on rows in which there is no NUL, nor in the names of their tables.
pub(super) struct WithoutNul<'a>(pub &'a mut dyn Sink);

impl Sink for WithoutNul<'_> {
    fn wants(&mut self, part: &Part) -> bool {
        self.0.wants(&named(part))
    }

    fn takes(&mut self, part: &Part) -> Option<Shape> {
        self.0.takes(&named(part))
    }

    fn row(&mut self, part: &Part, row: Row<'_>) -> Result<(), DecodeError> {
        self.0.row(&named(part), Row { cells: &cells(row.cells), ..row })
    }

    fn last_row(&mut self, part: &Part, row: Row<'_>) -> Result<(), DecodeError> {
        self.0.last_row(&named(part), Row { cells: &cells(row.cells), ..row })
    }
}

fn named(part: &Part) -> Cow<'_, Part> {
    let Part { member, sheet } = part;
    if has_nul(member) || has_nul(sheet) {
        Cow::Owned(Part { member: without_nul(member).into(), sheet: without_nul(sheet).into() })
    } else {
        Cow::Borrowed(part)
    }
}

fn cells(cells: &[String]) -> Cow<'_, [String]> {
    if cells.iter().any(|cell| has_nul(cell)) {
        cells.iter().map(|cell| without_nul(cell).into_owned()).collect()
    } else {
        Cow::Borrowed(cells)
    }
}
