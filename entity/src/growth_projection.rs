//! One projection of an occupation's employment.

use sea_orm::entity::prelude::*;

use crate::{Count, CountMarks, FigureKind, OccupationId, RegionId, ReleaseId, RoleId};

/// One projection of an occupation's employment.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "growth_projection")]
#[expect(missing_docs, reason = "plain columns are documented by the migration")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub release_id: ReleaseId,
    pub occupation_id: Option<OccupationId>,
    pub role_id: Option<RoleId>,
    pub region_id: RegionId,
    pub base_year: i16,
    pub target_year: i16,
    pub base_employment: Option<i64>,
    pub target_employment: Option<i64>,
    pub change: Option<i64>,
    /// Percent over the whole span, thousandths.
    pub change_percent: Option<i32>,
    pub annual_openings: Option<i64>,
    pub openings: Option<i64>,
    pub job_seekers: Option<i64>,
    /// The kind of every count.
    pub marks: CountMarks,
    pub published_category: Option<String>,
    pub cited_authority: Option<String>,
    pub locator: Option<String>,
    /// Which part (member and sheet) of the release: an index into `release.parts`.
    pub part: i16,
    /// Row or line in that part, from 1.
    pub row: i32,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Returns a count as it stands, and what kind it is.
    pub fn count(&self, count: Count) -> (FigureKind, Option<i64>) {
        let stands = match count {
            Count::Base => self.base_employment,
            Count::Target => self.target_employment,
            Count::Change => self.change,
            Count::AnnualOpenings => self.annual_openings,
            Count::Openings => self.openings,
            Count::JobSeekers => self.job_seekers,
        };
        (self.marks.get(count), stands)
    }

    /// Returns a count that is an exact number.
    pub fn exact(&self, count: Count) -> Option<i64> {
        let (kind, stands) = self.count(count);
        stands.filter(|_| kind == FigureKind::Exact)
    }
}
