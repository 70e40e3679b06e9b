//! What a table says of an occupation beside figures: titles, duties, skills, preparation, neighbours.

use entity::{MappingRelation, SkillKind};

use super::{
    Normalizer, Position, PrintedOccupation, RejectCode,
    number::scaled,
    reader::Table,
    row::{Fault, occupation, text},
};
use crate::{
    decode::Row,
    definition::{Field, Rows},
};

/// One thing said of an occupation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The occupation itself.
    Listed,
    /// Another title.
    Title(String),
    /// What people do.
    Duty(String),
    /// A skill, with its scales in thousandths.
    Skill {
        /// Its name.
        name: String,
        /// What sort of skill it is.
        kind: SkillKind,
        /// Importance, 1 to 5.
        importance: Option<i32>,
        /// Level, 0 to 7.
        level: Option<i32>,
    },
    /// Preparation, from 1 (little) to 5 (extensive), as the release counts.
    JobZone(i32, Position),
    /// Another occupation, by index, and how it is related.
    Related(usize, String),
    /// The occupation is an official group, and this is the code of the group around it.
    Group {
        /// The code.
        parent: Option<String>,
    },
    /// The occupation of another classification, by index, that this one maps to, seen from this one; the relation is
    /// known once all pairs are.
    Maps(usize, Option<MappingRelation>),
}

impl Normalizer<'_> {
    /// Reads a row that says something of an occupation.
    pub(super) fn fact(&mut self, table: &Table<'_>, row: &Row<'_>) -> Result<(), Fault> {
        let printed = occupation(table, row)?;
        if text(table, row, Field::Suppress) == "Y" {
            self.counts(&table.key).skip("recommend-suppress");
            return Ok(());
        }
        let said = text(table, row, Field::Text).to_owned();
        let need = |said: String| {
            if said.is_empty() {
                Err((RejectCode::EmptyCell, "the cell that should name it is empty".to_owned()))
            } else {
                Ok(said)
            }
        };
        let classification = printed.classification;
        let release = self.release(&table.key);
        let index = release.occupation(printed);
        let fact = match table.layout.rows {
            Rows::Titles => Fact::Title(need(said)?),
            Rows::Duties => Fact::Duty(need(said)?),
            Rows::Technology => {
                Fact::Skill { name: need(said)?, kind: SkillKind::Technology, importance: None, level: None }
            }
            Rows::Skills | Rows::Knowledge => {
                let kind =
                    if table.layout.rows == Rows::Skills { SkillKind::Skill } else { SkillKind::Knowledge };
                skill(need(said)?, kind, text(table, row, Field::Scale), text(table, row, Field::Value))?
            }
            Rows::JobZones => Fact::JobZone(zone(text(table, row, Field::Value))?, table.position(row)),
            Rows::Related => {
                let code = need(text(table, row, Field::RelatedCode).to_owned())?;
                let level = super::row::soc_level(&code);
                let other = PrintedOccupation { classification, title: code.clone(), code, level };
                Fact::Related(release.occupation(other), text(table, row, Field::Tier).to_owned())
            }
            _ => Fact::Listed,
        };
        add(&mut release.facts, index, fact);
        self.counts(&table.key).loaded += 1;
        Ok(())
    }
}

/// Adds a fact; the second scale of a skill joins the first.
fn add(facts: &mut Vec<(usize, Fact)>, index: usize, fact: Fact) {
    if let Fact::Skill { name, kind: SkillKind::Skill | SkillKind::Knowledge, importance, level } = &fact
        && let Some((last, Fact::Skill { name: known, importance: old_importance, level: old_level, .. })) =
            facts.last_mut()
        && *last == index
        && known == name
    {
        *old_importance = old_importance.or(*importance);
        *old_level = old_level.or(*level);
        return;
    }
    facts.push((index, fact));
}

fn skill(name: String, kind: SkillKind, scale: &str, value: &str) -> Result<Fact, Fault> {
    let read = scaled(value, 3).and_then(|value| i32::try_from(value).ok());
    let read =
        read.ok_or_else(|| (RejectCode::UnreadableNumber, format!("`{value}` is no value of a scale")))?;
    let (importance, level) = match scale {
        "IM" => (Some(read), None),
        "LV" => (None, Some(read)),
        other => {
            return Err((
                RejectCode::UnknownScale,
                format!("`{other}` is neither importance (IM) nor level (LV)"),
            ));
        }
    };
    Ok(Fact::Skill { name, kind, importance, level })
}

fn zone(value: &str) -> Result<i32, Fault> {
    let zone = value.parse().ok().filter(|zone| (1..=5).contains(zone));
    zone.ok_or_else(|| (RejectCode::UnknownJobZone, format!("`{value}` is no job zone from 1 to 5")))
}
