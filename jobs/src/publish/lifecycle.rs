//! The states of a release: staged, then published or held; superseded by a newer one; withdrawn by a person.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use entity::{ReleaseId, ReleaseStatus, SourceId, release, source};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, EntityTrait,
    QueryFilter, QueryOrder, QuerySelect,
    sea_query::Query,
};

use super::{editions, places, turn};
use crate::{definition::Source, normalize::Release};

/// The end of its period, and when it came.
pub(super) type Age = (NaiveDate, DateTime<Utc>, ReleaseId);

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

/// Returns what tells the rows whose release may be shown, by the column that names it. Those of no release ship with the program.
pub(super) fn shown(release: impl ColumnTrait) -> Condition {
    of_releases(release, visible())
}

/// Returns what tells the rows that say how things are: those of no release, and of releases that answer. An edition that took
/// another's place, and a later period, leave out what is not so any more.
pub fn answering(release: impl ColumnTrait) -> Condition {
    of_releases(release, visible().add(release::Column::IsCurrent.eq(true)))
}

fn of_releases(column: impl ColumnTrait, which: Condition) -> Condition {
    let those = Query::select().column(release::Column::Id).from(release::Entity).cond_where(which).take();
    Condition::any().add(column.is_null()).add(column.in_subquery(those))
}

/// Returns the releases that may be shown, each with what makes it newer than another.
pub(super) async fn ages(db: &impl ConnectionTrait) -> Result<HashMap<ReleaseId, Age>, DbErr> {
    let columns = [release::Column::Id, release::Column::ReferenceEnd, release::Column::LoadedAt];
    let rows: Vec<(ReleaseId, NaiveDate, DateTime<Utc>)> =
        release::Entity::find().filter(visible()).select_only().columns(columns).into_tuple().all(db).await?;
    Ok(rows.into_iter().map(|(id, end, loaded)| (id, (end, loaded, id))).collect())
}

/// Publishes a release that is held or was withdrawn, and returns it as it is then: superseded where a newer one answers.
/// `source` is its definition, and `told` what its files say, where they say something of regions.
pub(crate) async fn publish_held(
    db: &DatabaseConnection,
    key: &str,
    source: Option<&Source>,
    told: Option<&Release>,
) -> Result<Named, LifecycleError> {
    let tx = turn(db).await?;
    let found = find(&tx, key).await?;
    found.must_wait()?;
    if let Some(told) = told {
        places::write(&tx, found.source.id, told, false).await?;
    }
    change(&tx, source, &found, ReleaseStatus::Published).await?;
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
    change(&tx, None, &found, ReleaseStatus::Withdrawn).await?;
    tx.commit().await?;
    Ok(found)
}

async fn change(
    tx: &DatabaseTransaction,
    source: Option<&Source>,
    of: &Named,
    status: ReleaseStatus,
) -> Result<(), DbErr> {
    set(tx, of.release.id, status).await?;
    supersede(tx, source, of.source.id, &of.release.dataset).await
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

/// The newest period and edition of a dataset is current; every other one is superseded, and so is what is held where a later
/// edition of its period, which may be shown, has its files or others in their place. `source` is its definition, where there is
/// one: it tells which file takes the place of which.
pub(crate) async fn supersede(
    tx: &impl ConnectionTrait,
    source: Option<&Source>,
    id: SourceId,
    dataset: &str,
) -> Result<(), DbErr> {
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
    let held = ours.filter(release::Column::Status.eq(ReleaseStatus::Held)).all(tx).await?;
    let labels: HashSet<&String> = held.iter().map(|held| &held.label).collect();
    let later = shown.into_iter().filter(|release| labels.contains(&release.label)).collect();
    let later = editions::with_files(tx, later).await?;
    for held in editions::with_files(tx, held).await? {
        if later.iter().any(|later| held.is_replaced_by(later, source)) {
            set(tx, held.release.id, ReleaseStatus::Superseded).await?;
        }
    }
    Ok(())
}
