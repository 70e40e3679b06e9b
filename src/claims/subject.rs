//! Whose figure a sentence states.

use std::sync::{Arc, LazyLock};

use jobs::page::pattern;
use regex::Regex;
use sea_orm::DbErr;

use crate::{
    matching::{Names, abstains, words},
    reader::Reader,
    snapshot::RoleEntry,
};

/// Words of the longest name of a role that is looked for.
const LONGEST: usize = 7;

/// The least confidence in a title that is not a role's own name, and in one of a single word.
const CLEAR: f64 = 0.6;
const CLEARER: f64 = 0.75;
/// Letters of the shortest single word that is looked at.
const SHORTEST: usize = 5;

/// An amount that goes on to say that it is everybody's: $49,500 a year for all occupations, $49,500 median for all workers.
static OF_ALL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:[A-Z]{3} )?\S*\d(?:[.,]\d+)*(?: [\w/]+){0,5}? (?:for|of|across) all (?:U\.?S\.? )?(?:occupations|workers|jobs)\b",
    )
});

/// Words before an amount that make it everybody's, where no role is named behind them.
static EVERYBODY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:all (?:U\.?S\.? )?(?:occupations|workers|jobs)|the national (?:median|average|mean)|the (?:median|average|typical) (?:worker|job))\b",
    )
});

/// Words right before an amount that name whose it is.
static SOMEBODY: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?:and|while) for (?:[\w.'’-]+ ){1,6}$"));

/// Finds roles in sentences.
pub(super) struct Subjects<'a> {
    reader: &'a Reader,
    names: &'a Names,
    /// The role of the text's heading.
    heading: Option<Arc<RoleEntry>>,
}

/// A role that a sentence names, and the byte it is named at.
struct Mention {
    start: usize,
    role: Arc<RoleEntry>,
}

impl<'a> Subjects<'a> {
    pub(super) async fn new(reader: &'a Reader, heading: &str) -> Result<Self, DbErr> {
        let mut subjects = Self { reader, names: reader.names().await?, heading: None };
        if !heading.is_empty() {
            let named = subjects.mentions(heading).await?.into_iter().next().map(|mention| mention.role);
            subjects.heading = if named.is_some() { named } else { subjects.matched(heading, 0.0).await? };
        }
        Ok(subjects)
    }

    /// Returns the role that the amount at a byte of a sentence is about. One that is said to be that of all occupations, or of
    /// somebody nobody knows, is about none.
    pub(super) async fn of_amount(
        &self,
        sentence: &str,
        start: usize,
    ) -> Result<Option<Arc<RoleEntry>>, DbErr> {
        let Some((text, rest)) = sentence.split_at_checked(start) else { return Ok(None) };
        let others = [&EVERYBODY, &SOMEBODY].into_iter().filter_map(|words| words.find_iter(text).last());
        let other = others.map(|words| words.start()).max();
        let is_named = |mention: &Mention| other.is_none_or(|at| (at..start).contains(&mention.start));
        let is_other = other.is_some() && !self.mentions(sentence).await?.iter().any(is_named);
        if is_other || OF_ALL.is_match(rest) { Ok(None) } else { self.of(sentence, start).await }
    }

    /// Returns the role that the figure at a byte of a sentence is about: that named last before it, else that named first,
    /// else that of the heading.
    pub(super) async fn of(&self, sentence: &str, start: usize) -> Result<Option<Arc<RoleEntry>>, DbErr> {
        let mentions = self.mentions(sentence).await?;
        let before = mentions.iter().rev().find(|mention| mention.start < start);
        let named = before.or(mentions.first()).map(|mention| mention.role.clone());
        Ok(named.or_else(|| self.heading.clone()))
    }

    /// Returns the roles that a sentence names, in order. Of names that overlap the longest counts.
    async fn mentions(&self, sentence: &str) -> Result<Vec<Mention>, DbErr> {
        let words = placed(sentence);
        let mut taken = vec![false; words.len()];
        let mut found = Vec::new();
        for length in (1..=LONGEST.min(words.len())).rev() {
            for first in 0..=words.len() - length {
                if taken[first..first + length].contains(&true) {
                    continue;
                }
                let part: Vec<&str> =
                    words[first..first + length].iter().map(|(_, word)| word.as_str()).collect();
                if let Some(role) = self.named(&part).await? {
                    taken[first..first + length].fill(true);
                    found.push(Mention { start: words[first].0, role });
                }
            }
        }
        found.sort_by_key(|mention| mention.start);
        Ok(found)
    }

    /// Returns the role that bears a name: as its own or a curated one, else, where it has several words, as a title that is
    /// clearly that of one role.
    async fn named(&self, words: &[&str]) -> Result<Option<Arc<RoleEntry>>, DbErr> {
        let name = words.join(" ");
        let Some((rank, own)) = self.names.exact(&name) else { return Ok(None) };
        let role = self.reader.catalog().role_of_rank(rank);
        match role.filter(|role| own || role.row.curated) {
            Some(role) => Ok(Some(role.clone())),
            None if words.len() > 1 => self.matched(&name, CLEAR).await,
            None if name.len() >= SHORTEST => self.matched(&name, CLEARER).await,
            None => Ok(None),
        }
    }

    async fn matched(&self, title: &str, least: f64) -> Result<Option<Arc<RoleEntry>>, DbErr> {
        let found = self.reader.index().await?.find(title, "", 2);
        let confidences: Vec<f64> = found.iter().map(|found| found.confidence).collect();
        let best = found.first().filter(|best| best.confidence >= least && abstains(&confidences).is_none());
        Ok(best.and_then(|best| self.reader.catalog().role_of_rank(best.role)).cloned())
    }
}

/// The words of a sentence, each with the byte it begins at.
fn placed(sentence: &str) -> Vec<(usize, String)> {
    let from = sentence.as_ptr() as usize;
    let tokens = sentence.split_whitespace();
    tokens
        .flat_map(|token| words(token).into_iter().map(move |word| (token.as_ptr() as usize - from, word)))
        .collect()
}
