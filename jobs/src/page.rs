//! Career pages. Placeholder until the reader lands.
#![expect(missing_docs, reason = "placeholder")]
use chrono::NaiveDate;
use entity::{Cell, PayPeriod, SkillKind};
#[derive(Debug, thiserror::Error)]
#[error("x")]
pub struct PageError;
pub struct PageSkill {
    pub name: String,
    pub kind: SkillKind,
}
pub struct Page {
    pub title: String,
    pub updated: Option<NaiveDate>,
    pub bands: Vec<PageBand>,
    pub growth: Vec<PageGrowth>,
    pub duties: Vec<String>,
    pub skills: Vec<PageSkill>,
    pub education: Option<String>,
    pub experience: Option<String>,
    pub paths: Vec<String>,
    pub faq: Vec<(String, String)>,
    pub citations: Vec<String>,
    pub sentences: u32,
}
pub struct PageBand {
    pub region: String,
    pub currency: String,
    pub period: PayPeriod,
    pub low: Option<i64>,
    pub high: Option<i64>,
    pub mean: Option<i64>,
    pub median: Option<i64>,
    pub percentiles: Vec<(Cell, i64)>,
    pub locator: String,
    pub cited_authority: Option<String>,
    pub paragraph: u32,
}
pub struct PageGrowth {
    pub percent_thousandths: i32,
    pub base_year: i16,
    pub target_year: i16,
    pub region: String,
    pub words: Option<String>,
    pub authority: Option<String>,
    pub locator: String,
    pub paragraph: u32,
}
pub fn read(_: &[u8], _: &str) -> Result<Page, PageError> {
    Err(PageError)
}
