//! Global ids: the type and a key that survives restarts, re-ingests and engines.

use async_graphql::ID;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::NaiveDate;

use super::{scalars::read_day, scope::Scope};
use crate::{
    frame::{Band, Segment, Subject},
    pay::{View, fallback},
    reader::{BandRef, ProjectionRef},
    snapshot::{Catalog, RoleLink},
};

/// What an id says: the type, the day it is looked at from where `asOf` names one, and the key.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub kind: String,
    pub day: Option<NaiveDate>,
    pub key: String,
}

/// Makes the id of a `kind` with this key that is the same on every day.
pub(super) fn global(kind: &str, key: &str) -> ID {
    seal(&format!("{kind}:{key}")).into()
}

/// Makes the id of what is looked at from a day, where there is one.
pub(super) fn on_day(kind: &str, day: Option<NaiveDate>, key: &str) -> ID {
    day.map_or_else(|| global(kind, key), |day| global(&format!("{kind}@{day}"), key))
}

/// Reads an id back.
pub(super) fn read(id: &str) -> Option<Name> {
    let text = open(id)?;
    let (kind, key) = text.split_once(':')?;
    let (kind, day) = match kind.split_once('@') {
        Some((kind, day)) => (kind, Some(read_day(day)?)),
        None => (kind, None),
    };
    Some(Name { kind: kind.to_owned(), day, key: key.to_owned() })
}

/// Returns the key in the id of a `kind`, whatever the day.
pub(super) fn key_of(kind: &str, id: &str) -> Option<String> {
    read(id).filter(|name| name.kind == kind).map(|name| name.key)
}

/// Makes a text opaque.
pub(super) fn seal(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// Reads an opaque text.
pub(super) fn open(sealed: &str) -> Option<String> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(sealed).ok()?).ok()
}

/// What stands between the parts of a key.
const BAR: char = '|';

/// How many parts the key of a band has.
const BAND: usize = 7;

/// How many parts the key of a projection has.
const PROJECTION: usize = 4;

/// Release, subject, region, segment, period, currency and concept: what makes a band one of its kind.
pub(super) fn band_key(catalog: &Catalog, found: &BandRef) -> String {
    let band = found.band();
    let release = found.loaded.release.key();
    let (subject, region) = (subject_key(catalog, band.subject()), region_key(catalog, band));
    let Segment { industry, ownership, sex, work_time, experience, period, currency, concept, .. } =
        band.segment();
    let (sex, work_time, experience) = (sex.as_str(), work_time.as_str(), experience.as_str());
    let (period, concept) = (period.as_str(), concept.as_str());
    format!(
        "{release}|{subject}|{region}|{industry},{ownership},{sex},{work_time},{experience}|{period}|{currency}|{concept}"
    )
}

/// The key of a band with all else that its fields depend on: the view, the mapping it was reached through, and the steps by
/// which it stands in.
pub(super) fn shown_band_key(scope: &Scope, found: &BandRef, view: Option<&View>) -> String {
    let catalog = scope.catalog();
    let view = view.map(|view| view.key(scope.reader.snapshot().series())).unwrap_or_default();
    let via = found.via.as_ref().map(|link| path_key(catalog, &link.from)).unwrap_or_default();
    extended(band_key(catalog, found), [view, via, fallback::key(&found.steps)])
}

/// The key of a projection with the steps by which it stands in.
pub(super) fn shown_projection_key(catalog: &Catalog, found: &ProjectionRef) -> String {
    extended(projection_key(catalog, found), [fallback::key(&found.steps)])
}

/// Parts what [`shown_band_key`] put together: the key of the band, and view, mapping and steps, each empty where there is none.
pub(super) fn parts_of_band(key: &str) -> (&str, [&str; 3]) {
    parted(key, BAND)
}

/// Parts what [`shown_projection_key`] put together: the key of the projection, and the steps, empty where there are none.
pub(super) fn parts_of_projection(key: &str) -> (&str, [&str; 1]) {
    parted(key, PROJECTION)
}

