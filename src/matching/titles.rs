//! Every title of the catalog, with the roles it may mean.
//!
//! A title of another classification means the SOC 2018 occupations that crosswalks lead to. Where no crosswalk is known (UK SOC,
//! NOC) curated roles that are mapped to both sides stand for one, else the titles themselves: an occupation means the roles
//! that share a third of its titles, or of their parts ("surveyors and technicians"). That is enough to find a role by what it
//! is called elsewhere, and is used for nothing else.

use std::collections::{BTreeMap, HashMap};

use entity::{Classification, MappingRelation, OccupationId, OccupationLevel, TextKind, occupation};

use super::{Index, index::Entry, words};
use crate::snapshot::{Catalog, RoleEntry, Titles};

/// How far the titles of classifications other than the American ones are to be trusted: their occupations lie elsewhere.
const ELSEWHERE: f32 = 0.6;
/// How far those of occupations that hold the rest of a group are: they lie in many directions.
const THE_REST: f32 = 0.9;
/// What the titles of such an occupation end with.
const ALL_OTHER: &str = "All Other";
/// The least share of the votes of an occupation's titles, and the least sum of them.
const SHARE: f32 = 1.0 / 3.0;
const VOTES: f32 = 0.3;
/// More than the rounding of a sum of shares.
const HAIR: f32 = 1e-4;

/// Makes an index of every title.
pub fn index(catalog: &Catalog, titles: &Titles) -> Index {
    Index::new(&entries(catalog, titles), |role| group(catalog, role))
}

/// Returns the group of occupations that a role belongs to: for SOC the major one.
pub fn group(catalog: &Catalog, role: usize) -> (Classification, &str) {
    let links = catalog.role_of_rank(role).map_or(&[][..], |role| &role.occupations);
    let occupation = links.first().map(|link| &link.occupation);
    occupation.map_or((Classification::Soc2018, ""), |row| {
        (row.classification, row.code.get(..2).unwrap_or(&row.code))
    })
}

/// Returns every title.
pub fn entries(catalog: &Catalog, titles: &Titles) -> Vec<Entry> {
    let curated = bridges(catalog);
    let mut entries: Vec<Entry> = catalog.roles().flat_map(|role| of_role(catalog, role)).collect();
    let (near, far): (Vec<_>, Vec<_>) =
        catalog.occupations().iter().partition(|row| is_linked(row.classification));
    for row in near {
        add(&mut entries, catalog, titles, row, &linked(catalog, row));
    }
    let votes = Votes::new(&entries);
    for row in far.into_iter().filter(|row| row.level == OccupationLevel::Detailed) {
        let roles = curated.get(&row.id).cloned();
        let roles = roles.unwrap_or_else(|| votes.of(all_titles(titles, row)));
        add(&mut entries, catalog, titles, row, &roles);
    }
    entries
}

/// Adds the titles of an occupation that means `roles`.
fn add(
    entries: &mut Vec<Entry>,
    catalog: &Catalog,
    titles: &Titles,
    row: &occupation::Model,
    roles: &[usize],
) {
    let rest =
        |role: &usize| catalog.role_of_rank(*role).is_some_and(|role| role.row.title.ends_with(ALL_OTHER));
    let trust = match row.classification {
        Classification::Soc2018 | Classification::OnetSoc2019 => 1.0,
        _ => ELSEWHERE,
    };
    let weight = if roles.iter().all(rest) { trust * THE_REST } else { trust };
    let own = usize::from(row.classification == Classification::Soc2018);
    if !roles.is_empty() {
        let all = all_titles(titles, row).skip(own);
        entries.extend(all.map(|title| Entry {
            title: title.to_owned(),
            roles: roles.to_vec(),
            shown: None,
            weight,
            is_name: false,
        }));
    }
}

/// The title of an occupation, then its others.
fn all_titles<'a>(titles: &'a Titles, row: &'a occupation::Model) -> impl Iterator<Item = &'a str> {
    std::iter::once(row.title.as_str()).chain(titles.of(row.id).iter().map(String::as_str))
}

