//! The shape of an answer. The library writes the fields of the first level when each is ready, and leaves out a field that
//! failed; the specification has them in the order of the document, and null where a field failed or, where it may not be
//! null, in place of the nearest thing around it that may.

use std::{
    any::TypeId,
    collections::{HashMap, HashSet},
    sync::{Arc, LazyLock, OnceLock},
};

use async_graphql::{
    Name, PathSegment, Positioned, Request, Response, Value,
    indexmap::IndexMap,
    parser::{
        parse_schema,
        types::{
            BaseType, Field, FragmentDefinition, OperationDefinition, OperationType, Selection, SelectionSet,
            Type, TypeKind, TypeSystemDefinition,
        },
    },
};

/// The fragments of a document, by name.
pub(crate) type Fragments = HashMap<Name, Positioned<FragmentDefinition>>;

/// What an operation asks for.
#[derive(Debug)]
pub(crate) struct Shape {
    operation: OperationDefinition,
    fragments: Arc<Fragments>,
    /// The keys of the first level, once they were needed.
    keys: OnceLock<Vec<Name>>,
}

/// Selections that answer together, each with the type it is of.
type Selected<'a> = Vec<(&'a str, &'a SelectionSet)>;

impl Shape {
    /// Returns the shape of the answers to an operation.
    pub(crate) fn new(operation: OperationDefinition, fragments: Arc<Fragments>) -> Self {
        Self { operation, fragments, keys: OnceLock::new() }
    }

    /// Returns the shape that a request carries.
    pub(super) fn of(request: &Request) -> Option<Arc<Self>> {
        request.data.get(&TypeId::of::<Arc<Self>>())?.downcast_ref::<Arc<Self>>().cloned()
    }

    /// Gives an answer its shape.
    pub(super) fn give(&self, response: &mut Response) {
        let paths: Vec<Vec<PathSegment>> =
            response.errors.iter().map(|error| error.path.clone()).filter(|path| !path.is_empty()).collect();
        for path in &paths {
            self.fill(&mut response.data, &self.selected(), path);
        }
        for path in &paths {
            self.clear(&mut response.data, path);
        }
        if let Value::Object(fields) = &mut response.data {
            let mut sorted = IndexMap::with_capacity(fields.len());
            sorted.extend(self.keys().iter().filter_map(|key| fields.swap_remove_entry(key)));
            sorted.append(fields);
            *fields = sorted;
        }
    }

    /// Writes null where a field failed, at its place among the others.
    fn fill(&self, value: &mut Value, selected: &Selected<'_>, path: &[PathSegment]) {
        let Some((step, rest)) = path.split_first() else { return };
        match step {
            PathSegment::Index(place) => {
                if let Value::List(items) = value
                    && let Some(item) = items.get_mut(*place)
                {
                    self.fill(item, selected, rest);
                }
            }
            PathSegment::Field(key) => {
                // An object none of whose fields were ready is null to the library.
                if *value == Value::Null {
                    *value = Value::Object(IndexMap::new());
                }
                let Value::Object(fields) = value else { return };
                if let Some(known) = fields.get_mut(key.as_str()) {
                    if let Some((_, below)) = self.field(selected, key) {
                        self.fill(known, &below, rest);
                    }
                    return;
                }
                let keys = self.keys_of(selected);
                let place = keys.iter().position(|other| other.as_str() == key).unwrap_or(keys.len());
                let later = |name: &Name| keys.iter().skip(place + 1).any(|other| *other == name);
                let before = fields.keys().position(later).unwrap_or(fields.len());
                fields.shift_insert(before, Name::new(key), Value::Null);
            }
        }
    }

    /// Where a field failed that may not be null, writes null in place of what is around it.
    fn clear(&self, data: &mut Value, path: &[PathSegment]) {
        let (mut selected, mut of): (_, Option<&Type>) = (self.selected(), None);
        // How much of the path leads to the last thing that may be null; without any, that is the whole answer.
        let mut nullable = 0;
        for (place, step) in path.iter().enumerate() {
            of = match (step, of) {
                (PathSegment::Field(key), _) => {
                    let Some((of, below)) = self.field(&selected, key) else { return };
                    selected = below;
                    Some(of)
                }
                (PathSegment::Index(_), Some(Type { base: BaseType::List(item), .. })) => Some(&**item),
                (PathSegment::Index(_), _) => return,
            };
            if of.is_some_and(|of| of.nullable) {
                nullable = place + 1;
            }
        }
        let mut value = data;
        for step in &path[..nullable] {
            let next = match (step, value) {
                (PathSegment::Field(key), Value::Object(fields)) => fields.get_mut(key.as_str()),
                (PathSegment::Index(place), Value::List(items)) => items.get_mut(*place),
                _ => None,
            };
            let Some(next) = next else { return };
            value = next;
        }
        *value = Value::Null;
    }

