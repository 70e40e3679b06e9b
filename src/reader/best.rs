//! Which of a role's figures answers when one is asked for.

use std::{cmp::Reverse, collections::HashSet};

use chrono::{Datelike as _, NaiveDate};
use entity::{MappingRelation, PayMethod, PayPeriod, ReferencePeriod, RegionId};
use sea_orm::DbErr;

use super::{
    BandRef, Loaded, ProjectionRef, Reader, Selection, Subjects,
    choice::{best_of, best_projection_of, has_amount, is_withheld, lane, newest, period_turn, widest},
    subjects::{subjects_of, via},
};
use crate::{
    frame::{Band, Subject},
    pay::{
        fallback::{Chains, Fallback, Stand},
        history::with_counterparts,
    },
    snapshot::{Catalog, Release, RoleEntry},
};

/// Which releases may answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Moment {
    /// The current ones.
    #[default]
    Today,
    /// Those that were out on a day.
    Known(NaiveDate),
    /// Those with figures whose reference period ends in a year.
    Of(i32),
}

impl Moment {
    fn takes(self, period: &ReferencePeriod) -> bool {
        match self {
            Self::Today | Self::Known(_) => true,
            Self::Of(year) => period.end.year() == year,
        }
    }
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
    fn turn(&self, release: &Release, band: Band<'_>) -> Option<u8> {
        let wanted = self.method.is_none_or(|method| method == release.method());
        period_turn(band.segment().period, self.period).filter(|_| wanted)
    }
}

impl Reader {
    /// Returns the best band of a role: official before other lanes and editorial last, then the role's own order of occupations,
    /// then bands with an amount, then pay in the currency of the place, then the period wished for before the year and the hour,
    /// then the newest reference period, then the largest sample. A band that neither has an amount nor says officially why
    /// comes after all others.
    ///
    /// Where the best has no amount, the shortest chain of fallbacks to one that has, observed in the same way as what the place
    /// itself has none of.
    pub async fn best_band(
        &self,
        as_of: Option<NaiveDate>,
        role: &RoleEntry,
        region: RegionId,
        wish: Wish<'_>,
    ) -> Result<Option<BandRef>, DbErr> {
        let (catalog, scope) = (self.catalog(), self.newest(as_of).await?);
        let places = subjects_of(role).map(|subject| (subject, region));
        let direct = best_of(catalog, &scope, places, |release, band| wish.turn(release, band));
        let direct = direct.map(|site| site.band(&scope, via(catalog, role, site.stand)));
        if wish.ways.is_empty() || direct.as_ref().is_some_and(BandRef::has_pay) {
            return Ok(direct);
        }
        let of_lane = direct.as_ref().filter(|found| is_withheld(&found.loaded.release, found.band()));
        let method = of_lane.map(|found| found.loaded.release.method()).or(wish.method);
        let wish = Wish { method, ..wish };
        let mut chains = Chains::new(catalog, wish.ways, subjects_of(role), region);
        while !chains.stands().is_empty() {
            let standing = match standing_in(catalog, &scope, chains.stands(), wish) {
                Some(found) => Some(found),
                None => self.of_elder_codes(as_of, &scope, chains.stands(), wish).await?,
            };
            if let Some((band, origin)) = standing {
                return Ok(Some(BandRef { via: via(catalog, role, origin), ..band }));
            }
            chains.further();
        }
        Ok(direct)
    }

    /// Returns the best band of a role in any visible release, by the order of [`Self::best_band`]; where there is none, that of a code
    /// of another edition that means exactly the same.
    pub async fn last_band(
        &self,
        as_of: Option<NaiveDate>,
        role: &RoleEntry,
        region: RegionId,
        wish: Wish<'_>,
    ) -> Result<Option<BandRef>, DbErr> {
        let catalog = self.catalog();
        let scope = self.scope_of(as_of, &Subjects::of_role(catalog, role), |_| true).await?;
        let places = subjects_of(role).map(|subject| (subject, region));
        let turn = |release: &Release, band: Band<'_>| wish.turn(release, band);
        if let Some(site) = best_of(catalog, &scope, places, turn) {
            return Ok(Some(site.band(&scope, via(catalog, role, site.stand))));
        }
        let same = same_in_other_editions(catalog, role);
        let scope = self.scope_of(as_of, &same, |_| true).await?;
        Ok(best_among(catalog, &scope, &same, region, turn))
    }

