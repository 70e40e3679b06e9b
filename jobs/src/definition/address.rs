//! A file to fetch: where it is, and what it is called.

use serde::Deserialize;

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
