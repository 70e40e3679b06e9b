//! The bytes of an answer: within limits, whole, and kept while they come where they can be resumed.

use bytes::{Bytes, BytesMut};
use reqwest::{
    Response, Url,
    header::{CONTENT_RANGE, ETAG, LAST_MODIFIED},
};

use crate::progress;

use super::{FetchError, FetchRequest, Fetched, error::clean, header, judge, kept, partial::Partial};

/// Takes a file. `partial` is what came of it before, where this answer is the rest.
pub(super) async fn file(
    asked: &Url,
    request: &FetchRequest,
    response: Response,
    partial: Option<Partial>,
) -> Result<Fetched, FetchError> {
    let from = response.url().clone();
    judge::kind(asked, &from, response.headers(), &request.access)?;
    let headers = response.headers().clone();
    let (etag, last_modified) = (header(&headers, ETAG), header(&headers, LAST_MODIFIED));
    let size = response.content_length();
    let (total, mut keep) = if let Some(partial) = partial {
        let (total, partial) = rest(&from, partial, &response)?;
        (Some(total), Some(partial))
    } else {
        let folder = request.scratch.as_deref().filter(|_| request.body.is_none());
        (size, folder.and_then(|folder| Partial::begin(folder, &request.url, etag.as_deref(), size)))
    };
    let bytes = read(&from, response, total, &mut keep, request.max_bytes).await?;
    keep.into_iter().for_each(Partial::forget);
    judge::bytes(asked, &from, &bytes, &request.access)?;
    let url = kept(&request.url);
    let from = if from == *asked { url.clone() } else { clean(&from) };
    Ok(Fetched::File { bytes, etag, last_modified, url, from, headers: headers.into() })
}

/// Returns the size of the whole and what was there, if the answer begins where it ends.
fn rest(url: &Url, partial: Partial, response: &Response) -> Result<(u64, Partial), FetchError> {
    let range = header(response.headers(), CONTENT_RANGE).unwrap_or_default();
    let total = range
        .strip_prefix(&format!("bytes {}-", partial.len()))
        .and_then(|range| range.split_once('/'))
        .and_then(|(_, total)| total.parse::<u64>().ok());
    let same = header(response.headers(), ETAG).is_none_or(|tag| tag == partial.tag());
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
    keep: &mut Option<Partial>,
    limit: u64,
) -> Result<Bytes, FetchError> {
    let mut bytes = BytesMut::new();
    // What is known to come has its room at once: to grow into it would take twice as much.
    bytes.reserve(usize::try_from(total.unwrap_or(0).min(limit)).unwrap_or(0));
    bytes.extend_from_slice(&keep.as_mut().map(Partial::take).unwrap_or_default());
    loop {
        if bytes.len() as u64 > limit || total.is_some_and(|total| total > limit) {
            keep.take().into_iter().for_each(Partial::forget);
            return Err(FetchError::TooLarge { url: clean(url), limit });
        }
        let chunk = response.chunk().await.map_err(|error| FetchError::from_reqwest(url, error))?;
        let Some(chunk) = chunk else { break };
        bytes.extend_from_slice(&chunk);
        progress::bytes(bytes.len(), total);
        if keep.as_mut().is_some_and(|partial| partial.append(&chunk).is_err()) {
            // A full disk spoils the resuming, not the download.
            keep.take().into_iter().for_each(Partial::forget);
        }
    }
    if total.is_some_and(|total| total != bytes.len() as u64) {
        keep.take().into_iter().for_each(Partial::forget);
        return Err(FetchError::broken(url, "the file is not as long as its publisher says"));
    }
    Ok(bytes.freeze())
}
