//! From tables to a frame.

use std::collections::HashMap;

use entity::{
    Cell, Experience, Marks, OccupationId, PayConcept, PayPeriod, RegionId, ReleaseId, RoleId, Sex, WorkTime,
    growth_projection, salary_band,
};
use futures::TryStreamExt as _;
use sea_orm::{
    ColumnTrait, Condition, DatabaseConnection, DbErr, EntityTrait, QueryFilter, QueryResult, QueryTrait,
    StreamTrait as _,
};

use super::{Column, Frame, Segment, Subject, Texts, spans};

/// Reads the figures of one release.
pub async fn load(db: &DatabaseConnection, release: ReleaseId) -> Result<Frame, DbErr> {
    let wanted = salary_band::Column::ReleaseId.eq(release);
    let (rows, segments) = bands(db, wanted.into()).await?.remove(&release).unwrap_or_default();
    let projections = growth_projection::Entity::find()
        .filter(growth_projection::Column::ReleaseId.eq(release))
        .all(db)
        .await?;
    Ok(frame(release, rows, segments, sorted(projections)))
}

/// Reads the bands of some subjects in several releases, with one statement. Releases without any are left out.
pub async fn load_of(
    db: &DatabaseConnection,
    releases: &[ReleaseId],
    subjects: impl Iterator<Item = Subject>,
) -> Result<Vec<Frame>, DbErr> {
    let (occupations, roles) = parted(subjects);
    let about = Condition::any()
        .add(salary_band::Column::OccupationId.is_in(occupations))
        .add(salary_band::Column::RoleId.is_in(roles));
    let within = salary_band::Column::ReleaseId.is_in(releases.iter().copied());
    let found = bands(db, Condition::all().add(within).add(about)).await?;
    Ok(found.into_iter().map(|(id, (rows, segments))| frame(id, rows, segments, Vec::new())).collect())
}

/// Reads the projections of some subjects in several releases, with one statement. Releases without any are left out.
pub async fn load_projections_of(
    db: &DatabaseConnection,
    releases: &[ReleaseId],
    subjects: impl Iterator<Item = Subject>,
) -> Result<Vec<Frame>, DbErr> {
    let (occupations, roles) = parted(subjects);
    let about = Condition::any()
        .add(growth_projection::Column::OccupationId.is_in(occupations))
        .add(growth_projection::Column::RoleId.is_in(roles));
    let within = growth_projection::Column::ReleaseId.is_in(releases.iter().copied());
    let found =
        growth_projection::Entity::find().filter(Condition::all().add(within).add(about)).all(db).await?;
    let mut by_release: HashMap<ReleaseId, Vec<growth_projection::Model>> = HashMap::new();
    for row in found {
        by_release.entry(row.release_id).or_default().push(row);
    }
    let frames =
        by_release.into_iter().map(|(id, rows)| frame(id, Vec::new(), Segments::new(), sorted(rows)));
    Ok(frames.collect())
}

fn sorted(mut projections: Vec<growth_projection::Model>) -> Vec<growth_projection::Model> {
    projections.sort_by_key(|row| (Subject::of(row), row.region_id, row.base_year, row.target_year));
    projections
}

fn parted(subjects: impl Iterator<Item = Subject>) -> (Vec<OccupationId>, Vec<RoleId>) {
    let (mut occupations, mut roles) = (Vec::new(), Vec::new());
    for subject in subjects {
        match subject {
            Subject::Occupation(id) => occupations.push(id),
            Subject::Role(id) => roles.push(id),
        }
    }
    (occupations, roles)
}

fn frame(
    release: ReleaseId,
    mut rows: Vec<Row>,
    segments: Segments,
    projections: Vec<growth_projection::Model>,
) -> Frame {
    let table = settle(&mut rows, segments);
    rows.sort_unstable_by_key(|row| (row.subject, row.region, row.segment));
    let authorities = Texts::new(rows.iter_mut().map(|row| row.cited_authority.take()));
    let locators = Texts::new(rows.iter_mut().map(|row| row.locator.take()));
    let column = |read: fn(&Row) -> Option<i64>| Column::new(rows.iter().map(read).collect());
    let cell = |place: usize| Column::new(rows.iter().map(|row| row.cells[place]).collect());
    Frame {
        release,
        subjects: rows.iter().map(|row| row.subject).collect(),
        regions: rows.iter().map(|row| row.region).collect(),
        segments: rows.iter().map(|row| row.segment).collect(),
        marks: rows.iter().map(|row| row.marks.0).collect(),
        table,
        cells: (0..Cell::ALL.len()).map(cell).collect(),
        mean_rse: column(|row| row.mean_rse.map(i64::from)),
        location_quotient: column(|row| row.location_quotient.map(i64::from)),
        jobs_per_thousand: column(|row| row.jobs_per_thousand.map(i64::from)),
        sample_size: column(|row| row.sample_size.map(i64::from)),
        stated: column(|row| row.stated.map(i64::from)),
        part: column(|row| Some(i64::from(row.part))),
        row: column(|row| Some(i64::from(row.line))),
        authorities,
        locators,
        band_spans: spans(rows.iter().map(|row| row.subject)),
        projection_spans: spans(projections.iter().map(Subject::of)),
        projections,
    }
}

