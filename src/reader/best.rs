//! Which of a role's figures answers when one is asked for.

use std::{cmp::Reverse, collections::HashSet, iter};

use chrono::NaiveDate;
use entity::{Cell, FigureKind, PayMethod, PayPeriod, RegionId};
use sea_orm::DbErr;

use super::{BandRef, Loaded, ProjectionFilter, ProjectionOrder, ProjectionRef, Reader, Selection, Subjects};
use crate::{
    frame::{Band, Segment, Subject},
    snapshot::{Release, RoleEntry},
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
        let wanted = |release: &Release| method.is_none_or(|method| release.method() == method);
        let scope = self.scope(as_of, Selection::Current, wanted).await?;
        let found = best_of(&scope, subjects.iter().map(|wanted| wanted.subject), region, |_| true);
        Ok(found.map(|site| BandRef {
            loaded: scope[site.loaded].clone(),
            index: site.index,
            via: subjects.get(site.wanted).and_then(|wanted| wanted.via.clone()),
        }))
    }

    /// Returns the projections of a role in a region, the best first: official before editorial, then the role's
    /// own order of occupations, then the newest target.
    pub async fn best_projection(
        &self,
        as_of: Option<NaiveDate>,
        role: &RoleEntry,
        region: RegionId,
    ) -> Result<Option<ProjectionRef>, DbErr> {
        let scope = self.scope(as_of, Selection::Current, |_| true).await?;
        Ok(best_projection_of(&scope, subjects_of(role), region))
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

/// Where a band was found: in which of several frames, at which place, and for which of the wanted subjects.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site {
    pub(super) loaded: usize,
    pub(super) index: usize,
    wanted: usize,
}

/// The subjects of a role, in order of preference.
pub(super) fn subjects_of(role: &RoleEntry) -> impl Iterator<Item = Subject> {
    let links = role.occupations.iter();
    iter::once(Subject::Role(role.id())).chain(links.map(|link| Subject::Occupation(link.occupation.id)))
}

/// Returns the best band that counts everybody, by the order of [`Reader::best_band`].
pub(super) fn best_of(
    scope: &[Loaded],
    subjects: impl Iterator<Item = Subject>,
    region: RegionId,
    takes: impl Fn(&Segment) -> bool,
) -> Option<Site> {
    let mut best = None;
    for (wanted, subject) in subjects.enumerate() {
        for (loaded, Loaded { release, frame }) in scope.iter().enumerate() {
            for index in frame.bands_at(subject, region) {
                let band = frame.band(index);
                let segment = band.segment();
                let Some(period) = period_rank(segment.period) else { continue };
                if segment.is_whole() && takes(segment) {
                    let newest = Reverse((release.row.reference_end, release.row.edition));
                    let key =
                        (lane(release.method()), wanted, !has_amount(band), period, newest, loaded, index);
                    if best.is_none_or(|known| key < known) {
                        best = Some(key);
                    }
                }
            }
        }
    }
    best.map(|(_, wanted, .., loaded, index)| Site { loaded, index, wanted })
}

/// Returns the best projection, by the order of [`Reader::best_projection`].
pub(super) fn best_projection_of(
    scope: &[Loaded],
    subjects: impl Iterator<Item = Subject>,
    region: RegionId,
) -> Option<ProjectionRef> {
    let all = subjects.enumerate().flat_map(|(wanted, subject)| {
        scope.iter().flat_map(move |loaded| {
            loaded.frame.projections_of(subject).map(move |index| (wanted, loaded, index))
        })
    });
    let here = all.filter(|(_, loaded, index)| loaded.frame.projections()[*index].region_id == region);
    let best = here.min_by_key(|(wanted, loaded, index)| {
        let row = &loaded.frame.projections()[*index];
        (
            lane(loaded.release.method()),
            *wanted,
            Reverse((row.target_year, row.base_year, loaded.release.age())),
        )
    });
    best.map(|(_, loaded, index)| ProjectionRef { loaded: loaded.clone(), index })
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

pub(super) fn has_amount(band: Band<'_>) -> bool {
    Cell::ALL[..Cell::MONEY].iter().any(|cell| {
        matches!(band.cell(*cell), (FigureKind::Exact | FigureKind::AtLeast | FigureKind::AtMost, Some(_)))
    })
}
