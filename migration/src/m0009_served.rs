//! Whether a release was ever served: one that was held and then replaced was not, and must not be served for it.

use sea_orm_migration::{prelude::*, schema::boolean};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = boolean("served").default(true).to_owned();
        manager.alter_table(Table::alter().table("release").add_column(column).to_owned()).await?;
        let held = Query::update()
            .table("release")
            .value("served", false)
            .and_where(Expr::col("status").eq("HELD"))
            .to_owned();
        manager.execute(held).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("release").drop_column("served").to_owned()).await
    }
}
