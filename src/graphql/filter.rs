//! Which figures are wanted, and in which order.

use std::collections::HashSet;

use async_graphql::{ID, InputObject};
use entity::{Cell, RegionId};

use super::{
    band::SalaryBand,
    enums::{
        Classification, Experience, GrowthCategory, GrowthProjectionOrderField, OccupationLevel,
        OrderDirection, PayMethod, PayPeriod, RegionKind, ReleaseSelection, SalaryBandOrderField, Sex,
        WorkTime,
    },
    error::ApiError,
    id, node,
    occupation::OccupationCode,
    page::{Connection, FIGURES, Paging, wrong_cursor},
    projection::GrowthProjection,
    scalars::RegionCode,
    scope::Scope,
    view::{self, MoneyView},
};
use crate::{
    frame::Subject,
    reader::{
        self, BandField, BandFilter, BandOrder, ProjectionField, ProjectionFilter, ProjectionOrder,
        Selection, Subjects,
    },
    snapshot::Release,
};

/// Most rows of past releases that one page is put together from: some 120 MB.
const MOST_READ: i64 = 2_000_000;

/// Which bands are wanted. Fields narrow each other. `period: null` asks for every published period; ordering by pay
/// then is an error.
#[derive(Clone, Debug, InputObject)]
pub(super) struct SalaryBandFilter {
    /// Of these roles, by global id: their own bands and those of their occupations.
    pub roles: Option<Vec<ID>>,
    /// Of these occupations.
    pub occupations: Option<Vec<OccupationCode>>,
    /// Of occupations of this classification.
    pub classification: Option<Classification>,
    /// For these regions.
    pub regions: Option<Vec<RegionCode>>,
    /// For regions anywhere below this one.
    pub within: Option<RegionCode>,
    /// For regions of these kinds.
    pub region_kinds: Option<Vec<RegionKind>>,
    /// From these sources, by key.
    pub sources: Option<Vec<String>>,
    /// Observed like this.
    pub methods: Option<Vec<PayMethod>>,
    /// The newest release of each dataset, or every one.
    #[graphql(default_with = "Some(ReleaseSelection::Current)")]
    pub releases: Option<ReleaseSelection>,
    /// From releases of this label: May 2024.
    pub release_label: Option<String>,
    /// What one amount is for.
    #[graphql(default_with = "Some(PayPeriod::Year)")]
    pub period: Option<PayPeriod>,
    /// Whom a band counts; everybody unless told.
    pub segment: Option<SegmentFilter>,
    /// Leave out bands with fewer workers, or with no reliable number of them.
    pub min_employment: Option<f64>,
}

impl Default for SalaryBandFilter {
    fn default() -> Self {
        Self {
            roles: None,
            occupations: None,
            classification: None,
            regions: None,
            within: None,
            region_kinds: None,
            sources: None,
            methods: None,
            releases: Some(ReleaseSelection::Current),
            release_label: None,
            period: Some(PayPeriod::Year),
            segment: None,
            min_employment: None,
        }
    }
}

/// Which segments are wanted. Default: all industries, both sexes, all working time, all experience. `any: true` lifts
/// that.
#[derive(Clone, Debug, Default, InputObject)]
pub(super) struct SegmentFilter {
    /// Every segment that the other fields let through.
    #[graphql(default_with = "Some(false)")]
    pub any: Option<bool>,
    /// NAICS code.
    pub industry: Option<String>,
    /// Women, men or everybody.
    pub sex: Option<Sex>,
    /// Working time.
    pub work_time: Option<WorkTime>,
    /// Level of experience.
    pub experience: Option<Experience>,
}

/// An order of bands. Missing figures come last either way; "this or more" stands above every exact amount.
/// A row whose own figure changes between two pages may be met twice or not at all.
#[derive(Clone, Debug, InputObject)]
pub(super) struct SalaryBandOrder {
    /// What they are sorted by.
    pub field: SalaryBandOrderField,
    /// Which end comes first.
    #[graphql(default_with = "OrderDirection::Asc")]
    pub direction: OrderDirection,
}

