//! What each address of a source answered last, so that it is asked only for what is newer. A file counts when all of its releases
//! are in and none of them is held, and as long as the definition is the one it was read by.

use std::collections::HashMap;

use entity::fetched;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, sea_query::OnConflict,
};

use super::{editions::reading, source_id};
use crate::{definition::Source, pipeline::Incoming};

/// Returns what each of some addresses answered last.
pub(crate) async fn last_fetches(
    db: &impl ConnectionTrait,
    source: &Source,
    urls: Vec<String>,
) -> Result<HashMap<String, fetched::Model>, DbErr> {
    let found = fetched::Entity::find()
        .filter(fetched::Column::SourceId.eq(source_id(db, &source.key).await?))
        .filter(fetched::Column::Url.is_in(urls))
        .filter(fetched::Column::Reading.eq(reading(source)));
    Ok(found.all(db).await?.into_iter().map(|file| (file.url.clone(), file)).collect())
}

/// Notes that every release of `file` is in.
pub(crate) async fn note_fetch(
    db: &impl ConnectionTrait,
    source: &Source,
    file: &Incoming,
) -> Result<(), DbErr> {
    let row = fetched::ActiveModel {
        source_id: Set(source_id(db, &source.key).await?),
        url: Set(file.url.clone()),
        etag: Set(file.etag.clone()),
        last_modified: Set(file.last_modified.clone()),
        reading: Set(reading(source)),
    };
    let known = OnConflict::columns([fetched::Column::SourceId, fetched::Column::Url])
        .update_columns([fetched::Column::Etag, fetched::Column::LastModified, fetched::Column::Reading])
        .to_owned();
    fetched::Entity::insert(row).on_conflict(known).exec_without_returning(db).await?;
    Ok(())
}
