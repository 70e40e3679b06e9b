//! What a document costs: one walk with memoised fragments.

use std::collections::HashMap;

use async_graphql::{
    ServerError, Variables,
    parser::types::{ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet},
};
use async_graphql_value::Value;

use super::{
    super::shape::{Shape, shape},
    Cost, MAX_NESTING, refusal, too_much,
};

/// How many items a list without a page size is taken to have.
const LIST: u64 = 10;
/// How many items a page has when no size is asked for.
const PAGE: u64 = 20;

/// Weighs the selections of one document.
pub(super) struct Scale<'a> {
    pub(super) document: &'a ExecutableDocument,
    pub(super) operation: Option<&'a OperationDefinition>,
    pub(super) variables: &'a Variables,
    /// Whether the schema may be asked for.
    pub(super) introspection: bool,
    /// What each fragment costs; none while it is being weighed.
    pub(super) fragments: HashMap<&'a str, Option<Cost>>,
}

impl<'a> Scale<'a> {
    pub(super) fn selection(
        &mut self,
        of: Shape,
        set: &'a SelectionSet,
        level: usize,
    ) -> Result<Cost, ServerError> {
        if level > MAX_NESTING {
            return Err(too_much("nests fields and fragments deeper than", MAX_NESTING, "levels"));
        }
        let mut sum = Cost::default();
        for item in &set.items {
            let cost = match &item.node {
                Selection::Field(field) => self.field(of, &field.node, level)?,
                Selection::InlineFragment(fragment) => {
                    let on = fragment.node.type_condition.as_ref();
                    let of = on.map_or(of, |on| shape().named(&on.node.on.node));
                    self.selection(of, &fragment.node.selection_set.node, level + 1)?
                }
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node, level)?,
            };
            sum.answer = sum.answer.saturating_add(cost.answer);
            sum.fields = sum.fields.saturating_add(cost.fields);
            sum.depth = sum.depth.max(cost.depth);
        }
        Ok(sum)
    }

    fn field(&mut self, of: Shape, field: &'a Field, level: usize) -> Result<Cost, ServerError> {
        if !self.introspection && matches!(field.name.node.as_str(), "__schema" | "__type") {
            let message = "this server does not tell its schema to clients; see /schema.graphql";
            return Err(refusal("INTROSPECTION_DISABLED", message.into()));
        }
        let known = shape().field(of, &field.name.node);
        let inner = self.selection(known.of, &field.selection_set.node, level + 1)?;
        let items = match self.page(field) {
            Some(size) => size,
            None if known.pages => PAGE,
            None if known.list => LIST,
            None => 1,
        };
        let field_is_page = known.list && matches!(field.name.node.as_str(), "edges" | "nodes");
        // The size of a page counts where the items are: edges and nodes below carry no size of their own.
        let items = if field_is_page && field.arguments.is_empty() { 1 } else { items };
        Ok(Cost {
            answer: inner.answer.saturating_mul(items).saturating_add(1),
            fields: inner.fields.saturating_add(1),
            depth: inner.depth + 1,
        })
    }

    pub(super) fn fragment(&mut self, name: &'a str, level: usize) -> Result<Cost, ServerError> {
        match self.fragments.get(name) {
            Some(Some(cost)) => return Ok(*cost),
            Some(None) => {
                let message = format!("fragment `{name}` spreads itself");
                return Err(refusal("GRAPHQL_VALIDATION_FAILED", message));
            }
            None => {}
        }
        // Weighed as nothing it could be spread a billion times at no cost.
        let Some(fragment) = self.document.fragments.get(name) else {
            return Err(refusal("GRAPHQL_VALIDATION_FAILED", format!("Unknown fragment: \"{name}\"")));
        };
        self.fragments.insert(name, None);
        let of = shape().named(&fragment.node.type_condition.node.on.node);
        let cost = self.selection(of, &fragment.node.selection_set.node, level + 1)?;
        self.fragments.insert(name, Some(cost));
        Ok(cost)
    }

    /// Returns the page size a field asks for, or how many ids it names.
    fn page(&self, field: &Field) -> Option<u64> {
        let sizes =
            field.arguments.iter().filter(|(name, _)| matches!(name.node.as_str(), "first" | "last" | "ids"));
        sizes.filter_map(|(_, value)| self.size(&value.node)).max()
    }

    fn size(&self, value: &Value) -> Option<u64> {
        match value {
            Value::Number(number) => number.as_u64(),
            Value::List(items) => u64::try_from(items.len()).ok(),
            Value::Variable(name) => match self.variables.get(name) {
                Some(value) => self.size(&value.clone().into_value()),
                None => self.default_of(name),
            },
            _ => None,
        }
    }

    fn default_of(&self, name: &str) -> Option<u64> {
        let definitions = self.operation?.variable_definitions.iter();
        let definition =
            definitions.map(|definition| &definition.node).find(|known| known.name.node == name)?;
        self.size(&definition.default_value.as_ref()?.node.clone().into_value())
    }
}
