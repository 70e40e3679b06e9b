//! Which of a role's figures answers when one is asked for.

use std::{cmp::Reverse, collections::HashSet};

use chrono::{Datelike as _, NaiveDate};
use entity::{Cell, FigureKind, PayMethod, PayPeriod, RegionId, growth_projection};
use sea_orm::DbErr;

use super::{
    BandRef, Loaded, ProjectionRef, Reader, Selection, Subjects,
    subjects::{subjects_of, via},
};
use crate::{
    frame::{Band, Segment, Subject},
    pay::fallback::{Chains, Fallback, Stand},
    snapshot::{Release, RoleEntry, RoleLink},
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

/// What is wished of a role's pay.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wish<'a> {
    /// Observed like this alone.
    pub method: Option<PayMethod>,
    /// Printed for this period, where that is there.
    pub period: Option<PayPeriod>,
    /// What may stand in, those named first preferred.
    pub ways: &'a [Fallback],
}

impl Wish<'_> {
    fn turn(&self, release: &Release, segment: &Segment) -> Option<u8> {
        let wanted = self.method.is_none_or(|method| method == release.method());
        period_turn(segment.period, self.period).filter(|_| wanted)
    }
}

impl Reader {
    /// Returns the best band of a role: official before other lanes and editorial last, then the role's own order of occupations,
    /// then bands with an amount, then the period wished for before the year and the hour, then the newest reference period.
    /// Where that has no amount, the shortest chain of fallbacks to one that has.
    pub async fn best_band(
        &self,
        as_of: Option<NaiveDate>,
        role: &RoleEntry,
        region: RegionId,
        wish: Wish<'_>,
    ) -> Result<Option<BandRef>, DbErr> {
        let scope = self.newest(as_of).await?;
        let direct =
            best_of(&scope, subjects_of(role).map(|subject| (subject, region)), |release, segment| {
                wish.turn(release, segment)
            });
        let direct = direct.map(|site| site.band(&scope, via(self.catalog(), role, site.stand)));
        if wish.ways.is_empty() || direct.as_ref().is_some_and(BandRef::has_pay) {
            return Ok(direct);
        }
        let mut chains = Chains::new(self.catalog(), wish.ways, subjects_of(role), region);
        loop {
            let stands = chains.further();
            if stands.is_empty() {
                return Ok(direct);
            }
            let standing = match standing_in(&scope, stands, wish) {
                Some(found) => Some(found),
                None => self.of_elder_codes(as_of, &scope, stands, wish).await?,
            };
            if let Some((band, origin)) = standing {
                return Ok(Some(BandRef { via: via(self.catalog(), role, origin), ..band }));
            }
        }
    }

    /// Looks for what stands in under a code of another classification in releases that later ones took the place of: an elder
    /// classification's figures are found nowhere else.
    async fn of_elder_codes(
        &self,
        as_of: Option<NaiveDate>,
        current: &[Loaded],
        stands: &[Stand],
        wish: Wish<'_>,
    ) -> Result<Option<(BandRef, usize)>, DbErr> {
        let crossed: Vec<Stand> = stands.iter().filter(|stand| stand.crossings() > 0).cloned().collect();
        if crossed.is_empty() {
            return Ok(None);
        }
        let mut subjects = Subjects::default();
        for stand in &crossed {
            subjects.add(stand.subject, None);
        }
        let is_current = |release: &Release| current.iter().any(|known| known.release.id() == release.id());
        let scope = self.scope_of(as_of, &subjects, |release| !is_current(release)).await?;
        Ok(standing_in(&scope, &crossed, wish).map(|(mut band, origin)| {
            let label = &band.loaded.release.row.label;
            let note = format!("; its figure is of {label}, a release that a later one took the place of");
            if let Some(step) = band.steps.last_mut() {
                step.reason += &note;
            }
            (band, origin)
        }))
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
        let turn = |release: &Release, segment: &Segment| {
            let wanted = matches!(release.method(), PayMethod::Survey | PayMethod::Register)
                && segment.period == period
                && segment.currency == currency;
            wanted.then_some(0)
        };
        let found = best_of(&scope, subjects_of(role).map(|subject| (subject, region)), turn);
        Ok(found.map(|site| site.band(&scope, via(self.catalog(), role, site.stand))))
    }

