//! A role as the catalog holds it.

use std::sync::Arc;

use entity::{MappingRelation, RoleId, TextKind, occupation, role, role_text};

use crate::frame::Subject;

/// An occupation a role or another occupation maps to.
#[derive(Clone, Debug, PartialEq)]
pub struct RoleLink {
    /// What maps, and behind it each occupation that another mapping led to on the way here.
    pub from: Vec<Subject>,
    /// The occupation.
    pub occupation: Arc<occupation::Model>,
    /// How close it is.
    pub relation: MappingRelation,
    /// Share of this one's own employment, where stated.
    pub weight: Option<f64>,
    /// Share of the other occupation's employment that belongs to this one, where a crosswalk states one; all of it where both
    /// are the same.
    pub share: Option<f64>,
    /// Why it was chosen.
    pub note: Option<String>,
}

impl RoleLink {
    /// Returns how a role maps to this occupation when another mapping led to where this one begins: the weaker relation of the
    /// two, and the share of both.
    #[must_use]
    pub fn behind(self, first: Option<&Self>) -> Self {
        let Some(first) = first else { return self };
        let both = |a: Option<f64>, b: Option<f64>| Some(a? * b?);
        Self {
            from: [&first.from[..], &self.from].concat(),
            relation: weaker(first.relation, self.relation),
            weight: both(first.weight, self.weight),
            share: both(first.share, self.share),
            ..self
        }
    }
}

/// Of two relations in a row, the one that says less. What is broader than something narrower may be anything near it.
fn weaker(one: MappingRelation, other: MappingRelation) -> MappingRelation {
    use MappingRelation::{Broader, Close, Exact, Narrower, Proxy};
    match (one, other) {
        (Exact, second) => second,
        (first, Exact) => first,
        (Proxy, _) | (_, Proxy) | (Broader, Narrower) | (Narrower, Broader) => Proxy,
        (Broader, _) | (_, Broader) => Broader,
        (Narrower, _) | (_, Narrower) => Narrower,
        (Close, Close) => Close,
    }
}

/// A role with what belongs to it.
#[derive(Debug)]
pub struct RoleEntry {
    /// The row of the table.
    pub row: role::Model,
    /// Its place when roles are sorted by slug.
    pub rank: usize,
    /// The occupations it maps to, in order of preference.
    pub occupations: Vec<RoleLink>,
    /// Words about it: ours first, then those of releases, in order.
    pub texts: Vec<role_text::Model>,
}

impl RoleEntry {
    /// Returns its key in the database.
    pub fn id(&self) -> RoleId {
        self.row.id
    }

    /// Returns its texts of one kind.
    pub fn texts(&self, kind: TextKind) -> impl Iterator<Item = &role_text::Model> {
        self.texts.iter().filter(move |text| text.kind == kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_relations_in_a_row_say_no_more_than_the_weaker_one() {
        use MappingRelation::{Broader, Close, Exact, Narrower, Proxy};
        for (first, second, both) in [
            (Exact, Close, Close),
            (Broader, Exact, Broader),
            (Broader, Close, Broader),
            (Close, Broader, Broader),
            (Close, Close, Close),
            (Narrower, Close, Narrower),
            (Broader, Narrower, Proxy),
            (Proxy, Exact, Proxy),
            (Close, Proxy, Proxy),
        ] {
            assert_eq!(weaker(first, second), both, "{first:?}, then {second:?}");
        }
    }
}
