//! When each address of a source was asked last, and whether what it sent could be taken: where a quota ends a look, the next one
//! begins with the address that was asked longest ago. And what releases say is hashed without the names of their files: hashes with
//! them are forgotten, and the files decide, as they do for a release that was never hashed.

use sea_orm_migration::{
    prelude::*,
    schema::{boolean, timestamp_with_time_zone_null},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column at a time.
        for column in [timestamp_with_time_zone_null("asked_at"), boolean("taken").default(false).to_owned()]
        {
            manager.alter_table(Table::alter().table("fetched").add_column(column).to_owned()).await?;
        }
        manager.get_connection().execute_unprepared(FORGET).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["taken", "asked_at"] {
            manager.alter_table(Table::alter().table("fetched").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}

/// A list of codes has no figures. Its hash stays, so that it has its say once it is given again: what it prints is kept from now on.
const FORGET: &str = "UPDATE release SET content = ''
WHERE id IN (SELECT release_id FROM salary_band UNION SELECT release_id FROM growth_projection)";
