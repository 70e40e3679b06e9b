//! What a resolver asks of its caller, and what it writes into the audit log.

use async_graphql::Context;
use serde::Serialize;

use super::{error::ApiError, scope::Now};
use crate::{
    access::{Caller, Scope, keys},
    snapshot::{Release, Store},
};

/// Returns who asks.
pub(super) fn caller<'a>(ctx: &Context<'a>) -> &'a Caller {
    ctx.data_unchecked::<Caller>()
}

/// Lets through whoever may do what needs `scope`; a refusal goes to the audit log where the caller has a name.
pub(super) async fn require(ctx: &Context<'_>, scope: Scope, action: &str) -> Result<(), ApiError> {
    let caller = caller(ctx);
    if caller.may(scope) {
        return Ok(());
    }
    if *caller == Caller::anonymous() {
        return Err(ApiError::Unauthenticated);
    }
    note(ctx, action, &(), "FORBIDDEN").await?;
    Err(ApiError::Forbidden(scope))
}

/// Writes what was done, with which input, and how it ended: `OK` or a code.
pub(super) async fn note(
    ctx: &Context<'_>,
    action: &str,
    input: &(impl Serialize + Sync),
    outcome: &str,
) -> Result<(), ApiError> {
    let store = ctx.data_unchecked::<std::sync::Arc<Store>>();
    let input = serde_json::to_string(input).unwrap_or_default();
    keys::note(store.db(), ctx.data_unchecked::<Now>().0, caller(ctx), action, input, outcome).await?;
    Ok(())
}

/// Returns whether the caller may know of a release: one that is held, or was withdrawn, is for tokens alone.
pub(super) fn may_see(ctx: &Context<'_>, release: &Release) -> bool {
    release.is_visible() || caller(ctx).may(Scope::Read)
}
