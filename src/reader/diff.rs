//! What changed between two releases, figure by figure.
//!
//! Rows are the same when subject, region and segment are. A code that the later release lacks is followed by the
//! crosswalk: to one code that no other leads to it is the same subject under a new code, to several it was split, together with
//! others it was merged. Crosswalks speak of detailed occupations alone, so where they say nothing, a group of another edition
//! of the classification with the same code and title is the same, and so is the total.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use entity::{
    Cell, Count, FigureKind, OccupationId, OccupationLevel, RegionId, growth_projection, occupation,
};

use super::bands::{rank, whole};
use crate::{
    frame::{Frame, Segment, Subject},
    snapshot::Catalog,
};

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// The later release has it alone.
    Appeared,
    /// The earlier release had it alone.
    Vanished,
    /// Figures differ, or reasons why there is none.
    Revised,
    /// Figures gave way to a reason why there is none.
    NewlySuppressed,
    /// Figures stand where a reason stood.
    NewlyPublished,
    /// Its code became several.
    CodeSplit,
    /// Its code became one with others.
    CodeMerged,
}

/// Which table a row stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// Pay bands.
    Bands,
    /// Growth projections.
    Projections,
}

/// A row that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What became of it.
    pub kind: ChangeKind,
    /// Its table.
    pub table: Table,
    /// Its place in the earlier frame.
    pub before: Option<usize>,
    /// Its place in the later frame.
    pub after: Option<usize>,
    /// The figures of this kind of change: places in [`Cell::ALL`], or in [`PROJECTED`].
    pub figures: Vec<usize>,
    /// The codes it became.
    pub heirs: Vec<OccupationId>,
}

/// The figures of a projection, in the order of [`Change::figures`].
pub const PROJECTED: [&str; 7] = [
    "baseEmployment",
    "targetEmployment",
    "change",
    "annualOpenings",
    "openings",
    "jobSeekers",
    "changePercent",
];

type Figure = (FigureKind, Option<i64>);
type RowKey<'a> = (Subject, RegionId, Option<&'a Segment>);

struct Row<'a> {
    key: RowKey<'a>,
    place: usize,
    figures: Vec<Figure>,
}

/// Returns what changed from one release to the other, by occupation and region.
pub fn changes(catalog: &Catalog, before: &Frame, after: &Frame) -> Vec<Change> {
    let mut found = compared(catalog, Table::Bands, &bands(before), &bands(after));
    found.extend(compared(catalog, Table::Projections, &projections(before), &projections(after)));
    let ranked = |change: &Change| {
        let (subject, region) = match (change.table, change.before, change.after) {
            (Table::Bands, Some(place), _) => (before.band(place).subject(), before.band(place).region()),
            (Table::Bands, None, place) => {
                let band = after.band(place.unwrap_or_default());
                (band.subject(), band.region())
            }
            (Table::Projections, Some(place), _) => of_projection(&before.projections()[place]),
            (Table::Projections, None, place) => {
                of_projection(&after.projections()[place.unwrap_or_default()])
            }
        };
        let place = change.before.or(change.after);
        (whole(rank(catalog, subject)), catalog.region_rank(region), change.table, place, change.kind)
    };
    found.sort_by_cached_key(ranked);
    found
}

fn of_projection(row: &growth_projection::Model) -> (Subject, RegionId) {
    (Subject::of(row), row.region_id)
}

fn bands(frame: &Frame) -> Vec<Row<'_>> {
    let read = |place: usize| {
        let band = frame.band(place);
        let key = (band.subject(), band.region(), Some(band.segment()));
        Row { key, place, figures: Cell::ALL.iter().map(|cell| band.cell(*cell)).collect() }
    };
    (0..frame.len()).map(read).collect()
}

fn projections(frame: &Frame) -> Vec<Row<'_>> {
    let rows = frame.projections().iter().enumerate();
    let read = |(place, row): (usize, &growth_projection::Model)| {
        let percent = row.change_percent.map(i64::from);
        let stated = if percent.is_some() { FigureKind::Exact } else { FigureKind::NotPublished };
        let counts = Count::ALL.into_iter().map(|count| row.count(count));
        let figures = counts.chain([(stated, percent)]).collect();
        Row { key: (Subject::of(row), row.region_id, None), place, figures }
    };
    rows.map(read).collect()
}

