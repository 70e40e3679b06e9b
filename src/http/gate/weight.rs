//! How many fields an answer could have, as a sum that variables only have to be put into.

use std::sync::Arc;

use apollo_compiler::response::{JsonMap, JsonValue};
use async_graphql::Name;

/// A number of fields: what is known from the document, and what grows with pages whose size a variable says.
#[derive(Clone, Debug, Default)]
pub(super) struct Weight {
    known: u64,
    varying: Vec<(Items, Arc<Weight>)>,
}

/// How many items a field has: the largest size asked for, or what such a field has without one.
#[derive(Clone, Debug)]
pub(super) struct Items {
    pub asked: Option<u64>,
    pub variables: Vec<Name>,
    pub otherwise: u64,
}

impl Items {
    /// Returns exactly so many.
    pub(super) fn exactly(count: u64) -> Self {
        Self { asked: None, variables: Vec::new(), otherwise: count }
    }

    fn known(&self) -> Option<u64> {
        self.variables.is_empty().then(|| self.asked.unwrap_or(self.otherwise))
    }

    fn at(&self, variables: &JsonMap) -> u64 {
        let sizes = self.variables.iter().filter_map(|name| match variables.get(name.as_str())? {
            JsonValue::Number(number) => number.as_u64(),
            JsonValue::Array(items) => u64::try_from(items.len()).ok(),
            _ => None,
        });
        sizes.chain(self.asked).max().unwrap_or(self.otherwise)
    }
}

impl Weight {
    /// Returns the number of fields for these values of variables. It takes at most as long as the document has fields,
    /// fragments spread.
    pub(super) fn at(&self, variables: &JsonMap) -> u64 {
        let varying =
            self.varying.iter().map(|(items, each)| items.at(variables).saturating_mul(each.at(variables)));
        varying.fold(self.known, u64::saturating_add)
    }

    /// Returns so many fields more.
    pub(super) fn and(self, more: u64) -> Self {
        Self { known: self.known.saturating_add(more), ..self }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.known = self.known.saturating_add(other.known);
        self.varying.extend(other.varying);
    }

    /// Adds what other places add as well.
    pub(super) fn share(&mut self, other: &Arc<Self>) {
        if other.varying.is_empty() {
            self.known = self.known.saturating_add(other.known);
        } else {
            self.varying.push((Items::exactly(1), other.clone()));
        }
    }

    /// Returns one field more than `items` times this.
    pub(super) fn below(self, items: Items) -> Self {
        match items.known() {
            Some(count) if self.varying.is_empty() => {
                Self { known: self.known.saturating_mul(count).saturating_add(1), varying: Vec::new() }
            }
            Some(1) => Self { known: self.known.saturating_add(1), ..self },
            _ => Self { known: 1, varying: vec![(items, Arc::new(self))] },
        }
    }
}
