//! What is wrong with a definition beyond its form: names that mean nothing, rows and cells that can never be.

use std::str::FromStr;

use super::{
    Address, Reader, Source,
    places::{Places, joined},
    read::Fault,
};

mod period;
mod table;

/// What is wrong, and the paths it rests on, the first of which it is told at.
struct Fit {
    paths: Vec<String>,
    words: String,
}

impl Fit {
    fn at(path: impl Into<String>, words: impl Into<String>) -> Self {
        Self { paths: vec![path.into()], words: words.into() }
    }

    /// Adds what else it rests on.
    fn and(mut self, path: &str) -> Self {
        self.paths.push(path.to_owned());
        self
    }

    fn within(mut self, outer: &str) -> Self {
        self.paths.iter_mut().for_each(|path| *path = joined(outer, path));
        self
    }
}

/// Notes every mistake of `source`, but for what follows from a mistake in its form.
pub(super) fn check(source: &Source, places: &Places, faults: &mut Vec<Fault>) {
    let layouts = source.layout.iter().enumerate();
    let of_layouts = layouts.flat_map(|(index, layout)| {
        let found = table::of_layout(source, layout).into_iter();
        found.map(move |fit| fit.within(&format!("layout.{index}")))
    });
    let found = of_source(source).into_iter().chain(of_layouts);
    let own = found.filter(|fit| !fit.paths.iter().any(|path| places.is_mended(path)));
    faults.extend(own.map(|fit| Fault { at: places.start(&fit.paths[0]), words: fit.words }));
}

fn of_source(source: &Source) -> Vec<Fit> {
    let mut found = Vec::new();
    let small = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if source.key.is_empty() || !source.key.bytes().all(small) {
        let words = format!("key `{}` is not made of small letters, digits and hyphens", source.key);
        found.push(Fit::at("key", words));
    }
    for (key, text) in [
        ("title", &source.title),
        ("publisher", &source.publisher),
        ("licence", &source.licence),
        ("attribution", &source.attribution),
    ] {
        if text.trim().is_empty() {
            found.push(Fit::at(key, format!("{key} is empty")));
        }
    }
    found.extend(address("homepage", &source.homepage));
    if let Some(schedule) = &source.schedule
        && cron::Schedule::from_str(schedule).is_err()
    {
        found.push(Fit::at("schedule", format!("`{schedule}` is not a cron line with seconds")));
    }
    if source.stale_after_days < 1 {
        found.push(Fit::at("stale_after_days", "stale_after_days is less than one"));
    }
    for (index, Address { url, name }) in source.urls.iter().enumerate() {
        let path = format!("urls.{index}");
        found.extend(address(&path, url));
        if name.as_ref().is_some_and(|name| name.is_empty() || name.contains('/')) {
            found.push(Fit::at(path, format!("`{url}` is named by something that is no file's name")));
        }
    }
    for (index, url) in source.vintage.iter().flat_map(|vintage| &vintage.urls).enumerate() {
        found.extend(address(&format!("vintage.urls.{index}"), url));
    }
    for (index, pair) in
        source.bounds.windows(2).enumerate().filter(|(_, pair)| pair[1].from <= pair[0].through)
    {
        found.push(Fit::at(format!("bounds.{}", index + 1), format!("two bounds for {}", pair[1].from)));
    }
    for (index, bound) in source.bounds.iter().enumerate().filter(|(_, bound)| bound.from > bound.through) {
        let words = format!("a bound ends in {} before it begins", bound.through);
        found.push(Fit::at(format!("bounds.{index}"), words));
    }
    if source.reader != Reader::Page && !source.plausible.is_empty() {
        found.push(Fit::at("plausible", "plausible is of career pages; a table has its own").and("reader"));
    }
    for (index, bounds) in
        source.plausible.iter().enumerate().filter(|(_, bounds)| bounds.least >= bounds.most)
    {
        let words = format!("pay from {} to {} can never be", bounds.least, bounds.most);
        found.push(Fit::at(format!("plausible.{index}"), words));
    }
    if source.reader == Reader::Tables && source.layout.is_empty() {
        found.push(Fit::at("layout", "no table is described (layout)").and("reader"));
    }
    found
}

fn address(path: &str, text: &str) -> Option<Fit> {
    let fetched = url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    (!fetched).then(|| Fit::at(path, format!("`{text}` is not an http(s) address")))
}
