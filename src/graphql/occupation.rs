//! Occupations of the official classifications, and mappings between them.

use std::{borrow::Cow, sync::Arc};

use async_graphql::{ID, InputObject, Object};
use entity::occupation;

use super::{
    enums::{Classification, MappingRelation, OccupationLevel},
    id,
    page::Keyed,
    scalars::Number,
    scope::Scope,
};
use crate::snapshot::RoleLink;

/// A code of a classification.
#[derive(Clone, Debug, InputObject)]
pub(super) struct OccupationCode {
    /// The classification: SOC_2018.
    pub classification: Classification,
    /// The code as the classification writes it: 15-1252.
    pub code: String,
}

/// An occupation of an official classification.
#[derive(Clone)]
pub(super) struct Occupation {
    pub scope: Scope,
    pub row: Arc<occupation::Model>,
}

impl Keyed for Occupation {
    fn key(&self) -> Cow<'_, str> {
        id::occupation_key(&self.row).into()
    }
}

/// An occupation of an official classification.
#[Object(serial)]
impl Occupation {
    /// Opaque, and the same for ever.
    pub(super) async fn id(&self) -> ID {
        id::global("Occupation", &self.key())
    }
    /// The classification it belongs to.
    async fn classification(&self) -> Classification {
        self.row.classification.into()
    }
    /// Its code there: 15-1252.
    async fn code(&self) -> &str {
        &self.row.code
    }
    /// Its title there.
    async fn title(&self) -> &str {
        &self.row.title
    }
    /// How broad it is.
    async fn level(&self) -> OccupationLevel {
        self.row.level.into()
    }
    /// The next broader occupation; null at the top.
    async fn parent(&self) -> Option<Self> {
        let code = self.row.parent_code.as_deref()?;
        let row = self.scope.catalog().occupation_of_code(self.row.classification, code)?.clone();
        Some(Self { scope: self.scope.clone(), row })
    }
    /// What it corresponds to in another classification, by the official crosswalks.
    async fn crosswalk(
        &self,
        #[graphql(desc = "The other classification.")] to: Classification,
    ) -> Vec<RoleOccupation> {
        let to: entity::Classification = to.into();
        let links = self.scope.catalog().crosswalk(self.row.id).iter();
        let links = links.filter(|link| link.occupation.classification == to);
        links.map(|link| RoleOccupation { scope: self.scope.clone(), link: link.clone() }).collect()
    }
}

/// How a role (or code) maps to an occupation.
pub(super) struct RoleOccupation {
    pub scope: Scope,
    pub link: RoleLink,
}

/// How a role (or code) maps to an occupation.
#[Object(serial)]
impl RoleOccupation {
    /// The occupation it maps to.
    async fn occupation(&self) -> Occupation {
        Occupation { scope: self.scope.clone(), row: self.link.occupation.clone() }
    }
    /// How close that is.
    async fn relation(&self) -> MappingRelation {
        self.link.relation.into()
    }
    /// Share of employment where the crosswalk states one.
    async fn weight(&self) -> Option<Number> {
        self.link.weight.map(Number)
    }
    /// Why it was chosen, or what to mind.
    async fn note(&self) -> Option<&str> {
        self.link.note.as_deref()
    }
}