impl SalaryBandFilter {
    /// Returns a page of the bands it lets through, of `subjects` alone where there are some.
    pub(super) async fn bands(
        &self,
        scope: &Scope,
        subjects: Option<Subjects>,
        order: Option<SalaryBandOrder>,
        view: Option<MoneyView>,
        paging: &Paging,
    ) -> Result<Connection<SalaryBand>, ApiError> {
        let view = view::read(scope, view, None)?;
        let (filter, order) = (self.read(scope, subjects)?, read_order(order, self.period)?);
        if filter.releases == Selection::All && filter.subjects.is_none() {
            bounded(scope, |release| filter.takes_release(release))?;
        }
        let found = scope.reader.bands(scope.day, &filter, order).await?;
        let mut stands = [None, None];
        for ((stand, key), name) in
            stands.iter_mut().zip(paging.keys::<SalaryBand>()?).zip(["after", "before"])
        {
            let Some(key) = key else { continue };
            let band = node::band(scope, &key).await?.ok_or_else(|| wrong_cursor(name))?;
            *stand = Some(found.around(scope.catalog(), &band.found));
        }
        let window = paging.window(found.len(), FIGURES, stands)?;
        let items = window.clone().map(|place| SalaryBand::new(scope, found.get(place), view.as_ref()));
        Ok(Connection::new(items.collect(), window, found.len()).out_of(found.unfiltered()))
    }

    fn read(&self, scope: &Scope, subjects: Option<Subjects>) -> Result<BandFilter, ApiError> {
        Ok(BandFilter {
            subjects: narrowed(subjects, wanted(scope, self.roles.as_deref(), self.occupations.as_deref())?),
            classification: self.classification.map(Into::into),
            regions: regions(
                scope,
                self.regions.as_deref(),
                self.within.as_ref(),
                self.region_kinds.as_deref(),
            )?,
            sources: self.sources.clone(),
            methods: self
                .methods
                .as_ref()
                .map(|methods| methods.iter().map(|method| (*method).into()).collect()),
            releases: selection(self.releases),
            label: self.release_label.clone(),
            period: self.period.map(Into::into),
            segment: self.segment.as_ref().map(SegmentFilter::read).unwrap_or_default(),
            min_employment: self.min_employment,
        })
    }
}

impl SegmentFilter {
    fn read(&self) -> reader::SegmentFilter {
        let whole = if self.any.unwrap_or_default() {
            reader::SegmentFilter { industry: None, sex: None, work_time: None, experience: None }
        } else {
            reader::SegmentFilter::default()
        };
        reader::SegmentFilter {
            industry: self.industry.clone().or(whole.industry),
            sex: self.sex.map(Into::into).or(whole.sex),
            work_time: self.work_time.map(Into::into).or(whole.work_time),
            experience: self.experience.map(Into::into).or(whole.experience),
        }
    }
}

fn read_order(order: Option<SalaryBandOrder>, period: Option<PayPeriod>) -> Result<BandOrder, ApiError> {
    let Some(order) = order else { return Ok(BandOrder::default()) };
    let field = match order.field {
        SalaryBandOrderField::Occupation => BandField::Occupation,
        SalaryBandOrderField::Region => BandField::Region,
        SalaryBandOrderField::Reference => BandField::Reference,
        SalaryBandOrderField::Median => BandField::Cell(Cell::Median),
        SalaryBandOrderField::P10 => BandField::Cell(Cell::P10),
        SalaryBandOrderField::P25 => BandField::Cell(Cell::P25),
        SalaryBandOrderField::P75 => BandField::Cell(Cell::P75),
        SalaryBandOrderField::P90 => BandField::Cell(Cell::P90),
        SalaryBandOrderField::Mean => BandField::Cell(Cell::Mean),
        SalaryBandOrderField::Employment => BandField::Cell(Cell::Employment),
    };
    let by_pay = matches!(field, BandField::Cell(cell) if cell != Cell::Employment);
    if by_pay && period.is_none() {
        return Err(ApiError::wrong("filter.period", "`filter.period` is needed to order by a pay figure"));
    }
    Ok(BandOrder { field, descending: order.direction == OrderDirection::Desc })
}

