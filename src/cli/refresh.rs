//! `rolecast refresh`: brings sources up to date, from their publishers or from a file.

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use anyhow::{Context as _, bail};
use clap::Args;
use entity::ReleaseStatus;
use indicatif::{ProgressBar, ProgressStyle};
use jobs::{
    pipeline::{self, IngestError, Input, Outcome, Report},
    publish, queue, replay,
    validate::Check,
};
use tokio::sync::watch;

use super::{complain, now, open, say};
use crate::{config::Config, graphql};

/// How often the progress bar moves.
const TICK: Duration = Duration::from_millis(120);

/// Bring sources up to date.
#[derive(Debug, Args)]
pub(super) struct Refresh {
    /// Keys of sources, as `rolecast sources` lists them; all that have something to fetch when left out
    #[arg(value_name = "SOURCE")]
    sources: Vec<String>,
    /// Read this file instead of fetching; needs one SOURCE
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Fetch this release of the past, such as "May 2019"; with --from, the release the file is where its name does not say
    #[arg(long, value_name = "LABEL")]
    release: Option<String>,
    /// Serve this release, held or withdrawn, after a look at it: source/dataset/label/edition, as `rolecast sources` prints it
    #[arg(long, value_name = "RELEASE", conflicts_with_all = ["sources", "from", "release"])]
    publish_held: Option<String>,
    /// Read the archived files of this release again, through a definition that was mended since
    #[arg(long, value_name = "RELEASE", conflicts_with_all = ["sources", "from", "release", "publish_held"])]
    replay: Option<String>,
    /// Take this release back; the one before it answers again
    #[arg(long, value_name = "RELEASE", conflicts_with_all = ["sources", "from", "release", "publish_held", "replay"])]
    withdraw: Option<String>,
}

impl Refresh {
    /// Succeeds when everything is published or unchanged. The last line has the sums.
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<ExitCode> {
        open::with(config, open::Need::Write, async |cx| self.bring(&cx).await).await
    }

    async fn bring(&self, cx: &pipeline::Context) -> anyhow::Result<ExitCode> {
        if let Some(key) = self.publish_held.as_deref().or(self.withdraw.as_deref()) {
            let decided = self.decide(cx, &release_key(key)).await;
            return Ok(end(&Report::default(), decided.inspect_err(complain).is_err()));
        }
        let results = match &self.from {
            _ if self.replay.is_some() => vec![self.again(cx).await],
            Some(file) => vec![self.read(cx, file).await],
            None if self.release.is_some() => vec![self.backfill(cx).await],
            None => self.fetch(cx).await.unwrap_or_else(|error| vec![Err(error)]),
        };
        Ok(tell(results))
    }

    /// Publishes a release that is held or was withdrawn, or withdraws one.
    async fn decide(&self, cx: &pipeline::Context, key: &str) -> anyhow::Result<()> {
        if self.withdraw.is_some() {
            let before = publish::withdraw(&cx.db, key).await?.release.status;
            let done = if before == ReleaseStatus::Withdrawn { "was withdrawn already" } else { "withdrawn" };
            say(format_args!("{key}: {done}"));
            return Ok(());
        }
        let published = replay::publish_held(cx, key, now()).await?;
        let checks: Vec<Check> = serde_json::from_str(&published.release.checks).unwrap_or_default();
        for check in checks.iter().filter(|check| !check.passed) {
            say(format_args!("check {} failed: {}", check.name, check.detail));
        }
        let newer = if published.release.is_current { "" } else { "; a newer release goes on answering" };
        say(format_args!("{key}: published by hand{newer}"));
        Ok(())
    }

    async fn again(&self, cx: &pipeline::Context) -> anyhow::Result<Report> {
        let key = release_key(self.replay.as_deref().unwrap_or_default());
        let bar = bar(&format!("{key}: reading again"));
        let report = replay::replay(cx, &key, now()).await;
        bar.finish_and_clear();
        report.with_context(|| key)
    }

    async fn read(&self, cx: &pipeline::Context, file: &Path) -> anyhow::Result<Report> {
        let input = Input::File { path: file.to_owned(), release: self.release.clone() };
        self.at_once(cx, &input, &format!("from {}", file.display())).await
    }

    async fn backfill(&self, cx: &pipeline::Context) -> anyhow::Result<Report> {
        let label = self.release.clone().unwrap_or_default();
        let what = format!("release {label}");
        self.at_once(cx, &Input::Vintage(label), &what).await
    }

