//! The rows of a release, in bulk.

use entity::{Cell, Count, artifact, reject, requirement};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait, Value};

use super::{Ids, series};
use crate::{
    bulk::Insert,
    normalize::{Band, Projection, Release},
    pipeline::Incoming,
};

/// Rows per statement: the widest table stays below the 32,766 values that the smaller engine can bind.
pub(super) const BATCH: usize = 800;

/// Writes everything a release consists of.
pub(super) async fn write(
    tx: &impl ConnectionTrait,
    release: &Release,
    files: &[Incoming],
    ids: &Ids,
) -> Result<(), DbErr> {
    artifact::Entity::insert_many(artifacts(release, files, ids)).exec_without_returning(tx).await?;
    let mut bands = Insert::new(tx, "salary_band", &BAND);
    for row in &release.bands {
        bands.row(band(row, ids)).await?;
    }
    bands.finish().await?;
    let mut projections = Insert::new(tx, "growth_projection", &PROJECTION);
    for row in &release.projections {
        projections.row(projection(row, ids)).await?;
    }
    projections.finish().await?;
    series::write(tx, &release.series, ids).await?;
    for chunk in release.requirements.chunks(BATCH) {
        let rows = chunk.iter().map(|row| {
            let (occupation_id, role_id) = ids.subject(row.subject);
            requirement::ActiveModel {
                release_id: Set(ids.release),
                occupation_id: Set(occupation_id),
                role_id: Set(role_id),
                education: Set(row.education.clone()),
                experience: Set(row.experience.clone()),
                training: Set(row.training.clone()),
                part: Set(i32::from(row.position.part)),
                row: Set(row.position.row.cast_signed()),
                ..Default::default()
            }
        });
        requirement::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    for chunk in release.rejects.chunks(BATCH) {
        let rows = chunk.iter().map(|row| reject::ActiveModel {
            release_id: Set(ids.release),
            locator: Set(row.locator.clone()),
            code: Set(row.code.code().into()),
            message: Set(row.message.clone()),
            raw: Set(row.raw.clone()),
            ..Default::default()
        });
        reject::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

fn artifacts(release: &Release, files: &[Incoming], ids: &Ids) -> Vec<artifact::ActiveModel> {
    let origin =
        |place: usize| release.origins.get(place).copied().unwrap_or(entity::ArtifactOrigin::Publisher);
    let rows = files.iter().zip(0..).map(|(file, position)| artifact::ActiveModel {
        release_id: Set(ids.release),
        position: Set(position),
        origin: Set(origin(usize::try_from(position).unwrap_or_default())),
        url: Set(file.url.clone()),
        file_name: Set(file.name.clone()),
        sha256: Set(file.sha256.clone()),
        bytes: Set(file.size),
        retrieved_at: Set(file.retrieved_at),
        etag: Set(file.etag.clone()),
        last_modified: Set(file.last_modified.clone()),
        ..Default::default()
    });
    rows.collect()
}

/// The columns of a band, in the order of [`band`].
const BAND: [&str; 38] = [
    "release_id",
    "occupation_id",
    "role_id",
    "region_id",
    "industry",
    "ownership",
    "sex",
    "work_time",
    "experience",
    "period",
    "currency",
    "concept",
    "p10",
    "p20",
    "p25",
    "p30",
    "p40",
    "median",
    "p60",
    "p70",
    "p75",
    "p80",
    "p90",
    "mean",
    "low",
    "high",
    "employment",
    "marks",
    "mean_rse",
    "location_quotient",
    "jobs_per_thousand",
    "sample_size",
    "hours_per_year",
    "cited_authority",
    "locator",
    "part",
    "row",
    "stated_period",
];

/// Those of its cells, in the order of [`Cell::ALL`].
pub(super) const CELLS: &[&str] = (&BAND as &[&str]).split_at(12).1.split_at(Cell::ALL.len()).0;

fn band(band: &Band, ids: &Ids) -> [Value; BAND.len()] {
    let (occupation, role) = ids.subject(band.subject);
    let segment = &band.segment;
    let mut cells = band.cells.into_iter();
    let mut cell = || cells.next().flatten().into();
    [
        ids.release.into(),
        occupation.into(),
        role.into(),
        ids.regions[band.region].into(),
        segment.industry.as_str().into(),
        segment.ownership.as_str().into(),
        segment.sex.as_str().into(),
        segment.work_time.as_str().into(),
        segment.experience.as_str().into(),
        band.period.as_str().into(),
        band.currency.as_str().into(),
        band.concept.as_str().into(),
        cell(),
        cell(),
        cell(),
        cell(),
        cell(),
        cell(),
        cell(),
        cell(),
        cell(),
        cell(),
        cell(),
        cell(),
        cell(),
        cell(),
        cell(),
        band.marks.into(),
        band.mean_rse.into(),
        band.location_quotient.into(),
        band.jobs_per_thousand.into(),
        band.sample_size.into(),
        band.hours_per_year.into(),
        band.cited_authority.clone().into(),
        band.locator.clone().into(),
        band.position.part.into(),
        band.position.row.cast_signed().into(),
        band.stated.map(|place| i16::try_from(place).unwrap_or(i16::MAX)).into(),
    ]
}

/// The columns of a projection, in the order of [`projection`].
const PROJECTION: [&str; 19] = [
    "release_id",
    "occupation_id",
    "role_id",
    "region_id",
    "base_year",
    "target_year",
    "base_employment",
    "target_employment",
    "change",
    "annual_openings",
    "openings",
    "job_seekers",
    "change_percent",
    "marks",
    "published_category",
    "cited_authority",
    "locator",
    "part",
    "row",
];

/// Those of what it counts, in the order of [`Count::ALL`].
pub(super) const COUNTS: &[&str] = (&PROJECTION as &[&str]).split_at(6).1.split_at(Count::ALL.len()).0;

fn projection(row: &Projection, ids: &Ids) -> [Value; PROJECTION.len()] {
    let (occupation, role) = ids.subject(row.subject);
    let [base, target, change, annual, openings, seekers] = row.counts;
    [
        ids.release.into(),
        occupation.into(),
        role.into(),
        ids.regions[row.region].into(),
        row.base_year.into(),
        row.target_year.into(),
        base.into(),
        target.into(),
        change.into(),
        annual.into(),
        openings.into(),
        seekers.into(),
        row.change_percent.into(),
        row.marks.into(),
        row.published_category.clone().into(),
        row.cited_authority.clone().into(),
        row.locator.clone().into(),
        row.position.part.into(),
        row.position.row.cast_signed().into(),
    ]
}
