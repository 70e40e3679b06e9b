//! The only way to figures. A reader pins one snapshot, so that everything one request reads agrees.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use chrono::NaiveDate;
use entity::{
    Classification, Count, PayPeriod, ReferencePeriod, ReleaseId, SourceId, growth_projection, reject, source,
};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    frame,
    frame::{Band, Frame, Subject},
    matching::{Index, Names},
    pay::fallback::Step,
    snapshot::{Catalog, Release, RoleLink, Skills, Snapshot, Store, Titles},
};

mod bands;
mod best;
mod choice;
mod concentration;
mod diff;
mod projections;
mod roles;
mod series;
mod subjects;

pub use crate::snapshot::Loaded;

pub(crate) use self::choice::period_turn;
pub use self::{
    bands::{BandField, BandFilter, BandOrder, Bands, SegmentFilter},
    best::{Moment, Wish},
    diff::{Change, ChangeKind, PROJECTED, Table, changes},
    projections::{ProjectionField, ProjectionFilter, ProjectionOrder, Projections},
    roles::{MedianRange, RoleField, RoleFilter, RoleKey, RoleOrder, Roles},
    series::SeriesFilter,
    subjects::{Subjects, Wanted},
};

/// The code of all occupations together, in SOC and in tables that follow it.
const TOTAL: &str = "00-0000";

/// Which releases of each dataset answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// The newest one.
    Current,
    /// Every one.
    All,
}

/// One band, wherever it is held.
#[derive(Clone, Debug)]
pub struct BandRef {
    /// Its release.
    pub loaded: Loaded,
    /// Its place in the frame.
    pub index: usize,
    /// The mapping it was reached through.
    pub via: Option<RoleLink>,
    /// How it stands in for what was asked for; empty where it is just that.
    pub steps: Vec<Step>,
}

impl BandRef {
    /// Returns the band.
    pub fn band(&self) -> Band<'_> {
        self.loaded.frame.band(self.index)
    }

    /// Returns the day or span it refers to.
    pub fn reference(&self) -> &ReferencePeriod {
        self.loaded.release.reference_of(self.band())
    }

    /// Returns whether it has any amount of pay that may be compared.
    pub fn has_pay(&self) -> bool {
        choice::has_amount(self.band())
    }

    /// Returns the place of the band that the same release prints for the same people and another period.
    pub fn beside(&self, period: PayPeriod) -> Option<usize> {
        let (band, frame) = (self.band(), &self.loaded.frame);
        frame.bands_at(band.subject(), band.region()).find(|index| {
            let its = frame.band(*index).segment();
            its.period == period && its.is_beside(band.segment())
        })
    }
}

/// One projection, wherever it is held.
#[derive(Clone, Debug)]
pub struct ProjectionRef {
    /// Its release.
    pub loaded: Loaded,
    /// Its place in the frame.
    pub index: usize,
    /// How it stands in for what was asked for; empty where it is just that.
    pub steps: Vec<Step>,
}

impl ProjectionRef {
    /// Returns the row.
    pub fn row(&self) -> &growth_projection::Model {
        &self.loaded.frame.projections()[self.index]
    }

    /// Returns the openings a year, where they are an exact number.
    pub fn openings(&self) -> Option<i64> {
        self.row().exact(Count::AnnualOpenings)
    }

    /// Returns the projection of all occupations together for the same place and span; that of a role, by the classification
    /// that roles are made from.
    pub fn total(&self, catalog: &Catalog) -> Option<&growth_projection::Model> {
        let (row, frame) = (self.row(), &self.loaded.frame);
        let of = match row.occupation_id {
            Some(id) => catalog.occupation(id)?.classification,
            None => Classification::Soc2018,
        };
        let total = catalog.occupation_of_code(of, TOTAL)?.id;
        let found = &frame.projections()[frame.projections_of(Subject::Occupation(total))];
        let years = (row.base_year, row.target_year);
        found
            .iter()
            .find(|other| other.region_id == row.region_id && (other.base_year, other.target_year) == years)
    }
}

/// Reads one state of the data.
#[derive(Clone, Debug)]
pub struct Reader {
    store: Arc<Store>,
    snapshot: Arc<Snapshot>,
}

