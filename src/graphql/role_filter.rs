//! Which roles are wanted, and in which order.

use async_graphql::InputObject;

use super::{
    enums::{Classification, GrowthCategory, OrderDirection, PayPeriod, RoleOrderField},
    error::ApiError,
    page::{Connection, MANY, Paging, wrong_cursor},
    requirements,
    role::Role,
    scalars::{CurrencyCode, RegionCode},
    scope::Scope,
};
use crate::{
    reader::{self, MedianRange, RoleField, RoleKey},
    snapshot::{RoleEntry, Skills},
};

/// Which roles are wanted. Fields narrow each other.
#[derive(Clone, Debug, Default, InputObject)]
pub(super) struct RoleFilter {
    /// Words of the title or of one alternate title, in any order; the last may be cut short, and a word that no title
    /// has may be misspelt.
    text: Option<String>,
    /// Mapped to an occupation of this classification.
    classification: Option<Classification>,
    /// Mapped to an occupation whose code begins like this.
    code_prefix: Option<String>,
    /// With a published amount of pay in this region.
    has_pay_in: Option<RegionCode>,
    /// With a published median within these limits. "This or more" passes where every amount it allows does; what is
    /// withheld or unreliable never does.
    median: Option<MoneyRange>,
    /// Whose `growth` in the United States has one of these categories; those without a category are left out.
    growth_category: Option<Vec<GrowthCategory>>,
    /// With one of these as the typical education for entry, in the publisher's words, letter case aside: Bachelor's
    /// degree.
    education: Option<Vec<String>>,
    /// With a skill that has this in its name, letter case aside.
    skill: Option<String>,
}

/// Limits of pay in one region, in the region's own currency.
#[derive(Clone, Debug, InputObject)]
pub(super) struct MoneyRange {
    /// The place.
    #[graphql(default_with = "RegionCode(\"US\".to_owned())")]
    region: RegionCode,
    /// The currency of the limits: the region's own. Another one is an error.
    #[graphql(default_with = "CurrencyCode(\"USD\".to_owned())")]
    currency: CurrencyCode,
    /// What one amount is for. Only figures published for this period count; nothing is converted.
    #[graphql(default_with = "PayPeriod::Year")]
    period: PayPeriod,
    /// The least, in whole units of the currency; null for no limit.
    min: Option<f64>,
    /// The most, in whole units of the currency; null for no limit.
    max: Option<f64>,
}

/// An order of roles. Those without the figure come last either way; equal ones stand by slug.
/// A row whose own figure changes between two pages may be met twice or not at all.
#[derive(Clone, Debug, InputObject)]
pub(super) struct RoleOrder {
    /// What they are sorted by.
    field: RoleOrderField,
    /// Which end comes first.
    #[graphql(default_with = "OrderDirection::Asc")]
    direction: OrderDirection,
    /// The place the figures are of.
    #[graphql(default_with = "RegionCode(\"US\".to_owned())")]
    region: RegionCode,
    /// Leave out roles with fewer workers than this in the region, or with no reliable number of them.
    min_employment: Option<f64>,
}

impl RoleFilter {
    /// Returns a page of the roles it lets through.
    pub(super) async fn roles(
        &self,
        scope: &Scope,
        order: Option<RoleOrder>,
        paging: &Paging,
    ) -> Result<Connection<Role>, ApiError> {
        let (order, filter) = (self.order(scope, order)?, self.read(scope)?);
        let own = format!("{}|", order.key(scope.catalog()));
        let found = self.find(scope, &filter, order).await?;
        let mut stands = [None, None];
        for ((stand, key), name) in stands.iter_mut().zip(paging.keys::<Role>()?).zip(["after", "before"]) {
            let Some(key) = key else { continue };
            let key = key.strip_prefix(&own).and_then(RoleKey::read).ok_or_else(|| wrong_cursor(name))?;
            *stand = Some(found.around(&key));
        }
        let window = paging.window(found.len(), MANY, stands)?;
        let items = window.clone().map(|place| {
            let (key, entry) = found.get(place);
            (own.clone() + &key.written(), Role { scope: scope.clone(), entry: entry.clone() })
        });
        Ok(Connection::keyed(items.collect(), window, found.len()).out_of(found.unfiltered()))
    }

