//! Which of a role's figures answers when one is asked for.

use std::{cmp::Reverse, collections::HashSet};

use chrono::NaiveDate;
use entity::{Cell, FigureKind, PayMethod, PayPeriod, RegionId};
use sea_orm::DbErr;

use super::{
    BandFilter, BandOrder, BandRef, ProjectionFilter, ProjectionOrder, ProjectionRef, Reader, Selection,
    Subjects,
};
use crate::{
    frame::{Band, Subject},
    snapshot::RoleEntry,
};

impl Reader {
    /// Returns the best band of a role: official before other lanes and editorial last, then the role's own order
    /// of occupations, then bands with an amount, then the year before the hour, then the newest reference period.
    pub async fn best_band(
        &self,
        as_of: Option<NaiveDate>,
        role: &RoleEntry,
        region: RegionId,
        method: Option<PayMethod>,
    ) -> Result<Option<BandRef>, DbErr> {
        let subjects = Subjects::of_role(self.catalog(), role);
        let filter = BandFilter {
            subjects: Some(subjects.clone()),
            regions: Some(HashSet::from([region])),
            methods: method.map(|method| vec![method]),
            ..BandFilter::default()
        };
        let bands = self.bands(as_of, &filter, BandOrder::default()).await?;
        let found = (0..bands.len()).map(|place| bands.get(place));
        let fitting = found.filter_map(|band| {
            let row = &band.loaded.release.row;
            let newest = Reverse((row.reference_end, row.edition));
            let empty = !has_amount(band.band());
            let period = period_rank(band.band().segment().period)?;
            let lane = lane(band.loaded.release.method());
            Some(((lane, place(&subjects, band.band().subject()), empty, period, newest), band))
        });
        Ok(fitting.min_by(|a, b| a.0.cmp(&b.0)).map(|(_, band)| band))
    }

    /// Returns the projections of a role in a region, the best first: official before editorial, then the role's
    /// own order of occupations, then the newest target.
    pub async fn best_projection(
        &self,
        as_of: Option<NaiveDate>,
        role: &RoleEntry,
        region: RegionId,
    ) -> Result<Option<ProjectionRef>, DbErr> {
        let subjects = Subjects::of_role(self.catalog(), role);
        let found = self.projections_of(as_of, &subjects, region, Selection::Current).await?;
        Ok(found.into_iter().min_by_key(|projection| {
            let row = projection.row();
            let lane = lane(projection.loaded.release.method());
            let newest = Reverse((row.target_year, row.base_year, projection.loaded.release.age()));
            (lane, place(&subjects, Subject::of(row)), newest)
        }))
    }

    /// Returns the projections of successive cycles, the newest first. Of several editions of one cycle the last
    /// one stands.
    pub async fn projection_history(
        &self,
        as_of: Option<NaiveDate>,
        role: &RoleEntry,
        region: RegionId,
    ) -> Result<Vec<ProjectionRef>, DbErr> {
        let subjects = Subjects::of_role(self.catalog(), role);
        let mut found = self.projections_of(as_of, &subjects, region, Selection::All).await?;
        found.sort_by_key(|projection| {
            let row = projection.row();
            let lane = lane(projection.loaded.release.method());
            let years = Reverse((row.target_year, row.base_year));
            (years, lane, place(&subjects, Subject::of(row)), Reverse(projection.loaded.release.age()))
        });
        let mut seen = HashSet::new();
        found.retain(|projection| {
            let release = &projection.loaded.release;
            let cycle = (release.source_id(), release.row.dataset.clone(), release.row.label.clone());
            seen.insert((cycle, Subject::of(projection.row())))
        });
        Ok(found)
    }

    async fn projections_of(
        &self,
        as_of: Option<NaiveDate>,
        subjects: &Subjects,
        region: RegionId,
        releases: Selection,
    ) -> Result<Vec<ProjectionRef>, DbErr> {
        let filter = ProjectionFilter {
            subjects: Some(subjects.clone()),
            regions: Some(HashSet::from([region])),
            releases,
            ..ProjectionFilter::default()
        };
        let found = self.projections(as_of, &filter, ProjectionOrder::default()).await?;
        Ok((0..found.len()).map(|place| found.get(place)).collect())
    }
}

fn place(subjects: &Subjects, subject: Subject) -> usize {
    subjects.iter().position(|wanted| wanted.subject == subject).unwrap_or(usize::MAX)
}

fn lane(method: PayMethod) -> u8 {
    match method {
        PayMethod::Survey | PayMethod::Register => 0,
        PayMethod::Advert | PayMethod::Crowd | PayMethod::Filing => 1,
        PayMethod::Editorial => 2,
    }
}

fn period_rank(period: PayPeriod) -> Option<u8> {
    match period {
        PayPeriod::Year => Some(0),
        PayPeriod::Hour => Some(1),
        PayPeriod::Day | PayPeriod::Week | PayPeriod::Month => None,
    }
}

fn has_amount(band: Band<'_>) -> bool {
    Cell::ALL[..Cell::MONEY].iter().any(|cell| {
        matches!(band.cell(*cell), (FigureKind::Exact | FigureKind::AtLeast | FigureKind::AtMost, Some(_)))
    })
}
