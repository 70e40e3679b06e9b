//! Tokens: 256 random bits, shown once and kept as their hash. So many bits need no slow hash.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// What a token begins with, so that scanners of published code know one.
const PREFIX: &str = "rolecast_";
/// The longest text that is looked at as a token.
const LONGEST: usize = 256;

/// A new token. Whoever shows it shows it once.
pub struct Token(String);

/// SHA-256 of a token.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub struct Hash([u8; 32]);

impl Token {
    /// Draws a token from the operating system's random numbers.
    pub fn draw() -> Result<Self, getrandom::Error> {
        let mut bits = [0; 32];
        getrandom::fill(&mut bits)?;
        Ok(Self(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bits))))
    }

    /// Returns the token, to be shown once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Returns how it begins.
    pub fn hint(&self) -> &str {
        &self.0[..PREFIX.len() + 4]
    }

    /// Returns what is kept of it.
    pub fn hash(&self) -> Hash {
        Hash::of(&self.0)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({}…)", self.hint())
    }
}

impl Hash {
    /// Hashes what a client sent.
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text).into())
    }

    /// Returns the hash as it is kept.
    pub fn to_text(self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// Compares in a time that says nothing about where the two differ.
    pub fn is(self, other: Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

/// Returns the token of an `Authorization` header or a `connection_init`.
pub fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.trim().split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && token.len() <= LONGEST).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_tokens_are_alike_and_none_is_told_by_its_debug_form() {
        let (one, other) = (Token::draw().expect("random"), Token::draw().expect("random"));
        assert_ne!(one.reveal(), other.reveal());
        assert!(one.hash().is(Hash::of(one.reveal())) && !one.hash().is(other.hash()));
        assert_eq!(one.reveal().len(), PREFIX.len() + 43);
        assert!(!format!("{one:?}").contains(one.reveal()));
    }

    #[test]
    fn a_header_carries_a_token_or_nothing() {
        assert_eq!(bearer("Bearer abc"), Some("abc"));
        assert_eq!(bearer("bearer  abc "), Some("abc"));
        for wrong in ["abc", "Basic abc", "Bearer ", "Bearer", ""] {
            assert_eq!(bearer(wrong), None, "{wrong}");
        }
    }
}
