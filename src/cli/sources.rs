//! `rolecast sources`: what is configured and what is loaded of it.

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use jobs::pipeline;
use serde_json::Value;

use super::{check::Check, open, say};
use crate::config::Config;

mod table;

/// The fields of `Source` that a list can show.
const DOCUMENT: &str = "{ sources { id key title publisher homepage method licence attribution schedule enabled \
    freshness notFresh nextRefreshAt notScheduled lastError currentReleases { ...row } releases(first: 100) { totalCount nodes { ...row } } } } \
    fragment row on Release { id dataset label edition publishedAt loadedAt status isCurrent rowsRead rowsLoaded \
    rowsRejected rowsSkipped checks { name passed detail } }";

/// List the sources.
#[derive(Debug, Args)]
pub(super) struct Sources {
    /// Print JSON, with the names of the API's `Source`
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Say what is wrong with a source definition, and what it makes of a file
    Check(Check),
}

impl Sources {
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<ExitCode> {
        if let Some(Action::Check(check)) = &self.action {
            return check.run();
        }
        open::with(config, open::Need::Read, async |cx| self.list(&cx).await).await
    }

    async fn list(&self, cx: &pipeline::Context) -> anyhow::Result<ExitCode> {
        let (_, schema) = open::store(cx).await?;
        let response = schema.execute(DOCUMENT).await;
        if let Some(error) = response.errors.first() {
            bail!("cannot list the sources: {}", error.message);
        }
        let mut data = response.data.into_json().context("the list of sources")?;
        let mut sources = data.get_mut("sources").map(Value::take).unwrap_or_default();
        table::name(&mut sources);
        if self.json {
            say(format_args!("{sources:#}"));
        } else {
            for line in table::lines(sources.as_array().map_or(&[], Vec::as_slice)) {
                say(line);
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