/// Which projections are wanted. Fields narrow each other.
#[derive(Clone, Debug, InputObject)]
pub(super) struct GrowthProjectionFilter {
    /// Of these roles, by global id: their own projections and those of their occupations.
    pub roles: Option<Vec<ID>>,
    /// Of these occupations.
    pub occupations: Option<Vec<OccupationCode>>,
    /// For these regions.
    pub regions: Option<Vec<RegionCode>>,
    /// For regions anywhere below this one.
    pub within: Option<RegionCode>,
    /// From these sources, by key.
    pub sources: Option<Vec<String>>,
    /// The newest release of each dataset, or every one.
    #[graphql(default_with = "Some(ReleaseSelection::Current)")]
    pub releases: Option<ReleaseSelection>,
    /// From releases of this label: 2024-34. A hyphen may stand for any dash.
    pub release_label: Option<String>,
    /// Of these categories, by the cut-offs of each projection's own cycle; those without a category are left out.
    pub categories: Option<Vec<GrowthCategory>>,
    /// Of occupations as broad as this.
    pub levels: Option<Vec<OccupationLevel>>,
}

/// An order of projections. Missing figures come last either way. A row whose own figure changes between two pages may be met
/// twice or not at all.
#[derive(Clone, Debug, InputObject)]
pub(super) struct GrowthProjectionOrder {
    /// What they are sorted by.
    pub field: GrowthProjectionOrderField,
    /// Which end comes first.
    #[graphql(default_with = "OrderDirection::Asc")]
    pub direction: OrderDirection,
}

impl GrowthProjectionFilter {
    /// Returns a page of the projections it lets through.
    pub(super) async fn projections(
        &self,
        scope: &Scope,
        order: Option<GrowthProjectionOrder>,
        paging: &Paging,
    ) -> Result<Connection<GrowthProjection>, ApiError> {
        let order = order.map_or_else(ProjectionOrder::default, |order| order.read());
        let filter = self.read(scope)?;
        if filter.releases == Selection::All && filter.subjects.is_none() {
            bounded(scope, |release| filter.takes_release(release))?;
        }
        let found = scope.reader.projections(scope.day, &filter, order).await?;
        let mut stands = [None, None];
        for ((stand, key), name) in
            stands.iter_mut().zip(paging.keys::<GrowthProjection>()?).zip(["after", "before"])
        {
            let Some(key) = key else { continue };
            let projection = node::projection(scope, &key).await?.ok_or_else(|| wrong_cursor(name))?;
            *stand = Some(found.around(scope.catalog(), &projection.found));
        }
        let window = paging.window(found.len(), FIGURES, stands)?;
        let items =
            window.clone().map(|place| GrowthProjection { scope: scope.clone(), found: found.get(place) });
        Ok(Connection::new(items.collect(), window, found.len()))
    }

    fn read(&self, scope: &Scope) -> Result<ProjectionFilter, ApiError> {
        Ok(ProjectionFilter {
            subjects: wanted(scope, self.roles.as_deref(), self.occupations.as_deref())?,
            regions: regions(scope, self.regions.as_deref(), self.within.as_ref(), None)?,
            sources: self.sources.clone(),
            releases: selection(self.releases),
            label: self.release_label.clone(),
            categories: self
                .categories
                .as_ref()
                .map(|words| words.iter().map(|word| (*word).into()).collect()),
            levels: self.levels.as_ref().map(|levels| levels.iter().map(|level| (*level).into()).collect()),
        })
    }
}