    /// One source, without the queue.
    async fn at_once(&self, cx: &pipeline::Context, input: &Input, what: &str) -> anyhow::Result<Report> {
        let [source] = self.sources.as_slice() else { bail!("--from and --release need exactly one SOURCE") };
        let bar = bar(&format!("{source}: {what}"));
        let report = pipeline::ingest(cx, source, input, now()).await;
        bar.finish_and_clear();
        report.with_context(|| format!("{source}, {what}"))
    }

    async fn fetch(&self, cx: &pipeline::Context) -> anyhow::Result<Vec<anyhow::Result<Report>>> {
        let keys = self.keys(cx)?;
        if cx.offline {
            bail!("offline: give a file with --from FILE");
        }
        queue::setup(&cx.db).await.context("cannot prepare the queue")?;
        let mut tickets = Vec::new();
        for key in &keys {
            tickets.push((key, queue::request(&cx.db, key).await?));
        }
        let (stop, working) = work(cx);
        let mut results = Vec::new();
        for (done, (key, ticket)) in tickets.iter().enumerate() {
            let bar = bar(&format!("{key} ({} of {})", done + 1, keys.len()));
            let report = queue::follow(&cx.db, ticket).await;
            bar.finish_and_clear();
            results.push(report.with_context(|| (*key).clone()));
        }
        stop.send_replace(true);
        working.await??;
        Ok(results)
    }

    fn keys(&self, cx: &pipeline::Context) -> anyhow::Result<Vec<String>> {
        if self.sources.is_empty() {
            let fetched = cx.registry.sources().filter(|source| source.enabled && !source.urls.is_empty());
            let fetched = fetched.filter(|source| source.barred().is_none());
            return Ok(fetched.map(|source| source.key.clone()).collect());
        }
        match self.sources.iter().find(|key| cx.registry.get(key).is_none()) {
            Some(unknown) => Err(IngestError::UnknownSource(unknown.clone()).into()),
            None => Ok(self.sources.clone()),
        }
    }
}

/// The name of a release, from itself or from its id in the API.
fn release_key(name: &str) -> String {
    graphql::release_of_id(name).unwrap_or_else(|| name.to_owned())
}

/// Works beside whoever else does, so that a refresh ends without a running server. The schedule is left to others.
fn work(
    cx: &pipeline::Context,
) -> (watch::Sender<bool>, tokio::task::JoinHandle<Result<(), queue::QueueError>>) {
    let cx = pipeline::Context { scheduled: false, ..cx.clone() };
    let (stop, mut stopping) = watch::channel(false);
    let stopped = async move {
        stopping.wait_for(|stop| *stop).await.ok();
    };
    (stop, tokio::spawn(queue::run(cx, stopped)))
}

/// Prints what happened.
fn tell(results: Vec<anyhow::Result<Report>>) -> ExitCode {
    let mut sum = Report::default();
    let mut failed = false;
    for result in results {
        match result {
            Ok(report) => {
                failed |= report.outcome == Outcome::Held;
                note(&report);
                add(&mut sum, &report);
            }
            Err(error) => {
                failed = true;
                if let Some(IngestError::Files(several)) = error.downcast_ref() {
                    note(&several.others);
                    add(&mut sum, &several.others);
                }
                complain(&error);
            }
        }
    }
    end(&sum, failed)
}

fn add(sum: &mut Report, report: &Report) {
    sum.read += report.read;
    sum.loaded += report.loaded;
    sum.rejected += report.rejected;
    sum.skipped += report.skipped;
}

/// Prints the sums.
fn end(sum: &Report, failed: bool) -> ExitCode {
    let Report { read, loaded, rejected, skipped, .. } = sum;
    say(format_args!("read {read}, loaded {loaded}, rejected {rejected}, skipped {skipped}"));
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn note(report: &Report) {
    for line in &report.lines {
        say(line);
    }
    match report.outcome {
        Outcome::Held => {
            writeln!(io::stderr(), "error: the release is held; what was served before is still served").ok();
        }
        Outcome::Published => say("published"),
        Outcome::Unchanged => say("unchanged"),
    }
}

/// A sign of life on a terminal, nothing elsewhere.
fn bar(message: &str) -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {wide_msg} {elapsed}");
    let bar = ProgressBar::new_spinner().with_message(message.to_owned());
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.enable_steady_tick(TICK);
    bar
}
