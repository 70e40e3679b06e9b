//! Openings and job seekers over the whole span of a projection.

use sea_orm_migration::{prelude::*, schema::big_integer_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const COLUMNS: [&str; 2] = ["openings", "job_seekers"];

/// Not published, in the bits of the marks that stand for the two.
const ABSENT: i32 = (7 << 12) | (7 << 15);

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in COLUMNS {
            let mut table = Table::alter();
            table.table("growth_projection").add_column(big_integer_null(column));
            manager.alter_table(table).await?;
        }
        let mut known = Query::update();
        known.table("growth_projection").value("marks", Expr::col("marks").add(ABSENT));
        manager.execute(known).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut known = Query::update();
        known.table("growth_projection").value("marks", Expr::col("marks").modulo(1 << 12));
        manager.execute(known).await?;
        for column in COLUMNS {
            let mut table = Table::alter();
            table.table("growth_projection").drop_column(column);
            manager.alter_table(table).await?;
        }
        Ok(())
    }
}
