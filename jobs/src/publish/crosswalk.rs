//! The pairs of crosswalks: those that are compiled in, and those that releases tell.

use std::collections::{BTreeMap, HashMap};

use entity::{MappingRelation, OccupationId, ReleaseId, crosswalk};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

use super::lifecycle;
use crate::bulk::Insert;

/// Writes the pairs that a release tells.
pub(super) async fn write(
    tx: &impl ConnectionTrait,
    release: ReleaseId,
    pairs: BTreeMap<(OccupationId, OccupationId), MappingRelation>,
) -> Result<(), DbErr> {
    let mut insert = Insert::new(tx, "crosswalk", &["from_id", "to_id", "relation", "release_id"]);
    for ((from, to), relation) in pairs {
        insert.row([from.into(), to.into(), relation.as_str().into(), release.into()]).await?;
    }
    insert.finish().await
}

/// Returns each pair that is served once, in the order of its first row. The newest release that answers says how near the two are; a share and words on a pair that is compiled in stay.
pub async fn served(db: &impl ConnectionTrait) -> Result<Vec<crosswalk::Model>, DbErr> {
    let ages = lifecycle::ages(db).await?;
    let rows = crosswalk::Entity::find()
        .filter(lifecycle::answering(crosswalk::Column::ReleaseId))
        .order_by_asc(crosswalk::Column::Id);
    // What ships is older than any release.
    let age = |row: &crosswalk::Model| row.release_id.and_then(|release| ages.get(&release));
    let mut places: HashMap<(OccupationId, OccupationId), usize> = HashMap::new();
    let mut served: Vec<crosswalk::Model> = Vec::new();
    for mut row in rows.all(db).await? {
        let place = *places.entry((row.from_id, row.to_id)).or_insert(served.len());
        let Some(known) = served.get_mut(place) else {
            served.push(row);
            continue;
        };
        let weight = known.weight.or(row.weight);
        let note = known.note.take().or(row.note.take());
        if age(&row) > age(known) {
            *known = row;
        }
        (known.weight, known.note) = (weight, note);
    }
    Ok(served)
}