struct Row {
    subject: Subject,
    region: RegionId,
    segment: u16,
    marks: Marks,
    cells: [Option<i64>; 15],
    mean_rse: Option<i32>,
    location_quotient: Option<i32>,
    jobs_per_thousand: Option<i32>,
    sample_size: Option<i32>,
    stated: Option<i16>,
    cited_authority: Option<String>,
    locator: Option<String>,
    part: i16,
    line: i32,
}

/// Segments in the order they were met.
type Segments = HashMap<Segment, u16>;

/// Rows by release.
async fn bands(
    db: &DatabaseConnection,
    wanted: Condition,
) -> Result<HashMap<ReleaseId, (Vec<Row>, Segments)>, DbErr> {
    let query = salary_band::Entity::find().filter(wanted).build(db.get_database_backend());
    let mut stream = db.stream_raw(query).await?;
    let mut releases: HashMap<ReleaseId, (Vec<Row>, Segments)> = HashMap::new();
    while let Some(found) = stream.try_next().await? {
        let (rows, segments) = releases.entry(found.try_get_by_index(1)?).or_default();
        rows.push(read(&found, segments)?);
    }
    Ok(releases)
}

/// Reads one row, in the order of the columns of [`salary_band::Model`]; by place, since looking up forty names
/// takes longer than everything else.
fn read(found: &QueryResult, segments: &mut Segments) -> Result<Row, DbErr> {
    let occupation: Option<OccupationId> = found.try_get_by_index(2)?;
    let role: Option<RoleId> = found.try_get_by_index(3)?;
    let segment = segment(found)?;
    let next = u16::try_from(segments.len())
        .map_err(|_| DbErr::Custom("a release with more than 65,535 segments".to_owned()))?;
    let mut cells = [None; 15];
    for (place, cell) in cells.iter_mut().enumerate() {
        *cell = found.try_get_by_index(13 + place)?;
    }
    Ok(Row {
        subject: Subject::new(occupation, role),
        region: found.try_get_by_index(4)?,
        segment: *segments.entry(segment).or_insert(next),
        marks: found.try_get_by_index(28)?,
        cells,
        mean_rse: found.try_get_by_index(29)?,
        location_quotient: found.try_get_by_index(30)?,
        jobs_per_thousand: found.try_get_by_index(31)?,
        sample_size: found.try_get_by_index(32)?,
        cited_authority: found.try_get_by_index(34)?,
        locator: found.try_get_by_index(35)?,
        part: found.try_get_by_index(36)?,
        line: found.try_get_by_index(37)?,
        stated: found.try_get_by_index(38)?,
    })
}

fn segment(found: &QueryResult) -> Result<Segment, DbErr> {
    Ok(Segment {
        industry: found.try_get_by_index(5)?,
        ownership: found.try_get_by_index(6)?,
        sex: found.try_get_by_index::<Sex>(7)?,
        work_time: found.try_get_by_index::<WorkTime>(8)?,
        experience: found.try_get_by_index::<Experience>(9)?,
        period: found.try_get_by_index::<PayPeriod>(10)?,
        currency: found.try_get_by_index(11)?,
        concept: found.try_get_by_index::<PayConcept>(12)?,
        hours_per_year: found.try_get_by_index(33)?,
    })
}

/// Sorts the segments and points the rows at their new places, so that the order does not depend on the database.
fn settle(rows: &mut [Row], segments: Segments) -> Vec<Segment> {
    let mut sorted: Vec<(Segment, u16)> = segments.into_iter().collect();
    sorted.sort_unstable();
    let mut places = vec![0; sorted.len()];
    for ((_, old), new) in sorted.iter().zip(0..) {
        places[usize::from(*old)] = new;
    }
    for row in rows {
        row.segment = places[usize::from(row.segment)];
    }
    sorted.into_iter().map(|(segment, _)| segment).collect()
}
