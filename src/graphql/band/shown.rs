//! The amounts of a band, as published or as a view shows them.

use std::sync::Arc;

use entity::{Cell, FigureKind};

use super::SalaryBand;
use crate::{
    graphql::{figure::PayFigure, rank::PayRank, scope::Scope},
    pay::{Shown, View, quantile},
    reader::BandRef,
};

/// What a view makes of a band.
pub(super) struct Seen {
    pub(super) view: View,
    shown: Shown,
}

impl SalaryBand {
    /// Makes a band as published, or as a view shows it.
    pub(in crate::graphql) fn new(scope: &Scope, found: BandRef, view: Option<&View>) -> Self {
        let seen = view.map(|view| Arc::new(Seen { view: *view, shown: scope.show(view, &found) }));
        Self { scope: scope.clone(), found, seen }
    }

    /// Returns the currency of its amounts.
    pub(in crate::graphql) fn money(&self) -> &str {
        self.seen.as_ref().map_or(&self.found.band().segment().currency, |seen| seen.shown.currency())
    }

    /// Returns what one of its amounts is for.
    pub(in crate::graphql) fn shown_period(&self) -> entity::PayPeriod {
        let published = self.found.band().segment().period;
        self.seen.as_ref().map_or(published, |seen| seen.shown.period)
    }

    /// Returns where an amount falls among its percentiles.
    pub(in crate::graphql) fn rank(self, amount: i64) -> PayRank {
        if let Some(Err(why)) = self.seen.as_ref().map(|seen| &seen.shown.conversion) {
            let why = why.words();
            return PayRank::silent(why, self);
        }
        let points = quantile::points(|cell| self.cell(cell));
        if points.is_empty() {
            let why = self.why_nothing(|cell| cell.percentile().is_some());
            return PayRank::silent(format!("no percentile can be compared: {why}"), self);
        }
        let currency = self.money().to_owned();
        PayRank::new(amount, quantile::rank(&points, amount), self, &currency)
    }

    /// Says why none of some cells has an amount to compare, in the words of the first that says more than "not published".
    fn why_nothing(&self, of: impl Fn(Cell) -> bool) -> String {
        let cells = || Cell::ALL[..Cell::MONEY].iter().copied().filter(|cell| of(*cell));
        let told = cells().find(|cell| self.band().cell(*cell).0 != FigureKind::NotPublished);
        told.or(cells().next()).map(|cell| self.figure(cell).words()).unwrap_or_default()
    }

    /// Says why there is no amount to compare in it; nothing where there is one.
    pub(in crate::graphql) fn reason(&self) -> Option<String> {
        let compared = |cell: &Cell| {
            matches!(
                self.cell(*cell),
                (FigureKind::Exact | FigureKind::AtLeast | FigureKind::AtMost, Some(_))
            )
        };
        let silent = !Cell::ALL[..Cell::MONEY].iter().any(compared);
        silent.then(|| self.why_nothing(|_| true))
    }

    /// Returns the kind and amount of a cell, as it is shown.
    fn cell(&self, cell: Cell) -> (FigureKind, Option<i64>) {
        let published = self.band().cell(cell);
        self.seen.as_ref().map_or(published, |seen| {
            let (kind, amount, _) = seen.shown.cell(published);
            (kind, amount)
        })
    }

    /// Interpolates a percentile between published ones, then shows it.
    pub(super) fn modelled(&self, percent: u8) -> PayFigure {
        let words = &self.found.loaded.release.row.bound_words;
        let absent = (FigureKind::NotPublished, None);
        let points = quantile::points(|cell| self.band().cell(cell));
        let Some(amount) = quantile::between(&points, percent) else {
            return PayFigure::new(absent, self.money(), words);
        };
        match self.seen.as_ref().map(|seen| (seen, &seen.shown.conversion)) {
            None => PayFigure::modelled(rounded(amount, 1), self.money()),
            Some((_, Ok(how))) => {
                let amount = rounded(amount * how.factor.approximate(), how.unit());
                PayFigure::modelled(amount, self.money())
            }
            Some((seen, Err(_))) => PayFigure::shown(&seen.shown, (FigureKind::Exact, Some(0)), words),
        }
    }

    /// Returns a cell as it is shown.
    pub(super) fn figure(&self, cell: Cell) -> PayFigure {
        let (band, words) = (self.band(), &self.found.loaded.release.row.bound_words);
        match &self.seen {
            None => PayFigure::new(band.cell(cell), &band.segment().currency, words),
            Some(seen) => PayFigure::shown(&seen.shown, band.cell(cell), words),
        }
    }

    /// Returns a cell as a person would read it.
    pub(in crate::graphql) fn text(&self, cell: Cell) -> String {
        if cell == Cell::Employment {
            return self.workers().words();
        }
        self.figure(cell).words()
    }

    /// Says the steps from what was published to what is shown.
    pub(super) fn derivation(&self) -> Vec<String> {
        let how = self.seen.as_ref().and_then(|seen| seen.shown.conversion.as_ref().ok());
        how.map(|how| how.derivation(self.scope.reader.snapshot())).unwrap_or_default()
    }
}

/// Rounds a modelled amount to a multiple of `unit`.
#[expect(clippy::cast_possible_truncation, reason = "pay is far below 2^53 cents")]
fn rounded(amount: f64, unit: u32) -> i64 {
    let unit = f64::from(unit);
    ((amount / unit).round() * unit) as i64
}
