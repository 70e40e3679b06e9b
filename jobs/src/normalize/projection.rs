//! One row of a projection or requirement table.

use entity::FigureKind;

use super::{
    Normalizer, Projection, Requirement, Subject,
    number::scaled,
    reader::Table,
    row::{Fault, occupation, region, text},
};
use crate::{
    decode::Row,
    definition::{Field, Mark, Rows},
};

/// The rule for a row whose figures an earlier table of the release gave.
const SEEN: &str = "same-row-in-other-table";

impl Normalizer<'_> {
    /// Adds what the row says that no earlier table said.
    pub(super) fn projection(&mut self, table: &Table<'_>, row: &Row<'_>) -> Result<(), Fault> {
        let printed = occupation(table, row)?;
        let region = region(table, row)?;
        let outlook =
            if table.layout.rows == Rows::Projections { Some(self.outlook(table, row)?) } else { None };
        let words =
            [Field::Education, Field::Experience, Field::Training].map(|field| self.words(table, row, field));
        let position = table.position(row);

        let release = self.release(&table.key);
        let subject = Subject::Occupation(release.occupation(printed));
        let region = release.region(&region);
        let mut new = false;
        if let Some(mut outlook) = outlook {
            (outlook.subject, outlook.region) = (subject, region);
            match release
                .projections
                .iter_mut()
                .find(|known| known.subject == subject && known.region == region)
            {
                Some(known) if known.counts[3].is_none() && outlook.counts[3].is_some() => {
                    known.counts[3] = outlook.counts[3];
                    known.marks = (known.marks & !(7 << 9)) | (outlook.marks & (7 << 9));
                    new = true;
                }
                Some(_) => {}
                None => {
                    release.projections.push(outlook);
                    new = true;
                }
            }
        }
        if words.iter().any(Option::is_some)
            && !release.requirements.iter().any(|known| known.subject == subject)
        {
            let [education, experience, training] = words;
            release.requirements.push(Requirement { subject, education, experience, training, position });
            new = true;
        }
        let counts = self.counts(&table.key);
        if new {
            counts.loaded += 1;
        } else {
            counts.skip(SEEN);
        }
        Ok(())
    }

    fn outlook(&self, table: &Table<'_>, row: &Row<'_>) -> Result<Projection, Fault> {
        let fields = [Field::BaseEmployment, Field::TargetEmployment, Field::Change, Field::Openings];
        let mut counts = [None; 4];
        let mut marks = 0;
        for (index, field) in fields.into_iter().enumerate() {
            let (count, kind) = self.count(table, text(table, row, field))?;
            counts[index] = count;
            marks |= kind.bits() << (index * 3);
        }
        let percent = text(table, row, Field::ChangePercent);
        let change_percent = if percent.is_empty() || self.source.marks.contains_key(percent) {
            None
        } else {
            let read = scaled(percent, 3).and_then(|percent| i32::try_from(percent).ok());
            Some(read.ok_or_else(|| ("unreadable-number", format!("`{percent}` is not a percentage")))?)
        };
        let target = table.period.names.get("target").and_then(|yy| yy.parse::<i16>().ok());
        Ok(Projection {
            subject: Subject::Role,
            region: 0,
            base_year: i16::try_from(table.period.year).unwrap_or_default(),
            target_year: target.map_or(0, |yy| 2000 + yy),
            counts,
            marks: i32::try_from(marks).unwrap_or_default(),
            change_percent,
            published_category: None,
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
