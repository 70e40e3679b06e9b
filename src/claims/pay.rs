//! Claims about pay.

use std::sync::Arc;

use entity::{Cell, FigureKind, MappingRelation};
use jobs::page::{Limit, PageBand, Pay};
use sea_orm::DbErr;

use super::{
    Check, Finding, Verdict, called, judged,
    rounding::{Fit, fit, unit},
    unclear,
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
    Limit(Cell, Limit, i64),
    Range(Option<i64>, Option<i64>),
}

/// Checks one figure, limit of one, or range.
pub(super) async fn check(
    reader: &Reader,
    role: Option<Arc<RoleEntry>>,
    said: &Pay,
    made: Moment,
    sentence: &str,
) -> Result<Check, DbErr> {
    let Pay { band, manner, doubt, .. } = said;
    let claimed = claimed(band, manner.limit);
    let claim = format!("{}: “{sentence}”", claimed.words(&band.currency));
    if let Some(why) = unclear(*manner, doubt.as_ref()) {
        return Ok(judged(claim, Finding::<BandRef>::none(why.clone()), Finding::none(why)).0);
    }
    let now = side(reader, role.as_deref(), band, &claimed, Moment::Today).await?;
    let (made, now) = match made {
        Moment::Today => (Finding::new(now.verdict, now.why.clone(), now.evidence.clone()), now),
        known => {
            let made = side(reader, role.as_deref(), band, &claimed, known).await?;
            // Today's figure says nothing of a year that could not be checked.
            let is_open = made.verdict == Verdict::NotCheckable && matches!(known, Moment::Of(_));
            let now = if is_open { Finding::none(made.why.clone()) } else { now };
            (made, now)
        }
    };
    let (mut check, band) = judged(claim, made, now);
    check.band = band;
    Ok(check)
}

fn claimed(said: &PageBand, limit: Option<Limit>) -> Claimed {
    let named = said.percentiles.first().copied();
    let median = said.median.map(|amount| (Cell::Median, amount));
    let figure = said.mean.map(|amount| (Cell::Mean, amount)).or(median).or(named);
    match (figure, limit) {
        (Some((cell, amount)), None) => Claimed::Figure(cell, amount),
        (Some((cell, amount)), Some(limit)) => Claimed::Limit(cell, limit, amount),
        (None, _) => Claimed::Range(said.low, said.high),
    }
}

impl Claimed {
    fn words(&self, currency: &str) -> String {
        let money =
            |amount: &Option<i64>| amount.map_or_else(|| "…".to_owned(), |amount| money(amount, currency));
        match self {
            Self::Figure(cell, amount) => format!("{} {}", called(*cell), money(&Some(*amount))),
            Self::Limit(cell, limit, amount) => {
                format!("{} {} {}", called(*cell), limit.words(), money(&Some(*amount)))
            }
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
        Claimed::Figure(cell, amount) => figure(reader, found, *cell, None, *amount),
        Claimed::Limit(cell, limit, amount) => figure(reader, found, *cell, Some(*limit), *amount),
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
    format!("{}, {}: {}{near}", release.source.publisher, found.reference().label, title.unwrap_or_default())
}

fn figure(
    reader: &Reader,
    found: BandRef,
    cell: Cell,
    limit: Option<Limit>,
    claimed: i64,
) -> Finding<BandRef> {
    let (kind, printed) = found.band().cell(cell);
    let currency = found.band().segment().currency.clone();
    let (origin, name) = (origin(reader, &found), called(cell));
    let Some(printed) = printed.filter(|_| kind != FigureKind::Unreliable) else {
        return Finding::new(Verdict::NotCheckable, format!("{origin} has no usable {name}."), Some(found));
    };
    let shown = money(printed, &currency);
    let words = match kind {
        FigureKind::AtLeast => format!("{shown} or more"),
        FigureKind::AtMost => format!("{shown} or less"),
        _ => shown,
    };
    let verdict =
        limit.map_or_else(|| equal(kind, printed, claimed), |limit| within(kind, printed, limit, claimed));
    let is_bound = matches!(kind, FigureKind::AtLeast | FigureKind::AtMost);
    let differs = verdict == Verdict::Contradicted && limit.is_none() && !is_bound;
    let (verdict, more) = match differs.then(|| namesake(reader, &found, cell, claimed)).flatten() {
        Some(other) => {
            (Verdict::WrongOccupation, format!("; {} is that of {other}", money(claimed, &currency)))
        }
        None => (verdict, String::new()),
    };
    let article = if name.starts_with(['a', 'u']) { "an" } else { "a" };
    Finding::new(verdict, format!("{origin} has {article} {name} of {words}{more}."), Some(found))
}

/// Judges a claim that names the figure itself.
fn equal(kind: FigureKind, printed: i64, claimed: i64) -> Verdict {
    match (kind, fit(claimed, printed, unit(claimed, ROUGHEST))) {
        (FigureKind::AtLeast, _) if claimed >= printed => Verdict::NotCheckable,
        (FigureKind::AtMost, _) if claimed <= printed => Verdict::NotCheckable,
        (FigureKind::AtLeast | FigureKind::AtMost, _) | (_, Fit::Differs) => Verdict::Contradicted,
        (_, Fit::Holds) => Verdict::Supported,
        (_, Fit::Misrounded) => Verdict::WrongRounding,
    }
}

/// Judges a claim that names a limit of the figure. Where the figure is a bound itself, one that lies on the claim's side decides
/// what lies beyond it.
fn within(kind: FigureKind, printed: i64, limit: Limit, claimed: i64) -> Verdict {
    let open = match kind {
        FigureKind::AtLeast => Some(true),
        FigureKind::AtMost => Some(false),
        _ => None,
    };
    match (limit.admits(&printed, &claimed), open.map(|upwards| upwards == limit.is_lower())) {
        (true, None | Some(true)) => Verdict::Supported,
        (false, None | Some(false)) => Verdict::Contradicted,
        (true, Some(false)) | (false, Some(true)) => Verdict::NotCheckable,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_compared_with_what_is_printed() {
        let (exact, least, most) = (FigureKind::Exact, FigureKind::AtLeast, FigureKind::AtMost);
        for (kind, printed, limit, claimed, verdict) in [
            (exact, 136, Limit::Above, 100, Verdict::Supported),
            (exact, 136, Limit::Above, 136, Verdict::Contradicted),
            (exact, 136, Limit::AtLeast, 136, Verdict::Supported),
            (exact, 136, Limit::Below, 100, Verdict::Contradicted),
            (exact, 136, Limit::AtMost, 136, Verdict::Supported),
            (least, 239, Limit::Above, 200, Verdict::Supported),
            (least, 239, Limit::Above, 239, Verdict::NotCheckable),
            (least, 239, Limit::Below, 200, Verdict::Contradicted),
            (least, 239, Limit::Below, 300, Verdict::NotCheckable),
            (most, 20, Limit::Below, 30, Verdict::Supported),
            (most, 20, Limit::Above, 10, Verdict::NotCheckable),
            (most, 20, Limit::Above, 30, Verdict::Contradicted),
        ] {
            assert_eq!(
                within(kind, printed, limit, claimed),
                verdict,
                "{kind:?} {printed} {limit:?} {claimed}"
            );
        }
    }
}
