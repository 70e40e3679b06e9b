//! What Rolecast collects, as `sources/*.toml` say it. Loaded once, checked completely, then read-only.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use entity::{PayConcept, PayMethod};
use serde::Deserialize;

mod access;
mod address;
mod check;
mod column;
mod expect;
mod figures;
mod layout;
mod like;
mod mark;
mod mend;
mod microdata;
mod paging;
mod pattern;
mod places;
mod pointer;
mod read;
mod regions;
mod registry;
mod row;
mod series;
mod vintage;

#[cfg(test)]
mod tests;

pub use access::{Access, Key, KeyPlace, Limit, Span, Status};
pub use address::Address;
pub(crate) use address::{has_table, is_table, last_part, secret_in};
pub use column::{BandColumns, Field};
pub use expect::{Canary, Expect, Figure, Sum};
pub use figures::{Figures, Measure, SeriesName};
pub use layout::{
    CodeShape, Decimal, Layout, Reference, Scheme, SheetSegment, Skip, StatedReference, Total, Years,
};
pub use mark::{Bound, Mark};
pub use microdata::{About, Duplicates, Keep, Microdata, Pairs, Plausible, Unknown};
pub use paging::{Pages, Paging};
pub use pattern::Pattern;
pub use pointer::Pointer;
pub use read::read;
pub use regions::{KindOf, Regions, Told};
pub use registry::{DefinitionError, Registry};
pub use row::{Level, Place, Rows};
pub use series::Series;
pub use vintage::Vintage;

/// A publisher and the tables taken from it: one TOML file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Names the source everywhere.
    pub key: String,
    /// What a person calls it.
    pub title: String,
    /// Who publishes the figures.
    pub publisher: String,
    /// Where a person can read about them.
    pub homepage: String,
    /// How pay was observed; none for a source without figures.
    pub method: Option<PayMethod>,
    /// What the pay includes.
    #[serde(default = "unstated")]
    pub concept: PayConcept,
    /// The terms the figures come under.
    pub licence: String,
    /// The credit line the licence asks for.
    pub attribution: String,
    /// What the operator must hold or have agreed before anything is taken, where the licence alone does not allow it.
    #[serde(default)]
    pub terms: Option<String>,
    /// Whether the operator says so: [`Registry::acknowledge`].
    #[serde(skip)]
    pub acknowledged: bool,
    /// When to look for something new: a cron line with seconds, UTC.
    pub schedule: Option<String>,
    /// Days after a load at which the figures count as due again.
    pub stale_after_days: i32,
    /// Whether the schedule applies.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Files to fetch. The names of [`Vintage`] stand for those of the newest release that is out by the calendar.
    #[serde(default)]
    pub urls: Vec<Address>,
    /// Whether its addresses may be on this machine or network.
    #[serde(default)]
    pub local: bool,
    /// How the publisher wants to be asked.
    #[serde(default)]
    pub access: Access,
    /// How an answer that comes in pages is asked for.
    #[serde(default)]
    pub paging: Option<Paging>,
    /// What releases are called, and where one is found by its name.
    #[serde(default)]
    pub vintage: Option<Vintage>,
    /// The publisher's cautions.
    #[serde(default)]
    pub notes: Vec<String>,
    /// The day each release was published, by its label.
    #[serde(default)]
    pub calendar: BTreeMap<String, NaiveDate>,
    /// Cells that are not numbers, and what they mean.
    #[serde(default)]
    pub marks: BTreeMap<String, Mark>,
    /// The bound behind [`Mark::Bound`] where a release has no legend, oldest first.
    #[serde(default)]
    pub bounds: Vec<Bound>,
    /// Which pay of a career page is believable, by the rule of [`Microdata::plausible`].
    #[serde(default)]
    pub plausible: Vec<Plausible>,
    /// Tables of pay, projections and requirements.
    #[serde(default)]
    pub layout: Vec<Layout>,
    /// How the source is read when it is not a table of figures.
    #[serde(default)]
    pub reader: Reader,
}

/// What reads a source's files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reader {
    /// Tables, by [`Source::layout`].
    #[default]
    Tables,
    /// A career page in prose, HTML or JSON-LD.
    Page,
    /// A page of the Outlook Handbook.
    Handbook,
    /// Figures that a person wrote down, one in a row.
    Observations,
}

impl Source {
    /// Returns the terms that keep the source from being used, if the operator has not acknowledged them.
    pub fn barred(&self) -> Option<&str> {
        self.terms.as_deref().filter(|_| !self.acknowledged)
    }

    /// Returns the datasets whose releases are all named in the definition, with those names. A table that came out once is one.
    pub fn closed_datasets(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let mut closed = BTreeMap::<&str, BTreeSet<&str>>::new();
        for layout in &self.layout {
            closed.entry(&layout.dataset).or_default().insert(&layout.reference.label);
        }
        let named = |text: &str| !text.contains('{');
        closed.retain(|dataset, labels| named(dataset) && labels.iter().all(|label| named(label)));
        closed
    }

    /// Returns the bound in force in `year`, if the definition has one.
    pub fn bound(&self, year: i32) -> Option<&Bound> {
        self.bounds.iter().find(|bound| (bound.from..=bound.through).contains(&year))
    }
}

fn unstated() -> PayConcept {
    PayConcept::Unstated
}

fn yes() -> bool {
    true
}
