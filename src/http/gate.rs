//! What stands before the schema. A document is weighed in linear time, then judged by the rules of the specification,
//! and only then run; one that was seen before is neither parsed nor weighed nor judged again.
//!
//! The library's own limits expand fragments again and again, which a few hundred bytes can make last for seconds.

use async_graphql::{ErrorExtensionValues, Request, ServerError, Variables, parser::types::OperationType};
use serde::Serialize;

use crate::config::Config;

mod absent;
mod document;
mod known;
mod likely;
mod rules;
mod scale;
mod scan;
mod weight;

use self::known::{Known, Outcome};
pub(super) use self::{document::Document, rules::json};

/// The longest document, in bytes.
pub const MAX_TEXT: usize = 64 * 1024;
/// How deep brackets of any kind may stand in each other.
const MAX_NESTING: usize = 60;

/// Why a document is not run: at least one error.
pub type Refusal = Vec<ServerError>;

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
    /// Whether an error about a name suggests known ones.
    #[serde(skip)]
    pub suggestions: bool,
}

impl Limits {
    /// Returns those that are configured.
    pub fn of(config: &Config) -> Self {
        Self {
            tokens: config.max_tokens,
            depth: config.max_depth,
            fields: config.max_fields,
            answer: config.max_cost,
            introspection: config.introspection,
            suggestions: config.suggestions,
        }
    }

    /// Reads a document, and makes a request of it.
    ///
    /// # Errors
    ///
    /// Fails where the document is too much, breaks a rule, or does not fit its variables.
    pub fn admit(
        &self,
        document: &str,
        operation: Option<&str>,
        variables: Variables,
    ) -> Result<Request, Refusal> {
        let variables = json(variables);
        let admitted = self.read(document).and_then(|read| read.ask(self, operation, &variables));
        admitted.map(|admitted| admitted.request)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::of(&Config::default())
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

impl Cost {
    /// What is taken for a document that is judged and refused.
    pub(super) const REFUSED: Self = Self { answer: 10, fields: 0, depth: 0 };
}

/// A request that may run.
pub(super) struct Admitted {
    pub request: Request,
    pub cost: Cost,
    pub kind: OperationType,
}

/// Reads a document by the limits that hold unless others are configured, and makes a request of it.
pub fn admit(
    document: impl AsRef<str>,
    operation: Option<&str>,
    variables: Variables,
) -> Result<Request, Refusal> {
    Limits::default().admit(document.as_ref(), operation, variables)
}

/// The limits, and the documents that were read by them.
pub(super) struct Gate {
    pub limits: Limits,
    known: Known,
}

impl Gate {
    pub(super) fn new(config: &Config) -> Self {
        Self { limits: Limits::of(config), known: Known::new(config.document_cache) }
    }

    /// Reads a document, or remembers what came of it.
    pub(super) fn read(&self, text: &str) -> Outcome {
        self.known.get(text).unwrap_or_else(|| {
            let outcome = self.limits.read(text).map(Into::into);
            self.known.put(text, &outcome);
            outcome
        })
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
