//! The rules of the specification, for documents and for the values of variables, judged by apollo-compiler: the library
//! that runs them leaves some out.

use std::sync::LazyLock;

use apollo_compiler::{
    ExecutableDocument, Schema,
    executable::{Operation, SelectionSet},
    parser::SourceMap,
    request::coerce_variable_values,
    response::{GraphQLError, JsonMap},
    schema::ExtendedType,
    validation::{DiagnosticList, Valid},
};
use async_graphql::{Name, Pos, ServerError, Variables};

use super::{Refusal, absent::Names, likely::likely, refusal};
use crate::graphql;

/// Most errors that are told of one document.
const MOST_ERRORS: usize = 100;

/// Returns the served schema.
pub(super) fn schema() -> &'static Valid<Schema> {
    static SCHEMA: LazyLock<Valid<Schema>> = LazyLock::new(|| read().expect("the tests read it too"));
    &SCHEMA
}

fn read() -> Result<Valid<Schema>, DiagnosticList> {
    let mut schema = Schema::parse(graphql::sdl(), "schema.graphql").map_err(|wrong| wrong.errors)?;
    // The library does not say whether a directive is deprecated.
    if let Some(ExtendedType::Object(directive)) = schema.types.get_mut("__Directive") {
        directive.make_mut().fields.retain(|name, _| !name.as_str().to_lowercase().contains("deprecat"));
    }
    schema.validate().map_err(|wrong| wrong.errors)
}

/// A document that fits the schema.
pub(super) struct Judged(Valid<ExecutableDocument>);

/// Judges a document. Its cost must be known to be small.
pub(super) fn judge(text: &str, suggestions: bool) -> Result<Judged, Refusal> {
    ExecutableDocument::parse_and_validate(schema(), text, "document.graphql").map(Judged).map_err(|wrong| {
        let told = wrong.errors.iter().take(MOST_ERRORS).map(|diagnostic| {
            let mut error = diagnostic.to_json();
            if suggestions && let Some(names) = likely(&error.message) {
                error.message += &names;
            }
            located("GRAPHQL_VALIDATION_FAILED", error)
        });
        told.collect()
    })
}

impl Judged {
    /// Returns the variables of an operation, if it has any.
    pub(super) fn declared(&self, name: Option<&str>) -> Option<Declared> {
        let operation =
            self.0.operations.get(name).ok().filter(|operation| !operation.variables.is_empty())?;
        Some(Declared(Operation {
            selection_set: SelectionSet::new(operation.object_type().clone()),
            ..Operation::clone(operation)
        }))
    }
}

/// The variables of an operation, without its fields.
pub(super) struct Declared(Operation);

impl Declared {
    /// Returns the values the operation runs with: those that were sent, as their types have it, and defaults.
    pub(super) fn coerce(&self, sent: &JsonMap) -> Result<JsonMap, ServerError> {
        coerce_variable_values(schema(), &self.0, sent)
            .map(Valid::into_inner)
            .map_err(|wrong| located("BAD_USER_INPUT", wrong.to_graphql_error(&SourceMap::default())))
    }

    /// Returns the variables that have no value, sent or by default.
    pub(super) fn absent(&self, values: &JsonMap) -> Names {
        let names = self.0.variables.iter().map(|variable| variable.name.as_str());
        names.filter(|name| !values.contains_key(*name)).map(Name::new).collect()
    }
}

/// Returns variables as JSON.
pub(in crate::http) fn json(variables: Variables) -> JsonMap {
    let json = variables.into_value().into_json().and_then(serde_json::from_value);
    json.unwrap_or_default()
}

fn located(code: &str, error: GraphQLError) -> ServerError {
    let locations = error.locations.iter().map(|at| Pos { line: at.line, column: at.column }).collect();
    ServerError { locations, ..refusal(code, error.message) }
}
