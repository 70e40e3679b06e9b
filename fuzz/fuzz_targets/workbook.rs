//! The sheet of an `.xlsx`, in a workbook that is whole otherwise.
#![no_main]

use rolecast_fuzz::{forgive_the_library, sheet};

libfuzzer_sys::fuzz_target!(init: forgive_the_library(), |bytes: &[u8]| sheet(bytes));
