//! Asks for every page of an answer. The pages as they came, in one archive, are the file.

use std::{
    collections::HashSet,
    hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher, Hash},
    io::{self, Write},
};

use chrono::{Datelike, Days, Months, NaiveDate};
use reqwest::Url;
use serde_json::{Value, value::RawValue};
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
    size: u64,
    /// A hash of each of its rows, as it is written there.
    rows: Vec<u64>,
    /// A hash of what tells it from other pages: its rows, and all of its bytes where it is an answer of its own.
    mark: u64,
    total: Option<u64>,
    /// Where the next page is, if it says so.
    cursor: Option<String>,
    /// The first line of a text.
    begins: Option<Vec<u8>>,
}

impl Page {
    fn count(&self) -> u64 {
        self.rows.len() as u64
    }
}

/// The pages that came, in their order.
#[derive(Default)]
struct Found {
    pages: Vec<Page>,
    /// The cursors that were asked for.
    cursors: HashSet<String>,
    /// The rows of all pages.
    seen: HashSet<u64>,
    /// How many rows came that stand on an earlier page too. What one page says twice is its publisher's own.
    again: u64,
}

impl Found {
    fn rows(&self) -> u64 {
        self.pages.iter().map(Page::count).sum()
    }

    /// How many rows there are, as the publisher says; of pages that say different things the most.
    fn total(&self) -> Option<u64> {
        self.pages.iter().filter_map(|page| page.total).max()
    }

    /// Takes one page more, unless it is no part of a whole with those before it.
    fn add(&mut self, page: Page, paging: &Paging) -> Result<(), String> {
        let page = like_the_first(page, &self.pages)?;
        let number = self.pages.len() + 1;
        let same = |before: &Page| !page.rows.is_empty() && before.mark == page.mark;
        if let Some(before) = self.pages.iter().position(same) {
            return Err(format!("page {number} is page {} again", before + 1));
        }
        self.again += page.rows.iter().filter(|row| self.seen.contains(row)).count() as u64;
        self.seen.extend(&page.rows);
        self.pages.push(page);
        let came = self.rows() - self.again;
        match self.total().filter(|total| is_parted(paging) && came > *total) {
            Some(total) => {
                Err(format!("{came} rows came by page {number}, and the publisher says there are {total}"))
            }
            None => Ok(()),
        }
    }

    /// Notes that a cursor is asked for, once.
    fn turn_to(&mut self, names: &[(&str, String)]) -> Result<(), String> {
        let cursor = names.iter().find(|(name, _)| *name == "cursor");
        match cursor.filter(|(_, cursor)| !self.cursors.insert(cursor.clone())) {
            Some(_) => Err(format!("page {} leads back to one that was asked for before", self.pages.len())),
            None => Ok(()),
        }
    }
}

/// Whether pages are parts of one answer. Windows and series are answers of their own: what tells their values apart may stand beside
/// the place for rows.
fn is_parted(paging: &Paging) -> bool {
    matches!(paging.by, Pages::Page { .. } | Pages::Offset { .. } | Pages::Cursor { .. })
}

