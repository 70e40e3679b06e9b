//! Bands that somebody states in words or writes down by hand: about a role in one place, everybody counted.

use entity::{Cell, FigureKind, Marks, OccupationLevel, PayConcept, PayPeriod};

use super::{Band, Position, SegmentKey, Subject};

impl Band {
    /// Returns a band of the release's role without any figure, for the region at `region`. `row` is its place in the file.
    pub(super) fn of_role(
        region: usize,
        period: PayPeriod,
        currency: &str,
        concept: PayConcept,
        row: u32,
    ) -> Self {
        Self {
            subject: Subject::Role,
            region,
            segment: SegmentKey::default(),
            period,
            currency: currency.to_owned(),
            concept,
            cells: [None; 15],
            marks: Marks::default(),
            mean_rse: None,
            location_quotient: None,
            jobs_per_thousand: None,
            sample_size: None,
            hours_per_year: None,
            cited_authority: None,
            locator: None,
            position: Position { part: 0, row },
            level: OccupationLevel::Detailed,
            stated: None,
        }
    }

    /// Puts an exact amount, in minor units, into a cell.
    pub(super) fn put(&mut self, cell: Cell, amount: i64) {
        self.cells[cell.index()] = Some(amount);
        self.marks = self.marks.with(cell, FigureKind::Exact);
    }
}
