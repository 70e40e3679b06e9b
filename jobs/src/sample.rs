//! What a definition makes of a file, for the person who writes the definition. Nothing is kept.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{Cell, FigureKind};

use crate::{
    definition::Source,
    document::Document,
    normalize::{self, Band, Projection, Release, Subject},
    pipeline::{self, Incoming, IngestError},
    validate::{self, Background},
};

/// How many figures, rejects and the like are shown of each release.
const SHOWN: usize = 10;

/// The check that a piece of a file cannot pass.
const SIZE: &str = "rows";

/// What a file was read as.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// One line for each thing to see.
    pub lines: Vec<String>,
    /// Whether rows were loaded and no check but that of the size failed.
    pub good: bool,
}

/// Reads `file`, called `name`, as `source` says. `label` is the release, where the name does not tell it.
///
/// # Errors
///
/// Fails when the file cannot be read at all.
pub fn sample(
    source: &Source,
    name: &str,
    file: Document,
    label: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Sample, IngestError> {
    let file = Incoming { name: name.to_owned(), ..Incoming::of(file, now) };
    let releases = pipeline::normalize(source, &[file], label, now)?;
    let mut sample = Sample { good: true, ..Sample::default() };
    let (releases, bare) = normalize::apart(releases);
    for release in &bare {
        sample.lines.push(head(release));
    }
    for release in &releases {
        show(release, now.date_naive(), &mut sample);
    }
    Ok(sample)
}

fn show(release: &Release, today: NaiveDate, sample: &mut Sample) {
    let total = release.total();
    let mut say = |line: String| sample.lines.push(line);
    say(head(release));
    release.bands.iter().take(SHOWN).for_each(|row| say(band(release, row)));
    release.projections.iter().take(SHOWN).for_each(|row| say(projection(release, row)));
    for (index, fact) in release.facts.iter().take(SHOWN) {
        say(format!("  {}: {fact:?}", release.occupations[*index].code));
    }
    for place in release.places.iter().take(SHOWN) {
        let around = place.parent.as_deref().unwrap_or("no other");
        say(format!("  {} {}: {}, in {around}", place.kind.as_str(), place.code, place.names.join(" = ")));
    }
    for (rule, rows) in &total.skips {
        say(format!("  skipped {rows}: {rule}"));
    }
    for reject in release.rejects.iter().take(SHOWN) {
        say(format!("  rejected {}: {} ({})", reject.locator, reject.message, reject.code));
    }
    if !release.unused.is_empty() {
        say(format!("  unused columns: {}", release.unused.join(", ")));
    }
    let checks = validate::validate(release, &Background { today: Some(today), ..Background::default() });
    for check in checks.iter().filter(|check| !check.detail.is_empty()) {
        let word = if check.passed { "warns" } else { "fails" };
        say(format!("  check {} {word}: {}", check.name, check.detail));
    }
    let believed = checks.iter().all(|check| check.passed || check.name == SIZE);
    sample.good &= believed && total.loaded + total.skipped() > 0;
}

fn head(release: &Release) -> String {
    let total = release.total();
    format!(
        "{} {} ({} to {}): read {}, loaded {}, rejected {}, skipped {}",
        release.dataset,
        release.label,
        release.start,
        release.end,
        total.read,
        total.loaded,
        total.rejected,
        total.skipped()
    )
}

fn about(release: &Release, subject: Subject, region: usize) -> String {
    let region = &release.regions[region];
    match subject {
        Subject::Occupation(index) => {
            let printed = &release.occupations[index];
            format!("{} {} {}, {region}", printed.classification.as_str(), printed.code, printed.title)
        }
        Subject::Role => {
            format!("{}, {region}", release.page.as_ref().map_or("the role", |page| &page.title))
        }
    }
}

fn band(release: &Release, band: &Band) -> String {
    let cells = Cell::ALL.into_iter().filter_map(|cell| {
        let name = format!("{cell:?}").to_lowercase();
        let amount = band
            .cell(cell)
            .map(|amount| if cell == Cell::Employment { amount.to_string() } else { money(amount) });
        match (band.marks.get(cell), amount) {
            (FigureKind::NotPublished, None) => None,
            (FigureKind::Exact, Some(amount)) => Some(format!("{name} {amount}")),
            (kind, amount) => Some(format!("{name} {} {kind:?}", amount.unwrap_or_default())),
        }
    });
    let cells: Vec<String> = cells.collect();
    let about = about(release, band.subject, band.region);
    let (period, currency, row) = (band.period.as_str(), &band.currency, band.position.row);
    let stated = band.stated.map(|place| format!(" of {}", release.stated[place].label)).unwrap_or_default();
    format!("  row {row}: {about}, {currency} a {period}{stated}: {}", cells.join(", "))
}

fn money(amount: i64) -> String {
    format!("{}.{:02}", amount / 100, amount % 100)
}

fn projection(release: &Release, row: &Projection) -> String {
    let about = about(release, row.subject, row.region);
    let names = ["base", "target", "change", "openings a year", "openings", "job seekers"];
    let counts = names.iter().zip(row.counts).filter_map(|(name, count)| Some(format!("{name} {}", count?)));
    let percent = row.change_percent.map(|percent| format!("percent {}", f64::from(percent) / 1000.0));
    let words = row.published_category.as_ref().map(|words| format!("\"{words}\""));
    let figures: Vec<String> = counts.chain(percent).chain(words).collect();
    let (base, target, line) = (row.base_year, row.target_year, row.position.row);
    format!("  row {line}: {about}, {base}–{target}: {}", figures.join(", "))
}

#[cfg(test)]
mod tests;
