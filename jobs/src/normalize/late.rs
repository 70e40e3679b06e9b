//! The text of rows that were found wrong only when all rows had been read: their files are read once more for it.

use std::collections::HashMap;

use super::{Position, Reject, Release};
use crate::{
    decode::{DecodeError, Limits, Part, Row, Shape, Sink, decode},
    document::Document,
};

impl Release {
    /// Notes that the reject made last is of the row at `position`, whose text is not at hand.
    pub(super) fn reject_late(&mut self, position: Position, reject: Reject) {
        self.late.push((self.rejects.len(), position));
        self.rejects.push(reject);
    }
}

/// Gives the late rejects of `releases` the text of their rows and the name of their file, of `files` in their order.
pub(crate) fn recall(releases: &mut [Release], files: &[(&str, &Document)]) -> Result<(), DecodeError> {
    for release in releases.iter_mut().filter(|release| !release.late.is_empty()) {
        for (artifact, (name, file)) in files.iter().enumerate() {
            let mut rows = Rows { file: name, wanted: HashMap::new(), rejects: &mut release.rejects };
            for (reject, position) in &release.late {
                let part = &release.parts[usize::from(position.part.cast_unsigned())];
                if part.artifact == artifact {
                    let key = (part.member.clone(), part.sheet.clone(), position.row);
                    rows.wanted.insert(key, *reject);
                }
            }
            if !rows.wanted.is_empty() {
                decode(name, file, &Limits::default(), &mut rows)?;
            }
        }
        release.late.clear();
    }
    Ok(())
}

/// Takes the rows that are wanted, by member, sheet and number.
struct Rows<'a> {
    file: &'a str,
    wanted: HashMap<(String, String, u32), usize>,
    rejects: &'a mut [Reject],
}

impl Sink for Rows<'_> {
    fn wants(&mut self, part: &Part) -> bool {
        self.wanted.keys().any(|(member, sheet, _)| *member == part.member && *sheet == part.sheet)
    }

    fn takes(&mut self, part: &Part) -> Option<Shape> {
        let is = |of: &str| {
            let sheet = part.sheet.strip_suffix("{}").unwrap_or(&part.sheet).to_owned() + of;
            self.wanted.keys().any(|(member, wanted, _)| *member == part.member && *wanted == sheet)
        };
        if is("{}") { Some(Shape::Members) } else { is("").then_some(Shape::Items) }
    }

    fn row(&mut self, part: &Part, row: Row<'_>) -> Result<(), DecodeError> {
        let key = (part.member.clone(), part.sheet.clone(), row.number);
        if let Some(reject) = self.wanted.get(&key).and_then(|place| self.rejects.get_mut(*place)) {
            reject.raw = row.cells.join("\t");
            reject.locator = super::locator(self.file, &part.member, &part.sheet, row.number);
        }
        Ok(())
    }
}
