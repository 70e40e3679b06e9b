//! What is wrong with how a publisher is asked: addresses and what fills them, limits, headers, keys, pages.

use std::sync::LazyLock;

use regex::Regex;
use reqwest::header::{HeaderName, HeaderValue};
use serde_json::Value;
use url::Url;

use super::{Fit, file_name};
use crate::{
    definition::{Access, Address, KeyPlace, Pages, Paging, Source, secret_in},
    normalize::oews,
};

/// A name in braces. In JSON no word stands in braces without quotes.
static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\{(\w+)\}").ok());

/// Returns what is wrong with where and how the publisher of `source` is asked.
pub(super) fn of_access(source: &Source) -> Vec<Fit> {
    let mut found = addresses(source);
    found.extend(filled(source));
    found.extend(file_name::unknown(source));
    found.extend(access(&source.access));
    found.extend(source.paging.iter().flat_map(|paging| pages(source, paging)));
    found
}

/// Returns what is wrong with an address that may hold names in braces.
pub(super) fn address(path: &str, text: &str) -> Option<Fit> {
    let words = match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => {
            let secret = secret_in(&url)?;
            format!(
                "an address holds {secret}: a secret stands in the environment, and its name in access.keys"
            )
        }
        _ => format!("`{text}` is not an http(s) address"),
    };
    Some(Fit::at(path, words))
}

/// Every address, with its path.
pub(super) fn every(source: &Source) -> impl Iterator<Item = (String, &Address)> {
    let urls = source.urls.iter().enumerate().map(|(index, address)| (format!("urls.{index}"), address));
    let past = source.vintage.iter().flat_map(|vintage| &vintage.urls).enumerate();
    urls.chain(past.map(|(index, address)| (format!("vintage.urls.{index}"), address)))
}

fn addresses(source: &Source) -> Vec<Fit> {
    let mut found = Vec::new();
    for (path, Address { url, name }) in every(source) {
        found.extend(address(&path, url));
        if name.as_ref().is_some_and(|name| name.is_empty() || name.contains('/')) {
            found.push(Fit::at(path, "the file is named by something that is no file's name"));
        }
    }
    found
}

fn braces(text: &str) -> impl Iterator<Item = &str> {
    let names = NAME.iter().flat_map(|name| name.captures_iter(text));
    names.filter_map(|found| Some(found.get(1)?.as_str()))
}

/// Names in braces that nothing fills, and what fills none.
fn filled(source: &Source) -> Vec<Fit> {
    let mut found = Vec::new();
    let paged: &[&str] = source.paging.as_ref().map_or(&[], |paging| names(&paging.by));
    let released = source.vintage.iter().flat_map(|vintage| vintage.names());
    let known: Vec<&str> = paged.iter().copied().chain(released).collect();
    let mut unknown = |path: &str, text: &str, known: &[&str]| {
        for name in braces(text).filter(|name| !known.contains(name)) {
            let words =
                format!("nothing fills {{{name}}}: neither pages nor the names of releases (vintage)");
            found.push(Fit::at(path, words).and("paging").and("vintage"));
        }
    };
    for (path, Address { url, name }) in every(source) {
        unknown(&path, url, &known);
        unknown(&path, name.as_deref().unwrap_or_default(), &known);
    }
    unknown("access.body", source.access.body.as_deref().unwrap_or_default(), paged);
    if let Some(vintage) = &source.vintage {
        let by_name = source.urls.iter().any(|address| vintage.names_in(address));
        if by_name && !source.calendar.keys().any(|label| vintage.label.is_match(label)) {
            let words =
                "the addresses are those of the newest release, and the calendar has none of such a name";
            found.push(Fit::at("urls", words).and("calendar").and("vintage"));
        }
        if vintage.urls.is_empty() && !by_name {
            let words = "no address holds the name of a release: neither here nor in `urls`";
            found.push(Fit::at("vintage", words).and("urls"));
        }
    }
    found
}

