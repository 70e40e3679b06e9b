//! Opens the release that a table, or a row of one, belongs to.

use std::collections::VecDeque;

use chrono::NaiveDate;

use super::{
    Normalizer, Table,
    place::{is_at, path},
};
use crate::{
    decode::{Part, Row},
    definition::{Field, Layout, Rows},
    normalize::{
        Counts, PartName, Release,
        columns::{Period, year},
        row,
    },
};

impl<'a> Normalizer<'a> {
    pub(super) fn open(&mut self, part: &Part) -> Option<Table<'a>> {
        let path = path(&self.file, &part.member);
        let (layout, mut period) = self.source.layout.iter().find_map(|layout| {
            let period =
                is_at(layout, &part.sheet).then(|| Period::from_name(layout, &path, self.label)).flatten()?;
            Some((layout, period))
        })?;
        period.names.insert("retrieved", self.made.retrieved.to_string());
        let key = (period.fill(&layout.dataset), period.fill(&layout.reference.label));
        let told_by_rows = layout.rows == Rows::Series || layout.by_year();
        let nameless = [Some(&key.0), Some(&key.1).filter(|_| !told_by_rows)];
        if let Some(text) = nameless.into_iter().flatten().find(|text| text.contains('{')) {
            self.nameless = Some(text.clone());
            return None;
        }
        if self.is_undated(layout, &path, &key.1) {
            self.undated = Some(key.1);
            return None;
        }
        self.ladder.clear();
        // A table of several years opens a release with the first row of each.
        let later = layout.by_year() || layout.rows == Rows::Messages;
        let number = if later { 0 } else { self.enlist(layout, &period, &key, part) };
        Some(Table {
            part: part.clone(),
            layout,
            period,
            key,
            above: VecDeque::new(),
            columns: None,
            shortest: None,
            number,
            begins: String::new(),
        })
    }

    /// Makes room in the release of `key` for one more part.
    fn enlist(&mut self, layout: &Layout, period: &Period, key: &(String, String), part: &Part) -> i16 {
        let artifact = self.artifact;
        let published = self.published(layout, period, &key.1);
        let released = published.map_or(self.made.retrieved, |(day, _)| day).to_string();
        let day = |text: &str| day(period, text, &released);
        let bound = self.source.bound(period.year).map_or("or more", |bound| &bound.words).to_owned();
        let release = self.releases.entry(key.clone()).or_insert_with(|| Release {
            dataset: key.0.clone(),
            label: key.1.clone(),
            start: day(&layout.reference.start),
            end: day(&layout.reference.end),
            published,
            bound_words: bound,
            expect: layout.expect.clone(),
            ..Release::default()
        });
        release.asked.extend(layout.asked());
        for canary in &layout.canary {
            if !release.canaries.iter().any(|(known, _)| known == canary) {
                release.canaries.push((canary.clone(), layout.unit));
            }
        }
        while release.counts.len() <= artifact {
            release.counts.push(Counts::default());
            release.origins.push(layout.origin);
        }
        release.origins[artifact] = layout.origin;
        release.parts.push(PartName { artifact, member: part.member.clone(), sheet: part.sheet.clone() });
        i16::try_from(release.parts.len() - 1).unwrap_or(i16::MAX)
    }

    /// The day the calendar has, which is not that of a revised file, else the day the file says, which is an estimate.
    fn published(&self, layout: &Layout, period: &Period, label: &str) -> Option<(NaiveDate, bool)> {
        let first = !period.names.contains_key("revised");
        let known = self.source.calendar.get(label).filter(|_| first).map(|day| (*day, false));
        known.or_else(|| {
            let said = self.made.said?;
            let ended = day(period, &layout.reference.end, &said.to_string());
            self.made.after(ended).map(|day| (day, true))
        })
    }

    /// Whether a release is ordered by the day it came out, and neither the calendar nor the file knows it: a person gave
    /// its name.
    fn is_undated(&self, layout: &Layout, path: &str, label: &str) -> bool {
        let reference = &layout.reference;
        let by_day = [&reference.start, &reference.end].iter().any(|text| text.contains("{released}"));
        let named = |period: Period| period.names.contains_key("release");
        by_day
            && reference.label.contains("{release}")
            && !self.source.calendar.contains_key(label)
            && !Period::from_name(layout, path, None).is_some_and(named)
    }

    /// Turns `table` to the release of the year that `row` is of.
    pub(super) fn turn(&mut self, table: &mut Table<'a>, row: &Row<'_>) -> Result<(), String> {
        let printed = row::text(table, row, Field::Year);
        let year = year(printed).ok_or_else(|| format!("`{printed}` is not a year"))?;
        if table.period.year != year || table.key.1.contains('{') {
            table.period = Period::of_year(year);
            table.key.1 = table.period.fill(&table.layout.reference.label);
            let known = self.releases.get(&table.key).and_then(|release| {
                let artifact = self.artifact;
                let mut parts = release.parts.iter();
                parts.position(|part| part.artifact == artifact && part.sheet == table.part.sheet)
            });
            table.number = match known {
                Some(number) => i16::try_from(number).unwrap_or(i16::MAX),
                None => self.enlist(table.layout, &table.period, &table.key, &table.part),
            };
        }
        Ok(())
    }
}

/// Fills a day of a definition's reference period.
fn day(period: &Period, text: &str, released: &str) -> NaiveDate {
    period.fill(text).replace("{released}", released).parse().unwrap_or_default()
}
