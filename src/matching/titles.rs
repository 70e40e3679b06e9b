//! Every title of the catalog, with the roles it may mean.
//!
//! A title of another classification means the SOC 2018 occupations that crosswalks lead to. Where no crosswalk is known
//! (UK SOC, NOC), the curated roles that are mapped to both sides stand for one.

use std::collections::HashMap;

use entity::{Classification, MappingRelation, OccupationId, occupation};

use super::index::Entry;
use crate::snapshot::{Catalog, RoleEntry, Titles};

/// How far the titles of classifications other than the American ones are to be trusted: their occupations lie elsewhere.
const ELSEWHERE: f32 = 0.6;

/// Returns every title.
pub fn entries(catalog: &Catalog, titles: &Titles) -> Vec<Entry> {
    let bridges = bridges(catalog);
    let mut entries: Vec<Entry> = catalog.roles().flat_map(|role| of_role(catalog, role)).collect();
    for row in catalog.occupations() {
        let roles = reached(catalog, &bridges, row);
        if roles.is_empty() {
            continue;
        }
        let weight = match row.classification {
            Classification::Soc2018 | Classification::OnetSoc2019 => 1.0,
            _ => ELSEWHERE,
        };
        let own = (row.classification != Classification::Soc2018).then_some(&row.title);
        for title in own.into_iter().chain(titles.of(row.id)) {
            entries.push(Entry { title: title.clone(), roles: roles.clone(), shown: None, weight });
        }
    }
    entries
}

/// The title of a role, and what a curated one is also called.
fn of_role<'a>(catalog: &'a Catalog, role: &'a RoleEntry) -> impl Iterator<Item = Entry> + 'a {
    let roles = vec![american(catalog, role).unwrap_or(role.rank)];
    let shown = role.row.curated.then_some(role.rank);
    let names = role.texts("alias").map(|text| text.text.as_str());
    let names = std::iter::once(role.row.title.as_str()).chain(names);
    names.map(move |title| Entry { title: title.to_owned(), roles: roles.clone(), shown, weight: 1.0 })
}

/// The own role of the first SOC 2018 occupation that a role is mapped to.
fn american(catalog: &Catalog, role: &RoleEntry) -> Option<usize> {
    let mut links = role.occupations.iter();
    let link = links.find(|link| link.occupation.classification == Classification::Soc2018)?;
    catalog.own_role(link.occupation.id).map(|own| own.rank)
}

/// Occupations that curated roles lead from.
fn bridges(catalog: &Catalog) -> HashMap<OccupationId, Vec<usize>> {
    let mut bridges: HashMap<OccupationId, Vec<usize>> = HashMap::new();
    for role in catalog.roles().filter(|role| role.row.curated) {
        let Some(own) = american(catalog, role) else { continue };
        let near = role.occupations.iter().filter(|link| {
            matches!(link.relation, MappingRelation::Exact | MappingRelation::Close)
                && link.occupation.classification != Classification::Soc2018
        });
        for link in near {
            let known = bridges.entry(link.occupation.id).or_default();
            if !known.contains(&own) {
                known.push(own);
            }
        }
    }
    bridges
}

/// The own roles of the SOC 2018 occupations that an occupation may be, in order.
fn reached(
    catalog: &Catalog,
    bridges: &HashMap<OccupationId, Vec<usize>>,
    row: &occupation::Model,
) -> Vec<usize> {
    let own = |row: &occupation::Model| {
        let code = row.code.split('.').next().unwrap_or_default();
        let soc = catalog.occupation_of_code(Classification::Soc2018, code)?;
        catalog.own_role(soc.id).map(|role| role.rank)
    };
    let mut roles: Vec<usize> = match row.classification {
        Classification::Soc2018 | Classification::OnetSoc2019 => own(row).into_iter().collect(),
        Classification::Esco | Classification::Isco08 => {
            let links = catalog.crosswalk(row.id).iter();
            let finest = links.filter(|link| link.occupation.classification == Classification::OnetSoc2019);
            finest.filter_map(|link| own(&link.occupation)).collect()
        }
        _ => bridges.get(&row.id).cloned().unwrap_or_default(),
    };
    roles.sort_unstable();
    roles.dedup();
    roles
}
