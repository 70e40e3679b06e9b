//! Log lines on standard error, and on the board of jobs.

use std::io::{self, IsTerminal};

use jobs::queue;
use tracing_subscriber::{EnvFilter, fmt, prelude::*};

/// Sends log lines that pass `filter` to standard error and to whoever looks at the board.
pub fn init(filter: &str) {
    // The settings have been checked; a filter that still fails says nothing rather than stops the program.
    let filter = EnvFilter::try_new(filter).unwrap_or_default();
    let lines = fmt::layer().with_writer(io::stderr).with_ansi(io::stderr().is_terminal());
    // A board that nobody reads is no fault to log.
    let board = queue::board_log().layer().log_internal_errors(false);
    // A second call, from a test in the same process, changes nothing.
    tracing_subscriber::registry().with(filter).with(lines).with(board).try_init().ok();
}
