//! Pay of one role in one place, lane by lane. Nothing here looks at two lanes at once.

use chrono::NaiveDate;
use entity::{Cell, FigureKind, OccupationLevel, PayConcept, PayMethod, PayPeriod, ReleaseId, occupation};

use super::{
    Shown,
    combine::{Distribution, Mixture},
};
use crate::{
    frame::Subject,
    reader::{BandRef, period_turn},
    snapshot::{Catalog, RoleEntry},
};

/// How many standard errors a 90 percent interval reaches to either side.
const NINETY: f64 = 1.645;

/// Pay observed in one way.
#[derive(Debug)]
pub struct Lane {
    /// How.
    pub method: PayMethod,
    /// Bands, by occupation; those of one occupation are of one period.
    pub bands: Vec<BandRef>,
    /// The distributions of one release together, where there are several that can be.
    pub combined: Option<Combined>,
    /// What members say of the same workers that cannot both be so.
    pub conflict: Option<String>,
}

/// Several bands as one distribution, weighed by the numbers of workers published beside them.
#[derive(Debug)]
pub struct Combined {
    /// Places of the members among the lane's bands.
    pub members: Vec<usize>,
    /// The distribution.
    pub mixture: Mixture,
}

/// What bands must share before they may be put together.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Kin {
    release: ReleaseId,
    /// First and last day of the time they refer to.
    span: (NaiveDate, NaiveDate),
    currency: String,
    period: PayPeriod,
    concept: PayConcept,
}

impl Kin {
    fn of(band: &BandRef) -> Self {
        let (segment, period) = (band.band().segment(), band.reference());
        Self {
            release: band.loaded.release.id(),
            span: (period.start, period.end),
            currency: segment.currency.clone(),
            period: segment.period,
            concept: segment.concept,
        }
    }
}

/// How a band is shown; nothing where it is as published.
type Show<'a> = &'a dyn Fn(&BandRef) -> Option<Shown>;

/// Parts bands by how pay was observed. Of each occupation those of one period stay: of those with an amount what is printed for
/// the wished period, else the year, else the hour.
pub fn lanes(
    catalog: &Catalog,
    role: &RoleEntry,
    bands: &[BandRef],
    wished: Option<PayPeriod>,
    show: Show<'_>,
) -> Vec<Lane> {
    let of = |method: &PayMethod| {
        let members: Vec<&BandRef> =
            bands.iter().filter(|band| band.loaded.release.method() == *method).collect();
        let turn = |band: &BandRef| {
            let period = band.band().segment().period;
            (!band.has_pay(), period_turn(period, wished).unwrap_or(u8::MAX), period)
        };
        let leads = |band: &&&BandRef| {
            let subject = band.band().subject();
            let rivals = members.iter().filter(|other| other.band().subject() == subject);
            let first = rivals.map(|other| turn(other)).min();
            first.is_some_and(|(_, _, period)| period == band.band().segment().period)
        };
        let bands: Vec<BandRef> = members.iter().filter(leads).map(|band| (*band).clone()).collect();
        (!bands.is_empty()).then(|| Lane {
            method: *method,
            combined: combine(role, &bands, show),
            conflict: conflict(catalog, &bands),
            bands,
        })
    };
    PayMethod::ALL.iter().filter_map(of).collect()
}

/// Puts together the bands of the first release that has all the role's occupations of one classification.
fn combine(role: &RoleEntry, bands: &[BandRef], show: Show<'_>) -> Option<Combined> {
    let groups = bands.iter().map(|first| {
        let kin = Kin::of(first);
        (0..bands.len()).filter(|place| Kin::of(&bands[*place]) == kin).collect::<Vec<usize>>()
    });
    groups.filter(|members| members.len() > 1).find_map(|members| mix(role, bands, members, show))
}

fn mix(role: &RoleEntry, bands: &[BandRef], members: Vec<usize>, show: Show<'_>) -> Option<Combined> {
    let occupations: Option<Vec<&occupation::Model>> =
        members.iter().map(|place| stands_alone(role, &bands[*place])).collect();
    let of = occupations?.first()?.classification;
    let all = role.occupations.iter().filter(|link| link.occupation.classification == of);
    if all.count() != members.len() {
        return None;
    }
    let weighed = |place: &usize| Some((distribution(&bands[*place], show)?, workers(&bands[*place])?));
    let mixture = Mixture::new(members.iter().map(weighed).collect::<Option<_>>()?)?;
    Some(Combined { members, mixture })
}

/// Returns the exact percentiles of a band, as they are shown.
fn distribution(band: &BandRef, show: Show<'_>) -> Option<Distribution> {
    let shown = show(band);
    Distribution::of(|cell| {
        let published = band.band().cell(cell);
        shown.as_ref().map_or(published, |shown| {
            let (kind, amount, _) = shown.cell(published);
            (kind, amount)
        })
    })
}

/// Returns the band's occupation if it has no worker in common with another one: official detailed ones have not, groups and the
/// publisher's own unions of codes may.
fn stands_alone<'a>(role: &'a RoleEntry, band: &BandRef) -> Option<&'a occupation::Model> {
    let subject = band.band().subject();
    let mut links = role.occupations.iter().map(|link| &link.occupation);
    let row = links.find(|row| Subject::Occupation(row.id) == subject)?;
    (row.official && row.level == OccupationLevel::Detailed).then_some(row)
}

/// Returns how many work in a band's occupation and place, if that is published as an exact number.
#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^53 workers")]
fn workers(band: &BandRef) -> Option<f64> {
    match band.band().cell(Cell::Employment) {
        (FigureKind::Exact, Some(count)) => Some(count as f64),
        _ => None,
    }
}

/// Finds two bands about the same workers at the same time whose means lie further apart than their stated errors allow.
fn conflict(catalog: &Catalog, bands: &[BandRef]) -> Option<String> {
    let pairs = bands
        .iter()
        .enumerate()
        .flat_map(|(place, one)| bands[place + 1..].iter().map(move |other| (one, other)));
    pairs.filter(|(one, other)| about_the_same(one, other)).find_map(|(one, other)| {
        let ((mean, error), (other_mean, other_error)) = (estimate(one)?, estimate(other)?);
        let apart = (mean - other_mean).abs() > NINETY * error.hypot(other_error);
        apart.then(|| {
            let label = |band: &BandRef| band.loaded.release.key().to_owned();
            let Subject::Occupation(id) = one.band().subject() else { return String::new() };
            let title = catalog.occupation(id).map_or("", |row| row.title.as_str());
            format!(
                "the means that {} and {} print for {title} lie further apart than their standard errors allow",
                label(one),
                label(other)
            )
        })
    })
}

fn about_the_same(one: &BandRef, other: &BandRef) -> bool {
    let (kin, other_kin) = (Kin::of(one), Kin::of(other));
    Kin { release: kin.release, ..other_kin } == kin
        && one.band().subject() == other.band().subject()
        && one.band().region() == other.band().region()
}

/// Returns an exact mean and its standard error: `relative error / 100 x mean`.
#[expect(clippy::cast_precision_loss, reason = "pay is far below 2^53 cents")]
fn estimate(band: &BandRef) -> Option<(f64, f64)> {
    match (band.band().cell(Cell::Mean), band.band().mean_rse()) {
        ((FigureKind::Exact, Some(mean)), Some(thousandths)) => {
            Some((mean as f64, mean as f64 * thousandths as f64 / 100_000.0))
        }
        _ => None,
    }
}