fn access(access: &Access) -> Vec<Fit> {
    let mut found = Vec::new();
    for (index, _) in access.limits.iter().enumerate().filter(|(_, limit)| limit.requests == 0) {
        found.push(Fit::at(
            format!("access.limits.{index}"),
            "a limit of no requests: nothing may ever be asked",
        ));
    }
    let is_header =
        |name: &str, value: &str| HeaderName::try_from(name).is_ok() && HeaderValue::from_str(value).is_ok();
    for (name, value) in access.headers.iter().filter(|(name, value)| !is_header(name, value)) {
        found.push(Fit::at(format!("access.headers.{name}"), format!("`{name}: {value}` is not a header")));
    }
    let document = access.body.as_ref().map(|body| {
        let filled = braces(body).fold(body.clone(), |body, name| body.replace(&format!("{{{name}}}"), "1"));
        serde_json::from_str::<Value>(&filled).ok()
    });
    if document == Some(None) {
        found.push(Fit::at("access.body", "the posted document is not JSON"));
    }
    for (index, key) in access.keys.iter().enumerate() {
        let words = match &key.at {
            KeyPlace::Header(name) if !is_header(name, &key.before) => {
                format!("`{name}: {}` is not a header", key.before)
            }
            KeyPlace::Field(name) if !matches!(document, Some(None | Some(Value::Object(_)))) => {
                format!("no document is posted (body) that the field `{name}` could be put into")
            }
            _ => continue,
        };
        found.push(Fit::at(format!("access.keys.{index}.at"), words).and("access.body"));
    }
    if let Some(status) = &access.status {
        if status.good.is_empty() {
            found.push(Fit::at("access.status.good", "no word means success: every answer is refused"));
        }
        found.extend(pointer("access.status.at", &status.at));
    }
    found
}

fn pointer(path: &str, text: &str) -> Option<Fit> {
    let good = text.is_empty() || text.starts_with('/');
    (!good).then(|| Fit::at(path, format!("`{text}` is no JSON pointer: it is empty or begins with /")))
}

/// The names that pages fill in.
fn names(by: &Pages) -> &'static [&'static str] {
    match by {
        Pages::One => &[],
        Pages::Page { .. } => &["page"],
        Pages::Offset { .. } => &["offset", "size"],
        Pages::Cursor { .. } => &["cursor"],
        Pages::Window { .. } => &["from", "until", "from_year", "until_year"],
        Pages::Series { .. } => &["series"],
    }
}

fn pages(source: &Source, paging: &Paging) -> Vec<Fit> {
    let mut found = Vec::new();
    let mut wrong = |wrong: bool, path: &str, words: &str| {
        if wrong {
            found.push(Fit::at(format!("paging.by.{path}"), words));
        }
    };
    match &paging.by {
        Pages::One | Pages::Page { .. } | Pages::Cursor { .. } => {}
        Pages::Offset { size } => wrong(*size == 0, "offset.size", "a page of no rows"),
        Pages::Window { months, .. } => wrong(*months == 0, "window.months", "a window of no months"),
        Pages::Series { keys, size, .. } => {
            wrong(keys.is_empty(), "series.keys", "no key to ask for");
            wrong(*size == 0, "series.size", "a page of no keys");
            let needed = keys.chunks((*size).max(1)).count();
            if let Some(limit) = source.access.below(needed) {
                let words = format!(
                    "{} keys, {size} at once, need {needed} requests, and {limit} are allowed (access.limits): \
                     ask for more keys at once, or for fewer",
                    keys.len()
                );
                wrong(true, "series.keys", &words);
            }
            let mut figures = source.layout.iter().filter_map(|layout| layout.figures.as_ref());
            if figures.any(|figures| figures.series.is_some()) {
                for fault in keys.iter().filter_map(|key| oews(key).err()) {
                    wrong(true, "series.keys", &fault.1);
                }
            }
        }
    }
    let next = if let Pages::Cursor { next } = &paging.by { Some(next) } else { None };
    for (path, at) in [
        ("paging.rows", paging.rows.as_ref()),
        ("paging.total", paging.total.as_ref()),
        ("paging.by.cursor.next", next),
    ] {
        found.extend(at.and_then(|at| pointer(path, at)));
    }
    // The size alone makes every page the same.
    let telling: Vec<&str> = names(&paging.by).iter().copied().filter(|name| *name != "size").collect();
    let tells = |text: &str| braces(text).any(|name| telling.contains(&name));
    let posted = source.access.body.as_deref().is_some_and(tells);
    for (path, Address { url, .. }) in every(source) {
        if !telling.is_empty() && !posted && !tells(url) {
            let words =
                format!("every page is asked for alike: the address holds no {{{}}}", telling.join("} or {"));
            found.push(Fit::at(path, words).and("paging").and("access.body"));
        }
    }
    found
}
