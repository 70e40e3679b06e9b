//! A layout that takes from another one what both share: `like = "national"` takes from the layout `name = "national"`
//! every key that it does not have itself.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::read::Fault;

/// Fills every layout that says what it is like.
pub(super) fn fill(table: &mut DeTable<'_>, faults: &mut Vec<Fault>) {
    let Some(layouts) = table.get_mut("layout").and_then(|layouts| match layouts.get_mut() {
        DeValue::Array(layouts) => Some(layouts),
        _ => None,
    }) else {
        return;
    };
    let mut named: BTreeMap<String, DeTable<'_>> = BTreeMap::new();
    for layout in layouts.iter_mut() {
        let DeValue::Table(layout) = layout.get_mut() else { continue };
        if let Some((like, at)) = word(layout, "like") {
            match named.get(&like) {
                Some(other) => take(layout, other),
                None => faults.push(Fault { at, words: format!("no layout above is named `{like}`") }),
            }
        }
        if let Some((name, at)) = word(layout, "name") {
            if named.contains_key(&name) {
                faults.push(Fault { at, words: format!("a layout above is named `{name}` too") });
            }
            named.insert(name, layout.clone());
        }
    }
}

fn word(layout: &DeTable<'_>, key: &str) -> Option<(String, usize)> {
    let value = layout.get(key)?;
    Some((value.get_ref().as_str()?.to_owned(), value.span().start))
}

fn take<'i>(layout: &mut DeTable<'i>, other: &DeTable<'i>) {
    for (key, value) in other.iter().filter(|(key, _)| !["name", "like"].contains(&key.get_ref().as_ref())) {
        if !layout.contains_key(key.get_ref().as_ref()) {
            layout.insert(key.clone(), value.clone());
        }
    }
}
