//! What a field and everything below it sees: one snapshot, and a day where `asOf` names one.

use std::collections::HashSet;

use async_graphql::Context;
use chrono::{DateTime, NaiveDate, Utc};
use entity::ReleaseId;

use super::scalars::Date;
use crate::{
    reader::{Reader, Selection},
    snapshot::Catalog,
};

/// The time of a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Now(pub(super) DateTime<Utc>);

/// A snapshot and the day it is looked at from.
#[derive(Clone)]
pub(super) struct Scope {
    pub reader: Reader,
    pub day: Option<NaiveDate>,
}

impl Scope {
    /// The request's snapshot, as of a day.
    pub(super) fn of(ctx: &Context<'_>, day: Option<Date>) -> Self {
        Self { reader: ctx.data_unchecked::<Reader>().clone(), day: day.map(|day| day.0) }
    }

    pub(super) fn catalog(&self) -> &Catalog {
        self.reader.catalog()
    }

    /// Returns the releases whose words may be shown.
    pub(super) fn visible(&self) -> HashSet<ReleaseId> {
        self.reader.visible(self.day, Selection::Current).iter().map(|release| release.id()).collect()
    }
}
