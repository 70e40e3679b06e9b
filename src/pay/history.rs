//! Pay of one occupation from release to release, with what keeps neighbours from being compared.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{OccupationId, PayConcept, PayPeriod, ReferencePeriod, RegionId, SourceId};
use sea_orm::DbErr;

use super::{
    comparability::{Comparability, between},
    fallback::closeness,
};
use crate::{
    frame::Subject,
    reader::{BandRef, Reader, Subjects, Wish},
    snapshot::{Catalog, RoleEntry, RoleLink},
};

/// One figure of a history, beside the one before it.
#[derive(Debug)]
pub struct Point {
    /// The figure.
    pub band: BandRef,
    /// How far it can be compared with its elder neighbour; the eldest has none and is comparable.
    pub comparability: Comparability,
    /// Why no further.
    pub reasons: Vec<String>,
}

/// What makes bands of several releases one series.
#[derive(Clone, PartialEq, Eq)]
struct Series {
    source: SourceId,
    dataset: String,
    period: PayPeriod,
    currency: String,
    concept: PayConcept,
}

impl Series {
    fn of(band: &BandRef) -> Self {
        let (release, segment) = (&band.loaded.release, band.band().segment());
        Self {
            source: release.source_id(),
            dataset: release.row.dataset.clone(),
            period: segment.period,
            currency: segment.currency.clone(),
            concept: segment.concept,
        }
    }
}

/// Returns the series that holds the role's best band in a place, printed for the period where that is there, the eldest release
/// first; where the newest releases have none, the best of the elder ones. Where a release has the occupation under a code of an elder or younger edition of its classification only, those
/// counterparts stand in, each as its own point, `via` the role's own relation and that of the codes together.
pub async fn history(
    reader: &Reader,
    as_of: Option<NaiveDate>,
    role: &RoleEntry,
    region: RegionId,
    period: Option<PayPeriod>,
) -> Result<Vec<Point>, DbErr> {
    let wish = Wish { period, ..Wish::default() };
    let best = match reader.best_band(as_of, role, region, wish).await? {
        Some(best) => Some(best),
        None => reader.last_band(as_of, role, region, wish).await?,
    };
    let Some(best) = best else { return Ok(Vec::new()) };
    let (series, subject) = (Series::of(&best), best.band().subject());
    let subjects = with_counterparts(reader.catalog(), subject, best.via.as_ref());
    let mut bands = reader
        .bands_over_time(as_of, &subjects, region, |release| {
            release.source_id() == series.source && release.row.dataset == series.dataset
        })
        .await?;
    bands.retain(|band| Series::of(band) == series);
    only_last_editions(&mut bands);
    only_nearest(&mut bands, &subjects);
    for band in bands.iter_mut().filter(|band| band.band().subject() != subject) {
        band.via = band.via.take().map(|link| link.behind(best.via.as_ref()));
    }
    let catalog = reader.catalog();
    bands.sort_by_key(|band| {
        (band.reference().end, rank(&subjects, band), catalog.release_rank(band.loaded.release.id()))
    });
    Ok(points(catalog, bands))
}

/// Returns the subject itself and what it was or became in other editions of its classification.
pub fn with_counterparts(catalog: &Catalog, subject: Subject, via: Option<&RoleLink>) -> Subjects {
    let mut subjects = Subjects::default();
    subjects.add(subject, via.cloned());
    let Subject::Occupation(id) = subject else { return subjects };
    let mut links: Vec<&RoleLink> =
        catalog.crosswalk(id).iter().filter(|link| is_edition(catalog, id, link)).collect();
    links.sort_by_key(|link| closeness(link.relation));
    for link in links {
        subjects.add(Subject::Occupation(link.occupation.id), Some(link.clone()));
    }
    subjects
}

fn is_edition(catalog: &Catalog, of: OccupationId, link: &RoleLink) -> bool {
    let editions = catalog.occupation(of).map_or(&[][..], |row| row.classification.editions());
    editions.contains(&link.occupation.classification) && closeness(link.relation).is_some()
}

