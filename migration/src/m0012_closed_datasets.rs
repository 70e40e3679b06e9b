//! The datasets of a source of which no further release is waited for, with the releases there are: a JSON object of lists.

use sea_orm_migration::{prelude::*, schema::string};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = string("closed_datasets").default("{}").to_owned();
        manager.alter_table(Table::alter().table("source").add_column(column).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("source").drop_column("closed_datasets").to_owned()).await
    }
}
