//! What is left of a document where variables have no value: an argument, or a field of an input, whose value is such a
//! variable was not given at all, and has its default. The library would take it for null.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name, Positioned,
    parser::types::{Directive, FragmentDefinition, OperationDefinition, Selection, SelectionSet},
};
use async_graphql_value::Value;

/// Names of variables.
pub(super) type Names = HashSet<Name>;

/// Takes away what `absent` variables do not say.
pub(super) fn strip(
    operation: &mut Positioned<OperationDefinition>,
    fragments: &mut HashMap<Name, Positioned<FragmentDefinition>>,
    absent: &Names,
) {
    selection(&mut operation.node.selection_set.node, absent);
    for fragment in fragments.values_mut() {
        selection(&mut fragment.node.selection_set.node, absent);
    }
}

fn selection(set: &mut SelectionSet, absent: &Names) {
    for item in &mut set.items {
        match &mut item.node {
            Selection::Field(field) => {
                arguments(&mut field.node.arguments, absent);
                selection(&mut field.node.selection_set.node, absent);
            }
            Selection::InlineFragment(fragment) => selection(&mut fragment.node.selection_set.node, absent),
            Selection::FragmentSpread(_) => {}
        }
    }
}

fn arguments(given: &mut Vec<(Positioned<Name>, Positioned<Value>)>, absent: &Names) {
    given.retain(|(_, value)| !is_absent(&value.node, absent));
    for (_, value) in given {
        within(&mut value.node, absent);
    }
}

fn within(value: &mut Value, absent: &Names) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, value| !is_absent(value, absent));
            for value in fields.values_mut() {
                within(value, absent);
            }
        }
        // In a list it is null, as the specification has it.
        Value::List(items) => {
            for value in items {
                within(value, absent);
            }
        }
        _ => {}
    }
}

fn is_absent(value: &Value, absent: &Names) -> bool {
    matches!(value, Value::Variable(name) if absent.contains(name))
}

/// Returns the variables that say whether something is left out.
pub(super) fn conditions<'a>(sets: impl IntoIterator<Item = &'a SelectionSet>) -> Names {
    let mut names = Names::new();
    let mut waiting: Vec<&SelectionSet> = sets.into_iter().collect();
    while let Some(set) = waiting.pop() {
        for item in &set.items {
            let directives = match &item.node {
                Selection::Field(field) => {
                    waiting.push(&field.node.selection_set.node);
                    &field.node.directives
                }
                Selection::InlineFragment(fragment) => {
                    waiting.push(&fragment.node.selection_set.node);
                    &fragment.node.directives
                }
                Selection::FragmentSpread(spread) => &spread.node.directives,
            };
            names.extend(directives.iter().filter_map(|directive| condition(&directive.node)));
        }
    }
    names
}

fn condition(directive: &Directive) -> Option<Name> {
    match &directive.get_argument("if")?.node {
        Value::Variable(name) => Some(name.clone()),
        _ => None,
    }
}
