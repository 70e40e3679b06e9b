//! Step 1. Asks the publisher whether there is anything new, politely and within limits.

use std::{path::PathBuf, time::Duration};

use chrono::DateTime;
use reqwest::{
    ClientBuilder, StatusCode,
    header::{
        ACCEPT_ENCODING, CONTENT_TYPE, DATE, HeaderMap, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, RANGE,
        RETRY_AFTER,
    },
};

mod address;
mod body;
mod error;
mod judge;
mod keys;
mod ledger;
mod named;
mod pages;
mod partial;

pub use address::kept;
pub use error::FetchError;
pub use ledger::Ledger;
pub use pages::pages;

use self::{address::Scope, error::clean, keys::Ready, partial::Partial};
use crate::{definition::Access, document::Document};

const CONNECT: Duration = Duration::from_secs(20);
const SILENCE: Duration = Duration::from_mins(1);
const WHOLE: Duration = Duration::from_mins(30);
const REDIRECTS: usize = 5;

/// The way to the publishers.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    identified: bool,
}

/// What to ask for.
#[derive(Clone, Debug, Default)]
pub struct FetchRequest {
    /// The address, without keys.
    pub url: String,
    /// The version tag of the last answer.
    pub etag: Option<String>,
    /// The `Last-Modified` of the last answer.
    pub last_modified: Option<String>,
    /// Most bytes to take.
    pub max_bytes: u64,
    /// Whether the address may be on this machine or network.
    pub local: bool,
    /// How the publisher wants to be asked.
    pub access: Access,
    /// The JSON document to post, without keys; none makes it a GET.
    pub body: Option<String>,
    /// Where the file is kept while it comes, and until the rest of it comes where it breaks off; none keeps it in memory.
    pub scratch: Option<PathBuf>,
}

/// What the publisher answered.
#[derive(Clone, Debug)]
pub enum Fetched {
    /// Nothing new since the last answer.
    Unchanged,
    /// A file.
    File {
        /// The bytes, untouched.
        document: Document,
        /// The publisher's version tag, for the next request.
        etag: Option<String>,
        /// The publisher's date, for the next request.
        last_modified: Option<String>,
        /// The address that was asked, without anything secret, so that the next request finds this answer by it.
        url: String,
        /// The address the bytes came from; after a redirect without its query.
        from: String,
        /// What its publisher calls the file, where the answer says so.
        named: Option<String>,
        /// The headers of the answer.
        headers: Box<HeaderMap>,
    },
}

/// Returns the one client every request goes through. `contact` tells the publishers whom to write to.
pub fn client(contact: Option<&str>) -> reqwest::Result<Client> {
    Ok(Client { http: builder(contact).build()?, identified: contact.is_some() })
}

fn builder(contact: Option<&str>) -> ClientBuilder {
    let name = concat!("rolecast/", env!("CARGO_PKG_VERSION"));
    let agent = contact.map_or_else(|| name.to_owned(), |contact| format!("{name} ({contact})"));
    reqwest::Client::builder()
        .user_agent(agent)
        .connect_timeout(CONNECT)
        .read_timeout(SILENCE)
        .timeout(WHOLE)
        .redirect(address::redirects(REDIRECTS))
        // It would tell the next host the whole address, keys and all.
        .referer(false)
        .dns_resolver(address::PublicOnly)
        // A proxy would resolve names itself, past the check of addresses.
        .no_proxy()
        // A kept connection to a local address could be used by a request that may not go there.
        .pool_max_idle_per_host(0)
}

/// Downloads what `request` asks for, unless it is what the last answer was.
pub async fn fetch(client: &Client, ledger: &Ledger, request: &FetchRequest) -> Result<Fetched, FetchError> {
    let url = address::parse(&request.url, request.local)?;
    if request.access.contact && !client.identified && !request.local {
        return Err(FetchError::NoContact { url: clean(&url) });
    }
    let ready = keys::ready(request, &url, |name| std::env::var(name).ok())?;
    ledger.turn(&url, &request.access, request.local).await?;
    let scope = Scope { local: request.local, secret: !ready.secrets.is_empty() };
    let answered = address::within(scope, answer(client, ready, request)).await;
    if let Some(wait) = answered.as_ref().err().and_then(FetchError::retry_after) {
        ledger.pause(&url, wait).await?;
    }
    answered
}

async fn answer(client: &Client, ready: Ready, request: &FetchRequest) -> Result<Fetched, FetchError> {
    let url = ready.url;
    let mut builder = match ready.body {
        Some(body) => client.http.post(url.clone()).header(CONTENT_TYPE, "application/json").body(body),
        None => client.http.get(url.clone()),
    };
    let partial = Partial::open(request);
    if let Some(partial) = &partial {
        builder = builder.header(RANGE, format!("bytes={}-", partial.len()));
        // The tag is that of the bytes as they are, not of a compressed form of them.
        builder = builder.header(IF_RANGE, partial.tag()).header(ACCEPT_ENCODING, "identity");
    } else {
        if let Some(etag) = &request.etag {
            builder = builder.header(IF_NONE_MATCH, etag);
        }
        if let Some(date) = &request.last_modified {
            builder = builder.header(IF_MODIFIED_SINCE, date);
        }
    }
    let conditional = partial.is_none() && (request.etag.is_some() || request.last_modified.is_some());
    let response = builder.headers(ready.headers).send().await;
    let response = response.map_err(|error| FetchError::from_reqwest(&url, error))?;
    match response.status() {
        StatusCode::OK => {
            // What was there is not the beginning of this.
            partial.into_iter().for_each(Partial::forget);
            body::file(&url, request, response, None, &ready.secrets).await
        }
        StatusCode::PARTIAL_CONTENT if partial.is_some() => {
            body::file(&url, request, response, partial, &ready.secrets).await
        }
        StatusCode::NOT_MODIFIED if conditional => Ok(Fetched::Unchanged),
        StatusCode::RANGE_NOT_SATISFIABLE if partial.is_some() => {
            partial.into_iter().for_each(Partial::forget);
            Err(FetchError::broken(&url, "the rest of a file is refused"))
        }
        status => {
            let retry_after = retry_after(response.headers());
            Err(FetchError::Status { url: clean(&url), status: status.as_u16(), retry_after })
        }
    }
}

fn header(headers: &HeaderMap, name: impl reqwest::header::AsHeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// Returns how long the publisher asks us to wait: seconds, or a date seen from the answer's own date.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = header(headers, RETRY_AFTER)?;
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = DateTime::parse_from_rfc2822(value.trim()).ok()?;
    let now = DateTime::parse_from_rfc2822(&header(headers, DATE)?).ok()?;
    (until - now).to_std().ok()
}

#[cfg(test)]
mod tests;
