//! Chains over made-up codes, against a search that walks every one of them.

use std::collections::HashSet;

use entity::{RegionKind, crosswalk, occupation, region};

use super::*;
use crate::snapshot::of_codes;

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: i32) -> i32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i32::try_from(self.0 >> 33).unwrap() % end
    }
}

fn occupation(id: i32, of: Classification, parent: Option<i32>) -> occupation::Model {
    occupation::Model {
        id: OccupationId(id),
        classification: of,
        code: format!("{id:03}"),
        title: format!("Occupation {id}"),
        level: OccupationLevel::Detailed,
        parent_code: parent.map(|parent| format!("{parent:03}")),
        official: true,
    }
}

fn link(id: i32, from: i32, to: i32, relation: MappingRelation) -> crosswalk::Model {
    let (from_id, to_id) = (OccupationId(from), OccupationId(to));
    crosswalk::Model { id, from_id, to_id, relation, weight: None, note: None, release_id: None }
}

fn region(id: i32, parent: Option<i32>) -> region::Model {
    region::Model {
        id: RegionId(id),
        code: format!("R{id}"),
        name: format!("Region {id}"),
        kind: RegionKind::State,
        currency: "USD".to_owned(),
        parent_code: parent.map(|parent| format!("R{parent}")),
        vintage: None,
    }
}

/// Two classifications of twelve occupations each, in trees, some of them linked; five regions in a chain or a tree.
fn world(dice: &mut Dice) -> Catalog {
    let mut occupations = Vec::new();
    for (first, of) in [(0, Classification::Soc2018), (12, Classification::Soc2010)] {
        for id in first..first + 12_i32 {
            let above = (id > first + 1).then(|| first + dice.below(2) + (id - first) / 4);
            occupations.push(occupation(id, of, above.filter(|above| *above < id)));
        }
    }
    let relations = MappingRelation::ALL;
    let links = (0..10).map(|id| {
        let (from, to) = (dice.below(12), 12 + dice.below(12));
        link(id, from, to, relations[usize::try_from(dice.below(5)).unwrap()])
    });
    let links = links.collect();
    let regions = (0..5).map(|id| region(id, (id > 0).then(|| dice.below(id))));
    of_codes(occupations, links, regions.collect())
}

type At = (Subject, RegionId);

/// What is one step from here, in no order.
fn neighbours(catalog: &Catalog, (subject, region): At, crossings: usize) -> Vec<(At, usize)> {
    let Subject::Occupation(id) = subject else { return Vec::new() };
    let here = catalog.occupation(id).unwrap();
    let mut found = Vec::new();
    if let Some(parent) = &catalog.region(region).unwrap().row.parent_code {
        found.push(((subject, catalog.region_of_code(parent).unwrap().row.id), crossings));
    }
    if let Some(parent) = &here.parent_code {
        let broad = catalog.occupation_of_code(here.classification, parent).unwrap();
        found.push(((Subject::Occupation(broad.id), region), crossings));
    }
    if crossings < CROSSINGS {
        for link in catalog.crosswalk(id) {
            if !matches!(link.relation, MappingRelation::Narrower | MappingRelation::Proxy) {
                found.push(((Subject::Occupation(link.occupation.id), region), crossings + 1));
            }
        }
    }
    found
}

/// The fewest steps to a figure, by walking every chain.
fn nearest(catalog: &Catalog, at: At, has: &HashSet<At>, crossings: usize, left: usize) -> Option<usize> {
    if has.contains(&at) {
        return Some(0);
    }
    let next = neighbours(catalog, at, crossings).into_iter().filter(|_| left > 0);
    let found = next.filter_map(|(next, crossings)| nearest(catalog, next, has, crossings, left - 1));
    found.min().map(|steps| steps + 1)
}

fn found(chains: &mut Chains<'_>, has: &HashSet<At>) -> Option<Stand> {
    loop {
        let stands = chains.further();
        if stands.is_empty() {
            return None;
        }
        if let Some(stand) = stands.iter().find(|stand| has.contains(&(stand.subject, stand.region))) {
            return Some(stand.clone());
        }
    }
}