/// The title of a role, and what a curated one is also called.
fn of_role<'a>(catalog: &'a Catalog, role: &'a RoleEntry) -> impl Iterator<Item = Entry> + 'a {
    let roles = vec![american(catalog, role).unwrap_or(role.rank)];
    let shown = role.row.curated.then_some(role.rank);
    let names = role.texts(TextKind::Alias).map(|text| text.text.as_str());
    let names = std::iter::once(role.row.title.as_str()).chain(names);
    names.map(move |title| Entry {
        title: title.to_owned(),
        roles: roles.clone(),
        shown,
        weight: 1.0,
        is_name: true,
    })
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

/// Roles by the words of their titles, to be voted for by the titles of occupations without a crosswalk.
struct Votes(HashMap<String, BTreeMap<usize, f32>>);

impl Votes {
    fn new(entries: &[Entry]) -> Self {
        let mut by_words: HashMap<String, BTreeMap<usize, f32>> = HashMap::new();
        for entry in entries {
            let roles = by_words.entry(spelling(&entry.title)).or_default();
            for role in &entry.roles {
                *roles.entry(*role).or_default() += entry.weight;
            }
        }
        for roles in by_words.values_mut() {
            let all: f32 = roles.values().sum();
            for votes in roles.values_mut() {
                *votes /= all;
            }
        }
        Self(by_words)
    }

    /// Returns the roles that have at least a third of the votes, in order. A title that many roles bear says little.
    fn of<'a>(&self, titles: impl Iterator<Item = &'a str>) -> Vec<usize> {
        let mut votes: BTreeMap<usize, f32> = BTreeMap::new();
        for title in titles {
            let whole = spelling(title);
            let spelt = if self.0.contains_key(&whole) { vec![whole] } else { parts_of(title) };
            for (role, share) in spelt.iter().filter_map(|words| self.0.get(words)).flatten() {
                *votes.entry(*role).or_default() += share;
            }
        }
        let all: f32 = votes.values().sum();
        // Three equal shares are a third each, however their sum is rounded.
        let enough = |votes: f32| votes + HAIR >= SHARE * all && votes >= VOTES;
        votes.into_iter().filter(|(_, votes)| enough(*votes)).map(|(role, _)| role).collect()
    }
}

/// Returns the words of a title in one order, however it is spelt.
pub fn spelling(title: &str) -> String {
    let mut words = words(title);
    words.sort_unstable();
    words.join(" ")
}

/// The titles that one is made of, those of a single word apart: supervisors are everywhere.
fn parts_of(title: &str) -> Vec<String> {
    let parts = title.split([',', '/', ';', '(', ')']).flat_map(|part| part.split(" and "));
    parts.map(spelling).filter(|part| part.contains(' ')).collect()
}

/// Whether crosswalks lead from a classification to SOC 2018.
fn is_linked(of: Classification) -> bool {
    matches!(
        of,
        Classification::Soc2018
            | Classification::Soc2010
            | Classification::OnetSoc2019
            | Classification::Esco
            | Classification::Isco08
    )
}

/// The own roles of the SOC 2018 occupations that crosswalks lead to, in order.
fn linked(catalog: &Catalog, row: &occupation::Model) -> Vec<usize> {
    let own = |row: &occupation::Model| {
        let code = row.code.split('.').next().unwrap_or_default();
        let soc = catalog.occupation_of_code(Classification::Soc2018, code)?;
        catalog.own_role(soc.id).map(|role| role.rank)
    };
    let through = match row.classification {
        Classification::Soc2010 => Some(Classification::Soc2018),
        Classification::Esco | Classification::Isco08 => Some(Classification::OnetSoc2019),
        _ => None,
    };
    let links = catalog.crosswalk(row.id).iter().map(|link| &link.occupation);
    let mut roles: Vec<usize> = match through {
        Some(through) => {
            links.filter(|row| row.classification == through).filter_map(|row| own(row)).collect()
        }
        None => own(row).into_iter().collect(),
    };
    roles.sort_unstable();
    roles.dedup();
    roles
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_occupation_elsewhere_means_the_roles_that_share_its_titles() {
        let entry = |title: &str, role| Entry {
            title: title.into(),
            roles: vec![role],
            shown: None,
            weight: 1.0,
            is_name: false,
        };
        let entries = [
            entry("Quantity Surveyor", 1),
            entry("Building Surveyors", 2),
            entry("Supervisor", 3),
            entry("Technician", 4),
            entry("Technician", 5),
        ];
        let votes = Votes::new(&entries);
        assert_eq!(votes.of(["Surveyor (quantity)"].into_iter()), [1]);
        assert_eq!(votes.of(["Quantity surveyors and building surveyors"].into_iter()), [1, 2]);
        assert!(votes.of(["Supervisors, all trades"].into_iter()).is_empty());
        assert_eq!(votes.of(["Technician", "Quantity surveyor"].into_iter()), [1]);
        assert!(votes.of(["Lighthouse keeper"].into_iter()).is_empty());
    }
}
