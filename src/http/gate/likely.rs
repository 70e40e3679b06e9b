//! Known names that one that is not known may have meant.

use apollo_compiler::{Name, Node, ast::InputValueDefinition, schema::ExtendedType};

use super::rules::schema;

/// Most names that are suggested.
const MOST: usize = 5;
/// The longest name that is compared with others.
const LONGEST: usize = 100;

/// Returns what to add to an error about a name that the schema does not have.
pub(super) fn likely(message: &str) -> Option<String> {
    let parts: Vec<&str> = message.split('`').collect();
    let (unknown, known) = match parts[..] {
        ["type ", of, " does not have a field ", name, ""] => (name, fields(of)),
        ["the argument ", name, " is not supported by ", of, ""] => (name, arguments(of)),
        ["value " | "field ", name, " does not exist on ", of, ""] => (name, members(of)),
        ["cannot find type " | "type condition ", name, ..] => (name, types()),
        ["cannot find directive ", name, ..] => (name.trim_start_matches('@'), directives()),
        _ => return None,
    };
    let near = nearest(unknown, known);
    (!near.is_empty()).then(|| format!(". Did you mean {}?", near.join(" or ")))
}

fn nearest(unknown: &str, known: Vec<&'static str>) -> Vec<String> {
    if unknown.len() > LONGEST {
        return Vec::new();
    }
    let most = unknown.len() * 2 / 5 + 1;
    let lower = unknown.to_lowercase();
    let far = |name: &'static str| (strsim::levenshtein(&lower, &name.to_lowercase()), name);
    let mut near: Vec<_> = known.into_iter().map(far).filter(|(far, _)| *far <= most).collect();
    near.sort_unstable();
    near.into_iter().take(MOST).map(|(_, name)| format!("`{name}`")).collect()
}

fn fields(of: &str) -> Vec<&'static str> {
    match schema().types.get(of) {
        Some(ExtendedType::Object(of)) => of.fields.keys().map(Name::as_str).collect(),
        Some(ExtendedType::Interface(of)) => of.fields.keys().map(Name::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The values of an enum, or the fields of an input.
fn members(of: &str) -> Vec<&'static str> {
    match schema().types.get(of) {
        Some(ExtendedType::Enum(of)) => of.values.keys().map(Name::as_str).collect(),
        Some(ExtendedType::InputObject(of)) => of.fields.keys().map(Name::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The arguments of `Type.field` or `@directive`.
fn arguments(of: &str) -> Vec<&'static str> {
    let names = |arguments: &'static [Node<InputValueDefinition>]| {
        arguments.iter().map(|argument| argument.name.as_str()).collect()
    };
    if let Some(directive) = of.strip_prefix('@') {
        return schema()
            .directive_definitions
            .get(directive)
            .map(|of| names(&of.arguments))
            .unwrap_or_default();
    }
    let field = of.split_once('.').and_then(|(of, field)| schema().type_field(of, field).ok());
    field.map(|field| names(&field.arguments)).unwrap_or_default()
}

fn types() -> Vec<&'static str> {
    schema().types.keys().map(Name::as_str).collect()
}

fn directives() -> Vec<&'static str> {
    schema().directive_definitions.keys().map(Name::as_str).collect()
}
