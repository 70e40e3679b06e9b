//! The command line: what there is to say, and the code that goes with it.

use std::{
    env, fmt,
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use chrono::{DateTime, Utc};
use clap::{Args, Parser, Subcommand};

use crate::config::{self, Config, Flags};
use crate::telemetry;

mod check;
mod export;
mod open;
mod query;
mod refresh;
mod serve;
mod sources;
mod token;

/// What a job pays, where, and whether it is growing.
#[derive(Debug, Parser)]
#[command(name = "rolecast", version, about, infer_subcommands = false)]
pub struct Cli {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Option<Command>,
}

/// The flags every command takes.
#[derive(Debug, Args)]
struct Settings {
    /// Read settings from this file instead of rolecast.toml
    #[arg(long, global = true, value_name = "FILE", env = "ROLECAST_CONFIG")]
    config: Option<PathBuf>,
    /// Keep the database and the publishers' files here [default: ./data] [env: ROLECAST_DATA_DIR]
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<String>,
    /// Use this database [default: sqlite://DATA_DIR/rolecast.db?mode=rwc] [env: ROLECAST_DATABASE_URL]
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// Add the source definitions of this folder, or replace built-in ones of the same key [env: ROLECAST_SOURCES_DIR]
    #[arg(long = "sources", global = true, value_name = "DIR")]
    sources_dir: Option<String>,
    /// Never touch the network
    #[arg(long, global = true)]
    offline: bool,
    /// Do not load the figures that ship with Rolecast
    #[arg(long, global = true)]
    no_starter: bool,
}

/// What Rolecast can be told to do.
#[derive(Debug, Subcommand)]
enum Command {
    /// Answer queries over HTTP (what `rolecast` alone does)
    Serve(serve::Serve),
    /// Fetch, read and publish what the schedule and the queue ask for
    Worker,
    /// Bring sources up to date, and wait until they are
    Refresh(refresh::Refresh),
    /// List the sources, or check a definition
    Sources(sources::Sources),
    /// Run one GraphQL document here and print the answer
    Query(query::Query),
    /// Write loaded figures to a file
    Export(export::Export),
    /// Make, list and revoke tokens
    Token(token::Token),
    /// Print the schema
    Schema,
}

/// Does what the command line says. Mistakes go to standard error with all their causes.
pub async fn run(cli: Cli) -> ExitCode {
    match act(cli).await {
        Ok(code) => code,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

async fn act(cli: Cli) -> anyhow::Result<ExitCode> {
    let command = cli.command.unwrap_or(Command::Serve(serve::Serve::default()));
    let mut flags = cli.settings.flags();
    if let Command::Serve(serve) = &command {
        serve.add_to(&mut flags);
    }
    let variables = env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let config = config::read(cli.settings.config.as_deref(), variables, flags)?;
    telemetry::init(&config.log);
    dispatch(command, &config).await
}

async fn dispatch(command: Command, config: &Config) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(_) => serve::serve(config).await,
        Command::Worker => serve::worker(config).await,
        Command::Refresh(refresh) => refresh.run(config).await,
        Command::Sources(sources) => sources.run(config).await,
        Command::Query(query) => query.run(config).await,
        Command::Export(export) => export.run(config).await,
        Command::Token(token) => token.run(config).await,
        Command::Schema => Ok(query::schema()),
    }
}

impl Settings {
    fn flags(&self) -> Flags {
        let mut flags = Flags::new();
        if let Some(dir) = &self.data_dir {
            flags.insert("data_dir", dir.as_str().into());
        }
        if let Some(url) = &self.database_url {
            flags.insert("database_url", url.as_str().into());
        }
        if let Some(dir) = &self.sources_dir {
            flags.insert("sources_dir", dir.as_str().into());
        }
        if self.offline {
            flags.insert("offline", true.into());
        }
        if self.no_starter {
            flags.insert("starter", false.into());
        }
        flags
    }
}

/// Prints a line to standard output. A closed pipe is not worth a word.
fn say(line: impl fmt::Display) {
    writeln!(io::stdout(), "{line}").ok();
}

/// Prints an error and everything that led to it to standard error. A cause whose words stand in the line before is
/// not said twice.
fn complain(error: &anyhow::Error) {
    let mut said = error.to_string();
    let mut text = format!("error: {said}");
    for cause in error.chain().skip(1) {
        let cause = cause.to_string();
        if !said.contains(&cause) {
            text.push_str("\n  because: ");
            text.push_str(&cause);
        }
        said = cause;
    }
    writeln!(io::stderr(), "{text}").ok();
}

/// Returns the time: the one place where the command line looks at the clock.
#[expect(clippy::disallowed_methods, reason = "the command line is where the time comes in")]
fn now() -> DateTime<Utc> {
    Utc::now()
}