impl Reader {
    /// Returns the store behind it.
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// Pins the newest state.
    pub fn new(store: Arc<Store>) -> Self {
        let snapshot = store.current();
        Self { store, snapshot }
    }

    /// Returns a source as it is now, beside the snapshot.
    pub fn source(&self, id: SourceId) -> Option<Arc<source::Model>> {
        self.store.activity().source(id).cloned()
    }

    /// Returns everything but figures.
    pub fn catalog(&self) -> &Catalog {
        self.snapshot.catalog()
    }

    /// Returns the pinned state.
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Returns the releases that answer: those of now, or those that could be known at the end of a day.
    pub fn visible(&self, as_of: Option<NaiveDate>, selection: Selection) -> Vec<Arc<Release>> {
        let catalog = self.catalog();
        let known = |release: &&Arc<Release>| {
            release.is_visible() && as_of.is_none_or(|day| release.known_since() <= day)
        };
        match (as_of, selection) {
            (_, Selection::All) => catalog.releases().filter(known).cloned().collect(),
            (None, Selection::Current) => {
                catalog.releases().filter(|release| release.is_served()).cloned().collect()
            }
            (Some(_), Selection::Current) => newest(catalog.releases().filter(known)),
        }
    }

    /// Returns the figures of the visible releases that are wanted.
    pub async fn scope(
        &self,
        as_of: Option<NaiveDate>,
        selection: Selection,
        wanted: impl Fn(&Release) -> bool,
    ) -> Result<Vec<Loaded>, DbErr> {
        if (as_of, selection) == (None, Selection::Current) {
            let served = self.snapshot.served().iter();
            return Ok(served.filter(|loaded| wanted(&loaded.release)).cloned().collect());
        }
        let mut scope = Vec::new();
        for release in self.visible(as_of, selection) {
            if wanted(&release) {
                scope.push(self.load(release).await?);
            }
        }
        Ok(scope)
    }