#[test]
fn no_nearer_step_is_ever_skipped() {
    let mut dice = Dice(7);
    let mut lengths = [0; LONGEST + 1];
    for _ in 0..400 {
        let catalog = world(&mut dice);
        let any = |dice: &mut Dice| {
            let id = dice.below(24);
            (Subject::Occupation(OccupationId(id)), RegionId(dice.below(5)))
        };
        let (start, has) = (any(&mut dice), (0..3).map(|_| any(&mut dice)).collect::<HashSet<_>>());
        if has.contains(&start) {
            continue;
        }
        let search =
            || found(&mut Chains::new(&catalog, &Fallback::ALL, std::iter::once(start.0), start.1), &has);
        let stand = search();
        let steps = stand.as_ref().map(|stand| stand.steps.len());
        assert_eq!(steps, nearest(&catalog, start, &has, 0, LONGEST));
        assert_eq!(stand.as_ref().map(|stand| &stand.steps), search().as_ref().map(|stand| &stand.steps));
        if let Some(stand) = stand {
            assert_eq!(again(&catalog, &key(&stand.steps), stand.key()), Some((start.0, stand.steps)));
        }
        lengths[steps.unwrap_or_default()] += 1;
    }
    assert!(lengths[..4].iter().all(|times| *times > 5), "short and long chains were met: {lengths:?}");
}

#[test]
fn the_way_named_first_wins_among_chains_of_one_length() {
    let occupations = vec![
        occupation(1, Classification::Soc2018, Some(2)),
        occupation(2, Classification::Soc2018, None),
        occupation(3, Classification::Soc2010, None),
    ];
    let links = vec![link(1, 1, 3, MappingRelation::Exact)];
    let catalog = of_codes(occupations, links, vec![region(1, Some(2)), region(2, None)]);
    let first = |ways: &[Fallback]| {
        let subject = Subject::Occupation(OccupationId(1));
        let mut chains = Chains::new(&catalog, ways, std::iter::once(subject), RegionId(1));
        let stands = chains.further();
        (stands.len(), stands[0].steps[0].clone())
    };
    assert_eq!(first(&Fallback::ALL).0, 3);
    assert_eq!(first(&Fallback::ALL).1.to, "R2");
    assert_eq!(first(&[Fallback::Crosswalk, Fallback::ParentRegion]).1.to, "SOC_2010 003");
    let step = first(&[Fallback::BroaderOccupation]).1;
    assert_eq!((step.from.as_str(), step.to.as_str()), ("SOC_2018 001", "SOC_2018 002"));
    assert_eq!(
        step.reason,
        "there is no figure for Occupation 1; Occupation 2 is the next broader occupation"
    );
}

#[test]
fn a_whole_is_not_replaced_by_one_of_its_pieces() {
    let occupations =
        vec![occupation(1, Classification::Soc2010, None), occupation(2, Classification::Soc2018, None)];
    let links = vec![link(1, 1, 2, MappingRelation::Narrower)];
    let catalog = of_codes(occupations, links, vec![region(1, None)]);
    let reached = |from: i32| {
        let subject = Subject::Occupation(OccupationId(from));
        let mut chains = Chains::new(&catalog, &Fallback::ALL, std::iter::once(subject), RegionId(1));
        chains.further().len()
    };
    assert_eq!(reached(1), 0, "one of the pieces of 1");
    assert_eq!(reached(2), 1, "the whole that 2 is a piece of");
}

#[test]
fn no_chain_comes_back_to_where_it_was() {
    let occupations = vec![
        occupation(1, Classification::Soc2018, None),
        occupation(2, Classification::OnetSoc2019, None),
        occupation(3, Classification::Soc2018, None),
    ];
    let links = vec![link(1, 1, 2, MappingRelation::Exact), link(2, 3, 2, MappingRelation::Exact)];
    let catalog = of_codes(occupations, links, vec![region(1, Some(2)), region(2, None)]);
    let starts = [1, 3].map(|id| Subject::Occupation(OccupationId(id)));
    let mut chains = Chains::new(&catalog, &Fallback::ALL, starts.into_iter(), RegionId(1));
    let mut met: HashSet<At> = chains.stands().iter().map(Stand::key).collect();
    assert_eq!(met.len(), 2);
    while !chains.further().is_empty() {
        let new: Vec<At> = chains.stands().iter().map(Stand::key).collect();
        assert!(new.iter().all(|at| met.insert(*at)), "{new:?} once more");
    }
    assert_eq!(met.len(), 6, "three occupations in two places");
}
