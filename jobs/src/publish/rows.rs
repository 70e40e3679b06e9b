//! The rows of a release, in bulk.

use entity::{Cell, artifact, growth_projection, reject, requirement, salary_band};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait};

use super::Ids;
use crate::{
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
    for chunk in release.bands.chunks(BATCH) {
        let rows = chunk.iter().map(|row| band(row, ids));
        salary_band::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    for chunk in release.projections.chunks(BATCH) {
        let rows = chunk.iter().map(|row| projection(row, ids));
        growth_projection::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
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
            code: Set(row.code.into()),
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

fn band(band: &Band, ids: &Ids) -> salary_band::ActiveModel {
    let (occupation_id, role_id) = ids.subject(band.subject);
    let cell = |cell| Set(band.cell(cell));
    salary_band::ActiveModel {
        release_id: Set(ids.release),
        occupation_id: Set(occupation_id),
        role_id: Set(role_id),
        region_id: Set(ids.regions[band.region]),
        industry: Set(band.segment.industry.clone()),
        ownership: Set(band.segment.ownership.clone()),
        sex: Set(band.segment.sex),
        work_time: Set(band.segment.work_time),
        experience: Set(band.segment.experience),
        period: Set(band.period),
        currency: Set(band.currency.clone()),
        concept: Set(band.concept),
        p10: cell(Cell::P10),
        p20: cell(Cell::P20),
        p25: cell(Cell::P25),
        p30: cell(Cell::P30),
        p40: cell(Cell::P40),
        median: cell(Cell::Median),
        p60: cell(Cell::P60),
        p70: cell(Cell::P70),
        p75: cell(Cell::P75),
        p80: cell(Cell::P80),
        p90: cell(Cell::P90),
        mean: cell(Cell::Mean),
        low: cell(Cell::Low),
        high: cell(Cell::High),
        employment: cell(Cell::Employment),
        marks: Set(band.marks),
        mean_rse: Set(band.mean_rse),
        location_quotient: Set(band.location_quotient),
        sample_size: Set(None),
        hours_per_year: Set(band.hours_per_year),
        cited_authority: Set(band.cited_authority.clone()),
        locator: Set(band.locator.clone()),
        part: Set(band.position.part),
        row: Set(band.position.row.cast_signed()),
        ..Default::default()
    }
}

fn projection(row: &Projection, ids: &Ids) -> growth_projection::ActiveModel {
    let (occupation_id, role_id) = ids.subject(row.subject);
    let [base, target, change, openings] = row.counts;
    growth_projection::ActiveModel {
        release_id: Set(ids.release),
        occupation_id: Set(occupation_id),
        role_id: Set(role_id),
        region_id: Set(ids.regions[row.region]),
        base_year: Set(row.base_year),
        target_year: Set(row.target_year),
        base_employment: Set(base),
        target_employment: Set(target),
        change: Set(change),
        change_percent: Set(row.change_percent),
        annual_openings: Set(openings),
        marks: Set(row.marks),
        published_category: Set(row.published_category.clone()),
        cited_authority: Set(row.cited_authority.clone()),
        locator: Set(row.locator.clone()),
        part: Set(row.position.part),
        row: Set(row.position.row.cast_signed()),
        ..Default::default()
    }
}
