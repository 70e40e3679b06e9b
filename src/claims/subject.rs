//! Whose figure a sentence states.

use std::sync::Arc;

use sea_orm::DbErr;

use crate::{
    matching::{Names, abstains, words},
    reader::Reader,
    snapshot::{Catalog, RoleEntry},
};

/// Words of the longest name of a role that is looked for.
const LONGEST: usize = 7;

/// Finds roles in sentences.
pub(super) struct Subjects<'a> {
    catalog: &'a Catalog,
    names: &'a Names,
    /// The role of the text's heading.
    heading: Option<Arc<RoleEntry>>,
}

impl<'a> Subjects<'a> {
    pub(super) async fn new(reader: &'a Reader, heading: &str) -> Result<Self, DbErr> {
        let catalog = reader.catalog();
        let mut subjects = Self { catalog, names: reader.names().await?, heading: None };
        subjects.heading = subjects.named(heading);
        if subjects.heading.is_none() && !heading.is_empty() {
            let found = reader.index().await?.find(heading, "", 2);
            let confidences: Vec<f64> = found.iter().map(|found| found.confidence).collect();
            let best = found.first().filter(|_| abstains(&confidences).is_none());
            subjects.heading = best.and_then(|best| catalog.role_of_rank(best.role)).cloned();
        }
        Ok(subjects)
    }

    /// Returns the role a sentence names, else that of the heading.
    pub(super) fn of(&self, sentence: &str) -> Option<Arc<RoleEntry>> {
        self.named(sentence).or_else(|| self.heading.clone())
    }

    /// Returns the role whose own title, or one of whose curated names, has most words in a sentence.
    fn named(&self, sentence: &str) -> Option<Arc<RoleEntry>> {
        let words = words(sentence);
        let lengths = (1..=LONGEST.min(words.len())).rev();
        let mut parts = lengths.flat_map(|length| words.windows(length));
        parts.find_map(|part| {
            let (rank, own) = self.names.exact(&part.join(" "))?;
            let role = self.catalog.role_of_rank(rank)?;
            (own || role.row.curated).then(|| role.clone())
        })
    }
}
