//! A file to fetch: where it is, and what it is called.

use serde::Deserialize;
use url::Url;

/// Ends of the names of query parameters that hold a secret, without hyphens and underscores.
const SECRETS: [&str; 6] = ["token", "apikey", "secret", "password", "signature", "credential"];

/// Whole names of that sort: as ends they would be found in other words.
const SECRET_NAMES: [&str; 13] = [
    "key",
    "appkey",
    "accesskey",
    "authkey",
    "userkey",
    "subscriptionkey",
    "registrationkey",
    "sig",
    "auth",
    "authorization",
    "pwd",
    "pass",
    "passwd",
];

/// Returns what is secret in an address: its user, or the name of a parameter of its query.
pub(crate) fn secret_in(url: &Url) -> Option<String> {
    if !url.username().is_empty() || url.password().is_some() {
        return Some("a user".into());
    }
    let secret = |name: &str| {
        let name: String =
            name.chars().filter(|sign| !matches!(sign, '-' | '_')).collect::<String>().to_lowercase();
        SECRET_NAMES.contains(&name.as_str()) || SECRETS.iter().any(|end| name.ends_with(end))
    };
    // A token in braces is filled in with what the publisher says of its next page.
    let filled = |value: &str| value.starts_with('{') && value.ends_with('}');
    let found = url.query_pairs().find(|(name, value)| secret(name) && !filled(value));
    found.map(|(name, _)| format!("`{name}`"))
}

/// What the name of a table ends with.
const TABLES: [&str; 7] = ["xls", "xlsx", "csv", "tsv", "txt", "json", "dbf"];

/// Returns whether a file is a table by the end of its name.
pub(crate) fn is_table(name: &str) -> bool {
    ends_with(name, &TABLES)
}

/// Returns whether a file is a table, or an archive of some, by the end of its name.
pub(crate) fn has_table(name: &str) -> bool {
    is_table(name) || ends_with(name, &["zip"])
}

fn ends_with(name: &str, extensions: &[&str]) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|own| extensions.iter().any(|other| own.eq_ignore_ascii_case(other)))
}

/// Returns the last part of an address, by which its file goes; nothing where there is none.
pub(crate) fn last_part(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    path.rsplit('/').find(|part| !part.is_empty()).unwrap_or_default()
}

/// A file to fetch.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Written")]
pub struct Address {
    /// Where it is.
    pub url: String,
    /// The name it is taken by, where the last part of its address is not one: files that differ by a query alone.
    pub name: Option<String>,
}

/// An address alone, or with a name: `{ url = "https://example.org/graph?id=CPI", as = "CPI.csv" }`.
#[derive(Deserialize)]
#[serde(untagged, expecting = "an address, or a table of `url` and `as`")]
enum Written {
    Alone(String),
    Named(Named),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    url: String,
    #[serde(rename = "as")]
    name: String,
}

impl From<Written> for Address {
    fn from(written: Written) -> Self {
        match written {
            Written::Alone(url) => Self { url, name: None },
            Written::Named(Named { url, name }) => Self { url, name: Some(name) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Files {
        urls: Vec<Address>,
    }

    #[test]
    fn a_file_goes_by_the_name_it_is_given() {
        let files: Files =
            toml::from_str("urls = ['https://a.org/b.csv', { url = 'https://a.org/?id=C', as = 'c.csv' }]")
                .unwrap();
        let names: Vec<_> = files.urls.iter().map(|file| file.name.as_deref()).collect();
        assert_eq!(names, [None, Some("c.csv")]);
        let error = toml::from_str::<Files>("urls = [{ url = 'https://a.org' }]").unwrap_err();
        assert!(error.message().contains("a table of `url` and `as`"), "{error}");
    }
}
