//! Brings the figures in: one module for each step, and [`pipeline`] to read them in order.

pub mod codes;
pub mod definition;
pub mod normalize;
pub mod pipeline;
pub mod publish;
pub mod starter;
pub mod validate;

pub mod decode {
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Part { pub member: String, pub sheet: String }
    pub struct Row<'a> { pub number: u32, pub cells: &'a [String] }
    pub trait Sink { fn wants(&mut self, part: &Part) -> bool; fn row(&mut self, part: &Part, row: Row<'_>) -> Result<(), DecodeError>; }
    #[derive(Debug, thiserror::Error)]
    pub enum DecodeError { #[error("x")] Layout { place: String, reason: String } }
    #[derive(Default)] pub struct Limits;
    pub fn decode(_: &str, _: &[u8], _: &Limits, _: &mut dyn Sink) -> Result<(), DecodeError> { Ok(()) }
}
pub mod archive {
    use bytes::Bytes;
    #[derive(Clone, Debug)] pub struct Archive;
    #[derive(Debug, thiserror::Error)] #[error("x")] pub struct ArchiveError;
    impl Archive { pub async fn store(&self, _: Bytes) -> Result<String, ArchiveError> { Ok(String::new()) } pub async fn read(&self, _: &str) -> Result<Bytes, ArchiveError> { Ok(Bytes::new()) } }
}
pub mod fetch {
    use bytes::Bytes;
    #[derive(Debug, thiserror::Error)] #[error("x")] pub struct FetchError;
    impl FetchError { pub fn is_transient(&self) -> bool { true } }
    pub struct FetchRequest { pub url: String, pub etag: Option<String>, pub last_modified: Option<String>, pub max_bytes: u64, pub local: bool }
    pub enum Fetched { Unchanged, File { bytes: Bytes, etag: Option<String>, last_modified: Option<String>, url: String } }
    pub async fn fetch(_: &reqwest::Client, _: &FetchRequest) -> Result<Fetched, FetchError> { Ok(Fetched::Unchanged) }
}
pub mod page {
    use chrono::NaiveDate; use entity::*;
    #[derive(Debug, thiserror::Error)] #[error("x")] pub struct PageError;
    pub struct PageSkill { pub name: String, pub kind: SkillKind }
    pub struct Page { pub title: String, pub updated: Option<NaiveDate>, pub bands: Vec<PageBand>, pub growth: Vec<PageGrowth>, pub duties: Vec<String>, pub skills: Vec<PageSkill>, pub education: Option<String>, pub experience: Option<String>, pub paths: Vec<String>, pub faq: Vec<(String,String)>, pub citations: Vec<String>, pub sentences: u32 }
    pub struct PageBand { pub region: String, pub currency: String, pub period: PayPeriod, pub low: Option<i64>, pub high: Option<i64>, pub mean: Option<i64>, pub median: Option<i64>, pub percentiles: Vec<(Cell,i64)>, pub locator: String, pub cited_authority: Option<String>, pub paragraph: u32 }
    pub struct PageGrowth { pub percent_thousandths: i32, pub base_year: i16, pub target_year: i16, pub region: String, pub words: Option<String>, pub authority: Option<String>, pub locator: String, pub paragraph: u32 }
    pub fn read(_: &[u8], _: &str) -> Result<Page, PageError> { Err(PageError) }
}
