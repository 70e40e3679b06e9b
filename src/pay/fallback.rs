//! What may stand in for a figure that does not exist: the region around it, the next broader occupation, or the same work in
//! another classification. Only what was asked for is tried, the shortest chain first, and every step is listed.
//!
//! A code that was split shares out employment, by the weights of its crosswalk where it has some, and never pay. A crosswalk
//! leads to the same occupation, to a broader one, or to one that partly overlaps, but not from a whole to one of its pieces.

use std::collections::HashMap;

use entity::{Classification, MappingRelation, OccupationId, OccupationLevel, RegionId};

use crate::{
    frame::Subject,
    snapshot::{Catalog, RoleLink},
};

/// Most steps of one chain.
const LONGEST: usize = 6;
/// Most changes of classification in one chain.
const CROSSINGS: usize = 2;

/// A way to something that may stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fallback {
    /// The next larger region.
    ParentRegion,
    /// The next broader occupation of the same classification.
    BroaderOccupation,
    /// A counterpart in another classification.
    Crosswalk,
}

impl Fallback {
    /// Every way.
    const ALL: [Self; 3] = [Self::ParentRegion, Self::BroaderOccupation, Self::Crosswalk];
}

/// One step of a chain, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The way taken.
    pub kind: Fallback,
    /// Where there was no figure: a region's code, or classification and code of an occupation.
    pub from: String,
    /// What stands in for it.
    pub to: String,
    /// Why this one.
    pub reason: String,
    /// Share of the stand-in's employment that belongs to what it stands in for, where a crosswalk says so. Pay is never shared.
    pub share: Option<f64>,
}

/// Writes a chain as a part of a key: where each of its steps began.
pub fn key(steps: &[Step]) -> String {
    steps.iter().map(|step| step.from.as_str()).collect::<Vec<_>>().join(",")
}

/// Goes a chain again that is known by its key and led to `end`; returns the subject it began with and its steps, none for an
/// empty key. `None` where no chain leads so.
pub fn again(catalog: &Catalog, key: &str, end: (Subject, RegionId)) -> Option<(Subject, Vec<Step>)> {
    let mut places = vec![end];
    for from in key.rsplit(',').filter(|from| !from.is_empty()) {
        let (subject, region) = *places.last()?;
        places.push(match catalog.region_of_code(from) {
            Some(place) => (subject, place.row.id),
            None => (of_name(catalog, from)?, region),
        });
    }
    let (subject, region) = places.pop()?;
    let chains = Chains::new(catalog, &Fallback::ALL, std::iter::once(subject), region);
    let mut stand = chains.stands().first()?.clone();
    for place in places.into_iter().rev() {
        let mut next = Fallback::ALL.iter().flat_map(|way| chains.from(&stand, *way));
        stand = next.find(|next| next.key() == place)?;
    }
    Some((subject, stand.steps))
}

/// Returns the share of a stand-in's employment that belongs to what was asked for; `None` unless every step states one.
pub fn share(steps: &[Step]) -> Option<f64> {
    let shares: Option<Vec<f64>> = steps.iter().map(|step| step.share).collect();
    shares.filter(|shares| !shares.is_empty()).map(|shares| shares.into_iter().product())
}

/// A subject in a region, and the chain that led there.
#[derive(Clone, Debug)]
pub struct Stand {
    /// What figures are to be about.
    pub subject: Subject,
    /// Where.
    pub region: RegionId,
    /// Which of the subjects asked for it began with.
    pub origin: usize,
    /// The steps, from what was asked for.
    pub steps: Vec<Step>,
}

/// Chains in order of length. Among those of one length come first those of the way named first, then those from the subject
/// asked for first, then by code. No chain leads where a shorter one did that could lead as far: none comes back to where it
/// was.
#[derive(Debug)]
pub struct Chains<'a> {
    catalog: &'a Catalog,
    ways: &'a [Fallback],
    /// The fewest changes of classification by which each place was reached: with fewer behind it, a chain can lead further.
    seen: HashMap<(Subject, RegionId), usize>,
    level: Vec<Stand>,
}

impl<'a> Chains<'a> {
    /// Begins with the subjects asked for, in order of preference.
    pub fn new(
        catalog: &'a Catalog,
        ways: &'a [Fallback],
        subjects: impl Iterator<Item = Subject>,
        region: RegionId,
    ) -> Self {
        let stand =
            |(origin, subject): (usize, Subject)| Stand { subject, region, origin, steps: Vec::new() };
        let level: Vec<Stand> = subjects.enumerate().map(stand).collect();
        let seen = level.iter().map(|stand| (stand.key(), 0)).collect();
        Self { catalog, ways, seen, level }
    }

    /// Returns what was reached with the last step; before the first one, what was asked for.
    pub fn stands(&self) -> &[Stand] {
        &self.level
    }