/// Returns every page in an archive, `page-0001` and so on, or the file itself where there is one page by definition.
/// `today` ends windows of time. An answer with fewer rows than its publisher says, or with more, is a failure, and so are a page
/// with the rows of an earlier one, for it stands in place of others, and a page that has no place for rows: it is the publisher's
/// word that something went wrong.
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
    let (mut found, mut only) = (Found::default(), None);
    while let Some(names) = next(paging, &found, today) {
        if found.pages.len() == MOST {
            return Err(wrong("the pages do not end"));
        }
        found.turn_to(&names).map_err(|what| wrong(&what))?;
        let asked = fill(request, &names);
        let answer =
            fetch(client, ledger, &asked).await.map_err(|error| never(error, request, found.pages.len()))?;
        let Fetched::File { document, headers, .. } = answer else { break };
        let bytes = document.whole().map_err(disk)?;
        let said = paging.total_header.as_deref().and_then(|name| header(&headers, name));
        page(&bytes, paging, said.and_then(|total| total.parse().ok()))
            .and_then(|page| found.add(page, paging))
            .map_err(|what| wrong(&what))?;
        if found.pages.iter().map(|page| page.size).sum::<u64>() > request.max_bytes {
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
fn next(paging: &Paging, found: &Found, today: NaiveDate) -> Option<Vec<(&'static str, String)>> {
    let (last, place, got) = (found.pages.last(), found.pages.len(), found.rows());
    let whole = last.and_then(|page| page.total).is_some_and(|total| got >= total);
    match &paging.by {
        Pages::One => last.is_none().then(Vec::new),
        Pages::Page { first } => {
            let more = !whole && last.is_none_or(|page| page.count() > 0);
            more.then(|| vec![("page", (first + place as u64).to_string())])
        }
        Pages::Offset { size } => {
            let more = !whole && last.is_none_or(|page| page.count() >= *size);
            more.then(|| vec![("offset", got.to_string()), ("size", size.to_string())])
        }
        Pages::Cursor { .. } => {
            let cursor = match last {
                None => String::new(),
                // A publisher may name a next page for ever; one without rows is the end.
                Some(page) if page.rows.is_empty() => return None,
                Some(page) => page.cursor.clone()?,
            };
            Some(vec![("cursor", cursor)])
        }
        Pages::Window { from, months } => window(*from, *months, place, today),
        Pages::Series { keys, size, between } => {
            let keys = keys.chunks((*size).max(1)).nth(place)?;
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
            at(place).and_then(records).ok_or_else(|| format!("a page has no rows at `{place}`"))?
        }
        (Some(document), None)
            if json::kind(document) == Kind::Object && !matches!(paging.by, Pages::One) =>
        {
            return Err("a page is a JSON object, and the definition does not say where its rows are".into());
        }
        (Some(document), None) => records(document).unwrap_or_default(),
        (None, None) => lines(bytes),
    };
    let begins = || bytes.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii().to_vec();
    Ok(Page {
        size: bytes.len() as u64,
        mark: if is_parted(paging) { hash(&rows) } else { hash(bytes) },
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
    let empty = page.begins.as_ref().is_some_and(Vec::is_empty) && page.rows.is_empty();
    match found.first() {
        Some(first) if !empty && first.begins != page.begins => {
            Err("a page does not begin as the first one does".into())
        }
        _ => Ok(page),
    }
}

/// The rows that stand in the place for rows; none where what stands there are no rows.
fn records(rows: &RawValue) -> Option<Vec<u64>> {
    match json::kind(rows) {
        Kind::Array => {
            let mut records = Vec::new();
            let read = json::items("", rows, &mut |_, row| {
                records.push(hash(row.get()));
                Ok(())
            });
            read.ok().map(|()| records)
        }
        // One row alone comes without its list.
        Kind::Object => Some(vec![hash(rows.get())]),
        Kind::Single => (rows.get() == "null").then(Vec::new),
    }
}

/// Tells what came from what else came within one answer.
fn hash(it: impl Hash) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(it)
}

fn number(value: &RawValue) -> Option<u64> {
    let value = single(value)?;
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// The rows of a text table below its header.
fn lines(bytes: &[u8]) -> Vec<u64> {
    let rows = csv::ReaderBuilder::new().flexible(true).from_reader(bytes).into_byte_records();
    rows.flatten().map(|row| hash(row.iter().collect::<Vec<_>>())).collect()
}

fn is_json(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().first().is_some_and(|first| matches!(first, b'{' | b'['))
}

/// Refuses an answer that lacks rows. One that came twice stands in place of another.
fn complete(request: &FetchRequest, paging: &Paging, found: &Found) -> Result<(), FetchError> {
    let short = |rows: u64, total: Option<u64>, again: u64| {
        let url = shown(request);
        match total.filter(|total| rows < *total) {
            Some(total) => Err(FetchError::Short { url, rows, total, again }),
            None => Ok(()),
        }
    };
    if is_parted(paging) {
        return short(found.rows() - found.again, found.total(), found.again);
    }
    found.pages.iter().try_for_each(|page| short(page.count(), page.total, 0))
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
