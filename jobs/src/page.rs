//! Career pages: prose, HTML or JSON-LD about one job, to the figures and facts it states.
//!
//! A number that cannot be read with certainty gives no figure: an amount needs its currency and period, a percentage
//! its years.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use entity::{Cell, PayPeriod, SkillKind};
use regex::Regex;

use crate::{
    decode::{Defect, without_nul, without_nuls},
    definition::Plausible,
    normalize::RejectCode,
};

mod block;
mod clause;
mod doubt;
mod facts;
mod growth;
mod html;
mod json_ld;
mod manner;
mod money;
mod pay;
mod place;
mod posting;
mod sentence;
mod statement;

use self::block::Document;
pub use self::{
    doubt::Doubt,
    manner::{Limit, Manner},
    statement::{Outlook, Pay, Said, Statement, Statements, statements},
};

/// Most words of a page that are kept with a figure.
pub const QUOTED: usize = 15;

/// The largest page that is read, in bytes.
pub(crate) const LARGEST: usize = 4 * 1024 * 1024;

/// Most texts of one kind that are taken from a page: no page has more duties, questions or skills.
const MOST: usize = 200;

/// Reads one of our own patterns.
///
/// # Panics
///
/// Panics where the pattern is none: it is a mistake of ours, which any test that uses it finds.
pub fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("our own patterns are right")
}

/// Why a page could not be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PageError {
    /// There is no text in it.
    #[error("{0}: the page has no text")]
    Empty(String),
    /// It is not text at all.
    #[error("{0}: this is not a page but a binary file")]
    Binary(String),
    /// It is JSON, but broken.
    #[error("{name}: the record cannot be read: {reason}")]
    Json {
        /// The file.
        name: String,
        /// What is wrong, and where.
        reason: String,
    },
    /// It is not laid out as its publisher's pages are.
    #[error("{name}: the page lacks {what}")]
    Missing {
        /// The file.
        name: String,
        /// What is not there.
        what: &'static str,
    },
    /// Its tags stand in each other without end.
    #[error("{0}: the page nests its tags deeper than any page does")]
    TooDeep(String),
    /// One of its tags has attributes without end.
    #[error("{0}: a tag of the page has more attributes than any tag does")]
    TooWide(String),
    /// It is too large to be a page.
    #[error("{0}: the page has more than {LARGEST} bytes")]
    TooLarge(String),
}

impl PageError {
    /// Returns what is wrong, by the list of what can be wrong with a file.
    pub fn defect(&self) -> Defect {
        match self {
            Self::Empty(_) => Defect::Empty,
            Self::Binary(_) => Defect::NotText,
            Self::Json { .. } => Defect::Json,
            Self::Missing { .. } => Defect::PagePart,
            Self::TooDeep(_) => Defect::Deep,
            Self::TooWide(_) => Defect::Attributes,
            Self::TooLarge(_) => Defect::PageSize,
        }
    }
}

/// Something a page says one has to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageSkill {
    /// Its name.
    pub name: String,
    /// What sort of skill it is.
    pub kind: SkillKind,
}

/// What a page says about its job.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The job.
    pub title: String,
    /// The day the page says it was last changed; of one that says none, the newest day of its advertisements.
    pub updated: Option<NaiveDate>,
    /// Pay, one band for each place, currency and period.
    pub bands: Vec<PageBand>,
    /// Expected growth.
    pub growth: Vec<PageGrowth>,
    /// What one does.
    pub duties: Vec<String>,
    /// What one has to know.
    pub skills: Vec<PageSkill>,
    /// The sentence about education.
    pub education: Option<String>,
    /// The sentence about experience.
    pub experience: Option<String>,
    /// Where the job may lead.
    pub paths: Vec<String>,
    /// Questions and answers.
    pub faq: Vec<(String, String)>,
    /// The sources the page names.
    pub citations: Vec<String>,
    /// Sentences, list items and structured records that were read.
    pub sentences: u32,
    /// Structured records and sentences about pay that say too little to be figures, or what cannot be.
    pub refused: Vec<Refused>,
    /// Records of pay left out, as the page has one of a later day for the same place, currency and period.
    pub older: u32,
}

