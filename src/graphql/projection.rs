//! Growth projections.

use std::borrow::Cow;

use async_graphql::{Context, ID, Object, Value, parser::types::Field, resolver_utils::enum_value};
use entity::{Count, growth_projection};

use super::{
    at_hand::{self, AtHand},
    enums::{GrowthCategory, PayMethod},
    error::ApiError,
    figure::CountFigure,
    id,
    occupation::Occupation,
    page::Keyed,
    provenance::Provenance,
    region::{self, Region},
    role::Role,
    scalars::Number,
    scope::{Now, Scope},
    substitution::Substitution,
    track_record::{PublisherAccuracy, TrackRecord},
};
use crate::{
    frame::Subject,
    outlook::{accuracy, category, rate, track_record::before},
    reader::ProjectionRef,
};

/// How employment in an occupation is expected to change over a span of years.
#[derive(Clone)]
pub(super) struct GrowthProjection {
    pub scope: Scope,
    pub found: ProjectionRef,
}

impl GrowthProjection {
    fn count(&self, count: Count) -> CountFigure {
        let (kind, count) = self.found.row().count(count);
        CountFigure { kind, count }
    }

    fn global_id(&self) -> ID {
        let key = id::shown_projection_key(self.scope.catalog(), &self.found);
        self.scope.id("GrowthProjection", &key)
    }
}

impl Keyed for GrowthProjection {
    fn key(&self) -> Cow<'_, str> {
        id::projection_key(self.scope.catalog(), &self.found).into()
    }
}

impl AtHand for GrowthProjection {
    const NAME: &'static str = "GrowthProjection";

    fn at_hand(&self, field: &Field) -> Option<Value> {
        let row = self.found.row();
        let count = match field.name.node.as_str() {
            "baseEmployment" => Count::Base,
            "targetEmployment" => Count::Target,
            "change" => Count::Change,
            "annualOpenings" => Count::AnnualOpenings,
            "openings" => Count::Openings,
            "jobSeekers" => Count::JobSeekers,
            "id" => return Some(self.global_id().0.into()),
            "region" => {
                let place = self.scope.catalog().region(row.region_id)?;
                return at_hand::object(&region::Kept(&self.scope, place), field);
            }
            "method" => return Some(enum_value(PayMethod::from(self.found.loaded.release.method()))),
            "baseYear" => return Some(row.base_year.into()),
            "targetYear" => return Some(row.target_year.into()),
            "changePercent" => return Some(percent(row).into()),
            _ => return None,
        };
        at_hand::object(&self.count(count), field)
    }
}

/// How employment in an occupation is expected to change over a span of years.
#[Object(serial)]
impl GrowthProjection {
    /// Opaque, and the same for ever.
    pub(super) async fn id(&self) -> ID {
        self.global_id()
    }
    /// The occupation's own role, or the role a page speaks of.
    async fn role(&self) -> Option<Role> {
        Role::of_subject(&self.scope, Subject::of(self.found.row()))
    }
    /// Null when the source names only a role.
    async fn occupation(&self) -> Option<Occupation> {
        Occupation::of_subject(&self.scope, Subject::of(self.found.row()))
    }
    /// How its source works: SURVEY for official projections, EDITORIAL for pages.
    async fn method(&self) -> PayMethod {
        self.found.loaded.release.method().into()
    }
    /// The place it is for.
    async fn region(&self) -> Region {
        Region::of(&self.scope, self.found.row().region_id)
    }
    /// The year it starts from.
    async fn base_year(&self) -> i16 {
        self.found.row().base_year
    }
    /// The year it speaks of.
    async fn target_year(&self) -> i16 {
        self.found.row().target_year
    }
    /// Jobs in the base year.
    async fn base_employment(&self) -> CountFigure {
        self.count(Count::Base)
    }
    /// Jobs expected in the target year.
    async fn target_employment(&self) -> CountFigure {
        self.count(Count::Target)
    }
    /// Jobs more or fewer. As published, not recomputed.
    async fn change(&self) -> CountFigure {
        self.count(Count::Change)
    }
    /// Percent over the whole span, as published, not recomputed.
    async fn change_percent(&self) -> Option<Number> {
        percent(self.found.row())
    }
    /// Compound annual rate over the span in percent, computed from the printed percent, to thousandths:
    /// (1 + percent / 100)^(1 / years) - 1. Where no percent is printed, from the jobs of both years, (target / base)^(1 / years) - 1;
    /// null where either is not an exact number.
    async fn annual_rate(&self) -> Option<Number> {
        rate::annual(self.found.row()).map(|rate| Number::of_thousandths(rate.into()))
    }
    /// Openings expected a year, from growth and from people who leave; as published.
    async fn annual_openings(&self) -> CountFigure {
        self.count(Count::AnnualOpenings)
    }
    /// Openings expected over the whole span together, from growth and from people who leave; as published by those who print
    /// no yearly figure.
    async fn openings(&self) -> CountFigure {
        self.count(Count::Openings)
    }
    /// People expected to look for such a job over the whole span together; as published.
    async fn job_seekers(&self) -> CountFigure {
        self.count(Count::JobSeekers)
    }
    /// By the cut-offs of this projection's own cycle, from the printed percent rounded half away from zero. Null where the
    /// rule of the cycle, or of this part of it, is not known, for regional and editorial projections, and for one half exactly
    /// between two categories.
    async fn category(&self) -> Option<GrowthCategory> {
        category::of(self.scope.catalog(), &self.found.loaded.release, self.found.row()).map(Into::into)
    }
    /// The publisher's own words for the growth.
    async fn published_category(&self) -> Option<&str> {
        self.found.row().published_category.as_deref()
    }
    /// Percent over the span for all occupations in the same projection, for comparison; null where it has none.
    async fn average_change_percent(&self) -> Option<Number> {
        percent(self.found.total(self.scope.catalog())?)
    }
    /// How an earlier projection of the same occupation turned out: of the newest cycle that is over. Null while none is loaded.
    async fn track_record(&self, ctx: &Context<'_>) -> Result<Option<TrackRecord>, ApiError> {
        let today = ctx.data_unchecked::<Now>().0.date_naive();
        let found = before(&self.scope.reader, self.scope.day, &self.found, today).await?;
        Ok(found.map(TrackRecord::of))
    }
    /// How the publisher found its own projections to have turned out; null where it is not known to have looked.
    async fn publisher_accuracy(&self) -> Option<PublisherAccuracy> {
        accuracy::of(&self.found.loaded.release.source.key).map(PublisherAccuracy)
    }
    /// Where the figures come from.
    async fn provenance(&self) -> Provenance {
        let row = self.found.row();
        Provenance {
            scope: self.scope.clone(),
            release: self.found.loaded.release.clone(),
            position: (usize::try_from(row.part).unwrap_or_default(), row.row.into()),
            locator: row.locator.clone(),
            cited_authority: row.cited_authority.clone(),
            derivation: Vec::new(),
        }
    }
    /// What the projection stands in for, where a fallback was asked for and taken; null for the very one asked for.
    async fn substitution(&self) -> Option<Substitution> {
        Substitution::of(&self.found.steps, self.found.row().count(Count::Base))
    }
}

fn percent(row: &growth_projection::Model) -> Option<Number> {
    row.change_percent.map(|percent| Number::of_thousandths(percent.into()))
}
