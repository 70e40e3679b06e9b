//! Where the parts of a definition stand in its text, by their paths: `layout.0.band.1.currency`.

use std::collections::HashMap;

use toml::de::{DeTable, DeValue};

/// Where the parts of a definition stand, and which of them were mended.
#[derive(Debug, Default)]
pub(super) struct Places {
    starts: HashMap<String, usize>,
    mended: Vec<String>,
}

impl Places {
    pub(super) fn of(table: &DeTable<'_>, mended: Vec<String>) -> Self {
        let mut places = Self { starts: HashMap::new(), mended };
        places.table("", 0, table);
        places
    }

    /// What a layout takes from another one above it has no place but the layout's own.
    fn table(&mut self, path: &str, start: usize, table: &DeTable<'_>) {
        for (key, value) in table {
            self.value(&joined(path, key.get_ref()), key.span().start.max(start), value.get_ref());
        }
    }

    fn value(&mut self, path: &str, start: usize, value: &DeValue<'_>) {
        match value {
            DeValue::Table(table) => self.table(path, start, table),
            DeValue::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let at = item.span().start.max(start);
                    self.value(&joined(path, &index.to_string()), at, item.get_ref());
                }
            }
            _ => {}
        }
        self.starts.insert(path.to_owned(), start);
    }

    /// Returns where `path` begins, or else what it would stand in.
    pub(super) fn start(&self, path: &str) -> usize {
        let mut path = path;
        loop {
            if let Some(start) = self.starts.get(path) {
                return *start;
            }
            let Some((outer, _)) = path.rsplit_once('.') else { return 0 };
            path = outer;
        }
    }

    /// Returns whether something in `path` was mended, or what it stands in: what is found there may not be its author's.
    pub(super) fn is_mended(&self, path: &str) -> bool {
        self.mended.iter().any(|mended| within(mended, path) || within(path, mended))
    }
}

/// Returns the path of `key` in `path`.
pub(super) fn joined(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// Returns whether `path` is `outer`, or in it.
pub(super) fn within(path: &str, outer: &str) -> bool {
    path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
