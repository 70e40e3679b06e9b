//! `rolecast sources`: what is configured and what is loaded of it.

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use serde_json::Value;

use super::{check::Check, open, say};
use crate::config::Config;

/// The fields of `Source` that a list can show.
const DOCUMENT: &str = "{ sources { id key title publisher homepage method licence attribution schedule enabled \
    freshness nextRefreshAt lastError currentReleases { id dataset label edition publishedAt loadedAt status rowsRead \
    rowsLoaded rowsRejected rowsSkipped } } }";

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
        let cx = open::open(config, false).await?;
        let (_, schema) = open::store(&cx.db).await?;
        let response = schema.execute(DOCUMENT).await;
        if let Some(error) = response.errors.first() {
            bail!("cannot list the sources: {}", error.message);
        }
        let mut data = response.data.into_json().context("the list of sources")?;
        let sources = data.get_mut("sources").map(Value::take).unwrap_or_default();
        if self.json {
            say(format_args!("{sources:#}"));
        } else {
            table(sources.as_array().map_or(&[], Vec::as_slice));
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn table(sources: &[Value]) {
    let mut rows = vec![["KEY", "STATE", "RELEASES", "NEXT REFRESH", "TITLE"].map(str::to_owned)];
    rows.extend(sources.iter().map(row));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let [key, state, releases, next] = [width(0), width(1), width(2), width(3)];
    for [a, b, c, d, e] in &rows {
        say(format_args!("{a:key$}  {b:state$}  {c:releases$}  {d:next$}  {e}"));
    }
    for source in sources {
        if let Some(error) = source["lastError"].as_str() {
            say(format_args!("{}: {error}", text(&source["key"])));
        }
    }
}

fn row(source: &Value) -> [String; 5] {
    let releases: Vec<&str> = source["currentReleases"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|release| release["label"].as_str())
        .collect();
    let releases = match releases.as_slice() {
        [] => "-".to_owned(),
        [one] => (*one).to_owned(),
        many => format!("{} current", many.len()),
    };
    let next = source["nextRefreshAt"].as_str().unwrap_or("-").to_owned();
    [text(&source["key"]), text(&source["freshness"]), releases, next, text(&source["title"])]
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or("-").to_owned()
}
