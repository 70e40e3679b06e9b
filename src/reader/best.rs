//! Which of a role's figures answers when one is asked for.

use std::{cmp::Reverse, collections::HashSet};

use chrono::{Datelike as _, NaiveDate};
use entity::{Cell, FigureKind, PayMethod, PayPeriod, RegionId};
use sea_orm::DbErr;

use super::{
    BandRef, Loaded, ProjectionRef, Reader, Selection, Subjects,
    subjects::{subjects_of, via},
};
use crate::{
    frame::{Band, Segment, Subject},
    pay::fallback::{Chains, Fallback, Stand},
    snapshot::{Release, RoleEntry},
};

/// Which releases may answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Moment {
    /// The current ones.
    #[default]
    Today,
    /// Those that were out on a day.
    Known(NaiveDate),
    /// Those whose reference period ends in a year.
    Of(i32),
}

impl Reader {
    /// Returns the best band of a role: official before other lanes and editorial last, then the role's own order
    /// of occupations, then bands with an amount, then the year before the hour, then the newest reference period.
    /// Where that has no amount, the shortest chain of `ways` to one that has.
    pub async fn best_band(
        &self,
        as_of: Option<NaiveDate>,
        role: &RoleEntry,
        region: RegionId,
        method: Option<PayMethod>,
        ways: &[Fallback],
    ) -> Result<Option<BandRef>, DbErr> {
        let scope = self.newest(as_of).await?;
        let takes = |release: &Release, _: &Segment| method.is_none_or(|method| method == release.method());
        let direct = best_of(&scope, subjects_of(role).map(|subject| (subject, region)), takes);
        let has_amount = |site: &Site| has_amount(scope[site.loaded].frame.band(site.index));
        let band = |site: Site, stand: Option<&Stand>| BandRef {
            loaded: scope[site.loaded].clone(),
            index: site.index,
            via: via(self.catalog(), role, stand.map_or(site.stand, |stand| stand.origin)),
            steps: stand.map(|stand| stand.steps.clone()).unwrap_or_default(),
        };
        if ways.is_empty() || direct.as_ref().is_some_and(has_amount) {
            return Ok(direct.map(|site| band(site, None)));
        }
        let mut chains = Chains::new(self.catalog(), ways, subjects_of(role), region);
        loop {
            let stands = chains.further();
            if stands.is_empty() {
                return Ok(direct.map(|site| band(site, None)));
            }
            let places = stands.iter().map(|stand| (stand.subject, stand.region));
            if let Some(site) = best_of(&scope, places, takes).filter(has_amount) {
                return Ok(Some(band(site, Some(&stands[site.stand]))));
            }
        }
    }

    /// Returns the best official band of a role with amounts per `period` in `currency`: of surveys and registers alone.
    pub async fn official_band(
        &self,
        moment: Moment,
        role: &RoleEntry,
        region: RegionId,
        period: PayPeriod,
        currency: &str,
    ) -> Result<Option<BandRef>, DbErr> {
        let of = |year| move |release: &Release| release.row.reference_end.year() == year;
        let scope = match moment {
            Moment::Today => self.newest(None).await?,
            Moment::Known(day) => self.newest(Some(day)).await?,
            Moment::Of(year) => self.scope(None, Selection::All, of(year)).await?.into(),
        };
        let takes = |release: &Release, segment: &Segment| {
            matches!(release.method(), PayMethod::Survey | PayMethod::Register)
                && segment.period == period
                && segment.currency == currency
        };
        let found = best_of(&scope, subjects_of(role).map(|subject| (subject, region)), takes);
        Ok(found.map(|site| BandRef {
            loaded: scope[site.loaded].clone(),
            index: site.index,
            via: via(self.catalog(), role, site.stand),
            steps: Vec::new(),
        }))
    }

    /// Returns the best projection of a role in a region: official before editorial, then the role's own order of
    /// occupations, then the newest target. Where there is none, the shortest chain of `ways` to one.
    pub async fn best_projection(
        &self,
        as_of: Option<NaiveDate>,
        role: &RoleEntry,
        region: RegionId,
        ways: &[Fallback],
    ) -> Result<Option<ProjectionRef>, DbErr> {
        let scope = self.newest(as_of).await?;
        let direct = best_projection_of(&scope, subjects_of(role).map(|subject| (subject, region)));
        if ways.is_empty() || direct.is_some() {
            return Ok(direct.map(|site| site.projection(&scope)));
        }
        let mut chains = Chains::new(self.catalog(), ways, subjects_of(role), region);
        loop {
            let stands = chains.further();
            if stands.is_empty() {
                return Ok(None);
            }
            let places = stands.iter().map(|stand| (stand.subject, stand.region));
            if let Some(site) = best_projection_of(&scope, places) {
                let steps = stands[site.stand].steps.clone();
                return Ok(Some(ProjectionRef { steps, ..site.projection(&scope) }));
            }
        }
    }

