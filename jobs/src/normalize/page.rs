//! A career page as a release: one page is one dataset.

use chrono::{Datelike, NaiveDate};
use entity::{Cell, Count, CountMarks, ReferencePeriod, TextKind};

use super::{Band, Counts, PageRole, PartName, Position, Projection, Reject, Release, Subject};
use crate::{
    codes,
    definition::Source,
    page::{self, Page, PageBand, PageError, PageGrowth, Refused},
};

/// Reads a page. Its period is the year to the day it says it was last changed, else its job was advertised, else `label`,
/// else the year to `today`. Pay that a record says is of another day has a period of its own. A day to come is none.
pub fn read_page(
    source: &Source,
    name: &str,
    bytes: &[u8],
    label: Option<&str>,
    today: NaiveDate,
) -> Result<Release, PageError> {
    let page = page::read(bytes, name, &source.plausible)?;
    let said = |day: Option<NaiveDate>| day.filter(|day| *day <= today);
    let updated = said(page.updated);
    let period = year_to(updated.unwrap_or(today));
    let mut release = Release {
        dataset: codes::slug(&page.title),
        label: label.filter(|_| updated.is_none()).unwrap_or(&period.label).to_owned(),
        start: period.start,
        end: period.end,
        published: Some((period.end, true)),
        bound_words: "or more".into(),
        parts: vec![PartName { artifact: 0, member: name.into(), sheet: String::new() }],
        origins: vec![entity::ArtifactOrigin::Publisher],
        ..Release::default()
    };
    release.expect.min_rows = 0;
    (release.expect.max_fall_percent, release.expect.max_loss_percent) = (100, 100);
    // A record that says too little is nothing against the others; a page of nothing else is not believed.
    release.expect.max_rejects_percent = 99;
    let count = |rows: usize| u64::try_from(rows).unwrap_or_default();
    let (loaded, rejected) = (count(page.bands.len() + page.growth.len()), count(page.refused.len()));
    let older = u64::from(page.older);
    let known = loaded + rejected + older;
    let read = u64::from(page.sentences).max(known);
    let mut counts = Counts { read, loaded, rejected, ..Counts::default() };
    for (rule, rows) in [("older-record", older), ("no-figure", read - known)] {
        if rows > 0 {
            counts.skips.insert(rule.into(), rows);
        }
    }
    release.counts.push(counts);
    for found in &page.bands {
        let region = release.region(&found.region);
        let own = said(found.day).map(year_to).filter(|own| *own != period);
        let stated = own.map(|own| release.period(own));
        release.bands.push(Band { stated, ..band(source, found, region) });
    }
    for found in &page.growth {
        let region = release.region(&found.region);
        release.projections.push(projection(found, region));
    }
    let reject = |refused: &Refused| Reject {
        locator: format!("{name} › {}", refused.locator),
        code: refused.code,
        message: refused.message.clone(),
        raw: refused.raw.clone(),
    };
    release.rejects = page.refused.iter().map(reject).collect();
    release.page = Some(Box::new(role(page)));
    Ok(release)
}

impl PageRole {
    /// Returns the role called `title`, of which nothing else is known: a curated role where that is one of its names.
    pub(super) fn called(title: &str) -> Self {
        Self { title: codes::role_called(title).unwrap_or(title).to_owned(), ..Self::default() }
    }
}

/// The year to a day.
fn year_to(day: NaiveDate) -> ReferencePeriod {
    let start = NaiveDate::from_ymd_opt(day.year(), 1, 1).unwrap_or(day);
    ReferencePeriod { start, end: day, label: day.year().to_string() }
}

fn role(page: Page) -> PageRole {
    let plain = |kind, texts: Vec<String>| texts.into_iter().map(move |text| (kind, text, None));
    let questions =
        page.faq.into_iter().map(|(question, answer)| (TextKind::Question, question, Some(answer)));
    PageRole {
        skills: page.skills.into_iter().map(|skill| (skill.name, skill.kind)).collect(),
        texts: plain(TextKind::Duty, page.duties)
            .chain(questions)
            .chain(plain(TextKind::Path, page.paths))
            .chain(plain(TextKind::Citation, page.citations))
            .collect(),
        education: page.education,
        experience: page.experience,
        ..PageRole::called(&page.title)
    }
}

fn band(source: &Source, found: &PageBand, region: usize) -> Band {
    let mut band = Band::of_role(region, found.period, &found.currency, source.concept, found.paragraph);
    let named = [
        (Cell::Low, found.low),
        (Cell::High, found.high),
        (Cell::Mean, found.mean),
        (Cell::Median, found.median),
    ];
    let named = named.into_iter().filter_map(|(cell, amount)| amount.map(|amount| (cell, amount)));
    for (cell, amount) in named.chain(found.percentiles.iter().copied()) {
        band.put(cell, amount);
    }
    band.cited_authority.clone_from(&found.cited_authority);
    band.locator = Some(found.locator.clone());
    band
}

fn projection(found: &PageGrowth, region: usize) -> Projection {
    Projection {
        subject: Subject::Role,
        region,
        base_year: found.base_year,
        target_year: found.target_year,
        counts: [None; Count::ALL.len()],
        marks: CountMarks::default(),
        change_percent: Some(found.percent_thousandths),
        published_category: found.words.clone(),
        cited_authority: found.authority.clone(),
        locator: Some(found.locator.clone()),
        position: Position { part: 0, row: found.paragraph },
    }
}
