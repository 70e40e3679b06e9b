//! What one request sees: the catalog, and the figures of the current releases. A publish builds the next snapshot and
//! swaps one pointer.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use entity::{ReleaseId, release as row, setting};
use futures::{StreamExt as _, stream};
use jobs::publish::{ACTIVITY_VERSION, DATA_VERSION};
use sea_orm::{ColumnTrait as _, DatabaseConnection, DbErr, EntityTrait, QueryFilter as _};
use tokio::{sync::OnceCell, task::JoinError};

use crate::{
    frame::{self, Frame},
    matching::{Index, Names},
};

mod activity;
mod cache;
mod catalog;
mod extras;
mod hourly;
mod load;
mod release;
mod role;
mod series;

#[cfg(test)]
pub(crate) use self::load::of_codes;
pub use self::{
    activity::Activity,
    catalog::{Catalog, Place},
    extras::{Skills, Titles},
    hourly::{HourlyPay, said_by},
    release::{Artifact, Part, Release},
    role::{RoleEntry, RoleLink},
    series::{Decimal, Mean, Month, Parity, PriceIndex, Series},
};
use self::{cache::Cache, extras::Lists};

/// Frames read at once.
const AT_ONCE: usize = 4;

/// The figures of releases, by release.
type Frames = HashMap<ReleaseId, Arc<Frame>>;

/// A release and its figures.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// What is known of the release.
    pub release: Arc<Release>,
    /// Its figures.
    pub frame: Arc<Frame>,
}

/// One state of the data, the same for everything a request reads.
#[derive(Debug)]
pub struct Snapshot {
    version: i64,
    catalog: Arc<Catalog>,
    frames: Frames,
    series: Arc<Series>,
    hourly: HourlyPay,
    served: Vec<Loaded>,
    lists: Arc<Lists>,
    skills: OnceCell<Skills>,
}

impl Snapshot {
    /// Returns how many publishes led here.
    pub fn version(&self) -> i64 {
        self.version
    }

    /// Returns everything but figures.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Returns exchange rates, price indexes and price parities of the current releases. A question as of an earlier day
    /// gets them too: they speak of the past, and hardly any of it is ever revised.
    pub fn series(&self) -> &Series {
        &self.series
    }

    /// Returns what every visible release, current or not, says of hourly pay.
    pub fn hourly(&self) -> &HourlyPay {
        &self.hourly
    }

    /// Returns the current releases with their figures, by key.
    pub fn served(&self) -> &[Loaded] {
        &self.served
    }

    /// Returns the figures of a current release.
    pub fn frame(&self, release: ReleaseId) -> Option<&Arc<Frame>> {
        self.frames.get(&release)
    }

    /// Returns the figures of every current release.
    pub fn frames(&self) -> impl Iterator<Item = &Arc<Frame>> {
        self.frames.values()
    }
}

/// Holds the newest snapshot, and reads what is not in it.
#[derive(Debug)]
pub struct Store {
    db: DatabaseConnection,
    current: RwLock<Arc<Snapshot>>,
    activity: RwLock<Arc<Activity>>,
    older: Mutex<Cache>,
    /// Held while a frame is read, so that whoever wants the same one finds it.
    reading: tokio::sync::Mutex<()>,
}

impl Store {
    /// Reads the first snapshot.
    pub async fn open(db: DatabaseConnection) -> Result<Arc<Self>, DbErr> {
        let versions = versions(&db).await?;
        let snapshot = read(&db, versions.data, None).await?;
        let activity = RwLock::new(Arc::new(Activity::read(&db, versions.activity).await?));
        let current = RwLock::new(Arc::new(snapshot));
        Ok(Arc::new(Self {
            db,
            current,
            activity,
            older: Mutex::default(),
            reading: tokio::sync::Mutex::default(),
        }))
    }

