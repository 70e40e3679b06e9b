//! Which part of an edition a file is: a file that is the same part takes the other's place, whatever its form.

use std::collections::BTreeSet;

use super::{PartName, reader};
use crate::definition::Source;

/// What a file was read for, by the layouts of its tables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Role<'a> {
    /// The place of its first layout among those of the source, which is the order of precedence.
    pub place: Option<usize>,
    parts: BTreeSet<&'a str>,
}

impl<'a> Role<'a> {
    /// Returns the role of the file called `file`, the artifact of that number among `parts`.
    pub(crate) fn of(source: &'a Source, file: &str, artifact: usize, parts: &[PartName]) -> Self {
        let its = parts.iter().filter(|part| part.artifact == artifact);
        let mut role = Self::default();
        for (place, layout) in its.filter_map(|part| reader::layout_of(source, file, part)) {
            role.place = Some(role.place.map_or(place, |first| first.min(place)));
            role.parts.insert(&layout.part);
        }
        role
    }

    /// Returns whether it is all that `other` is, so that it can take its place.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        other.parts.is_subset(&self.parts)
    }
}
