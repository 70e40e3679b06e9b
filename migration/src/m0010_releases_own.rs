//! Which release a title or a pair of a crosswalk comes from, null for those that ship with the program; and what finds the
//! rows of a release.

use sea_orm_migration::{prelude::*, schema::integer_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Tables whose rows belong to what ships with the program or to a release.
const OWNED: [&str; 2] = ["occupation_title", "crosswalk"];

/// Tables whose rows are looked up by their release.
const LOOKED_UP: [&str; 6] =
    ["occupation_title", "crosswalk", "skill", "requirement", "related_role", "role_text"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in OWNED {
            let column = integer_null("release_id");
            manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        for table in LOOKED_UP {
            let index = Index::create().name(name(table)).table(table).col("release_id").to_owned();
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in LOOKED_UP {
            manager.drop_index(Index::drop().name(name(table)).table(table).to_owned()).await?;
        }
        for table in OWNED {
            manager.alter_table(Table::alter().table(table).drop_column("release_id").to_owned()).await?;
        }
        Ok(())
    }
}

fn name(table: &str) -> String {
    format!("{table}_of_release")
}