/// A structured record or sentence about pay that says too little to be a figure, or what cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// JSON pointer, or paragraph and quoted words.
    pub locator: String,
    /// The reason.
    pub code: RejectCode,
    /// The reason, for a person.
    pub message: String,
    /// The record as it was read.
    pub raw: String,
}

/// Pay in one place, in minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageBand {
    /// Code of the place.
    pub region: String,
    /// ISO 4217.
    pub currency: String,
    /// What one amount is for.
    pub period: PayPeriod,
    /// Lower end of the range.
    pub low: Option<i64>,
    /// Upper end of the range.
    pub high: Option<i64>,
    /// The average.
    pub mean: Option<i64>,
    /// The median.
    pub median: Option<i64>,
    /// Percentiles, where the page names them.
    pub percentiles: Vec<(Cell, i64)>,
    /// Paragraph and quoted words, or a JSON pointer.
    pub locator: String,
    /// Whom the page cites for it.
    pub cited_authority: Option<String>,
    /// Number of the paragraph, from 1.
    pub paragraph: u32,
    /// The day it is said of; `None` where it is that of the page.
    pub day: Option<NaiveDate>,
}

/// Expected growth over a span of years.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageGrowth {
    /// Thousandths of a percent over the whole span.
    pub percent_thousandths: i32,
    /// First year.
    pub base_year: i16,
    /// Last year.
    pub target_year: i16,
    /// Code of the place.
    pub region: String,
    /// The page's own words for it.
    pub words: Option<String>,
    /// Whom the page cites for it.
    pub authority: Option<String>,
    /// Paragraph and quoted words.
    pub locator: String,
    /// Number of the paragraph, from 1.
    pub paragraph: u32,
}

/// Reads a page. `name` is the file's, for errors, and for the title of a page that has none. A record of pay that is not
/// `plausible` is refused.
pub fn read(bytes: &[u8], name: &str, plausible: &[Plausible]) -> Result<Page, PageError> {
    let text = decode(bytes, name)?;
    if html::is_html(&text) {
        bounded(&text, name)?;
    }
    let document = match serde_json::from_str(&text) {
        Ok(record) => Document { json_ld: vec![without_nuls(record)], ..Document::default() },
        Err(_) if html::is_html(&text) => html::document(&text),
        Err(error) if text.trim_start().starts_with(['{', '[']) => {
            return Err(PageError::Json { name: name.to_owned(), reason: error.to_string() });
        }
        Err(_) => block::document(&text),
    };
    if document.blocks.is_empty() && document.json_ld.is_empty() {
        return Err(PageError::Empty(name.to_owned()));
    }
    let mut page = page(&document, plausible);
    if !page.title.contains(char::is_alphanumeric) {
        name.split('.').next().unwrap_or(name).clone_into(&mut page.title);
    }
    Ok(page)
}

/// Returns the text of an HTML page.
///
/// # Errors
///
/// Fails where it is no text, too large, or nested too deeply.
pub(crate) fn text_of(bytes: &[u8], name: &str) -> Result<String, PageError> {
    let text = decode(bytes, name)?;
    bounded(&text, name)?;
    Ok(text)
}

/// Refuses what the parser would need minutes for.
fn bounded(text: &str, name: &str) -> Result<(), PageError> {
    if html::is_too_deep(text) {
        return Err(PageError::TooDeep(name.to_owned()));
    }
    if html::is_too_wide(text) { Err(PageError::TooWide(name.to_owned())) } else { Ok(()) }
}

fn decode(bytes: &[u8], name: &str) -> Result<String, PageError> {
    if bytes.len() > LARGEST {
        return Err(PageError::TooLarge(name.to_owned()));
    }
    if let Some((charset, _)) = encoding_rs::Encoding::for_bom(bytes) {
        return text(&charset.decode(bytes).0, name);
    }
    if bytes.contains(&0) || bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"%PDF") {
        return Err(PageError::Binary(name.to_owned()));
    }
    let charset = if str::from_utf8(bytes).is_ok() { encoding_rs::UTF_8 } else { encoding_rs::WINDOWS_1252 };
    text(&charset.decode(bytes).0, name)
}

