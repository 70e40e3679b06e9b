//! Figures a person read off pages that offer no table: one row for each, with the page, the day and the words.
//!
//! The figures of one role on one site about one place are one dataset, and those of one day one release of it, so that
//! what a page says today takes the place of what it said before, and of nothing else. The host of the page is the site.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{Cell, FigureKind, PayMethod, PayPeriod};
use serde::{Deserialize, Serialize};

use super::{
    Band, Counts, PageRole, PartName, Reject, RejectCode, Release, locator,
    number::{may_be_thousands, scaled, unsigned},
    row::Fault,
};
use crate::{
    codes,
    decode::{DecodeError, Defect, Limits, Part, Row, Sink, decode},
    definition::Source,
    document::Document,
    page::QUOTED,
};

/// How far the clocks of the first time zone are ahead of UTC.
const AHEAD: TimeDelta = TimeDelta::hours(14);

/// One figure, as a person writes it down: a row of a file with these columns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Observation {
    /// The role's title, or the words of its address: `Back End Developer`.
    pub role: String,
    /// The place's code: `US`, `US-CITY:san-francisco`.
    pub place: String,
    /// `MEAN`, `MEDIAN`, `LOW`, `HIGH`, or a percentile such as `P90`.
    pub statistic: String,
    /// The amount in whole units of the currency, with or without cents.
    pub amount: String,
    /// The currency, ISO 4217.
    pub currency: String,
    /// `HOUR`, `DAY`, `WEEK`, `MONTH` or `YEAR`.
    pub period: String,
    /// `CROWD` where visitors of the site told their pay, `ADVERT` where it is that of advertisements.
    pub method: String,
    /// The site.
    pub site: String,
    /// The address of the page.
    pub page: String,
    /// The day it was read.
    pub date: String,
    /// The words it stands in, at most 15 of which are kept.
    pub quote: String,
    /// Whom the page itself cites, where it cites anybody: a column that need not be there.
    pub authority: String,
}

/// Role, host of the page and place of a release, and its day.
type Key = (String, String, String, NaiveDate);

/// Reads a file of observations.
///
/// # Errors
///
/// Fails where the file is no table, lacks a column, or holds no row that can be read.
pub fn read_observations(
    source: &Source,
    name: &str,
    file: &Document,
    now: DateTime<Utc>,
) -> Result<Vec<Release>, DecodeError> {
    let today = (now + AHEAD).date_naive();
    let mut rows = Rows::default();
    decode(name, file, &Limits::default(), &mut rows)?;
    let mut releases: BTreeMap<Key, Release> = BTreeMap::new();
    let mut rejects = Vec::new();
    let part = PartName { artifact: 0, member: name.into(), sheet: rows.sheet };
    for (number, cells) in rows.below {
        let row = observation(&rows.header, &cells)
            .map_err(|column| DecodeError::new(Defect::NoColumn, name, format!("no column `{column}`")))?;
        let added = match cells.iter().skip(rows.header.len()).find(|cell| !cell.trim().is_empty()) {
            Some(cell) => {
                Err((RejectCode::RowTooWide, format!("`{cell}` stands beyond the last column of the header")))
            }
            None => Read::of(source, &row, today)
                .and_then(|read| add(source, &part, number, &row, read, &mut releases)),
        };
        if let Err((code, message)) = added {
            let locator = locator(name, name, &part.sheet, number);
            rejects.push(Reject { locator, code, message, raw: cells.join("\t") });
        }
    }
    let mut releases: Vec<Release> = releases.into_values().collect();
    let Some(first) = releases.first_mut() else {
        let why = rejects.first().map_or_else(|| "it holds no row".into(), |reject| reject.message.clone());
        return Err(DecodeError::new(Defect::NoRow, name, why));
    };
    first.counts[0].read += rejects.len() as u64;
    first.counts[0].rejected += rejects.len() as u64;
    first.rejects = rejects;
    Ok(releases)
}

/// The header of a file, and the rows below it.
#[derive(Default)]
struct Rows {
    sheet: String,
    header: Vec<String>,
    below: Vec<(u32, Vec<String>)>,
}

impl Sink for Rows {
    fn wants(&mut self, _: &Part) -> bool {
        true
    }

    fn row(&mut self, part: &Part, row: Row<'_>) -> Result<(), DecodeError> {
        if self.header.is_empty() {
            self.sheet.clone_from(&part.sheet);
            self.header = row.cells.iter().map(|cell| cell.trim().to_lowercase()).collect();
        } else if row.cells.iter().any(|cell| !cell.trim().is_empty()) {
            self.below.push((row.number, row.cells.to_vec()));
        }
        Ok(())
    }
}

/// The cells by the names of their columns; an error is the name of one that is not there.
fn observation(header: &[String], cells: &[String]) -> Result<Observation, &'static str> {
    let cell = |column: &'static str| -> Result<String, &'static str> {
        let place = header.iter().position(|name| name == column).ok_or(column)?;
        Ok(cells.get(place).map(|cell| cell.trim().to_owned()).unwrap_or_default())
    };
    Ok(Observation {
        role: cell("role")?,
        place: cell("place")?,
        statistic: cell("statistic")?,
        amount: cell("amount")?,
        currency: cell("currency")?,
        period: cell("period")?,
        method: cell("method")?,
        site: cell("site")?,
        page: cell("page")?,
        date: cell("date")?,
        quote: cell("quote")?,
        authority: cell("authority").unwrap_or_default(),
    })
}

