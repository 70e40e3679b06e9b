//! The bound behind a mark, as a release's own legend words it.

use std::sync::LazyLock;

use regex::Regex;

use super::scaled;
use crate::decode::Part;

/// The highest pay a release prints. Minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Legend {
    /// An hour.
    pub hour: i64,
    /// A year.
    pub year: i64,
    /// `or more`, or `more than`.
    pub words: &'static str,
}

static BOUND: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:#\s*=|wage is).*\$([\d,.]+) per hour or \$([\d,.]+) per year")
        .expect("a fixed expression")
});

/// Reads the bound from one line of a legend.
pub(crate) fn read(line: &str) -> Option<Legend> {
    let found = BOUND.captures(line)?;
    let inclusive = line.to_lowercase().contains("equal to or greater");
    Some(Legend {
        hour: scaled(&found[1], 2)?,
        year: scaled(&found[2], 2)?,
        words: if inclusive { "or more" } else { "more than" },
    })
}

/// Returns whether a part of a file explains the others.
pub(super) fn is_at(part: &Part) -> bool {
    let name = if part.sheet.is_empty() { &part.member } else { &part.sheet };
    let name = name.to_lowercase();
    name.contains("field") && name.contains("desc")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_wordings_are_read() {
        let old = read("#  = indicates a wage greater than $90.00 per hour or $187,200 per year").unwrap();
        assert_eq!((old.hour, old.year, old.words), (9_000, 18_720_000, "more than"));
        let new = read(
            "# = indicates a wage that is equal to or greater than $100.00 per hour or $208,000 per year",
        );
        assert_eq!(new.unwrap().words, "or more");
        let footnote =
            read("This wage is equal to or greater than $100.00 per hour or $208,000 per year.").unwrap();
        assert_eq!((footnote.hour, footnote.year, footnote.words), (10_000, 20_800_000, "or more"));
        assert_eq!(read("*  = indicates that a wage estimate is not available"), None);
    }
}
