//! Entity tags: what a client already holds is not sent again.

use axum::http::{HeaderMap, header::IF_NONE_MATCH};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

/// A weak tag of some content by its SHA-256: the layer above may compress what it names.
pub(super) fn tag(sha256: &[u8; 32]) -> String {
    format!("W/\"{}\"", URL_SAFE_NO_PAD.encode(&sha256[..12]))
}

/// The tag of a body.
pub(super) fn tag_of(body: &[u8]) -> String {
    tag(&Sha256::digest(body).into())
}

/// Whether the client already holds what the tag names (weak comparison, RFC 9110 §13.1.2).
pub(super) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let opaque = |text: &str| text.trim().trim_start_matches("W/").to_owned();
    let listed = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    listed.flat_map(|value| value.split(',')).any(|one| one.trim() == "*" || opaque(one) == opaque(tag))
}
