//! An `.xls`.
#![no_main]

use rolecast_fuzz::{forgive_the_library, table};

libfuzzer_sys::fuzz_target!(init: forgive_the_library(), |bytes: &[u8]| table(bytes));
