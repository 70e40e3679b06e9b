//! Documents of clients, before anything is done with them.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| rolecast_fuzz::document(bytes));
