//! Who sends a request: the token it carries, or the address it comes from.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{ACCEPT, AUTHORIZATION, WWW_AUTHENTICATE},
        request::Parts,
    },
    response::Response,
};

use super::{accept::Media, server::Server, throttle::Purse};
use crate::access::{Caller, token};

/// Who sends a request.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    pub caller: Caller,
    pub purse: Purse,
}

impl Visitor {
    /// Returns whoever has this token, or a refusal as `media`.
    pub(super) async fn with_token(server: &Server, token: &str, media: Media) -> Result<Self, Response> {
        match server.keys.caller(token).await {
            Ok(Some(caller)) => {
                let purse = Purse::Token(caller.name.clone());
                Ok(Self { caller, purse })
            }
            Ok(None) => Err(unknown(media, "this token is not known, or revoked")),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "a token cannot be looked up");
                let message = "tokens cannot be looked up now";
                Err(media.refuse(StatusCode::SERVICE_UNAVAILABLE, "INTERNAL", message))
            }
        }
    }
}

impl FromRequestParts<Server> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Response> {
        let Some(value) = parts.headers.get(AUTHORIZATION) else {
            let purse = Purse::of(address(parts, server.trust_proxy));
            return Ok(Self { caller: Caller::anonymous(), purse });
        };
        let media = Media::wanted(parts.headers.get(ACCEPT)).unwrap_or(Media::Json);
        match value.to_str().ok().and_then(token::bearer) {
            Some(token) => Self::with_token(server, token, media).await,
            None => Err(unknown(media, "send the token as `authorization: Bearer TOKEN`")),
        }
    }
}

/// Refuses somebody whose token says nothing.
pub(super) fn unknown(media: Media, message: &str) -> Response {
    let mut response = media.refuse(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message);
    response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

fn address(parts: &Parts, trust_proxy: bool) -> Option<IpAddr> {
    let direct = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    if trust_proxy { forwarded(&parts.headers).or(direct) } else { direct }
}

/// The last address in the list is the one our own proxy saw; those before it anybody can write.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let list = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    list.rsplit(',').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_hop_is_believed() {
        let mut headers = HeaderMap::new();
        assert_eq!(forwarded(&headers), None);
        headers.append("x-forwarded-for", HeaderValue::from_static("1.2.3.4, 10.0.0.9"));
        assert_eq!(forwarded(&headers), Some([10, 0, 0, 9].into()));
    }
}
