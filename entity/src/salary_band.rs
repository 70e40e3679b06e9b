//! Pay of one occupation or role in one place, as one release prints it. Money is in minor units.

use sea_orm::entity::prelude::*;

use crate::{
    Experience, Marks, OccupationId, PayConcept, PayPeriod, RegionId, ReleaseId, RoleId, Sex, WorkTime,
};

/// Pay of one occupation or role in one place, as one release prints it. Money is in minor units.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "salary_band")]
#[expect(missing_docs, reason = "plain columns are documented by the migration")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub release_id: ReleaseId,
    pub occupation_id: Option<OccupationId>,
    pub role_id: Option<RoleId>,
    pub region_id: RegionId,
    pub industry: String,
    pub ownership: String,
    pub sex: Sex,
    pub work_time: WorkTime,
    pub experience: Experience,
    pub period: PayPeriod,
    pub currency: String,
    pub concept: PayConcept,
    pub p10: Option<i64>,
    pub p20: Option<i64>,
    pub p25: Option<i64>,
    pub p30: Option<i64>,
    pub p40: Option<i64>,
    pub median: Option<i64>,
    pub p60: Option<i64>,
    pub p70: Option<i64>,
    pub p75: Option<i64>,
    pub p80: Option<i64>,
    pub p90: Option<i64>,
    pub mean: Option<i64>,
    pub low: Option<i64>,
    pub high: Option<i64>,
    pub employment: Option<i64>,
    /// The kind of every cell.
    pub marks: Marks,
    /// Relative standard error of the mean, thousandths of a percent.
    pub mean_rse: Option<i32>,
    /// Location quotient, thousandths.
    pub location_quotient: Option<i32>,
    /// Of a thousand workers in the place, those in the occupation: thousandths.
    pub jobs_per_thousand: Option<i32>,
    pub sample_size: Option<i32>,
    pub hours_per_year: Option<i32>,
    pub cited_authority: Option<String>,
    pub locator: Option<String>,
    /// Which part (member and sheet) of the release: an index into `release.parts`.
    pub part: i16,
    /// Row or line in that part, from 1.
    pub row: i32,
    /// The period it states for itself: an index into `release.stated_periods`; none where it refers to that of the release.
    pub stated_period: Option<i16>,
}

impl ActiveModelBehavior for ActiveModel {}
