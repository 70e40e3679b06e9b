//! The regions a release prints.
//!
//! What is compiled in stays as it is and gains names. Any other region is as the newest release that is about it says;
//! a release that came late, is held, or has only figures there, adds what nobody knows and changes nothing. One that is
//! held adds no names either, until a person publishes it.

use std::collections::HashMap;

use entity::{RegionId, ReleaseStatus, SourceId, release};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter};

use crate::{bulk::Insert, codes, normalize::Release};

/// Ids and names of regions, by code.
type Known = HashMap<String, (RegionId, String)>;

const COLUMNS: [&str; 6] = ["code", "name", "kind", "currency", "parent_code", "vintage"];

/// Writes the regions of `release`, one of source `id`, and their names.
pub(super) async fn write(
    tx: &impl ConnectionTrait,
    id: SourceId,
    release: &Release,
    held: bool,
) -> Result<(), DbErr> {
    if release.places.is_empty() {
        return Ok(());
    }
    let newest = !held && !is_late(tx, id, release).await?;
    let before = codes::region_ids(tx).await?;
    let mut unknown = Insert::new(tx, "region", &COLUMNS).or_keep(&["code"]);
    let mut newer = Insert::new(tx, "region", &COLUMNS).or_update(&["code"]);
    for place in release.places.iter().filter(|place| codes::region_of_code(&place.code).is_none()) {
        let insert = if place.defined && newest { &mut newer } else { &mut unknown };
        let row = [
            place.code.as_str().into(),
            place.names.first().map_or("", String::as_str).into(),
            place.kind.as_str().into(),
            place.currency.as_str().into(),
            place.parent.clone().into(),
            place.vintage.clone().into(),
        ];
        insert.row(row).await?;
    }
    unknown.finish().await?;
    newer.finish().await?;
    if held { Ok(()) } else { names(tx, release, &before).await }
}

/// Whether a release of a later period is served.
async fn is_late(tx: &impl ConnectionTrait, id: SourceId, of: &Release) -> Result<bool, DbErr> {
    let later = release::Entity::find()
        .filter(release::Column::SourceId.eq(id))
        .filter(release::Column::Dataset.eq(&of.dataset))
        .filter(release::Column::Status.eq(ReleaseStatus::Published))
        .filter(release::Column::ReferenceEnd.gt(of.end));
    Ok(later.count(tx).await? > 0)
}

/// A name once printed is one that people go on using: none is taken away, and the name of `before` is another one.
async fn names(tx: &impl ConnectionTrait, release: &Release, before: &Known) -> Result<(), DbErr> {
    let known = codes::region_ids(tx).await?;
    let columns = &["region_id", "name"];
    let mut insert = Insert::new(tx, "region_name", columns).or_keep(columns);
    for place in &release.places {
        let Some((id, own)) = known.get(&place.code) else { continue };
        let former = before.get(&place.code).map(|(_, name)| name);
        for name in place.names.iter().chain(former).filter(|name| *name != own) {
            insert.row([(*id).into(), name.as_str().into()]).await?;
        }
    }
    insert.finish().await
}
