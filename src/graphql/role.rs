//! Roles: jobs as people name them.

use std::{borrow::Cow, collections::HashSet, sync::Arc};

use async_graphql::{
    Context, ID, Object, OneofObject, ServerResult, SimpleObject, Value, parser::types::Field,
};
use entity::{TextKind, role_text, skill};

use super::{
    asked::{Asked, Pay},
    at_hand::{self, AtHand, Quick},
    band::SalaryBand,
    enums::{Fallback, PayMethod, SkillKind},
    error::ApiError,
    filter::{SalaryBandFilter, SalaryBandOrder},
    history::SalaryHistoryPoint,
    id,
    lane::PayLane,
    occupation::{OccupationCode, RoleOccupation},
    page::{Connection, Keyed, Paging},
    projection::GrowthProjection,
    rank::PayRank,
    requirements::Requirements,
    role_filter::skills_of,
    scalars::{Number, RegionCode},
    scope::Scope,
    view::{self, MoneyView},
};
use crate::{
    frame::Subject,
    pay::{convert::by_one_index, history::history, lanes::lanes},
    reader::{BandRef, Subjects},
    snapshot::{Place, RoleEntry},
};

/// How a role is named: by exactly one of these.
#[derive(Clone, Debug, OneofObject)]
pub(super) enum RoleBy {
    /// Its slug: back-end-developer.
    Slug(String),
    /// Its global id.
    Id(ID),
    /// The code of an occupation, for the occupation's own role.
    Code(OccupationCode),
}

/// A job as people name it, tied to one or more occupations of the official classifications.
#[derive(Clone)]
pub(super) struct Role {
    pub scope: Scope,
    pub entry: Arc<RoleEntry>,
}

impl Role {
    /// Returns the role that figures are about: the occupation's own, or the one a page speaks of.
    pub(super) fn of_subject(scope: &Scope, subject: Subject) -> Option<Self> {
        let entry = match subject {
            Subject::Occupation(id) => scope.catalog().own_role(id)?,
            Subject::Role(id) => scope.catalog().role_of_id(id)?,
        };
        Some(Self { scope: scope.clone(), entry: entry.clone() })
    }

    /// Returns the role that is named; where no day is, an id may name one too.
    pub(super) fn by(scope: &Scope, by: &RoleBy) -> Option<Self> {
        let (catalog, mut day) = (scope.catalog(), scope.day);
        let entry = match by {
            RoleBy::Slug(slug) => catalog.role(slug),
            RoleBy::Id(id) => {
                let name = id::read(id).filter(|name| name.kind == "Role")?;
                day = day.or(name.day);
                catalog.role(&name.key)
            }
            RoleBy::Code(OccupationCode { classification, code }) => {
                catalog.own_role(catalog.occupation_of_code((*classification).into(), code)?.id)
            }
        };
        Some(Self { scope: scope.on(day), entry: entry?.clone() })
    }

    /// Returns what is said about it by us and by visible releases.
    fn texts(&self, kind: TextKind) -> Vec<&role_text::Model> {
        let visible = self.scope.visible();
        let texts = self.entry.texts(kind);
        texts.filter(|text| text.release_id.is_none_or(|release| visible.contains(&release))).collect()
    }

    fn region(&self, code: &RegionCode) -> Result<&Arc<Place>, ApiError> {
        self.scope.region(code, "region")
    }

    /// Further titles: its own, then those of its occupations, each once.
    async fn titles(&self, most: usize) -> Result<Vec<&str>, ApiError> {
        let known = self.scope.reader.titles().await?.of_role(self.scope.catalog(), &self.entry);
        let mut seen = HashSet::from([self.entry.row.title.as_str()]);
        Ok(known.filter(|title| seen.insert(title)).take(most).collect())
    }

    /// Skills of the role itself, then of its first occupation with any; each name once.
    async fn all_skills(&self, most: usize) -> Result<Vec<Skill>, ApiError> {
        let (skills, visible) = (self.scope.reader.skills().await?, self.scope.visible());
        let all = skills_of(skills, &self.entry);
        let all = all.filter(|skill| skill.release_id.is_none_or(|release| visible.contains(&release)));
        let mut seen = HashSet::new();
        Ok(all.filter(|skill| seen.insert(skill.name.to_lowercase())).take(most).map(Skill::of).collect())
    }

