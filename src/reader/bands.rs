//! Finds bands, and puts them in an order that does not depend on the database.

use std::collections::HashSet;

use chrono::{Datelike as _, NaiveDate};
use entity::{Cell, Classification, Experience, FigureKind, PayMethod, PayPeriod, RegionId, Sex, WorkTime};
use sea_orm::DbErr;

use super::{BandRef, Loaded, Reader, Selection, Subjects, standing};
use crate::{
    frame::{Band, Frame, Segment, Subject},
    snapshot::{Catalog, Release},
};

/// So many regions are looked up one by one; of more, every band of a subject is looked at.
const FEW: usize = 16;

/// Which segments are wanted; `None` leaves one free.
#[derive(Clone, Debug)]
pub struct SegmentFilter {
    /// NAICS code; empty for all industries.
    pub industry: Option<String>,
    /// Women, men or all.
    pub sex: Option<Sex>,
    /// Working time.
    pub work_time: Option<WorkTime>,
    /// Experience.
    pub experience: Option<Experience>,
}

impl Default for SegmentFilter {
    fn default() -> Self {
        Self {
            industry: Some(String::new()),
            sex: Some(Sex::All),
            work_time: Some(WorkTime::All),
            experience: Some(Experience::All),
        }
    }
}

impl SegmentFilter {
    fn takes(&self, segment: &Segment) -> bool {
        self.industry.as_ref().is_none_or(|wanted| *wanted == segment.industry)
            && self.sex.is_none_or(|wanted| wanted == segment.sex)
            && self.work_time.is_none_or(|wanted| wanted == segment.work_time)
            && self.experience.is_none_or(|wanted| wanted == segment.experience)
    }
}

/// Which bands are wanted. Fields narrow each other; `None` leaves one free.
#[derive(Clone, Debug)]
pub struct BandFilter {
    /// The subjects.
    pub subjects: Option<Subjects>,
    /// The classification of the occupation.
    pub classification: Option<Classification>,
    /// The places.
    pub regions: Option<HashSet<RegionId>>,
    /// Keys of sources.
    pub sources: Option<Vec<String>>,
    /// The lanes.
    pub methods: Option<Vec<PayMethod>>,
    /// Newest or every release.
    pub releases: Selection,
    /// The label of the release.
    pub label: Option<String>,
    /// What one amount is for.
    pub period: Option<PayPeriod>,
    /// Whom a band counts.
    pub segment: SegmentFilter,
    /// Fewest workers, where their number is known.
    pub min_employment: Option<f64>,
}

impl Default for BandFilter {
    fn default() -> Self {
        Self {
            subjects: None,
            classification: None,
            regions: None,
            sources: None,
            methods: None,
            releases: Selection::Current,
            label: None,
            period: None,
            segment: SegmentFilter::default(),
            min_employment: None,
        }
    }
}

impl BandFilter {
    /// Returns whether it lets bands of a release through.
    pub fn takes_release(&self, release: &Release) -> bool {
        self.sources.as_ref().is_none_or(|keys| keys.contains(&release.source.key))
            && self.methods.as_ref().is_none_or(|methods| methods.contains(&release.method()))
            && self.label.as_ref().is_none_or(|label| release.is_called(label))
    }

    fn takes(&self, catalog: &Catalog, band: Band<'_>) -> bool {
        self.regions.as_ref().is_none_or(|regions| regions.contains(&band.region()))
            && self.period.is_none_or(|period| band.segment().period == period)
            && self.segment.takes(band.segment())
            && self
                .classification
                .is_none_or(|wanted| of_classification(catalog, band.subject()) == Some(wanted))
    }

    /// Leaves out what rests on few workers.
    fn guards(&self, band: Band<'_>) -> bool {
        self.min_employment.is_none_or(|least| employs(band, least))
    }
}

fn of_classification(catalog: &Catalog, subject: Subject) -> Option<Classification> {
    match subject {
        Subject::Occupation(id) => catalog.occupation(id).map(|row| row.classification),
        Subject::Role(_) => None,
    }
}

/// An unreliable number of workers is not compared with anything.
#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^53 workers")]
pub(super) fn employs(band: Band<'_>, least: f64) -> bool {
    match band.cell(Cell::Employment) {
        (FigureKind::Exact | FigureKind::AtLeast, Some(count)) => count as f64 >= least,
        _ => false,
    }
}

/// What bands are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BandField {
    /// Classification and code.
    Occupation,
    /// Code of the region.
    Region,
    /// End of the reference period.
    Reference,
    /// A cell: exact values and bounds by amount, the rest last.
    Cell(Cell),
}

/// An order of bands.
#[derive(Clone, Copy, Debug)]
pub struct BandOrder {
    /// What they are sorted by.
    pub field: BandField,
    /// Largest first.
    pub descending: bool,
}

impl Default for BandOrder {
    fn default() -> Self {
        Self { field: BandField::Occupation, descending: false }
    }
}

/// Where a band stands: first what was asked for, then a rest that tells any two bands apart.
type Key = (Lead, Rest);
/// Ranks of subject, region and release, and a place, in this order, packed to be compared at once.
pub(super) type Rest = u128;
/// Missing, currency, kind of bound, amount or rank.
pub(super) type Lead = (bool, u32, i8, i64);

/// Bands in order. Only those of a page are made into objects.
#[derive(Debug)]
pub struct Bands {
    scope: Vec<Loaded>,
    subjects: Subjects,
    order: BandOrder,
    hits: Vec<Hit>,
    unfiltered: usize,
}

#[derive(Debug)]
struct Hit {
    key: Key,
    frame: u32,
    index: usize,
    wanted: u32,
}

