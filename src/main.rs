//! The program: reads the command line and does what it says.

use std::process::ExitCode;

use clap::Parser as _;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    rolecast::cli::run(rolecast::cli::Cli::parse()).await
}
