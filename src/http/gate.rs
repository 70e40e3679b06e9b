//! Cost of a document before anything is done with it: one pass over its text, one parse, one walk with memoised
//! fragments. What passes is handed on parsed.
//!
//! The library's own limits expand fragments again and again, which a few hundred bytes can make last for seconds.

use std::collections::HashMap;

use async_graphql::{
    ErrorExtensionValues, Pos, Request, ServerError, Variables,
    parser::{
        parse_query,
        types::{
            DocumentOperations, ExecutableDocument, Field, OperationDefinition, OperationType, Selection,
            SelectionSet,
        },
    },
};
use async_graphql_value::Value;

use super::shape::{Shape, shape};

/// The longest document, in bytes.
pub const MAX_TEXT: usize = 64 * 1024;
/// Most words, numbers, strings and signs in a document.
const MAX_TOKENS: usize = 10_000;
/// How deep brackets of any kind may stand in each other.
const MAX_NESTING: usize = 60;
/// How deep fields may stand in each other, fragments spread.
const MAX_DEPTH: usize = 30;
/// Most fields, fragments spread.
const MAX_FIELDS: u64 = 5_000;
/// Most fields of an answer, by the sizes of the pages asked for.
const MAX_COST: u64 = 1_000_000;
/// How many items a list without a page size is taken to have.
const LIST: u64 = 10;
/// How many items a page has when no size is asked for.
const PAGE: u64 = 20;

/// What a document costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Cost {
    /// Fields of the answer.
    answer: u64,
    /// Fields of the document, fragments spread.
    fields: u64,
    /// Levels of fields.
    depth: usize,
}

/// Parses and weighs a document. What passes is ready to execute.
pub fn admit(
    document: String,
    operation: Option<String>,
    variables: Variables,
) -> Result<Request, ServerError> {
    let parsed = parse(&document)?;
    weigh(&parsed, operation.as_deref(), &variables)?;
    let mut request = Request::new(document).variables(variables);
    request.operation_name = operation;
    request.set_parsed_query(parsed);
    Ok(request)
}

/// Returns whether the operation that would run only reads.
pub fn only_reads(request: &mut Request) -> bool {
    let name = request.operation_name.clone();
    let Ok(document) = request.parsed_query() else { return true };
    chosen(document, name.as_deref()).is_none_or(|operation| operation.ty == OperationType::Query)
}

fn parse(document: &str) -> Result<ExecutableDocument, ServerError> {
    scan(document)?;
    parse_query(document).map_err(|error| {
        let positions: Vec<Pos> = error.positions().collect();
        let mut refusal = refusal("GRAPHQL_PARSE_FAILED", error.to_string());
        refusal.locations = positions;
        refusal
    })
}

/// Counts tokens and nesting without a parser, whose own recursion a bomb would use up.
fn scan(document: &str) -> Result<(), ServerError> {
    if document.len() > MAX_TEXT {
        return Err(too_much("is longer than", MAX_TEXT, "bytes"));
    }
    let (mut tokens, mut nesting, mut in_word) = (0_usize, 0_usize, false);
    let mut rest = document.as_bytes();
    while let [byte, after @ ..] = rest {
        let word = byte.is_ascii_alphanumeric() || *byte == b'_';
        tokens +=
            usize::from(!(byte.is_ascii_whitespace() || *byte == b',' || *byte == b'#' || (word && in_word)));
        in_word = word;
        rest = match byte {
            b'#' => after_line(after),
            b'"' => after_string(rest),
            _ => after,
        };
        match byte {
            b'{' | b'[' | b'(' => nesting += 1,
            b'}' | b']' | b')' => nesting = nesting.saturating_sub(1),
            _ => {}
        }
        if nesting > MAX_NESTING {
            return Err(too_much("nests brackets deeper than", MAX_NESTING, "levels"));
        }
        if tokens > MAX_TOKENS {
            return Err(too_much("has more than", MAX_TOKENS, "tokens"));
        }
    }
    Ok(())
}

fn after_line(rest: &[u8]) -> &[u8] {
    let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
    &rest[end..]
}

