//! How often hosts were asked, and what became of the looks at each source.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, string, timestamp_with_time_zone, timestamp_with_time_zone_null},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(request_ledger()).await?;
        manager.create_table(host_pause()).await?;
        // SQLite adds one column at a time.
        for column in columns() {
            manager.alter_table(Table::alter().table("source").add_column(column).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["failures", "looks", "succeeded_at", "calendar"] {
            manager.alter_table(Table::alter().table("source").drop_column(column).to_owned()).await?;
        }
        for table in ["host_pause", "request_ledger"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn request_ledger() -> TableCreateStatement {
    Table::create()
        .table("request_ledger")
        .col(string("host"))
        .col(big_integer("seconds"))
        .col(big_integer("since"))
        .col(big_integer("used"))
        .primary_key(Index::create().col("host").col("seconds"))
        .to_owned()
}

fn host_pause() -> TableCreateStatement {
    Table::create()
        .table("host_pause")
        .col(string("host").primary_key())
        .col(timestamp_with_time_zone("until"))
        .to_owned()
}

/// What the source table gains.
fn columns() -> [ColumnDef; 4] {
    [
        string("calendar").default("{}").to_owned(),
        timestamp_with_time_zone_null("succeeded_at"),
        big_integer("looks").default(0).to_owned(),
        big_integer("failures").default(0).to_owned(),
    ]
}
