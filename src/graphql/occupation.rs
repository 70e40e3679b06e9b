//! Occupations of the official classifications, and mappings between them.

use std::{borrow::Cow, sync::Arc};

use async_graphql::{ID, InputObject, Object, Value, parser::types::Field, resolver_utils::enum_value};
use entity::occupation;

use super::{
    at_hand::{self, AtHand},
    enums::{Classification, MappingRelation, OccupationLevel},
    id,
    page::Keyed,
    scalars::Number,
    scope::Scope,
};
use crate::{frame::Subject, snapshot::RoleLink};

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

impl Occupation {
    /// Returns the occupation that figures are about, unless they are about a role.
    pub(super) fn of_subject(scope: &Scope, subject: Subject) -> Option<Self> {
        let Subject::Occupation(id) = subject else { return None };
        Some(Self { scope: scope.clone(), row: scope.catalog().occupation(id)?.clone() })
    }
}

impl Keyed for Occupation {
    fn key(&self) -> Cow<'_, str> {
        id::occupation_key(&self.row).into()
    }
}

impl AtHand for occupation::Model {
    const NAME: &'static str = "Occupation";

    fn at_hand(&self, field: &Field) -> Option<Value> {
        Some(match field.name.node.as_str() {
            "id" => id::global("Occupation", &id::occupation_key(self)).0.into(),
            "classification" => enum_value(Classification::from(self.classification)),
            "code" => self.code.as_str().into(),
            "title" => self.title.as_str().into(),
            "level" => enum_value(OccupationLevel::from(self.level)),
            _ => return None,
        })
    }
}

impl AtHand for Occupation {
    const NAME: &'static str = occupation::Model::NAME;

    fn at_hand(&self, field: &Field) -> Option<Value> {
        self.row.at_hand(field)
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

impl AtHand for RoleLink {
    const NAME: &'static str = "RoleOccupation";

    fn at_hand(&self, field: &Field) -> Option<Value> {
        Some(match field.name.node.as_str() {
            "occupation" => at_hand::object(&*self.occupation, field)?,
            "relation" => enum_value(MappingRelation::from(self.relation)),
            "weight" => self.weight.map(Number).into(),
            "note" => self.note.as_deref().into(),
            _ => return None,
        })
    }
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