    /// Goes one step further, and returns what is reached by no shorter chain; nothing when there is no more.
    pub fn further(&mut self) -> &[Stand] {
        let mut next = Vec::new();
        for way in self.ways {
            for stand in &self.level {
                let found = self.from(stand, *way);
                next.extend(found.into_iter().filter(|new| {
                    let fewest = self.seen.entry(new.key()).or_insert(usize::MAX);
                    let fewer = new.crossings() < *fewest;
                    *fewest = new.crossings().min(*fewest);
                    fewer
                }));
            }
        }
        self.level = next;
        &self.level
    }

    fn from(&self, stand: &Stand, way: Fallback) -> Vec<Stand> {
        if stand.steps.len() == LONGEST {
            return Vec::new();
        }
        match (way, stand.subject) {
            (Fallback::ParentRegion, _) => self.around(stand).into_iter().collect(),
            (Fallback::BroaderOccupation, Subject::Occupation(id)) => {
                self.broader(stand, id).into_iter().collect()
            }
            (Fallback::Crosswalk, Subject::Occupation(id)) => self.counterparts(stand, id),
            (_, Subject::Role(_)) => Vec::new(),
        }
    }

    fn around(&self, stand: &Stand) -> Option<Stand> {
        let here = &self.catalog.region(stand.region)?.row;
        let around = &self.catalog.region_of_code(here.parent_code.as_deref()?)?.row;
        let step = Step {
            kind: Fallback::ParentRegion,
            from: here.code.clone(),
            to: around.code.clone(),
            reason: format!("there is no figure for {}; {} is the region around it", here.name, around.name),
            share: None,
        };
        Some(Stand { region: around.id, ..stand.with(step) })
    }

    /// All occupations together stand in for nothing.
    fn broader(&self, stand: &Stand, id: OccupationId) -> Option<Stand> {
        let narrow = self.catalog.occupation(id)?;
        let code = narrow.parent_code.as_deref()?;
        let broad = self.catalog.occupation_of_code(narrow.classification, code)?;
        if broad.level == OccupationLevel::Total {
            return None;
        }
        let step = Step {
            kind: Fallback::BroaderOccupation,
            from: name(narrow.classification, &narrow.code),
            to: name(broad.classification, &broad.code),
            reason: format!(
                "there is no figure for {}; {} is the next broader occupation",
                narrow.title, broad.title
            ),
            share: None,
        };
        Some(Stand { subject: Subject::Occupation(broad.id), ..stand.with(step) })
    }

    fn counterparts(&self, stand: &Stand, id: OccupationId) -> Vec<Stand> {
        let Some(here) = self.catalog.occupation(id).filter(|_| stand.crossings() < CROSSINGS) else {
            return Vec::new();
        };
        let mut links: Vec<(usize, &RoleLink)> = self
            .catalog
            .crosswalk(id)
            .iter()
            .filter_map(|link| Some((closeness(link.relation)?, link)))
            .collect();
        links.sort_by_key(|(closeness, _)| *closeness);
        let stand_at = |(_, link): (usize, &RoleLink)| {
            let there = &link.occupation;
            let step = Step {
                kind: Fallback::Crosswalk,
                from: name(here.classification, &here.code),
                to: name(there.classification, &there.code),
                reason: format!(
                    "there is no figure for {}; {} is {} in {}",
                    here.title,
                    there.title,
                    counterpart(link.relation),
                    there.classification.as_str()
                ),
                share: link.share,
            };
            Stand { subject: Subject::Occupation(there.id), ..stand.with(step) }
        };
        links.into_iter().map(stand_at).collect()
    }
}

impl Stand {
    fn key(&self) -> (Subject, RegionId) {
        (self.subject, self.region)
    }

    /// Returns how many changes of classification led there.
    pub fn crossings(&self) -> usize {
        self.steps.iter().filter(|step| step.kind == Fallback::Crosswalk).count()
    }

    fn with(&self, step: Step) -> Self {
        let mut next = self.clone();
        next.steps.push(step);
        next
    }
}

fn name(of: Classification, code: &str) -> String {
    format!("{} {code}", of.as_str())
}

/// Finds what [`name`] names.
fn of_name(catalog: &Catalog, name: &str) -> Option<Subject> {
    let (of, code) = name.split_once(' ')?;
    Some(Subject::Occupation(catalog.occupation_of_code(Classification::parse(of)?, code)?.id))
}

/// How near a counterpart is, the nearest least; `None` for a piece of a whole and for a stand-in.
pub fn closeness(relation: MappingRelation) -> Option<usize> {
    match relation {
        MappingRelation::Exact => Some(0),
        MappingRelation::Broader => Some(1),
        MappingRelation::Close => Some(2),
        MappingRelation::Narrower | MappingRelation::Proxy => None,
    }
}

fn counterpart(relation: MappingRelation) -> &'static str {
    match relation {
        MappingRelation::Exact => "the same occupation",
        MappingRelation::Broader => "the broader counterpart",
        MappingRelation::Close | MappingRelation::Narrower | MappingRelation::Proxy => {
            "a partly overlapping counterpart"
        }
    }
}

#[cfg(test)]
mod tests;
