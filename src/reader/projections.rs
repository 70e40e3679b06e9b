//! Finds projections, and puts them in an order that does not depend on the database.

use std::collections::HashSet;

use chrono::NaiveDate;
use entity::{Count, GrowthCategory, OccupationLevel, RegionId, growth_projection};
use sea_orm::DbErr;

use super::{
    Loaded, ProjectionRef, Reader, Selection, Subjects,
    bands::{Rest, rank, rest, whole},
    standing,
};
use crate::{
    frame::{Frame, Subject},
    outlook::category,
    snapshot::{Catalog, Release},
};

/// Which projections are wanted. Fields narrow each other; `None` leaves one free.
#[derive(Clone, Debug)]
pub struct ProjectionFilter {
    /// The subjects.
    pub subjects: Option<Subjects>,
    /// The places.
    pub regions: Option<HashSet<RegionId>>,
    /// Keys of sources.
    pub sources: Option<Vec<String>>,
    /// Newest or every release.
    pub releases: Selection,
    /// The label of the release.
    pub label: Option<String>,
    /// Words for the growth, each by its own cycle.
    pub categories: Option<Vec<GrowthCategory>>,
    /// How broad the occupation may be.
    pub levels: Option<Vec<OccupationLevel>>,
}

impl Default for ProjectionFilter {
    fn default() -> Self {
        Self {
            subjects: None,
            regions: None,
            sources: None,
            releases: Selection::Current,
            label: None,
            categories: None,
            levels: None,
        }
    }
}

impl ProjectionFilter {
    /// Returns whether it lets projections of a release through.
    pub fn takes_release(&self, release: &Release) -> bool {
        self.sources.as_ref().is_none_or(|keys| keys.contains(&release.source.key))
            && self.label.as_ref().is_none_or(|label| release.is_called(label))
    }

    fn takes(&self, catalog: &Catalog, release: &Release, row: &growth_projection::Model) -> bool {
        self.takes_subject(catalog, Subject::of(row), row.region_id)
            && self.categories.as_ref().is_none_or(|words| {
                category::of(catalog, release, row).is_some_and(|word| words.contains(&word))
            })
    }

    fn takes_subject(&self, catalog: &Catalog, subject: Subject, region: RegionId) -> bool {
        self.regions.as_ref().is_none_or(|regions| regions.contains(&region))
            && self.levels.as_ref().is_none_or(|levels| match subject {
                Subject::Occupation(id) => {
                    catalog.occupation(id).is_some_and(|row| levels.contains(&row.level))
                }
                Subject::Role(_) => false,
            })
    }
}

/// What projections are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProjectionField {
    /// Classification and code.
    Occupation,
    /// Code of the region.
    Region,
    /// Percent over the whole span.
    ChangePercent,
    /// Jobs over the whole span.
    Change,
    /// Openings a year.
    AnnualOpenings,
    /// Jobs in the target year.
    TargetEmployment,
}

/// An order of projections.
#[derive(Clone, Copy, Debug)]
pub struct ProjectionOrder {
    /// What they are sorted by.
    pub field: ProjectionField,
    /// Largest first.
    pub descending: bool,
}

impl Default for ProjectionOrder {
    fn default() -> Self {
        Self { field: ProjectionField::Occupation, descending: false }
    }
}

/// Missing, then what was asked for, then a rest that tells any two projections apart.
type Key = (bool, i64, Rest);

#[derive(Debug)]
struct Hit {
    key: Key,
    frame: usize,
    index: usize,
}

/// Projections in order.
#[derive(Debug)]
pub struct Projections {
    scope: Vec<Loaded>,
    order: ProjectionOrder,
    hits: Vec<Hit>,
}

impl Projections {
    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.hits.len()
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.hits.is_empty()
    }

    /// Returns the projection at `place`.
    pub fn get(&self, place: usize) -> ProjectionRef {
        let hit = &self.hits[place];
        ProjectionRef { loaded: self.scope[hit.frame].clone(), index: hit.index, steps: Vec::new() }
    }

    /// Returns how many stand before `projection`, and how many when those in its place count too. One of a release that was
    /// replaced meanwhile stands in the place of its successor, with the figure it had.
    pub fn around(&self, catalog: &Catalog, projection: &ProjectionRef) -> (usize, usize) {
        let release = standing(&self.scope, &projection.loaded.release);
        let key = key(catalog, self.order, &projection.loaded.frame, projection.index, release);
        let before = self.hits.partition_point(|hit| hit.key < key);
        (before, self.hits.partition_point(|hit| hit.key <= key))
    }
}

impl Reader {
    /// Returns the projections a filter takes.
    pub async fn projections(
        &self,
        as_of: Option<NaiveDate>,
        filter: &ProjectionFilter,
        order: ProjectionOrder,
    ) -> Result<Projections, DbErr> {
        let wanted = |release: &Release| filter.takes_release(release);
        let scope = match (filter.releases, &filter.subjects) {
            (Selection::All, Some(subjects)) => self.projections_scope_of(as_of, subjects, wanted).await?,
            (selection, _) => self.scope(as_of, selection, wanted).await?,
        };
        let catalog = self.catalog();
        let mut hits = Vec::new();
        for (place, loaded) in scope.iter().enumerate() {
            let mut take = |index: usize| {
                let row = &loaded.frame.projections()[index];
                if filter.takes(catalog, &loaded.release, row) {
                    let key = key(catalog, order, &loaded.frame, index, &loaded.release);
                    hits.push(Hit { key, frame: place, index });
                }
            };
            match &filter.subjects {
                None => (0..loaded.frame.projections().len()).for_each(take),
                Some(subjects) => {
                    for wanted in subjects.iter() {
                        loaded.frame.projections_of(wanted.subject).for_each(&mut take);
                    }
                }
            }
        }
        hits.sort_unstable_by_key(|hit| hit.key);
        Ok(Projections { scope, order, hits })
    }
}

fn key(catalog: &Catalog, order: ProjectionOrder, frame: &Frame, index: usize, release: &Release) -> Key {
    let row = &frame.projections()[index];
    let subject = rank(catalog, Subject::of(row));
    let region = catalog.region_rank(row.region_id);
    let lead = match order.field {
        ProjectionField::Occupation => Some(whole(subject)),
        ProjectionField::Region => Some(whole(region)),
        ProjectionField::ChangePercent => row.change_percent.map(i64::from),
        ProjectionField::Change => row.exact(Count::Change),
        ProjectionField::AnnualOpenings => row.exact(Count::AnnualOpenings),
        ProjectionField::TargetEmployment => row.exact(Count::Target),
    };
    let value = lead.unwrap_or_default();
    let turned = if order.descending { -value } else { value };
    let place = index - frame.projections_of(Subject::of(row)).start;
    (lead.is_none(), turned, rest([subject, region, catalog.release_rank(release.id()), place]))
}
