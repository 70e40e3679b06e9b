//! The periods that bands of a release state for themselves: listed once, and an index into the list for each band.

use sea_orm_migration::{
    prelude::*,
    schema::{small_integer_null, string},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let list = string("stated_periods").default("[]").to_owned();
        manager.alter_table(Table::alter().table("release").add_column(list).to_owned()).await?;
        let index = small_integer_null("stated_period");
        manager.alter_table(Table::alter().table("salary_band").add_column(index).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(Table::alter().table("salary_band").drop_column("stated_period").to_owned())
            .await?;
        manager.alter_table(Table::alter().table("release").drop_column("stated_periods").to_owned()).await
    }
}
