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
    rank::PayRank,
    region::Region,
    release::ReferencePeriod,
    role::Role,
    scalars::{CurrencyCode, Number},
    scope::Scope,
    substitution::Substitution,
};
use crate::{
    frame::{self, Band, Subject},
    pay::{Shown, View, quantile},
    reader::BandRef,
};

/// Where a worker in the middle, and near the ends, of one job in one place stands.
#[derive(Clone)]
pub(super) struct SalaryBand {
    pub scope: Scope,
    pub found: BandRef,
    seen: Option<Arc<Seen>>,
}

/// What a view makes of a band.
struct Seen {
    view: View,
    shown: Shown,
}

impl SalaryBand {
    /// Makes a band as published, or as a view shows it.
    pub(super) fn new(scope: &Scope, found: BandRef, view: Option<&View>) -> Self {
        let seen = view.map(|view| Arc::new(Seen { view: *view, shown: scope.show(view, &found) }));
        Self { scope: scope.clone(), found, seen }
    }

    /// Returns the currency of its amounts.
    pub(super) fn money(&self) -> &str {
        self.seen.as_ref().map_or(&self.found.band().segment().currency, |seen| seen.shown.currency())
    }

    /// Returns what one of its amounts is for.
    pub(super) fn shown_period(&self) -> entity::PayPeriod {
        let published = self.found.band().segment().period;
        self.seen.as_ref().map_or(published, |seen| seen.shown.period)
    }

    /// Returns where an amount falls among its percentiles.
    pub(super) fn rank(self, amount: i64) -> PayRank {
        if let Some(Err(why)) = self.seen.as_ref().map(|seen| &seen.shown.conversion) {
            let why = why.words();
            return PayRank::silent(why, self);
        }
        let points = quantile::points(|cell| self.cell(cell));
        if points.is_empty() {
            let why = self.why_nothing(|cell| cell.percentile().is_some());
            return PayRank::silent(format!("no percentile can be compared: {why}"), self);
        }
        let currency = self.money().to_owned();
        PayRank::new(amount, quantile::rank(&points, amount), self, &currency)
    }

    /// Says why none of some cells has an amount to compare, in the words of the first that says more than "not published".
    fn why_nothing(&self, of: impl Fn(Cell) -> bool) -> String {
        let cells = || Cell::ALL[..Cell::MONEY].iter().copied().filter(|cell| of(*cell));
        let told = cells().find(|cell| self.band().cell(*cell).0 != FigureKind::NotPublished);
        told.or(cells().next()).map(|cell| self.figure(cell).words()).unwrap_or_default()
    }

    /// Says why there is no amount to compare in it; nothing where there is one.
    pub(super) fn reason(&self) -> Option<String> {
        let compared = |cell: &Cell| {
            matches!(
                self.cell(*cell),
                (FigureKind::Exact | FigureKind::AtLeast | FigureKind::AtMost, Some(_))
            )
        };
        let silent = !Cell::ALL[..Cell::MONEY].iter().any(compared);
        silent.then(|| self.why_nothing(|_| true))
    }

    /// Returns the kind and amount of a cell, as it is shown.
    fn cell(&self, cell: Cell) -> (FigureKind, Option<i64>) {
        let published = self.band().cell(cell);
        self.seen.as_ref().map_or(published, |seen| {
            let (kind, amount, _) = seen.shown.cell(published);
            (kind, amount)
        })
    }

    /// Interpolates a percentile between published ones, then shows it.
    fn modelled(&self, percent: u8) -> PayFigure {
        let words = &self.found.loaded.release.row.bound_words;
        let absent = (FigureKind::NotPublished, None);
        let points = quantile::points(|cell| self.band().cell(cell));
        let Some(amount) = quantile::between(&points, percent) else {
            return PayFigure::new(absent, self.money(), words);
        };
        match self.seen.as_ref().map(|seen| (seen, &seen.shown.conversion)) {
            None => PayFigure::modelled(rounded(amount, 1), self.money()),
            Some((_, Ok(how))) => {
                let amount = rounded(amount * how.factor.approximate(), how.unit());
                PayFigure::modelled(amount, self.money())
            }
            Some((seen, Err(_))) => PayFigure::shown(&seen.shown, (FigureKind::Exact, Some(0)), words),
        }
    }

    fn global_id(&self) -> ID {
        match &self.seen {
            None => id::global("SalaryBand", &self.key()),
            Some(seen) => id::global(
                "SalaryBand",
                &id::viewed_key(self.scope.reader.snapshot().series(), &self.key(), &seen.view),
            ),
        }
    }

    fn workers(&self) -> CountFigure {
        let (kind, count) = self.band().cell(Cell::Employment);
        CountFigure { kind, count }
    }

    fn band(&self) -> Band<'_> {
        self.found.band()
    }

    fn figure(&self, cell: Cell) -> PayFigure {
        let (band, words) = (self.band(), &self.found.loaded.release.row.bound_words);
        match &self.seen {
            None => PayFigure::new(band.cell(cell), &band.segment().currency, words),
            Some(seen) => PayFigure::shown(&seen.shown, band.cell(cell), words),
        }
    }
}

impl SalaryBand {
    /// Says the steps from what was published to what is shown.
    fn derivation(&self) -> Vec<String> {
        let how = self.seen.as_ref().and_then(|seen| seen.shown.conversion.as_ref().ok());
        how.map(|how| how.derivation(self.scope.reader.snapshot())).unwrap_or_default()
    }
}

/// Rounds a modelled amount to a multiple of `unit`.
#[expect(clippy::cast_possible_truncation, reason = "pay is far below 2^53 cents")]
fn rounded(amount: f64, unit: u32) -> i64 {
    let unit = f64::from(unit);
    ((amount / unit).round() * unit) as i64
}

impl SalaryBand {
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

impl SalaryBand {
    /// Returns a cell as a person would read it.
    pub(super) fn text(&self, cell: Cell) -> String {
        if cell == Cell::Employment {
            return self.workers().words();
        }
        self.figure(cell).words()
    }
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
                return at_hand::object(&**self.scope.catalog().region(self.band().region())?, field);
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
        Substitution::of(&self.found.steps, self.band().cell(Cell::Employment))
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
