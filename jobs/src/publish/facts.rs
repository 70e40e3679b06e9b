//! What a release says of occupations beside figures.
//!
//! An O*NET-SOC code ending in `.00` is its SOC 2018 occupation; what is said of it is said of that one.

use std::collections::{BTreeMap, HashMap, HashSet};

use entity::{
    Classification, MappingRelation, OccupationId, ReleaseId, RoleId, TextKind, occupation, occupation_title,
    related_role, requirement, role, role_occupation, role_text, skill,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

use super::{Ids, crosswalk, rows::BATCH};
use crate::normalize::{Fact, Release};

/// Writes the facts of `release`.
pub(super) async fn write(tx: &impl ConnectionTrait, release: &Release, ids: &Ids) -> Result<(), DbErr> {
    if release.facts.is_empty() {
        return Ok(());
    }
    let targets = targets(tx, release, ids).await?;
    let roles = roles(tx).await?;
    let mut rows = Rows::default();
    for (place, (index, fact)) in release.facts.iter().enumerate() {
        match fact {
            Fact::Maps(to, relation) => {
                let pair = (ids.occupations[*index], ids.occupations[*to]);
                rows.pairs.insert(pair, relation.unwrap_or(MappingRelation::Close));
            }
            _ => rows.add(place, targets[*index], fact, ids, &targets, &roles),
        }
    }
    rows.insert(tx, ids.release).await
}

#[derive(Default)]
struct Rows {
    titles: Vec<(OccupationId, String)>,
    duties: Vec<role_text::ActiveModel>,
    skills: Vec<skill::ActiveModel>,
    zones: Vec<requirement::ActiveModel>,
    related: Vec<related_role::ActiveModel>,
    pairs: BTreeMap<(OccupationId, OccupationId), MappingRelation>,
}

impl Rows {
    fn add(
        &mut self,
        place: usize,
        of: OccupationId,
        fact: &Fact,
        ids: &Ids,
        targets: &[OccupationId],
        roles: &HashMap<OccupationId, RoleId>,
    ) {
        let position = i32::try_from(place).unwrap_or(i32::MAX);
        match fact {
            Fact::Listed | Fact::Group { .. } | Fact::Maps(..) => {}
            Fact::Title(title) => self.titles.push((of, title.clone())),
            Fact::Duty(text) => self.duties.extend(roles.get(&of).map(|role| role_text::ActiveModel {
                role_id: Set(*role),
                release_id: Set(Some(ids.release)),
                kind: Set(TextKind::Duty),
                position: Set(position),
                text: Set(text.clone()),
                answer: Set(None),
                ..Default::default()
            })),
            Fact::Skill { name, kind, importance, level } => self.skills.push(skill::ActiveModel {
                release_id: Set(Some(ids.release)),
                role_id: Set(None),
                occupation_id: Set(Some(of)),
                name: Set(name.clone()),
                kind: Set(*kind),
                importance: Set(*importance),
                level: Set(*level),
                ..Default::default()
            }),
            Fact::JobZone(zone, place) => self.zones.push(requirement::ActiveModel {
                release_id: Set(ids.release),
                role_id: Set(None),
                occupation_id: Set(Some(of)),
                education: Set(None),
                experience: Set(None),
                training: Set(None),
                job_zone: Set(Some(*zone)),
                part: Set(place.part.into()),
                row: Set(place.row.cast_signed()),
                ..Default::default()
            }),
            Fact::Related(other, tier) => self.related.push(related_role::ActiveModel {
                release_id: Set(ids.release),
                from_id: Set(of),
                to_id: Set(targets[*other]),
                relation: Set(tier.clone()),
                position: Set(position),
                ..Default::default()
            }),
        }
    }

    async fn insert(self, tx: &impl ConnectionTrait, release: ReleaseId) -> Result<(), DbErr> {
        crosswalk::write(tx, release, self.pairs).await?;
        for chunk in titles(tx, release, self.titles).await?.chunks(BATCH) {
            occupation_title::Entity::insert_many(chunk.to_vec()).exec_without_returning(tx).await?;
        }
        for chunk in self.duties.chunks(BATCH) {
            role_text::Entity::insert_many(chunk.to_vec()).exec_without_returning(tx).await?;
        }
        for chunk in self.skills.chunks(BATCH) {
            skill::Entity::insert_many(chunk.to_vec()).exec_without_returning(tx).await?;
        }
        for chunk in self.zones.chunks(BATCH) {
            requirement::Entity::insert_many(chunk.to_vec()).exec_without_returning(tx).await?;
        }
        for chunk in self.related.chunks(BATCH) {
            related_role::Entity::insert_many(chunk.to_vec()).exec_without_returning(tx).await?;
        }
        Ok(())
    }
}

/// The titles that do not ship, as rows.
async fn titles(
    tx: &impl ConnectionTrait,
    release: ReleaseId,
    titles: Vec<(OccupationId, String)>,
) -> Result<Vec<occupation_title::ActiveModel>, DbErr> {
    if titles.is_empty() {
        return Ok(Vec::new());
    }
    let known = occupation_title::Entity::find().filter(occupation_title::Column::ReleaseId.is_null());
    let mut known: HashSet<(OccupationId, String)> =
        known.all(tx).await?.into_iter().map(|row| (row.occupation_id, row.title)).collect();
    let rows = titles.into_iter().filter(|pair| known.insert(pair.clone())).map(|(of, title)| {
        occupation_title::ActiveModel {
            occupation_id: Set(of),
            title: Set(title),
            kind: Set("alternate".into()),
            release_id: Set(Some(release)),
            ..Default::default()
        }
    });
    Ok(rows.collect())
}

/// The occupation that each printed one speaks for.
async fn targets(
    tx: &impl ConnectionTrait,
    release: &Release,
    ids: &Ids,
) -> Result<Vec<OccupationId>, DbErr> {
    let soc =
        occupation::Entity::find().filter(occupation::Column::Classification.eq(Classification::Soc2018));
    let soc: HashMap<String, OccupationId> =
        soc.all(tx).await?.into_iter().map(|row| (row.code, row.id)).collect();
    let pairs = release.occupations.iter().zip(&ids.occupations);
    Ok(pairs
        .map(|(printed, own)| {
            let whole = printed.code.strip_suffix(".00").and_then(|code| soc.get(code));
            whole.copied().unwrap_or(*own)
        })
        .collect())
}

/// The own role of each occupation.
async fn roles(tx: &impl ConnectionTrait) -> Result<HashMap<OccupationId, RoleId>, DbErr> {
    let own = role_occupation::Entity::find().all(tx).await?;
    let plain = role::Entity::find().filter(role::Column::Curated.eq(false)).all(tx).await?;
    let plain: HashSet<RoleId> = plain.into_iter().map(|role| role.id).collect();
    Ok(own
        .into_iter()
        .filter(|row| plain.contains(&row.role_id))
        .map(|row| (row.occupation_id, row.role_id))
        .collect())
}
