//! From tables to the catalog.

use std::{collections::HashSet, hash::Hash, sync::Arc};

use entity::{
    MappingRelation, OccupationId, RegionId, ReleaseId, ReleaseStatus, RoleId, artifact, crosswalk,
    occupation, region, region_name, related_role, release, requirement, role, role_occupation, role_text,
    source,
};
use jobs::publish::{served_crosswalks, served_occupations};
use rustc_hash::FxHashMap;
use sea_orm::{Condition, DatabaseConnection, DbErr, EntityTrait};

use super::{Catalog, Place, Release, RoleEntry, RoleLink};
use crate::frame::Subject;

/// Reads the catalog.
pub(super) async fn catalog(db: &DatabaseConnection) -> Result<Catalog, DbErr> {
    let mut catalog = Catalog::default();
    let (sources, releases, artifacts) = tokio::try_join!(
        source::Entity::find().all(db),
        release::Entity::find().all(db),
        artifact::Entity::find().all(db),
    )?;
    add_releases(&mut catalog, sources, releases, artifacts);
    let (occupations, crosswalks, regions, names) = tokio::try_join!(
        served_occupations(db, Condition::all()),
        served_crosswalks(db),
        region::Entity::find().all(db),
        region_name::Entity::find().all(db),
    )?;
    add_occupations(&mut catalog, occupations);
    add_crosswalks(&mut catalog, crosswalks);
    add_regions(&mut catalog, regions, names);
    let (roles, mappings, texts) = tokio::try_join!(
        role::Entity::find().all(db),
        role_occupation::Entity::find().all(db),
        role_text::Entity::find().all(db),
    )?;
    add_roles(&mut catalog, roles, mappings, texts);
    let (requirements, related) =
        tokio::try_join!(requirement::Entity::find().all(db), related_role::Entity::find().all(db))?;
    add_neighbours(&mut catalog, requirements, related);
    Ok(catalog)
}

fn group<K: Hash + Eq, V>(rows: Vec<V>, key: impl Fn(&V) -> K) -> FxHashMap<K, Vec<V>> {
    let mut groups: FxHashMap<K, Vec<V>> = FxHashMap::default();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}

fn add_releases(
    catalog: &mut Catalog,
    sources: Vec<source::Model>,
    releases: Vec<release::Model>,
    artifacts: Vec<artifact::Model>,
) {
    let sources: FxHashMap<_, _> = sources.into_iter().map(|source| (source.id, Arc::new(source))).collect();
    let mut artifacts: FxHashMap<ReleaseId, Vec<artifact::Model>> = group(artifacts, |row| row.release_id);
    for list in artifacts.values_mut() {
        list.sort_by_key(|artifact| (artifact.position, artifact.id));
    }
    let loaded = releases.into_iter().filter(|release| release.status != ReleaseStatus::Staged);
    catalog.releases = loaded
        .filter_map(|row| {
            let source = sources.get(&row.source_id)?.clone();
            let files = artifacts.remove(&row.id).unwrap_or_default();
            Some(Arc::new(Release::new(row, source, files)))
        })
        .collect();
    catalog.releases.sort_by(|a, b| a.key().cmp(b.key()));
    catalog.release_by_id =
        catalog.releases.iter().enumerate().map(|(place, release)| (release.id(), place)).collect();
    catalog.sources = sources.into_values().collect();
    catalog.sources.sort_by(|a, b| a.key.cmp(&b.key));
}

fn add_occupations(catalog: &mut Catalog, occupations: Vec<occupation::Model>) {
    catalog.occupations = occupations.into_iter().map(Arc::new).collect();
    catalog.occupations.sort_by(|a, b| code(a).cmp(&code(b)));
    catalog.occupation_by_id =
        catalog.occupations.iter().enumerate().map(|(place, row)| (row.id, place)).collect();
}

fn code(row: &occupation::Model) -> (&str, &str) {
    (row.classification.as_str(), &row.code)
}

/// Each row is kept from both ends, the relation turned round.
fn add_crosswalks(catalog: &mut Catalog, rows: Vec<crosswalk::Model>) {
    let mut links: FxHashMap<OccupationId, Vec<RoleLink>> = FxHashMap::default();
    for row in rows {
        let ends = (catalog.occupation(row.from_id).cloned(), catalog.occupation(row.to_id).cloned());
        let (Some(from), Some(to)) = ends else { continue };
        let all = (row.relation == MappingRelation::Exact).then_some(1.0);
        let there = RoleLink {
            from: vec![Subject::Occupation(row.from_id)],
            occupation: to,
            relation: row.relation,
            weight: row.weight,
            share: all,
            note: row.note.clone(),
        };
        let back = RoleLink {
            from: vec![Subject::Occupation(row.to_id)],
            occupation: from,
            relation: turned(row.relation),
            weight: None,
            share: row.weight.or(all),
            note: row.note,
        };
        links.entry(row.from_id).or_default().push(there);
        links.entry(row.to_id).or_default().push(back);
    }
    for list in links.values_mut() {
        list.sort_by(|a, b| code(&a.occupation).cmp(&code(&b.occupation)));
        list.dedup_by(|a, b| a.occupation.id == b.occupation.id);
    }
    catalog.crosswalks = links;
}

