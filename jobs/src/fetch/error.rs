//! Why a fetch failed, without anything secret that an address may hold.

use std::{error::Error, time::Duration};

use reqwest::Url;

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
}

impl FetchError {
    /// Returns true if the same request may succeed later.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Network { .. } => true,
            Self::Status { status, .. } => matches!(status, 408 | 425 | 429 | 500 | 502..=504 | 520..=599),
            Self::Url { .. }
            | Self::NotPublic { .. }
            | Self::Redirect { .. }
            | Self::TooLarge { .. }
            | Self::Html { .. } => false,
        }
    }

    /// Returns how long the publisher asks us to wait before the next request.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            Self::Url { .. }
            | Self::NotPublic { .. }
            | Self::Redirect { .. }
            | Self::Network { .. }
            | Self::TooLarge { .. }
            | Self::Html { .. } => None,
        }
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
