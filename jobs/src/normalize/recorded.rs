//! A figure that a person recorded, as a release of its own.

use entity::{ArtifactOrigin, PayConcept};

use super::{Band, Counts, PageRole, PartName, Release};
use crate::{publish, record::Observation};

/// A dataset is one page's word on one role in one place: the next look at the page follows this one.
pub(crate) fn read_observation(seen: &Observation, concept: PayConcept, file: &str) -> Release {
    let host = seen.page.host_str().unwrap_or_default().trim_start_matches("www.");
    let path = publish::slug(seen.page.path());
    let mut release = Release {
        dataset: format!("{} {} {host} {path}", seen.role, seen.region).trim_end().to_owned(),
        label: seen.observed.to_string(),
        start: seen.observed,
        end: seen.observed,
        published: Some((seen.observed, true)),
        bound_words: "or more".into(),
        parts: vec![PartName { artifact: 0, member: file.to_owned(), sheet: String::new() }],
        origins: vec![ArtifactOrigin::Publisher],
        counts: vec![Counts { read: 1, loaded: 1, ..Counts::default() }],
        // The slug's own words find the role; a title could make another.
        page: Some(Box::new(PageRole { title: seen.role.replace('-', " "), ..PageRole::default() })),
        ..Release::default()
    };
    release.expect.min_rows = 0;
    release.expect.max_fall_percent = 100;
    let region = release.region(&seen.region);
    release.bands.push(band(seen, concept, region));
    release
}

fn band(seen: &Observation, concept: PayConcept, region: usize) -> Band {
    let mut band = Band::of_role(region, seen.period, &seen.currency, concept, 1);
    for (cell, amount) in &seen.amounts {
        band.put(*cell, *amount);
    }
    band.cited_authority.clone_from(&seen.cited_authority);
    band.locator = Some(format!("read on {}: “{}”", seen.observed, seen.quote));
    band
}
