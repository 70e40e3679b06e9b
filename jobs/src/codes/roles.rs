//! Roles: one for each detailed SOC 2018 occupation, and the curated ones of `jobs/roles/*.toml`.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use entity::{Classification, MappingRelation, OccupationLevel, RoleId, TextKind};
use rust_embed::RustEmbed;
use sea_orm::{ConnectionTrait, DbErr, Statement, Value};
use serde::Deserialize;

use super::{Ids, id_of, tables::Occupation};
use crate::bulk::Insert;

#[derive(RustEmbed)]
#[folder = "roles"]
struct Files;

/// A role as it is written down.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Role {
    pub(super) slug: String,
    pub(super) title: String,
    summary: Option<String>,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    duties: Vec<String>,
    #[serde(default)]
    faq: Vec<Question>,
    #[serde(default)]
    pub(super) occupation: Vec<Mapping>,
    #[serde(skip)]
    curated: bool,
}

/// A question people ask, with its answer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    question: String,
    answer: String,
}

/// An occupation that the role belongs to; of several of one classification the one named first is preferred.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mapping {
    classification: Classification,
    code: String,
    relation: MappingRelation,
    /// A share of employment, which nobody states for a role of ours.
    #[serde(skip)]
    weight: Option<f64>,
    note: Option<String>,
}

/// Returns the curated roles as files, by name.
pub(super) fn files() -> Vec<(Cow<'static, str>, Cow<'static, [u8]>)> {
    let names = Files::iter().filter(|name| name.ends_with(".toml"));
    let mut files: Vec<_> =
        names.filter_map(|name| Files::get(&name).map(|file| (name, file.data))).collect();
    files.sort_by(|a, b| a.0.cmp(&b.0));
    files
}

/// Writes every role with its occupations and words.
pub(super) async fn write<C: ConnectionTrait>(db: &C, known: &[Occupation], ids: &Ids) -> Result<(), DbErr> {
    let roles = all(known)?;
    write_roles(db, &roles).await?;
    let keys = role_ids(db).await?;
    write_occupations(db, &roles, &keys, ids).await?;
    write_texts(db, &roles, &keys).await
}

/// Returns the curated roles, then those of the classification. A slug is given out once, curated roles first.
pub(super) fn all(known: &[Occupation]) -> Result<Vec<Role>, DbErr> {
    let mut roles = curated()?;
    let mut taken: HashSet<String> = roles.iter().map(|role| role.slug.clone()).collect();
    if taken.len() < roles.len() {
        return Err(DbErr::Custom("curated roles: two roles have the same slug".to_owned()));
    }
    let detailed = known.iter().filter(|row| {
        row.classification == Classification::Soc2018 && row.level == OccupationLevel::Detailed
    });
    for row in detailed {
        let mut slug = slug(&row.title);
        if !taken.insert(slug.clone()) {
            slug = format!("{slug}-{}", row.code);
            taken.insert(slug.clone());
        }
        roles.push(of_occupation(slug, row));
    }
    Ok(roles)
}

fn curated() -> Result<Vec<Role>, DbErr> {
    let mut roles = Vec::new();
    for (name, bytes) in files() {
        let wrong = |error: String| DbErr::Custom(format!("curated role {name}: {error}"));
        let text = std::str::from_utf8(&bytes).map_err(|error| wrong(error.to_string()))?;
        let mut role: Role = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
        role.curated = true;
        roles.push(role);
    }
    Ok(roles)
}

/// Returns the titles and aliases of the curated roles, each with its first SOC 2018 occupation.
pub(super) fn titles() -> Vec<(String, String)> {
    let mut titles = Vec::new();
    for role in curated().expect("the tests read them too") {
        let first = role.occupation.into_iter().find(|to| to.classification == Classification::Soc2018);
        let Some(first) = first else { continue };
        titles.extend(role.aliases.into_iter().chain([role.title]).map(|title| (title, first.code.clone())));
    }
    titles
}

