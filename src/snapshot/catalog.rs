//! Everything but figures: sources, releases, occupations, regions and roles, found by key.

use std::{collections::HashSet, sync::Arc};

use entity::{
    Classification, OccupationId, RegionId, RegionKind, ReleaseId, RoleId, SourceId, TextKind, occupation,
    region, related_role, requirement, source,
};
use rustc_hash::FxHashMap;

use super::{Release, RoleEntry, RoleLink};
use crate::{frame::Subject, matching};

/// A region with its place in the tree and in the order of codes.
#[derive(Debug)]
pub struct Place {
    /// The row of the table.
    pub row: region::Model,
    /// Its place when regions are sorted by code.
    pub rank: usize,
    /// Its other names, in order.
    pub names: Vec<String>,
    /// All its names in small letters without accents, one in a line.
    plain: String,
}

impl Place {
    pub(super) fn new(row: region::Model, rank: usize, mut names: Vec<String>) -> Self {
        names.sort();
        let plain: Vec<String> = names.iter().chain([&row.name]).map(|name| matching::plain(name)).collect();
        Self { row, rank, names, plain: plain.join("\n") }
    }

    /// Returns whether one of its names holds `text`, as [`matching::plain`] writes it, or its code is that.
    pub fn is_called(&self, text: &str) -> bool {
        self.plain.contains(text) || matching::plain(&self.row.code) == text
    }
}

/// Everything but figures. Lists are sorted by their keys, so that answers do not depend on the database.
#[derive(Debug, Default)]
pub struct Catalog {
    pub(super) sources: Vec<Arc<source::Model>>,
    pub(super) releases: Vec<Arc<Release>>,
    pub(super) release_by_id: FxHashMap<ReleaseId, usize>,
    pub(super) occupations: Vec<Arc<occupation::Model>>,
    pub(super) occupation_by_id: FxHashMap<OccupationId, usize>,
    pub(super) crosswalks: FxHashMap<OccupationId, Vec<RoleLink>>,
    pub(super) regions: Vec<Arc<Place>>,
    pub(super) region_by_id: FxHashMap<RegionId, usize>,
    pub(super) children: FxHashMap<String, Vec<usize>>,
    pub(super) roles: Vec<Arc<RoleEntry>>,
    pub(super) role_by_id: FxHashMap<RoleId, Arc<RoleEntry>>,
    pub(super) own_roles: FxHashMap<OccupationId, Arc<RoleEntry>>,
    pub(super) requirements: FxHashMap<Subject, Vec<requirement::Model>>,
    pub(super) related: FxHashMap<OccupationId, Vec<related_role::Model>>,
}

impl Catalog {
    /// Returns the sources, by key.
    pub fn sources(&self) -> &[Arc<source::Model>] {
        &self.sources
    }

    /// Returns the source called `key`.
    pub fn source(&self, key: &str) -> Option<&Arc<source::Model>> {
        let place = self.sources.binary_search_by(|source| source.key.as_str().cmp(key)).ok()?;
        self.sources.get(place)
    }

    /// Returns whether both hold the same occupations and roles, with the same names and the same ties between them.
    pub(super) fn names_as(&self, other: &Self) -> bool {
        let names =
            |role: &RoleEntry| role.texts(TextKind::Alias).map(|text| text.text.clone()).collect::<Vec<_>>();
        let same = |(one, two): (&Arc<RoleEntry>, &Arc<RoleEntry>)| {
            one.row == two.row && one.occupations == two.occupations && names(one) == names(two)
        };
        self.occupations == other.occupations
            && self.roles.len() == other.roles.len()
            && self.roles.iter().zip(&other.roles).all(same)
            && self.crosswalks == other.crosswalks
    }

    /// Returns every release that was loaded, by key.
    pub fn releases(&self) -> impl Iterator<Item = &Arc<Release>> {
        self.releases.iter()
    }

    /// Returns a release by its key in the database.
    pub fn release(&self, id: ReleaseId) -> Option<&Arc<Release>> {
        self.releases.get(*self.release_by_id.get(&id)?)
    }

    /// Returns a release's place in the order of keys.
    pub fn release_rank(&self, id: ReleaseId) -> usize {
        self.release_by_id.get(&id).copied().unwrap_or(usize::MAX)
    }

    /// Returns the release that people know as `key`.
    pub fn release_of_key(&self, key: &str) -> Option<&Arc<Release>> {
        let place = self.releases.binary_search_by(|release| release.key().cmp(key)).ok()?;
        self.releases.get(place)
    }

    /// Returns the releases of a source, the newest first.
    pub fn releases_of(&self, source: SourceId) -> Vec<Arc<Release>> {
        let mut found: Vec<_> =
            self.releases.iter().filter(|release| release.source_id() == source).cloned().collect();
        found.sort_by(|a, b| b.age().cmp(&a.age()).then_with(|| a.key().cmp(b.key())));
        found
    }

    /// Returns every occupation, by classification and code.
    pub fn occupations(&self) -> &[Arc<occupation::Model>] {
        &self.occupations
    }

    /// Returns an occupation by its key in the database.
    pub fn occupation(&self, id: OccupationId) -> Option<&Arc<occupation::Model>> {
        self.occupations.get(*self.occupation_by_id.get(&id)?)
    }

    /// Returns an occupation's place in the order of classifications and codes.
    pub fn occupation_rank(&self, id: OccupationId) -> usize {
        self.occupation_by_id.get(&id).copied().unwrap_or(usize::MAX)
    }

