//! What the national tables of a source say of hourly pay: which occupations have it, and which are paid by the year alone.

use std::sync::Arc;

use entity::{
    Cell, FigureKind, Marks, OccupationId, OccupationLevel, PayPeriod, RegionId, RegionKind, ReleaseId,
    salary_band::{Column, Entity},
};
use rustc_hash::FxHashMap;
use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter, QuerySelect, Select};

use super::Catalog;
use crate::frame::Band;

/// Whether an occupation has hourly pay, by occupation and country.
type Said = FxHashMap<(OccupationId, RegionId), bool>;

/// What each visible release says of hourly pay; nothing where it has no national table of it.
#[derive(Debug, Default)]
pub struct HourlyPay(FxHashMap<ReleaseId, Arc<Said>>);

impl HourlyPay {
    /// Returns whether an occupation has hourly pay in a country, if a release says.
    pub fn said(&self, release: ReleaseId, occupation: OccupationId, country: RegionId) -> Option<bool> {
        self.0.get(&release)?.get(&(occupation, country)).copied()
    }
}

/// Returns whether hourly pay exists, by what stands in the cells of a band of hourly pay; nothing where they are blank.
pub fn said_by(band: Band<'_>) -> Option<bool> {
    exists(|cell| band.cell(cell).0)
}

fn exists(kind: impl Fn(Cell) -> FigureKind) -> Option<bool> {
    if kind(Cell::Mean) == FigureKind::NotApplicable {
        return Some(false);
    }
    let said = Cell::ALL[..Cell::MONEY].iter().any(|cell| kind(*cell) != FigureKind::NotPublished);
    said.then_some(true)
}

/// Reads what the visible releases say; what `last` knows stays.
pub(super) async fn read(
    db: &DatabaseConnection,
    catalog: &Catalog,
    last: Option<&HourlyPay>,
) -> Result<HourlyPay, DbErr> {
    let (mut all, mut new) = (FxHashMap::default(), Vec::new());
    for release in catalog.releases().filter(|release| release.is_visible()) {
        match last.and_then(|last| last.0.get(&release.id())) {
            Some(known) => {
                all.insert(release.id(), known.clone());
            }
            None => new.push(release.id()),
        }
    }
    if new.is_empty() {
        return Ok(HourlyPay(all));
    }
    let mut found: FxHashMap<ReleaseId, Said> = FxHashMap::default();
    for (release, occupation, country, marks) in rows(db, catalog, &new).await? {
        let said = occupation.zip(exists(|cell| marks.get(cell)));
        if let Some((occupation, exists)) = said {
            found.entry(release).or_default().insert((occupation, country), exists);
        }
    }
    all.extend(new.into_iter().map(|id| (id, Arc::new(found.remove(&id).unwrap_or_default()))));
    Ok(HourlyPay(all))
}

type Row = (ReleaseId, Option<OccupationId>, RegionId, Marks);

/// Reads the bands of hourly pay in countries, of those among the releases that have one of all occupations together: a table of
/// states or towns is long, and none of them is looked through.
async fn rows(db: &DatabaseConnection, catalog: &Catalog, among: &[ReleaseId]) -> Result<Vec<Row>, DbErr> {
    let totals = catalog.occupations().iter().filter(|row| row.level == OccupationLevel::Total);
    let totals: Vec<OccupationId> = totals.map(|row| row.id).collect();
    let countries = catalog.regions().iter().filter(|place| place.row.kind == RegionKind::Country);
    let countries: Vec<RegionId> = countries.map(|place| place.row.id).collect();
    let hourly = |releases: &[ReleaseId]| -> Select<Entity> {
        Entity::find()
            .filter(Column::ReleaseId.is_in(releases.iter().copied()))
            .filter(Column::Period.eq(PayPeriod::Hour))
            .filter(Column::Industry.eq(""))
            .filter(Column::RegionId.is_in(countries.iter().copied()))
            .select_only()
            .column(Column::ReleaseId)
    };
    let national = hourly(among).filter(Column::OccupationId.is_in(totals)).distinct();
    let national: Vec<ReleaseId> = national.into_tuple().all(db).await?;
    if national.is_empty() {
        return Ok(Vec::new());
    }
    let columns = [Column::OccupationId, Column::RegionId, Column::Marks];
    hourly(&national).columns(columns).into_tuple().all(db).await
}
