//! Log lines on standard error.

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;

/// Sends log lines that pass `filter` to standard error.
pub fn init(filter: &str) {
    // The settings have been checked; a filter that still fails says nothing rather than stops the program.
    let filter = EnvFilter::try_new(filter).unwrap_or_default();
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    // A second call, from a test in the same process, changes nothing.
    lines.with_ansi(io::stderr().is_terminal()).try_init().ok();
}