    /// Returns the figures of the newest release of each dataset, by key.
    pub async fn newest(&self, as_of: Option<NaiveDate>) -> Result<Cow<'_, [Loaded]>, DbErr> {
        match as_of {
            None => Ok(self.snapshot.served().into()),
            Some(_) => Ok(self.scope(as_of, Selection::Current, |_| true).await?.into()),
        }
    }

    /// Returns the bands of some subjects, and of all occupations together, in every visible release that is wanted: from memory
    /// where a release is held, with one statement for all others.
    pub async fn scope_of(
        &self,
        as_of: Option<NaiveDate>,
        subjects: &Subjects,
        wanted: impl Fn(&Release) -> bool,
    ) -> Result<Vec<Loaded>, DbErr> {
        let (mut scope, others) = self.parted(as_of, wanted);
        if !others.is_empty() {
            let ids: Vec<ReleaseId> = others.keys().copied().collect();
            let about = subjects.iter().map(|wanted| wanted.subject).chain(self.totals());
            let frames = frame::load_of(self.store.db(), &ids, about).await?;
            scope.extend(loaded(frames, &others));
        }
        Ok(scope)
    }

    /// Returns the projections of some subjects, and of all occupations together, in every visible release that is wanted: from
    /// memory where a release is held, with one statement for all others.
    pub async fn projections_scope_of(
        &self,
        as_of: Option<NaiveDate>,
        subjects: &Subjects,
        wanted: impl Fn(&Release) -> bool,
    ) -> Result<Vec<Loaded>, DbErr> {
        let (mut scope, others) = self.parted(as_of, wanted);
        if !others.is_empty() {
            let ids: Vec<ReleaseId> = others.keys().copied().collect();
            let about = subjects.iter().map(|wanted| wanted.subject).chain(self.totals());
            let frames = frame::load_projections_of(self.store.db(), &ids, about).await?;
            scope.extend(loaded(frames, &others));
        }
        Ok(scope)
    }

    /// Returns how many rows of all visible releases that are wanted are not in memory.
    pub fn rows_to_read(&self, as_of: Option<NaiveDate>, wanted: impl Fn(&Release) -> bool) -> i64 {
        self.parted(as_of, wanted).1.values().map(|release| release.row.rows_loaded).sum()
    }

    /// Returns all occupations together, of each classification that has a code for them.
    fn totals(&self) -> impl Iterator<Item = Subject> {
        let totals =
            Classification::ALL.iter().filter_map(|of| self.catalog().occupation_of_code(*of, TOTAL));
        totals.map(|row| Subject::Occupation(row.id))
    }

    /// Returns the visible releases that are wanted, those held in memory with their figures.
    fn parted(
        &self,
        as_of: Option<NaiveDate>,
        wanted: impl Fn(&Release) -> bool,
    ) -> (Vec<Loaded>, HashMap<ReleaseId, Arc<Release>>) {
        let (mut scope, mut others) = (Vec::new(), HashMap::new());
        for release in self.visible(as_of, Selection::All).into_iter().filter(|release| wanted(release)) {
            match self.store.held(&self.snapshot, release.id()) {
                Some(frame) => scope.push(Loaded { release, frame }),
                None => {
                    others.insert(release.id(), release);
                }
            }
        }
        (scope, others)
    }

    /// Returns the figures of one release.
    pub async fn load(&self, release: Arc<Release>) -> Result<Loaded, DbErr> {
        let frame = self.store.frame(&self.snapshot, release.id()).await?;
        Ok(Loaded { release, frame })
    }

    /// Returns the further titles of occupations.
    pub async fn titles(&self) -> Result<&Titles, DbErr> {
        self.store.titles(&self.snapshot).await
    }

    /// Returns the titles of roles by their words.
    pub async fn names(&self) -> Result<&Names, DbErr> {
        self.store.names(&self.snapshot).await
    }

    /// Returns what typed titles are matched with.
    pub async fn index(&self) -> Result<&Index, DbErr> {
        self.store.index(&self.snapshot).await
    }

    /// Returns the skills of roles and occupations.
    pub async fn skills(&self) -> Result<&Skills, DbErr> {
        self.store.skills(&self.snapshot).await
    }

    /// Returns how many rows of a release could not become figures.
    pub async fn count_rejects(&self, release: ReleaseId) -> Result<usize, DbErr> {
        let rejects = reject::Entity::find().filter(reject::Column::ReleaseId.eq(release));
        Ok(usize::try_from(rejects.count(self.store.db()).await?).unwrap_or(usize::MAX))
    }

    /// Returns some rows of a release that could not become figures, in the order they were met.
    pub async fn rejects(
        &self,
        release: ReleaseId,
        skip: usize,
        take: usize,
    ) -> Result<Vec<reject::Model>, DbErr> {
        reject::Entity::find()
            .filter(reject::Column::ReleaseId.eq(release))
            .order_by_asc(reject::Column::Id)
            .offset(skip as u64)
            .limit(take as u64)
            .all(self.store.db())
            .await
    }
}

fn loaded(frames: Vec<Frame>, releases: &HashMap<ReleaseId, Arc<Release>>) -> Vec<Loaded> {
    let loaded =
        |frame: Frame| Loaded { release: releases[&frame.release()].clone(), frame: Arc::new(frame) };
    frames.into_iter().map(loaded).collect()
}

/// Returns the release that answers in place of one: itself where it is in scope, else that of the same dataset.
fn standing<'a>(scope: &'a [Loaded], release: &'a Release) -> &'a Release {
    let mut answering = scope.iter().map(|loaded| &*loaded.release);
    if answering.clone().any(|other| other.id() == release.id()) {
        return release;
    }
    let same = |other: &&Release| {
        other.source_id() == release.source_id() && other.row.dataset == release.row.dataset
    };
    answering.find(same).unwrap_or(release)
}

fn newest<'a>(releases: impl Iterator<Item = &'a Arc<Release>>) -> Vec<Arc<Release>> {
    let mut best: HashMap<(SourceId, &str), &Arc<Release>> = HashMap::new();
    for release in releases {
        let known = best.entry((release.source_id(), release.row.dataset.as_str())).or_insert(release);
        if release.age() > known.age() {
            *known = release;
        }
    }
    let mut found: Vec<_> = best.into_values().cloned().collect();
    found.sort_by(|a, b| a.key().cmp(b.key()));
    found
}
