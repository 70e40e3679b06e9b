//! Step 1. Asks the publisher whether there is anything new, politely and within limits.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use chrono::DateTime;
use reqwest::{
    Client, Response, StatusCode, Url,
    header::{
        CONTENT_TYPE, DATE, ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
        RETRY_AFTER,
    },
};

mod address;
mod error;
mod pace;

pub use error::FetchError;

const CONNECT: Duration = Duration::from_secs(20);
const SILENCE: Duration = Duration::from_mins(1);
const WHOLE: Duration = Duration::from_mins(30);
const REDIRECTS: usize = 5;
const TABLES: [&str; 8] = ["zip", "xls", "xlsx", "ods", "csv", "tsv", "txt", "json"];

/// What to ask for.
#[derive(Clone, Debug, Default)]
pub struct FetchRequest {
    /// The address.
    pub url: String,
    /// The version tag of the last answer.
    pub etag: Option<String>,
    /// The `Last-Modified` of the last answer.
    pub last_modified: Option<String>,
    /// Most bytes to take.
    pub max_bytes: u64,
    /// Whether the address may be on this machine or network.
    pub local: bool,
}

/// What the publisher answered.
#[derive(Clone, Debug)]
pub enum Fetched {
    /// Nothing new since the last answer.
    Unchanged,
    /// A file.
    File {
        /// The bytes, untouched.
        bytes: Bytes,
        /// The publisher's version tag, for the next request.
        etag: Option<String>,
        /// The publisher's date, for the next request.
        last_modified: Option<String>,
        /// The address the bytes came from, without credentials; after a redirect also without its query.
        url: String,
    },
}

/// Returns the one client every request goes through. `contact` tells the publishers whom to write to.
pub fn client(contact: Option<&str>) -> reqwest::Result<Client> {
    let name = concat!("rolecast/", env!("CARGO_PKG_VERSION"));
    let agent = contact.map_or_else(|| name.to_owned(), |contact| format!("{name} ({contact})"));
    Client::builder()
        .user_agent(agent)
        .connect_timeout(CONNECT)
        .read_timeout(SILENCE)
        .timeout(WHOLE)
        .redirect(address::redirects(REDIRECTS))
        .dns_resolver(address::PublicOnly)
        // A proxy would resolve names itself, past the check of addresses.
        .no_proxy()
        // A kept connection to a local address could be used by a request that may not go there.
        .pool_max_idle_per_host(0)
        .build()
}

/// Downloads what `request` asks for, unless it is what the last answer was.
pub async fn fetch(client: &Client, request: &FetchRequest) -> Result<Fetched, FetchError> {
    let url = address::parse(&request.url, request.local)?;
    if !request.local {
        pace::wait(&url).await;
    }
    address::within(request.local, answer(client, &url, request)).await
}

async fn answer(client: &Client, url: &Url, request: &FetchRequest) -> Result<Fetched, FetchError> {
    let mut builder = client.get(url.clone());
    if let Some(etag) = &request.etag {
        builder = builder.header(IF_NONE_MATCH, etag);
    }
    if let Some(date) = &request.last_modified {
        builder = builder.header(IF_MODIFIED_SINCE, date);
    }
    let conditional = request.etag.is_some() || request.last_modified.is_some();
    let response = builder.send().await.map_err(|error| FetchError::from_reqwest(url, error))?;
    match response.status() {
        StatusCode::OK => file(url, request, response).await,
        StatusCode::NOT_MODIFIED if conditional => Ok(Fetched::Unchanged),
        status => {
            let retry_after = retry_after(response.headers());
            Err(FetchError::Status { url: error::clean(url), status: status.as_u16(), retry_after })
        }
    }
}

async fn file(asked: &Url, request: &FetchRequest, response: Response) -> Result<Fetched, FetchError> {
    let from = response.url().clone();
    let table = promises_table(asked) || promises_table(&from);
    let html = || FetchError::Html { url: error::clean(&from) };
    let kind = text(response.headers(), &CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase();
    if table && (kind.starts_with("text/html") || kind.starts_with("application/xhtml")) {
        return Err(html());
    }
    let etag = text(response.headers(), &ETAG);
    let last_modified = text(response.headers(), &LAST_MODIFIED);
    let bytes = body(&from, response, request.max_bytes).await?;
    if table && looks_like_html(&bytes) {
        return Err(html());
    }
    let url = if from == *asked { without_credentials(&request.url, &from) } else { error::clean(&from) };
    Ok(Fetched::File { bytes, etag, last_modified, url })
}

async fn body(url: &Url, mut response: Response, limit: u64) -> Result<Bytes, FetchError> {
    let too_large = || FetchError::TooLarge { url: error::clean(url), limit };
    if response.content_length().is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let mut bytes = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| FetchError::from_reqwest(url, error))? {
        if (bytes.len() + chunk.len()) as u64 > limit {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

/// Returns the address as it was asked for, so that the next request finds this answer by it.
fn without_credentials(asked: &str, url: &Url) -> String {
    if url.username().is_empty() && url.password().is_none() { asked.to_owned() } else { error::clean(url) }
}

fn promises_table(url: &Url) -> bool {
    let extension = url.path().rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    extension.is_some_and(|extension| TABLES.contains(&extension.as_str()))
}

fn looks_like_html(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(512)]).to_ascii_lowercase();
    let start = start.trim_start_matches('\u{feff}').trim_start();
    start.starts_with("<!doctype html") || start.starts_with("<html")
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// Returns how long the publisher asks us to wait: seconds, or a date seen from the answer's own date.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = text(headers, &RETRY_AFTER)?;
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = DateTime::parse_from_rfc2822(value.trim()).ok()?;
    let now = DateTime::parse_from_rfc2822(&text(headers, &DATE)?).ok()?;
    (until - now).to_std().ok()
}

#[cfg(test)]
mod tests;
