//! Where a named release is found: those of the past, and the newest by the calendar.

use chrono::NaiveDate;
use serde::Deserialize;

use super::{Address, Pattern, Source};

/// What releases are called, and where one is found by its name.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vintage {
    /// What the name of a release looks like: `May (?<year>\d{4})`.
    pub label: Pattern,
    /// Its files; a group of the name stands in braces, and so does `yy`, the last two digits of `year`. Where none is named, they are
    /// those of [`Source::urls`].
    #[serde(default)]
    pub urls: Vec<Address>,
}

impl Vintage {
    /// Returns the names that stand in braces: the groups of a label, and `yy`.
    pub(super) fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.label.regex().capture_names().flatten().collect();
        if names.contains(&"year") {
            names.push("yy");
        }
        names
    }

    /// Returns whether the name of a release is part of `address`.
    pub(super) fn names_in(&self, address: &Address) -> bool {
        self.names().iter().any(|name| address.url.contains(&format!("{{{name}}}")))
    }

    /// Returns `addresses` with the name of the release called `label` in them, or none where that is not the name of one.
    pub(super) fn fill(&self, addresses: &[Address], label: &str) -> Option<Vec<Address>> {
        let found = self.label.regex().captures(label)?;
        let value = |name: &str| match name {
            "yy" => found.name("year")?.as_str().get(2..),
            name => Some(found.name(name)?.as_str()),
        };
        let values: Vec<_> = self.names().into_iter().filter_map(|name| Some((name, value(name)?))).collect();
        let fill = |text: &String| {
            values
                .iter()
                .fold(text.clone(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
        };
        let filled =
            |address: &Address| Address { url: fill(&address.url), name: address.name.as_ref().map(fill) };
        Some(addresses.iter().map(filled).collect())
    }
}

impl Source {
    /// Returns where to look on the day `today`. Addresses with the name of a release in them are those of the newest one that is out
    /// by the calendar: there are none before the first is.
    pub fn addresses(&self, today: NaiveDate) -> Vec<Address> {
        let Some(vintage) = &self.vintage else { return self.urls.clone() };
        if !self.urls.iter().any(|address| vintage.names_in(address)) {
            return self.urls.clone();
        }
        let named = self.calendar.iter().filter(|(label, _)| vintage.label.is_match(label));
        let newest = named.filter(|(_, day)| **day <= today).max_by_key(|(_, day)| **day);
        newest.and_then(|(label, _)| vintage.fill(&self.urls, label)).unwrap_or_default()
    }

    /// Returns the addresses of the release called `label`, or none where that is not the name of one.
    pub fn addresses_of(&self, label: &str) -> Option<Vec<Address>> {
        let vintage = self.vintage.as_ref()?;
        vintage.fill(if vintage.urls.is_empty() { &self.urls } else { &vintage.urls }, label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::Registry;

    fn address(url: &str) -> Address {
        Address { url: url.into(), name: None }
    }

    #[test]
    fn a_name_leads_to_the_files_of_its_release() {
        let vintage: Vintage = toml::from_str(
            "label = 'May (?<year>20\\d\\d)'\nurls = ['https://example.org/{year}/oesm{yy}nat.zip']",
        )
        .unwrap();
        let found = vintage.fill(&vintage.urls, "May 2019").unwrap();
        assert_eq!(found, [address("https://example.org/2019/oesm19nat.zip")]);
        assert_eq!(vintage.fill(&vintage.urls, "2019"), None);
    }

    #[test]
    fn the_newest_release_that_is_out_is_looked_at() {
        let mut source = Registry::built_in().unwrap().get("bls-oews").unwrap().clone();
        source.urls = vec![address("https://example.org/oesm{yy}nat.zip")];
        source.calendar = [("May 2024", "2025-04-02"), ("May 2025", "2026-05-15"), ("2030", "2026-05-16")]
            .map(|(label, day)| (label.to_owned(), day.parse().unwrap()))
            .into();
        for (today, yy) in [("2025-04-01", None), ("2026-05-14", Some("24")), ("2026-05-16", Some("25"))] {
            let looked = source.addresses(today.parse().unwrap());
            let expected = yy.map(|yy| address(&format!("https://example.org/oesm{yy}nat.zip")));
            assert_eq!(looked, Vec::from_iter(expected), "{today}");
        }
        let past = source.addresses_of("May 2019").unwrap();
        assert_eq!(past, [address("https://example.org/oesm19nat.zip")]);
    }
}
