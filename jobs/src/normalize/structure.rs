//! Rows of a classification: its groups with their titles, and the pairs of a crosswalk.

use std::collections::{HashMap, HashSet};

use entity::{Classification, MappingRelation, OccupationLevel};

use super::{
    Fact, Normalizer, PrintedOccupation, RejectCode, Release,
    reader::Table,
    row::{Fault, classified, soc_level, text},
};
use crate::{decode::Row, definition::Field};

impl Normalizer<'_> {
    /// Reads a group of a classification, its parent and its other titles.
    pub(super) fn group(&mut self, table: &Table<'_>, row: &Row<'_>) -> Result<(), Fault> {
        let (rung, code) = match &table.columns {
            Some(columns) if !columns.steps.is_empty() => step(table, row, &columns.steps)?,
            _ => (0, text(table, row, Field::Code).to_owned()),
        };
        let printed = printed(table, &code, text(table, row, Field::Title))?;
        self.ladder.truncate(rung);
        let above = self.ladder.iter().rev().find(|code| !code.is_empty()).cloned();
        self.ladder.resize(rung, String::new());
        self.ladder.push(code);
        let named = Some(text(table, row, Field::Parent)).filter(|code| !code.is_empty());
        let parent = named.map(ToOwned::to_owned).or_else(|| parent(&printed)).or(above);
        let titles = other_titles(table, row, &printed.title);

        let release = self.release(&table.key);
        let index = release.occupation(printed);
        release.facts.push((index, Fact::Group { parent }));
        release.facts.extend(titles.into_iter().map(|title| (index, Fact::Title(title))));
        self.counts(&table.key).loaded += 1;
        Ok(())
    }

    /// Reads a pair of a crosswalk.
    pub(super) fn pair(&mut self, table: &Table<'_>, row: &Row<'_>) -> Result<(), Fault> {
        let from = printed(table, text(table, row, Field::Code), text(table, row, Field::Title))?;
        let code = text(table, row, Field::RelatedCode);
        let to = table.layout.to.ok_or_else(|| {
            (RejectCode::NoClassification, "the definition does not say what the codes map to".to_owned())
        })?;
        let to = of(to, code, text(table, row, Field::RelatedTitle))?;
        let part = || is_part(table, row, code).then_some(MappingRelation::Proxy);
        let relation = table.layout.relation.or_else(part);
        let release = self.release(&table.key);
        let (from, to) = (release.occupation(from), release.occupation(to));
        release.facts.push((from, Fact::Maps(to, relation)));
        self.counts(&table.key).loaded += 1;
        Ok(())
    }
}

/// Returns whether a crosswalk's comment lists a code among those that were given a part.
fn is_part(table: &Table<'_>, row: &Row<'_>, code: &str) -> bool {
    let comment = text(table, row, Field::Comment);
    let parts = table.layout.parts.as_ref().and_then(|parts| parts.regex().captures(comment)?.get(1));
    parts.is_some_and(|codes| {
        codes.as_str().split(|letter: char| !letter.is_alphanumeric()).any(|part| part == code)
    })
}

/// The first filled column of a staircase: how deep it is, and the code in it.
fn step(table: &Table<'_>, row: &Row<'_>, steps: &[usize]) -> Result<(usize, String), Fault> {
    let cells = steps.iter().map(|column| row.cells.get(*column).map_or("", |cell| cell.trim()));
    let mut filled = cells.enumerate().filter(|(_, cell)| !cell.is_empty() && *cell != table.layout.blank);
    let found = filled.next().map(|(rung, code)| (rung, code.to_owned()));
    found.ok_or_else(|| (RejectCode::EmptyCell, "none of the columns of codes is filled".to_owned()))
}

fn printed(table: &Table<'_>, code: &str, title: &str) -> Result<PrintedOccupation, Fault> {
    of(classified(table, code)?, code, title)
}

fn of(classification: Classification, code: &str, title: &str) -> Result<PrintedOccupation, Fault> {
    if !super::row::well_formed(classification, code) {
        return Err((
            RejectCode::MalformedCode,
            format!("`{code}` is not a code of {}", classification.as_str()),
        ));
    }
    let level = level(classification, code);
    Ok(PrintedOccupation { classification, code: code.to_owned(), title: clean(title), level })
}

/// The level a code tells by its digits. Sources: the manuals of SOC, UK SOC 2020, ISCO-08 and NOC 2021.
fn level(classification: Classification, code: &str) -> OccupationLevel {
    match (classification, code.len()) {
        (Classification::Esco, _) => OccupationLevel::Extended,
        (_, 1) => OccupationLevel::Major,
        (_, 2) => OccupationLevel::Minor,
        (_, 3) | (Classification::Noc2021, 4) => OccupationLevel::Broad,
        (_, 4 | 5) => OccupationLevel::Detailed,
        _ => soc_level(code),
    }
}