    /// Returns the occupation with this code.
    pub fn occupation_of_code(&self, of: Classification, code: &str) -> Option<&Arc<occupation::Model>> {
        let key = (of.as_str(), code);
        let place = self
            .occupations
            .binary_search_by(|row| (row.classification.as_str(), row.code.as_str()).cmp(&key))
            .ok()?;
        self.occupations.get(place)
    }

    /// Returns the finer codes of another classification below a SOC code: those of O*NET-SOC.
    pub fn refinements(&self, of: &occupation::Model) -> &[Arc<occupation::Model>] {
        if of.classification != Classification::Soc2018 {
            return &[];
        }
        let scheme = Classification::OnetSoc2019.as_str();
        let from = format!("{}.", of.code);
        let start = self.occupations.partition_point(|row| {
            (row.classification.as_str(), row.code.as_str()) < (scheme, from.as_str())
        });
        let rest = &self.occupations[start..];
        let end =
            rest.partition_point(|row| row.classification.as_str() == scheme && row.code.starts_with(&from));
        &rest[..end]
    }

    /// Returns what an occupation maps to in other classifications.
    pub fn crosswalk(&self, from: OccupationId) -> &[RoleLink] {
        self.crosswalks.get(&from).map_or(&[], Vec::as_slice)
    }

    /// Returns how a role or occupation maps to an occupation.
    pub fn link(&self, from: Subject, to: Subject) -> Option<&RoleLink> {
        let links = match from {
            Subject::Role(id) => &self.role_of_id(id)?.occupations,
            Subject::Occupation(id) => self.crosswalk(id),
        };
        links.iter().find(|link| Subject::Occupation(link.occupation.id) == to)
    }

    /// Returns every region, by code.
    pub fn regions(&self) -> &[Arc<Place>] {
        &self.regions
    }

    /// Returns a region by its key in the database.
    pub fn region(&self, id: RegionId) -> Option<&Arc<Place>> {
        self.regions.get(*self.region_by_id.get(&id)?)
    }

    /// Returns a region's place in the order of codes.
    pub fn region_rank(&self, id: RegionId) -> usize {
        self.region_by_id.get(&id).copied().unwrap_or(usize::MAX)
    }

    /// Returns the region with this code.
    pub fn region_of_code(&self, code: &str) -> Option<&Arc<Place>> {
        let place = self.regions.binary_search_by(|region| region.row.code.as_str().cmp(code)).ok()?;
        self.regions.get(place)
    }

    /// Returns the regions right below another, by code.
    pub fn children(&self, code: &str) -> Vec<Arc<Place>> {
        let places = self.children.get(code).map_or(&[][..], Vec::as_slice);
        places.iter().map(|place| self.regions[*place].clone()).collect()
    }

    /// Returns the regions above another, the nearest first.
    pub fn ancestors(&self, of: &region::Model) -> Vec<Arc<Place>> {
        let mut found: Vec<Arc<Place>> = Vec::new();
        let mut next = of.parent_code.as_deref().and_then(|code| self.region_of_code(code));
        while let Some(region) = next {
            if found.iter().any(|known| known.rank == region.rank) {
                break;
            }
            found.push(region.clone());
            next = region.row.parent_code.as_deref().and_then(|code| self.region_of_code(code));
        }
        found
    }

    /// Returns the country a region lies in, itself where it is one.
    pub fn country_of<'a>(&'a self, of: &region::Model) -> Option<&'a Arc<Place>> {
        let mut place = self.region(of.id)?;
        for _ in 0..self.regions.len() {
            if place.row.kind == RegionKind::Country {
                return Some(place);
            }
            place = self.region_of_code(place.row.parent_code.as_deref()?)?;
        }
        None
    }

    /// Returns the regions anywhere below another, without itself.
    pub fn within(&self, code: &str) -> HashSet<RegionId> {
        let mut found = HashSet::new();
        let mut open = self.children(code);
        while let Some(region) = open.pop() {
            if found.insert(region.row.id) {
                open.extend(self.children(&region.row.code));
            }
        }
        found
    }

    /// Returns the roles, by slug.
    pub fn roles(&self) -> impl ExactSizeIterator<Item = &Arc<RoleEntry>> {
        self.roles.iter()
    }

    /// Returns the role called `slug`.
    pub fn role(&self, slug: &str) -> Option<&Arc<RoleEntry>> {
        let place = self.roles.binary_search_by(|role| role.row.slug.as_str().cmp(slug)).ok()?;
        self.roles.get(place)
    }

    /// Returns the role at a place in the order of slugs.
    pub fn role_of_rank(&self, rank: usize) -> Option<&Arc<RoleEntry>> {
        self.roles.get(rank)
    }

    /// Returns a role by its key in the database.
    pub fn role_of_id(&self, id: RoleId) -> Option<&Arc<RoleEntry>> {
        self.role_by_id.get(&id)
    }

    /// Returns the occupation's own role, never a curated one.
    pub fn own_role(&self, occupation: OccupationId) -> Option<&Arc<RoleEntry>> {
        self.own_roles.get(&occupation)
    }

    /// Returns what entry to a role or an occupation asks for.
    pub fn requirements(&self, subject: Subject) -> &[requirement::Model] {
        self.requirements.get(&subject).map_or(&[], Vec::as_slice)
    }

    /// Returns what is near an occupation.
    pub fn related(&self, occupation: OccupationId) -> &[related_role::Model] {
        self.related.get(&occupation).map_or(&[], Vec::as_slice)
    }
}
