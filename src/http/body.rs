//! The body of a request.

use std::convert::Infallible;

use axum::{
    body::Bytes,
    extract::{FromRequest, Request, rejection::BytesRejection},
    http::{StatusCode, header::CONTENT_ENCODING},
};
use tokio::time;

use super::server::Server;

/// A whole body, or the status and the words that refuse it.
pub(super) struct Sent(pub Result<Bytes, (StatusCode, String)>);

impl FromRequest<Server> for Sent {
    type Rejection = Infallible;

    async fn from_request(request: Request, server: &Server) -> Result<Self, Infallible> {
        let coding = request.headers().get(CONTENT_ENCODING);
        if coding.is_some_and(|coding| coding != "identity") {
            let message = "send the body as it is, without `content-encoding`";
            return Ok(Self(Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, message.into()))));
        }
        let sent = time::timeout(server.patience, Bytes::from_request(request, server)).await;
        let late = || {
            let message = format!("the body did not come within {} s", server.patience.as_secs());
            (StatusCode::REQUEST_TIMEOUT, message)
        };
        let refused = |rejection: BytesRejection| (rejection.status(), rejection.body_text());
        let sent = sent.map_err(|_| late()).and_then(|sent| sent.map_err(refused));
        Ok(Self(sent))
    }
}