    /// Returns the best projection of a role in a region: official before editorial, then the role's own order of
    /// occupations, then the newest cycle, then the table that holds most. Where there is none, the shortest chain of `ways` to
    /// one.
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

    /// Returns the best projection of each cycle, by the order of [`Reader::best_projection`], the newest cycle first: of its
    /// lane alone, and of several editions of a release the last one.
    pub async fn projection_history(
        &self,
        as_of: Option<NaiveDate>,
        role: &RoleEntry,
        region: RegionId,
    ) -> Result<Vec<ProjectionRef>, DbErr> {
        let subjects = Subjects::of_role(self.catalog(), role);
        let mut found = self.projections_over_time(as_of, &subjects, region).await?;
        found.sort_by_key(|projection| Reverse(projection.loaded.release.age()));
        let mut seen = HashSet::new();
        found.retain(|projection| {
            let release = &projection.loaded.release;
            let name = (release.source_id(), release.row.dataset.clone(), release.row.label.clone());
            seen.insert((name, Subject::of(projection.row())))
        });
        found.sort_by_key(|projection| {
            let (row, release) = (projection.row(), &projection.loaded.release);
            (lane(release.method()), newest(row), place(&subjects, Subject::of(row)), widest(release))
        });
        let lane_of = |projection: &ProjectionRef| lane(projection.loaded.release.method());
        let best = found.first().map(lane_of);
        found.retain(|projection| Some(lane_of(projection)) == best);
        found.dedup_by_key(|projection| newest(projection.row()));
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
        for loaded in self.projections_scope_of(as_of, subjects, |_| true).await? {
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
    /// Returns the band at the site.
    fn band(self, scope: &[Loaded], via: Option<RoleLink>) -> BandRef {
        BandRef { loaded: scope[self.loaded].clone(), index: self.index, via, steps: Vec::new() }
    }

    /// Returns the projection at the site.
    pub(super) fn projection(self, scope: &[Loaded]) -> ProjectionRef {
        ProjectionRef { loaded: scope[self.loaded].clone(), index: self.index, steps: Vec::new() }
    }
}

/// Returns the best band with an amount for any of the stands, with the chain that led to it and where that began.
fn standing_in(scope: &[Loaded], stands: &[Stand], wish: Wish<'_>) -> Option<(BandRef, usize)> {
    let places = stands.iter().map(|stand| (stand.subject, stand.region));
    let site = best_of(scope, places, |release, segment| wish.turn(release, segment))?;
    let (band, stand) = (site.band(scope, None), &stands[site.stand]);
    band.has_pay().then(|| (BandRef { steps: stand.steps.clone(), ..band }, stand.origin))
}

/// Returns the best band that counts everybody, by the order of [`Reader::best_band`]; stands named first are preferred. `turn`
/// says which bands come at all, those with the least number first.
pub(super) fn best_of(
    scope: &[Loaded],
    stands: impl Iterator<Item = (Subject, RegionId)>,
    turn: impl Fn(&Release, &Segment) -> Option<u8>,
) -> Option<Site> {
    let mut best = None;
    for (stand, (subject, region)) in stands.enumerate() {
        for (loaded, Loaded { release, frame }) in scope.iter().enumerate() {
            for index in frame.bands_at(subject, region) {
                let band = frame.band(index);
                let segment = band.segment();
                let Some(turn) = turn(release, segment).filter(|_| segment.is_whole()) else { continue };
                let newest = Reverse((release.row.reference_end, release.row.edition));
                let key = (lane(release.method()), stand, !has_amount(band), turn, newest, loaded, index);
                if best.is_none_or(|known| key < known) {
                    best = Some(key);
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
fn newest(row: &growth_projection::Model) -> impl Ord + Copy + use<> {
    Reverse((row.target_year, row.base_year))
}

/// Of one cycle, puts the table of all occupations before the pages that repeat a row of it, and the last edition first.
fn widest(release: &Release) -> impl Ord + Copy + use<> {
    Reverse((release.row.rows_loaded, release.age()))
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

pub(super) fn has_amount(band: Band<'_>) -> bool {
    Cell::ALL[..Cell::MONEY].iter().any(|cell| {
        matches!(band.cell(*cell), (FigureKind::Exact | FigureKind::AtLeast | FigureKind::AtMost, Some(_)))
    })
}
