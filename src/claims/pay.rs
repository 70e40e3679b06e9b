//! Claims about pay.

use std::sync::Arc;

use entity::{Cell, FigureKind, MappingRelation};
use jobs::page::PageBand;
use sea_orm::DbErr;

use super::{
    Check, Finding, Verdict, called, judged,
    rounding::{Fit, fit, unit},
};
use crate::{
    reader::{BandRef, Moment, Reader},
    snapshot::RoleEntry,
    text::money,
};

/// A thousand whole units, in minor ones: no claim of pay is taken to be rougher.
const ROUGHEST: i64 = 100_000;

/// What a claim says about pay.
enum Claimed {
    Figure(Cell, i64),
    Range(Option<i64>, Option<i64>),
}

/// Checks one figure or range.
pub(super) async fn check(
    reader: &Reader,
    role: Option<Arc<RoleEntry>>,
    said: &PageBand,
    made: Moment,
    sentence: &str,
) -> Result<Check, DbErr> {
    let claimed = claimed(said);
    let claim = format!("{}: “{sentence}”", claimed.words(&said.currency));
    let now = side(reader, role.as_deref(), said, &claimed, Moment::Today).await?;
    let made = match made {
        Moment::Today => Finding::new(now.verdict, now.why.clone(), now.evidence.clone()),
        made => side(reader, role.as_deref(), said, &claimed, made).await?,
    };
    let (mut check, band) = judged(claim, made, now);
    check.band = band;
    Ok(check)
}

fn claimed(said: &PageBand) -> Claimed {
    let named = said.percentiles.first().copied();
    let median = said.median.map(|amount| (Cell::Median, amount));
    let figure = said.mean.map(|amount| (Cell::Mean, amount)).or(median).or(named);
    figure.map_or(Claimed::Range(said.low, said.high), |(cell, amount)| Claimed::Figure(cell, amount))
}

impl Claimed {
    fn words(&self, currency: &str) -> String {
        let money =
            |amount: &Option<i64>| amount.map_or_else(|| "…".to_owned(), |amount| money(amount, currency));
        match self {
            Self::Figure(cell, amount) => format!("{} {}", called(*cell), money(&Some(*amount))),
            Self::Range(low, high) => format!("range {} to {}", money(low), money(high)),
        }
    }
}

async fn side(
    reader: &Reader,
    role: Option<&RoleEntry>,
    said: &PageBand,
    claimed: &Claimed,
    moment: Moment,
) -> Result<Finding<BandRef>, DbErr> {
    let Some(role) = role else { return Ok(Finding::none("The text names no known occupation.".into())) };
    let place = reader.catalog().region_of_code(&said.region);
    let name = place.map_or(said.region.as_str(), |place| place.row.name.as_str());
    let found = match place {
        Some(place) => reader.official_band(moment, role, place.row.id, said.period, &said.currency).await?,
        None => None,
    };
    let Some(found) = found else {
        let known = match moment {
            Moment::Today => String::new(),
            Moment::Known(day) => format!(" that was out on {day}"),
            Moment::Of(year) => format!(" of {year}"),
        };
        let why = format!(
            "There is no official figure{known} for {} in {name}, in {} per {}.",
            role.row.title,
            said.currency,
            said.period.as_str().to_lowercase()
        );
        return Ok(Finding::none(why));
    };
    Ok(match claimed {
        Claimed::Figure(cell, amount) => figure(reader, found, *cell, *amount),
        Claimed::Range(low, high) => range(reader, found, *low, *high),
    })
}

/// Names the figures that decide: source, release, occupation, and how near it is to the role.
fn origin(reader: &Reader, found: &BandRef) -> String {
    let release = &found.loaded.release;
    let title = match found.band().subject() {
        crate::frame::Subject::Occupation(id) => reader.catalog().occupation(id).map(|row| row.title.clone()),
        crate::frame::Subject::Role(_) => None,
    };
    let near = found.via.as_ref().filter(|via| via.relation != MappingRelation::Exact);
    let near = near.map_or("", |_| ", the nearest occupation,");
    format!(
        "{}, {}: {}{near}",
        release.source.publisher,
        release.row.reference_label,
        title.unwrap_or_default()
    )
}

