//! The period that a row states for its own figures, where they do not refer to that of their file.

use chrono::NaiveDate;
use entity::ReferencePeriod;

use super::{Normalizer, RejectCode, columns::Period, reader::Table, row::Fault};
use crate::{decode::Row, definition::StatedReference};

impl Normalizer<'_> {
    /// Returns the period that the row states for one of its bands; none where its cell is empty or a mark.
    pub(super) fn stated(
        &self,
        table: &Table<'_>,
        row: &Row<'_>,
        band: usize,
    ) -> Result<Option<ReferencePeriod>, Fault> {
        let column = table.columns.as_ref().and_then(|columns| columns.references[band]);
        let printed = column.and_then(|column| row.cells.get(column)).map_or("", |cell| cell.trim());
        if printed.is_empty() || printed == table.layout.blank || self.source.marks.contains_key(printed) {
            return Ok(None);
        }
        let read = table.layout.references.iter().find_map(|shape| read(shape, printed));
        let message = || format!("`{printed}` is no reference period that the definition reads");
        read.map(Some).ok_or_else(|| (RejectCode::UnreadableReference, message()))
    }
}

fn read(shape: &StatedReference, printed: &str) -> Option<ReferencePeriod> {
    let period = Period::from_groups(&shape.is.regex().captures(printed)?);
    let day = |text: &String| period.fill(text).parse::<NaiveDate>().ok();
    let (start, end) = (day(&shape.start)?, day(&shape.end)?);
    let label = period.fill(&shape.label);
    (start <= end && !label.contains('{')).then_some(ReferencePeriod { start, end, label })
}