fn rank(subjects: &Subjects, band: &BandRef) -> usize {
    let subject = band.band().subject();
    subjects.iter().position(|wanted| wanted.subject == subject).unwrap_or(usize::MAX)
}

/// Of releases that print a figure of one period the newest stands: it revises the others, or repeats them.
fn only_last_editions(bands: &mut Vec<BandRef>) {
    let mut last: HashMap<ReferencePeriod, (NaiveDate, i32)> = HashMap::new();
    for band in &*bands {
        let age = last.entry(band.reference().clone()).or_default();
        *age = band.loaded.release.age().max(*age);
    }
    bands.retain(|band| last[band.reference()] == band.loaded.release.age());
}

/// Where the occupation itself is there, its counterparts are not needed; of counterparts the nearest relation stays.
fn only_nearest(bands: &mut Vec<BandRef>, subjects: &Subjects) {
    let distance = |band: &BandRef| match rank(subjects, band) {
        0 => 0,
        place => {
            1 + subjects.get(place).and_then(|wanted| closeness(wanted.via.as_ref()?.relation)).unwrap_or(9)
        }
    };
    let mut nearest: HashMap<_, usize> = HashMap::new();
    for band in &*bands {
        let known = nearest.entry(band.loaded.release.id()).or_insert(usize::MAX);
        *known = distance(band).min(*known);
    }
    bands.retain(|band| nearest[&band.loaded.release.id()] == distance(band));
}

fn points(catalog: &Catalog, bands: Vec<BandRef>) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::with_capacity(bands.len());
    for band in bands {
        let end = band.reference().end;
        let before = points.iter().rev().map(|point| &point.band);
        let mut before = before.filter(|elder| elder.reference().end < end).peekable();
        let last = before.peek().map(|elder| elder.loaded.release.id());
        let mut neighbours: Vec<&BandRef> =
            before.take_while(|elder| Some(elder.loaded.release.id()) == last).collect();
        neighbours.reverse();
        let subject = band.band().subject();
        if let Some(same) = neighbours.iter().find(|elder| elder.band().subject() == subject) {
            neighbours = vec![same];
        }
        let found = compare(catalog, &neighbours, &band);
        let comparability = found.iter().map(|(kind, _)| *kind).max().unwrap_or(Comparability::Comparable);
        points.push(Point {
            band,
            comparability,
            reasons: found.into_iter().map(|(_, reason)| reason).collect(),
        });
    }
    points
}

/// Compares a band with its elder neighbours: that of its own occupation, else those that stand in side by side.
fn compare(catalog: &Catalog, elders: &[&BandRef], band: &BandRef) -> Vec<(Comparability, String)> {
    let Some(elder) = elders.first() else { return Vec::new() };
    let mut found = Vec::new();
    if let Some(reason) = other_occupation(catalog, elders, band.band().subject()) {
        found.push((Comparability::SocBreak, reason));
    }
    let days = (elder.reference().end, band.reference().end);
    if let Some(place) = catalog.region(band.band().region()) {
        let release = &band.loaded.release;
        let rules = between((&release.source.key, release.method()), place.row.kind, days);
        found.extend(rules.into_iter().map(|(kind, reason)| (kind, reason.to_owned())));
    }
    found
}

fn other_occupation(catalog: &Catalog, elders: &[&BandRef], subject: Subject) -> Option<String> {
    let subjects = elders.iter().map(|elder| elder.band().subject());
    if subjects.clone().any(|elder| elder == subject) {
        return None;
    }
    let code = |subject: Subject| match subject {
        Subject::Occupation(id) => {
            catalog.occupation(id).map(|row| format!("{} {}", row.classification.as_str(), row.code))
        }
        Subject::Role(_) => None,
    };
    let before = subjects.map(code).collect::<Option<Vec<_>>>()?.join(" and ");
    Some(format!("The occupation is {} here and {before} before.", code(subject)?))
}
