//! A role as the catalog holds it.

use std::sync::Arc;

use entity::{MappingRelation, RoleId, occupation, role, role_text};

/// An occupation a role or another occupation maps to.
#[derive(Clone, Debug, PartialEq)]
pub struct RoleLink {
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

/// A role with what belongs to it.
#[derive(Debug)]
pub struct RoleEntry {
    /// The row of the table.
    pub row: role::Model,
    /// Its place when roles are sorted by slug.
    pub rank: usize,
    /// The occupations it maps to, the heaviest first, then by code.
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
    pub fn texts(&self, kind: &str) -> impl Iterator<Item = &role_text::Model> {
        self.texts.iter().filter(move |text| text.kind == kind)
    }
}