fn text(text: &str, name: &str) -> Result<String, PageError> {
    if text.trim().is_empty() { Err(PageError::Empty(name.to_owned())) } else { Ok(mended(text)) }
}

/// Signs that went through the wrong charset once, as they were.
const MENDED: [(&str, &str); 12] = [
    ("Â£", "£"),
    ("¬£", "£"),
    ("â‚¬", "€"),
    ("‚Ç¨", "€"),
    ("â€“", "–"),
    ("‚Äì", "–"),
    ("â€”", "—"),
    ("‚Äî", "—"),
    ("â€™", "’"),
    ("‚Äô", "’"),
    ("Â\u{a0}", " "),
    ("\u{a0}", " "),
];

fn mended(text: &str) -> String {
    MENDED.iter().fold(without_nul(text).into_owned(), |text, (wrong, right)| text.replace(wrong, right))
}

fn page(document: &Document, plausible: &[Plausible]) -> Page {
    let stated = json_ld::read(document, plausible);
    let prose = sentence::all(document);
    let (mut bands, mut refused) = (stated.bands, stated.refused);
    let changed = stated.updated.or_else(|| facts::updated(document));
    for band in &mut bands {
        band.day = band.day.or(changed);
    }
    // A record without a day is of no other record's.
    let posted = stated.posted.filter(|_| bands.iter().all(|band| band.day.is_some()));
    let (said, unclear) = pay::bands(&prose);
    bands.extend(said);
    refused.extend(unclear);
    let records = bands.len() + refused.len();
    let (bands, older) = merged(bands);
    let mut page = Page {
        title: stated.title.unwrap_or_else(|| facts::title(document)),
        updated: changed.or(posted),
        bands,
        older,
        growth: once(growth::all(&prose)),
        refused,
        sentences: u32::try_from(prose.len() + records).unwrap_or(u32::MAX),
        ..Page::default()
    };
    facts::add(document, &prose, &mut page);
    let more = stated.faq.into_iter().take(MOST).filter(|pair| !page.faq.contains(pair));
    let more: Vec<_> = more.collect();
    page.faq.extend(more);
    page
}

/// Keeps the first growth of each place and span.
fn once(mut found: Vec<PageGrowth>) -> Vec<PageGrowth> {
    let mut said = BTreeSet::new();
    found.retain(|growth| said.insert((growth.region.clone(), growth.base_year, growth.target_year)));
    found
}

/// Makes one band of what a page says of one place, currency and period: what is of the latest day, and of it what was said
/// first, stands. Returns how many records are older; prose has no day of its own and joins what stands.
fn merged(found: Vec<PageBand>) -> (Vec<PageBand>, u32) {
    let mut places: BTreeMap<(String, String, PayPeriod), usize> = BTreeMap::new();
    let mut bands: Vec<PageBand> = Vec::new();
    let mut older = 0;
    for band in found {
        let key = (band.region.clone(), band.currency.clone(), band.period);
        let Some(place) = places.get(&key) else {
            places.insert(key, bands.len());
            bands.push(band);
            continue;
        };
        let stands = &mut bands[*place];
        if band.day.is_none() || band.day == stands.day {
            stands.join(band);
            continue;
        }
        older += 1;
        if band.day > stands.day {
            *stands = band;
        }
    }
    (bands, older)
}

impl PageBand {
    fn join(&mut self, other: Self) {
        // A range is one statement: its ends are never taken from two.
        if self.low.is_none() && self.high.is_none() {
            (self.low, self.high) = (other.low, other.high);
        }
        self.mean = self.mean.or(other.mean);
        self.median = self.median.or(other.median);
        for (cell, amount) in other.percentiles {
            if !self.percentiles.iter().any(|(known, _)| *known == cell) {
                self.percentiles.push((cell, amount));
            }
        }
        self.cited_authority = self.cited_authority.take().or(other.cited_authority);
    }
}

#[cfg(test)]
mod tests;
