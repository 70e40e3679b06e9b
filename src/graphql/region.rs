//! Regions.

use std::{borrow::Cow, sync::Arc};

use async_graphql::{ID, InputObject, Object, Value, parser::types::Field, resolver_utils::enum_value};
use entity::RegionId;

use super::{
    at_hand::AtHand,
    enums::RegionKind,
    error::ApiError,
    page::{Connection, FIGURES, Keyed, MANY, Paging, sorted},
    parity::PriceParity,
    scalars::{CurrencyCode, Date, RegionCode},
    scope::Scope,
    series::{SeriesMeasure, SeriesPoint},
};
use crate::{matching, reader::SeriesFilter, snapshot::Place};

/// A place that figures are published for.
#[derive(Clone)]
pub(super) struct Region {
    pub scope: Scope,
    pub place: Arc<Place>,
}

impl Region {
    /// Returns the region of a figure.
    ///
    /// # Panics
    ///
    /// When the catalog does not know it: a catalog is read after the figures it has the releases of.
    pub(super) fn of(scope: &Scope, id: RegionId) -> Self {
        let place = scope.catalog().region(id).expect("a figure's region is in its catalog").clone();
        Self { scope: scope.clone(), place }
    }
}

/// Which regions are wanted. Fields narrow each other.
#[derive(Clone, Debug, Default, InputObject)]
pub(super) struct RegionFilter {
    /// Part of one of its names, accents aside, or the code.
    text: Option<String>,
    /// Of these kinds.
    kinds: Option<Vec<RegionKind>>,
    /// Anywhere below this region.
    within: Option<RegionCode>,
}

impl RegionFilter {
    /// Returns the regions it lets through, by code.
    pub(super) fn regions(&self, scope: &Scope) -> Result<Vec<Region>, ApiError> {
        let catalog = scope.catalog();
        let within = self.within.as_ref().map(|code| scope.region(code, "filter.within")).transpose()?;
        let within = within.map(|place| catalog.within(&place.row.code));
        let text = self.text.as_deref().map(matching::plain);
        let kinds: Option<Vec<entity::RegionKind>> =
            self.kinds.as_ref().map(|kinds| kinds.iter().map(|kind| (*kind).into()).collect());
        let found = catalog.regions().iter().filter(|place| {
            let row = &place.row;
            within.as_ref().is_none_or(|within| within.contains(&row.id))
                && kinds.as_ref().is_none_or(|kinds| kinds.contains(&row.kind))
                && text.as_ref().is_none_or(|text| place.is_called(text))
        });
        Ok(found.map(|place| Region { scope: scope.clone(), place: place.clone() }).collect())
    }
}

impl Keyed for Region {
    fn key(&self) -> Cow<'_, str> {
        self.place.row.code.as_str().into()
    }
}

/// A region that is looked at where the catalog keeps it.
pub(super) struct Kept<'a>(pub(super) &'a Scope, pub(super) &'a Place);

impl AtHand for Kept<'_> {
    const NAME: &'static str = "Region";

    fn at_hand(&self, field: &Field) -> Option<Value> {
        let Self(scope, Place { row, .. }) = self;
        Some(match field.name.node.as_str() {
            "id" => scope.id("Region", &row.code).0.into(),
            "code" => row.code.as_str().into(),
            "name" => row.name.as_str().into(),
            "kind" => enum_value(RegionKind::from(row.kind)),
            "currency" => row.currency.as_str().into(),
            _ => return None,
        })
    }
}

impl AtHand for Region {
    const NAME: &'static str = Kept::NAME;

    fn at_hand(&self, field: &Field) -> Option<Value> {
        Kept(&self.scope, &self.place).at_hand(field)
    }
}

/// A place that figures are published for.
#[Object(serial)]
impl Region {
    /// Opaque, and the same for ever.
    pub(super) async fn id(&self) -> ID {
        self.scope.id("Region", &self.place.row.code)
    }
    /// Its code.
    async fn code(&self) -> RegionCode {
        RegionCode(self.place.row.code.clone())
    }
    /// Its name.
    async fn name(&self) -> &str {
        &self.place.row.name
    }
    /// Its other names, in any language.
    async fn other_names(&self) -> &[String] {
        &self.place.names
    }
    /// What sort of place it is.
    async fn kind(&self) -> RegionKind {
        self.place.row.kind.into()
    }
    /// The currency pay is quoted in there.
    async fn currency(&self) -> CurrencyCode {
        CurrencyCode(self.place.row.currency.clone())
    }
    /// The next larger region; null for a country.
    async fn parent(&self) -> Option<Self> {
        let place = self.scope.catalog().region_of_code(self.place.row.parent_code.as_deref()?)?.clone();
        Some(Self { scope: self.scope.clone(), place })
    }
    /// Every larger region, the nearest first.
    async fn ancestors(&self) -> Vec<Self> {
        let above = self.scope.catalog().ancestors(&self.place.row);
        above.into_iter().map(|place| Self { scope: self.scope.clone(), place }).collect()
    }
    /// The regions right below it, by code.
    async fn children(
        &self,
        #[graphql(desc = "Only of this kind.")] kind: Option<RegionKind>,
        #[graphql(desc = "How many; 20 unless told, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Self>, ApiError> {
        let kind: Option<entity::RegionKind> = kind.map(Into::into);
        let below = self.scope.catalog().children(&self.place.row.code);
        let below = below.into_iter().filter(|place| kind.is_none_or(|kind| place.row.kind == kind));
        let below = below.map(|place| Self { scope: self.scope.clone(), place }).collect();
        Paging::forward(first, after).cut(below, MANY, |all, key| Some(sorted(all, key)))
    }
    /// How dear the place is, the country being 100, in the newest year published; null where nobody says.
    async fn price_parity(&self) -> Option<PriceParity> {
        PriceParity::of(&self.scope, self.place.row.id)
    }
    /// Monthly and quarterly series for the place, every point as published: by name of the series, then by month. Those over
    /// several months follow those over one.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn time_series(
        &self,
        #[graphql(desc = "What the series follow.")] measure: SeriesMeasure,
        #[graphql(desc = "The publisher's name of one of them: CUUR0000SA0, Nursing.")] name: Option<String>,
        #[graphql(desc = "Whose months begin on this day or later.")] from: Option<Date>,
        #[graphql(desc = "Whose months begin on this day or earlier.")] to: Option<Date>,
        #[graphql(desc = "How many; 20 unless told, at most 500.")] first: Option<i32>,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<Connection<SeriesPoint>, ApiError> {
        let wanted = SeriesFilter {
            region: self.place.row.id,
            measure: measure.into(),
            name,
            from: from.map(|day| day.0),
            to: to.map(|day| day.0),
        };
        let points = SeriesPoint::find(&self.scope, &wanted).await?;
        Paging { first, after, last, before }.cut(points, FIGURES, |all, key| Some(sorted(all, key)))
    }
    /// Which delineation the code belongs to, e.g. OMB 2023.
    async fn vintage(&self) -> Option<&str> {
        self.place.row.vintage.as_deref()
    }
}
