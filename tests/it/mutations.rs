//! Good input with changes made at random, the same in every run: whatever comes of it, nothing panics and no decoder
//! gives more than its limits allow. `fuzz/run` looks for the rest, led by coverage.

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use crate::reads;

/// Changed inputs of each target.
const ROUNDS: usize = 1_500;
/// Longest seed, in bytes, so that a round is short.
const LONGEST: usize = 16 << 10;

/// A multiplicative congruential generator. Source: P. L'Ecuyer, Tables of linear congruential generators (1999).
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_181_783_497_276_652_981).wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % most.max(1)
    }

    /// Part of some bytes.
    fn part<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let start = self.below(bytes.len());
        &bytes[start..(start + self.below(64)).min(bytes.len())]
    }
}

/// What readers stumble over.
const WORDS: [&[u8]; 24] = [
    b"\0",
    b"\xFF",
    b"\xEF\xBB\xBF",
    b"\r",
    b"\"",
    b"'",
    b"\\",
    b"1e999",
    b"-1",
    b"99999999999999999999",
    b"NaN",
    b"[[[[[[[[",
    b"{\"a\":",
    b"]}",
    b"<b><i>",
    b"</",
    b"<!--",
    b"&#x110000;",
    b"PK\x03\x04",
    b",,,,,,,,",
    b"#",
    b"...f @skip(if: $a)",
    b"\"\"\"",
    b"\xE2\x80\xAE",
];

fn changed(seed: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=random.below(4) {
        let place = random.below(bytes.len());
        match random.below(6) {
            0 if !bytes.is_empty() => bytes[place] ^= 1 << random.below(8),
            1 => bytes.truncate(place),
            2 => {
                let end = (place + random.below(64)).min(bytes.len());
                bytes.drain(place.min(end)..end);
            }
            3 => {
                let again = random.part(&bytes).repeat(1 + random.below(20));
                bytes.splice(place..place, again);
            }
            4 => {
                let strange = random.part(other).to_vec();
                bytes.splice(place..place, strange);
            }
            _ => {
                bytes.splice(place..place, WORDS[random.below(WORDS.len())].iter().copied());
            }
        }
    }
    bytes
}

/// Runs `read` on the seeds of a target, changed; fails with the round that panicked.
fn each(target: &str, read: impl Fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let seeds: Vec<Vec<u8>> = files.iter().map(|file| fs::read(file).unwrap()).collect();
    let seeds: Vec<&[u8]> = seeds.iter().map(|seed| &seed[..seed.len().min(LONGEST)]).collect();
    assert!(!seeds.is_empty(), "{target}");
    let mut random = Random(1);
    for round in 0..ROUNDS {
        let seed = seeds[round % seeds.len()];
        let bytes = changed(seed, seeds[random.below(seeds.len())], &mut random);
        let ended = catch_unwind(AssertUnwindSafe(|| read(&bytes)));
        assert!(ended.is_ok(), "{target}, round {round}: {:?}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn tables_changed_at_random_are_read_or_refused() {
    for target in ["text", "archive", "old_workbook", "dbase", "json", "json_stat", "sdmx"] {
        each(target, reads::table);
    }
    each("workbook", reads::sheet);
}

#[test]
fn pages_changed_at_random_are_read_or_refused() {
    each("page", reads::page);
}

#[test]
fn definitions_changed_at_random_are_taken_whole_or_refused_whole() {
    each("definition", reads::definition);
}

#[test]
fn documents_changed_at_random_are_weighed_or_refused() {
    each("gate", reads::document);
}
