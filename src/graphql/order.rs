//! The order of an answer's first level. The library resolves those fields at once and writes each when it is ready;
//! the specification, caches and people want them as they stand in the document.

use std::collections::HashSet;

use async_graphql::{
    Name, Request, Response, Value,
    parser::types::{DocumentOperations, ExecutableDocument, Selection, SelectionSet},
};

/// Returns the keys of the first level in the order of the document.
pub(super) fn keys(request: &mut Request) -> Vec<Name> {
    let name = request.operation_name.clone();
    let Ok(document) = request.parsed_query() else { return Vec::new() };
    let operation = match (&document.operations, name) {
        (DocumentOperations::Single(operation), _) => Some(operation),
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name.as_str()),
        (DocumentOperations::Multiple(operations), None) => operations.values().next(),
    };
    let mut keys = Vec::new();
    if let Some(operation) = operation {
        collect(document, &operation.node.selection_set.node, &mut keys, &mut HashSet::new());
    }
    keys
}

fn collect<'a>(
    document: &'a ExecutableDocument,
    set: &'a SelectionSet,
    keys: &mut Vec<Name>,
    seen: &mut HashSet<&'a Name>,
) {
    for item in &set.items {
        match &item.node {
            Selection::Field(field) => keys.push(field.node.response_key().node.clone()),
            Selection::InlineFragment(inline) => {
                collect(document, &inline.node.selection_set.node, keys, seen);
            }
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                if let Some(fragment) = document.fragments.get(name)
                    && seen.insert(name)
                {
                    collect(document, &fragment.node.selection_set.node, keys, seen);
                }
            }
        }
    }
}

/// Puts the first level of `response` in the order of `keys`.
pub(super) fn restore(response: &mut Response, keys: &[Name]) {
    let Value::Object(fields) = &mut response.data else { return };
    let mut sorted = async_graphql::indexmap::IndexMap::with_capacity(fields.len());
    for key in keys {
        if let Some(value) = fields.swap_remove(key) {
            sorted.insert(key.clone(), value);
        }
    }
    sorted.append(fields);
    *fields = sorted;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_level_stands_as_in_the_document() {
        let mut request = Request::new(
            "query { c ...f ... { d } a: b ...f } fragment f on Query { x ...g } fragment g on Query { y ...f }",
        );
        let keys = keys(&mut request);
        assert_eq!(keys, ["c", "x", "y", "d", "a"]);
        let data = Value::from_json(serde_json::json!({ "a": 1, "y": 2, "c": 3 })).expect("JSON");
        let mut response = Response::new(data);
        restore(&mut response, &keys);
        assert_eq!(response.data.to_string(), "{c: 3, y: 2, a: 1}");
    }
}