    fn selected(&self) -> Selected<'_> {
        let root = match self.operation.ty {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => "Subscription",
        };
        vec![(root, &self.operation.selection_set.node)]
    }

    fn keys(&self) -> &[Name] {
        self.keys.get_or_init(|| self.keys_of(&self.selected()).into_iter().cloned().collect())
    }

    /// Returns the type of the field under `key`, and what is selected below it.
    fn field<'a>(&'a self, selected: &Selected<'a>, key: &str) -> Option<(&'static Type, Selected<'a>)> {
        let (mut found, mut below) = (None, Selected::new());
        self.each(selected, &mut |parent, field| {
            if field.response_key().node.as_str() == key
                && let Some(of) = TYPES.get(parent).and_then(|fields| fields.get(field.name.node.as_str()))
            {
                found = Some(of);
                below.push((named(&of.base), &field.selection_set.node));
            }
        });
        found.map(|of| (of, below))
    }

    /// Returns the keys of an object in the order of the document.
    fn keys_of<'a>(&'a self, selected: &Selected<'a>) -> Vec<&'a Name> {
        let (mut keys, mut seen) = (Vec::new(), HashSet::new());
        self.each(selected, &mut |_, field| {
            let key = &field.response_key().node;
            if seen.insert(key) {
                keys.push(key);
            }
        });
        keys
    }

    /// Visits every selected field, those of fragments too, each fragment once.
    fn each<'a>(&'a self, selected: &Selected<'a>, visit: &mut impl FnMut(&'a str, &'a Field)) {
        let mut seen = HashSet::new();
        let mut stack: Vec<(&'a str, &'a Selection)> = Vec::new();
        let push = |stack: &mut Vec<_>, parent: &'a str, set: &'a SelectionSet| {
            stack.extend(set.items.iter().rev().map(|item| (parent, &item.node)));
        };
        for (parent, set) in selected.iter().rev() {
            push(&mut stack, parent, set);
        }
        while let Some((parent, selection)) = stack.pop() {
            match selection {
                Selection::Field(field) => visit(parent, &field.node),
                Selection::InlineFragment(inline) => {
                    let on = inline.node.type_condition.as_ref().map(|on| on.node.on.node.as_str());
                    push(&mut stack, on.unwrap_or(parent), &inline.node.selection_set.node);
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    if let Some(fragment) = self.fragments.get(name)
                        && seen.insert(name)
                    {
                        let on = fragment.node.type_condition.node.on.node.as_str();
                        push(&mut stack, on, &fragment.node.selection_set.node);
                    }
                }
            }
        }
    }
}

/// The type of every field of the schema, by its own type and name.
static TYPES: LazyLock<HashMap<String, HashMap<String, Type>>> = LazyLock::new(|| {
    let document = parse_schema(super::sdl()).expect("the served schema is one, which the tests read too");
    let definitions = document.definitions.into_iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(definition) => Some(definition.node),
        _ => None,
    });
    let fields = definitions.filter_map(|definition| {
        let fields = match definition.kind {
            TypeKind::Object(object) => object.fields,
            TypeKind::Interface(interface) => interface.fields,
            _ => return None,
        };
        let fields = fields.into_iter().map(|field| (field.node.name.node.to_string(), field.node.ty.node));
        Some((definition.name.node.to_string(), fields.collect()))
    });
    fields.collect()
});

fn named(of: &BaseType) -> &str {
    match of {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(item) => named(&item.base),
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{
        ServerError,
        parser::{parse_query, types::ExecutableDocument},
    };
    use serde_json::json;

    use super::*;

    /// An answer as the library gives it, in the shape that a document asks for.
    fn shaped(document: &str, data: serde_json::Value, failed: &[&str]) -> String {
        let mut response = Response::new(Value::from_json(data).unwrap());
        response.errors.extend(failed.iter().map(|path| {
            let step = |step: &str| match step.parse() {
                Ok(place) => PathSegment::Index(place),
                Err(_) => PathSegment::Field(step.to_owned()),
            };
            ServerError { path: path.split('.').map(step).collect(), ..ServerError::new("it failed", None) }
        }));
        let ExecutableDocument { operations, fragments } = parse_query(document).unwrap();
        let (_, operation) = operations.iter().next().unwrap();
        Shape::new(operation.node.clone(), fragments.into()).give(&mut response);
        serde_json::to_string(&response.data).unwrap()
    }

    #[test]
    fn the_first_level_stands_as_in_the_document() {
        let document = "query { c: __typename ...f ... { d: __typename } a: __typename ...f }
            fragment f on Query { x: __typename ...g } fragment g on Query { y: __typename }";
        assert_eq!(shaped(document, json!({ "a": 1, "y": 2, "c": 3 }), &[]), r#"{"c":3,"y":2,"a":1}"#);
    }

    #[test]
    fn a_field_that_failed_is_null_at_its_place() {
        let document = "{ role(by: {}) { slug pay: salary { currency } title } }";
        let whole = json!({ "role": { "slug": "a", "title": "A" } });
        let expected = r#"{"role":{"slug":"a","pay":null,"title":"A"}}"#;
        assert_eq!(shaped(document, whole, &["role.pay"]), expected);
    }

    #[test]
    fn an_object_whose_only_field_failed_is_there() {
        let document = "{ roles { nodes { ...f } } } fragment f on Role { salary { currency } }";
        let data = json!({ "roles": { "nodes": [null, null] } });
        let failed = ["roles.nodes.0.salary", "roles.nodes.1.salary"];
        assert_eq!(
            shaped(document, data, &failed),
            r#"{"roles":{"nodes":[{"salary":null},{"salary":null}]}}"#
        );
        assert_eq!(shaped("{ region(code: 1) { name } }", json!(null), &["region"]), r#"{"region":null}"#);
    }

    #[test]
    fn what_may_not_be_null_takes_what_is_around_it_along() {
        let document = "{ role(by: {}) { salary { currency percentile(p: 0) { text } } slug } }";
        let data = json!({ "role": { "salary": { "currency": "USD" }, "slug": "a" } });
        let failed = ["role.salary.percentile"];
        assert_eq!(shaped(document, data, &failed), r#"{"role":{"salary":null,"slug":"a"}}"#);
        let data = json!({ "roles": { "nodes": [{ "slug": "a" }, {}] } });
        assert_eq!(shaped("{ roles { nodes { slug title } } }", data, &["roles.nodes.1.title"]), "null");
    }
}
