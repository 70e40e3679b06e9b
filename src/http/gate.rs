//! Cost of a document before anything is done with it: one pass over its text, one parse, one walk with memoised
//! fragments. What passes is handed on parsed.
//!
//! The library's own limits expand fragments again and again, which a few hundred bytes can make last for seconds.

use std::collections::HashMap;

use async_graphql::{
    ErrorExtensionValues, Pos, Request, ServerError, Variables,
    parser::{
        parse_query,
        types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType},
    },
};
use serde::Serialize;

use super::shape::shape;

mod scale;
mod scan;

use self::scale::Scale;

/// The longest document, in bytes.
pub const MAX_TEXT: usize = 64 * 1024;
/// How deep brackets of any kind may stand in each other.
const MAX_NESTING: usize = 60;

/// What one document may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// Words, numbers, strings and signs.
    pub tokens: usize,
    /// How deep fields may stand in each other, fragments spread.
    pub depth: usize,
    /// Fields, fragments spread.
    pub fields: u64,
    /// Fields of an answer, by the sizes of the pages asked for.
    pub answer: u64,
    /// Whether the schema may be asked for.
    #[serde(skip)]
    pub introspection: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self { tokens: 10_000, depth: 30, fields: 5_000, answer: 1_000_000, introspection: true }
    }
}

/// What a document costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Cost {
    /// Fields of the answer, by the sizes of the pages asked for.
    pub answer: u64,
    /// Fields of the document, fragments spread.
    pub fields: u64,
    /// Levels of fields.
    pub depth: usize,
}

/// Parses and weighs a document by the limits that hold unless others are configured.
pub fn admit(
    document: String,
    operation: Option<String>,
    variables: Variables,
) -> Result<Request, ServerError> {
    Limits::default().admit(document, operation, variables).map(|(request, _)| request)
}

/// Returns what the operation that would run is; nothing where none is chosen.
pub fn kind(request: &mut Request) -> Option<OperationType> {
    let name = request.operation_name.clone();
    let document = request.parsed_query().ok()?;
    chosen(document, name.as_deref()).map(|operation| operation.ty)
}

impl Limits {
    /// Parses and weighs a document. What passes is ready to execute.
    pub fn admit(
        &self,
        document: String,
        operation: Option<String>,
        variables: Variables,
    ) -> Result<(Request, Cost), ServerError> {
        let parsed = self.parse(&document)?;
        let cost = self.weigh(&parsed, operation.as_deref(), &variables)?;
        let mut request = Request::new(document).variables(variables);
        request.operation_name = operation;
        request.set_parsed_query(parsed);
        Ok((request, cost))
    }

    fn parse(&self, document: &str) -> Result<ExecutableDocument, ServerError> {
        scan::scan(document, self.tokens)?;
        parse_query(document).map_err(|error| {
            let positions: Vec<Pos> = error.positions().collect();
            let mut refusal = refusal("GRAPHQL_PARSE_FAILED", error.to_string());
            refusal.locations = positions;
            refusal
        })
    }

    /// Returns the cost of the operation that would run. The others, and fragments that nothing spreads, must keep the
    /// limits of documents as well: validation walks them too.
    fn weigh(
        &self,
        document: &ExecutableDocument,
        name: Option<&str>,
        variables: &Variables,
    ) -> Result<Cost, ServerError> {
        let introspection = self.introspection;
        let (mut fields, mut asked) = (0_u64, Cost::default());
        for (_, operation) in document.operations.iter() {
            let of = &operation.node;
            let (operation, fragments) = (Some(of), HashMap::new());
            let mut scale = Scale { document, operation, variables, introspection, fragments };
            let cost = scale.selection(shape().root(of.ty), &of.selection_set.node, 0)?;
            fields = cost.fields.saturating_add(fields);
            self.judge(Cost { fields, ..cost })?;
            if chosen(document, name).is_none_or(|chosen| std::ptr::eq(chosen, of)) {
                self.judge_answer(&cost)?;
                asked = cost;
            }
        }
        let mut scale =
            Scale { document, operation: None, variables, introspection, fragments: HashMap::new() };
        for name in document.fragments.keys() {
            self.judge(scale.fragment(name, 0)?)?;
        }
        Ok(asked)
    }

    fn judge(&self, cost: Cost) -> Result<(), ServerError> {
        if cost.depth > self.depth {
            return Err(too_much("nests fields deeper than", self.depth, "levels"));
        }
        if cost.fields > self.fields {
            return Err(too_much("has more than", self.fields, "fields, fragments spread"));
        }
        Ok(())
    }

    fn judge_answer(&self, cost: &Cost) -> Result<(), ServerError> {
        if cost.answer <= self.answer {
            return Ok(());
        }
        let (could, most) = (cost.answer, self.answer);
        let message =
            format!("the answer could have {could} fields, more than {most}: ask for smaller pages");
        Err(refusal("QUERY_TOO_COSTLY", message))
    }
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

fn too_much(what: &str, most: impl std::fmt::Display, unit: &str) -> ServerError {
    refusal("QUERY_TOO_COSTLY", format!("the document {what} {most} {unit}"))
}

/// Makes an error with a code.
pub(crate) fn refusal(code: &str, message: String) -> ServerError {
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", code);
    let mut error = ServerError::new(message, None);
    error.extensions = Some(extensions);
    error
}

#[cfg(test)]
mod tests;
