//! What each address of a source answered last, written when every release of that file is in; and a hash over what a release
//! says, by which the same figures in other bytes are known.

use sea_orm_migration::{
    prelude::*,
    schema::{integer, string, string_null},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(fetched()).await?;
        let column = string("content").default("").to_owned();
        manager.alter_table(Table::alter().table("release").add_column(column).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("release").drop_column("content").to_owned()).await?;
        manager.drop_table(Table::drop().table("fetched").to_owned()).await
    }
}

fn fetched() -> TableCreateStatement {
    Table::create()
        .table("fetched")
        .col(integer("source_id"))
        .col(string("url"))
        .col(string_null("etag"))
        .col(string_null("last_modified"))
        .col(string("reading"))
        .primary_key(Index::create().col("source_id").col("url"))
        .to_owned()
}
