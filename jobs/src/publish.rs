//! Makes a release visible: all of it or none of it, and once.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{OccupationId, RegionId, ReleaseId, ReleaseStatus, RoleId, SourceId, region, release, source};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter,
};

use crate::{
    definition::Source,
    normalize::{Release, Subject},
    pipeline::Incoming,
    validate::Check,
};

mod activity;
mod background;
mod crosswalk;
mod editions;
mod facts;
mod fetched;
mod lifecycle;
mod occupations;
mod page;
mod places;
mod rows;
mod series;
mod turn;

pub use activity::{ACTIVITY_VERSION, note_attempt, register};
pub use background::background;
pub use crosswalk::served as served_crosswalks;
pub(crate) use editions::{Edition, Editions, is_read_by};
pub(crate) use fetched::{Fetches, note_asked, note_fetch};
pub use lifecycle::{LifecycleError, Named, answering, find, withdraw};
pub(crate) use lifecycle::{publish_held, supersede, visible};
pub use occupations::served as served_occupations;
pub(crate) use turn::turn;

/// The setting that grows by one with every publish.
pub const DATA_VERSION: &str = "data_version";

/// One edition of a release, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its number.
    pub edition: i32,
    /// Where it stands.
    pub status: ReleaseStatus,
}

/// What became of a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// The same bytes are this edition already.
    Known(Place),
    /// It was written.
    New(Place),
    /// Nothing was written: an edition came since its files were put together.
    Overtaken,
}

impl Stored {
    /// Returns the edition that it is, if it is there.
    pub fn place(self) -> Option<Place> {
        match self {
            Self::Known(place) | Self::New(place) => Some(place),
            Self::Overtaken => None,
        }
    }
}

/// A release that is ready to be written.
pub(crate) struct Draft<'a> {
    pub source: &'a Source,
    pub release: &'a Release,
    pub files: &'a [Incoming],
    pub checks: &'a [Check],
    /// The editions it is to follow; none where it stands alone.
    pub after: Option<&'a Editions>,
    /// Whether its files were read once more because the definition has changed.
    pub again: bool,
}

/// The database ids behind the indexes of a release.
pub(crate) struct Ids {
    pub release: ReleaseId,
    pub occupations: Vec<OccupationId>,
    pub regions: Vec<RegionId>,
    pub role: Option<RoleId>,
}

impl Ids {
    pub(crate) fn subject(&self, subject: Subject) -> (Option<OccupationId>, Option<RoleId>) {
        match subject {
            Subject::Occupation(index) => (Some(self.occupations[index]), None),
            Subject::Role => (None, self.role),
        }
    }
}

/// Returns the id of a source that is registered.
pub async fn source_id(db: &impl ConnectionTrait, key: &str) -> Result<SourceId, DbErr> {
    let found = source::Entity::find().filter(source::Column::Key.eq(key)).one(db).await?;
    found.map(|source| source.id).ok_or_else(|| DbErr::RecordNotFound(format!("source {key}")))
}

/// Stores a release and, unless a check failed, makes it visible, in one transaction.
pub(crate) async fn publish(
    db: &DatabaseConnection,
    draft: &Draft<'_>,
    now: DateTime<Utc>,
) -> Result<Stored, DbErr> {
    let Draft { source, release, files, checks, .. } = draft;
    let held = checks.iter().any(|check| !check.passed);
    let status = if held { ReleaseStatus::Held } else { ReleaseStatus::Published };
    let fingerprint = editions::fingerprint(source, release, files);
    let content = editions::content(release)?;
    let id = source_id(db, &source.key).await?;

    let tx = turn(db).await?;
    let known = editions::of(id, &release.dataset, &release.label).all(&tx).await?;
    if draft.after.is_some_and(|after| !after.are(&known)) {
        return Ok(Stored::Overtaken);
    }
    if let Some(same) = draft.same(&known, &fingerprint, &content, held) {
        return Ok(Stored::Known(Place { edition: same.edition, status: same.status }));
    }
    let edition = known.first().map_or(0, |last| last.edition) + 1;
    let role = page::role(&tx, release).await?;
    let row = row(id, release, edition, (fingerprint, content), checks, &source.notes, now);
    let row = release::ActiveModel { role_id: Set(role), ..row };
    let release_id = release::Entity::insert(row).exec(&tx).await?.last_insert_id;
    places::write(&tx, id, release, held).await?;
    let ids = Ids {
        release: release_id,
        occupations: occupations::write(&tx, release_id, release).await?,
        regions: regions(&tx, release).await?,
        role,
    };
    rows::write(&tx, release, files, &ids).await?;
    facts::write(&tx, release, &ids).await?;
    page::write(&tx, release, &ids).await?;
    lifecycle::set(&tx, release_id, status).await?;
    supersede(&tx, Some(source), id, &release.dataset).await?;
    tx.commit().await?;
    Ok(Stored::New(Place { edition, status }))
}

