//! The points of a release's reference series, in bulk.

use sea_orm::{ConnectionTrait, DbErr};

use super::Ids;
use crate::{bulk::Insert, normalize::Series};

const RATE: [&str; 7] = ["release_id", "currency", "month", "total", "days", "part", "row"];

const INDEX: [&str; 11] = [
    "release_id",
    "region_id",
    "measure",
    "series",
    "adjusted",
    "month",
    "months",
    "value",
    "scale",
    "part",
    "row",
];

const PARITY: [&str; 8] = ["release_id", "region_id", "measure", "year", "value", "scale", "part", "row"];

/// Writes every point.
pub(super) async fn write(tx: &impl ConnectionTrait, series: &Series, ids: &Ids) -> Result<(), DbErr> {
    let release = ids.release;
    let mut rates = Insert::new(tx, "exchange_rate", &RATE);
    for row in &series.rates {
        let (part, line) = (row.position.part, row.position.row.cast_signed());
        let currency = row.currency.as_str();
        let values = [
            release.into(),
            currency.into(),
            row.month.into(),
            row.total.into(),
            row.days.into(),
            part.into(),
            line.into(),
        ];
        rates.row(values).await?;
    }
    rates.finish().await?;
    let mut indexes = Insert::new(tx, "price_index", &INDEX);
    for row in &series.indexes {
        let values = [
            release.into(),
            ids.regions[row.region].into(),
            row.measure.as_str().into(),
            row.series.as_str().into(),
            row.adjusted.into(),
            row.month.into(),
            row.months.into(),
            row.value.value.into(),
            row.value.scale.into(),
            row.position.part.into(),
            row.position.row.cast_signed().into(),
        ];
        indexes.row(values).await?;
    }
    indexes.finish().await?;
    let mut parities = Insert::new(tx, "price_parity", &PARITY);
    for row in &series.parities {
        let values = [
            release.into(),
            ids.regions[row.region].into(),
            row.measure.as_str().into(),
            row.year.into(),
            row.value.value.into(),
            row.value.scale.into(),
            row.position.part.into(),
            row.position.row.cast_signed().into(),
        ];
        parities.row(values).await?;
    }
    parities.finish().await
}
