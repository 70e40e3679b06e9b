//! Which addresses may be fetched from: public ones, or any for a source that says it is local.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::{
    Url,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect::Policy,
};
use url::Host;

use super::{FetchError, error::clean};
use crate::definition::secret_in;

/// What a request may do on its way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope {
    /// Go to an address that is not public.
    pub local: bool,
    /// Nothing but its first host may see it: it carries a key.
    pub secret: bool,
}

tokio::task_local! {
    /// What the request of this task may do.
    static SCOPE: Scope;
}

/// Runs a request that may do what `scope` says.
pub(super) async fn within<F: Future>(scope: Scope, request: F) -> F::Output {
    SCOPE.scope(scope, request).await
}

/// Outside of a request nothing is allowed.
fn scope() -> Scope {
    SCOPE.try_with(|scope| *scope).unwrap_or(Scope { local: false, secret: true })
}

/// Why a hop was not taken.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refused {
    #[error("{0} is not a public address")]
    NotPublic(String),
    #[error("not an http(s) address")]
    Scheme,
    #[error("too many redirects")]
    TooMany,
    #[error("another host would see a key")]
    Elsewhere,
}

/// Resolves names to public addresses only.
#[derive(Debug)]
pub(super) struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let local = scope().local;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|address| local || is_public(address.ip())).collect();
            if allowed.is_empty() {
                return Err(Refused::NotPublic(name.as_str().to_owned()).into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// Returns a policy that checks each hop and follows at most `most`.
pub(super) fn redirects(most: usize) -> Policy {
    Policy::custom(move |attempt| {
        if attempt.previous().len() > most {
            return attempt.error(Refused::TooMany);
        }
        let origin = attempt.previous().first().map(Url::origin);
        if scope().secret && origin != Some(attempt.url().origin()) {
            return attempt.error(Refused::Elsewhere);
        }
        match check(attempt.url(), scope().local) {
            Ok(()) => attempt.follow(),
            Err(refused) => attempt.error(refused),
        }
    })
}

/// Reads an address and refuses one that can be seen not to be allowed.
pub(super) fn parse(text: &str, local: bool) -> Result<Url, FetchError> {
    let url = Url::parse(text).map_err(|_| FetchError::Url { url: "(unreadable)".into() })?;
    match check(&url, local) {
        Ok(()) => Ok(url),
        Err(Refused::NotPublic(host)) => Err(FetchError::NotPublic { url: clean(&url), host }),
        Err(Refused::Scheme | Refused::TooMany | Refused::Elsewhere) => {
            Err(FetchError::Url { url: clean(&url) })
        }
    }
}

/// Returns the address `asked` as it is kept: without user and password, and without its query where that holds a key.
pub fn kept(asked: &str) -> String {
    match Url::parse(asked) {
        Ok(url) if secret_in(&url).is_some() => clean(&url),
        _ => asked.to_owned(),
    }
}

fn check(url: &Url, local: bool) -> Result<(), Refused> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Refused::Scheme);
    }
    let public = match url.host() {
        Some(Host::Ipv4(address)) => is_public(address.into()),
        Some(Host::Ipv6(address)) => is_public(address.into()),
        // Names are checked when they are resolved.
        Some(Host::Domain(_)) => true,
        None => false,
    };
    if public || local { Ok(()) } else { Err(Refused::NotPublic(url.host_str().unwrap_or_default().into())) }
}

/// Returns true for addresses of the open internet (IANA special-purpose registries).
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = matches!(
        (a, b, c),
        (0 | 10 | 127 | 224.., _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (192, 168, _)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    );
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = address.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    let segments = address.segments();
    if segments.starts_with(&[0x64, 0xff9b, 0, 0, 0, 0]) {
        // An IPv4 address behind a translator.
        let [.., w, x, y, z] = address.octets();
        return is_public_v4(Ipv4Addr::new(w, x, y, z));
    }
    // Global unicast, less 6to4, protocol assignments and documentation.
    match segments[0] {
        0x2002 => false,
        0x2001 => segments[1] >= 0x200 && segments[1] != 0xdb8,
        first => matches!(first, 0x2000..=0x3ffe),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_this_machine_and_its_network_are_not_public() {
        let inside = [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::",
            "255.255.255.255",
        ];
        for address in inside {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in ["8.8.8.8", "172.32.0.1", "2606:4700::1", "::ffff:8.8.8.8"] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn nothing_secret_is_kept_of_an_address() {
        for (asked, then) in [
            ("https://a.org/b.csv?id=CPI&format=csv", "https://a.org/b.csv?id=CPI&format=csv"),
            ("https://a.org/b.csv?page={page}", "https://a.org/b.csv?page={page}"),
            ("https://a.org/b.csv?id=CPI&api_key=s3cret", "https://a.org/b.csv"),
            ("https://a.org/b.csv?X-Amz-Signature=s3cret", "https://a.org/b.csv"),
            ("https://user:s3cret@a.org/b.csv?id=CPI", "https://a.org/b.csv"),
        ] {
            assert_eq!(kept(asked), then);
        }
    }

    #[test]
    fn odd_spellings_of_an_address_are_seen_through() {
        for url in ["http://2130706433/", "http://0x7f.1/", "http://[::ffff:127.0.0.1]/", "http://127.1/"] {
            assert!(matches!(parse(url, false), Err(FetchError::NotPublic { .. })), "{url}");
        }
        assert!(matches!(parse("file:///etc/passwd", true), Err(FetchError::Url { .. })));
    }
}
