//! The period of a file whose name does not say it: the words above its tables do.

use super::columns::Period;
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

/// Whether a file's name holds the period.
fn says(layout: &Layout, name: &str) -> bool {
    Period::from_name(layout, name, None)
        .is_some_and(|period| !period.fill(&layout.reference.label).contains('{'))
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
