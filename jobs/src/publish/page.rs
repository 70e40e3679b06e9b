//! What a page says about its role, beside figures.

use entity::{OccupationId, RoleId, requirement, role, role_text, skill};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

use super::Ids;
use crate::{
    codes::slug,
    normalize::{PageRole, Release},
};

/// Returns the role a page speaks of; a role nobody knew is made.
pub(super) async fn role(tx: &impl ConnectionTrait, release: &Release) -> Result<Option<RoleId>, DbErr> {
    let Some(page) = &release.page else { return Ok(None) };
    let slug = slug(&page.title);
    let known = role::Entity::find().filter(role::Column::Slug.eq(&slug)).one(tx).await?;
    if let Some(known) = known {
        return Ok(Some(known.id));
    }
    let row = role::ActiveModel {
        slug: Set(slug),
        title: Set(page.title.clone()),
        summary: Set(None),
        curated: Set(false),
        ..Default::default()
    };
    Ok(Some(role::Entity::insert(row).exec(tx).await?.last_insert_id))
}

/// Writes duties, questions, career paths, citations, skills and requirements.
pub(super) async fn write(tx: &impl ConnectionTrait, release: &Release, ids: &Ids) -> Result<(), DbErr> {
    let (Some(page), Some(role)) = (&release.page, ids.role) else { return Ok(()) };
    let texts = texts(page, role, ids);
    if !texts.is_empty() {
        role_text::Entity::insert_many(texts).exec_without_returning(tx).await?;
    }
    let skills = page.skills.iter().map(|(name, kind)| skill::ActiveModel {
        release_id: Set(Some(ids.release)),
        role_id: Set(Some(role)),
        occupation_id: Set(None::<OccupationId>),
        name: Set(name.clone()),
        kind: Set(*kind),
        importance: Set(None),
        level: Set(None),
        ..Default::default()
    });
    if !page.skills.is_empty() {
        skill::Entity::insert_many(skills).exec_without_returning(tx).await?;
    }
    if page.education.is_some() || page.experience.is_some() {
        let row = requirement::ActiveModel {
            release_id: Set(ids.release),
            role_id: Set(Some(role)),
            education: Set(page.education.clone()),
            experience: Set(page.experience.clone()),
            part: Set(0),
            row: Set(0),
            ..Default::default()
        };
        requirement::Entity::insert(row).exec_without_returning(tx).await?;
    }
    Ok(())
}

fn texts(page: &PageRole, role: RoleId, ids: &Ids) -> Vec<role_text::ActiveModel> {
    let rows = page.texts.iter().zip(0..).map(|((kind, text, answer), position)| role_text::ActiveModel {
        role_id: Set(role),
        release_id: Set(Some(ids.release)),
        kind: Set(*kind),
        position: Set(position),
        text: Set(text.clone()),
        answer: Set(answer.clone()),
        ..Default::default()
    });
    rows.collect()
}