    /// Returns the newest snapshot.
    pub fn current(&self) -> Arc<Snapshot> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns how the looks at sources went, up to the last [`Self::refresh`].
    pub fn activity(&self) -> Arc<Activity> {
        self.activity.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns the database behind it.
    pub fn db(&self) -> &DatabaseConnection {
        &self.db
    }

    /// Reads the data anew if there was a publish, and says whether there was. Frames of unchanged releases stay.
    pub async fn refresh(&self) -> Result<bool, DbErr> {
        let versions = versions(&self.db).await?;
        if versions.activity != self.activity().version {
            let activity = Arc::new(Activity::read(&self.db, versions.activity).await?);
            *self.activity.write().unwrap_or_else(PoisonError::into_inner) = activity;
        }
        let version = versions.data;
        let last = self.current();
        if version == last.version {
            return Ok(false);
        }
        let next = Arc::new(read(&self.db, version, Some(&last)).await?);
        if last.lists.are_made() {
            // Before anybody waits for them.
            self.prepare(&next).await?;
        }
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = next;
        Ok(true)
    }

    /// Makes the lists of titles that are made when first asked for.
    pub async fn prepare(&self, snapshot: &Snapshot) -> Result<(), DbErr> {
        tokio::try_join!(self.names(snapshot), self.index(snapshot))?;
        Ok(())
    }

    /// Returns the figures of a release if they are in memory: in `snapshot` or in the cache.
    pub fn held(&self, snapshot: &Snapshot, release: ReleaseId) -> Option<Arc<Frame>> {
        let current = snapshot.frame(release).cloned();
        current.or_else(|| self.older.lock().unwrap_or_else(PoisonError::into_inner).get(release))
    }

    /// Returns the figures of any release: from memory, or read now.
    pub async fn frame(&self, snapshot: &Snapshot, release: ReleaseId) -> Result<Arc<Frame>, DbErr> {
        if let Some(frame) = self.held(snapshot, release) {
            return Ok(frame);
        }
        let _one_at_a_time = self.reading.lock().await;
        if let Some(frame) = self.held(snapshot, release) {
            return Ok(frame);
        }
        let frame = Arc::new(frame::load(&self.db, release).await?);
        self.older.lock().unwrap_or_else(PoisonError::into_inner).put(frame.clone());
        Ok(frame)
    }

    /// Returns the further titles of occupations, read once.
    pub async fn titles<'a>(&self, snapshot: &'a Snapshot) -> Result<&'a Titles, DbErr> {
        Ok(snapshot.lists.titles(&self.db).await?)
    }

    /// Returns the titles of roles by their words, made once.
    pub async fn names<'a>(&self, snapshot: &'a Snapshot) -> Result<&'a Names, DbErr> {
        snapshot.lists.names(&self.db, &snapshot.catalog).await
    }

    /// Returns what typed titles are matched with, made once.
    pub async fn index<'a>(&self, snapshot: &'a Snapshot) -> Result<&'a Index, DbErr> {
        snapshot.lists.index(&self.db, &snapshot.catalog).await
    }

    /// Returns the skills of roles and occupations, read once per snapshot.
    pub async fn skills<'a>(&self, snapshot: &'a Snapshot) -> Result<&'a Skills, DbErr> {
        snapshot.skills.get_or_try_init(|| extras::read_skills(&self.db)).await
    }
}

/// What grows when something changes.
struct Versions {
    data: i64,
    activity: i64,
}

async fn versions(db: &DatabaseConnection) -> Result<Versions, DbErr> {
    let names = [DATA_VERSION, ACTIVITY_VERSION];
    let rows = setting::Entity::find().filter(setting::Column::Name.is_in(names)).all(db).await?;
    let value = |name: &str| {
        rows.iter().find(|row| row.name == name).and_then(|row| row.value.parse().ok()).unwrap_or_default()
    };
    Ok(Versions { data: value(DATA_VERSION), activity: value(ACTIVITY_VERSION) })
}

async fn read(db: &DatabaseConnection, version: i64, last: Option<&Snapshot>) -> Result<Snapshot, DbErr> {
    let catalog = tokio::spawn({
        let db = db.clone();
        async move { load::catalog(&db).await }
    });
    let mut frames = frames(db, last).await?;
    let catalog = catalog.await.map_err(|error| ended(&error))??;
    // Between the two a release may have become another's predecessor, or a successor.
    let mut served = Vec::new();
    for release in catalog.releases().filter(|release| release.is_served()) {
        let frame = match frames.entry(release.id()) {
            Entry::Occupied(place) => place.get().clone(),
            Entry::Vacant(place) => place.insert(Arc::new(frame::load(db, release.id()).await?)).clone(),
        };
        served.push(Loaded { release: release.clone(), frame });
    }
    frames.retain(|id, _| served.iter().any(|loaded| loaded.release.id() == *id));
    let ids = frames.keys().copied().collect();
    let series = series::read(db, ids, last.map(|last| &last.series)).await?;
    let hourly = hourly::read(db, &catalog, last.map(|last| &last.hourly)).await?;
    let lists = Lists::of(db, &catalog, last.map(|last| (&*last.catalog, &last.lists))).await?;
    let (catalog, skills) = (Arc::new(catalog), OnceCell::new());
    Ok(Snapshot { version, catalog, frames, series, hourly, served, lists, skills })
}

/// Reads the figures of the current releases, those of `last` aside.
async fn frames(db: &DatabaseConnection, last: Option<&Snapshot>) -> Result<Frames, DbErr> {
    let current = row::Entity::find().filter(row::Column::IsCurrent.eq(true)).all(db).await?;
    let known = current.iter().filter_map(|row| Some((row.id, last?.frame(row.id)?.clone())));
    let mut frames: Frames = known.collect();
    let missing: Vec<ReleaseId> =
        current.iter().map(|row| row.id).filter(|id| !frames.contains_key(id)).collect();
    let mut loading = stream::iter(missing)
        .map(|id| {
            let db = db.clone();
            tokio::spawn(async move { Ok::<_, DbErr>((id, Arc::new(frame::load(&db, id).await?))) })
        })
        .buffer_unordered(AT_ONCE);
    while let Some(loaded) = loading.next().await {
        let (id, frame) = loaded.map_err(|error| ended(&error))??;
        frames.insert(id, frame);
    }
    Ok(frames)
}

fn ended(error: &JoinError) -> DbErr {
    DbErr::Custom(format!("reading figures ended early: {error}"))
}
