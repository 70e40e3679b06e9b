//! Mends a definition with a mistake in it: what is wrong gives way to what stands there in a good definition, or is taken
//! out. What is mended is refused all the same; it is only read to find the other mistakes.

use std::ops::Range;

use toml::{
    Spanned,
    de::{DeArray, DeTable, DeValue, Error},
};

use super::places::{joined, within};

/// A definition with everything that has to be there, and nothing wrong.
const GOOD: &str = r"
key = 'good'
title = 'Good'
publisher = 'Nobody'
homepage = 'https://example.org'
licence = 'None'
attribution = 'Nobody'
stale_after_days = 1
urls = ['https://example.org/pay.csv']
vintage = { label = '.*', urls = ['https://example.org/pay.csv'] }
bounds = [{ from = 1, through = 1, hour = 1, year = 1, words = '' }]

[[layout]]
dataset = ''
rows = 'bands'
file = '(?<year>)(?<target>)(?<title>)(?<region>)'
reference = { label = '', start = '2000-01-01', end = '2000-12-31' }
classification = [{ is = 'SOC_2018' }]
codes = [{ is = '' }]
columns = {}
band = [{ currency = 'USD', cells = {} }]
regions = { code = [{ cell = '' }], kinds = [{ is = 'CITY' }] }
microdata = { plausible = [{ period = 'YEAR', least = 1, most = 2 }] }
figures = { measures = {} }
years = { base = 2000, target = 2010 }
skip = [{ rule = '' }]
total = { title = '', code = '' }
canary = [{ label = '', code = '', region = 'US', cells = {} }]
";

/// What serde says of a table that lacks a key.
const LACKS: &str = "missing field `";

/// Mends one mistake after the other.
#[derive(Debug, Default)]
pub(super) struct Mender {
    /// The paths of what was mended.
    pub mended: Vec<String>,
    /// Whether the last mistake follows from an earlier one, by which something was taken out.
    pub follows: bool,
}

/// A mistake to mend: where it is, and the key that is missing there.
struct Blame<'e> {
    span: Range<usize>,
    lacks: Option<&'e str>,
}

impl Mender {
    /// Mends what `error` blames. Returns false where that cannot be found.
    pub(super) fn mend(&mut self, table: &mut DeTable<'_>, error: &Error) -> bool {
        let lacks = error.message().trim().strip_prefix(LACKS).and_then(|rest| rest.split('`').next());
        let blame = Blame { span: error.span().unwrap_or_default(), lacks };
        let before = self.mended.len();
        self.follows = false;
        if let Ok(good) = DeTable::parse(GOOD) {
            let good = Some(good.get_ref());
            match lacks {
                // The whole of a definition has no place in its text.
                Some(key) if blame.span.is_empty() => self.put(key, table, good, &blame, key),
                _ => self.in_table("", table, good, &blame),
            }
        }
        self.mended.len() > before
    }

    /// Mends what is to blame in a table, deepest first.
    fn in_table<'i>(
        &mut self,
        path: &str,
        table: &mut DeTable<'i>,
        good: Option<&DeTable<'i>>,
        blame: &Blame<'_>,
    ) {
        let mut wrong = Vec::new();
        for (key, value) in table.iter_mut() {
            let (path, before) = (joined(path, key.get_ref()), self.mended.len());
            let own = good.and_then(|good| good.get(key.get_ref().as_ref()));
            let span = value.span();
            self.in_value(&path, &span, value.get_mut(), own.map(Spanned::get_ref), blame);
            let to_blame = key.span() == blame.span || span == blame.span;
            if to_blame && self.mended.len() == before {
                wrong.push(key.clone());
            }
        }
        for key in wrong {
            self.note(joined(path, key.get_ref()));
            let own = good.and_then(|good| good.get(key.get_ref().as_ref()));
            match own {
                Some(own) => {
                    table.insert(key, Spanned::new(blame.span.clone(), own.get_ref().clone()));
                }
                None => {
                    table.remove(key.get_ref().as_ref());
                }
            }
        }
    }

    fn in_value<'i>(
        &mut self,
        path: &str,
        span: &Range<usize>,
        value: &mut DeValue<'i>,
        good: Option<&DeValue<'i>>,
        blame: &Blame<'_>,
    ) {
        match value {
            DeValue::Table(table) => {
                let (before, good) = (self.mended.len(), good.and_then(DeValue::as_table));
                self.in_table(path, table, good, blame);
                if let Some(key) = blame.lacks
                    && *span == blame.span
                    && self.mended.len() == before
                {
                    self.put(&joined(path, key), table, good, blame, key);
                }
            }
            DeValue::Array(items) => {
                let good = good.and_then(DeValue::as_array).and_then(|good| good.first());
                let mut kept = DeArray::new();
                for (index, mut item) in std::mem::replace(items, DeArray::new()).into_iter().enumerate() {
                    let (path, before, span) =
                        (joined(path, &index.to_string()), self.mended.len(), item.span());
                    self.in_value(&path, &span, item.get_mut(), good.map(Spanned::get_ref), blame);
                    if span != blame.span || self.mended.len() > before {
                        kept.push(item);
                        continue;
                    }
                    self.note(path);
                    if let Some(good) = good {
                        kept.push(Spanned::new(span, good.get_ref().clone()));
                    }
                }
                *items = kept;
            }
            _ => {}
        }
    }

    /// Notes that `path` is mended. Where something in it was before, that may be all that was wrong.
    fn note(&mut self, path: String) {
        self.follows |= self.mended.iter().any(|inner| *inner != path && within(inner, &path));
        self.mended.push(path);
    }

    /// Puts a missing key into its table, where a good definition has it. It has no place in the text.
    fn put<'i>(
        &mut self,
        path: &str,
        table: &mut DeTable<'i>,
        good: Option<&DeTable<'i>>,
        blame: &Blame<'_>,
        key: &str,
    ) {
        if let Some(own) = good.and_then(|good| good.get(key)) {
            let end = blame.span.end..blame.span.end;
            let key = Spanned::new(end.clone(), key.to_owned().into());
            table.insert(key, Spanned::new(end, own.get_ref().clone()));
            self.mended.push(path.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::Source;

    #[test]
    fn nothing_is_wrong_with_the_good_definition() {
        assert!(toml::from_str::<Source>(GOOD).is_ok());
    }
}