/// Returns what follows a string that `rest` begins with.
fn after_string(rest: &[u8]) -> &[u8] {
    let (quotes, raw) = if rest.starts_with(b"\"\"\"") { (&rest[..3], true) } else { (&rest[..1], false) };
    let mut place = quotes.len();
    while place < rest.len() {
        match rest[place] {
            b'\\' if raw && rest[place + 1..].starts_with(quotes) => place += 4,
            b'\\' if !raw => place += 2,
            _ if rest[place..].starts_with(quotes) => return &rest[place + quotes.len()..],
            _ => place += 1,
        }
    }
    &[]
}

fn chosen<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Option<&'a OperationDefinition> {
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), _) => Some(&operation.node),
        (DocumentOperations::Multiple(operations), Some(name)) => {
            operations.get(name).map(|found| &found.node)
        }
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => {
            operations.values().next().map(|found| &found.node)
        }
        (DocumentOperations::Multiple(_), None) => None,
    }
}

/// Weighs every operation: validation looks at all of them.
fn weigh(
    document: &ExecutableDocument,
    name: Option<&str>,
    variables: &Variables,
) -> Result<(), ServerError> {
    let mut fields = 0;
    for (_, operation) in document.operations.iter() {
        let of = &operation.node;
        let mut scale = Scale { document, operation: of, variables, fragments: HashMap::new() };
        let cost = scale.selection(shape().root(of.ty), &of.selection_set.node, 0)?;
        fields += cost.fields;
        if cost.depth > MAX_DEPTH {
            return Err(too_much("nests fields deeper than", MAX_DEPTH, "levels"));
        }
        if fields > MAX_FIELDS {
            return Err(too_much("has more than", MAX_FIELDS, "fields, fragments spread"));
        }
        let runs = chosen(document, name).is_none_or(|chosen| std::ptr::eq(chosen, of));
        if runs && cost.answer > MAX_COST {
            let asked = format!(
                "the answer could have {} fields, more than {MAX_COST}: ask for smaller pages",
                cost.answer
            );
            return Err(refusal("QUERY_TOO_COSTLY", asked));
        }
    }
    Ok(())
}

struct Scale<'a> {
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
    variables: &'a Variables,
    /// What each fragment costs; none while it is being weighed.
    fragments: HashMap<&'a str, Option<Cost>>,
}

impl<'a> Scale<'a> {
    fn selection(&mut self, of: Shape, set: &'a SelectionSet, level: usize) -> Result<Cost, ServerError> {
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
        let known = shape().field(of, &field.name.node);
        let inner = self.selection(known.of, &field.selection_set.node, level + 1)?;
        let items = match self.page(field) {
            Some(size) => size,
            None if known.pages => PAGE,
            None if known.list => LIST,
            None => 1,
        };
        // The size of a page counts where the items are: edges and nodes below carry no size of their own.
        let items = if known.list
            && matches!(field.name.node.as_str(), "edges" | "nodes")
            && field.arguments.is_empty()
        {
            1
        } else {
            items
        };
        Ok(Cost {
            answer: inner.answer.saturating_mul(items).saturating_add(1),
            fields: inner.fields.saturating_add(1),
            depth: inner.depth + 1,
        })
    }

    fn fragment(&mut self, name: &'a str, level: usize) -> Result<Cost, ServerError> {
        match self.fragments.get(name) {
            Some(Some(cost)) => return Ok(*cost),
            Some(None) => {
                let message = format!("fragment `{name}` spreads itself");
                return Err(refusal("GRAPHQL_VALIDATION_FAILED", message));
            }
            None => {}
        }
        // Validation will say that the fragment is not there.
        let Some(fragment) = self.document.fragments.get(name) else { return Ok(Cost::default()) };
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
        let definitions = self.operation.variable_definitions.iter();
        let definition =
            definitions.map(|definition| &definition.node).find(|known| known.name.node == name)?;
        self.size(&definition.default_value.as_ref()?.node.clone().into_value())
    }
}

fn too_much(what: &str, most: impl std::fmt::Display, unit: &str) -> ServerError {
    refusal("QUERY_TOO_COSTLY", format!("the document {what} {most} {unit}"))
}

/// Makes an error with a code.
pub(super) fn refusal(code: &str, message: String) -> ServerError {
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", code);
    let mut error = ServerError::new(message, None);
    error.extensions = Some(extensions);
    error
}

#[cfg(test)]
mod tests;
