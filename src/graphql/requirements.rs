//! What entry to a role asks for.

use std::{cmp::Reverse, collections::HashSet, sync::Arc};

use async_graphql::Object;
use entity::{ReleaseId, requirement};

use super::{provenance::Provenance, scope::Scope};
use crate::{
    frame::Subject,
    snapshot::{Catalog, Release, RoleEntry},
};

/// What entry to a role asks for, in the publisher's words.
pub(super) struct Requirements {
    scope: Scope,
    stated: requirement::Model,
    release: Arc<Release>,
    zone: Option<requirement::Model>,
}

impl Requirements {
    /// Finds what visible releases say: of the role's occupations first, in their order, then of the role itself. The
    /// job zone may come from another release than the rest.
    pub(super) fn of(scope: &Scope, role: &RoleEntry) -> Option<Self> {
        let catalog = scope.catalog();
        let rows = rows(catalog, &scope.visible(), role);
        let stated = rows.iter().copied().find(|row| states(row));
        let zone = rows.iter().copied().find(|row| row.job_zone.is_some());
        let leading = stated.or(zone)?.clone();
        let release = catalog.release(leading.release_id)?.clone();
        Some(Self { scope: scope.clone(), stated: leading, release, zone: zone.cloned() })
    }

    /// Returns where the job zone stands, if not where the rest does.
    fn other_place(&self) -> Option<String> {
        let zone = self.zone.as_ref().filter(|zone| zone.release_id != self.stated.release_id)?;
        let release = self.scope.catalog().release(zone.release_id)?;
        Some(format!("job zone from {}, row {}", release.key(), zone.row))
    }
}

/// Returns the typical education for entry to a role that visible releases state.
pub(super) fn education<'a>(
    catalog: &'a Catalog,
    visible: &HashSet<ReleaseId>,
    role: &RoleEntry,
) -> Option<&'a str> {
    rows(catalog, visible, role).into_iter().find(|row| states(row))?.education.as_deref()
}

/// Everything visible releases state of a role: its first occupation before the others, and of one occupation the release whose
/// figures begin last before the others. A projection ends in years to come, so its end says nothing of its age.
fn rows<'a>(
    catalog: &'a Catalog,
    visible: &HashSet<ReleaseId>,
    role: &RoleEntry,
) -> Vec<&'a requirement::Model> {
    let occupations = role.occupations.iter().map(|link| Subject::Occupation(link.occupation.id));
    let subjects = occupations.chain([Subject::Role(role.id())]);
    let of = |subject| {
        let rows = catalog.requirements(subject).iter().filter(|row| visible.contains(&row.release_id));
        let mut rows: Vec<_> = rows.collect();
        rows.sort_by_cached_key(|row| {
            let begins = catalog
                .release(row.release_id)
                .map(|release| (release.row.reference_start, release.row.edition));
            (Reverse(begins), catalog.release_rank(row.release_id))
        });
        rows
    };
    subjects.flat_map(of).collect()
}

fn states(row: &requirement::Model) -> bool {
    row.education.is_some() || row.experience.is_some() || row.training.is_some()
}

/// What entry to a role asks for, in the publisher's words.
#[Object(serial)]
impl Requirements {
    /// Typical education needed for entry.
    async fn education(&self) -> Option<&str> {
        self.stated.education.as_deref()
    }
    /// Work experience in a related occupation.
    async fn experience(&self) -> Option<&str> {
        self.stated.experience.as_deref()
    }
    /// Typical training on the job.
    async fn training(&self) -> Option<&str> {
        self.stated.training.as_deref()
    }
    /// O*NET job zone, from 1 (little preparation) to 5 (extensive). From release 30.2 on zones 1 and 2 are one, printed as 2.
    async fn job_zone(&self) -> Option<i32> {
        self.zone.as_ref().and_then(|row| row.job_zone)
    }
    /// Where this comes from; when the job zone has another origin, `derivation` says so.
    async fn provenance(&self) -> Provenance {
        Provenance {
            scope: self.scope.clone(),
            release: self.release.clone(),
            position: (usize::try_from(self.stated.part).unwrap_or_default(), self.stated.row.into()),
            locator: None,
            cited_authority: None,
            derivation: self.other_place().into_iter().collect(),
        }
    }
}