fn compared(catalog: &Catalog, table: Table, before: &[Row<'_>], after: &[Row<'_>]) -> Vec<Change> {
    let heirs = Heirs::new(catalog, before, after);
    let places: HashMap<RowKey<'_>, usize> =
        after.iter().enumerate().map(|(place, row)| (row.key, place)).collect();
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for row in before {
        let (subject, region, segment) = row.key;
        let alone = |kind, heirs| Change {
            kind,
            table,
            before: Some(row.place),
            after: None,
            figures: Vec::new(),
            heirs,
        };
        match heirs.of(subject) {
            [] => found.push(alone(ChangeKind::Vanished, Vec::new())),
            [Subject::Occupation(one)] if heirs.shared.contains(&Subject::Occupation(*one)) => {
                found.push(alone(ChangeKind::CodeMerged, vec![*one]));
            }
            [same] => match places.get(&(*same, region, segment)).map(|place| &after[*place]) {
                Some(other) => {
                    seen.insert(other.place);
                    found.extend(differences(table, row, other));
                }
                None => found.push(alone(ChangeKind::Vanished, Vec::new())),
            },
            several => {
                found.push(alone(
                    ChangeKind::CodeSplit,
                    several.iter().copied().filter_map(occupation).collect(),
                ));
            }
        }
    }
    let fresh =
        after.iter().filter(|row| !seen.contains(&row.place) && !heirs.explained.contains(&row.key.0));
    found.extend(fresh.map(|row| Change {
        kind: ChangeKind::Appeared,
        table,
        before: None,
        after: Some(row.place),
        figures: Vec::new(),
        heirs: Vec::new(),
    }));
    found
}

fn occupation(subject: Subject) -> Option<OccupationId> {
    match subject {
        Subject::Occupation(id) => Some(id),
        Subject::Role(_) => None,
    }
}

/// One change for each kind that the figures of two rows show.
fn differences(table: Table, before: &Row<'_>, after: &Row<'_>) -> Vec<Change> {
    let mut kinds: Vec<(ChangeKind, Vec<usize>)> = Vec::new();
    for (place, (old, new)) in
        before.figures.iter().zip(&after.figures).enumerate().filter(|(_, (old, new))| old != new)
    {
        let kind = match (stands(*old), stands(*new)) {
            (true, false) => ChangeKind::NewlySuppressed,
            (false, true) => ChangeKind::NewlyPublished,
            _ => ChangeKind::Revised,
        };
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, figures)) => figures.push(place),
            None => kinds.push((kind, vec![place])),
        }
    }
    let change = |(kind, figures)| Change {
        kind,
        table,
        before: Some(before.place),
        after: Some(after.place),
        figures,
        heirs: Vec::new(),
    };
    kinds.into_iter().map(change).collect()
}

/// Returns whether a number may be used; one marked unreliable may not.
fn stands((kind, value): Figure) -> bool {
    value.is_some() && matches!(kind, FigureKind::Exact | FigureKind::AtLeast | FigureKind::AtMost)
}

/// Under which codes the subjects of the earlier release go on.
struct Heirs {
    of: HashMap<Subject, Vec<Subject>>,
    /// Codes that several earlier ones lead to.
    shared: HashSet<Subject>,
    /// Codes that a split or a merger explains.
    explained: HashSet<Subject>,
}

impl Heirs {
    fn new(catalog: &Catalog, before: &[Row<'_>], after: &[Row<'_>]) -> Self {
        let later: HashSet<Subject> = after.iter().map(|row| row.key.0).collect();
        let mut of: HashMap<Subject, Vec<Subject>> = HashMap::new();
        let mut leading: HashMap<Subject, usize> = HashMap::new();
        for subject in before.iter().map(|row| row.key.0) {
            if of.contains_key(&subject) {
                continue;
            }
            let heirs =
                if later.contains(&subject) { vec![subject] } else { successors(catalog, subject, &later) };
            for heir in &heirs {
                *leading.entry(*heir).or_default() += 1;
            }
            of.insert(subject, heirs);
        }
        let shared: HashSet<Subject> =
            leading.into_iter().filter(|(_, count)| *count > 1).map(|(subject, _)| subject).collect();
        let split = of.values().filter(|heirs| heirs.len() > 1).flatten().copied();
        let explained = split.chain(shared.iter().copied()).collect();
        Self { of, shared, explained }
    }

    fn of(&self, subject: Subject) -> &[Subject] {
        self.of.get(&subject).map_or(&[], Vec::as_slice)
    }
}

fn successors(catalog: &Catalog, subject: Subject, later: &HashSet<Subject>) -> Vec<Subject> {
    let Subject::Occupation(id) = subject else { return Vec::new() };
    let links = catalog.crosswalk(id).iter().map(|link| Subject::Occupation(link.occupation.id));
    let heirs: Vec<Subject> = links.filter(|heir| later.contains(heir)).collect();
    if heirs.is_empty() { namesake(catalog, id, later).into_iter().collect() } else { heirs }
}

/// The same group, or the total, in another edition of the classification.
fn namesake(catalog: &Catalog, of: OccupationId, later: &HashSet<Subject>) -> Option<Subject> {
    let own = catalog.occupation(of)?;
    let same = |other: &&Arc<occupation::Model>| {
        let totals = [own.level, other.level].iter().all(|level| *level == OccupationLevel::Total);
        totals || own.title.to_lowercase() == other.title.to_lowercase()
    };
    let editions = own.classification.editions().iter();
    let coded = editions.filter_map(|edition| catalog.occupation_of_code(*edition, &own.code));
    coded.filter(same).map(|other| Subject::Occupation(other.id)).find(|heir| later.contains(heir))
}