    fn neighbours(&self, most: usize) -> Vec<RelatedRole> {
        let (catalog, visible) = (self.scope.catalog(), self.scope.visible());
        let links = self.entry.occupations.iter().flat_map(|link| catalog.related(link.occupation.id));
        let links = links.filter(|row| visible.contains(&row.release_id));
        let mut seen = HashSet::from([self.entry.id()]);
        let roles = links.filter_map(|row| {
            let entry = catalog.own_role(row.to_id).filter(|entry| seen.insert(entry.id()))?.clone();
            Some(RelatedRole {
                role: Self { scope: self.scope.clone(), entry },
                relation: row.relation.clone(),
            })
        });
        roles.take(most).collect()
    }
}

/// Reads an amount of money as minor units.
fn minor(amount: f64) -> Result<i64, ApiError> {
    /// Beyond this nobody is paid, and a double is no longer exact to the cent.
    const MOST: f64 = 1e13;
    if !(0.0..=MOST).contains(&amount) {
        return Err(ApiError::wrong("amount", "`amount` is a sum of money from 0 to ten million million"));
    }
    #[expect(clippy::cast_possible_truncation, reason = "it is within the limit")]
    Ok((amount * 100.0).round() as i64)
}

/// Reads the number of items asked for in a plain list.
fn many(first: i32) -> Result<usize, ApiError> {
    let most = usize::try_from(first).ok().filter(|first| *first <= super::page::MANY);
    most.ok_or_else(|| {
        ApiError::wrong("first", format!("`first` is a number from 0 to {}", super::page::MANY))
    })
}

impl Keyed for Role {
    fn key(&self) -> Cow<'_, str> {
        self.entry.row.slug.as_str().into()
    }
}

impl AtHand for Role {
    const NAME: &'static str = "Role";

    fn at_hand(&self, field: &Field) -> Option<Value> {
        let row = &self.entry.row;
        Some(match field.name.node.as_str() {
            "id" => self.scope.id("Role", &row.slug).0.into(),
            "slug" => row.slug.as_str().into(),
            "title" => row.title.as_str().into(),
            "summary" => row.summary.as_deref().into(),
            "occupations" => at_hand::list(self.entry.occupations.iter(), field)?,
            _ => return None,
        })
    }

    async fn again(&self, ctx: &Context<'_>) -> Option<ServerResult<Value>> {
        let asked = Asked::known(ctx)?;
        Some(asked.resolve(self, ctx).await)
    }
}

