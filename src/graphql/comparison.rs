//! Roles beside regions.

use std::sync::Arc;

use async_graphql::{ID, Object, SimpleObject};

use super::{
    band::SalaryBand,
    error::ApiError,
    id,
    region::Region,
    role::Role,
    scalars::RegionCode,
    scope::Scope,
    view::{self, MoneyView},
};
use crate::{
    pay::View,
    reader::Wish,
    snapshot::{Place, RoleEntry},
};

/// Most roles of one matrix.
const ROLES: usize = 50;
/// Most regions of one matrix.
const REGIONS: usize = 50;
/// Most cells of one matrix.
const CELLS: usize = 500;

/// One role of a matrix, with a cell for each region.
#[derive(SimpleObject)]
#[graphql(serial)]
pub(super) struct ComparisonRow {
    /// The role.
    role: Role,
    /// One for each region asked for, in the same order.
    cells: Vec<ComparisonCell>,
}

/// What one role is paid in one region, or why that is not known.
pub(super) struct ComparisonCell {
    region: Region,
    band: Option<SalaryBand>,
    reason: Option<String>,
}

/// What one role is paid in one region, or why that is not known.
#[Object(serial)]
impl ComparisonCell {
    /// The region.
    async fn region(&self) -> &Region {
        &self.region
    }
    /// What `Role.salary` gives there; null where the current releases have nothing.
    async fn band(&self) -> Option<&SalaryBand> {
        self.band.as_ref()
    }
    /// Why there is no amount: no band, or one whose cells are withheld or cannot be shown as asked; null where there is one.
    async fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }
}

/// Puts roles beside regions, both in the order they were asked for.
pub(super) async fn compare(
    scope: &Scope,
    roles: &[ID],
    regions: &[RegionCode],
    view: Option<MoneyView>,
) -> Result<Vec<ComparisonRow>, ApiError> {
    let view = view::read(scope, view, None)?;
    let (roles, places) = (read_roles(scope, roles)?, read_regions(scope, regions)?);
    if roles.len() * places.len() > CELLS {
        return Err(ApiError::wrong(
            "roles",
            format!("`roles` times `regions` makes more than {CELLS} cells"),
        ));
    }
    let mut rows = Vec::with_capacity(roles.len());
    for entry in roles {
        let mut cells = Vec::with_capacity(places.len());
        for place in &places {
            cells.push(cell(scope, &entry, place, view.as_ref()).await?);
        }
        rows.push(ComparisonRow { role: Role { scope: scope.clone(), entry }, cells });
    }
    Ok(rows)
}

async fn cell(
    scope: &Scope,
    entry: &RoleEntry,
    place: &Arc<Place>,
    view: Option<&View>,
) -> Result<ComparisonCell, ApiError> {
    let wish = Wish { period: view.and_then(|view| view.period), ..Wish::default() };
    let found = scope.reader.best_band(scope.day, entry, place.row.id, wish).await?;
    let band = found.map(|found| SalaryBand::new(scope, found, view));
    let reason = if let Some(band) = &band {
        band.reason()
    } else {
        let (role, place) = (&entry.row.title, &place.row.name);
        Some(format!("the current releases have nothing for {role} in {place}"))
    };
    Ok(ComparisonCell { region: Region { scope: scope.clone(), place: place.clone() }, band, reason })
}

fn read_roles(scope: &Scope, roles: &[ID]) -> Result<Vec<Arc<RoleEntry>>, ApiError> {
    if roles.len() > ROLES {
        return Err(ApiError::wrong("roles", format!("`roles` holds at most {ROLES} ids")));
    }
    let entry = |id: &ID| {
        let slug = id::key_of("Role", id);
        let entry = slug.and_then(|slug| scope.catalog().role(&slug).cloned());
        entry.ok_or_else(|| {
            ApiError::wrong("roles", format!("`roles` holds `{}`, which is no role", id.as_str()))
        })
    };
    roles.iter().map(entry).collect()
}

fn read_regions(scope: &Scope, regions: &[RegionCode]) -> Result<Vec<Arc<Place>>, ApiError> {
    if regions.len() > REGIONS {
        return Err(ApiError::wrong("regions", format!("`regions` holds at most {REGIONS} codes")));
    }
    regions.iter().map(|code| scope.region(code, "regions").cloned()).collect()
}
