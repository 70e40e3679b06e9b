//! Why a fetch failed, without anything secret that an address may hold.

use std::{error::Error, io, time::Duration};

use chrono::{DateTime, Utc};
use reqwest::Url;
use sea_orm::DbErr;

use super::address::Refused;

/// Why a file could not be fetched. Addresses are shown without user, password and query.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The address is none, or not one of `http` and `https`.
    #[error("not an http(s) address: {url}")]
    Url {
        /// The address.
        url: String,
    },
    /// The address is on this machine or its network.
    #[error("{url}: {host} is not a public address")]
    NotPublic {
        /// The address.
        url: String,
        /// The host that is not public.
        host: String,
    },
    /// A redirect cannot be followed.
    #[error("{url}: redirected too often, or to nowhere")]
    Redirect {
        /// The address.
        url: String,
    },
    /// The connection failed, broke or fell silent.
    #[error("{url}: {reason}")]
    Network {
        /// The address.
        url: String,
        /// What happened, innermost cause last.
        reason: String,
    },
    /// The publisher answered with something other than the file.
    #[error("{url}: status {status}")]
    Status {
        /// The address.
        url: String,
        /// The status.
        status: u16,
        /// How long the publisher asks us to wait.
        retry_after: Option<Duration>,
    },
    /// The file is larger than the limit.
    #[error("{url}: more than {limit} bytes")]
    TooLarge {
        /// The address.
        url: String,
        /// The limit.
        limit: u64,
    },
    /// A web page came where a table was promised.
    #[error("{url}: a web page came instead of a table")]
    Html {
        /// The address.
        url: String,
    },
    /// Something came that is no table.
    #[error("{url}: media type {found}, which the definition does not allow")]
    ContentType {
        /// The address.
        url: String,
        /// What came.
        found: String,
    },
    /// The publisher says in its answer that this is none.
    #[error("{url}: the publisher says `{said}`")]
    Refused {
        /// The address.
        url: String,
        /// The publisher's word.
        said: String,
        /// Whether it passes, as a spent quota does.
        later: bool,
    },
    /// Fewer rows came than the publisher says there are.
    #[error("{url}: {}", came(*rows, *total, *again))]
    Short {
        /// The address.
        url: String,
        /// Rows that came, each of them once.
        rows: u64,
        /// Rows there should be.
        total: u64,
        /// How often a row came that stands on an earlier page.
        again: u64,
    },
    /// The pages of an answer make no whole.
    #[error("{url}: {what}")]
    Paging {
        /// The address.
        url: String,
        /// What is wrong with them.
        what: String,
    },
    /// The publisher refuses requests that name nobody.
    #[error(
        "{url}: the publisher wants to know whom to write to; set ROLECAST_CONTACT, or `contact` in rolecast.toml, to your e-mail address"
    )]
    NoContact {
        /// The address.
        url: String,
    },
    /// A key is not set.
    #[error("{url}: needs a key; set the environment variable {variable}")]
    NoKey {
        /// The address.
        url: String,
        /// The variable.
        variable: String,
    },
    /// Part of the definition does not fit into a request.
    #[error("{url}: `{what}` cannot be put into the request")]
    Definition {
        /// The address.
        url: String,
        /// Which part.
        what: String,
    },
    /// A redirect would carry a key to another host.
    #[error("{url}: a redirect would carry a key to another host")]
    Elsewhere {
        /// The address.
        url: String,
    },
    /// The host may not be asked again yet.
    #[error("{url}: asked as often as it may be until {}", until.format("%Y-%m-%d %H:%M:%S UTC"))]
    Quota {
        /// The address.
        url: String,
        /// When the next request may go.
        until: DateTime<Utc>,
        /// How long that is.
        wait: Duration,
    },
    /// The disk does not take what comes.
    #[error("{url}: the file cannot be kept while it comes")]
    Disk {
        /// The address.
        url: String,
        /// Why not.
        source: io::Error,
    },
    /// The ledger of requests cannot be read or written.
    #[error("the ledger of requests failed")]
    Ledger(#[source] DbErr),
}

