//! The history of the schema. A migration that has shipped is never edited.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::{MigrationTrait, async_trait};

mod m0001_tables;
mod m0002_series;
mod m0004_fetching;
mod m0005_access;
mod m0006_region_names;
mod m0007_openings;
mod m0008_jobs_per_thousand;
mod m0009_served;
mod m0010_releases_own;
mod m0011_stated_periods;
mod m0012_closed_datasets;
mod m0013_fetched;
mod m0014_printed;
mod m0015_asked;

/// Applies the migrations in order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_tables::Migration),
            Box::new(m0002_series::Migration),
            Box::new(m0004_fetching::Migration),
            Box::new(m0005_access::Migration),
            Box::new(m0006_region_names::Migration),
            Box::new(m0007_openings::Migration),
            Box::new(m0008_jobs_per_thousand::Migration),
            Box::new(m0009_served::Migration),
            Box::new(m0010_releases_own::Migration),
            Box::new(m0011_stated_periods::Migration),
            Box::new(m0012_closed_datasets::Migration),
            Box::new(m0013_fetched::Migration),
            Box::new(m0014_printed::Migration),
            Box::new(m0015_asked::Migration),
        ]
    }
}
