//! Anything with a global id.

use async_graphql::{Context, ID, Interface};
use entity::Classification;

use super::{
    access,
    band::SalaryBand,
    error::ApiError,
    id::{self, Name},
    job::Job,
    occupation::Occupation,
    page::Keyed as _,
    projection::GrowthProjection,
    region::Region,
    release::Release,
    role::Role,
    scope::Scope,
    source::Source,
};
use crate::{
    frame::Subject,
    pay::{View, fallback},
    reader::{BandRef, Loaded, ProjectionRef},
};

/// Anything with a global id. Ids survive restarts, new releases and a change of database.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Opaque, and the same for ever."))]
pub(super) enum Node {
    Role(Role),
    Occupation(Occupation),
    Region(Region),
    SalaryBand(Box<SalaryBand>),
    GrowthProjection(Box<GrowthProjection>),
    Source(Source),
    Release(Release),
    Job(Job),
}

/// Finds what an id stands for, if the caller may know of it.
pub(super) async fn find(ctx: &Context<'_>, scope: &Scope, id: &ID) -> Result<Option<Node>, ApiError> {
    let Some(Name { kind, day, key }) = id::read(id) else { return Ok(None) };
    let scope = scope.on(day);
    let found = match kind.as_str() {
        "SalaryBand" => shown_band(&scope, &key).await?.map(|band| Node::SalaryBand(Box::new(band))),
        "GrowthProjection" => shown_projection(&scope, &key)
            .await?
            .map(|projection| Node::GrowthProjection(Box::new(projection))),
        "Job" => {
            let job = jobs::queue::job(scope.reader.store().db(), &key).await?;
            job.map(|job| Node::Job(Job { scope, job }))
        }
        kind => of_catalog(scope, kind, &key).filter(|node| match node {
            Node::Release(found) => access::may_see(ctx, &found.release),
            _ => true,
        }),
    };
    let Some(node) = found else { return Ok(None) };
    // An id says everything in one way only: what has another one is not what was asked for.
    let its = node.id(ctx).await.ok();
    Ok(its.is_some_and(|its| its == *id).then_some(node))
}

fn of_catalog(scope: Scope, kind: &str, key: &str) -> Option<Node> {
    let catalog = scope.catalog();
    match kind {
        "Role" => {
            let entry = catalog.role(key)?.clone();
            Some(Node::Role(Role { scope, entry }))
        }
        "Occupation" => {
            let (of, code) = key.split_once('/')?;
            let row = catalog.occupation_of_code(Classification::parse(of)?, code)?.clone();
            Some(Node::Occupation(Occupation { scope, row }))
        }
        "Region" => {
            let place = catalog.region_of_code(key)?.clone();
            Some(Node::Region(Region { scope, place }))
        }
        "Source" => {
            let row = catalog.source(key)?.clone();
            Some(Node::Source(Source { scope, row }))
        }
        "Release" => {
            let release = catalog.release_of_key(key)?.clone();
            Some(Node::Release(Release { scope, release }))
        }
        _ => None,
    }
}

/// Finds a band by its key, as it is shown and was reached.
async fn shown_band(scope: &Scope, key: &str) -> Result<Option<SalaryBand>, ApiError> {
    let (own, [view, via, steps]) = id::parts_of_band(key);
    let Some(SalaryBand { found, .. }) = band(scope, own).await? else { return Ok(None) };
    let (catalog, end) = (scope.catalog(), (found.band().subject(), found.band().region()));
    let Some((origin, steps)) = fallback::again(catalog, steps, end) else { return Ok(None) };
    let found = BandRef { via: id::link(catalog, via, origin), steps, ..found };
    let view = View::of_key(view, scope.reader.snapshot().series());
    Ok(Some(SalaryBand::new(scope, found, view.as_ref())))
}

/// Finds a projection by its key, as it was reached.
async fn shown_projection(scope: &Scope, key: &str) -> Result<Option<GrowthProjection>, ApiError> {
    let (own, [steps]) = id::parts_of_projection(key);
    let Some(GrowthProjection { found, .. }) = projection(scope, own).await? else { return Ok(None) };
    let end = (Subject::of(found.row()), found.row().region_id);
    let steps = fallback::again(scope.catalog(), steps, end).map(|(_, steps)| steps);
    let found = steps.map(|steps| ProjectionRef { steps, ..found });
    Ok(found.map(|found| GrowthProjection { scope: scope.clone(), found }))
}

/// Finds a band as published by its key, whichever release it stands in, unless that may not be shown.
pub(super) async fn band(scope: &Scope, key: &str) -> Result<Option<SalaryBand>, ApiError> {
    let Some((loaded, subject)) = figures(scope, key).await? else { return Ok(None) };
    let frame = loaded.frame.clone();
    let bands = frame.bands_of(subject).map(|index| BandRef {
        loaded: loaded.clone(),
        index,
        via: None,
        steps: Vec::new(),
    });
    let found = bands.into_iter().find(|band| id::band_key(scope.catalog(), band) == key);
    Ok(found.map(|found| SalaryBand::new(scope, found, None)))
}

/// Finds a projection by its key, whichever release it stands in, unless that may not be shown.
pub(super) async fn projection(scope: &Scope, key: &str) -> Result<Option<GrowthProjection>, ApiError> {
    let Some((loaded, subject)) = figures(scope, key).await? else { return Ok(None) };
    let frame = loaded.frame.clone();
    let projections = frame.projections_of(subject).map(|index| GrowthProjection {
        scope: scope.clone(),
        found: ProjectionRef { loaded: loaded.clone(), index, steps: Vec::new() },
    });
    Ok(projections.into_iter().find(|projection| projection.key() == key))
}

async fn figures(scope: &Scope, key: &str) -> Result<Option<(Loaded, Subject)>, ApiError> {
    let Some((release, subject)) = id::parts(scope.catalog(), key) else { return Ok(None) };
    let release = scope.catalog().release_of_key(&release).filter(|release| release.is_visible());
    let Some(release) = release.cloned() else { return Ok(None) };
    Ok(Some((scope.reader.load(release).await?, subject)))
}