/// Returns the titles and aliases of the curated roles, each with the title of its role.
pub(super) fn names() -> impl Iterator<Item = (String, String)> {
    curated().expect("the tests read them too").into_iter().flat_map(|role| {
        let names = role.aliases.into_iter().chain([role.title.clone()]);
        names.map(move |name| (name, role.title.clone()))
    })
}

fn of_occupation(slug: String, row: &Occupation) -> Role {
    let own = Mapping {
        classification: row.classification,
        code: row.code.clone(),
        relation: MappingRelation::Exact,
        weight: Some(1.0),
        note: None,
    };
    Role {
        slug,
        title: row.title.clone(),
        summary: None,
        aliases: Vec::new(),
        duties: Vec::new(),
        faq: Vec::new(),
        occupation: vec![own],
        curated: false,
    }
}

/// Returns a title as a slug: lower case, words joined by hyphens, apostrophes dropped.
pub(crate) fn slug(title: &str) -> String {
    let plain = title.to_lowercase().replace(['\'', '’'], "");
    let words: Vec<&str> =
        plain.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join("-")
}

async fn write_roles<C: ConnectionTrait>(db: &C, roles: &[Role]) -> Result<(), DbErr> {
    let mut insert = Insert::new(db, "role", &["slug", "title", "summary", "curated"]).or_update(&["slug"]);
    for role in roles {
        insert
            .row([
                Value::from(role.slug.as_str()),
                role.title.as_str().into(),
                role.summary.clone().into(),
                role.curated.into(),
            ])
            .await?;
    }
    insert.finish().await
}

async fn role_ids<C: ConnectionTrait>(db: &C) -> Result<HashMap<String, RoleId>, DbErr> {
    let statement = Statement::from_string(db.get_database_backend(), "SELECT id, slug FROM role");
    let found = db.query_all_raw(statement).await?;
    found.iter().map(|row| Ok((row.try_get_by_index(1)?, row.try_get_by_index(0)?))).collect()
}

/// Nothing refers to these rows by id, so all are written anew.
async fn write_occupations<C: ConnectionTrait>(
    db: &C,
    roles: &[Role],
    keys: &HashMap<String, RoleId>,
    ids: &Ids,
) -> Result<(), DbErr> {
    db.execute_unprepared("DELETE FROM role_occupation").await?;
    let columns = &["role_id", "occupation_id", "relation", "weight", "note", "position"];
    let mut insert = Insert::new(db, "role_occupation", columns);
    for role in roles {
        for (position, to) in (0_i32..).zip(&role.occupation) {
            let id = id_of(ids, to.classification.as_str(), &to.code)
                .map_err(|error| DbErr::Custom(format!("role {}: {error}", role.slug)))?;
            insert
                .row([
                    Value::from(keys[&role.slug]),
                    id.into(),
                    to.relation.as_str().into(),
                    to.weight.into(),
                    to.note.clone().into(),
                    position.into(),
                ])
                .await?;
        }
    }
    insert.finish().await
}

/// Words without a release are ours, and are written anew; those of a release stay.
async fn write_texts<C: ConnectionTrait>(
    db: &C,
    roles: &[Role],
    keys: &HashMap<String, RoleId>,
) -> Result<(), DbErr> {
    db.execute_unprepared("DELETE FROM role_text WHERE release_id IS NULL").await?;
    let mut insert = Insert::new(db, "role_text", &["role_id", "kind", "position", "text", "answer"]);
    for role in roles {
        let aliases = role.aliases.iter().map(|text| (TextKind::Alias, text, None));
        let duties = role.duties.iter().map(|text| (TextKind::Duty, text, None));
        let questions =
            role.faq.iter().map(|faq| (TextKind::Question, &faq.question, Some(faq.answer.clone())));
        for (position, (kind, text, answer)) in (0_i32..).zip(aliases.chain(duties).chain(questions)) {
            insert
                .row([
                    Value::from(keys[&role.slug]),
                    kind.as_str().into(),
                    position.into(),
                    text.as_str().into(),
                    answer.into(),
                ])
                .await?;
        }
    }
    insert.finish().await
}
