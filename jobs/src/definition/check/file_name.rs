//! Whether some layout knows a file by the name that its definition gives it.

use regex_automata::{
    Anchored, Input,
    hybrid::dfa::{Cache, DFA},
};

use super::{Fit, access::every};
use crate::definition::{Address, Layout, Reader, Source, has_table};

/// Returns the addresses whose files no layout can match. A file that the definition gives no name may get one with the answer.
pub(super) fn unknown(source: &Source) -> Vec<Fit> {
    if source.reader != Reader::Tables || source.layout.is_empty() {
        return Vec::new();
    }
    let told = every(source).filter_map(|(path, address)| {
        let names: Vec<String> = names(source, address);
        let unknown = |name: &String| !source.layout.iter().any(|layout| may_match(layout, name));
        let name = names.last().filter(|_| names.iter().all(unknown))?;
        let words = format!(
            "no layout is of a file called `{name}`: mend the file of one, or the name of this one (as)"
        );
        let layouts = (0..source.layout.len()).map(|index| format!("layout.{index}.file"));
        Some(layouts.fold(Fit::at(path, words), |fit, path| fit.and(&path)))
    });
    told.collect()
}

/// What the definition calls the file of an address; nothing where it does not say.
fn names(source: &Source, address: &Address) -> Vec<String> {
    let posted = source.access.body.as_ref().map(|_| format!("{}.json", source.key));
    let name = |address: &Address| address.name.clone().or_else(|| posted.clone());
    let Some(own) = name(address) else { return Vec::new() };
    let mut names = vec![own];
    if let Some(vintage) = source.vintage.as_ref().filter(|_| names[0].contains('{')) {
        let filled =
            source.calendar.keys().filter_map(|label| vintage.fill(std::slice::from_ref(address), label));
        names = filled.flatten().filter_map(|address| name(&address)).collect();
    }
    if names.iter().any(|name| name.contains('{') || !has_table(name)) {
        return Vec::new();
    }
    // Several pages come in an archive.
    names.extend(
        source.paging.iter().filter(|_| address.name.is_none()).map(|_| format!("{}.zip", source.key)),
    );
    names
}

/// Whether a layout is of the file called `name`, or of a member of it.
fn may_match(layout: &Layout, name: &str) -> bool {
    layout.file.is_match(name)
        || name.to_lowercase().ends_with(".zip") && may_begin(layout, &format!("{name}/"))
}

/// Whether some text that begins with `head` is matched by the file pattern of `layout`.
fn may_begin(layout: &Layout, head: &str) -> bool {
    let walk = || {
        let automaton = DFA::new(layout.file().as_str()).ok()?;
        let mut cache = Cache::new(&automaton);
        let start = Input::new(head).anchored(Anchored::Yes);
        let mut state = automaton.start_state_forward(&mut cache, &start).ok()?;
        for byte in head.bytes() {
            state = automaton.next_state(&mut cache, state, byte).ok()?;
        }
        Some(!state.is_dead())
    };
    // What the automaton cannot tell is not held against the definition.
    walk().unwrap_or(true)
}
