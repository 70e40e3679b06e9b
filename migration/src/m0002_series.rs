//! Reference series: exchange rates, price indexes and price parities.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, boolean, date, integer, pk_auto, small_integer, string},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [exchange_rate(), price_index(), price_parity()] {
            manager.create_table(table).await?;
        }
        for table in TABLES {
            let mut index = Index::create();
            index.name(format!("{table}_release_id")).table(table).col("release_id");
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

const TABLES: [&str; 3] = ["exchange_rate", "price_index", "price_parity"];

fn exchange_rate() -> TableCreateStatement {
    table("exchange_rate")
        .col(string("currency"))
        .col(date("month"))
        .col(big_integer("total"))
        .col(small_integer("days"))
        .col(small_integer("part"))
        .col(integer("row"))
        .to_owned()
}

fn price_index() -> TableCreateStatement {
    table("price_index")
        .col(integer("region_id"))
        .col(string("measure"))
        .col(string("series"))
        .col(boolean("adjusted"))
        .col(date("month"))
        .col(small_integer("months"))
        .col(big_integer("value"))
        .col(small_integer("scale"))
        .col(small_integer("part"))
        .col(integer("row"))
        .to_owned()
}

fn price_parity() -> TableCreateStatement {
    table("price_parity")
        .col(integer("region_id"))
        .col(string("measure"))
        .col(small_integer("year"))
        .col(big_integer("value"))
        .col(small_integer("scale"))
        .col(small_integer("part"))
        .col(integer("row"))
        .to_owned()
}

/// A table of points of a release, gone with it.
fn table(name: &'static str) -> TableCreateStatement {
    Table::create()
        .table(name)
        .col(pk_auto("id"))
        .col(integer("release_id"))
        .foreign_key(
            ForeignKey::create()
                .from(name, "release_id")
                .to("release", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}