/// The parent that the code itself tells.
fn parent(printed: &PrintedOccupation) -> Option<String> {
    let code = &printed.code;
    match printed.classification {
        Classification::UkSoc2010
        | Classification::UkSoc2020
        | Classification::Isco08
        | Classification::Noc2021 => (code.len() > 1).then(|| code[..code.len() - 1].to_owned()),
        Classification::OnetSoc2019 => code
            .split_once('.')
            .map(|(soc, extension)| if extension == "00" { soc.to_owned() } else { format!("{soc}.00") }),
        _ => None,
    }
}

/// A title without footnote marks such as `(#)`, and with single blanks.
fn clean(title: &str) -> String {
    let words = title.split_whitespace().filter(|word| !word.trim_matches(['(', ')', '#']).is_empty());
    words.collect::<Vec<_>>().join(" ")
}

fn other_titles(table: &Table<'_>, row: &Row<'_>, own: &str) -> Vec<String> {
    let cell = text(table, row, Field::Text);
    let split = table.layout.split.as_deref().unwrap_or("\n");
    let titles = cell.split(split).map(clean).filter(|title| !title.is_empty() && title != own);
    titles.collect()
}

/// Tells the relation of pairs that were printed without one: one to one is the same, a code that is split is the
/// broader one of its pairs, codes that are merged are the narrower ones, and where both happens they are close. A part that
/// one code gave to another does not count, but what gave or took one is close to its counterpart, and no longer the same.
pub(super) fn relate(release: &mut Release) {
    let pairs = release.facts.iter().filter_map(|(from, fact)| match fact {
        Fact::Maps(to, None) => Some((*from, *to)),
        _ => None,
    });
    let parts = release.facts.iter().filter_map(|(from, fact)| match fact {
        Fact::Maps(to, Some(MappingRelation::Proxy)) => Some([*from, *to]),
        _ => None,
    });
    let changed: HashSet<usize> = parts.flatten().collect();
    let (mut targets, mut origins) = (HashMap::<usize, u32>::new(), HashMap::<usize, u32>::new());
    for (from, to) in pairs {
        *targets.entry(from).or_default() += 1;
        *origins.entry(to).or_default() += 1;
    }
    for (from, fact) in &mut release.facts {
        let Fact::Maps(to, relation @ None) = fact else { continue };
        let whole = release.occupations[*from].code.strip_suffix(".00");
        *relation = Some(match (targets[from] > 1, origins[to] > 1) {
            // O*NET-SOC writes the whole of a SOC occupation as its code and `.00`.
            _ if whole == Some(&release.occupations[*to].code) => MappingRelation::Exact,
            (false, false) if changed.contains(from) || changed.contains(to) => MappingRelation::Close,
            (false, false) => MappingRelation::Exact,
            (true, false) => MappingRelation::Narrower,
            (false, true) => MappingRelation::Broader,
            (true, true) => MappingRelation::Close,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_footnote_mark_is_no_part_of_a_title() {
        assert_eq!(clean("Surgeons  (#)"), "Surgeons");
        assert_eq!(clean("Fishing and\u{a0}Hunting Workers (##)"), "Fishing and Hunting Workers");
        assert_eq!(clean("Operators (CNC)"), "Operators (CNC)");
    }

    #[test]
    fn a_parent_is_told_by_the_code() {
        let parent = |classification, code| parent(&of(classification, code, "").unwrap());
        assert_eq!(parent(Classification::Noc2021, "00010").as_deref(), Some("0001"));
        assert_eq!(parent(Classification::Isco08, "1"), None);
        assert_eq!(parent(Classification::OnetSoc2019, "11-1011.03").as_deref(), Some("11-1011.00"));
        assert_eq!(parent(Classification::OnetSoc2019, "11-1011.00").as_deref(), Some("11-1011"));
        assert_eq!(parent(Classification::Soc2018, "11-1011"), None);
    }

    /// The relations of pairs of codes, some of which are stated.
    fn relations(pairs: &[(&str, &str, Option<MappingRelation>)]) -> Vec<MappingRelation> {
        let mut release = Release::default();
        for (from, to, relation) in pairs {
            let from = release.occupation(of(Classification::Soc2010, from, "").unwrap());
            let to = release.occupation(of(Classification::Soc2018, to, "").unwrap());
            release.facts.push((from, Fact::Maps(to, *relation)));
        }
        relate(&mut release);
        let told = release.facts.iter();
        told.filter_map(|(_, fact)| if let Fact::Maps(_, relation) = fact { *relation } else { None })
            .collect()
    }

    #[test]
    fn pairs_tell_their_relation() {
        use MappingRelation::{Broader, Close, Exact, Narrower, Proxy};
        let found = relations(&[
            ("11-1011", "11-1011", None),
            ("15-1132", "15-1252", None),
            ("15-1133", "15-1252", None),
            ("15-1134", "15-1254", None),
            ("15-1134", "15-1255", None),
        ]);
        assert_eq!(found, [Exact, Broader, Broader, Narrower, Narrower]);
        // The first gave the second a part, and both go on.
        let found = relations(&[
            ("11-2011", "11-2011", None),
            ("11-2011", "43-4051", Some(Proxy)),
            ("43-4051", "43-4051", None),
        ]);
        assert_eq!(found, [Close, Proxy, Close]);
    }
}