    async fn find(
        &self,
        scope: &Scope,
        filter: &reader::RoleFilter,
        order: reader::RoleOrder,
    ) -> Result<reader::Roles, ApiError> {
        let skills = match self.skill.as_deref().map(str::trim).filter(|skill| !skill.is_empty()) {
            Some(skill) => Some((skill.to_lowercase(), scope.reader.skills().await?)),
            None => None,
        };
        let visible = scope.visible();
        let has_skill = |role: &RoleEntry| {
            skills.as_ref().is_none_or(|(name, skills)| {
                let shown = skills_of(skills, role);
                shown
                    .filter(|skill| skill.release_id.is_none_or(|release| visible.contains(&release)))
                    .any(|skill| skill.name.to_lowercase().contains(name))
            })
        };
        let wanted = self.education.as_ref();
        let wanted: Option<Vec<String>> =
            wanted.map(|wanted| wanted.iter().map(|word| word.to_lowercase()).collect());
        let takes_education = |role: &RoleEntry| {
            wanted.as_ref().is_none_or(|wanted| {
                let stated = requirements::education(scope.catalog(), &visible, role).map(str::to_lowercase);
                stated.is_some_and(|stated| wanted.contains(&stated))
            })
        };
        let takes = |role: &RoleEntry| self.takes_codes(role) && takes_education(role) && has_skill(role);
        Ok(scope.reader.roles(scope.day, filter, takes, order).await?)
    }

    /// Returns what is asked of titles and figures.
    fn read(&self, scope: &Scope) -> Result<reader::RoleFilter, ApiError> {
        let text = self.text.clone().filter(|text| !text.trim().is_empty());
        let mut filter = reader::RoleFilter { text, ..reader::RoleFilter::default() };
        if let Some(code) = &self.has_pay_in {
            filter.pay_in = Some(scope.region(code, "filter.hasPayIn")?.row.id);
        }
        filter.median = self.median.as_ref().map(|range| range.read(scope)).transpose()?;
        if let Some(words) = &self.growth_category {
            let country = scope.region(&RegionCode("US".into()), "filter.growthCategory")?;
            filter.growth = Some((country.row.id, words.iter().map(|word| (*word).into()).collect()));
        }
        Ok(filter)
    }

    fn order(&self, scope: &Scope, order: Option<RoleOrder>) -> Result<reader::RoleOrder, ApiError> {
        let has_text = self.text.as_ref().is_some_and(|text| !text.trim().is_empty());
        let Some(order) = order else {
            return Ok(reader::RoleOrder::plain(if has_text {
                RoleField::Relevance
            } else {
                RoleField::Slug
            }));
        };
        if order.field == RoleOrderField::Relevance && !has_text {
            return Err(wrong("orderBy.field", "RELEVANCE needs `filter.text`"));
        }
        order.read(scope)
    }

    fn takes_codes(&self, role: &RoleEntry) -> bool {
        if self.classification.is_none() && self.code_prefix.is_none() {
            return true;
        }
        let of: Option<entity::Classification> = self.classification.map(Into::into);
        role.occupations.iter().any(|link| {
            of.is_none_or(|of| link.occupation.classification == of)
                && self.code_prefix.as_ref().is_none_or(|prefix| link.occupation.code.starts_with(prefix))
        })
    }
}

/// Returns the skills that a role shows: its own, then those of its first occupation with any.
pub(super) fn skills_of<'a>(
    skills: &'a Skills,
    role: &RoleEntry,
) -> impl Iterator<Item = &'a entity::skill::Model> {
    let lists = role.occupations.iter().map(|link| skills.of_occupation(link.occupation.id));
    let of_occupation = lists.into_iter().find(|list| !list.is_empty()).unwrap_or_default();
    skills.of_role(role.id()).iter().chain(of_occupation)
}

impl MoneyRange {
    fn read(&self, scope: &Scope) -> Result<MedianRange, ApiError> {
        let place = &scope.region(&self.region, "filter.median.region")?.row;
        let (region, currency) = (place.id, place.currency.clone());
        if self.currency.0 != currency {
            let why = format!("pay in {} is in {currency}, not {}", self.region.0, self.currency.0);
            return Err(wrong("filter.median.currency", &why));
        }
        if let (Some(min), Some(max)) = (self.min, self.max)
            && min > max
        {
            return Err(wrong("filter.median.min", "is above `max`"));
        }
        let minor = |amount: Option<f64>| amount.map(|amount| (amount * 100.0).round());
        let (min, max) = (minor(self.min), minor(self.max));
        Ok(MedianRange { region, currency, period: self.period.into(), min, max })
    }
}

impl RoleOrder {
    fn read(&self, scope: &Scope) -> Result<reader::RoleOrder, ApiError> {
        let place = &scope.region(&self.region, "orderBy.region")?.row;
        let field = match self.field {
            RoleOrderField::Title => RoleField::Title,
            RoleOrderField::Median => RoleField::Median,
            RoleOrderField::GrowthPercent => RoleField::Growth,
            RoleOrderField::AnnualOpenings => RoleField::Openings,
            RoleOrderField::Employment => RoleField::Employment,
            RoleOrderField::Relevance => RoleField::Relevance,
        };
        Ok(reader::RoleOrder {
            field,
            descending: self.direction == OrderDirection::Desc,
            region: Some((place.id, place.currency.clone())),
            min_employment: self.min_employment,
        })
    }
}

fn wrong(argument: &str, why: &str) -> ApiError {
    ApiError::wrong(argument, format!("`{argument}`: {why}"))
}
