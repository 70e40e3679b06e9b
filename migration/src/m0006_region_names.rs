//! The other names of regions.

use sea_orm_migration::{
    prelude::*,
    schema::{integer, string},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(region_name()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("region_name").to_owned()).await
    }
}

fn region_name() -> TableCreateStatement {
    Table::create()
        .table("region_name")
        .col(integer("region_id"))
        .col(string("name"))
        .primary_key(Index::create().col("region_id").col("name"))
        .to_owned()
}
