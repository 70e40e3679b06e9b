//! Pay of one occupation or role in one place, as one release prints it. Money is in minor units.

use sea_orm::entity::prelude::*;

use crate::{
    Experience, Marks, OccupationId, PayConcept, PayPeriod, RegionId, ReleaseId, RoleId, Sex, WorkTime,
};

/// Pay of one occupation or role in one place, as one release prints it. Money is in minor units.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "salary_band")]
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
    /// NAICS code; empty for all industries.
    pub industry: String,
    /// The publisher's ownership code, where industry rows carry one.
    pub ownership: String,
    /// Whose pay it is.
    pub sex: Sex,
    /// Whether they work full time.
    pub work_time: WorkTime,
    /// How experienced they are.
    pub experience: Experience,
    /// For how long the pay is.
    pub period: PayPeriod,
    /// ISO 4217.
    pub currency: String,
    /// What the pay includes.
    pub concept: PayConcept,
    /// 10th percentile.
    pub p10: Option<i64>,
    /// 20th percentile.
    pub p20: Option<i64>,
    /// 25th percentile.
    pub p25: Option<i64>,
    /// 30th percentile.
    pub p30: Option<i64>,
    /// 40th percentile.
    pub p40: Option<i64>,
    /// 50th percentile.
    pub median: Option<i64>,
    /// 60th percentile.
    pub p60: Option<i64>,
    /// 70th percentile.
    pub p70: Option<i64>,
    /// 75th percentile.
    pub p75: Option<i64>,
    /// 80th percentile.
    pub p80: Option<i64>,
    /// 90th percentile.
    pub p90: Option<i64>,
    /// Average.
    pub mean: Option<i64>,
    /// Lower end of a range that is no percentile.
    pub low: Option<i64>,
    /// Upper end of a range that is no percentile.
    pub high: Option<i64>,
    /// Jobs it is about.
    pub employment: Option<i64>,
    /// The kind of every cell.
    pub marks: Marks,
    /// Relative standard error of the mean, thousandths of a percent.
    pub mean_rse: Option<i32>,
    /// Location quotient, thousandths.
    pub location_quotient: Option<i32>,
    /// Of a thousand workers in the place, those in the occupation: thousandths.
    pub jobs_per_thousand: Option<i32>,
    /// Records it was made of.
    pub sample_size: Option<i32>,
    /// Hours a year an annual amount rests on.
    pub hours_per_year: Option<i32>,
    /// Whom the page that prints it names as its source.
    pub cited_authority: Option<String>,
    /// Where it stands on a page.
    pub locator: Option<String>,
    /// Which part (member and sheet) of the release: an index into `release.parts`.
    pub part: i16,
    /// Row or line in that part, from 1.
    pub row: i32,
    /// The period it states for itself: an index into `release.stated_periods`; none where it refers to that of the release.
    pub stated_period: Option<i16>,
}

impl ActiveModelBehavior for ActiveModel {}