fn turned(relation: MappingRelation) -> MappingRelation {
    match relation {
        MappingRelation::Broader => MappingRelation::Narrower,
        MappingRelation::Narrower => MappingRelation::Broader,
        MappingRelation::Exact | MappingRelation::Close | MappingRelation::Proxy => relation,
    }
}

fn add_regions(catalog: &mut Catalog, mut rows: Vec<region::Model>, names: Vec<region_name::Model>) {
    let mut names: FxHashMap<RegionId, Vec<_>> = group(names, |row| row.region_id);
    rows.sort_by(|a, b| a.code.cmp(&b.code));
    catalog.region_by_id = rows.iter().enumerate().map(|(place, row)| (row.id, place)).collect();
    for (place, row) in rows.iter().enumerate() {
        if let Some(parent) = &row.parent_code {
            catalog.children.entry(parent.clone()).or_default().push(place);
        }
    }
    let place = |(rank, row): (usize, region::Model)| {
        let names = names.remove(&row.id).unwrap_or_default();
        Arc::new(Place::new(row, rank, names.into_iter().map(|row| row.name).collect()))
    };
    catalog.regions = rows.into_iter().enumerate().map(place).collect();
}

fn add_roles(
    catalog: &mut Catalog,
    mut roles: Vec<role::Model>,
    mappings: Vec<role_occupation::Model>,
    texts: Vec<role_text::Model>,
) {
    let mut mappings: FxHashMap<RoleId, Vec<_>> = group(mappings, |row| row.role_id);
    let mut texts: FxHashMap<RoleId, Vec<_>> = group(texts, |row| row.role_id);
    let of_pages: HashSet<RoleId> = catalog
        .releases
        .iter()
        .filter(|release| release.is_visible())
        .filter_map(|release| release.role())
        .collect();
    // What is told only by a page that is held, or was taken back, is not served.
    roles.retain(|role| role.curated || mappings.contains_key(&role.id) || of_pages.contains(&role.id));
    roles.sort_by(|a, b| a.slug.cmp(&b.slug));
    for (rank, row) in roles.into_iter().enumerate() {
        let occupations = links(catalog, mappings.remove(&row.id).unwrap_or_default());
        let mut texts = texts.remove(&row.id).unwrap_or_default();
        texts.sort_by_key(|text| (text.release_id, text.position, text.id));
        let entry = Arc::new(RoleEntry { row, rank, occupations, texts });
        if let (false, [link]) = (entry.row.curated, &entry.occupations[..]) {
            catalog.own_roles.insert(link.occupation.id, entry.clone());
        }
        catalog.role_by_id.insert(entry.id(), entry.clone());
        catalog.roles.push(entry);
    }
}

fn links(catalog: &Catalog, mut rows: Vec<role_occupation::Model>) -> Vec<RoleLink> {
    rows.sort_by_key(|row| row.position);
    let link = |row: role_occupation::Model| {
        let occupation = catalog.occupation(row.occupation_id)?.clone();
        let (from, relation) = (vec![Subject::Role(row.role_id)], row.relation);
        Some(RoleLink { from, occupation, relation, weight: row.weight, share: None, note: row.note })
    };
    rows.into_iter().filter_map(link).collect()
}

fn add_neighbours(
    catalog: &mut Catalog,
    requirements: Vec<requirement::Model>,
    related: Vec<related_role::Model>,
) {
    catalog.requirements = group(requirements, |row| Subject::new(row.occupation_id, row.role_id));
    for list in catalog.requirements.values_mut() {
        list.sort_by_key(|row| row.id);
    }
    catalog.related = group(related, |row| row.from_id);
    for list in catalog.related.values_mut() {
        list.sort_by_key(|row| (row.position, row.id));
    }
}

/// Puts a catalog of nothing but codes together.
#[cfg(test)]
pub(crate) fn of_codes(
    occupations: Vec<occupation::Model>,
    crosswalks: Vec<crosswalk::Model>,
    regions: Vec<region::Model>,
) -> Catalog {
    let mut catalog = Catalog::default();
    add_occupations(&mut catalog, occupations);
    add_crosswalks(&mut catalog, crosswalks);
    add_regions(&mut catalog, regions, Vec::new());
    catalog
}
