//! The fields one can begin with.

use async_graphql::{Context, ID, Object};

use super::{
    band::SalaryBand,
    claim::ClaimCheck,
    comparison::{ComparisonRow, compare},
    enums::{Classification, OccupationLevel},
    error::ApiError,
    filter::{GrowthProjectionFilter, GrowthProjectionOrder, SalaryBandFilter, SalaryBandOrder},
    id,
    node::{self, Node},
    occupation::{Occupation, OccupationCode},
    page::{Connection, MANY, Paging, sorted},
    projection::GrowthProjection,
    region::{Region, RegionFilter},
    release_diff::ReleaseDiff,
    role::{Role, RoleBy},
    role_filter::{RoleFilter, RoleOrder},
    role_match::RoleMatches,
    scalars::{Date, RegionCode},
    scope::Scope,
    service::Service,
    source::Source,
    view::MoneyView,
};

/// What a job pays, where, and whether it is growing. One idea carries the whole schema: a number is never bare. It
/// says what kind of number it is, and where it came from.
pub(super) struct Query;

/// What a job pays, where, and whether it is growing. One idea carries the whole schema: a number is never bare. It
/// says what kind of number it is, and where it came from.
#[Object(serial)]
impl Query {
    /// Anything, by its global id; null for an id that stands for nothing here.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A global id.")] id: ID,
    ) -> Result<Option<Node>, ApiError> {
        node::find(ctx, &Scope::of(ctx, None), &id).await
    }
    /// Several things by their global ids, in the same order.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ids, at most 100.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>, ApiError> {
        if ids.len() > MANY {
            return Err(ApiError::wrong("ids", format!("`ids` holds at most {MANY} ids")));
        }
        let scope = Scope::of(ctx, None);
        let mut found = Vec::with_capacity(ids.len());
        for id in &ids {
            found.push(node::find(ctx, &scope, id).await?);
        }
        Ok(found)
    }
    /// One role: by slug, by global id, or by the code of an occupation. `asOf` answers with the releases published by
    /// that day.
    async fn role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How the role is named.")] by: RoleBy,
        #[graphql(desc = "What one could have known at the end of that day.")] as_of: Option<Date>,
    ) -> Option<Role> {
        Role::by(&Scope::of(ctx, as_of), &by)
    }
    /// Roles: by slug, or by how near a title is where a text is given, unless told otherwise.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn roles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: Option<RoleFilter>,
        #[graphql(desc = "Their order.")] order_by: Option<RoleOrder>,
        #[graphql(desc = "What one could have known at the end of that day.")] as_of: Option<Date>,
        #[graphql(desc = "How many; 20 unless told, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Role>, ApiError> {
        let paging = Paging { first, after, last, before };
        filter.unwrap_or_default().roles(&Scope::of(ctx, as_of), order_by, &paging).await
    }
    /// Free-text job title to ranked roles, with a calibrated confidence; says so when it would rather not guess. Titles in
    /// other languages than English are read where their words are known.
    async fn match_roles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The title as it was typed, at most 300 characters: Sr. Backend Eng (Go).")]
        title: String,
        #[graphql(
            desc = "Words about the work, at most 5,000 characters; they move the answers and add none."
        )]
        description: Option<String>,
        #[graphql(default_with = "Some(5)", desc = "How many, at most 100; null is as if it were left out.")]
        first: Option<i32>,
    ) -> Result<RoleMatches, ApiError> {
        RoleMatches::find(&Scope::of(ctx, None), &title, description.as_deref(), first.unwrap_or(5)).await
    }
    /// One occupation by its code.
    async fn occupation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Classification and code.")] by: OccupationCode,
    ) -> Option<Occupation> {
        let scope = Scope::of(ctx, None);
        let row = scope.catalog().occupation_of_code(by.classification.into(), &by.code)?.clone();
        Some(Occupation { scope, row })
    }
    /// The occupations of a classification, by code.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn occupations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The classification.")] classification: Classification,
        #[graphql(desc = "Part of the title, or the beginning of the code.")] text: Option<String>,
        #[graphql(desc = "Only those as broad as this.")] level: Option<OccupationLevel>,
        #[graphql(desc = "How many; 20 unless told, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Occupation>, ApiError> {
        let scope = Scope::of(ctx, None);
        let (of, level): (entity::Classification, Option<entity::OccupationLevel>) =
            (classification.into(), level.map(Into::into));
        let text = text.map(|text| text.to_lowercase());
        let own = id::occupation_keys(of);
        let rows = scope.catalog().occupations().iter().filter(|row| {
            row.classification == of
                && level.is_none_or(|level| row.level == level)
                && text.as_ref().is_none_or(|text| {
                    row.title.to_lowercase().contains(text) || row.code.to_lowercase().starts_with(text)
                })
        });
        let all = rows.map(|row| Occupation { scope: scope.clone(), row: row.clone() }).collect();
        Paging { first, after, last, before }
            .cut(all, MANY, |all, key| key.starts_with(&own).then(|| sorted(all, key)))
    }
    /// One region by its code.
    async fn region(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its code: US-CA.")] code: RegionCode,
    ) -> Option<Region> {
        let scope = Scope::of(ctx, None);
        let place = scope.catalog().region_of_code(&code.0)?.clone();
        Some(Region { scope, place })
    }
    /// Regions by code.
    async fn regions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: Option<RegionFilter>,
        #[graphql(desc = "How many; 20 unless told, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Region>, ApiError> {
        let regions = filter.unwrap_or_default().regions(&Scope::of(ctx, None))?;
        Paging { first, after, last, before }.cut(regions, MANY, |all, key| Some(sorted(all, key)))
    }
    /// Every published pay figure, one row per role, region, source and release: the table behind everything else.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn salary_bands(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: SalaryBandFilter,
        #[graphql(desc = "Their order; by occupation code unless told.")] order_by: Option<SalaryBandOrder>,
        #[graphql(
            desc = "How to show money; as published unless told. The order is that of the published amounts."
        )]
        view: Option<MoneyView>,
        #[graphql(desc = "What one could have known at the end of that day.")] as_of: Option<Date>,
        #[graphql(desc = "How many; 20 unless told, at most 500.")] first: Option<i32>,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<Connection<SalaryBand>, ApiError> {
        let paging = Paging { first, after, last, before };
        filter.bands(&Scope::of(ctx, as_of), None, order_by, view, &paging).await
    }
    /// Every published growth projection.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn growth_projections(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: GrowthProjectionFilter,
        #[graphql(desc = "Their order; by occupation code unless told.")] order_by: Option<
            GrowthProjectionOrder,
        >,
        #[graphql(desc = "What one could have known at the end of that day.")] as_of: Option<Date>,
        #[graphql(desc = "How many; 20 unless told, at most 500.")] first: Option<i32>,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<Connection<GrowthProjection>, ApiError> {
        let paging = Paging { first, after, last, before };
        filter.projections(&Scope::of(ctx, as_of), order_by, &paging).await
    }
    /// Every configured source, by key.
    async fn sources(&self, ctx: &Context<'_>) -> Vec<Source> {
        let scope = Scope::of(ctx, None);
        let rows = scope.catalog().sources().iter();
        rows.map(|row| Source { scope: scope.clone(), row: row.clone() }).collect()
    }
    /// One source by its key: bls-oews.
    async fn source(&self, ctx: &Context<'_>, #[graphql(desc = "Its key.")] key: String) -> Option<Source> {
        let scope = Scope::of(ctx, None);
        let row = scope.catalog().source(&key)?.clone();
        Some(Source { scope, row })
    }
    /// A matrix for dashboards, in one call: each cell a band, and the reason where there is no amount.
    async fn compare(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Roles by global id, at most 50; one row for each, in this order.")] roles: Vec<ID>,
        #[graphql(
            desc = "Regions, at most 50; one cell of each row for each, in this order. At most 500 cells in all."
        )]
        regions: Vec<RegionCode>,
        #[graphql(desc = "How to show money; as published unless told.")] view: Option<MoneyView>,
    ) -> Result<Vec<ComparisonRow>, ApiError> {
        compare(&Scope::of(ctx, None), &roles, &regions, view).await
    }
    /// What changed between two releases of one dataset of a source, by occupation and region.
    #[expect(clippy::too_many_arguments, reason = "two releases and a page")]
    async fn release_diff(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Key of the source: bls-oews.")] source: String,
        #[graphql(
            desc = "The earlier release: its label (May 2023), the newest edition of it, or its global id."
        )]
        from: String,
        #[graphql(desc = "The later release, likewise. With an earlier one the changes are told backwards.")]
        to: String,
        #[graphql(desc = "The dataset, where a label names releases of several.")] dataset: Option<String>,
        #[graphql(desc = "How many changes; 20 unless told, at most 500.")] first: Option<i32>,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
    ) -> Result<ReleaseDiff, ApiError> {
        let paging = Paging::forward(first, after);
        ReleaseDiff::find(&Scope::of(ctx, None), &source, dataset.as_deref(), [&from, &to], &paging).await
    }
    /// Checks the claims in a text ("21 percent from 2019 to 2029", "average of $110,000 in New York") against the loaded
    /// figures, in their order; empty when it states none that can be read with certainty.
    async fn check_claims(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A sentence or a whole page, at most 20,000 bytes.")] text: String,
    ) -> Result<Vec<ClaimCheck>, ApiError> {
        ClaimCheck::all(&Scope::of(ctx, None), &text).await
    }
    /// What is running, and how much is loaded.
    async fn service(&self, ctx: &Context<'_>) -> Service {
        Service { scope: Scope::of(ctx, None) }
    }
}
