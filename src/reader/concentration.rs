//! How much of a place's employment one occupation is.

use std::cmp::Reverse;

use chrono::NaiveDate;
use entity::{Cell, FigureKind, RegionId};
use sea_orm::DbErr;

use super::{BandRef, Loaded, Reader, Selection, TOTAL};
use crate::{
    frame::{Band, Subject},
    snapshot::{Catalog, Release},
};

impl BandRef {
    /// Returns which share of all workers that the same release counts in the same place and industry work in the band's
    /// occupation; `None` unless both numbers are published and exact.
    #[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^53 workers")]
    pub fn share_of_all(&self, catalog: &Catalog) -> Option<f64> {
        let band = self.band();
        let Subject::Occupation(id) = band.subject() else { return None };
        let total = catalog.occupation_of_code(catalog.occupation(id)?.classification, TOTAL)?.id;
        let all = alike(&self.loaded, band, Subject::Occupation(total), band.region()).next()?;
        let (jobs, all) = (workers(band)?, workers(self.loaded.frame.band(all)).filter(|all| *all > 0)?);
        Some(jobs as f64 / all as f64)
    }
}

impl Reader {
    /// Returns the location quotient of a band, computed: its occupation's share of all workers in the place over that in the
    /// country, both by one survey at one time. `None` for a country, and unless all four numbers are published and exact.
    pub async fn location_quotient(
        &self,
        as_of: Option<NaiveDate>,
        found: &BandRef,
    ) -> Result<Option<f64>, DbErr> {
        let (catalog, band) = (self.catalog(), found.band());
        let country = catalog.region(band.region()).and_then(|place| catalog.country_of(&place.row));
        let country = country.map(|country| country.row.id).filter(|country| *country != band.region());
        let (Some(country), Some(here)) = (country, found.share_of_all(catalog)) else { return Ok(None) };
        let mut releases = self.visible(as_of, Selection::All);
        releases.retain(|release| of_one_survey(release, &found.loaded.release));
        releases.sort_by_key(|release| Reverse(release.age()));
        for release in releases {
            let loaded = self.load(release).await?;
            let Some(index) = alike(&loaded, band, band.subject(), country).next() else { continue };
            let national = BandRef { loaded, index, via: None, steps: Vec::new() };
            if national.reference() != found.reference() {
                continue;
            }
            let there = national.share_of_all(catalog).filter(|share| *share > 0.0);
            return Ok(there.map(|there| here / there));
        }
        Ok(None)
    }
}

fn of_one_survey(one: &Release, other: &Release) -> bool {
    let time = |release: &Release| (release.row.reference_start, release.row.reference_end);
    one.source_id() == other.source_id() && time(one) == time(other)
}

/// The places of bands about a subject in a region that count the same people as `band`, whichever period they are for.
fn alike<'a>(
    loaded: &'a Loaded,
    band: Band<'a>,
    subject: Subject,
    region: RegionId,
) -> impl Iterator<Item = usize> {
    let segment = band.segment();
    loaded
        .frame
        .bands_at(subject, region)
        .filter(move |index| loaded.frame.band(*index).segment().is_beside(segment))
}

fn workers(band: Band<'_>) -> Option<i64> {
    match band.cell(Cell::Employment) {
        (FigureKind::Exact, Some(count)) => Some(count),
        _ => None,
    }
}
