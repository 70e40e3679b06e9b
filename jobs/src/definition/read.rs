//! From the text of a definition to a [`Source`], with every mistake named at its line.
//!
//! Each key is read alone in a definition that is otherwise good, so that one mistake does not hide the next.

use serde::Deserialize;
use toml::{
    Spanned,
    de::{DeArray, DeTable, DeValue, Deserializer, Error},
};

use super::{Layout, Source, check, like};

/// The smallest good source.
const SOURCE: &str = "key = ''\ntitle = ''\npublisher = ''\nhomepage = ''\nlicence = ''\nattribution = ''\nstale_after_days = 1";

/// The smallest good layout.
const LAYOUT: &str =
    "dataset = ''\nrows = 'skip'\nfile = ''\nreference = { label = '', start = '', end = '' }\ncolumns = {}";

/// Tables whose entries do not depend on each other.
const LISTS: [&str; 4] = ["calendar", "columns", "marks", "sheets"];

/// Reads the definition `text`; `name` is the file's.
///
/// # Errors
///
/// Every mistake, each as `file:line: what is wrong`, in the order of the lines.
pub fn read(name: &str, text: &str) -> Result<Source, Vec<String>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut faults: Vec<Fault> = errors.iter().map(Fault::of).collect();
    let source = if faults.is_empty() { understand(table, &mut faults) } else { None };
    match source {
        Some(source) if faults.is_empty() => Ok(source),
        _ => Err(told(name, text, faults)),
    }
}

fn understand(table: Spanned<DeTable<'_>>, faults: &mut Vec<Fault>) -> Option<Source> {
    let span = table.span();
    let mut table = table.into_inner();
    let places = Places::of(&table);
    each_key::<Source>(SOURCE, &table, faults);
    for layout in layouts(&table) {
        each_key::<Layout>(LAYOUT, layout, faults);
    }
    like::fill(&mut table, faults);
    match Source::deserialize(Deserializer::from(Spanned::new(span, table))) {
        Ok(source) => {
            check::check(&source, &places, faults);
            Some(source)
        }
        Err(error) => {
            let fault = Fault::of(&error);
            // Where a key is faulty the whole fails with it, and is not to be blamed twice.
            if faults.is_empty() || fault.words.starts_with("missing field") {
                faults.push(fault);
            }
            None
        }
    }
}

/// The tables of `layout`.
pub(super) fn layouts<'t, 'i>(table: &'t DeTable<'i>) -> impl Iterator<Item = &'t DeTable<'i>> {
    let layouts = table.get("layout").and_then(|layouts| layouts.get_ref().as_array());
    layouts.into_iter().flat_map(|layouts| layouts.iter()).filter_map(|layout| layout.get_ref().as_table())
}

/// Reads every key of `table` alone in `good`.
fn each_key<'i, T: Deserialize<'i>>(good: &'static str, table: &DeTable<'i>, faults: &mut Vec<Fault>) {
    let Ok(good) = DeTable::parse(good) else { return };
    for (key, value) in table.iter().filter(|(key, _)| key.get_ref() != "layout") {
        for part in parts(key.get_ref(), value) {
            let mut tried = good.get_ref().clone();
            tried.remove(key.get_ref().as_ref());
            tried.insert(key.clone(), part);
            if let Err(error) = T::deserialize(Deserializer::from(Spanned::new(0..0, tried))) {
                faults.push(Fault::of(&error));
            }
        }
    }
}

/// What can be read alone in a value.
fn parts<'i>(key: &str, value: &Spanned<DeValue<'i>>) -> Vec<Spanned<DeValue<'i>>> {
    let alone = |part: DeValue<'i>| Spanned::new(value.span(), part);
    match value.get_ref() {
        DeValue::Array(items) if items.iter().any(|item| item.get_ref().is_table()) => {
            let one = |item: &Spanned<DeValue<'i>>| {
                let mut array = DeArray::new();
                array.push(item.clone());
                alone(DeValue::Array(array))
            };
            items.iter().map(one).collect()
        }
        DeValue::Table(entries) if LISTS.contains(&key) => {
            let one = |(key, item): (&Spanned<_>, &Spanned<DeValue<'i>>)| {
                let mut table = DeTable::new();
                table.insert(key.clone(), item.clone());
                alone(DeValue::Table(table))
            };
            entries.iter().map(one).collect()
        }
        _ => vec![value.clone()],
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

/// Where the keys of a definition stand in its text.
#[derive(Debug, Default)]
pub(super) struct Places {
    keys: Keys,
    layouts: Vec<(usize, Keys)>,
}

/// Keys, and where each begins.
type Keys = Vec<(String, usize)>;

impl Places {
    fn of(table: &DeTable<'_>) -> Self {
        let starts = table.get("layout").and_then(|layouts| layouts.get_ref().as_array());
        let starts = starts.into_iter().flat_map(|layouts| layouts.iter()).map(|layout| layout.span().start);
        Self { keys: keys(table), layouts: starts.zip(layouts(table).map(keys)).collect() }
    }

    /// Returns where `key` of the source stands.
    pub(super) fn key(&self, key: &str) -> usize {
        find(&self.keys, key).unwrap_or_default()
    }

    /// Returns where `key` of a layout stands, or the layout itself where it has none of its own.
    pub(super) fn layout(&self, index: usize, key: &str) -> usize {
        self.layouts.get(index).map_or(0, |(at, keys)| find(keys, key).unwrap_or(*at))
    }
}

fn keys(table: &DeTable<'_>) -> Keys {
    table.iter().map(|(key, _)| (key.get_ref().to_string(), key.span().start)).collect()
}

fn find(keys: &Keys, key: &str) -> Option<usize> {
    keys.iter().find(|(known, _)| known == key).map(|(_, at)| *at)
}
