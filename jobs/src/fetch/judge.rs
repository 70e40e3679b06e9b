//! Whether an answer with status 200 is what was asked for.

use reqwest::{Url, header::HeaderMap};
use serde_json::value::RawValue;

use super::{FetchError, FetchRequest, error::clean, header};
use crate::{
    decode::{is_html, json, without_nul},
    definition::{Access, has_table},
    document::Document,
};

/// Most bytes of an answer that is looked into before it is read: one of several pages, or one that says itself whether it is good.
pub(super) const ANSWER: u64 = 16 << 20;

/// Longest word of a publisher's that an error repeats.
const WORD: usize = 60;

/// Refuses an answer by its media type, before its bytes are taken. `asked` and `from` may differ by redirects.
pub(super) fn kind(asked: &Url, from: &Url, headers: &HeaderMap, access: &Access) -> Result<(), FetchError> {
    let kind = header(headers, &reqwest::header::CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let html = matches!(kind, "text/html" | "application/xhtml+xml");
    if html && is_promised(asked, from, access) {
        return Err(FetchError::Html { url: clean(from) });
    }
    let fits = access.types.is_empty() || access.types.iter().any(|wanted| wanted == kind);
    let played = ["image/", "audio/", "video/"].iter().any(|sort| kind.starts_with(sort));
    if fits && !(played && access.types.is_empty()) {
        return Ok(());
    }
    let found = if kind.is_empty() { "none" } else { kind };
    Err(FetchError::ContentType { url: clean(from), found: found.chars().take(WORD).collect() })
}

/// Whether an answer is to be a table or a document: its address ends as one, or it is to say whether it is good.
fn is_promised(asked: &Url, from: &Url, access: &Access) -> bool {
    has_table(asked.path()) || has_table(from.path()) || access.status.is_some()
}

/// Refuses an answer by its bytes.
pub(super) fn bytes(
    asked: &Url,
    from: &Url,
    answer: &Document,
    request: &FetchRequest,
) -> Result<(), FetchError> {
    let access = &request.access;
    let head = answer.head(512).map_err(FetchError::disk(from))?;
    if is_promised(asked, from, access) && is_html(&head) {
        return Err(FetchError::Html { url: clean(from) });
    }
    let Some(status) = &access.status else { return Ok(()) };
    if answer.size() > ANSWER {
        return Err(FetchError::TooLarge { url: clean(from), limit: ANSWER });
    }
    let bytes = answer.whole().map_err(FetchError::disk(from))?;
    let document: Option<&RawValue> = serde_json::from_slice(&bytes).ok();
    let word = document.and_then(|document| json::at(document, &status.at)).map(RawValue::get);
    let text = |word: &str| serde_json::from_str(word).unwrap_or_else(|_| word.to_owned());
    let word = word.map_or_else(|| "nothing".into(), text);
    if status.good.contains(&word) {
        return Ok(());
    }
    let later = status.later.contains(&word);
    Err(FetchError::Refused {
        url: clean(from),
        said: without_nul(&word).chars().take(WORD).collect(),
        later,
    })
}
