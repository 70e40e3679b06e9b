//! What each release prints beside figures: titles of occupations, pairs of a crosswalk, the role of a page. So what is held or
//! was taken back is not served, and the newest release that is served has the say.

use sea_orm_migration::{
    prelude::*,
    schema::{boolean, double_null, integer, integer_null, pk_auto, string, string_null},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// All of it or none; and a connection of SQLite that does not see yet that a table is gone would say its index is there.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(printed_occupation()).await?;
        let role = integer_null("role_id");
        manager.alter_table(Table::alter().table("release").add_column(role).to_owned()).await?;
        for statement in [OCCUPATIONS, ROLES] {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        remake_crosswalk(manager, "crosswalk_told", &["from_id", "to_id", "release_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        remake_crosswalk(manager, "crosswalk_key", &["from_id", "to_id"]).await?;
        manager.alter_table(Table::alter().table("release").drop_column("role_id").to_owned()).await?;
        manager.drop_table(Table::drop().table("printed_occupation").to_owned()).await
    }
}

/// The codes of the figures and facts of each release, where they are not compiled in.
const OCCUPATIONS: &str = "INSERT INTO printed_occupation (release_id, occupation_id, title, level, listed)
SELECT told.release_id, occupation.id, occupation.title, occupation.level, FALSE
FROM (
    SELECT release_id, occupation_id FROM salary_band
    UNION SELECT release_id, occupation_id FROM growth_projection
    UNION SELECT release_id, occupation_id FROM skill
    UNION SELECT release_id, occupation_id FROM requirement
    UNION SELECT release_id, occupation_id FROM occupation_title
    UNION SELECT release_id, from_id FROM related_role
    UNION SELECT release_id, to_id FROM related_role
    UNION SELECT release_id, from_id FROM crosswalk
    UNION SELECT release_id, to_id FROM crosswalk
) AS told
JOIN occupation ON occupation.id = told.occupation_id AND NOT occupation.official
WHERE told.release_id IS NOT NULL";

/// The role that a page speaks of, where it came with a page.
const ROLES: &str = "UPDATE release SET role_id = (
    SELECT MIN(told.role_id)
    FROM (
        SELECT release_id, role_id FROM role_text
        UNION SELECT release_id, role_id FROM salary_band
        UNION SELECT release_id, role_id FROM growth_projection
        UNION SELECT release_id, role_id FROM skill
        UNION SELECT release_id, role_id FROM requirement
    ) AS told
    JOIN role ON role.id = told.role_id AND NOT role.curated
    WHERE told.release_id = release.id AND role.id NOT IN (SELECT role_id FROM role_occupation)
)";

fn printed_occupation() -> TableCreateStatement {
    Table::create()
        .table("printed_occupation")
        .col(integer("release_id"))
        .col(integer("occupation_id"))
        .col(string("title"))
        .col(string("level"))
        .col(string_null("parent_code"))
        .col(boolean("listed"))
        .primary_key(Index::create().col("release_id").col("occupation_id"))
        .to_owned()
}

/// Makes the crosswalk anew with another key: what is part of a table's making cannot be taken out of it on every engine.
async fn remake_crosswalk(
    manager: &SchemaManager<'_>,
    name: &str,
    key: &[&'static str],
) -> Result<(), DbErr> {
    manager.rename_table(Table::rename().table("crosswalk", "crosswalk_before").to_owned()).await?;
    manager.create_table(crosswalk(name, key)).await?;
    let columns = "from_id, to_id, relation, weight, note, release_id";
    let kept = format!(
        "INSERT INTO crosswalk ({columns}) SELECT {columns} FROM crosswalk_before ORDER BY id ON CONFLICT DO NOTHING"
    );
    manager.get_connection().execute_unprepared(&kept).await?;
    manager.drop_table(Table::drop().table("crosswalk_before").to_owned()).await?;
    let index = Index::create().name("crosswalk_of_release").table("crosswalk").col("release_id").to_owned();
    manager.create_index(index).await
}

fn crosswalk(name: &str, key: &[&'static str]) -> TableCreateStatement {
    let mut unique = Index::create().unique().name(name).to_owned();
    for column in key {
        unique.col(*column);
    }
    Table::create()
        .table("crosswalk")
        .col(pk_auto("id"))
        .col(integer("from_id"))
        .col(integer("to_id"))
        .col(string("relation"))
        .col(double_null("weight"))
        .col(string_null("note"))
        .col(integer_null("release_id"))
        .index(&mut unique)
        .to_owned()
}
