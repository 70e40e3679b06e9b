//! The release of a file, as its name says, or where that is silent the words above its tables.

use super::{columns::Period, reader::paths};
use crate::{
    decode::{DecodeError, Limits, Part, Row, Sink, decode},
    definition::{Layout, Source},
    document::Document,
};

/// How many rows are looked through for a title.
const TITLE_WITHIN: u32 = 5;

/// Returns the label of the release that a file says it is, where a definition looks for one.
pub(crate) fn label(source: &Source, name: &str, file: &Document) -> Result<Option<String>, DecodeError> {
    let silent =
        |layout: &&Layout| layout.title.is_some() && layout.file.is_match(name) && !says(layout, name);
    let layouts: Vec<&Layout> = source.layout.iter().filter(silent).collect();
    if layouts.is_empty() {
        return Ok(None);
    }
    let mut titles = Titles { layouts, label: None };
    decode(name, file, &Limits::default(), &mut titles)?;
    Ok(titles.label)
}

/// Returns the dataset and the label of the first release that a file's name, or that of one of its members, says it is.
pub(crate) fn named(source: &Source, name: &str, members: &[String]) -> Option<(String, String)> {
    let told = |path: String| source.layout.iter().find_map(|layout| said(layout, &path));
    paths(name, members).find_map(told)
}

/// Whether a file's name holds the period.
fn says(layout: &Layout, name: &str) -> bool {
    said(layout, name).is_some()
}

fn said(layout: &Layout, path: &str) -> Option<(String, String)> {
    let period = Period::from_name(layout, path, None)?;
    let [dataset, label] = [&layout.dataset, &layout.reference.label].map(|text| period.fill(text));
    (!label.contains('{')).then_some((dataset, label))
}

struct Titles<'a> {
    layouts: Vec<&'a Layout>,
    label: Option<String>,
}

impl Sink for Titles<'_> {
    fn wants(&mut self, part: &Part) -> bool {
        let fits =
            |layout: &&Layout| layout.sheet.as_ref().is_none_or(|sheet| sheet.is_match(part.sheet.trim()));
        self.label.is_none() && self.layouts.iter().any(fits)
    }

    fn row(&mut self, _: &Part, row: Row<'_>) -> Result<(), DecodeError> {
        if self.label.is_none() && row.number <= TITLE_WITHIN {
            let words = row.cells.join(" ");
            let named = |layout: &&Layout| {
                let label = Period::from_words(layout, &words)?.fill(&layout.reference.label);
                (!label.contains('{')).then_some(label)
            };
            self.label = self.layouts.iter().find_map(named);
        }
        Ok(())
    }
}