impl Draft<'_> {
    /// The edition that is this one already: it has the same files, or others that say the same. What a person published, or took
    /// back, stays so; what was held is looked at again. What was replaced is this one only where it follows no other: a publisher
    /// may take back what came after it. Of several, that which is served counts first.
    fn same<'k>(
        &self,
        known: &'k [release::Model],
        fingerprint: &str,
        content: &str,
        held: bool,
    ) -> Option<&'k release::Model> {
        let served = |edition: &release::Model| {
            edition.served && matches!(edition.status, ReleaseStatus::Published | ReleaseStatus::Superseded)
        };
        let newest = known.iter().find(|edition| served(edition)).map(|edition| edition.id);
        let says_more = |edition: &release::Model| {
            served(edition) && !edition.content.is_empty() && !is_read_by(edition, self.source)
        };
        let print = |edition: &release::Model| match self.after {
            _ if self.again => edition.fingerprint == fingerprint,
            Some(_) if edition.content == content => true,
            Some(_) if says_more(edition) => false,
            _ => editions::same_files(&edition.fingerprint, fingerprint),
        };
        let stands = |edition: &release::Model| match edition.status {
            ReleaseStatus::Held => held,
            ReleaseStatus::Published | ReleaseStatus::Superseded => {
                served(edition) && (self.after.is_none() || newest == Some(edition.id))
            }
            ReleaseStatus::Staged | ReleaseStatus::Withdrawn => true,
        };
        let rank = |edition: &&release::Model| match edition.status {
            ReleaseStatus::Published => 0,
            ReleaseStatus::Superseded => 1,
            ReleaseStatus::Held => 2,
            ReleaseStatus::Staged | ReleaseStatus::Withdrawn => 3,
        };
        known.iter().filter(|edition| print(edition) && stands(edition)).min_by_key(rank)
    }
}

fn row(
    source_id: SourceId,
    release: &Release,
    edition: i32,
    (fingerprint, content): (String, String),
    checks: &[Check],
    notes: &[String],
    now: DateTime<Utc>,
) -> release::ActiveModel {
    let total = release.total();
    let json = |value: serde_json::Value| Set(value.to_string());
    release::ActiveModel {
        source_id: Set(source_id),
        dataset: Set(release.dataset.clone()),
        label: Set(release.label.clone()),
        edition: Set(edition),
        reference_start: Set(release.start),
        reference_end: Set(release.end),
        reference_label: Set(release.label.clone()),
        published_at: Set(release.published.map(|(day, _)| day)),
        published_at_estimated: Set(release.published.is_none_or(|(_, estimated)| estimated)),
        loaded_at: Set(now),
        status: Set(ReleaseStatus::Staged),
        is_current: Set(false),
        served: Set(false),
        fingerprint: Set(fingerprint),
        content: Set(content),
        bound_words: Set(release.bound_words.clone()),
        rows_read: Set(total.read.cast_signed()),
        rows_loaded: Set(total.loaded.cast_signed()),
        rows_rejected: Set(total.rejected.cast_signed()),
        rows_skipped: Set(total.skipped().cast_signed()),
        skips: json(serde_json::json!(total.skips)),
        notes: json(serde_json::json!(notes)),
        checks: json(serde_json::json!(checks)),
        parts: json(serde_json::json!(release.parts)),
        stated_periods: json(serde_json::json!(release.stated)),
        ..Default::default()
    }
}

async fn regions(tx: &impl ConnectionTrait, release: &Release) -> Result<Vec<RegionId>, DbErr> {
    let rows =
        region::Entity::find().filter(region::Column::Code.is_in(release.regions.clone())).all(tx).await?;
    let known: HashMap<String, RegionId> = rows.into_iter().map(|row| (row.code, row.id)).collect();
    let id = |code: &String| {
        known.get(code).copied().ok_or_else(|| DbErr::RecordNotFound(format!("region {code}")))
    };
    release.regions.iter().map(id).collect()
}

/// Returns how many rows a source's file has, where its current releases leave no doubt: it has one dataset.
pub(crate) async fn rows_expected(db: &DatabaseConnection, source: &Source) -> Result<Option<i64>, DbErr> {
    let id = source_id(db, &source.key).await?;
    let current = release::Entity::find()
        .filter(release::Column::SourceId.eq(id))
        .filter(release::Column::IsCurrent.eq(true))
        .all(db)
        .await?;
    Ok(if let [only] = &current[..] { Some(only.rows_read) } else { None })
}
