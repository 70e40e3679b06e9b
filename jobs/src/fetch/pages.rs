//! Asks for every page of an answer. The pages as they came, in one archive, are the file.

use std::io::{self, Write};

use chrono::{Datelike, Days, Months, NaiveDate};
use reqwest::Url;
use serde_json::{Value, value::RawValue};
use sha2::{Digest as _, Sha256};
use url::form_urlencoded::byte_serialize;
use zip::{DateTime, ZipWriter, write::SimpleFileOptions};

use super::{
    Client, FetchError, FetchRequest, Fetched, Ledger, error::clean, fetch, header, judge::ANSWER, kept,
};
use crate::{
    decode::json::{self, Kind},
    definition::{Pages, Paging},
    document::{Arriving, Document},
};

/// More pages than any table has.
const MOST: usize = 10_000;

/// What there is to know of a page, and what its publisher says of the whole.
struct Page {
    /// The SHA-256 of its bytes.
    sha256: String,
    size: u64,
    rows: u64,
    total: Option<u64>,
    /// Where the next page is, if it says so.
    cursor: Option<String>,
    /// The first line of a text.
    begins: Option<Vec<u8>>,
}

/// Returns every page in an archive, `page-0001` and so on, or the file itself where there is one page by definition.
/// `today` ends windows of time. An answer with fewer rows than its publisher says is a failure, and so is a page that has no
/// place for rows: it is the publisher's word that something went wrong.
pub async fn pages(
    client: &Client,
    ledger: &Ledger,
    request: &FetchRequest,
    paging: &Paging,
    today: NaiveDate,
) -> Result<Fetched, FetchError> {
    let wrong = |what: &str| FetchError::Paging { url: shown(request), what: what.to_owned() };
    let disk = |source| FetchError::Disk { url: shown(request), source };
    let mut archive = Archive::begin(request).map_err(disk)?;
    let (mut found, mut only): (Vec<Page>, _) = (Vec::new(), None);
    while let Some(names) = next(paging, &found, today) {
        if found.len() == MOST {
            return Err(wrong("the pages do not end"));
        }
        let asked = fill(request, &names);
        let answer =
            fetch(client, ledger, &asked).await.map_err(|error| never(error, request, found.len()))?;
        let Fetched::File { document, headers, .. } = answer else { break };
        let bytes = document.whole().map_err(disk)?;
        let said = paging.total_header.as_deref().and_then(|name| header(&headers, name));
        let page = page(&bytes, paging, said.and_then(|total| total.parse().ok()))
            .and_then(|page| like_the_first(page, &found))
            .map_err(|what| wrong(&what))?;
        if page.rows > 0 && found.last().is_some_and(|last| last.sha256 == page.sha256) {
            return Err(wrong("two pages are the same"));
        }
        found.push(page);
        if found.iter().map(|page| page.size).sum::<u64>() > request.max_bytes {
            return Err(FetchError::TooLarge { url: shown(request), limit: request.max_bytes });
        }
        archive.add(&bytes).map_err(disk)?;
        only = Some(document);
    }
    complete(request, paging, &found)?;
    let document = match only {
        Some(only) if matches!(paging.by, Pages::One) => only,
        _ => archive.finish().map_err(disk)?,
    };
    let url = kept(&request.url);
    let from = url.clone();
    let (etag, last_modified, named) = (None, None, None);
    Ok(Fetched::File { document, etag, last_modified, url, from, named, headers: Box::default() })
}

fn shown(request: &FetchRequest) -> String {
    Url::parse(&request.url).map_or_else(|_| "(unreadable)".into(), |url| clean(&url))
}

/// A spent quota does not pass where it went into the pages before this one: it would be spent on them again.
fn never(error: FetchError, request: &FetchRequest, pages: usize) -> FetchError {
    match (request.access.below(pages + 1), error) {
        (Some(limit), FetchError::Quota { url, .. }) => {
            let what = format!(
                "there are more than {pages} pages, and {limit} are allowed (access.limits): \
                 ask for larger pages, or for less at one address"
            );
            FetchError::Paging { url, what }
        }
        (_, error) => error,
    }
}

/// Names and values of the next page, or none after the last.
fn next(paging: &Paging, found: &[Page], today: NaiveDate) -> Option<Vec<(&'static str, String)>> {
    let last = found.last();
    let got: u64 = found.iter().map(|page| page.rows).sum();
    let whole = last.and_then(|page| page.total).is_some_and(|total| got >= total);
    match &paging.by {
        Pages::One => last.is_none().then(Vec::new),
        Pages::Page { first } => {
            let more = !whole && last.is_none_or(|page| page.rows > 0);
            more.then(|| vec![("page", (first + found.len() as u64).to_string())])
        }
        Pages::Offset { size } => {
            let more = !whole && last.is_none_or(|page| page.rows >= *size);
            more.then(|| vec![("offset", got.to_string()), ("size", size.to_string())])
        }
        Pages::Cursor { .. } => {
            let cursor = match last {
                None => String::new(),
                // A publisher may name a next page for ever; one without rows is the end.
                Some(page) if page.rows == 0 => return None,
                Some(page) => page.cursor.clone()?,
            };
            Some(vec![("cursor", cursor)])
        }
        Pages::Window { from, months } => window(*from, *months, found.len(), today),
        Pages::Series { keys, size, between } => {
            let keys = keys.chunks((*size).max(1)).nth(found.len())?;
            Some(vec![("series", keys.join(between))])
        }
    }
}