    /// Looks for what stands in under a code of an elder edition of a classification in releases that later ones took the place of:
    /// its figures are found nowhere else.
    async fn of_elder_codes(
        &self,
        as_of: Option<NaiveDate>,
        current: &[Loaded],
        stands: &[Stand],
        wish: Wish<'_>,
    ) -> Result<Option<(BandRef, usize)>, DbErr> {
        let elder = |stand: &&Stand| stand.crossings() > 0 && is_elder(self.catalog(), stand.subject);
        let crossed: Vec<Stand> = stands.iter().filter(elder).cloned().collect();
        if crossed.is_empty() {
            return Ok(None);
        }
        let mut subjects = Subjects::default();
        for stand in &crossed {
            subjects.add(stand.subject, None);
        }
        let is_current = |release: &Release| current.iter().any(|known| known.release.id() == release.id());
        let scope = self.scope_of(as_of, &subjects, |release| !is_current(release)).await?;
        Ok(standing_in(self.catalog(), &scope, &crossed, wish))
    }

    /// Returns the best official band of a role with amounts per `period` in `currency`: of surveys and registers alone. Releases of
    /// the past may have an occupation under the code of another edition of its classification that means exactly the same.
    pub async fn official_band(
        &self,
        moment: Moment,
        role: &RoleEntry,
        region: RegionId,
        period: PayPeriod,
        currency: &str,
    ) -> Result<Option<BandRef>, DbErr> {
        let scope = match moment {
            Moment::Today => self.newest(None).await?,
            Moment::Known(day) => self.newest(Some(day)).await?,
            Moment::Of(year) => {
                self.scope(None, Selection::All, |release| release.reaches(year)).await?.into()
            }
        };
        let turn = |release: &Release, band: Band<'_>| {
            let segment = band.segment();
            let wanted = matches!(release.method(), PayMethod::Survey | PayMethod::Register)
                && segment.period == period
                && segment.currency == currency
                && moment.takes(release.reference_of(band));
            wanted.then_some(0)
        };
        let catalog = self.catalog();
        let places = subjects_of(role).map(|subject| (subject, region));
        if let Some(site) = best_of(catalog, &scope, places, turn) {
            return Ok(Some(site.band(&scope, via(catalog, role, site.stand))));
        }
        if moment == Moment::Today {
            return Ok(None);
        }
        Ok(best_among(catalog, &scope, &same_in_other_editions(catalog, role), region, turn))
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

/// Returns what the occupations of a role are in other editions of their classifications, where that is exactly the same.
fn same_in_other_editions(catalog: &Catalog, role: &RoleEntry) -> Subjects {
    let mut same = Subjects::default();
    for (place, subject) in subjects_of(role).enumerate() {
        let own = via(catalog, role, place);
        for wanted in with_counterparts(catalog, subject, None).iter() {
            let exact = wanted.via.clone().filter(|link| link.relation == MappingRelation::Exact);
            if let Some(link) = exact {
                same.add(wanted.subject, Some(link.behind(own.as_ref())));
            }
        }
    }
    same
}

/// Returns the best band of some subjects in a region, those named first before the others.
fn best_among(
    catalog: &Catalog,
    scope: &[Loaded],
    subjects: &Subjects,
    region: RegionId,
    turn: impl Fn(&Release, Band<'_>) -> Option<u8>,
) -> Option<BandRef> {
    let places = subjects.iter().map(|wanted| (wanted.subject, region));
    let site = best_of(catalog, scope, places, turn)?;
    Some(site.band(scope, subjects.get(site.stand).and_then(|wanted| wanted.via.clone())))
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

/// Returns the best band with an amount for any of the stands, with the chain that led to it and where that began.
fn standing_in(
    catalog: &Catalog,
    scope: &[Loaded],
    stands: &[Stand],
    wish: Wish<'_>,
) -> Option<(BandRef, usize)> {
    let places = stands.iter().map(|stand| (stand.subject, stand.region));
    let paid = |release: &Release, band: Band<'_>| wish.turn(release, band).filter(|_| has_amount(band));
    let site = best_of(catalog, scope, places, paid)?;
    let stand = &stands[site.stand];
    Some((BandRef { steps: stand.steps.clone(), ..site.band(scope, None) }, stand.origin))
}

/// Returns whether a code is of an edition of its classification that a younger one took the place of.
fn is_elder(catalog: &Catalog, subject: Subject) -> bool {
    let Subject::Occupation(id) = subject else { return false };
    catalog.occupation(id).is_some_and(|row| {
        row.classification.editions().last().is_some_and(|newest| *newest != row.classification)
    })
}

fn place(subjects: &Subjects, subject: Subject) -> usize {
    subjects.iter().position(|wanted| wanted.subject == subject).unwrap_or(usize::MAX)
}