/// A job as people name it, tied to one or more occupations of the official classifications.
#[Object(serial)]
impl Role {
    /// Opaque, and the same for ever.
    pub(super) async fn id(&self) -> ID {
        self.scope.id("Role", &self.entry.row.slug)
    }
    /// Names the role in addresses: back-end-developer.
    async fn slug(&self) -> &str {
        &self.entry.row.slug
    }
    /// What people call it.
    async fn title(&self) -> &str {
        &self.entry.row.title
    }
    /// What it is, in a sentence or two.
    async fn summary(&self) -> Option<&str> {
        self.entry.row.summary.as_deref()
    }
    /// The occupations it maps to, those of one classification by preference.
    async fn occupations(&self) -> Vec<RoleOccupation> {
        let links = self.entry.occupations.iter();
        links.map(|link| RoleOccupation { scope: self.scope.clone(), link: link.clone() }).collect()
    }
    /// What else it is called.
    async fn alternate_titles(
        &self,
        #[graphql(
            default_with = "Some(10)",
            desc = "How many, at most 100; null is as if it were left out."
        )]
        first: Option<i32>,
    ) -> Result<Vec<&str>, ApiError> {
        self.titles(many(first.unwrap_or(10))?).await
    }
    /// What one does all day.
    async fn duties(&self) -> Vec<&str> {
        self.texts(TextKind::Duty).into_iter().map(|text| text.text.as_str()).collect()
    }
    /// What one has to know, the role's own first, then the most important.
    async fn skills(
        &self,
        #[graphql(
            default_with = "Some(10)",
            desc = "How many, at most 100; null is as if it were left out."
        )]
        first: Option<i32>,
    ) -> Result<Vec<Skill>, ApiError> {
        self.all_skills(many(first.unwrap_or(10))?).await
    }
    /// What entry asks for; null where no source says.
    async fn requirements(&self) -> Option<Requirements> {
        Requirements::of(&self.scope, &self.entry)
    }
    /// Roles near it, the nearest first.
    async fn related_roles(
        &self,
        #[graphql(
            default_with = "Some(10)",
            desc = "How many, at most 100; null is as if it were left out."
        )]
        first: Option<i32>,
    ) -> Result<Vec<RelatedRole>, ApiError> {
        Ok(self.neighbours(many(first.unwrap_or(10))?))
    }
    /// Questions people ask, with answers.
    async fn faq(&self) -> Vec<Question> {
        let texts = self.texts(TextKind::Question).into_iter();
        let pairs = texts.filter_map(|text| Some((text.text.clone(), text.answer.clone()?)));
        pairs.map(|(question, answer)| Question { question, answer }).collect()
    }
    /// The best single published band: official before other lanes, the role's own classification codes, all
    /// industries and workers, newest reference period; YEAR, else HOUR, unless `view.period`. Null when nothing fits and no
    /// fallback leads to an amount.
    async fn salary(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "RegionCode(\"US\".to_owned())", desc = "The place.")] region: RegionCode,
        #[graphql(desc = "How to show money; as published unless told.")] view: Option<MoneyView>,
        #[graphql(desc = "Only pay observed like this.")] method: Option<PayMethod>,
        #[graphql(
            default_with = "Vec::new()",
            desc = "What may stand in where no amount is published; the shortest chain of these, those named first preferred."
        )]
        fallback: Vec<Fallback>,
    ) -> Result<Option<Quick<SalaryBand>>, ApiError> {
        let asked = Asked::remember(ctx, Pay::read(&self.scope, &region, view, method, &fallback)?);
        Ok(asked.of(self).await?.map(Quick))
    }
    /// Where an amount falls among the published percentiles of the band that `salary` answers with; bounds are
    /// respected. Null when there is no band.
    async fn pay_rank(
        &self,
        #[graphql(desc = "The amount, in the currency and period of the band as `view` shows it.")]
        amount: f64,
        #[graphql(default_with = "RegionCode(\"US\".to_owned())", desc = "The place.")] region: RegionCode,
        #[graphql(desc = "How to show money; as published unless told.")] view: Option<MoneyView>,
    ) -> Result<Option<PayRank>, ApiError> {
        let minor = minor(amount)?;
        let asked = Pay::read(&self.scope, &region, view, None, &[])?;
        Ok(asked.of(self).await?.map(|band| band.rank(minor)))
    }
    /// All published bands of the role's occupations, newest release of each dataset unless `releases: ALL`.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn salary_bands(
        &self,
        #[graphql(desc = "Which of them; annual ones unless `period` says otherwise.")] filter: Option<
            SalaryBandFilter,
        >,
        #[graphql(desc = "Their order; by occupation code unless told.")] order_by: Option<SalaryBandOrder>,
        #[graphql(
            desc = "How to show money; as published unless told. The order is that of the published amounts."
        )]
        view: Option<MoneyView>,
        #[graphql(desc = "How many; 20 unless told, at most 500.")] first: Option<i32>,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<Connection<SalaryBand>, ApiError> {
        let subjects = Subjects::of_role(self.scope.catalog(), &self.entry);
        let paging = Paging { first, after, last, before };
        filter.unwrap_or_default().bands(&self.scope, Some(subjects), order_by, view, &paging).await
    }
    /// Lanes side by side: one summary for each pay method, never mixed.
    async fn pay_lanes(
        &self,
        #[graphql(default_with = "RegionCode(\"US\".to_owned())", desc = "The place.")] region: RegionCode,
        #[graphql(desc = "How to show money; as published unless told.")] view: Option<MoneyView>,
    ) -> Result<Vec<PayLane>, ApiError> {
        let place = self.region(&region)?;
        let view = view::read(&self.scope, view, Some(&place.row))?;
        let bands = self.scope.reader.bands_of_role(self.scope.day, &self.entry, place.row.id).await?;
        let show = |found: &BandRef| view.as_ref().map(|view| self.scope.show(view, found));
        let wished = view.and_then(|view| view.period);
        let lanes = lanes(self.scope.catalog(), &self.entry, &bands, wished, &show);
        let lanes = lanes.into_iter().map(|lane| PayLane::new(&self.scope, lane, view.as_ref()));
        Ok(lanes.collect())
    }
    /// Pay from release to release, the eldest first, with what keeps neighbours from being compared: the series that holds
    /// `salary`, or the last band there was, reached through an elder or younger code where a release has no other.
    async fn salary_history(
        &self,
        #[graphql(default_with = "RegionCode(\"US\".to_owned())", desc = "The place.")] region: RegionCode,
        #[graphql(desc = "How to show money; as published unless told.")] view: Option<MoneyView>,
    ) -> Result<Vec<SalaryHistoryPoint>, ApiError> {
        let place = self.region(&region)?;
        let view = view::read(&self.scope, view, Some(&place.row))?;
        let period = view.and_then(|view| view.period);
        let points = history(&self.scope.reader, self.scope.day, &self.entry, place.row.id, period).await?;
        let bands: Vec<&BandRef> = points.iter().map(|point| &point.band).collect();
        let view = view.map(|view| by_one_index(self.scope.reader.snapshot(), view, &bands));
        let point = |point| SalaryHistoryPoint::new(&self.scope, point, view.as_ref());
        Ok(points.into_iter().map(point).collect())
    }
    /// The best projection: official before editorial ones, newest cycle first, a publisher's table before its pages that repeat
    /// it. Null when there is none and no fallback leads to one.
    async fn growth(
        &self,
        #[graphql(default_with = "RegionCode(\"US\".to_owned())", desc = "The place.")] region: RegionCode,
        #[graphql(
            default_with = "Vec::new()",
            desc = "What may stand in where nothing is projected; the shortest chain of these, those named first preferred."
        )]
        fallback: Vec<Fallback>,
    ) -> Result<Option<Quick<GrowthProjection>>, ApiError> {
        let place = self.region(&region)?;
        let ways: Vec<_> = fallback.into_iter().map(Into::into).collect();
        let (reader, day) = (&self.scope.reader, self.scope.day);
        let found = reader.best_projection(day, &self.entry, place.row.id, &ways).await?;
        Ok(found.map(|found| Quick(GrowthProjection { scope: self.scope.clone(), found })))
    }
    /// The projections of successive cycles, newest first: how the outlook has moved. One for each cycle, chosen as `growth` is, and
    /// all of its lane: an editorial one never stands beside official ones.
    async fn growth_history(
        &self,
        #[graphql(default_with = "RegionCode(\"US\".to_owned())", desc = "The place.")] region: RegionCode,
    ) -> Result<Vec<GrowthProjection>, ApiError> {
        let place = self.region(&region)?;
        let found = self.scope.reader.projection_history(self.scope.day, &self.entry, place.row.id).await?;
        Ok(found.into_iter().map(|found| GrowthProjection { scope: self.scope.clone(), found }).collect())
    }
}

/// Something one has to know or be able to do.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(serial)]
pub(super) struct Skill {
    /// Its name.
    name: String,
    /// How important it is, from 1 to 5 (O*NET); null where nobody rated it.
    importance: Option<Number>,
    /// How much of it is needed, from 0 to 7 (O*NET); null where nobody rated it.
    level: Option<Number>,
    /// What sort of skill it is.
    kind: SkillKind,
}

impl Skill {
    fn of(row: &skill::Model) -> Self {
        let scale = |value: Option<i32>| value.map(|value| Number::of_thousandths(value.into()));
        Self {
            name: row.name.clone(),
            importance: scale(row.importance),
            level: scale(row.level),
            kind: row.kind.into(),
        }
    }
}

/// A role near another one.
#[derive(Clone, SimpleObject)]
#[graphql(serial)]
pub(super) struct RelatedRole {
    /// The other role.
    role: Role,
    /// How near, in the publisher's words.
    relation: String,
}

/// A question people ask.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(serial)]
pub(super) struct Question {
    /// The question.
    question: String,
    /// Its answer.
    answer: String,
}
