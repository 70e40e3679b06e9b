//! Career pages, and pages of the Outlook Handbook.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| rolecast_fuzz::page(bytes));
