//! The day a file says it was made, for a release whose publisher's calendar is not known.

use std::io::Read as _;

use chrono::NaiveDate;
use regex::bytes::Regex;

use super::{
    Limits,
    archive::{self, Zip},
};
use crate::document::Document;

/// Most bytes of a workbook's own properties that are looked through.
const PROPERTIES: u64 = 64 << 10;

/// Returns the day a workbook says it was last changed, or the newest day of an archive's members. Other files do not
/// say it, and a day in doubt is none.
pub(crate) fn dated(document: &Document) -> Option<NaiveDate> {
    document.head(2).ok().filter(|head| head == "PK")?;
    let mut zip = archive::open("", document, &Limits::default()).ok()?;
    if zip.index_for_name("[Content_Types].xml").is_some() {
        return changed(&mut zip);
    }
    (0..zip.len()).filter_map(|place| packed(&mut zip, place)).max()
}

fn changed(zip: &mut Zip) -> Option<NaiveDate> {
    let mut properties = Vec::new();
    zip.by_name("docProps/core.xml").ok()?.take(PROPERTIES).read_to_end(&mut properties).ok()?;
    let told = Regex::new(r"<dcterms:modified[^>]*>(\d{4}-\d{2}-\d{2})").ok()?;
    std::str::from_utf8(told.captures(&properties)?.get(1)?.as_bytes()).ok()?.parse().ok()
}

fn packed(zip: &mut Zip, place: usize) -> Option<NaiveDate> {
    let time = zip.by_index_raw(place).ok()?.last_modified()?;
    NaiveDate::from_ymd_opt(time.year().into(), time.month().into(), time.day().into())
}
