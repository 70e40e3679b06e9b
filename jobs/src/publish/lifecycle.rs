//! The states of a release: staged, then published or held; superseded by a newer one; withdrawn by a person.

use std::collections::{HashMap, HashSet};

use entity::{ReleaseId, ReleaseStatus, SourceId, artifact, release, source};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, EntityTrait,
    QueryFilter, QueryOrder,
};

use super::{places, source_id, turn};
use crate::{definition::Source, normalize::Release};

/// Why a release cannot be brought into another state.
#[derive(Debug, thiserror::Error)]
pub enum LifecycleError {
    /// There is none of that name.
    #[error("no release `{0}`; `rolecast sources --json` lists them by key")]
    Missing(String),
    /// Only a release that is held, or was taken back, can be published by hand.
    #[error("`{key}` is {}, neither held nor withdrawn", status.as_str().to_lowercase())]
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
    pub(crate) fn must_wait(&self) -> Result<(), LifecycleError> {
        let (key, status) = (self.key.clone(), self.release.status);
        let waits = matches!(status, ReleaseStatus::Held | ReleaseStatus::Withdrawn);
        if waits { Ok(()) } else { Err(LifecycleError::NotHeld { key, status }) }
    }
}

/// Returns what tells the releases whose figures may be shown: those that are served, or were until a newer one came.
pub(crate) fn visible() -> Condition {
    let states = [ReleaseStatus::Published, ReleaseStatus::Superseded];
    Condition::all().add(release::Column::Served.eq(true)).add(release::Column::Status.is_in(states))
}

/// Publishes a release that is held or was withdrawn, and returns it as it is then: superseded where a newer one answers.
/// `told` is what its files say, where they say something of regions.
pub(crate) async fn publish_held(
    db: &DatabaseConnection,
    key: &str,
    told: Option<&Release>,
) -> Result<Named, LifecycleError> {
    let tx = turn(db).await?;
    let found = find(&tx, key).await?;
    found.must_wait()?;
    if let Some(told) = told {
        places::write(&tx, found.source.id, told, false).await?;
    }
    change(&tx, &found, ReleaseStatus::Published).await?;
    let published = find(&tx, key).await?;
    tx.commit().await?;
    Ok(published)
}

/// Takes a release back, and returns it as it was before. The one before it answers again.
pub async fn withdraw(db: &DatabaseConnection, key: &str) -> Result<Named, LifecycleError> {
    let tx = turn(db).await?;
    let found = find(&tx, key).await?;
    if found.release.status == ReleaseStatus::Withdrawn {
        return Ok(found);
    }
    change(&tx, &found, ReleaseStatus::Withdrawn).await?;
    tx.commit().await?;
    Ok(found)
}

async fn change(tx: &DatabaseTransaction, of: &Named, status: ReleaseStatus) -> Result<(), DbErr> {
    set(tx, of.release.id, status).await?;
    supersede(tx, of.source.id, &of.release.dataset).await
}

/// Sets where a release stands; which one is current is [`supersede`]'s to say.
pub(super) async fn set(
    tx: &impl ConnectionTrait,
    id: ReleaseId,
    status: ReleaseStatus,
) -> Result<(), DbErr> {
    let served = if status == ReleaseStatus::Published { Set(true) } else { NotSet };
    let change =
        release::ActiveModel { status: Set(status), is_current: Set(false), served, ..Default::default() };
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
    let releases =
        release::Entity::find().filter(release::Column::SourceId.eq(id)).filter(visible()).all(db).await?;
    artifact::Entity::find()
        .filter(artifact::Column::Url.eq(url))
        .filter(artifact::Column::ReleaseId.is_in(releases.into_iter().map(|release| release.id)))
        .order_by_desc(artifact::Column::Id)
        .one(db)
        .await
}

/// The newest period and edition of a dataset is current; every other one is superseded, and so is what is held although
/// a later edition has all of its files.
pub(crate) async fn supersede(tx: &impl ConnectionTrait, id: SourceId, dataset: &str) -> Result<(), DbErr> {
    let ours = release::Entity::find()
        .filter(release::Column::SourceId.eq(id))
        .filter(release::Column::Dataset.eq(dataset));
    let newest_first =
        ours.clone().order_by_desc(release::Column::ReferenceEnd).order_by_desc(release::Column::Edition);
    let shown = newest_first.filter(visible()).all(tx).await?;
    for (place, release) in shown.iter().enumerate() {
        let current = place == 0;
        let status = if current { ReleaseStatus::Published } else { ReleaseStatus::Superseded };
        if release.is_current != current || release.status != status {
            let change =
                release::ActiveModel { is_current: Set(current), status: Set(status), ..Default::default() };
            let one = release::Column::Id.eq(release.id);
            release::Entity::update_many().set(change).filter(one).exec(tx).await?;
        }
    }
    for held in ours.filter(release::Column::Status.eq(ReleaseStatus::Held)).all(tx).await? {
        let later = |other: &&release::Model| other.label == held.label && other.edition > held.edition;
        let later: Vec<ReleaseId> = shown.iter().filter(later).map(|release| release.id).collect();
        if !later.is_empty() && is_within(tx, held.id, &later).await? {
            set(tx, held.id, ReleaseStatus::Superseded).await?;
        }
    }
    Ok(())
}

/// Whether one of the releases `others` has all files of release `id`.
async fn is_within(tx: &impl ConnectionTrait, id: ReleaseId, others: &[ReleaseId]) -> Result<bool, DbErr> {
    let ids = others.iter().copied().chain([id]);
    let files = artifact::Entity::find().filter(artifact::Column::ReleaseId.is_in(ids)).all(tx).await?;
    let mut hashes: HashMap<ReleaseId, HashSet<String>> = HashMap::new();
    for file in files {
        hashes.entry(file.release_id).or_default().insert(file.sha256);
    }
    let Some(ours) = hashes.remove(&id) else { return Ok(false) };
    Ok(hashes.values().any(|theirs| ours.is_subset(theirs)))
}
