//! Which occupations and roles a question is about, and how each was reached.

use crate::{
    frame::Subject,
    snapshot::{Catalog, RoleEntry, RoleLink},
};

/// One subject, with the mapping that led to it.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The subject.
    pub subject: Subject,
    /// The mapping of a role that is not the occupation's own.
    pub via: Option<RoleLink>,
}

/// Subjects in order of preference, each once.
#[derive(Clone, Debug, Default)]
pub struct Subjects(Vec<Wanted>);

impl Subjects {
    /// Returns the subjects of a role: itself, then its occupations, the preferred first.
    pub fn of_role(catalog: &Catalog, role: &RoleEntry) -> Self {
        let mut subjects = Self::default();
        subjects.add_role(catalog, role);
        subjects
    }

    /// Adds a role and its occupations.
    pub fn add_role(&mut self, catalog: &Catalog, role: &RoleEntry) {
        for (place, subject) in subjects_of(role).enumerate() {
            self.add(subject, via(catalog, role, place));
        }
    }

    /// Adds a subject that is not there yet.
    pub fn add(&mut self, subject: Subject, via: Option<RoleLink>) {
        if !self.0.iter().any(|known| known.subject == subject) {
            self.0.push(Wanted { subject, via });
        }
    }

    /// Keeps what is also among `others`.
    pub fn narrow(&mut self, others: &Self) {
        self.0.retain(|wanted| others.0.iter().any(|other| other.subject == wanted.subject));
    }

    /// Returns the subjects.
    pub fn iter(&self) -> impl Iterator<Item = &Wanted> {
        self.0.iter()
    }

    /// Returns the subject at `place`.
    pub fn get(&self, place: usize) -> Option<&Wanted> {
        self.0.get(place)
    }
}

/// Returns the subjects of a role in order of preference: itself, then its occupations, the preferred first.
pub(super) fn subjects_of(role: &RoleEntry) -> impl Iterator<Item = Subject> {
    let occupations = role.occupations.iter().map(|link| Subject::Occupation(link.occupation.id));
    std::iter::once(Subject::Role(role.id())).chain(occupations)
}

/// Returns the mapping by which the subject at `place` was reached; `None` for the role itself and for the occupation whose own
/// role it is.
pub(super) fn via(catalog: &Catalog, role: &RoleEntry, place: usize) -> Option<RoleLink> {
    let link = role.occupations.get(place.checked_sub(1)?)?;
    let own = catalog.own_role(link.occupation.id);
    own.is_none_or(|own| own.id() != role.id()).then(|| link.clone())
}
