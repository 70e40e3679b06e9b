//! A document that was read: parsed, weighed, judged, and ready to be asked again and again.

use std::sync::Arc;

use apollo_compiler::response::{JsonMap, JsonValue};
use async_graphql::{
    Name, Positioned, Request, ServerError, Variables,
    parser::{
        self, parse_query,
        types::{DocumentOperations, ExecutableDocument, OperationDefinition},
    },
};
use sha2::{Digest as _, Sha256};

use super::{
    Admitted, Cost, Limits, Refusal,
    absent::{self, Names},
    refusal,
    rules::{self, Declared},
    scale, scan, too_much,
    weight::Weight,
};
use crate::graphql::{Fragments, Shape};

/// Bytes that a word or sign of a document takes once it is parsed, about.
const TOKEN: u64 = 250;

/// A document that may be run.
pub(in crate::http) struct Document {
    digest: [u8; 32],
    operations: Vec<Operation>,
    fragments: Arc<Fragments>,
    /// The variables by which something is left out.
    conditions: Names,
    bytes: u64,
}

struct Operation {
    name: Option<Name>,
    parsed: Positioned<OperationDefinition>,
    /// Its variables; none where it has none.
    declared: Option<Declared>,
    fields: u64,
    depth: usize,
    answer: Weight,
    shape: Arc<Shape>,
}

/// The operation and the fragments that are run.
type Parsed = (Positioned<OperationDefinition>, Fragments);

impl Limits {
    /// Reads a document. Whatever is too much is refused before it is parsed, or else before it is judged.
    pub(in crate::http) fn read(&self, text: &str) -> Result<Document, Refusal> {
        let tokens = scan::scan(text, self.tokens).map_err(one)?;
        let parsed = parse(text).map_err(one)?;
        let measures = scale::weigh(&parsed, self).map_err(one)?;
        let judged = rules::judge(text, self.suggestions)?;
        let conditions = conditions(&parsed);
        let fragments = Arc::new(parsed.fragments);
        let operations =
            parsed.operations.iter().zip(measures).map(|((name, operation), measure)| Operation {
                name: name.cloned(),
                shape: Shape::new(operation.node.clone(), fragments.clone()).into(),
                parsed: operation.clone(),
                declared: judged.declared(name.map(Name::as_str)),
                fields: measure.fields,
                depth: measure.depth,
                answer: measure.answer,
            });
        Ok(Document {
            digest: Sha256::digest(text).into(),
            operations: operations.collect(),
            fragments,
            conditions,
            bytes: tokens as u64 * TOKEN,
        })
    }
}

impl Document {
    /// Returns the SHA-256 of the text.
    pub(in crate::http) fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    /// Returns how much memory it takes, about.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Makes a request of the operation called `name`, or of the only one.
    pub(in crate::http) fn ask(
        &self,
        limits: &Limits,
        name: Option<&str>,
        variables: &JsonMap,
    ) -> Result<Admitted, Refusal> {
        let operation = self.operation(name).map_err(one)?;
        let variables = match &operation.declared {
            Some(declared) => declared.coerce(variables).map_err(one)?,
            None => JsonMap::new(),
        };
        self.decided(&variables).map_err(one)?;
        let cost = Cost {
            answer: operation.answer.at(&variables),
            fields: operation.fields,
            depth: operation.depth,
        };
        limits.judge_answer(&cost).map_err(one)?;
        let (parsed, fragments) = self.given(operation, &variables);
        let variables = async_graphql::to_value(&variables).unwrap_or_default();
        // The text is not looked at again.
        let request = Request::new(String::new()).variables(Variables::from_value(variables));
        let mut request = request.data(operation.shape.clone());
        request.set_parsed_query(ExecutableDocument {
            operations: DocumentOperations::Single(parsed),
            fragments,
        });
        Ok(Admitted { request, cost, kind: operation.parsed.node.ty })
    }

    /// Refuses null where it has to be said whether something is left out: a default may make room for it.
    fn decided(&self, variables: &JsonMap) -> Result<(), ServerError> {
        let null =
            self.conditions.iter().find(|name| variables.get(name.as_str()).is_some_and(JsonValue::is_null));
        null.map_or(Ok(()), |name| {
            let message = format!("`${name}` is null, and @include and @skip need true or false");
            Err(refusal("BAD_USER_INPUT", message))
        })
    }

    /// Returns the operation and the fragments as these values leave them.
    fn given(&self, operation: &Operation, variables: &JsonMap) -> Parsed {
        let (mut parsed, mut fragments) = (operation.parsed.clone(), Fragments::clone(&self.fragments));
        let absent = operation.declared.as_ref().map(|declared| declared.absent(variables));
        if let Some(absent) = absent.filter(|absent| !absent.is_empty()) {
            absent::strip(&mut parsed, &mut fragments, &absent);
        }
        (parsed, fragments)
    }

    fn operation(&self, name: Option<&str>) -> Result<&Operation, ServerError> {
        let wrong = |message: String| refusal("BAD_USER_INPUT", message);
        match (name, &self.operations[..]) {
            (None, [only]) => Ok(only),
            (None, _) => Err(wrong("`operationName` is missing: the document has several operations".into())),
            (Some(name), all) => all
                .iter()
                .find(|operation| operation.name.as_deref() == Some(name))
                .ok_or_else(|| wrong(format!("`operationName`: the document has no operation `{name}`"))),
        }
    }
}

impl Limits {
    pub(super) fn judge(&self, fields: u64, depth: usize) -> Result<(), ServerError> {
        if depth > self.depth {
            return Err(too_much("nests fields deeper than", self.depth, "levels"));
        }
        if fields > self.fields {
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

/// Returns the variables that any operation or fragment leaves something out by.
fn conditions(parsed: &ExecutableDocument) -> Names {
    let operations = parsed.operations.iter().map(|(_, operation)| &operation.node.selection_set.node);
    let fragments = parsed.fragments.values().map(|fragment| &fragment.node.selection_set.node);
    absent::conditions(operations.chain(fragments))
}

fn parse(text: &str) -> Result<ExecutableDocument, ServerError> {
    parse_query(text).map_err(|error| {
        let locations = error.positions().collect();
        ServerError { locations, ..refusal("GRAPHQL_PARSE_FAILED", in_words(&error)) }
    })
}

/// Says in a sentence what the parser draws under the line: where the document goes wrong, and what could stand there.
fn in_words(error: &parser::Error) -> String {
    let parser::Error::Syntax { message, start, .. } = error else { return error.to_string() };
    let expected = message.rsplit_once("= ").map_or(message.as_str(), |(_, last)| last);
    let expected = expected.replace("EOI", "the end of the document").replace('_', " ");
    format!("the document goes wrong at line {}, column {}: {expected}", start.line, start.column)
}

fn one(error: ServerError) -> Refusal {
    vec![error]
}
