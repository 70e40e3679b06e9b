//! Long lists that few requests need: read when first asked for.

use std::{collections::HashMap, iter, sync::Arc};

use entity::{OccupationId, ReleaseId, RoleId, TextKind, occupation_title, skill};
use jobs::publish::answering;
use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use tokio::sync::OnceCell;

use super::{Catalog, RoleEntry};
use crate::matching::{Index, Name, Names, index};

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
        let own = role.texts(TextKind::Alias).map(|text| text.text.as_str());
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

/// What is made of titles when it is first asked for. Snapshots share it for as long as titles and roles stay the same: a
/// publish hardly ever changes them.
#[derive(Debug, Default)]
pub(super) struct Lists {
    edition: Edition,
    titles: OnceCell<Arc<Titles>>,
    names: OnceCell<Names>,
    index: OnceCell<Index>,
}

/// How many further titles each release tells, and the newest of them; those of none ship with the program.
type Edition = Vec<(Option<ReleaseId>, i64, i32)>;

async fn edition(db: &DatabaseConnection) -> Result<Edition, DbErr> {
    occupation_title::Entity::find()
        .filter(answering(occupation_title::Column::ReleaseId))
        .select_only()
        .column(occupation_title::Column::ReleaseId)
        .column_as(occupation_title::Column::Id.count(), "titles")
        .column_as(occupation_title::Column::Id.max(), "newest")
        .group_by(occupation_title::Column::ReleaseId)
        .order_by_asc(occupation_title::Column::ReleaseId)
        .into_tuple()
        .all(db)
        .await
}

impl Lists {
    /// Returns the lists of a catalog: those of the last one where it has the same titles.
    pub(super) async fn of(
        db: &DatabaseConnection,
        catalog: &Catalog,
        last: Option<(&Catalog, &Arc<Self>)>,
    ) -> Result<Arc<Self>, DbErr> {
        let edition = edition(db).await?;
        let same = last.filter(|(before, lists)| lists.edition == edition && before.names_as(catalog));
        Ok(same.map_or_else(|| Arc::new(Self { edition, ..Self::default() }), |(_, lists)| lists.clone()))
    }

    /// Returns whether they were asked for.
    pub(super) fn are_made(&self) -> bool {
        self.index.initialized()
    }

    pub(super) async fn titles(&self, db: &DatabaseConnection) -> Result<&Arc<Titles>, DbErr> {
        self.titles.get_or_try_init(async || read_titles(db).await.map(Arc::new)).await
    }

    pub(super) async fn names(&self, db: &DatabaseConnection, of: &Arc<Catalog>) -> Result<&Names, DbErr> {
        let made = async || {
            let (titles, catalog) = (self.titles(db).await?.clone(), of.clone());
            apart(move || Names::new(catalog.roles().flat_map(|role| names(&titles, &catalog, role)))).await
        };
        self.names.get_or_try_init(made).await
    }

    pub(super) async fn index(&self, db: &DatabaseConnection, of: &Arc<Catalog>) -> Result<&Index, DbErr> {
        let made = async || {
            let (titles, catalog) = (self.titles(db).await?.clone(), of.clone());
            apart(move || index(&catalog, &titles)).await
        };
        self.index.get_or_try_init(made).await
    }
}

/// Makes a list on a thread of its own, so that other requests go on.
async fn apart<T: Send + 'static>(make: impl FnOnce() -> T + Send + 'static) -> Result<T, DbErr> {
    let ended = tokio::task::spawn_blocking(make).await;
    ended.map_err(|error| DbErr::Custom(format!("making a list of titles ended early: {error}")))
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
        .filter(answering(occupation_title::Column::ReleaseId))
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

pub(super) async fn read_skills(db: &DatabaseConnection) -> Result<Skills, DbErr> {
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
