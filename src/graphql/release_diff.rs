//! What changed between two releases of a source.

use std::{borrow::Cow, sync::Arc};

use async_graphql::{Object, SimpleObject};
use entity::{Cell, Count};

use super::{
    at_hand::AtHand,
    band::SalaryBand,
    enums::ReleaseChangeKind,
    error::ApiError,
    figure::CountFigure,
    id,
    occupation::Occupation,
    page::{Connection, Edge, FIGURES, Keyed, PageInfo, Paging, Stand, wrong_cursor},
    projection::GrowthProjection,
    release::Release,
    scope::Scope,
};
use crate::{
    reader::{BandRef, Change, Loaded, PROJECTED, ProjectionRef, Table, changes},
    snapshot,
    text::percent,
};

/// What changed between two releases of one dataset: a page of changes, by occupation and region.
pub(super) struct ReleaseDiff {
    from: Release,
    to: Release,
    page: Connection<ReleaseChange>,
}

impl ReleaseDiff {
    /// Compares two releases.
    pub(super) async fn find(
        scope: &Scope,
        source: &str,
        dataset: Option<&str>,
        [from, to]: [&str; 2],
        paging: &Paging,
    ) -> Result<Self, ApiError> {
        let from = named(scope, source, dataset, from, "from")?;
        let to = named(scope, source, dataset, to, "to")?;
        if from.row.dataset != to.row.dataset {
            let (one, other) = (&from.row.dataset, &to.row.dataset);
            return Err(ApiError::wrong("to", format!("`from` is a release of {one}, `to` one of {other}")));
        }
        let before = scope.reader.load(from.clone()).await?;
        let after = scope.reader.load(to.clone()).await?;
        let found = changes(scope.catalog(), &before.frame, &after.frame);
        let [after_place, _] = paging.keys::<ReleaseChange>()?;
        let stand = |key: String| -> Result<Stand, ApiError> {
            let place: usize = key.parse().map_err(|_| wrong_cursor("after"))?;
            Ok((place, place.saturating_add(1)))
        };
        let window = paging.window(found.len(), FIGURES, [after_place.map(stand).transpose()?, None])?;
        let items = window.clone().map(|place| ReleaseChange {
            scope: scope.clone(),
            before: before.clone(),
            after: after.clone(),
            change: found[place].clone(),
            place,
        });
        let release = |release| Release { scope: scope.clone(), release };
        let page = Connection::new(items.collect(), window, found.len());
        Ok(Self { from: release(from), to: release(to), page })
    }
}

/// Finds a release by its global id, or by its label: of several editions the newest.
fn named(
    scope: &Scope,
    source: &str,
    dataset: Option<&str>,
    name: &str,
    argument: &str,
) -> Result<Arc<snapshot::Release>, ApiError> {
    let catalog = scope.catalog();
    let source = catalog
        .source(source)
        .ok_or_else(|| ApiError::wrong("source", format!("`source`: there is no {source}")))?;
    let key = id::key_of("Release", name);
    let mut found = catalog.releases_of(source.id);
    found.retain(|release| {
        release.is_visible()
            && dataset.is_none_or(|dataset| release.row.dataset == dataset)
            && key.as_ref().map_or_else(|| release.is_called(name), |key| release.key() == key)
    });
    let Some(newest) = found.first().cloned() else {
        let place = dataset.map_or(String::new(), |dataset| format!(" in the dataset {dataset}"));
        return Err(ApiError::wrong(
            argument,
            format!("`{argument}`: {} has no release {name}{place}", source.key),
        ));
    };
    let mut datasets: Vec<&str> = found.iter().map(|release| release.row.dataset.as_str()).collect();
    datasets.sort_unstable();
    datasets.dedup();
    if datasets.len() > 1 {
        let all = datasets.join(", ");
        return Err(ApiError::wrong(
            argument,
            format!("`{argument}`: {name} is a release of {all}; say `dataset`"),
        ));
    }
    Ok(newest)
}

/// What changed between two releases of one dataset: a page of changes, by occupation and region.
#[Object(serial)]
impl ReleaseDiff {
    /// The earlier one.
    async fn from(&self) -> &Release {
        &self.from
    }
    /// The later one.
    async fn to(&self) -> &Release {
        &self.to
    }
    /// Changes with their cursors.
    async fn edges(&self) -> Vec<Edge<'_, ReleaseChange>> {
        self.page.all_edges()
    }
    /// Changes alone.
    async fn nodes(&self) -> &[ReleaseChange] {
        self.page.items()
    }
    /// What surrounds the page.
    async fn page_info(&self) -> PageInfo {
        self.page.info()
    }
    /// How many changes there are.
    async fn total_count(&self) -> i32 {
        self.page.count()
    }
}

