//! Monthly and quarterly series as they are printed.

use chrono::NaiveDate;
use entity::{RegionId, ReleaseId, SeriesMeasure, price_index};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};

use super::{Reader, Selection};

/// Which points of the series of a region are wanted.
#[derive(Clone, Debug)]
pub struct SeriesFilter {
    /// The region.
    pub region: RegionId,
    /// What the series follow.
    pub measure: SeriesMeasure,
    /// The publisher's name of one series; none means all.
    pub name: Option<String>,
    /// Whose span begins on this day or later.
    pub from: Option<NaiveDate>,
    /// Whose span begins on this day or earlier.
    pub to: Option<NaiveDate>,
}

impl Reader {
    /// Returns the points of the visible releases, in no order, with one statement.
    pub async fn series(
        &self,
        as_of: Option<NaiveDate>,
        wanted: &SeriesFilter,
    ) -> Result<Vec<price_index::Model>, DbErr> {
        use price_index::Column;
        let releases: Vec<ReleaseId> =
            self.visible(as_of, Selection::Current).iter().map(|release| release.id()).collect();
        let mut points = price_index::Entity::find()
            .filter(Column::ReleaseId.is_in(releases))
            .filter(Column::RegionId.eq(wanted.region))
            .filter(Column::Measure.eq(wanted.measure));
        if let Some(name) = &wanted.name {
            points = points.filter(Column::Series.eq(name));
        }
        if let Some(from) = wanted.from {
            points = points.filter(Column::Month.gte(from));
        }
        if let Some(to) = wanted.to {
            points = points.filter(Column::Month.lte(to));
        }
        points.all(self.store.db()).await
    }
}
