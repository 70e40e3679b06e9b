//! Long lists that few requests need: read when first asked for.

use std::{collections::HashMap, iter};

use entity::{OccupationId, RoleId, occupation_title, skill};
use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter, QueryOrder};
use tokio::sync::OnceCell;

use super::{Catalog, RoleEntry};
use crate::matching::{Index, Name, Names, entries};

/// Further titles of occupations, in order.
#[derive(Debug, Default)]
pub struct Titles(HashMap<OccupationId, Vec<String>>);

impl Titles {
    /// Returns the titles of one occupation.
    pub fn of(&self, occupation: OccupationId) -> &[String] {
        self.0.get(&occupation).map_or(&[], Vec::as_slice)
    }

    /// Returns what else a role is called: its own further titles, then, unless it is a curated one, those of its
    /// occupations and of the finer codes below them. A title may come more than once.
    pub fn of_role<'a>(&'a self, catalog: &'a Catalog, role: &'a RoleEntry) -> impl Iterator<Item = &'a str> {
        let own = role.texts("alias").map(|text| text.text.as_str());
        let links = role.occupations.iter().filter(|_| !role.row.curated);
        let finer = |of| catalog.refinements(of).iter().map(|row| row.id);
        let all = links.flat_map(move |link| iter::once(link.occupation.id).chain(finer(&link.occupation)));
        own.chain(all.flat_map(|occupation| self.of(occupation)).map(String::as_str))
    }
}

/// Skills, the most important first.
#[derive(Debug, Default)]
pub struct Skills {
    roles: HashMap<RoleId, Vec<skill::Model>>,
    occupations: HashMap<OccupationId, Vec<skill::Model>>,
}

impl Skills {
    /// Returns what is said of a role itself.
    pub fn of_role(&self, role: RoleId) -> &[skill::Model] {
        self.roles.get(&role).map_or(&[], Vec::as_slice)
    }

    /// Returns what is said of an occupation.
    pub fn of_occupation(&self, occupation: OccupationId) -> &[skill::Model] {
        self.occupations.get(&occupation).map_or(&[], Vec::as_slice)
    }
}

/// What is read when first asked for.
#[derive(Debug, Default)]
pub(super) struct Extras {
    titles: OnceCell<Titles>,
    names: OnceCell<Names>,
    index: OnceCell<Index>,
    skills: OnceCell<Skills>,
}

impl Extras {
    pub(super) async fn titles(&self, db: &DatabaseConnection) -> Result<&Titles, DbErr> {
        self.titles.get_or_try_init(|| read_titles(db)).await
    }

    pub(super) async fn names(&self, db: &DatabaseConnection, catalog: &Catalog) -> Result<&Names, DbErr> {
        let read = async || {
            let titles = self.titles(db).await?;
            let all = catalog.roles().flat_map(|role| names(titles, catalog, role));
            Ok(Names::new(all))
        };
        self.names.get_or_try_init(read).await
    }

    pub(super) async fn index(&self, db: &DatabaseConnection, catalog: &Catalog) -> Result<&Index, DbErr> {
        let read = async || Ok(Index::new(entries(catalog, self.titles(db).await?)));
        self.index.get_or_try_init(read).await
    }

    pub(super) async fn skills(&self, db: &DatabaseConnection) -> Result<&Skills, DbErr> {
        self.skills.get_or_try_init(|| read_skills(db)).await
    }
}

fn names<'a>(
    titles: &'a Titles,
    catalog: &'a Catalog,
    role: &'a RoleEntry,
) -> impl Iterator<Item = Name<'a>> {
    let own = iter::once(Name { role: role.rank, title: &role.row.title, own: true });
    own.chain(titles.of_role(catalog, role).map(|title| Name { role: role.rank, title, own: false }))
}

async fn read_titles(db: &DatabaseConnection) -> Result<Titles, DbErr> {
    let rows = occupation_title::Entity::find()
        .filter(occupation_title::Column::Title.ne(""))
        .order_by_asc(occupation_title::Column::Id)
        .all(db)
        .await?;
    let mut titles = Titles::default();
    for row in rows {
        let known = titles.0.entry(row.occupation_id).or_default();
        if !known.contains(&row.title) {
            known.push(row.title);
        }
    }
    Ok(titles)
}

async fn read_skills(db: &DatabaseConnection) -> Result<Skills, DbErr> {
    let rows = skill::Entity::find().order_by_asc(skill::Column::Id).all(db).await?;
    let mut skills = Skills::default();
    for row in rows {
        if let Some(role) = row.role_id {
            skills.roles.entry(role).or_default().push(row);
        } else if let Some(occupation) = row.occupation_id {
            skills.occupations.entry(occupation).or_default().push(row);
        }
    }
    let lists = skills.roles.values_mut().chain(skills.occupations.values_mut());
    for list in lists {
        list.sort_by(|a, b| b.importance.cmp(&a.importance).then_with(|| a.id.cmp(&b.id)));
    }
    Ok(skills)
}
