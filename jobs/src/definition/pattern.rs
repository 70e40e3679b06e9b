//! A regular expression in a definition, checked when the definition is read.

use regex::Regex;
use serde::{Deserialize, Deserializer, de::Error};

/// A regular expression that must match a whole text, letters in either case.
#[derive(Clone, Debug)]
pub struct Pattern(Regex);

impl Pattern {
    /// Returns true if `text` matches.
    pub fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// Returns the first group where `text` matches.
    pub fn first<'t>(&self, text: &'t str) -> Option<&'t str> {
        Some(self.0.captures(text)?.get(1)?.as_str())
    }

    /// Returns the expression.
    pub fn regex(&self) -> &Regex {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Regex::new(&format!("(?i)^(?:{text})$")).map(Self).map_err(D::Error::custom)
    }
}
