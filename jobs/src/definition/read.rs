//! From the text of a definition to a [`Source`], with every mistake named at its line.
//!
//! What a mistake stands in is mended, and the whole is read again, so that one mistake does not hide the next.

use serde::Deserialize;
use toml::{
    Spanned,
    de::{DeTable, Deserializer, Error},
};

use super::{Source, check, like, mend::Mender, places::Places};

/// Reads the definition `text`; `name` is the file's.
///
/// # Errors
///
/// Every mistake, each as `file:line: what is wrong`, in the order of the lines.
pub fn read(name: &str, text: &str) -> Result<Source, Vec<String>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut faults: Vec<Fault> = errors.iter().map(Fault::of).collect();
    let source = if faults.is_empty() { understand(table.into_inner(), &mut faults) } else { None };
    match source {
        Some(source) if faults.is_empty() => Ok(source),
        _ => Err(told(name, text, faults)),
    }
}

/// Returns the source, mended where it has mistakes.
fn understand(mut table: DeTable<'_>, faults: &mut Vec<Fault>) -> Option<Source> {
    like::fill(&mut table, faults);
    let mut mender = Mender::default();
    loop {
        match Source::deserialize(Deserializer::from(Spanned::new(0..0, table.clone()))) {
            Ok(source) => {
                let places = Places::of(&table, mender.mended);
                check::check(&source, &places, faults);
                return Some(source);
            }
            Err(error) => {
                let fault = Fault::of(&error);
                let again = faults.last() == Some(&fault);
                let found = mender.mend(&mut table, &error);
                if !mender.follows {
                    faults.push(fault);
                }
                if again || !found {
                    return None;
                }
            }
        }
    }
}

/// A mistake, and where in the text it begins.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fault {
    /// Bytes from the beginning.
    pub at: usize,
    /// What is wrong.
    pub words: String,
}

impl Fault {
    fn of(error: &Error) -> Self {
        Self { at: error.span().map_or(0, |span| span.start), words: error.message().trim().to_owned() }
    }
}

fn told(name: &str, text: &str, mut faults: Vec<Fault>) -> Vec<String> {
    faults.sort();
    let line = |at: usize| text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
    let words = |fault: &Fault| fault.words.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut lines: Vec<String> =
        faults.iter().map(|fault| format!("{name}:{}: {}", line(fault.at), words(fault))).collect();
    lines.dedup();
    lines
}
