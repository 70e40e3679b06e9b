//! What a field with arguments asks for. The same field of every object of a list asks for the same, so its arguments are
//! read for the first of them and known for the others.

use std::{
    ptr,
    sync::{Arc, Mutex, PoisonError},
};

use async_graphql::{Context, Error, OutputType, ServerResult, Value};
use entity::RegionId;
use rustc_hash::FxHashMap;

use super::{
    at_hand::Quick,
    band::SalaryBand,
    enums::{Fallback, PayMethod},
    error::ApiError,
    role::Role,
    scalars::RegionCode,
    scope::Scope,
    view::{self, MoneyView},
};
use crate::{
    pay::{View, fallback},
    reader::Wish,
};

/// Which band of a role is asked for.
pub(super) struct Pay {
    region: RegionId,
    view: Option<View>,
    method: Option<entity::PayMethod>,
    ways: Vec<fallback::Fallback>,
}

impl Pay {
    /// Reads the arguments.
    pub(super) fn read(
        scope: &Scope,
        region: &RegionCode,
        view: Option<MoneyView>,
        method: Option<PayMethod>,
        ways: &[Fallback],
    ) -> Result<Self, ApiError> {
        let place = scope.region(region, "region")?;
        let view = view::read(scope, view, Some(&place.row))?;
        let ways = ways.iter().map(|way| (*way).into()).collect();
        Ok(Self { region: place.row.id, view, method: method.map(Into::into), ways })
    }

    /// Finds the best single band of a role, as the view shows it.
    pub(super) async fn of(&self, role: &Role) -> Result<Option<SalaryBand>, ApiError> {
        let wish =
            Wish { method: self.method, period: self.view.and_then(|view| view.period), ways: &self.ways };
        let scope = &role.scope;
        let found = scope.reader.best_band(scope.day, &role.entry, self.region, wish).await?;
        Ok(found.map(|found| SalaryBand::new(scope, found, self.view.as_ref())))
    }

    /// Answers the field of another role.
    pub(super) async fn resolve(&self, role: &Role, ctx: &Context<'_>) -> ServerResult<Value> {
        let failed = |error| ctx.set_error_path(Error::from(error).into_server_error(ctx.item.pos));
        let found = self.of(role).await.map_err(failed)?.map(Quick);
        found.resolve(&ctx.with_selection_set(&ctx.item.node.selection_set), ctx.item).await
    }
}

/// What was asked for so far, by the address of the field: a document stays where it is as long as its request lasts.
#[derive(Default)]
pub(super) struct Asked(Mutex<FxHashMap<usize, Arc<Pay>>>);

impl Asked {
    /// Returns what a field asks for, if it was read before.
    pub(super) fn known(ctx: &Context<'_>) -> Option<Arc<Pay>> {
        let Self(known) = ctx.data_unchecked();
        known.lock().unwrap_or_else(PoisonError::into_inner).get(&address(ctx)).cloned()
    }

    /// Remembers what a field asks for.
    pub(super) fn remember(ctx: &Context<'_>, pay: Pay) -> Arc<Pay> {
        let (Self(known), pay) = (ctx.data_unchecked(), Arc::new(pay));
        known.lock().unwrap_or_else(PoisonError::into_inner).insert(address(ctx), pay.clone());
        pay
    }
}

fn address(ctx: &Context<'_>) -> usize {
    ptr::from_ref(ctx.item).addr()
}
