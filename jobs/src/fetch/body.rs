//! The bytes of an answer: within limits, whole, and kept while they come.

use reqwest::{
    Response, Url,
    header::{CONTENT_RANGE, ETAG, LAST_MODIFIED},
};

use crate::{document::Document, progress};

use super::{
    FetchError, FetchRequest, Fetched, error::clean, header, judge, kept, keys::Secrets, named,
    partial::Partial,
};

/// Takes a file, without the secrets of its request. `partial` is what came of it before, where this answer is the rest.
pub(super) async fn file(
    asked: &Url,
    request: &FetchRequest,
    response: Response,
    partial: Option<Partial>,
    secrets: &Secrets,
) -> Result<Fetched, FetchError> {
    let from = response.url().clone();
    judge::kind(asked, &from, response.headers(), &request.access)?;
    let headers = response.headers().clone();
    let (etag, last_modified) = (header(&headers, ETAG), header(&headers, LAST_MODIFIED));
    let size = response.content_length();
    let (total, partial) = match partial {
        Some(partial) => rest(&from, partial, &response).map(|(total, partial)| (Some(total), partial))?,
        None => (size, Partial::begin(request, etag.as_deref(), size).map_err(FetchError::disk(&from))?),
    };
    let document = read(&from, response, total, partial, request.max_bytes).await?;
    let document = secrets.hidden(document).map_err(FetchError::disk(&from))?;
    judge::bytes(asked, &from, &document, request)?;
    let url = kept(&request.url);
    let from = if from == *asked { url.clone() } else { clean(&from) };
    let named = named::named(&headers);
    Ok(Fetched::File { document, etag, last_modified, url, from, named, headers: headers.into() })
}

/// Returns the size of the whole and what was there, if the answer begins where it ends.
fn rest(url: &Url, partial: Partial, response: &Response) -> Result<(u64, Partial), FetchError> {
    let range = header(response.headers(), CONTENT_RANGE).unwrap_or_default();
    let total = range
        .strip_prefix(&format!("bytes {}-", partial.len()))
        .and_then(|range| range.split_once('/'))
        .and_then(|(_, total)| total.parse::<u64>().ok());
    let same = header(response.headers(), ETAG).is_some_and(|tag| tag == partial.tag());
    if let Some(total) = total.filter(|_| same) {
        return Ok((total, partial));
    }
    partial.forget();
    Err(FetchError::broken(url, "a part came that was not asked for"))
}

async fn read(
    url: &Url,
    mut response: Response,
    total: Option<u64>,
    mut partial: Partial,
    limit: u64,
) -> Result<Document, FetchError> {
    loop {
        if partial.len() > limit || total.is_some_and(|total| total > limit) {
            partial.forget();
            return Err(FetchError::TooLarge { url: clean(url), limit });
        }
        let chunk = response.chunk().await.map_err(|error| FetchError::from_reqwest(url, error))?;
        let Some(chunk) = chunk else { break };
        if let Err(error) = partial.append(&chunk) {
            partial.forget();
            return Err(FetchError::disk(url)(error));
        }
        progress::bytes(partial.len(), total);
    }
    if total.is_some_and(|total| total != partial.len()) {
        partial.forget();
        return Err(FetchError::broken(url, "the file is not as long as its publisher says"));
    }
    partial.finish().map_err(FetchError::disk(url))
}