impl GrowthProjectionOrder {
    fn read(&self) -> ProjectionOrder {
        let field = match self.field {
            GrowthProjectionOrderField::Occupation => ProjectionField::Occupation,
            GrowthProjectionOrderField::Region => ProjectionField::Region,
            GrowthProjectionOrderField::ChangePercent => ProjectionField::ChangePercent,
            GrowthProjectionOrderField::Change => ProjectionField::Change,
            GrowthProjectionOrderField::AnnualOpenings => ProjectionField::AnnualOpenings,
            GrowthProjectionOrderField::TargetEmployment => ProjectionField::TargetEmployment,
        };
        ProjectionOrder { field, descending: self.direction == OrderDirection::Desc }
    }
}

/// Refuses to read more rows of past releases than a page of them is worth.
fn bounded(scope: &Scope, wanted: impl Fn(&Release) -> bool) -> Result<(), ApiError> {
    let rows = scope.reader.rows_to_read(scope.day, wanted);
    if rows <= MOST_READ {
        return Ok(());
    }
    Err(ApiError::wrong(
        "filter.releases",
        format!(
            "all releases hold {rows} more rows, and {MOST_READ} are read at once: name `occupations`, `roles`, `sources` or a `releaseLabel`"
        ),
    ))
}

fn selection(releases: Option<ReleaseSelection>) -> Selection {
    match releases {
        Some(ReleaseSelection::Current) => Selection::Current,
        Some(ReleaseSelection::All) | None => Selection::All,
    }
}

/// Returns the subjects of roles and occupations; both narrow each other. A code that no classification has stands for
/// nothing; an id that is not a role's is a mistake.
fn wanted(
    scope: &Scope,
    roles: Option<&[ID]>,
    occupations: Option<&[OccupationCode]>,
) -> Result<Option<Subjects>, ApiError> {
    let catalog = scope.catalog();
    let of_roles = match roles {
        None => None,
        Some(ids) => {
            let mut subjects = Subjects::default();
            for (place, wanted) in ids.iter().enumerate() {
                let slug = id::key_of("Role", wanted).ok_or_else(|| {
                    let message = format!("`filter.roles[{place}]` is not the id of a role");
                    ApiError::wrong("filter.roles", message)
                })?;
                if let Some(role) = catalog.role(&slug) {
                    subjects.add_role(catalog, role);
                }
            }
            Some(subjects)
        }
    };
    let of_codes = occupations.map(|codes| {
        let mut subjects = Subjects::default();
        for OccupationCode { classification, code } in codes {
            if let Some(row) = catalog.occupation_of_code((*classification).into(), code) {
                subjects.add(Subject::Occupation(row.id), None);
            }
        }
        subjects
    });
    Ok(narrowed(of_roles, of_codes))
}

fn narrowed(subjects: Option<Subjects>, others: Option<Subjects>) -> Option<Subjects> {
    match (subjects, others) {
        (Some(mut subjects), Some(others)) => {
            subjects.narrow(&others);
            Some(subjects)
        }
        (subjects, others) => subjects.or(others),
    }
}

/// Returns the regions that every one of the conditions lets through; `None` where there is no condition. A code that no region
/// has is a mistake.
fn regions(
    scope: &Scope,
    codes: Option<&[RegionCode]>,
    within: Option<&RegionCode>,
    kinds: Option<&[RegionKind]>,
) -> Result<Option<HashSet<RegionId>>, ApiError> {
    let catalog = scope.catalog();
    let id = |code| Ok(scope.region(code, "filter.regions")?.row.id);
    let listed = codes.map(|codes| codes.iter().map(id).collect::<Result<_, ApiError>>()).transpose()?;
    let within = within.map(|code| scope.region(code, "filter.within")).transpose()?;
    let below = within.map(|place| catalog.within(&place.row.code));
    let of_kind = kinds.map(|kinds| {
        let kinds: Vec<entity::RegionKind> = kinds.iter().map(|kind| (*kind).into()).collect();
        let places = catalog.regions().iter().filter(|place| kinds.contains(&place.row.kind));
        places.map(|place| place.row.id).collect::<HashSet<_>>()
    });
    let conditions = [listed, below, of_kind].into_iter().flatten();
    Ok(conditions.reduce(|a, b| a.intersection(&b).copied().collect()))
}
