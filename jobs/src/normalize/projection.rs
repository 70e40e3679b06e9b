//! One row of a projection or requirement table.

use entity::{Count, CountMarks, FigureKind};

use super::{
    Normalizer, Projection, RejectCode, Release, Requirement, Subject,
    number::plain,
    reader::Table,
    row::{Fault, occupation, region, text},
};
use crate::{
    decode::Row,
    definition::{Field, Mark, Rows},
};

/// The rule for a row about a year that is neither the first nor the last.
const BETWEEN: &str = "year-between";

/// First and last year of a projection.
type Span = (i16, i16);

/// The rule for a row whose figures an earlier table of the release gave, each of them the same.
const SEEN: &str = "same-row-in-other-table";

impl Release {
    /// Adds a projection, or what it says beyond the one before it of the same occupation and place. Returns whether
    /// that is anything, and a fault where the two differ in a figure.
    pub(super) fn project(&mut self, row: Projection) -> Result<bool, Fault> {
        let place = (row.subject, row.region);
        let Some(&known) = self.projected.get(&place) else {
            self.projected.insert(place, self.projections.len());
            self.projections.push(row);
            return Ok(true);
        };
        let known = &mut self.projections[known];
        if let Some(message) = known.differs(&row) {
            return Err((RejectCode::FiguresDiffer, message));
        }
        let mut new = false;
        for (count, stands) in Count::ALL.into_iter().zip(row.counts) {
            let place = &mut known.counts[count as usize];
            if place.is_none() && stands.is_some() {
                *place = stands;
                known.marks = known.marks.with(count, row.marks.get(count));
                new = true;
            }
        }
        if known.change_percent.is_none() && row.change_percent.is_some() {
            known.change_percent = row.change_percent;
            new = true;
        }
        Ok(new)
    }

    /// Adds what entry asks for, unless that is known. Returns whether it was not.
    pub(super) fn require(&mut self, row: Requirement) -> bool {
        let new = self.required.insert(row.subject);
        if new {
            self.requirements.push(row);
        }
        new
    }
}

impl Projection {
    /// The first figure that both print and that is not the same in both, in words.
    fn differs(&self, other: &Self) -> Option<String> {
        let counts = Count::ALL.into_iter().map(|count| {
            let place = count as usize;
            (Field::of_count(count), 0, self.counts[place], other.counts[place])
        });
        let percent = [self.change_percent, other.change_percent].map(|percent| percent.map(i64::from));
        let percent = (Field::ChangePercent, 3, percent[0], percent[1]);
        counts.chain([percent]).find_map(|(field, digits, known, new)| {
            let (known, new) = known.zip(new).filter(|(known, new)| known != new)?;
            let (known, new) = (plain(known, digits), plain(new, digits));
            let row = self.position.row;
            Some(format!("{field} is {new} here and {known} in row {row}, of the same occupation and place"))
        })
    }
}

impl Normalizer<'_> {
    /// Adds what the row says that no earlier table said.
    pub(super) fn projection(&mut self, table: &Table<'_>, row: &Row<'_>) -> Result<(), Fault> {
        let printed = occupation(table, row)?;
        let region = region(table, row)?;
        let outlook = if table.layout.rows == Rows::Projections {
            let span = span(table, row)?;
            if between(table, row, span) {
                self.counts(&table.key).skip(BETWEEN);
                return Ok(());
            }
            Some(self.outlook(table, row, span)?)
        } else {
            None
        };
        let words =
            [Field::Education, Field::Experience, Field::Training].map(|field| self.words(table, row, field));
        let position = table.position(row);

        let release = self.release(&table.key);
        let subject = Subject::Occupation(release.occupation(printed));
        let region = release.region(&region);
        let mut new = false;
        if let Some(outlook) = outlook {
            new = release.project(Projection { subject, region, ..outlook })?;
        }
        if words.iter().any(Option::is_some) {
            let [education, experience, training] = words;
            new |= release.require(Requirement { subject, education, experience, training, position });
        }
        let counts = self.counts(&table.key);
        if new {
            counts.loaded += 1;
        } else {
            counts.skip(SEEN);
        }
        Ok(())
    }

    fn outlook(&self, table: &Table<'_>, row: &Row<'_>, span: Span) -> Result<Projection, Fault> {
        let mut printed = Count::ALL.map(|count| text(table, row, Field::of_count(count)));
        // A table with one row for each year prints one level in each.
        match year(table, row, Field::Year) {
            Some(year) if year == span.0 => printed[0] = text(table, row, Field::Value),
            Some(_) => printed[1] = text(table, row, Field::Value),
            None => {}
        }
        let mut counts = [None; Count::ALL.len()];
        let mut marks = CountMarks::default();
        for (count, printed) in Count::ALL.into_iter().zip(printed) {
            let (stands, kind) = match count {
                Count::Change => self.change(table, printed)?,
                _ => self.count(table, printed)?,
            };
            counts[count as usize] = stands;
            marks = marks.with(count, kind);
        }
        let percent = text(table, row, Field::ChangePercent);
        let change_percent =
            if percent.is_empty() || self.source.marks.contains_key(percent) {
                None
            } else {
                let read = table.numbers().scaled(percent, 3).and_then(|percent| i32::try_from(percent).ok());
                Some(read.ok_or_else(|| {
                    (RejectCode::UnreadableNumber, format!("`{percent}` is not a percentage"))
                })?)
            };
        Ok(Projection {
            subject: Subject::Role,
            region: 0,
            base_year: span.0,
            target_year: span.1,
            counts,
            marks,
            change_percent,
            published_category: self.words(table, row, Field::Category),
            cited_authority: None,
            locator: None,
            position: table.position(row),
        })
    }

    fn words(&self, table: &Table<'_>, row: &Row<'_>, field: Field) -> Option<String> {
        let printed = text(table, row, field);
        let missing = self
            .source
            .marks
            .get(printed)
            .is_some_and(|mark| mark.kind(false) == Some(FigureKind::NotPublished));
        let zero = self.source.marks.get(printed) == Some(&Mark::Zero);
        (!printed.is_empty() && !missing && !zero).then(|| printed.to_owned())
    }
}

fn year(table: &Table<'_>, row: &Row<'_>, field: Field) -> Option<i16> {
    text(table, row, field).parse().ok()
}

/// The years of a row: its own, which must be those of its release.
fn span(table: &Table<'_>, row: &Row<'_>) -> Result<Span, Fault> {
    let target = table.period.names.get("target").and_then(|target| target.parse::<i16>().ok());
    let named = target.map(|year| {
        (i16::try_from(table.period.year).unwrap_or_default(), if year < 100 { 2000 + year } else { year })
    });
    let release = table.layout.years.map(|years| (years.base, years.target)).or(named);
    let own = year(table, row, Field::BaseYear).zip(year(table, row, Field::TargetYear));
    match (own, release) {
        (Some(own), Some(release)) if own != release => Err((
            RejectCode::OtherPeriod,
            format!("the row is about {}–{}, its release about {}–{}", own.0, own.1, release.0, release.1),
        )),
        (own, release) => {
            let unknown =
                || (RejectCode::NoPeriod, "neither the row nor its release says its years".to_owned());
            own.or(release).ok_or_else(unknown)
        }
    }
}

fn between(table: &Table<'_>, row: &Row<'_>, span: Span) -> bool {
    year(table, row, Field::Year).is_some_and(|year| year != span.0 && year != span.1)
}