fn figure(reader: &Reader, found: BandRef, cell: Cell, claimed: i64) -> Finding<BandRef> {
    let (kind, printed) = found.band().cell(cell);
    let currency = found.band().segment().currency.clone();
    let (origin, name) = (origin(reader, &found), called(cell));
    let Some(printed) = printed.filter(|_| kind != FigureKind::Unreliable) else {
        return Finding::new(Verdict::NotCheckable, format!("{origin} has no usable {name}."), Some(found));
    };
    let shown = money(printed, &currency);
    let (verdict, words) = match (kind, fit(claimed, printed, unit(claimed, ROUGHEST))) {
        (FigureKind::AtLeast, _) if claimed >= printed => (Verdict::NotCheckable, format!("{shown} or more")),
        (FigureKind::AtMost, _) if claimed <= printed => (Verdict::NotCheckable, format!("{shown} or less")),
        (FigureKind::AtLeast, _) => (Verdict::Contradicted, format!("{shown} or more")),
        (FigureKind::AtMost, _) => (Verdict::Contradicted, format!("{shown} or less")),
        (_, Fit::Holds) => (Verdict::Supported, shown),
        (_, Fit::Misrounded) => (Verdict::WrongRounding, shown),
        (_, Fit::Differs) => match namesake(reader, &found, cell, claimed) {
            Some(other) => (
                Verdict::WrongOccupation,
                format!("{shown}; {} is that of {other}", money(claimed, &currency)),
            ),
            None => (Verdict::Contradicted, shown),
        },
    };
    Finding::new(verdict, format!("{origin} has a {name} of {words}."), Some(found))
}

/// Returns another occupation of the same broad group whose figure is the claimed one.
fn namesake(reader: &Reader, found: &BandRef, cell: Cell, claimed: i64) -> Option<String> {
    let (band, frame) = (found.band(), &found.loaded.frame);
    let crate::frame::Subject::Occupation(own) = band.subject() else { return None };
    let own = reader.catalog().occupation(own)?;
    let group = own.parent_code.as_deref()?;
    let siblings = reader.catalog().occupations().iter().filter(|row| {
        row.classification == own.classification
            && row.parent_code.as_deref() == Some(group)
            && row.id != own.id
    });
    let holds = |row: &entity::occupation::Model| {
        let mut bands = frame.bands_at(crate::frame::Subject::Occupation(row.id), band.region());
        bands.any(|index| {
            let other = frame.band(index);
            let exact = other.segment() == band.segment() && other.cell(cell).0 == FigureKind::Exact;
            let printed = other.cell(cell).1.filter(|_| exact);
            printed.is_some_and(|printed| fit(claimed, printed, unit(claimed, ROUGHEST)) == Fit::Holds)
        })
    };
    siblings.filter(|row| holds(row)).map(|row| row.title.clone()).next()
}

fn range(reader: &Reader, found: BandRef, low: Option<i64>, high: Option<i64>) -> Finding<BandRef> {
    let band = found.band();
    let currency = band.segment().currency.clone();
    let read = |cell| match band.cell(cell) {
        (FigureKind::Exact | FigureKind::AtLeast, amount) => amount,
        _ => None,
    };
    let (p10, p90) = (read(Cell::P10), read(Cell::P90));
    let open = band.cell(Cell::P90).0 == FigureKind::AtLeast;
    let origin = origin(reader, &found);
    let Some(median) = read(Cell::Median) else {
        return Finding::new(Verdict::NotCheckable, format!("{origin} has no usable median."), Some(found));
    };
    let within = low.is_none_or(|low| low <= median) && high.is_none_or(|high| median <= high);
    let low_fits = low.zip(p10).is_none_or(|(low, p10)| low * 10 >= p10 * 9);
    let high_fits = open || high.zip(p90).is_none_or(|(high, p90)| high * 10 <= p90 * 11);
    let ends = [p10, Some(median), p90]
        .map(|amount| amount.map_or_else(|| "no figure".to_owned(), |amount| money(amount, &currency)));
    let why = format!(
        "{origin} has a 10th percentile of {}, a median of {} and a 90th percentile of {}{}.",
        ends[0],
        ends[1],
        ends[2],
        if open { " or more" } else { "" }
    );
    let verdict = if within && low_fits && high_fits { Verdict::Supported } else { Verdict::Contradicted };
    Finding::new(verdict, why, Some(found))
}