fn window(
    from: NaiveDate,
    months: u32,
    place: usize,
    today: NaiveDate,
) -> Option<Vec<(&'static str, String)>> {
    let start = |place: u32| from.checked_add_months(Months::new(months.max(1).checked_mul(place)?));
    let place = u32::try_from(place).ok()?;
    let from = start(place).filter(|from| *from <= today)?;
    let until = start(place + 1)?.checked_sub_days(Days::new(1))?.min(today);
    Some(vec![
        ("from", from.to_string()),
        ("until", until.to_string()),
        ("from_year", from.year().to_string()),
        ("until_year", until.year().to_string()),
    ])
}

/// A value that holds no others.
fn single(value: &RawValue) -> Option<Value> {
    (json::kind(value) == Kind::Single).then(|| serde_json::from_str(value.get()).ok())?
}

/// A cursor: some text, or a number.
fn word(value: &RawValue) -> Option<String> {
    match single(value)? {
        Value::String(text) => Some(text).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The request for one page.
fn fill(request: &FetchRequest, names: &[(&str, String)]) -> FetchRequest {
    let max_bytes = request.max_bytes.min(ANSWER);
    let mut asked =
        FetchRequest { etag: None, last_modified: None, scratch: None, max_bytes, ..request.clone() };
    for (name, value) in names {
        let hole = format!("{{{name}}}");
        let (address, text) = if *name == "cursor" {
            let text = Value::String(value.clone()).to_string();
            (byte_serialize(value.as_bytes()).collect(), text[1..text.len() - 1].to_owned())
        } else {
            (value.clone(), value.clone())
        };
        asked.url = asked.url.replace(&hole, &address);
        asked.body = asked.body.map(|body| body.replace(&hole, &text));
    }
    asked
}

fn page(bytes: &[u8], paging: &Paging, said: Option<u64>) -> Result<Page, String> {
    let document: Option<&RawValue> = is_json(bytes).then(|| serde_json::from_slice(bytes).ok()).flatten();
    let at = |pointer: &str| json::at(document?, pointer);
    let rows = match (document, &paging.rows) {
        (_, Some(place)) => {
            at(place).and_then(count).ok_or_else(|| format!("a page has no rows at `{place}`"))?
        }
        (Some(document), None)
            if json::kind(document) == Kind::Object && !matches!(paging.by, Pages::One) =>
        {
            return Err("a page is a JSON object, and the definition does not say where its rows are".into());
        }
        (Some(document), None) => count(document).unwrap_or_default(),
        (None, None) => lines(bytes),
    };
    let begins = || bytes.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii().to_vec();
    Ok(Page {
        sha256: format!("{:x}", Sha256::digest(bytes)),
        size: bytes.len() as u64,
        rows,
        total: paging.total.as_deref().and_then(at).and_then(number).or(said),
        cursor: match &paging.by {
            Pages::Cursor { next } => at(next).and_then(word),
            _ => None,
        },
        begins: document.is_none().then(begins),
    })
}

/// Refuses a text that is not the table that the first page begins. One without anything is an end.
fn like_the_first(page: Page, found: &[Page]) -> Result<Page, String> {
    let empty = page.begins.as_ref().is_some_and(Vec::is_empty) && page.rows == 0;
    match found.first() {
        Some(first) if !empty && first.begins != page.begins => {
            Err("a page does not begin as the first one does".into())
        }
        _ => Ok(page),
    }
}

/// How many rows stand in the place for rows; none where what stands there are no rows.
fn count(rows: &RawValue) -> Option<u64> {
    match json::kind(rows) {
        Kind::Array => {
            let mut count = 0;
            let counted = json::items("", rows, &mut |_, _| {
                count += 1;
                Ok(())
            });
            counted.ok().map(|()| count)
        }
        // One row alone comes without its list.
        Kind::Object => Some(1),
        Kind::Single => (rows.get() == "null").then_some(0),
    }
}

fn number(value: &RawValue) -> Option<u64> {
    let value = single(value)?;
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// The rows of a text table below its header.
fn lines(bytes: &[u8]) -> u64 {
    let rows = csv::ReaderBuilder::new().flexible(true).from_reader(bytes).into_byte_records().count();
    rows as u64
}

fn is_json(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().first().is_some_and(|first| matches!(first, b'{' | b'['))
}

/// Windows and series are answers of their own; the others are parts of one.
fn complete(request: &FetchRequest, paging: &Paging, found: &[Page]) -> Result<(), FetchError> {
    let short = |rows: u64, total: u64| {
        let url = shown(request);
        if rows < total { Err(FetchError::Short { url, rows, total }) } else { Ok(()) }
    };
    if matches!(paging.by, Pages::Page { .. } | Pages::Offset { .. } | Pages::Cursor { .. }) {
        let total = found.iter().filter_map(|page| page.total).max();
        return short(found.iter().map(|page| page.rows).sum(), total.unwrap_or_default());
    }
    found.iter().try_for_each(|page| short(page.rows, page.total.unwrap_or_default()))
}

/// The pages as they came, one file for each. The same pages are the same bytes.
struct Archive {
    zip: ZipWriter<Arriving>,
    pages: usize,
}

impl Archive {
    fn begin(request: &FetchRequest) -> io::Result<Self> {
        let room = request.scratch.as_deref().map_or_else(|| Ok(Arriving::in_memory()), Arriving::on_disk);
        Ok(Self { zip: ZipWriter::new(room?), pages: 0 })
    }

    fn add(&mut self, page: &[u8]) -> io::Result<()> {
        self.pages += 1;
        let ending = if is_json(page) { "json" } else { "csv" };
        let options = SimpleFileOptions::default().last_modified_time(DateTime::default());
        self.zip.start_file(format!("page-{:04}.{ending}", self.pages), options)?;
        self.zip.write_all(page)
    }

    fn finish(self) -> io::Result<Document> {
        self.zip.finish()?.finish()
    }
}
