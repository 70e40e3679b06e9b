//! Pay bands.

use std::{borrow::Cow, sync::Arc};

use async_graphql::{ID, Object, SimpleObject, Value, parser::types::Field, resolver_utils::enum_value};
use entity::{Cell, FigureKind};

use super::{
    at_hand::{self, AtHand},
    enums::{Experience, PayConcept, PayMethod, PayPeriod, Sex, WorkTime},
    error::ApiError,
    figure::{CountFigure, PayFigure},
    id,
    occupation::{Occupation, RoleOccupation},
    page::Keyed,
    provenance::Provenance,
    region::{self, Region},
    release::ReferencePeriod,
    role::Role,
    scalars::{CurrencyCode, Number},
    scope::Scope,
    substitution::Substitution,
};
use crate::{
    frame::{self, Band},
    reader::BandRef,
};

mod shown;

use self::shown::Seen;

/// Where a worker in the middle, and near the ends, of one job in one place stands.
#[derive(Clone)]
pub(super) struct SalaryBand {
    pub scope: Scope,
    pub found: BandRef,
    seen: Option<Arc<Seen>>,
}

impl SalaryBand {
    fn global_id(&self) -> ID {
        let view = self.seen.as_ref().map(|seen| &seen.view);
        self.scope.id("SalaryBand", &id::shown_band_key(&self.scope, &self.found, view))
    }

    fn workers(&self) -> CountFigure {
        let (kind, count) = self.band().cell(Cell::Employment);
        CountFigure { kind, count }
    }

    fn band(&self) -> Band<'_> {
        self.found.band()
    }

    /// The location quotient: as published, else computed.
    async fn quotient(&self) -> Result<Option<Number>, ApiError> {
        if let Some(published) = printed(self.band().location_quotient()) {
            return Ok(Some(published));
        }
        let found = self.scope.reader.location_quotient(self.scope.day, &self.found).await?;
        Ok(found.map(|quotient| Number((quotient * 100.0).round() / 100.0)))
    }

    /// Jobs in a thousand: as published, else computed.
    fn per_thousand(&self) -> Option<Number> {
        printed(self.band().jobs_per_thousand()).or_else(|| {
            let share = self.found.share_of_all(self.scope.catalog())?;
            Some(Number((share * 1_000_000.0).round() / 1000.0))
        })
    }
}

/// Returns a rate that is kept in thousandths.
fn printed(rate: Option<i64>) -> Option<Number> {
    rate.map(Number::of_thousandths)
}

impl Keyed for SalaryBand {
    fn key(&self) -> Cow<'_, str> {
        id::band_key(self.scope.catalog(), &self.found).into()
    }
}

impl AtHand for SalaryBand {
    const NAME: &'static str = "SalaryBand";

    fn at_hand(&self, field: &Field) -> Option<Value> {
        let cell = match field.name.node.as_str() {
            "p10" => Cell::P10,
            "p25" => Cell::P25,
            "median" => Cell::Median,
            "p75" => Cell::P75,
            "p90" => Cell::P90,
            "mean" => Cell::Mean,
            "low" => Cell::Low,
            "high" => Cell::High,
            "employment" => return at_hand::object(&self.workers(), field),
            "region" => {
                let place = self.scope.catalog().region(self.band().region())?;
                return at_hand::object(&region::Kept(&self.scope, place), field);
            }
            "id" => return Some(self.global_id().0.into()),
            "currency" => return Some(self.money().into()),
            "period" => return Some(enum_value(PayPeriod::from(self.shown_period()))),
            "method" => return Some(enum_value(PayMethod::from(self.found.loaded.release.method()))),
            "concept" => return Some(enum_value(PayConcept::from(self.band().segment().concept))),
            "meanRse" => return Some(printed(self.band().mean_rse()).into()),
            // What is not printed is computed, which takes more than the band.
            "locationQuotient" => return Some(printed(self.band().location_quotient())?.into()),
            "jobsPerThousand" => return Some(printed(self.band().jobs_per_thousand())?.into()),
            _ => return None,
        };
        at_hand::object(&self.figure(cell), field)
    }
}

/// Where a worker in the middle, and near the ends, of one job in one place stands. One published row may make several
/// bands: hourly and annual figures of one occupation are two bands, each as published.
#[Object(serial)]
impl SalaryBand {
    /// Opaque, and the same for ever.
    pub(super) async fn id(&self) -> ID {
        self.global_id()
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
        CurrencyCode(self.money().to_owned())
    }
    /// What one amount is for.
    async fn period(&self) -> PayPeriod {
        self.shown_period().into()
    }
    /// The day or span the pay refers to, not the day it was published: as the row states it, else that of the release.
    async fn reference(&self) -> ReferencePeriod {
        ReferencePeriod::of(self.found.reference())
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
    /// Any percentile from 1 to 99: as published where it is (ASHE prints every decile), else interpolated between
    /// published neighbours on log pay and marked MODELLED; NOT_PUBLISHED outside them, and beside a bound.
    async fn percentile(
        &self,
        #[graphql(desc = "How many of a hundred earn less, from 1 to 99.")] p: i32,
    ) -> Result<PayFigure, ApiError> {
        let percent = u8::try_from(p).ok().filter(|percent| (1..=99).contains(percent));
        let percent =
            percent.ok_or_else(|| ApiError::wrong("p", format!("`p` is a number from 1 to 99, not {p}")))?;
        let printed = Cell::ALL.into_iter().find(|cell| cell.percentile() == Some(percent));
        let printed = printed.filter(|cell| self.band().cell(*cell).0 != FigureKind::NotPublished);
        Ok(printed.map_or_else(|| self.modelled(percent), |cell| self.figure(cell)))
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
        self.workers()
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
        printed(self.band().mean_rse())
    }
    /// The occupation's share of local employment as a multiple of its share in the country: as published, else computed to
    /// hundredths from the same survey's numbers of workers, (jobs / all jobs in the place) / (jobs / all jobs in the country),
    /// where all four are published as exact numbers.
    async fn location_quotient(&self) -> Result<Option<Number>, ApiError> {
        self.quotient().await
    }
    /// Whether `locationQuotient` is computed rather than published; null where there is none.
    async fn location_quotient_derived(&self) -> Result<Option<bool>, ApiError> {
        let published = self.band().location_quotient().is_some();
        Ok(self.quotient().await?.map(|_| !published))
    }
    /// Of a thousand workers in the place, how many work in the occupation: as published, else computed to thousandths from the
    /// release's own numbers, employment / employment of all occupations x 1000, where both are published as exact numbers.
    async fn jobs_per_thousand(&self) -> Option<Number> {
        self.per_thousand()
    }
    /// Whether `jobsPerThousand` is computed rather than published; null where there is none.
    async fn jobs_per_thousand_derived(&self) -> Option<bool> {
        self.per_thousand().map(|_| self.band().jobs_per_thousand().is_none())
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
            derivation: self.derivation(),
        }
    }
    /// What the band stands in for, where a fallback was asked for and taken; null for the very figure asked for.
    async fn substitution(&self) -> Option<Substitution> {
        let found = Substitution::of(&self.found.steps, self.band().cell(Cell::Employment))?;
        let release = &self.found.loaded.release;
        let answers = self.scope.visible().contains(&release.id());
        Some(if answers { found } else { found.of_elder_release(&release.row.label) })
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
