//! `rolecast query` and `rolecast schema`: the API without HTTP.

use std::{
    io::{self, Read as _},
    process::ExitCode,
};

use anyhow::Context as _;
use async_graphql::{Response, Variables};
use clap::Args;

use super::{open, say};
use crate::{config::Config, graphql, http::gate};

/// Run one GraphQL document.
#[derive(Debug, Args)]
pub(super) struct Query {
    /// The document; `-`, or nothing, reads it from standard input
    #[arg(value_name = "QUERY", default_value = "-", hide_default_value = true)]
    document: String,
    /// The variables, a JSON object
    #[arg(long, value_name = "JSON", default_value = "{}", hide_default_value = true)]
    variables: String,
}

impl Query {
    /// Prints the answer; fails when it has errors.
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<ExitCode> {
        let document = match self.document.as_str() {
            "-" => {
                io::read_to_string(io::stdin().take(gate::MAX_TEXT as u64 + 1)).context("standard input")?
            }
            text => text.to_owned(),
        };
        let variables = serde_json::from_str(&self.variables).context("--variables is not JSON")?;
        let variables = Variables::from_json(variables);
        let answer = async |cx| {
            let (_, schema) = open::store(&cx).await?;
            Ok(match gate::Limits::of(config).admit(&document, None, variables) {
                Ok(request) => schema.execute(request).await,
                Err(errors) => Response::from_errors(errors),
            })
        };
        let response = open::with(config, open::Need::Read, answer).await?;
        say(serde_json::to_string_pretty(&response)?);
        Ok(if response.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// Prints the schema.
pub(super) fn schema() -> ExitCode {
    say(graphql::sdl().trim_end());
    ExitCode::SUCCESS
}