impl Bands {
    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.hits.len()
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.hits.is_empty()
    }

    /// Returns how many there would be without a least number of workers.
    pub fn unfiltered(&self) -> usize {
        self.unfiltered
    }

    /// Returns the band at `place`.
    pub fn get(&self, place: usize) -> BandRef {
        let hit = &self.hits[place];
        BandRef {
            loaded: self.scope[hit.frame as usize].clone(),
            index: hit.index,
            via: self.subjects.get(hit.wanted as usize).and_then(|wanted| wanted.via.clone()),
            steps: Vec::new(),
        }
    }

    /// Returns how many bands stand before `band`, and how many when those in its place count too. A band of a release that
    /// was replaced meanwhile stands in the place of its successor, with the figure it had.
    pub fn around(&self, catalog: &Catalog, band: &BandRef) -> (usize, usize) {
        let release = standing(&self.scope, &band.loaded.release);
        let key = key(catalog, self.order, &band.loaded.frame, band.index, release);
        let before = self.hits.partition_point(|hit| hit.key < key);
        (before, self.hits.partition_point(|hit| hit.key <= key))
    }
}

impl Reader {
    /// Returns the bands a filter takes.
    pub async fn bands(
        &self,
        as_of: Option<NaiveDate>,
        filter: &BandFilter,
        order: BandOrder,
    ) -> Result<Bands, DbErr> {
        let wanted = |release: &Release| filter.takes_release(release);
        let scope = match (filter.releases, &filter.subjects) {
            (Selection::All, Some(subjects)) => self.scope_of(as_of, subjects, wanted).await?,
            (selection, _) => self.scope(as_of, selection, wanted).await?,
        };
        let catalog = self.catalog();
        let (mut hits, mut unfiltered) = (Vec::new(), 0);
        for (place, loaded) in (0_u32..).zip(&scope) {
            let mut take = |index: usize, wanted: u32| {
                let band = loaded.frame.band(index);
                if !filter.takes(catalog, band) {
                    return;
                }
                unfiltered += 1;
                if filter.guards(band) {
                    let key = key(catalog, order, &loaded.frame, index, &loaded.release);
                    hits.push(Hit { key, frame: place, index, wanted });
                }
            };
            match &filter.subjects {
                None => (0..loaded.frame.len()).for_each(|index| take(index, u32::MAX)),
                Some(subjects) => {
                    for (number, wanted) in (0_u32..).zip(subjects.iter()) {
                        let frame = &loaded.frame;
                        match &filter.regions {
                            Some(regions) if regions.len() <= FEW => regions.iter().for_each(|region| {
                                frame.bands_at(wanted.subject, *region).for_each(|index| take(index, number));
                            }),
                            _ => frame.bands_of(wanted.subject).for_each(|index| take(index, number)),
                        }
                    }
                }
            }
        }
        hits.sort_unstable_by_key(|hit| hit.key);
        Ok(Bands { scope, subjects: filter.subjects.clone().unwrap_or_default(), order, hits, unfiltered })
    }
}

fn key(catalog: &Catalog, order: BandOrder, frame: &Frame, index: usize, release: &Release) -> Key {
    let band = frame.band(index);
    let subject = rank(catalog, band.subject());
    let region = catalog.region_rank(band.region());
    let turn = |value: i64| if order.descending { -value } else { value };
    let lead = match order.field {
        BandField::Occupation => (false, 0, 0, turn(whole(subject))),
        BandField::Region => (false, 0, 0, turn(whole(region))),
        BandField::Reference => {
            (false, 0, 0, turn(i64::from(release.reference_of(band).end.num_days_from_ce())))
        }
        BandField::Cell(cell) => cell_lead(band, cell, order.descending),
    };
    // The place among the bands of its subject is the same in a frame that holds no others.
    let place = index - frame.bands_of(band.subject()).start;
    (lead, rest([subject, region, catalog.release_rank(release.id()), place]))
}

/// Packs ranks, each below 2^32.
pub(super) fn rest(ranks: [usize; 4]) -> Rest {
    ranks
        .into_iter()
        .fold(0, |packed, rank| packed << 32 | Rest::from(u32::try_from(rank).unwrap_or(u32::MAX)))
}

/// Exact values come in order of amount; a value that is "this or more" stands above every exact one, and
/// one that is "this or less" below. What has no comparable amount comes last either way.
pub(super) fn cell_lead(band: Band<'_>, cell: Cell, descending: bool) -> Lead {
    let bound: i8 = match band.cell(cell).0 {
        FigureKind::Exact => 0,
        FigureKind::AtLeast => 1,
        FigureKind::AtMost => -1,
        _ => return (true, 0, 0, 0),
    };
    let Some(amount) = band.cell(cell).1 else { return (true, 0, 0, 0) };
    let currency = if cell == Cell::Employment { 0 } else { packed(&band.segment().currency) };
    if descending { (false, currency, -bound, -amount) } else { (false, currency, bound, amount) }
}

fn packed(currency: &str) -> u32 {
    currency.bytes().take(4).fold(0, |packed, byte| packed << 8 | u32::from(byte))
}

/// Occupations by classification and code, then roles by slug.
pub(super) fn rank(catalog: &Catalog, subject: Subject) -> usize {
    match subject {
        Subject::Occupation(id) => catalog.occupation_rank(id),
        Subject::Role(id) => {
            catalog.occupations().len() + catalog.role_of_id(id).map_or(usize::MAX / 2, |role| role.rank)
        }
    }
}

pub(super) fn whole(rank: usize) -> i64 {
    i64::try_from(rank).unwrap_or(i64::MAX)
}