impl FetchError {
    /// Returns true if the same request may succeed later.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Network { .. }
            | Self::Short { .. }
            | Self::Quota { .. }
            | Self::Disk { .. }
            | Self::Ledger(_) => true,
            Self::Refused { later, .. } => *later,
            Self::Status { status, .. } => matches!(status, 408 | 425 | 429 | 500 | 502..=504 | 520..=599),
            Self::Url { .. }
            | Self::NotPublic { .. }
            | Self::Redirect { .. }
            | Self::TooLarge { .. }
            | Self::Html { .. }
            | Self::ContentType { .. }
            | Self::Paging { .. }
            | Self::NoContact { .. }
            | Self::NoKey { .. }
            | Self::Definition { .. }
            | Self::Elsewhere { .. } => false,
        }
    }

    /// Returns how long to wait before the next request: what the publisher asks for, or until the ledger allows it.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            Self::Quota { wait, .. } => Some(*wait),
            _ => None,
        }
    }

    /// Returns the stable name of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Url { .. } => "bad-address",
            Self::NotPublic { .. } => "not-public",
            Self::Redirect { .. } => "redirect",
            Self::Network { .. } => "network",
            Self::Status { .. } => "status",
            Self::TooLarge { .. } => "too-large",
            Self::Html { .. } => "html-page",
            Self::ContentType { .. } => "media-type",
            Self::Refused { .. } => "refused",
            Self::Short { .. } => "short",
            Self::Paging { .. } => "pages",
            Self::NoContact { .. } => "no-contact",
            Self::NoKey { .. } => "no-key",
            Self::Definition { .. } => "bad-definition",
            Self::Elsewhere { .. } => "key-elsewhere",
            Self::Quota { .. } => "quota",
            Self::Disk { .. } => "disk",
            Self::Ledger(_) => "database",
        }
    }

    /// Returns what clients may know: what failed, without the address.
    pub fn told(&self) -> String {
        match self {
            Self::Url { .. } | Self::Definition { .. } => "the definition cannot be followed".into(),
            Self::NotPublic { .. } => "the address is not a public one".into(),
            Self::Redirect { .. } | Self::Elsewhere { .. } => "a redirect cannot be followed".into(),
            Self::Network { .. } => "the connection failed".into(),
            Self::Status { status, .. } => format!("the publisher answered with status {status}"),
            Self::TooLarge { limit, .. } => format!("the file has more than {limit} bytes"),
            Self::Html { .. } => "a web page came instead of a table".into(),
            Self::ContentType { found, .. } => format!("media type {found} came instead of a table"),
            Self::Refused { said, .. } => format!("the publisher says `{said}`"),
            Self::Short { rows, total, again, .. } => came(*rows, *total, *again),
            Self::Paging { what, .. } => what.clone(),
            Self::NoContact { .. } => {
                "the publisher wants to know whom to write to; no contact is set".into()
            }
            Self::NoKey { variable, .. } => format!("the key {variable} is not set"),
            Self::Quota { until, .. } => {
                format!("asked as often as it may be until {}", until.format("%Y-%m-%d %H:%M:%S UTC"))
            }
            Self::Disk { .. } => "the disk failed".into(),
            Self::Ledger(_) => "the database failed".into(),
        }
    }

    /// The connection, or what came through it, is broken.
    pub(super) fn broken(url: &Url, reason: &str) -> Self {
        Self::Network { url: clean(url), reason: reason.to_owned() }
    }

    /// Returns what makes an error of what the disk says.
    pub(super) fn disk(url: &Url) -> impl Fn(io::Error) -> Self {
        let url = clean(url);
        move |source| Self::Disk { url: url.clone(), source }
    }

    pub(super) fn from_reqwest(asked: &Url, error: reqwest::Error) -> Self {
        let url = error.url().map_or_else(|| clean(asked), clean);
        let error = error.without_url();
        let mut reasons = Vec::new();
        let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
        while let Some(inner) = cause {
            match inner.downcast_ref::<Refused>() {
                Some(Refused::NotPublic(host)) => return Self::NotPublic { url, host: host.clone() },
                Some(Refused::Scheme) => return Self::Url { url },
                Some(Refused::TooMany) => return Self::Redirect { url },
                Some(Refused::Elsewhere) => return Self::Elsewhere { url },
                None => reasons.push(inner.to_string()),
            }
            cause = inner.source();
        }
        if error.is_redirect() {
            Self::Redirect { url }
        } else {
            Self::Network { url, reason: reasons.join(": ") }
        }
    }
}

/// What is said of an answer that lacks rows.
fn came(rows: u64, total: u64, again: u64) -> String {
    let twice = match again {
        0 => String::new(),
        _ => format!(
            ", and {again} came again on a later page; where rows of the table are truly alike, name no total in the definition"
        ),
    };
    format!("{rows} rows came of {total}{twice}")
}

/// Returns `url` without user, password, query and fragment.
pub(super) fn clean(url: &Url) -> String {
    let mut url = url.clone();
    // Addresses that cannot have a user have nothing to hide there.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}
