//! A row that waits for the next one: two rows may be the ends of one posted range.

use crate::{
    decode::Row,
    definition::Field,
    normalize::{reader::Table, row::text},
};

/// A row that is kept, and where its record belongs.
pub(super) struct Held {
    pub cells: Vec<String>,
    pub number: u32,
    pub at: (String, String),
    pub part: i16,
}

impl Held {
    pub(super) fn row(&self) -> Row<'_> {
        Row { number: self.number, cells: &self.cells }
    }
}

/// Whether two rows are the same but for their amounts, and the second is not above the first.
pub(super) fn ends_of_one(table: &Table<'_>, first: &Held, second: &Held) -> bool {
    let columns = table.columns.as_ref();
    let apart: Vec<usize> = [Field::Amount, Field::Converted]
        .iter()
        .filter_map(|field| columns?.fields.get(field).copied())
        .collect();
    let same = |place: usize| apart.contains(&place) || first.cells.get(place) == second.cells.get(place);
    let amount = |held: &Held| {
        table.numbers().scaled(text(table, &held.row(), Field::Amount).trim_matches(['$', '£', '€']), 2)
    };
    first.at == second.at
        && (0..first.cells.len().max(second.cells.len())).all(same)
        && matches!((amount(first), amount(second)), (Some(high), Some(low)) if low <= high)
}
