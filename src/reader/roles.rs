//! Finds roles by their titles and figures, and puts them in order.

use std::{cmp::Ordering, sync::Arc};

use chrono::NaiveDate;
use entity::{Cell, FigureKind, GrowthCategory, PayPeriod, RegionId};
use sea_orm::DbErr;

use super::{
    Loaded, ProjectionRef, Reader, Selection,
    bands::{Lead, cell_lead, employs},
    choice::{Site, best_of, best_projection_of, has_amount, period_turn},
    subjects::subjects_of,
};
use crate::{
    frame::{Band, Segment},
    matching::Fit,
    outlook::category,
    snapshot::{Catalog, RoleEntry},
};

/// Which roles are wanted. Fields narrow each other; `None` leaves one free.
#[derive(Clone, Debug, Default)]
pub struct RoleFilter {
    /// Words of one of the role's titles.
    pub text: Option<String>,
    /// A place with a published amount.
    pub pay_in: Option<RegionId>,
    /// The median somewhere.
    pub median: Option<MedianRange>,
    /// The words for the best projection in a region.
    pub growth: Option<(RegionId, Vec<GrowthCategory>)>,
}

/// The limits of a published median.
#[derive(Clone, Debug)]
pub struct MedianRange {
    /// The place.
    pub region: RegionId,
    /// The currency of the place.
    pub currency: String,
    /// What one amount is for.
    pub period: PayPeriod,
    /// The least, in minor units.
    pub min: Option<f64>,
    /// The most, in minor units.
    pub max: Option<f64>,
}

impl MedianRange {
    /// A bound passes where every amount it allows does.
    #[expect(clippy::cast_precision_loss, reason = "pay is far below 2^53 cents")]
    fn takes(&self, (kind, amount): (FigureKind, Option<i64>)) -> bool {
        let Some(amount) = amount.map(|amount| amount as f64) else { return false };
        let above = self.min.is_none_or(|min| amount >= min);
        let below = self.max.is_none_or(|max| amount <= max);
        match kind {
            FigureKind::Exact => above && below,
            FigureKind::AtLeast => above && self.max.is_none(),
            FigureKind::AtMost => below && self.min.is_none(),
            _ => false,
        }
    }
}

/// What roles are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleField {
    /// Slug.
    Slug,
    /// Title, letter case aside.
    Title,
    /// How near a title is to the text.
    Relevance,
    /// Median annual pay in a region.
    Median,
    /// Percent of growth in a region.
    Growth,
    /// Openings a year in a region.
    Openings,
    /// Jobs in a region.
    Employment,
}

/// An order of roles.
#[derive(Clone, Debug)]
pub struct RoleOrder {
    /// What they are sorted by.
    pub field: RoleField,
    /// Largest first.
    pub descending: bool,
    /// The place the figures are of, with its currency.
    pub region: Option<(RegionId, String)>,
    /// Fewest workers there; roles with fewer, or with no reliable number of them, are left out.
    pub min_employment: Option<f64>,
}

impl RoleOrder {
    /// An order that needs no figures.
    pub fn plain(field: RoleField) -> Self {
        Self { field, descending: false, region: None, min_employment: None }
    }

    /// Returns what tells it from other orders.
    pub fn key(&self, catalog: &Catalog) -> String {
        let region = self.region.as_ref().and_then(|(region, _)| catalog.region(*region));
        let (end, region) =
            (if self.descending { '-' } else { '+' }, region.map_or("", |place| &place.row.code));
        format!("{:?}{end}{region}", self.field)
    }

    fn compare(&self, a: &RoleKey, b: &RoleKey) -> Ordering {
        let titles = a.title.cmp(&b.title);
        let titles = if self.descending { titles.reverse() } else { titles };
        a.lead.cmp(&b.lead).then(titles).then_with(|| a.slug.cmp(&b.slug))
    }
}

/// Where a role stands in an order: what was asked for, then its slug. It holds the figure itself, so that a list can be
/// resumed behind it when the figures have changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleKey {
    lead: Lead,
    title: String,
    slug: String,
}

/// What comes when there is no figure.
const MISSING: Lead = (true, 0, 0, 0);

