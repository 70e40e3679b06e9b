//! Pay bands.

use std::borrow::Cow;

use async_graphql::{ID, Object, SimpleObject};
use entity::Cell;

use super::{
    enums::{Experience, PayConcept, PayMethod, PayPeriod, Sex, WorkTime},
    error::ApiError,
    figure::{CountFigure, PayFigure},
    id,
    occupation::{Occupation, RoleOccupation},
    page::Keyed,
    provenance::Provenance,
    region::Region,
    release::ReferencePeriod,
    role::Role,
    scalars::{CurrencyCode, Number},
    scope::Scope,
};
use crate::{
    frame::{self, Band, Subject},
    reader::BandRef,
};

/// Where a worker in the middle, and near the ends, of one job in one place stands.
#[derive(Clone)]
pub(super) struct SalaryBand {
    pub scope: Scope,
    pub found: BandRef,
}

impl SalaryBand {
    fn band(&self) -> Band<'_> {
        self.found.band()
    }

    fn figure(&self, cell: Cell) -> PayFigure {
        let band = self.band();
        PayFigure::new(band.cell(cell), &band.segment().currency, &self.found.loaded.release.row.bound_words)
    }
}

impl Keyed for SalaryBand {
    fn key(&self) -> Cow<'_, str> {
        id::band_key(self.scope.catalog(), &self.found).into()
    }
}

/// Where a worker in the middle, and near the ends, of one job in one place stands. One published row may make several
/// bands: hourly and annual figures of one occupation are two bands, each as published.
#[Object(serial)]
impl SalaryBand {
    pub(super) async fn id(&self) -> ID {
        id::global("SalaryBand", &self.key())
    }
    /// The occupation's own role, or the role a page speaks of.
    async fn role(&self) -> Option<Role> {
        Role::of_subject(&self.scope, self.band().subject())
    }
    /// Null when the source names only a role.
    async fn occupation(&self) -> Option<Occupation> {
        Occupation::of_subject(&self.scope, self.band().subject())
    }
    /// Set when the band was reached through a role's mapping: how close the occupation is to the role.
    async fn via(&self) -> Option<RoleOccupation> {
        self.found.via.clone().map(|link| RoleOccupation { scope: self.scope.clone(), link })
    }
    /// The place the pay is for.
    async fn region(&self) -> Region {
        Region::of(&self.scope, self.band().region())
    }
    /// How the pay was observed.
    async fn method(&self) -> PayMethod {
        self.found.loaded.release.method().into()
    }
    /// What the pay includes.
    async fn concept(&self) -> PayConcept {
        self.band().segment().concept.into()
    }
    /// Whom the band counts.
    async fn segment(&self) -> Segment {
        Segment::of(self.band().segment())
    }
    /// The currency of every amount in it.
    async fn currency(&self) -> CurrencyCode {
        CurrencyCode(self.band().segment().currency.clone())
    }
    /// What one amount is for.
    async fn period(&self) -> PayPeriod {
        self.band().segment().period.into()
    }
    /// The day or span the pay refers to, not the day it was published.
    async fn reference(&self) -> ReferencePeriod {
        ReferencePeriod::of(&self.found.loaded.release)
    }
    /// A tenth earn less.
    async fn p10(&self) -> PayFigure {
        self.figure(Cell::P10)
    }
    /// A quarter earn less.
    async fn p25(&self) -> PayFigure {
        self.figure(Cell::P25)
    }
    /// Half earn less.
    async fn median(&self) -> PayFigure {
        self.figure(Cell::Median)
    }
    /// Three quarters earn less.
    async fn p75(&self) -> PayFigure {
        self.figure(Cell::P75)
    }
    /// Nine tenths earn less.
    async fn p90(&self) -> PayFigure {
        self.figure(Cell::P90)
    }
    /// The average.
    async fn mean(&self) -> PayFigure {
        self.figure(Cell::Mean)
    }
    /// Any percentile from 1 to 99 that the source publishes (ASHE prints every decile); NOT_PUBLISHED where it does not.
    async fn percentile(
        &self,
        #[graphql(desc = "How many of a hundred earn less, from 1 to 99.")] p: i32,
    ) -> Result<PayFigure, ApiError> {
        if !(1..=99).contains(&p) {
            return Err(ApiError::BadInput(format!("`p` is a number from 1 to 99, not {p}")));
        }
        let cell =
            Cell::ALL.into_iter().find(|cell| cell.percentile().is_some_and(|point| i32::from(point) == p));
        let absent = (entity::FigureKind::NotPublished, None);
        Ok(cell.map_or_else(|| PayFigure::new(absent, "", ""), |cell| self.figure(cell)))
    }
    /// Lower end of the range as the publisher states it, where it names no percentiles.
    async fn low(&self) -> PayFigure {
        self.figure(Cell::Low)
    }
    /// Upper end of the range as the publisher states it, where it names no percentiles.
    async fn high(&self) -> PayFigure {
        self.figure(Cell::High)
    }
    /// Workers in the occupation and place.
    async fn employment(&self) -> CountFigure {
        let (kind, count) = self.band().cell(Cell::Employment);
        CountFigure { kind, count }
    }
    /// Records behind a microdata band.
    async fn sample_size(&self) -> Option<i32> {
        self.band().sample_size().and_then(|size| i32::try_from(size).ok())
    }
    /// Hours a year the publisher's own annual figure rests on (2080 for OEWS), where it says so.
    async fn hours_per_year(&self) -> Option<Number> {
        self.band().segment().hours_per_year.map(|hours| Number(hours.into()))
    }
    /// Relative standard error of the mean, percent.
    async fn mean_rse(&self) -> Option<Number> {
        self.band().mean_rse().map(Number::of_thousandths)
    }
    /// The occupation's share of local employment as a multiple of its share in the country, as published.
    async fn location_quotient(&self) -> Option<Number> {
        self.band().location_quotient().map(Number::of_thousandths)
    }
    /// Where the figures come from.
    async fn provenance(&self) -> Provenance {
        let band = self.band();
        Provenance {
            scope: self.scope.clone(),
            release: self.found.loaded.release.clone(),
            position: band.position(),
            locator: band.locator().map(ToOwned::to_owned),
            cited_authority: band.cited_authority().map(ToOwned::to_owned),
            derivation: Vec::new(),
        }
    }
}

impl Occupation {
    /// Returns the occupation that figures are about, unless they are about a role.
    pub(super) fn of_subject(scope: &Scope, subject: Subject) -> Option<Self> {
        let Subject::Occupation(id) = subject else { return None };
        Some(Self { scope: scope.clone(), row: scope.catalog().occupation(id)?.clone() })
    }
}

/// Whom a band counts.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(serial)]
pub(super) struct Segment {
    /// NAICS code; null for all industries.
    industry: Option<String>,
    /// Publisher's ownership code, where industry rows carry one.
    ownership: Option<String>,
    /// Women, men or everybody.
    sex: Sex,
    /// Full time, part time or all.
    work_time: WorkTime,
    /// Level of experience.
    experience: Experience,
}

impl Segment {
    fn of(segment: &frame::Segment) -> Self {
        let stated = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        Self {
            industry: stated(&segment.industry),
            ownership: stated(&segment.ownership),
            sex: segment.sex.into(),
            work_time: segment.work_time.into(),
            experience: segment.experience.into(),
        }
    }
}