    /// Returns the bands of a role in a region that count everybody, in the newest release of each dataset, by the role's own
    /// order of occupations.
    pub async fn bands_of_role(
        &self,
        as_of: Option<NaiveDate>,
        role: &RoleEntry,
        region: RegionId,
    ) -> Result<Vec<BandRef>, DbErr> {
        let scope = self.newest(as_of).await?;
        Ok(whole_bands(&scope, &Subjects::of_role(self.catalog(), role), region))
    }

    /// Returns the bands of some subjects in a region that count everybody, in every visible release that is wanted.
    pub async fn bands_over_time(
        &self,
        as_of: Option<NaiveDate>,
        subjects: &Subjects,
        region: RegionId,
        wanted: impl Fn(&Release) -> bool,
    ) -> Result<Vec<BandRef>, DbErr> {
        let scope = self.scope_of(as_of, subjects, wanted).await?;
        Ok(whole_bands(&scope, subjects, region))
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
        let mut found = self.projections_over_time(as_of, &subjects, region).await?;
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

    /// Returns the projections of some subjects in a region, in every visible release.
    pub async fn projections_over_time(
        &self,
        as_of: Option<NaiveDate>,
        subjects: &Subjects,
        region: RegionId,
    ) -> Result<Vec<ProjectionRef>, DbErr> {
        let mut found = Vec::new();
        for loaded in self.projections_scope_of(as_of, subjects).await? {
            for wanted in subjects.iter() {
                let places = loaded.frame.projections_at(wanted.subject, region);
                found.extend(places.map(|index| ProjectionRef {
                    loaded: loaded.clone(),
                    index,
                    steps: Vec::new(),
                }));
            }
        }
        let catalog = self.catalog();
        found.sort_by_key(|one| (catalog.release_rank(one.loaded.release.id()), one.row().base_year));
        Ok(found)
    }
}

/// Returns the bands of some subjects in a region that count everybody.
fn whole_bands(scope: &[Loaded], subjects: &Subjects, region: RegionId) -> Vec<BandRef> {
    let mut found = Vec::new();
    for wanted in subjects.iter() {
        for loaded in scope {
            let places = loaded.frame.bands_at(wanted.subject, region);
            let whole = places.filter(|index| loaded.frame.band(*index).segment().is_whole());
            found.extend(whole.map(|index| BandRef {
                loaded: loaded.clone(),
                index,
                via: wanted.via.clone(),
                steps: Vec::new(),
            }));
        }
    }
    found
}

/// Where a figure was found: in which of several frames, at which place, and for which of the stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site {
    pub(super) loaded: usize,
    pub(super) index: usize,
    stand: usize,
}

impl Site {
    /// Returns the projection at the site.
    pub(super) fn projection(self, scope: &[Loaded]) -> ProjectionRef {
        ProjectionRef { loaded: scope[self.loaded].clone(), index: self.index, steps: Vec::new() }
    }
}

/// Returns the best band that counts everybody, by the order of [`Reader::best_band`]; stands named first are preferred.
pub(super) fn best_of(
    scope: &[Loaded],
    stands: impl Iterator<Item = (Subject, RegionId)>,
    takes: impl Fn(&Release, &Segment) -> bool,
) -> Option<Site> {
    let mut best = None;
    for (stand, (subject, region)) in stands.enumerate() {
        for (loaded, Loaded { release, frame }) in scope.iter().enumerate() {
            for index in frame.bands_at(subject, region) {
                let band = frame.band(index);
                let segment = band.segment();
                let Some(period) = period_rank(segment.period) else { continue };
                if segment.is_whole() && takes(release, segment) {
                    let newest = Reverse((release.row.reference_end, release.row.edition));
                    let key =
                        (lane(release.method()), stand, !has_amount(band), period, newest, loaded, index);
                    if best.is_none_or(|known| key < known) {
                        best = Some(key);
                    }
                }
            }
        }
    }
    best.map(|(_, stand, .., loaded, index)| Site { loaded, index, stand })
}

/// Returns the best projection, by the order of [`Reader::best_projection`]; stands named first are preferred.
pub(super) fn best_projection_of(
    scope: &[Loaded],
    stands: impl Iterator<Item = (Subject, RegionId)>,
) -> Option<Site> {
    let mut best = None;
    for (stand, (subject, region)) in stands.enumerate() {
        for (loaded, Loaded { release, frame }) in scope.iter().enumerate() {
            for index in frame.projections_at(subject, region) {
                let row = &frame.projections()[index];
                let newest = Reverse((row.target_year, row.base_year, release.age()));
                let key = (lane(release.method()), stand, newest, loaded, index);
                if best.is_none_or(|known| key < known) {
                    best = Some(key);
                }
            }
        }
    }
    best.map(|(_, stand, _, loaded, index)| Site { loaded, index, stand })
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
