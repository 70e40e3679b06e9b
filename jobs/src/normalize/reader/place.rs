//! Which layout speaks of a file, a sheet of one, or a value of JSON.

use std::iter;

use crate::{
    definition::{Layout, Source},
    normalize::PartName,
};

/// The file's name, or `archive/member`.
pub(super) fn path(file: &str, member: &str) -> String {
    if member == file { file.to_owned() } else { format!("{file}/{member}") }
}

/// Returns whether a layout speaks of a file of this name, or of one of the members it has as an archive.
pub(crate) fn knows(source: &Source, file: &str, members: &[String]) -> bool {
    paths(file, members).any(|path| source.layout.iter().any(|layout| layout.file.is_match(&path)))
}

/// Returns the names by which layouts know a file: its own, and those of the members it has as an archive.
pub(in crate::normalize) fn paths(file: &str, members: &[String]) -> impl Iterator<Item = String> {
    iter::once(file.to_owned()).chain(members.iter().map(move |member| path(file, member)))
}

/// Returns the layout that `part` of the file called `file` is read by, and its place among those of the source.
pub(in crate::normalize) fn layout_of<'a>(
    source: &'a Source,
    file: &str,
    part: &PartName,
) -> Option<(usize, &'a Layout)> {
    let path = path(file, &part.member);
    let fits = |layout: &Layout| is_at(layout, &part.sheet) && layout.file.is_match(&path);
    source.layout.iter().enumerate().find(|(_, layout)| fits(layout))
}

/// Whether a layout speaks of this sheet, or of the JSON value at this pointer.
pub(super) fn is_at(layout: &Layout, sheet: &str) -> bool {
    match (&layout.records, sheet.strip_prefix('#')) {
        (Some(records), Some(place)) => records.is(place.strip_suffix("{}").unwrap_or(place)),
        (Some(_), None) => false,
        (None, _) => layout.sheet.as_ref().is_none_or(|pattern| pattern.is_match(sheet.trim())),
    }
}
