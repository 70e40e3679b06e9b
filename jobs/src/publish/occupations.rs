//! The occupations a release prints.
//!
//! What is compiled in stays as it is, unless a list of its classification is served that says otherwise. Any other code is served
//! under the title of the newest release that prints it and may be shown; one that no such release prints is not served.

use std::collections::{BTreeSet, HashMap};

use entity::{Classification, OccupationId, ReleaseId, occupation, printed_occupation};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

use super::lifecycle;
use crate::{
    bulk::Insert,
    normalize::{Fact, PrintedOccupation, Release},
};

/// Returns the occupations that are served, those of `which`, with the titles they are served under.
pub async fn served(db: &impl ConnectionTrait, which: Condition) -> Result<Vec<occupation::Model>, DbErr> {
    let rows = occupation::Entity::find().filter(which).all(db).await?;
    let told = told(db).await?;
    let served = rows.into_iter().filter_map(|row| match told.get(&row.id) {
        Some(told) => Some(as_told(row, told)),
        None => row.official.then_some(row),
    });
    Ok(served.collect())
}

/// What the releases that may be shown say of occupations: a list before any other, then the newest.
async fn told(db: &impl ConnectionTrait) -> Result<HashMap<OccupationId, printed_occupation::Model>, DbErr> {
    let ages = lifecycle::ages(db).await?;
    let rank = |row: &printed_occupation::Model| (row.listed, ages.get(&row.release_id));
    let rows = printed_occupation::Entity::find()
        .filter(lifecycle::shown(printed_occupation::Column::ReleaseId))
        .all(db)
        .await?;
    let mut told: HashMap<OccupationId, printed_occupation::Model> = HashMap::new();
    for row in rows {
        match told.get_mut(&row.occupation_id) {
            Some(known) if rank(known) >= rank(&row) => {}
            Some(known) => *known = row,
            None => drop(told.insert(row.occupation_id, row)),
        }
    }
    Ok(told)
}

fn as_told(row: occupation::Model, told: &printed_occupation::Model) -> occupation::Model {
    if row.official && !told.listed {
        return row;
    }
    let parent_code = if told.listed { told.parent_code.clone() } else { row.parent_code };
    let (title, level) = (told.title.clone(), told.level);
    occupation::Model { title, level, parent_code, official: row.official || told.listed, ..row }
}

/// The classifications a release uses.
fn schemes(release: &Release) -> BTreeSet<Classification> {
    release.occupations.iter().map(|printed| printed.classification).collect()
}

fn among(release: &Release) -> Condition {
    Condition::all().add(occupation::Column::Classification.is_in(schemes(release)))
}

/// Writes what `release` prints, and returns the ids of its occupations, in its order. Codes that nobody knows are registered.
pub(super) async fn write(
    tx: &impl ConnectionTrait,
    id: ReleaseId,
    release: &Release,
) -> Result<Vec<OccupationId>, DbErr> {
    let known = Known::registered(tx, release).await?;
    let fresh: Vec<occupation::ActiveModel> =
        release.occupations.iter().filter(|printed| known.find(printed).is_none()).map(row).collect();
    for chunk in fresh.chunks(1000) {
        occupation::Entity::insert_many(chunk.to_vec()).exec_without_returning(tx).await?;
    }
    let known = if fresh.is_empty() { known } else { Known::registered(tx, release).await? };
    let parents: HashMap<usize, &Option<String>> = release
        .facts
        .iter()
        .filter_map(
            |(index, fact)| if let Fact::Group { parent } = fact { Some((*index, parent)) } else { None },
        )
        .collect();

    let columns = &["release_id", "occupation_id", "title", "level", "parent_code", "listed"];
    let mut insert = Insert::new(tx, "printed_occupation", columns).or_keep(&["release_id", "occupation_id"]);
    let mut ids = Vec::with_capacity(release.occupations.len());
    for (index, printed) in release.occupations.iter().enumerate() {
        let found = known.find(printed);
        let found = found.ok_or_else(|| DbErr::RecordNotFound(format!("occupation {}", printed.code)))?;
        ids.push(found.id);
        let parent = parents.get(&index);
        if parent.is_none() && found.official {
            continue;
        }
        let parent_code = parent.and_then(|parent| (*parent).clone());
        let (title, level, listed) = (printed.title.as_str(), printed.level.as_str(), parent.is_some());
        insert
            .row([id.into(), found.id.into(), title.into(), level.into(), parent_code.into(), listed.into()])
            .await?;
    }
    insert.finish().await?;
    Ok(ids)
}

fn row(printed: &PrintedOccupation) -> occupation::ActiveModel {
    occupation::ActiveModel {
        classification: Set(printed.classification),
        code: Set(printed.code.clone()),
        title: Set(printed.title.clone()),
        level: Set(printed.level),
        official: Set(false),
        ..Default::default()
    }
}

/// The occupations of the classifications a release uses.
pub(super) struct Known {
    by_code: HashMap<(Classification, String), occupation::Model>,
    by_title: HashMap<String, (Classification, String)>,
}

impl Known {
    fn new(rows: Vec<occupation::Model>) -> Self {
        let key = |row: &occupation::Model| (row.classification, row.code.clone());
        let titled = rows.iter().filter(|row| row.classification == Classification::Esco);
        let by_title = titled.map(|row| (row.title.clone(), key(row))).collect();
        Self { by_title, by_code: rows.into_iter().map(|row| (key(&row), row)).collect() }
    }

    /// Reads those that are served.
    pub(super) async fn served(db: &impl ConnectionTrait, release: &Release) -> Result<Self, DbErr> {
        Ok(Self::new(served(db, among(release)).await?))
    }

    /// Reads all of them, served or not; official are those that are compiled in.
    async fn registered(tx: &impl ConnectionTrait, release: &Release) -> Result<Self, DbErr> {
        let mut rows = occupation::Entity::find().filter(among(release)).all(tx).await?;
        if schemes(release).contains(&Classification::Esco) {
            let told = told(tx).await?;
            for row in rows.iter_mut().filter(|row| row.classification == Classification::Esco) {
                if let Some(told) = told.get(&row.id) {
                    row.title.clone_from(&told.title);
                }
            }
        }
        Ok(Self::new(rows))
    }

    fn of_code(&self, printed: &PrintedOccupation) -> Option<&occupation::Model> {
        self.by_code.get(&(printed.classification, printed.code.clone()))
    }

    /// ESCO numbers its occupations anew with every version, so there a title says more than a code.
    pub(super) fn find(&self, printed: &PrintedOccupation) -> Option<&occupation::Model> {
        let row = self.of_code(printed);
        if printed.classification != Classification::Esco || row.is_some_and(|row| row.title == printed.title)
        {
            return row;
        }
        self.by_title.get(&printed.title).and_then(|key| self.by_code.get(key)).or(row)
    }

    /// Returns how many printed codes no classification has; none where a classification is not loaded.
    pub(super) fn composites(&self, of: &Release) -> Option<usize> {
        let official = self.by_code.values().filter(|row| row.official);
        let loaded: BTreeSet<Classification> = official.map(|row| row.classification).collect();
        let unknown = |printed: &&PrintedOccupation| !self.of_code(printed).is_some_and(|row| row.official);
        let told = !loaded.is_empty() && loaded == schemes(of);
        told.then(|| of.occupations.iter().filter(unknown).count())
    }
}
