//! A dBASE table.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| rolecast_fuzz::table(bytes));
