//! Global ids: the type and a key that survives restarts, re-ingests and engines.

use async_graphql::ID;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    frame::{Band, Segment, Subject},
    pay::View,
    reader::{BandRef, ProjectionRef},
    snapshot::{Catalog, Series},
};

/// Makes the id of a `kind` with this key.
pub(super) fn global(kind: &str, key: &str) -> ID {
    seal(&format!("{kind}:{key}")).into()
}

/// Reads an id back into its kind and key.
pub(super) fn read(id: &str) -> Option<(String, String)> {
    let text = open(id)?;
    let (kind, key) = text.split_once(':')?;
    Some((kind.to_owned(), key.to_owned()))
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
const PARTS: usize = 7;

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

/// The key of a band that is not shown as published.
pub(super) fn viewed_key(series: &Series, band: &str, view: &View) -> String {
    format!("{band}{BAR}{}", view.key(series))
}

/// Returns the key of the band as published, and the view, where a key has one.
pub(super) fn view_of_key<'a>(series: &Series, key: &'a str) -> (&'a str, Option<View>) {
    match key.rsplit_once(BAR) {
        Some((band, view)) if band.matches(BAR).count() == PARTS - 1 => (band, View::of_key(view, series)),
        _ => (key, None),
    }
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
        assert_eq!(read(&id), Some(("Role".to_owned(), "back-end-developer".to_owned())));
        for wrong in ["", "Role:x", "!!", "AAAA"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
