//! Puts figures of several releases, subjects and places in an order of preference.

use std::cmp::Reverse;

use entity::{Cell, FigureKind, PayMethod, PayPeriod, RegionId, growth_projection};

use super::{BandRef, Loaded, ProjectionRef};
use crate::{
    frame::{Band, Subject},
    snapshot::{Catalog, Release, RoleLink},
};

/// Where a figure was found: in which of several frames, at which place, and for which of the stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site {
    pub(super) loaded: usize,
    pub(super) index: usize,
    pub(super) stand: usize,
}

impl Site {
    /// Returns the band at the site.
    pub(super) fn band(self, scope: &[Loaded], via: Option<RoleLink>) -> BandRef {
        BandRef { loaded: scope[self.loaded].clone(), index: self.index, via, steps: Vec::new() }
    }

    /// Returns the projection at the site.
    pub(super) fn projection(self, scope: &[Loaded]) -> ProjectionRef {
        ProjectionRef { loaded: scope[self.loaded].clone(), index: self.index, steps: Vec::new() }
    }
}

/// Returns the best band that counts everybody, by the order of [`super::Reader::best_band`]; stands named first are preferred.
/// `turn` says which bands come at all, those with the least number first.
pub(super) fn best_of(
    catalog: &Catalog,
    scope: &[Loaded],
    stands: impl Iterator<Item = (Subject, RegionId)>,
    turn: impl Fn(&Release, Band<'_>) -> Option<u8>,
) -> Option<Site> {
    let mut best = None;
    for (stand, (subject, region)) in stands.enumerate() {
        let currency = catalog.region(region).map_or("", |place| place.row.currency.as_str());
        for (loaded, Loaded { release, frame }) in scope.iter().enumerate() {
            for index in frame.bands_at(subject, region) {
                let band = frame.band(index);
                let segment = band.segment();
                let Some(turn) = turn(release, band).filter(|_| segment.is_whole()) else { continue };
                let paid = has_amount(band);
                let lane = (!paid && !is_withheld(release, band), lane(release.method()));
                let foreign = segment.currency != currency;
                let newest = Reverse((release.reference_of(band).end, release.row.edition));
                let largest = Reverse(band.sample_size());
                let money = (!paid, foreign, turn);
                let key = (lane, stand, money, newest, largest, loaded, index);
                if best.is_none_or(|known| key < known) {
                    best = Some(key);
                }
            }
        }
    }
    best.map(|(_, stand, .., loaded, index)| Site { loaded, index, stand })
}

/// Returns the best projection, by the order of [`super::Reader::best_projection`]; stands named first are preferred.
pub(super) fn best_projection_of(
    scope: &[Loaded],
    stands: impl Iterator<Item = (Subject, RegionId)>,
) -> Option<Site> {
    let mut best = None;
    for (stand, (subject, region)) in stands.enumerate() {
        for (loaded, Loaded { release, frame }) in scope.iter().enumerate() {
            for index in frame.projections_at(subject, region) {
                let newest = (newest(&frame.projections()[index]), widest(release));
                let key = (lane(release.method()), stand, newest, loaded, index);
                if best.is_none_or(|known| key < known) {
                    best = Some(key);
                }
            }
        }
    }
    best.map(|(_, stand, _, loaded, index)| Site { loaded, index, stand })
}

/// Puts the newest cycle first.
pub(super) fn newest(row: &growth_projection::Model) -> impl Ord + Copy + use<> {
    Reverse((row.target_year, row.base_year))
}

/// Of one cycle, puts the table of all occupations before the pages that repeat a row of it, and the last edition first.
pub(super) fn widest(release: &Release) -> impl Ord + Copy + use<> {
    Reverse((release.row.rows_loaded, release.age()))
}

/// Puts official figures before others, and editorial ones last.
pub(super) fn lane(method: PayMethod) -> u8 {
    match method {
        PayMethod::Survey | PayMethod::Register => 0,
        PayMethod::Advert | PayMethod::Crowd | PayMethod::Filing => 1,
        PayMethod::Editorial => 2,
    }
}

/// Returns when a band of some period has its turn: what is printed for the wished period first, then the year, then the hour;
/// `None` for periods that nobody wished for.
pub(crate) fn period_turn(period: PayPeriod, wished: Option<PayPeriod>) -> Option<u8> {
    match period {
        period if wished == Some(period) => Some(0),
        PayPeriod::Year => Some(1),
        PayPeriod::Hour => Some(2),
        PayPeriod::Day | PayPeriod::Week | PayPeriod::Month => None,
    }
}

/// Returns whether a band has any amount of pay that may be compared.
pub(super) fn has_amount(band: Band<'_>) -> bool {
    money(band).any(|(kind, amount)| {
        matches!(kind, FigureKind::Exact | FigureKind::AtLeast | FigureKind::AtMost) && amount.is_some()
    })
}

/// Returns whether an official publisher says of a band why it has no amount. Any other without one is as good as no band.
pub(super) fn is_withheld(release: &Release, band: Band<'_>) -> bool {
    lane(release.method()) == 0 && money(band).any(|(kind, _)| kind != FigureKind::NotPublished)
}

fn money(band: Band<'_>) -> impl Iterator<Item = (FigureKind, Option<i64>)> {
    Cell::ALL[..Cell::MONEY].iter().map(move |cell| band.cell(*cell))
}
