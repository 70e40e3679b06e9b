//! The states of a release: staged, then published or held; superseded by a newer one; withdrawn by a person.

use entity::{ReleaseId, ReleaseStatus, SourceId, artifact, release, source};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr,
    EntityTrait, QueryFilter, QueryOrder,
};

use super::{places, source_id, turn};
use crate::{definition::Source, normalize::Release};

/// Why a release cannot be brought into another state.
#[derive(Debug, thiserror::Error)]
pub enum LifecycleError {
    /// There is none of that name.
    #[error("no release `{0}`; `rolecast sources --json` lists them by key")]
    Missing(String),
    /// Only a held release can be published by hand.
    #[error("`{key}` is {}, not held", status.as_str().to_lowercase())]
    NotHeld {
        /// Its name.
        key: String,
        /// Where it stands.
        status: ReleaseStatus,
    },
    /// The database failed.
    #[error("database failed")]
    Database(#[from] DbErr),
}

/// A release and the source it is of.
#[derive(Clone, Debug)]
pub struct Named {
    /// `source/dataset/label/edition`.
    pub key: String,
    /// The source.
    pub source: source::Model,
    /// The release.
    pub release: release::Model,
}

/// Returns the release called `key`: source, dataset, label and edition, with slashes between them.
pub async fn find(db: &impl ConnectionTrait, key: &str) -> Result<Named, LifecycleError> {
    let missing = || LifecycleError::Missing(key.to_owned());
    let (of, rest) = key.split_once('/').ok_or_else(missing)?;
    let source = source::Entity::find().filter(source::Column::Key.eq(of)).one(db).await?;
    let source = source.ok_or_else(missing)?;
    let releases = release::Entity::find().filter(release::Column::SourceId.eq(source.id)).all(db).await?;
    // A label may hold a slash itself.
    let called = |row: &release::Model| format!("{}/{}/{}", row.dataset, row.label, row.edition) == rest;
    let release = releases.into_iter().find(called).ok_or_else(missing)?;
    Ok(Named { key: key.to_owned(), source, release })
}

impl Named {
    pub(crate) fn must_be_held(&self) -> Result<(), LifecycleError> {
        let (key, status) = (self.key.clone(), self.release.status);
        if status == ReleaseStatus::Held { Ok(()) } else { Err(LifecycleError::NotHeld { key, status }) }
    }
}

/// Publishes a held release; `told` is what its files say, where they say something of regions.
pub(crate) async fn publish_held(
    db: &DatabaseConnection,
    key: &str,
    told: Option<&Release>,
) -> Result<Named, LifecycleError> {
    let tx = turn(db).await?;
    let found = find(&tx, key).await?;
    found.must_be_held()?;
    if let Some(told) = told {
        places::write(&tx, found.source.id, told, false).await?;
    }
    change(tx, found, ReleaseStatus::Published).await
}

/// Takes a release back, and returns it as it was before. The one before it answers again.
pub async fn withdraw(db: &DatabaseConnection, key: &str) -> Result<Named, LifecycleError> {
    let tx = turn(db).await?;
    let found = find(&tx, key).await?;
    if found.release.status == ReleaseStatus::Withdrawn {
        return Ok(found);
    }
    change(tx, found, ReleaseStatus::Withdrawn).await
}

async fn change(tx: DatabaseTransaction, of: Named, status: ReleaseStatus) -> Result<Named, LifecycleError> {
    set(&tx, of.release.id, status).await?;
    supersede(&tx, of.source.id, &of.release.dataset).await?;
    tx.commit().await?;
    Ok(of)
}

/// Sets where a release stands; which one is current is [`supersede`]'s to say.
pub(super) async fn set(
    tx: &impl ConnectionTrait,
    id: ReleaseId,
    status: ReleaseStatus,
) -> Result<(), DbErr> {
    let change = release::ActiveModel { status: Set(status), is_current: Set(false), ..Default::default() };
    release::Entity::update_many().set(change).filter(release::Column::Id.eq(id)).exec(tx).await?;
    Ok(())
}

/// Returns the last artifact fetched from `url`.
pub async fn last_fetch(
    db: &DatabaseConnection,
    source: &Source,
    url: &str,
) -> Result<Option<artifact::Model>, DbErr> {
    let id = source_id(db, &source.key).await?;
    let releases = release::Entity::find()
        .filter(release::Column::SourceId.eq(id))
        .filter(release::Column::Status.is_in([ReleaseStatus::Published, ReleaseStatus::Superseded]))
        .all(db)
        .await?;
    artifact::Entity::find()
        .filter(artifact::Column::Url.eq(url))
        .filter(artifact::Column::ReleaseId.is_in(releases.into_iter().map(|release| release.id)))
        .order_by_desc(artifact::Column::Id)
        .one(db)
        .await
}

/// The newest period and edition of a dataset is current; every other one is superseded.
pub(crate) async fn supersede(tx: &impl ConnectionTrait, id: SourceId, dataset: &str) -> Result<(), DbErr> {
    let visible = release::Entity::find()
        .filter(release::Column::SourceId.eq(id))
        .filter(release::Column::Dataset.eq(dataset))
        .filter(release::Column::Status.is_in([ReleaseStatus::Published, ReleaseStatus::Superseded]))
        .order_by_desc(release::Column::ReferenceEnd)
        .order_by_desc(release::Column::Edition)
        .all(tx)
        .await?;
    for (place, release) in visible.into_iter().enumerate() {
        let current = place == 0;
        let status = if current { ReleaseStatus::Published } else { ReleaseStatus::Superseded };
        if release.is_current != current || release.status != status {
            let change =
                release::ActiveModel { is_current: Set(current), status: Set(status), ..Default::default() };
            let one = release::Column::Id.eq(release.id);
            release::Entity::update_many().set(change).filter(one).exec(tx).await?;
        }
    }
    Ok(())
}