/// A row of figures that is not the same in both releases.
pub(super) struct ReleaseChange {
    scope: Scope,
    before: Loaded,
    after: Loaded,
    change: Change,
    place: usize,
}

/// A figure before and after.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(serial)]
pub(super) struct FigureChange {
    /// The field of the band or projection: median, changePercent.
    name: String,
    /// As a person would have read it in the earlier release.
    before: String,
    /// As a person would read it in the later one.
    after: String,
}

impl AtHand for ReleaseChange {
    const NAME: &'static str = "ReleaseChange";
}

impl Keyed for ReleaseChange {
    fn key(&self) -> Cow<'_, str> {
        self.place.to_string().into()
    }
}

impl ReleaseChange {
    fn band(&self, loaded: &Loaded, place: Option<usize>) -> Option<SalaryBand> {
        let index = place.filter(|_| self.change.table == Table::Bands)?;
        Some(SalaryBand::new(
            &self.scope,
            BandRef { loaded: loaded.clone(), index, via: None, steps: Vec::new() },
            None,
        ))
    }

    fn projection(&self, loaded: &Loaded, place: Option<usize>) -> Option<GrowthProjection> {
        let index = place.filter(|_| self.change.table == Table::Projections)?;
        Some(GrowthProjection {
            scope: self.scope.clone(),
            found: ProjectionRef { loaded: loaded.clone(), index, steps: Vec::new() },
        })
    }

    fn text(&self, loaded: &Loaded, place: Option<usize>, figure: usize) -> String {
        match self.change.table {
            Table::Bands => self.band(loaded, place).map(|band| band.text(Cell::ALL[figure])),
            Table::Projections => {
                self.projection(loaded, place).map(|projection| projected(&projection, figure))
            }
        }
        .unwrap_or_default()
    }
}

fn projected(projection: &GrowthProjection, figure: usize) -> String {
    let row = projection.found.row();
    let Some(count) = Count::ALL.get(figure) else {
        return row.change_percent.map_or_else(|| "not published".to_owned(), percent);
    };
    let (kind, count) = row.count(*count);
    CountFigure { kind, count }.words()
}

/// A row of figures that is not the same in both releases.
#[Object(serial)]
impl ReleaseChange {
    /// What became of it.
    async fn kind(&self) -> ReleaseChangeKind {
        self.change.kind.into()
    }
    /// The pay band in the earlier release; null where it had none, or where this is a projection.
    async fn band_before(&self) -> Option<SalaryBand> {
        self.band(&self.before, self.change.before)
    }
    /// The pay band in the later release; null where it has none, or where this is a projection.
    async fn band_after(&self) -> Option<SalaryBand> {
        self.band(&self.after, self.change.after)
    }
    /// The projection in the earlier release; null where it had none, or where this is a pay band.
    async fn projection_before(&self) -> Option<GrowthProjection> {
        self.projection(&self.before, self.change.before)
    }
    /// The projection in the later release; null where it has none, or where this is a pay band.
    async fn projection_after(&self) -> Option<GrowthProjection> {
        self.projection(&self.after, self.change.after)
    }
    /// The figures that differ, old and new; empty for a row that appeared, vanished, or whose code was split or merged.
    async fn figures(&self) -> Vec<FigureChange> {
        let named = |figure: &usize| FigureChange {
            name: match self.change.table {
                Table::Bands => field(Cell::ALL[*figure]).to_owned(),
                Table::Projections => PROJECTED[*figure].to_owned(),
            },
            before: self.text(&self.before, self.change.before, *figure),
            after: self.text(&self.after, self.change.after, *figure),
        };
        self.change.figures.iter().map(named).collect()
    }
    /// The occupations that a split or merged code became, by the crosswalk; else empty.
    async fn successors(&self) -> Vec<Occupation> {
        let rows = self.change.heirs.iter().filter_map(|heir| self.scope.catalog().occupation(*heir));
        rows.map(|row| Occupation { scope: self.scope.clone(), row: row.clone() }).collect()
    }
}

/// The field of a band that shows a cell.
fn field(cell: Cell) -> &'static str {
    match cell {
        Cell::P10 => "p10",
        Cell::P20 => "percentile(p: 20)",
        Cell::P25 => "p25",
        Cell::P30 => "percentile(p: 30)",
        Cell::P40 => "percentile(p: 40)",
        Cell::Median => "median",
        Cell::P60 => "percentile(p: 60)",
        Cell::P70 => "percentile(p: 70)",
        Cell::P75 => "p75",
        Cell::P80 => "percentile(p: 80)",
        Cell::P90 => "p90",
        Cell::Mean => "mean",
        Cell::Low => "low",
        Cell::High => "high",
        Cell::Employment => "employment",
    }
}