/// Adds the figure to its release.
fn add(
    source: &Source,
    part: &PartName,
    number: u32,
    row: &Observation,
    read: Read,
    releases: &mut BTreeMap<Key, Release>,
) -> Result<(), Fault> {
    let key = (crate::codes::slug(&row.role), read.host, row.place.clone(), read.day);
    let release = releases.entry(key).or_insert_with_key(|key| release(part, row, key));
    let known =
        release.bands.iter_mut().find(|band| band.period == read.period && band.currency == row.currency);
    let band = match known {
        Some(band) if band.marks.get(read.cell) == FigureKind::Exact => {
            let message = format!("the page's {} stands in an earlier row", row.statistic);
            return Err((RejectCode::SameFigureTwice, message));
        }
        Some(band) => band,
        None => {
            release.bands.push(empty(source, number, row, read.period));
            release.bands.last_mut().expect("just added")
        }
    };
    band.put(read.cell, read.amount);
    release.counts[0].read += 1;
    release.counts[0].loaded += 1;
    Ok(())
}

/// What the texts of a row mean.
struct Read {
    host: String,
    cell: Cell,
    amount: i64,
    period: PayPeriod,
    day: NaiveDate,
}

impl Read {
    fn of(source: &Source, row: &Observation, today: NaiveDate) -> Result<Self, Fault> {
        let fault = |code, what: &str, text: &str| (code, format!("`{text}` is no {what}"));
        let needed = [("role", &row.role), ("site", &row.site)];
        if let Some((name, _)) = needed.into_iter().find(|(_, text)| text.is_empty()) {
            return Err((RejectCode::EmptyCell, format!("the cell of the {name} is empty")));
        }
        if PayMethod::parse(&row.method) != source.method {
            let method = source.method.map_or("", PayMethod::as_str);
            return Err((
                RejectCode::OtherMethod,
                format!("`{}` is not kept here: this source is {method}", row.method),
            ));
        }
        if codes::region_of_code(&row.place).is_none() {
            return Err(fault(RejectCode::UnknownRegion, "region we know", &row.place));
        }
        let page = url::Url::parse(&row.page).ok().filter(|page| ["http", "https"].contains(&page.scheme()));
        let host = page.as_ref().and_then(url::Url::host_str).map(|host| host.trim_start_matches("www."));
        if codes::currency(&row.currency).is_none() {
            return Err(fault(RejectCode::UnknownCurrency, "currency of ISO 4217", &row.currency));
        }
        let day = row.date.parse().map_err(|_| fault(RejectCode::UnreadableDate, "day", &row.date))?;
        if day > today {
            return Err((RejectCode::DateToCome, format!("`{day}` is after the day the figure is recorded")));
        }
        let cells = Cell::ALL.into_iter().filter(|cell| *cell != Cell::Employment);
        let cell = cells.into_iter().find(|cell| format!("{cell:?}").eq_ignore_ascii_case(&row.statistic));
        let number = unsigned(&row.amount, &row.currency)?;
        if may_be_thousands(number) {
            let words = format!(
                "`{number}` has three digits behind its point: write thousands with commas, decimals with two digits"
            );
            return Err((RejectCode::AmbiguousNumber, words));
        }
        let amount = scaled(number, 2).filter(|amount| *amount > 0);
        Ok(Self {
            host: host.ok_or_else(|| fault(RejectCode::NoPage, "address of a page", &row.page))?.to_owned(),
            cell: cell
                .ok_or_else(|| fault(RejectCode::UnknownStatistic, "statistic of pay", &row.statistic))?,
            amount: amount.ok_or_else(|| fault(RejectCode::UnreadableNumber, "amount", &row.amount))?,
            period: PayPeriod::parse(&row.period)
                .ok_or_else(|| fault(RejectCode::UnknownPeriod, "period of pay", &row.period))?,
            day,
        })
    }
}

fn release(part: &PartName, row: &Observation, (role, host, place, day): &Key) -> Release {
    let mut release = Release {
        dataset: format!("{role}/{host}/{place}"),
        label: day.to_string(),
        start: *day,
        end: *day,
        published: Some((*day, true)),
        bound_words: "or more".into(),
        parts: vec![part.clone()],
        origins: vec![entity::ArtifactOrigin::Reexport],
        counts: vec![Counts::default()],
        regions: vec![place.clone()],
        page: Some(Box::new(PageRole::called(&row.role))),
        ..Release::default()
    };
    (release.expect.max_fall_percent, release.expect.max_loss_percent) = (100, 100);
    // A row that cannot be read says nothing against the others: each is a figure of its own.
    release.expect.max_rejects_percent = 100;
    release
}

fn empty(source: &Source, number: u32, row: &Observation, period: PayPeriod) -> Band {
    let quote: Vec<&str> = row.quote.split_whitespace().take(QUOTED).collect();
    let mut band = Band::of_role(0, period, &row.currency, source.concept, number);
    let cited = if row.authority.is_empty() { &row.site } else { &row.authority };
    band.cited_authority = Some(cited.clone());
    band.locator = Some(format!("{}, read on {}: “{}”", row.page, row.date, quote.join(" ")));
    band
}
