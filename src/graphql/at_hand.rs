//! Fields at hand. The library makes a future for every field of every object, which is most of the work of an answer
//! made of figures. Here fields that need nothing but the object are read at once, and only the others are waited for.

use std::{borrow::Cow, collections::HashSet, future::ready};

use async_graphql::{
    ContainerType, Context, ContextSelectionSet, OutputType, Positioned, ServerResult, Value,
    indexmap::IndexMap,
    parser::types::{Field, Selection},
    registry::Registry,
};

/// What tells some of its fields at once.
pub(super) trait AtHand: Sync {
    /// Its type in the contract.
    const NAME: &'static str;

    /// Returns the value of a field, the same that its resolver gives; `None` for fields with arguments and for those that take
    /// more than the object.
    fn at_hand(&self, _field: &Field) -> Option<Value> {
        None
    }

    /// Resolves a field whose arguments were read before, for another object of the same list.
    fn again(&self, _ctx: &Context<'_>) -> impl Future<Output = Option<ServerResult<Value>>> + Send {
        ready(None)
    }
}

/// Returns the fields that are asked for of an object; `None` when one of them is not at hand, or stands in a fragment.
pub(super) fn object<T: AtHand>(object: &T, field: &Field) -> Option<Value> {
    let items = &field.selection_set.node.items;
    let mut values = IndexMap::with_capacity(items.len());
    for item in items {
        let Selection::Field(field) = &item.node else { return None };
        let value = told(object, &field.node)?;
        if values.insert(field.node.response_key().node.clone(), value).is_some() {
            return None;
        }
    }
    Some(Value::Object(values))
}

/// Returns the objects of a list, like [`object`].
pub(super) fn list<'a, T: AtHand + 'a>(items: impl Iterator<Item = &'a T>, field: &Field) -> Option<Value> {
    items.map(|item| object(item, field)).collect::<Option<Vec<_>>>().map(Value::List)
}

fn told<T: AtHand>(object: &T, field: &Field) -> Option<Value> {
    if field.name.node == "__typename" {
        return Some(T::NAME.into());
    }
    object.at_hand(field)
}

/// Resolves an object: what is at hand at once, the rest one after the other.
pub(super) async fn resolve<T: AtHand + ContainerType>(
    object: &T,
    ctx: &ContextSelectionSet<'_>,
    field: &Positioned<Field>,
) -> ServerResult<Value> {
    let Some(fields) = plain(ctx) else { return object.resolve(ctx, field).await };
    let mut values = IndexMap::with_capacity(fields.len());
    for field in fields {
        let key = &field.node.response_key().node;
        if let Some(value) = told(object, &field.node) {
            values.insert(key.clone(), value);
            continue;
        }
        let ctx_field = ctx.with_field(field);
        let found = match object.again(&ctx_field).await {
            Some(found) => found.map(Some),
            None => Box::pin(object.resolve_field(&ctx_field)).await,
        };
        match found {
            Ok(value) => {
                values.insert(key.clone(), value.unwrap_or_default());
            }
            Err(error) => ctx.add_error(error),
        }
    }
    Ok(if values.is_empty() { Value::Null } else { Value::Object(values) })
}

/// Returns what is asked for where it is fields alone, each under a key of its own.
fn plain<'a>(ctx: &ContextSelectionSet<'a>) -> Option<Vec<&'a Positioned<Field>>> {
    let items = &ctx.item.node.items;
    let fields = items.iter().map(|item| match &item.node {
        Selection::Field(field) => Some(field),
        _ => None,
    });
    let fields: Vec<_> = fields.collect::<Option<_>>()?;
    let mut keys = HashSet::with_capacity(fields.len());
    fields.iter().all(|field| keys.insert(&field.node.response_key().node)).then_some(fields)
}

/// An object that is resolved with what is at hand first.
pub(super) struct Quick<T>(pub(super) T);

impl<T: AtHand + ContainerType> OutputType for Quick<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        resolve(&self.0, ctx, field).await
    }
}

/// A list of such objects.
pub(super) struct QuickList<'a, T>(pub(super) &'a [T]);

impl<T: AtHand + ContainerType> OutputType for QuickList<'_, T> {
    fn type_name() -> Cow<'static, str> {
        <Vec<T> as OutputType>::type_name()
    }

    fn qualified_type_name() -> String {
        <Vec<T> as OutputType>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <Vec<T> as OutputType>::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let mut values = Vec::with_capacity(self.0.len());
        for (place, item) in self.0.iter().enumerate() {
            let ctx = ctx.with_index(place);
            values.push(resolve(item, &ctx, field).await.map_err(|error| ctx.set_error_path(error))?);
        }
        Ok(Value::List(values))
    }
}

impl<T: AtHand> AtHand for &T {
    const NAME: &'static str = T::NAME;

    fn at_hand(&self, field: &Field) -> Option<Value> {
        T::at_hand(self, field)
    }

    fn again(&self, ctx: &Context<'_>) -> impl Future<Output = Option<ServerResult<Value>>> + Send {
        T::again(self, ctx)
    }
}
