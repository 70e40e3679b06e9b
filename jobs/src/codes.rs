//! What the service knows without any release: classifications, titles, crosswalks, regions and roles, compiled in.

mod places;
mod roles;
mod tables;
mod titles;

#[cfg(test)]
mod tests;

use entity::{OccupationId, RegionId, region, setting};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, TransactionTrait, Value};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

use crate::bulk::Insert;

pub use places::{
    NamedPlace, currencies_of, currency, currency_of, named_places, region_of_code, region_of_country,
    region_of_economic_region, region_of_fips, region_of_postal,
};
pub(crate) use roles::slug;
use tables::{
    COUNTRIES, CROSSWALKS, Country, Crosswalk, OCCUPATIONS, Occupation, REGIONS, Region, TITLES, Titles, rows,
};
pub(crate) use titles::role_called;
pub use titles::{Bearer, is_of, occupation_of_title};

/// Name of the setting that holds the fingerprint of what was loaded.
const SETTING: &str = "codes";

/// Counted up when the same data are to be written in another way.
const VERSION: &str = "3";

/// Ids of occupations by classification and code.
type Ids = HashMap<(String, String), OccupationId>;

/// Writes the compiled-in catalog, unless this very catalog was written before.
///
/// Rows that exist keep their ids. Everything happens in one transaction.
///
/// # Errors
///
/// Fails when the database does, or when the compiled-in data contradict themselves, which the tests exclude.
pub async fn load(db: &DatabaseConnection) -> Result<(), DbErr> {
    let fingerprint = fingerprint();
    let stored = setting::Entity::find_by_id(SETTING).one(db).await?;
    if stored.is_some_and(|row| row.value == fingerprint) {
        return Ok(());
    }
    let known: Vec<Occupation> = rows(OCCUPATIONS)?;
    let tx = db.begin().await?;
    write_occupations(&tx, &known).await?;
    let ids = occupation_ids(&tx).await?;
    write_titles(&tx, &ids).await?;
    write_crosswalks(&tx, &ids).await?;
    write_regions(&tx).await?;
    write_region_names(&tx).await?;
    roles::write(&tx, &known, &ids).await?;
    write_fingerprint(&tx, fingerprint).await?;
    tx.commit().await
}

fn fingerprint() -> String {
    let mut hash = Sha256::new();
    for text in [VERSION, OCCUPATIONS, TITLES, CROSSWALKS, REGIONS, COUNTRIES] {
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    }
    for (name, bytes) in roles::files() {
        hash.update(name.len().to_le_bytes());
        hash.update(name.as_bytes());
        hash.update(bytes.len().to_le_bytes());
        hash.update(bytes);
    }
    format!("{:x}", hash.finalize())
}

async fn write_occupations<C: ConnectionTrait>(db: &C, known: &[Occupation]) -> Result<(), DbErr> {
    let columns = &["classification", "code", "title", "level", "parent_code", "official"];
    let mut insert = Insert::new(db, "occupation", columns).or_update(&["classification", "code"]);
    for row in known {
        insert
            .row([
                Value::from(row.classification.as_str()),
                row.code.as_str().into(),
                row.title.as_str().into(),
                row.level.as_str().into(),
                row.parent.clone().into(),
                true.into(),
            ])
            .await?;
    }
    insert.finish().await
}

async fn occupation_ids<C: ConnectionTrait>(db: &C) -> Result<Ids, DbErr> {
    let sql = "SELECT id, classification, code FROM occupation";
    let found = db.query_all_raw(sea_orm::Statement::from_string(db.get_database_backend(), sql)).await?;
    found
        .iter()
        .map(|row| Ok(((row.try_get_by_index(1)?, row.try_get_by_index(2)?), row.try_get_by_index(0)?)))
        .collect()
}

/// Returns the id of an occupation that the compiled-in data refer to.
fn id_of(ids: &Ids, classification: &str, code: &str) -> Result<OccupationId, DbErr> {
    ids.get(&(classification.to_owned(), code.to_owned()))
        .copied()
        .ok_or_else(|| DbErr::Custom(format!("compiled-in codes: there is no {classification} {code}")))
}

/// Nothing refers to a title by id, so all that ship are written anew; those of releases stay.
async fn write_titles<C: ConnectionTrait>(db: &C, ids: &Ids) -> Result<(), DbErr> {
    db.execute_unprepared("DELETE FROM occupation_title WHERE release_id IS NULL").await?;
    let mut insert = Insert::new(db, "occupation_title", &["occupation_id", "title", "kind"]);
    for row in rows::<Titles>(TITLES)? {
        let id = id_of(ids, &row.classification, &row.code)?;
        for title in row.title.split('|') {
            insert.row([Value::from(id), title.into(), row.kind.as_str().into()]).await?;
        }
    }
    insert.finish().await
}

/// Nothing refers to a pair by id, so all that ship are written anew; those of releases stay.
async fn write_crosswalks<C: ConnectionTrait>(db: &C, ids: &Ids) -> Result<(), DbErr> {
    db.execute_unprepared("DELETE FROM crosswalk WHERE release_id IS NULL").await?;
    let columns = &["from_id", "to_id", "relation", "weight", "note"];
    let mut insert = Insert::new(db, "crosswalk", columns);
    for row in rows::<Crosswalk>(CROSSWALKS)? {
        insert
            .row([
                Value::from(id_of(ids, &row.from_classification, &row.from_code)?),
                id_of(ids, &row.to_classification, &row.to_code)?.into(),
                row.relation.as_str().into(),
                row.weight.into(),
                row.note.into(),
            ])
            .await?;
    }
    insert.finish().await
}

async fn write_regions<C: ConnectionTrait>(db: &C) -> Result<(), DbErr> {
    let columns = &["code", "name", "kind", "currency", "parent_code", "vintage"];
    let mut insert = Insert::new(db, "region", columns).or_update(&["code"]);
    for row in rows::<Region>(REGIONS)? {
        insert
            .row([
                Value::from(row.code),
                row.name.into(),
                row.kind.as_str().into(),
                row.currency.into(),
                row.parent.into(),
                row.vintage.into(),
            ])
            .await?;
    }
    insert.finish().await
}

/// Countries are known by more names than their own.
async fn write_region_names<C: ConnectionTrait>(db: &C) -> Result<(), DbErr> {
    let known = region_ids(db).await?;
    let mut insert = Insert::new(db, "region_name", &["region_id", "name"]).or_keep(&["region_id", "name"]);
    for row in rows::<Country>(COUNTRIES)? {
        if let Some((id, name)) = known.get(&row.code)
            && *name != row.name
        {
            insert.row([Value::from(*id), row.name.into()]).await?;
        }
    }
    insert.finish().await
}

/// Returns the ids and the names of all regions, by code.
pub(crate) async fn region_ids<C: ConnectionTrait>(
    db: &C,
) -> Result<HashMap<String, (RegionId, String)>, DbErr> {
    let rows = region::Entity::find().all(db).await?;
    Ok(rows.into_iter().map(|row| (row.code, (row.id, row.name))).collect())
}

async fn write_fingerprint<C: ConnectionTrait>(db: &C, fingerprint: String) -> Result<(), DbErr> {
    let mut insert = Insert::new(db, "setting", &["name", "value"]).or_update(&["name"]);
    insert.row([Value::from(SETTING), fingerprint.into()]).await?;
    insert.finish().await
}
