//! When each address of a source was asked, and what it answered last, so that it is asked only for what is newer. A file counts when
//! all of its releases are in and none of them is held, and as long as the definition is the one it was read by: a file of which a
//! release is held is asked for whole, or with the tag of the one before it, so that it is judged anew by what is published by then.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{fetched, source};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, sea_query::OnConflict,
};

use super::{editions::reading, source_id};
use crate::{definition::Source, pipeline::Incoming};

/// What is known of the addresses of a source.
pub(crate) struct Fetches {
    by_url: HashMap<String, fetched::Model>,
    /// The end of the definition's fingerprints.
    reading: String,
    /// When a look at the source last went well.
    succeeded_at: Option<DateTime<Utc>>,
}

impl Fetches {
    /// Reads what is known of some addresses.
    pub(crate) async fn read(
        db: &impl ConnectionTrait,
        source: &Source,
        urls: Vec<String>,
    ) -> Result<Self, DbErr> {
        let row = source::Entity::find().filter(source::Column::Key.eq(&source.key)).one(db).await?;
        let row = row.ok_or_else(|| DbErr::RecordNotFound(format!("source {}", source.key)))?;
        let found = fetched::Entity::find()
            .filter(fetched::Column::SourceId.eq(row.id))
            .filter(fetched::Column::Url.is_in(urls));
        let by_url = found.all(db).await?.into_iter().map(|file| (file.url.clone(), file)).collect();
        Ok(Self { by_url, reading: reading(source), succeeded_at: row.succeeded_at })
    }

    /// Returns what an address answered last, where the definition is the one it was read by.
    pub(crate) fn answer(&self, url: &str) -> Option<&fetched::Model> {
        self.by_url.get(url).filter(|file| file.reading == self.reading)
    }

    /// Returns when an address was asked last.
    pub(crate) fn asked_at(&self, url: &str) -> Option<DateTime<Utc>> {
        self.by_url.get(url)?.asked_at
    }

    /// Returns when an address sent something that could be taken, where that was after the last look at every address.
    pub(crate) fn since_look(&self, url: &str) -> Option<DateTime<Utc>> {
        let file = self.by_url.get(url).filter(|file| file.taken)?;
        file.asked_at.filter(|asked| self.succeeded_at.is_none_or(|looked| *asked > looked))
    }
}

/// Notes that an address was asked, and whether what it sent could be taken.
pub(crate) async fn note_asked(
    db: &impl ConnectionTrait,
    source: &Source,
    url: &str,
    now: DateTime<Utc>,
    taken: bool,
) -> Result<(), DbErr> {
    let row = fetched::ActiveModel {
        source_id: Set(source_id(db, &source.key).await?),
        url: Set(url.to_owned()),
        reading: Set(String::new()),
        asked_at: Set(Some(now)),
        taken: Set(taken),
        ..Default::default()
    };
    let known = OnConflict::columns([fetched::Column::SourceId, fetched::Column::Url])
        .update_columns([fetched::Column::AskedAt, fetched::Column::Taken])
        .to_owned();
    fetched::Entity::insert(row).on_conflict(known).exec_without_returning(db).await?;
    Ok(())
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
        ..Default::default()
    };
    let known = OnConflict::columns([fetched::Column::SourceId, fetched::Column::Url])
        .update_columns([fetched::Column::Etag, fetched::Column::LastModified, fetched::Column::Reading])
        .to_owned();
    fetched::Entity::insert(row).on_conflict(known).exec_without_returning(db).await?;
    Ok(())
}
