//! Who may do what, what was done, and how far running refreshes are.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, big_pk_auto, pk_auto, string, string_null, string_uniq,
        timestamp_with_time_zone, timestamp_with_time_zone_null,
    },
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [access_key(), audit_entry(), refresh_step()] {
            manager.create_table(table).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["refresh_step", "audit_entry", "access_key"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn access_key() -> TableCreateStatement {
    Table::create()
        .table("access_key")
        .col(pk_auto("id"))
        .col(string_uniq("name"))
        .col(string_uniq("hash"))
        .col(string("hint"))
        .col(string("scopes"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone_null("revoked_at"))
        .to_owned()
}

fn audit_entry() -> TableCreateStatement {
    Table::create()
        .table("audit_entry")
        .col(big_pk_auto("id"))
        .col(timestamp_with_time_zone("at"))
        .col(string("caller"))
        .col(string("action"))
        .col(string("input"))
        .col(string("outcome"))
        .to_owned()
}

fn refresh_step() -> TableCreateStatement {
    Table::create()
        .table("refresh_step")
        .col(big_pk_auto("id"))
        .col(timestamp_with_time_zone("at"))
        .col(string("source"))
        .col(string_null("dataset"))
        .col(string("stage"))
        .col(big_integer("rows_done"))
        .col(big_integer_null("rows_expected"))
        .col(big_integer("bytes_done"))
        .col(big_integer_null("bytes_expected"))
        .to_owned()
}
