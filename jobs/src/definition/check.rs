//! What is wrong with a definition beyond its form: names that mean nothing, rows and cells that can never be.

use std::str::FromStr;

use chrono::DateTime;

use super::{
    Mark, Reader, Source,
    places::{Places, joined},
    read::Fault,
};

mod access;
mod file_name;
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
    let found = of_source(source).into_iter().chain(access::of_access(source)).chain(of_layouts);
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
    found.extend(access::address("homepage", &source.homepage));
    found.extend(source.schedule.as_deref().and_then(schedule));
    found.extend(period::calendar(source));
    if source.stale_after_days < 1 {
        found.push(Fit::at("stale_after_days", "stale_after_days is less than one"));
    }
    for (index, pair) in
        source.bounds.windows(2).enumerate().filter(|(_, pair)| pair[1].from <= pair[0].through)
    {
        found.push(Fit::at(format!("bounds.{}", index + 1), format!("two bounds for {}", pair[1].from)));
    }
    let marks = source.marks.iter().map(|(word, mark)| (joined("marks", word), word, mark));
    found.extend(boundless(source, marks));
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

/// Marks of a bound that nothing tells.
fn boundless<'m>(
    source: &Source,
    marks: impl Iterator<Item = (String, &'m String, &'m Mark)>,
) -> impl Iterator<Item = Fit> {
    let boundless = marks.filter(|(.., mark)| source.bounds.is_empty() && **mark == Mark::Bound);
    boundless.map(|(path, word, _)| {
        Fit::at(path, format!("`{word}` is a bound, and nothing says which ([[bounds]])")).and("bounds")
    })
}

fn schedule(line: &str) -> Option<Fit> {
    let words = match cron::Schedule::from_str(line) {
        Err(_) => format!("`{line}` is not a cron line with seconds"),
        Ok(schedule) if schedule.after(&DateTime::UNIX_EPOCH).next().is_none() => {
            format!("`{line}` is a time that never comes")
        }
        Ok(_) => return None,
    };
    Some(Fit::at("schedule", words))
}
