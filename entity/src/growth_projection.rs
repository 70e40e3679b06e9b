//! One projection of an occupation's employment.

use sea_orm::entity::prelude::*;

use crate::{Count, CountMarks, FigureKind, OccupationId, RegionId, ReleaseId, RoleId};

/// One projection of an occupation's employment.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "growth_projection")]
pub struct Model {
    /// Its number.
    #[sea_orm(primary_key)]
    pub id: i32,
    /// The release that prints it.
    pub release_id: ReleaseId,
    /// The occupation, unless it is of a role.
    pub occupation_id: Option<OccupationId>,
    /// The role, unless it is of an occupation.
    pub role_id: Option<RoleId>,
    /// The place.
    pub region_id: RegionId,
    /// The year it starts from.
    pub base_year: i16,
    /// The year it ends in.
    pub target_year: i16,
    /// Jobs in the year it starts from.
    pub base_employment: Option<i64>,
    /// Jobs in the year it ends in.
    pub target_employment: Option<i64>,
    /// Jobs more or fewer, as printed.
    pub change: Option<i64>,
    /// Percent over the whole span, thousandths.
    pub change_percent: Option<i32>,
    /// Openings a year, as printed.
    pub annual_openings: Option<i64>,
    /// Openings over the whole span, as printed.
    pub openings: Option<i64>,
    /// Job seekers over the whole span, as printed.
    pub job_seekers: Option<i64>,
    /// The kind of every count.
    pub marks: CountMarks,
    /// The publisher's own word for the growth.
    pub published_category: Option<String>,
    /// Whom the page that prints it names as its source.
    pub cited_authority: Option<String>,
    /// Where it stands on a page.
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