/// Adds parts to a key; those at its end that are empty are left out.
fn extended<const MORE: usize>(mut key: String, more: [String; MORE]) -> String {
    for part in more {
        key.push(BAR);
        key.push_str(&part);
    }
    key.truncate(key.trim_end_matches(BAR).len());
    key
}

/// Parts a key of so many parts from what was added to it.
fn parted<const MORE: usize>(key: &str, parts: usize) -> (&str, [&str; MORE]) {
    let end = key.match_indices(BAR).nth(parts - 1).map_or(key.len(), |(end, _)| end);
    let (own, more) = key.split_at(end);
    let mut more = more.split(BAR).skip(1);
    (own, [(); MORE].map(|()| more.next().unwrap_or_default()))
}

fn path_key(catalog: &Catalog, path: &[Subject]) -> String {
    path.iter().map(|subject| subject_key(catalog, *subject)).collect::<Vec<_>>().join(",")
}

/// Finds the mapping to an occupation whose path has this key.
pub(super) fn link(catalog: &Catalog, path: &str, to: Subject) -> Option<RoleLink> {
    let path = path.split(',').map(|key| subject(catalog, key)).chain([Some(to)]);
    let path: Vec<Subject> = path.collect::<Option<_>>()?;
    let mut found: Option<RoleLink> = None;
    for ends in path.windows(2) {
        found = Some(catalog.link(ends[0], ends[1])?.clone().behind(found.as_ref()));
    }
    found
}

/// Release, subject, region and years: what makes a projection one of its kind.
pub(super) fn projection_key(catalog: &Catalog, found: &ProjectionRef) -> String {
    let row = found.row();
    let release = found.loaded.release.key();
    let subject = subject_key(catalog, Subject::of(row));
    let region = catalog.region(row.region_id).map_or("", |region| &region.row.code);
    format!("{release}|{subject}|{region}|{}-{}", row.base_year, row.target_year)
}

/// Returns release and subject of the key of a band or projection.
pub(super) fn parts(catalog: &Catalog, key: &str) -> Option<(String, Subject)> {
    let mut parts = key.split(BAR);
    let release = parts.next()?.to_owned();
    Some((release, subject(catalog, parts.next()?)?))
}

/// `SOC_2018/15-1252`.
pub(super) fn occupation_key(row: &entity::occupation::Model) -> String {
    format!("{}{}", occupation_keys(row.classification), row.code)
}

/// Returns what the keys of a classification's occupations begin with: `SOC_2018/`.
pub(super) fn occupation_keys(classification: entity::Classification) -> String {
    format!("{}/", classification.as_str())
}

fn region_key<'a>(catalog: &'a Catalog, band: Band<'_>) -> &'a str {
    catalog.region(band.region()).map_or("", |region| &region.row.code)
}

/// `SOC_2018/15-1252`, or the slug of a role, which has no slash.
fn subject_key(catalog: &Catalog, subject: Subject) -> String {
    match subject {
        Subject::Occupation(id) => catalog.occupation(id).map(|row| occupation_key(row)).unwrap_or_default(),
        Subject::Role(id) => catalog.role_of_id(id).map(|role| role.row.slug.clone()).unwrap_or_default(),
    }
}

fn subject(catalog: &Catalog, key: &str) -> Option<Subject> {
    match key.split_once('/') {
        Some((of, code)) => {
            let of = entity::Classification::parse(of)?;
            Some(Subject::Occupation(catalog.occupation_of_code(of, code)?.id))
        }
        None => Some(Subject::Role(catalog.role(key)?.id())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_back_and_a_wrong_one_is_not() {
        let id = global("Role", "back-end-developer");
        let (kind, key) = ("Role".to_owned(), "back-end-developer".to_owned());
        assert_eq!(read(&id), Some(Name { kind: kind.clone(), day: None, key: key.clone() }));
        let day = NaiveDate::from_ymd_opt(2025, 6, 1);
        let dated = on_day(&kind, day, &key);
        assert_eq!(key_of("Role", &dated), Some(key.clone()));
        assert_eq!(read(&dated), Some(Name { kind, day, key }));
        for wrong in ["", "Role:x", "!!", "AAAA", &seal("Role"), &seal("Role@2025-6-1:x")] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
