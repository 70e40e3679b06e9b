//! What a field and everything below it sees: one snapshot, and a day where `asOf` names one.

use std::{collections::HashSet, sync::Arc};

use async_graphql::{Context, ID};
use chrono::{DateTime, NaiveDate, Utc};
use entity::{ReleaseId, region};

use super::{
    error::ApiError,
    id,
    scalars::{Date, RegionCode},
};
use crate::{
    pay::{Known, Shown, View, Wrong, convert},
    reader::{BandRef, Reader, Selection},
    snapshot::{Catalog, Place},
};

/// The time of a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Now(pub(super) DateTime<Utc>);

/// A snapshot and the day it is looked at from.
#[derive(Clone)]
pub(super) struct Scope {
    pub reader: Reader,
    pub day: Option<NaiveDate>,
    known: Arc<Known>,
}

impl Scope {
    /// The request's snapshot, as of a day.
    pub(super) fn of(ctx: &Context<'_>, day: Option<Date>) -> Self {
        let known = ctx.data_unchecked::<Arc<Known>>().clone();
        Self { reader: ctx.data_unchecked::<Reader>().clone(), day: day.map(|day| day.0), known }
    }

    /// What a reader sees now, apart from any request.
    pub(super) fn now(reader: Reader) -> Self {
        Self { reader, day: None, known: Arc::default() }
    }

    /// Looks from another day, where one is named.
    pub(super) fn on(&self, day: Option<NaiveDate>) -> Self {
        Self { day: day.or(self.day), ..self.clone() }
    }

    /// Makes the id of what is looked at from here.
    pub(super) fn id(&self, kind: &str, key: &str) -> ID {
        id::on_day(kind, self.day, key)
    }

    /// Shows a band as a view asks.
    pub(super) fn show(&self, view: &View, found: &BandRef) -> Shown {
        convert::show(self.reader.snapshot(), self.day, &self.known, view, found)
    }

    /// Looks for what cannot be meant by a view, at a place where there is one.
    pub(super) fn check(&self, view: &View, place: Option<&region::Model>) -> Result<(), Wrong> {
        self.known.check(self.reader.snapshot(), view, place)
    }

    /// Returns the region that an argument names.
    pub(super) fn region(&self, code: &RegionCode, argument: &str) -> Result<&Arc<Place>, ApiError> {
        self.catalog().region_of_code(&code.0).ok_or_else(|| {
            let message =
                format!("`{argument}`: there is no region `{}`; `regions` lists those there are", code.0);
            ApiError::wrong(argument, message)
        })
    }

    pub(super) fn catalog(&self) -> &Catalog {
        self.reader.catalog()
    }

    /// Returns the releases whose words may be shown.
    pub(super) fn visible(&self) -> HashSet<ReleaseId> {
        self.reader.visible(self.day, Selection::Current).iter().map(|release| release.id()).collect()
    }
}
