//! What a document costs: one walk with memoised fragments.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{
    ServerError,
    parser::types::{ExecutableDocument, Field, OperationType, Selection, SelectionSet},
};
use async_graphql_value::Value;

use super::{
    Limits, MAX_NESTING, refusal,
    rules::schema,
    too_much,
    weight::{Items, Weight},
};

/// How many items a list without a page size is taken to have.
const LIST: u64 = 10;
/// How many items a page has when no size is asked for.
const PAGE: u64 = 20;

/// Fields that take as much work as this many plain ones, whatever is asked of their answer: they look through a catalog, read
/// a text or ask the database. A plain field takes a few microseconds.
const WORK: &[(&str, &str, u64)] = &[
    ("Query", "checkClaims", 10_000),
    ("Query", "compare", 500),
    ("Query", "growthProjections", 500),
    ("Query", "matchRoles", 500),
    ("Query", "occupations", 500),
    ("Query", "releaseDiff", 10_000),
    ("Query", "roles", 500),
    ("Query", "salaryBands", 500),
    ("Role", "growthHistory", 100),
    ("Role", "salaryHistory", 100),
    ("Role", "trackRecord", 100),
];

/// What a part of a document costs.
#[derive(Clone, Debug, Default)]
pub(super) struct Measure {
    /// Fields, fragments spread.
    pub fields: u64,
    /// Levels of fields.
    pub depth: usize,
    /// Fields of the answer.
    pub answer: Weight,
}

/// Measures each operation. All of them together, and fragments that nothing spreads, must keep the limits: judging them
/// takes time as well.
pub(super) fn weigh(document: &ExecutableDocument, limits: &Limits) -> Result<Vec<Measure>, ServerError> {
    let mut scale = Scale { document, introspection: limits.introspection, fragments: HashMap::new() };
    let (mut fields, mut measures) = (0_u64, Vec::new());
    for (_, operation) in document.operations.iter() {
        let root = match operation.node.ty {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => "Subscription",
        };
        let measure = scale.selection(Some(root), &operation.node.selection_set.node, 0)?;
        fields = measure.fields.saturating_add(fields);
        limits.judge(fields, measure.depth)?;
        measures.push(measure);
    }
    for name in document.fragments.keys() {
        let measure = scale.fragment(name, 0)?;
        limits.judge(measure.fields, measure.depth)?;
    }
    Ok(measures)
}

/// A fragment that was measured.
#[derive(Clone)]
struct Measured {
    fields: u64,
    depth: usize,
    answer: Arc<Weight>,
}

/// Weighs the selections of one document.
struct Scale<'a> {
    document: &'a ExecutableDocument,
    /// Whether the schema may be asked for.
    introspection: bool,
    /// What each fragment costs; none while it is being weighed.
    fragments: HashMap<&'a str, Option<Measured>>,
}

impl<'a> Scale<'a> {
    fn selection(
        &mut self,
        of: Option<&'a str>,
        set: &'a SelectionSet,
        level: usize,
    ) -> Result<Measure, ServerError> {
        if level > MAX_NESTING {
            return Err(too_much("nests fields and fragments deeper than", MAX_NESTING, "levels"));
        }
        let mut sum = Measure::default();
        for item in &set.items {
            let (fields, depth) = match &item.node {
                Selection::Field(field) => {
                    let one = self.field(of, &field.node, level)?;
                    sum.answer.add(one.answer);
                    (one.fields, one.depth)
                }
                Selection::InlineFragment(fragment) => {
                    let on = fragment.node.type_condition.as_ref();
                    let of = on.map_or(of, |on| Some(on.node.on.node.as_str()));
                    let one = self.selection(of, &fragment.node.selection_set.node, level + 1)?;
                    sum.answer.add(one.answer);
                    (one.fields, one.depth)
                }
                Selection::FragmentSpread(spread) => {
                    let one = self.fragment(&spread.node.fragment_name.node, level)?;
                    sum.answer.share(&one.answer);
                    (one.fields, one.depth)
                }
            };
            sum.fields = sum.fields.saturating_add(fields);
            sum.depth = sum.depth.max(depth);
        }
        Ok(sum)
    }

    fn field(&mut self, of: Option<&str>, field: &'a Field, level: usize) -> Result<Measure, ServerError> {
        let name = field.name.node.as_str();
        if !self.introspection && matches!(name, "__schema" | "__type") {
            let message = "this server does not tell its schema to clients; see /schema.graphql";
            return Err(refusal("INTROSPECTION_DISABLED", message.into()));
        }
        // The rules will say that an unknown one is not there.
        let known = of.and_then(|of| schema().type_field(of, name).ok());
        let below = known.map(|known| known.ty.inner_named_type().as_str());
        let list = known.is_some_and(|known| known.ty.is_list());
        let pages = known.is_some_and(|known| known.argument_by_name("first").is_some());
        let inner = self.selection(below, &field.selection_set.node, level + 1)?;
        // The size of a page counts where the items are: edges and nodes below carry no size of their own.
        let items = if list && matches!(name, "edges" | "nodes") && field.arguments.is_empty() {
            Items::exactly(1)
        } else {
            let otherwise = if pages {
                PAGE
            } else if list {
                LIST
            } else {
                1
            };
            asked(field, otherwise)
        };
        Ok(Measure {
            fields: inner.fields.saturating_add(1),
            depth: inner.depth + 1,
            answer: inner.answer.below(items).and(work(of, name)),
        })
    }

    fn fragment(&mut self, name: &'a str, level: usize) -> Result<Measured, ServerError> {
        match self.fragments.get(name) {
            Some(Some(measured)) => return Ok(measured.clone()),
            Some(None) => {
                let message = format!("fragment `{name}` spreads itself");
                return Err(refusal("GRAPHQL_VALIDATION_FAILED", message));
            }
            None => {}
        }
        // Weighed as nothing it could be spread a billion times at no cost.
        let Some(fragment) = self.document.fragments.get(name) else {
            let message = format!("there is no fragment `{name}`");
            return Err(refusal("GRAPHQL_VALIDATION_FAILED", message));
        };
        self.fragments.insert(name, None);
        let of = fragment.node.type_condition.node.on.node.as_str();
        let measure = self.selection(Some(of), &fragment.node.selection_set.node, level + 1)?;
        let measured =
            Measured { fields: measure.fields, depth: measure.depth, answer: Arc::new(measure.answer) };
        self.fragments.insert(name, Some(measured.clone()));
        Ok(measured)
    }
}

/// Returns how many plain fields a field is worth beyond itself.
fn work(of: Option<&str>, name: &str) -> u64 {
    let found = WORK.iter().find(|(on, field, _)| *field == name && of == Some(*on));
    found.map_or(0, |(_, _, points)| *points)
}

/// Returns the page size a field asks for, or how many ids it names.
fn asked(field: &Field, otherwise: u64) -> Items {
    let mut items = Items::exactly(otherwise);
    for (name, value) in &field.arguments {
        if !matches!(name.node.as_str(), "first" | "last" | "ids") {
            continue;
        }
        let size = match &value.node {
            Value::Number(number) => number.as_u64(),
            Value::List(values) => u64::try_from(values.len()).ok(),
            Value::Variable(name) => {
                items.variables.push(name.clone());
                None
            }
            _ => None,
        };
        items.asked = items.asked.max(size);
    }
    items
}
