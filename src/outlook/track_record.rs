//! How an earlier projection of an occupation turned out, once its cycle is over.

use chrono::{Datelike as _, NaiveDate};
use entity::{Cell, Count, FigureKind, MappingRelation, PayMethod};
use sea_orm::DbErr;

use crate::{
    frame::Subject,
    pay::history::with_counterparts,
    reader::{BandRef, ProjectionRef, Reader, Subjects},
    snapshot::Catalog,
};

/// An ended projection beside what came.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The cycle: 2008-18.
    pub cycle: String,
    /// What was projected, thousandths of a percent.
    pub projected: i32,
    /// What came, percent; none where the later figures do not speak of the same occupation.
    pub actual: Option<f64>,
    /// Whether both can be compared.
    pub comparable: bool,
    /// What was compared, or what stands between.
    pub note: String,
}

/// Returns the newest cycle that was over by `today`, was made no later than `than`, and projected the same occupation.
pub async fn before(
    reader: &Reader,
    as_of: Option<NaiveDate>,
    than: &ProjectionRef,
    today: NaiveDate,
) -> Result<Option<Record>, DbErr> {
    let row = than.row();
    let subject @ Subject::Occupation(_) = Subject::of(row) else { return Ok(None) };
    let (catalog, region) = (reader.catalog(), row.region_id);
    let subjects = with_counterparts(catalog, subject, None);
    let known = reader.projections_over_time(as_of, &subjects, region).await?;
    let Some(ended) = newest_ended(&known, &subjects, row.base_year, today) else { return Ok(None) };
    let same = editions(catalog, Subject::of(ended.row()));
    if let Some(later) = known.iter().find(|later| follows(ended, later, &same)) {
        return Ok(Some(by_projection(ended, later)));
    }
    let years = (i32::from(ended.row().base_year), i32::from(ended.row().target_year));
    let bands = reader
        .bands_over_time(as_of, &same, region, |release| {
            release.method() == PayMethod::Survey && (release.reaches(years.0) || release.reaches(years.1))
        })
        .await?;
    Ok(Some(by_survey(ended, &bands, years).unwrap_or_else(|| nothing_later(ended))))
}

/// Official projections with a percent, the last to end first; of one cycle the occupation itself before its counterparts.
fn newest_ended<'a>(
    known: &'a [ProjectionRef],
    subjects: &Subjects,
    base: i16,
    today: NaiveDate,
) -> Option<&'a ProjectionRef> {
    let place = |found: &ProjectionRef| {
        let subject = Subject::of(found.row());
        subjects.iter().position(|wanted| wanted.subject == subject)
    };
    let over = known.iter().filter(|found| {
        let row = found.row();
        i32::from(row.target_year) < today.year()
            && row.base_year <= base
            && row.change_percent.is_some()
            && found.loaded.release.method() == PayMethod::Survey
    });
    over.min_by_key(|found| {
        let row = found.row();
        (
            std::cmp::Reverse((row.target_year, row.base_year)),
            place(found),
            std::cmp::Reverse(found.loaded.release.age()),
        )
    })
}

/// The occupation and what is exactly the same in other editions of its classification.
fn editions(catalog: &Catalog, subject: Subject) -> Subjects {
    let mut same = Subjects::default();
    for wanted in with_counterparts(catalog, subject, None).iter() {
        if wanted.via.as_ref().is_none_or(|link| link.relation == MappingRelation::Exact) {
            same.add(wanted.subject, None);
        }
    }
    same
}

fn follows(ended: &ProjectionRef, later: &ProjectionRef, same: &Subjects) -> bool {
    let (release, row) = (&later.loaded.release, later.row());
    release.source_id() == ended.loaded.release.source_id()
        && row.base_year == ended.row().target_year
        && base(later).is_some()
        && same.iter().any(|wanted| wanted.subject == Subject::of(row))
}

fn base(found: &ProjectionRef) -> Option<i64> {
    found.row().exact(Count::Base).filter(|count| *count > 0)
}

fn record(ended: &ProjectionRef, actual: Option<f64>, note: String) -> Record {
    let row = ended.row();
    Record {
        cycle: format!("{}-{:02}", row.base_year, row.target_year % 100),
        projected: row.change_percent.unwrap_or_default(),
        comparable: actual.is_some(),
        actual,
        note,
    }
}

fn by_projection(ended: &ProjectionRef, later: &ProjectionRef) -> Record {
    let (from, to) = (base(ended), base(later));
    let label = &later.loaded.release.row.label;
    let year = later.row().base_year;
    let actual = from.zip(to).map(|(from, to)| percent(from, to));
    record(
        ended,
        actual,
        format!("Jobs in {year} as the same publisher counted them for its projections {label}."),
    )
}

/// Compares the workers that one dataset counted in both years.
fn by_survey(ended: &ProjectionRef, bands: &[BandRef], years: (i32, i32)) -> Option<Record> {
    let workers = |band: &BandRef| match band.band().cell(Cell::Employment) {
        (FigureKind::Exact, Some(count)) if count > 0 => Some(count),
        _ => None,
    };
    let in_year = |year: i32| bands.iter().filter(move |band| band.reference().end.year() == year);
    let (from, to) = in_year(years.0).find_map(|from| {
        let dataset =
            |band: &BandRef| (band.loaded.release.source_id(), band.loaded.release.row.dataset.clone());
        let to = in_year(years.1).find(|to| dataset(to) == dataset(from) && workers(to).is_some())?;
        workers(from).map(|_| (from, to))
    })?;
    let newer = &to.loaded.release;
    let note = format!(
        "Employees by {} in {} and {}; projections count the self-employed too, and the survey is not meant as a time series.",
        newer.source.title,
        from.reference().label,
        to.reference().label
    );
    Some(record(ended, Some(percent(workers(from)?, workers(to)?)), note))
}

fn nothing_later(ended: &ProjectionRef) -> Record {
    let year = ended.row().target_year;
    record(
        ended,
        None,
        format!(
            "No figure for {year} that counts the same occupation is loaded: its code was split or merged, or no later release is here."
        ),
    )
}

/// To tenths, as projections print it.
#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^53 jobs")]
fn percent(from: i64, to: i64) -> f64 {
    ((to as f64 / from as f64 - 1.0) * 1000.0).round() / 10.0
}
