//! Figures that a person read off the publisher's table, against those of the release.

use entity::Count;

use super::Check;
use crate::{
    definition::{Canary, Field, Figure},
    normalize::{Projection, Release, Subject, plain, scaled},
};

/// The figures named in the definition stand in the release.
pub(super) fn canaries(release: &Release) -> Option<Check> {
    let named: Vec<_> = release.canaries.iter().filter(|(canary, _)| canary.label == release.label).collect();
    if named.is_empty() {
        return None;
    }
    let wrong: Vec<String> =
        named.iter().flat_map(|(canary, unit)| differences(release, canary, *unit)).collect();
    Some(super::check("canaries", wrong.is_empty(), || super::list(&wrong)))
}

fn differences(release: &Release, canary: &Canary, unit: i64) -> Vec<String> {
    let differs = |(figure, printed): (&Figure, &String)| {
        let digits = figure.digits(unit)?;
        let wanted = scaled(printed, digits);
        let found = find(release, canary, *figure);
        let place = format!("{} {} {figure}", canary.code, canary.region);
        (found != wanted).then(|| match found {
            Some(found) => format!("{place} should be {printed} and reads {}", plain(found, digits)),
            None => format!("{place} should be {printed} and is not there"),
        })
    };
    canary.cells.iter().filter_map(differs).collect()
}

/// The figure of the release that a canary speaks of.
fn find(release: &Release, canary: &Canary, figure: Figure) -> Option<i64> {
    let about = |subject: Subject, region: usize| {
        matches!(subject, Subject::Occupation(index) if release.occupations[index].code == canary.code)
            && release.regions[region] == canary.region
    };
    match figure {
        Figure::Cell(cell) => {
            let band = release.bands.iter().find(|band| {
                about(band.subject, band.region)
                    && canary.period.is_none_or(|period| band.period == period)
                    && band.segment == crate::normalize::SegmentKey::default()
            });
            band?.cell(cell)
        }
        Figure::Outlook(field) => {
            let row = release.projections.iter().find(|row| about(row.subject, row.region))?;
            outlook(row, field)
        }
    }
}

fn outlook(row: &Projection, field: Field) -> Option<i64> {
    let counted = Count::ALL.into_iter().find(|count| Field::of_count(*count) == field);
    match counted {
        Some(count) => row.counts[count as usize],
        None if field == Field::ChangePercent => row.change_percent.map(i64::from),
        None => None,
    }
}
