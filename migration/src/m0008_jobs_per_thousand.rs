//! How many of a thousand workers in a place work in an occupation, where a table prints it: thousandths.

use sea_orm_migration::{prelude::*, schema::integer_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = integer_null("jobs_per_thousand");
        manager.alter_table(Table::alter().table("salary_band").add_column(column).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(Table::alter().table("salary_band").drop_column("jobs_per_thousand").to_owned())
            .await
    }
}
