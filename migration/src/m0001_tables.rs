//! The first tables: sources and their releases, the catalog, and the figures.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, boolean, date, date_null, double_null, integer, integer_null, pk_auto,
        small_integer, string, string_null, timestamp_with_time_zone, timestamp_with_time_zone_null,
    },
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            setting(),
            source(),
            release(),
            artifact(),
            occupation(),
            occupation_title(),
            crosswalk(),
            region(),
            role(),
            role_occupation(),
            role_text(),
            skill(),
            requirement(),
            related_role(),
            salary_band(),
            growth_projection(),
            reject(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        for (table, columns) in INDEXES {
            let mut index = Index::create();
            index.name(format!("{table}_{}", columns.join("_"))).table(*table);
            for column in *columns {
                index.col(*column);
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "reject",
            "growth_projection",
            "salary_band",
            "related_role",
            "requirement",
            "skill",
            "role_text",
            "role_occupation",
            "role",
            "region",
            "crosswalk",
            "occupation_title",
            "occupation",
            "artifact",
            "release",
            "source",
            "setting",
        ] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

/// What is looked up by something other than its key.
const INDEXES: &[(&str, &[&str])] = &[
    ("salary_band", &["release_id", "occupation_id"]),
    ("growth_projection", &["release_id"]),
    ("reject", &["release_id"]),
    ("artifact", &["release_id"]),
    ("occupation_title", &["occupation_id"]),
];

fn setting() -> TableCreateStatement {
    Table::create().table("setting").col(string("name").primary_key()).col(string("value")).to_owned()
}

fn source() -> TableCreateStatement {
    Table::create()
        .table("source")
        .col(pk_auto("id"))
        .col(string("key"))
        .col(string("title"))
        .col(string("publisher"))
        .col(string("homepage"))
        .col(string_null("method"))
        .col(string("licence"))
        .col(string("attribution"))
        .col(string_null("schedule"))
        .col(boolean("enabled"))
        .col(integer("stale_after_days"))
        .col(timestamp_with_time_zone_null("checked_at"))
        .col(string_null("last_error"))
        .index(Index::create().unique().name("source_key").col("key"))
        .to_owned()
}

fn release() -> TableCreateStatement {
    Table::create()
        .table("release")
        .col(pk_auto("id"))
        .col(integer("source_id"))
        .col(string("dataset"))
        .col(string("label"))
        .col(integer("edition"))
        .col(date("reference_start"))
        .col(date("reference_end"))
        .col(string("reference_label"))
        .col(date_null("published_at"))
        .col(boolean("published_at_estimated"))
        .col(timestamp_with_time_zone("loaded_at"))
        .col(string("status"))
        .col(boolean("is_current"))
        .col(string("fingerprint"))
        .col(string("bound_words"))
        .col(big_integer("rows_read"))
        .col(big_integer("rows_loaded"))
        .col(big_integer("rows_rejected"))
        .col(big_integer("rows_skipped"))
        .col(string("skips"))
        .col(string("notes"))
        .col(string("checks"))
        .col(string("parts"))
        .index(
            Index::create()
                .unique()
                .name("release_key")
                .col("source_id")
                .col("dataset")
                .col("label")
                .col("edition"),
        )
        .to_owned()
}

fn artifact() -> TableCreateStatement {
    Table::create()
        .table("artifact")
        .col(pk_auto("id"))
        .col(integer("release_id"))
        .col(integer("position"))
        .col(string("origin"))
        .col(string("url"))
        .col(string("file_name"))
        .col(string("sha256"))
        .col(big_integer("bytes"))
        .col(timestamp_with_time_zone("retrieved_at"))
        .col(string_null("etag"))
        .col(string_null("last_modified"))
        .foreign_key(
            ForeignKey::create()
                .from("artifact", "release_id")
                .to("release", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

fn occupation() -> TableCreateStatement {
    Table::create()
        .table("occupation")
        .col(pk_auto("id"))
        .col(string("classification"))
        .col(string("code"))
        .col(string("title"))
        .col(string("level"))
        .col(string_null("parent_code"))
        .col(boolean("official"))
        .index(Index::create().unique().name("occupation_key").col("classification").col("code"))
        .to_owned()
}

fn occupation_title() -> TableCreateStatement {
    Table::create()
        .table("occupation_title")
        .col(pk_auto("id"))
        .col(integer("occupation_id"))
        .col(string("title"))
        .col(string("kind"))
        .to_owned()
}

fn crosswalk() -> TableCreateStatement {
    Table::create()
        .table("crosswalk")
        .col(pk_auto("id"))
        .col(integer("from_id"))
        .col(integer("to_id"))
        .col(string("relation"))
        .col(double_null("weight"))
        .col(string_null("note"))
        .index(Index::create().unique().name("crosswalk_key").col("from_id").col("to_id"))
        .to_owned()
}

fn region() -> TableCreateStatement {
    Table::create()
        .table("region")
        .col(pk_auto("id"))
        .col(string("code"))
        .col(string("name"))
        .col(string("kind"))
        .col(string("currency"))
        .col(string_null("parent_code"))
        .col(string_null("vintage"))
        .index(Index::create().unique().name("region_key").col("code"))
        .to_owned()
}

fn role() -> TableCreateStatement {
    Table::create()
        .table("role")
        .col(pk_auto("id"))
        .col(string("slug"))
        .col(string("title"))
        .col(string_null("summary"))
        .col(boolean("curated"))
        .index(Index::create().unique().name("role_key").col("slug"))
        .to_owned()
}

fn role_occupation() -> TableCreateStatement {
    Table::create()
        .table("role_occupation")
        .col(pk_auto("id"))
        .col(integer("role_id"))
        .col(integer("occupation_id"))
        .col(string("relation"))
        .col(double_null("weight"))
        .col(string_null("note"))
        .col(integer("position"))
        .index(Index::create().unique().name("role_occupation_key").col("role_id").col("occupation_id"))
        .to_owned()
}

fn role_text() -> TableCreateStatement {
    Table::create()
        .table("role_text")
        .col(pk_auto("id"))
        .col(integer("role_id"))
        .col(integer_null("release_id"))
        .col(string("kind"))
        .col(integer("position"))
        .col(string("text"))
        .col(string_null("answer"))
        .foreign_key(
            ForeignKey::create()
                .from("role_text", "release_id")
                .to("release", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

fn skill() -> TableCreateStatement {
    Table::create()
        .table("skill")
        .col(pk_auto("id"))
        .col(integer_null("release_id"))
        .col(integer_null("role_id"))
        .col(integer_null("occupation_id"))
        .col(string("name"))
        .col(string("kind"))
        .col(integer_null("importance"))
        .col(integer_null("level"))
        .foreign_key(
            ForeignKey::create()
                .from("skill", "release_id")
                .to("release", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

fn requirement() -> TableCreateStatement {
    Table::create()
        .table("requirement")
        .col(pk_auto("id"))
        .col(integer("release_id"))
        .col(integer_null("role_id"))
        .col(integer_null("occupation_id"))
        .col(string_null("education"))
        .col(string_null("experience"))
        .col(string_null("training"))
        .col(integer_null("job_zone"))
        .col(integer("part"))
        .col(integer("row"))
        .foreign_key(
            ForeignKey::create()
                .from("requirement", "release_id")
                .to("release", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

fn related_role() -> TableCreateStatement {
    Table::create()
        .table("related_role")
        .col(pk_auto("id"))
        .col(integer("release_id"))
        .col(integer("from_id"))
        .col(integer("to_id"))
        .col(string("relation"))
        .col(integer("position"))
        .foreign_key(
            ForeignKey::create()
                .from("related_role", "release_id")
                .to("release", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

fn salary_band() -> TableCreateStatement {
    Table::create()
        .table("salary_band")
        .col(pk_auto("id"))
        .col(integer("release_id"))
        .col(integer_null("occupation_id"))
        .col(integer_null("role_id"))
        .col(integer("region_id"))
        .col(string("industry"))
        .col(string("ownership"))
        .col(string("sex"))
        .col(string("work_time"))
        .col(string("experience"))
        .col(string("period"))
        .col(string("currency"))
        .col(string("concept"))
        .col(big_integer_null("p10"))
        .col(big_integer_null("p20"))
        .col(big_integer_null("p25"))
        .col(big_integer_null("p30"))
        .col(big_integer_null("p40"))
        .col(big_integer_null("median"))
        .col(big_integer_null("p60"))
        .col(big_integer_null("p70"))
        .col(big_integer_null("p75"))
        .col(big_integer_null("p80"))
        .col(big_integer_null("p90"))
        .col(big_integer_null("mean"))
        .col(big_integer_null("low"))
        .col(big_integer_null("high"))
        .col(big_integer_null("employment"))
        .col(big_integer("marks"))
        .col(integer_null("mean_rse"))
        .col(integer_null("location_quotient"))
        .col(integer_null("sample_size"))
        .col(integer_null("hours_per_year"))
        .col(string_null("cited_authority"))
        .col(string_null("locator"))
        .col(small_integer("part"))
        .col(integer("row"))
        .foreign_key(
            ForeignKey::create()
                .from("salary_band", "release_id")
                .to("release", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

fn growth_projection() -> TableCreateStatement {
    Table::create()
        .table("growth_projection")
        .col(pk_auto("id"))
        .col(integer("release_id"))
        .col(integer_null("occupation_id"))
        .col(integer_null("role_id"))
        .col(integer("region_id"))
        .col(small_integer("base_year"))
        .col(small_integer("target_year"))
        .col(big_integer_null("base_employment"))
        .col(big_integer_null("target_employment"))
        .col(big_integer_null("change"))
        .col(integer_null("change_percent"))
        .col(big_integer_null("annual_openings"))
        .col(integer("marks"))
        .col(string_null("published_category"))
        .col(string_null("cited_authority"))
        .col(string_null("locator"))
        .col(small_integer("part"))
        .col(integer("row"))
        .foreign_key(
            ForeignKey::create()
                .from("growth_projection", "release_id")
                .to("release", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

fn reject() -> TableCreateStatement {
    Table::create()
        .table("reject")
        .col(pk_auto("id"))
        .col(integer("release_id"))
        .col(string("locator"))
        .col(string("code"))
        .col(string("message"))
        .col(string("raw"))
        .foreign_key(
            ForeignKey::create()
                .from("reject", "release_id")
                .to("release", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}
