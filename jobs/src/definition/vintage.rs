//! Where a named release of the past is found.

use serde::Deserialize;

use super::{Address, Pattern};

/// Where a named release of the past is found.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vintage {
    /// What the name of a release looks like: `May (?<year>\d{4})`.
    pub label: Pattern,
    /// Its files; a group of the name stands in braces, and so does `yy`, the last two digits of `year`.
    pub urls: Vec<String>,
}

impl Vintage {
    /// Returns the addresses of the release called `label`, or none where that is not the name of one.
    pub fn urls(&self, label: &str) -> Option<Vec<Address>> {
        let found = self.label.regex().captures(label)?;
        let group = |name| found.name(name).map(|found| found.as_str());
        let groups = self.label.regex().capture_names().flatten();
        let mut names: Vec<(&str, &str)> = groups.filter_map(|name| Some((name, group(name)?))).collect();
        if let Some(short) = group("year").and_then(|year| year.get(2..)) {
            names.push(("yy", short));
        }
        let fill = |url: &String| Address {
            url: names
                .iter()
                .fold(url.clone(), |url, (name, value)| url.replace(&format!("{{{name}}}"), value)),
            name: None,
        };
        Some(self.urls.iter().map(fill).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_to_the_files_of_its_release() {
        let vintage: Vintage = toml::from_str(
            "label = 'May (?<year>20\\d\\d)'\nurls = ['https://example.org/{year}/oesm{yy}nat.zip']",
        )
        .unwrap();
        let found = vintage.urls("May 2019").unwrap();
        assert_eq!(found, [Address { url: "https://example.org/2019/oesm19nat.zip".into(), name: None }]);
        assert_eq!(vintage.urls("2019"), None);
    }
}