impl RoleKey {
    /// Returns the key as text.
    pub fn written(&self) -> String {
        let (missing, currency, bound, value) = self.lead;
        format!("{}|{currency}|{bound}|{value}|{}|{}", u8::from(missing), self.slug, self.title)
    }

    /// Reads a key back.
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(6, '|');
        let missing = parts.next()? == "1";
        let lead =
            (missing, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        Some(Self { lead, slug: parts.next()?.to_owned(), title: parts.next()?.to_owned() })
    }
}

/// Roles in order.
#[derive(Debug)]
pub struct Roles {
    order: RoleOrder,
    hits: Vec<(RoleKey, Arc<RoleEntry>)>,
    unfiltered: usize,
}

impl Roles {
    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.hits.len()
    }

    /// Returns how many there would be without the guard of the order.
    pub fn unfiltered(&self) -> usize {
        self.unfiltered
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.hits.is_empty()
    }

    /// Returns the role at `place` and its key.
    pub fn get(&self, place: usize) -> (&RoleKey, &Arc<RoleEntry>) {
        let (key, entry) = &self.hits[place];
        (key, entry)
    }

    /// Returns how many roles stand before a key, and how many when the one in its place counts too.
    pub fn around(&self, key: &RoleKey) -> (usize, usize) {
        let stands = |other: &RoleKey, order: Ordering| self.order.compare(other, key) <= order;
        let before = self.hits.partition_point(|(other, _)| stands(other, Ordering::Less));
        (before, self.hits.partition_point(|(other, _)| stands(other, Ordering::Equal)))
    }
}

impl Reader {
    /// Returns the roles that the filter and `takes` let through.
    pub async fn roles(
        &self,
        as_of: Option<NaiveDate>,
        filter: &RoleFilter,
        takes: impl Fn(&RoleEntry) -> bool,
        order: RoleOrder,
    ) -> Result<Roles, DbErr> {
        let scope = self.scope(as_of, Selection::Current, |_| true).await?;
        let figures = Figures { catalog: self.catalog(), scope };
        let named = self.named(filter.text.as_deref()).await?;
        let mut fitting = named;
        fitting.retain(|(entry, _)| takes(entry) && figures.fit(filter, entry));
        let unfiltered = fitting.len();
        let keyed = fitting.into_iter();
        let mut hits: Vec<_> = keyed
            .filter_map(|(entry, fit)| Some((figures.key(&order, entry, fit)?, entry.clone())))
            .collect();
        hits.sort_unstable_by(|a, b| order.compare(&a.0, &b.0));
        Ok(Roles { order, hits, unfiltered })
    }

    /// Returns the roles with a title near `text`, and how near; every role where there is none.
    async fn named(&self, text: Option<&str>) -> Result<Vec<(&Arc<RoleEntry>, Fit)>, DbErr> {
        let catalog: &Catalog = self.catalog();
        let Some(text) = text else { return Ok(catalog.roles().map(|entry| (entry, 0)).collect()) };
        let found = self.store.names(&self.snapshot).await?.find(text);
        Ok(found.into_iter().filter_map(|(rank, fit)| Some((catalog.role_of_rank(rank)?, fit))).collect())
    }
}

/// The figures that answer.
struct Figures<'a> {
    catalog: &'a Catalog,
    scope: Vec<Loaded>,
}

