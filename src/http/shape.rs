//! What the gate knows of the schema: which fields are lists, which are pages, and what lies below them.

use std::{collections::HashMap, sync::LazyLock};

use async_graphql::parser::{
    parse_schema,
    types::{BaseType, OperationType, Type, TypeKind, TypeSystemDefinition},
};

use crate::graphql;

/// A type of the schema, by its place; `None` for one that is not in it.
pub(super) type Shape = Option<usize>;

/// What is known of a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Known {
    /// The type below it.
    pub of: Shape,
    /// Whether it is a list.
    pub list: bool,
    /// Whether it is one page of a longer list.
    pub pages: bool,
}

/// The types of the schema and their fields.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    types: HashMap<String, usize>,
    fields: HashMap<(usize, String), Known>,
}

/// Returns the served schema.
pub(super) fn shape() -> &'static Shapes {
    static SHAPES: LazyLock<Shapes> = LazyLock::new(|| Shapes::of(&graphql::sdl()));
    &SHAPES
}

/// Lists of the introspection types, which no schema prints.
const INTROSPECTION: [&str; 8] =
    ["types", "fields", "args", "inputFields", "interfaces", "enumValues", "possibleTypes", "directives"];

impl Shapes {
    fn of(sdl: &str) -> Self {
        let mut shapes = Self::default();
        let document = parse_schema(sdl).map(|document| document.definitions).unwrap_or_default();
        for definition in document {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let fields = match definition.node.kind {
                TypeKind::Object(object) => object.fields,
                TypeKind::Interface(interface) => interface.fields,
                _ => continue,
            };
            let of = shapes.place(&definition.node.name.node);
            for field in fields {
                let paged = field.node.arguments.iter().any(|argument| argument.node.name.node == "first");
                let (name, list) = base(&field.node.ty.node);
                let known = Known { of: Some(shapes.place(name)), list, pages: paged };
                shapes.fields.insert((of, field.node.name.node.to_string()), known);
            }
        }
        shapes
    }

    fn place(&mut self, name: &str) -> usize {
        let next = self.types.len();
        *self.types.entry(name.to_owned()).or_insert(next)
    }

    /// Returns the type called `name`.
    pub(super) fn named(&self, name: &str) -> Shape {
        self.types.get(name).copied()
    }

    /// Returns the type an operation begins at.
    pub(super) fn root(&self, operation: OperationType) -> Shape {
        self.named(match operation {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => "Subscription",
        })
    }

    /// Returns what is known of a field. Validation will say that an unknown one is not there.
    pub(super) fn field(&self, of: Shape, name: &str) -> Known {
        let known = of.and_then(|of| self.fields.get(&(of, name.to_owned()))).copied();
        known.unwrap_or_else(|| Known { list: INTROSPECTION.contains(&name), ..Known::default() })
    }
}

fn base(ty: &Type) -> (&str, bool) {
    match &ty.base {
        BaseType::Named(name) => (name, false),
        BaseType::List(inner) => (base(inner).0, true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_says_what_is_a_page() {
        let query = shape().root(OperationType::Query);
        let bands = shape().field(query, "salaryBands");
        assert!(bands.pages && !bands.list);
        assert!(shape().field(bands.of, "nodes").list);
        assert!(shape().field(query, "sources").list);
        assert_eq!(shape().field(None, "name"), Known::default());
    }
}