impl Figures<'_> {
    fn fit(&self, filter: &RoleFilter, role: &RoleEntry) -> bool {
        let paid = |region| self.best(role, region, None).is_some_and(has_amount);
        let of_range = |range: &MedianRange| {
            let band = self.best_in(role, range.region, range.period, &range.currency);
            band.is_some_and(|band| range.takes(band.cell(Cell::Median)))
        };
        let grows = |(region, words): &(RegionId, Vec<GrowthCategory>)| {
            let found = self.projection(role, *region);
            let word = found.and_then(|found| category::of(self.catalog, &found.loaded.release, found.row()));
            word.is_some_and(|word| words.contains(&word))
        };
        filter.pay_in.is_none_or(paid)
            && filter.median.as_ref().is_none_or(of_range)
            && filter.growth.as_ref().is_none_or(grows)
    }

    /// Returns what the role is paid in a place, for `period` where one is named.
    fn best(&self, role: &RoleEntry, region: RegionId, period: Option<PayPeriod>) -> Option<Band<'_>> {
        let stands = subjects_of(role).map(|subject| (subject, region));
        let asked = |segment: &Segment| period.is_none_or(|period| segment.period == period);
        let turn = |segment: &Segment| period_turn(segment.period, None).filter(|_| asked(segment));
        let found = best_of(self.catalog, &self.scope, stands, |_, band| turn(band.segment()));
        let Site { loaded, index, .. } = found?;
        Some(self.scope[loaded].frame.band(index))
    }

    /// Returns the same, where it is in `currency`: a figure in another one can be compared with none.
    fn best_in(
        &self,
        role: &RoleEntry,
        region: RegionId,
        period: PayPeriod,
        currency: &str,
    ) -> Option<Band<'_>> {
        self.best(role, region, Some(period)).filter(|band| band.segment().currency == currency)
    }

    fn projection(&self, role: &RoleEntry, region: RegionId) -> Option<ProjectionRef> {
        let stands = subjects_of(role).map(|subject| (subject, region));
        best_projection_of(&self.scope, stands).map(|site| site.projection(&self.scope))
    }

    /// Returns where a role stands, or `None` when the order leaves it out.
    fn key(&self, order: &RoleOrder, role: &RoleEntry, fit: Fit) -> Option<RoleKey> {
        let annual = || {
            let (region, currency) = order.region.as_ref()?;
            self.best_in(role, *region, PayPeriod::Year, currency)
        };
        if let Some(least) = order.min_employment {
            annual().filter(|band| employs(*band, least))?;
        }
        let lead = match order.field {
            RoleField::Slug | RoleField::Title => Some((false, 0, 0, 0)),
            RoleField::Relevance => Some(exact(order, i64::from(fit))),
            RoleField::Median => annual().map(|band| cell_lead(band, Cell::Median, order.descending)),
            RoleField::Employment => annual().map(|band| cell_lead(band, Cell::Employment, order.descending)),
            RoleField::Growth | RoleField::Openings => {
                self.projected(order, role).map(|value| exact(order, value))
            }
        };
        let title =
            if order.field == RoleField::Title { role.row.title.to_lowercase() } else { String::new() };
        Some(RoleKey { lead: lead.unwrap_or(MISSING), title, slug: role.row.slug.clone() })
    }

    fn projected(&self, order: &RoleOrder, role: &RoleEntry) -> Option<i64> {
        let (region, _) = order.region.as_ref()?;
        let found = self.projection(role, *region)?;
        match order.field {
            RoleField::Openings => found.openings(),
            _ => found.row().change_percent.map(i64::from),
        }
    }
}

fn exact(order: &RoleOrder, value: i64) -> Lead {
    (false, 0, 0, if order.descending { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_is_in_a_range_only_when_all_it_allows_is() {
        let range = |min: Option<f64>, max: Option<f64>| MedianRange {
            region: RegionId(1),
            currency: "USD".into(),
            period: PayPeriod::Year,
            min,
            max,
        };
        let at_least = (FigureKind::AtLeast, Some(23_920_000));
        assert!(range(Some(10_000_000.0), None).takes(at_least));
        assert!(!range(Some(10_000_000.0), Some(30_000_000.0)).takes(at_least));
        assert!(!range(Some(24_000_000.0), None).takes(at_least));
        assert!(range(None, Some(100.0)).takes((FigureKind::AtMost, Some(90))));
        assert!(!range(Some(10.0), Some(100.0)).takes((FigureKind::AtMost, Some(90))));
        assert!(!range(None, None).takes((FigureKind::Unreliable, Some(90))));
        assert!(!range(None, None).takes((FigureKind::Suppressed, None)));
    }

    #[test]
    fn a_key_is_read_back() {
        let key =
            RoleKey { lead: (false, 5, -1, -7), title: "a|b".into(), slug: "back-end-developer".into() };
        assert_eq!(RoleKey::read(&key.written()), Some(key));
        assert_eq!(RoleKey::read("back-end-developer"), None);
    }
}
