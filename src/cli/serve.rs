//! `rolecast serve` and `rolecast worker`: the commands that stay.

use std::{process::ExitCode, sync::Arc, time::Duration};

use anyhow::Context as _;
use clap::Args;
use jobs::{pipeline, queue};
use sea_orm::DatabaseConnection;
use tokio::{net::TcpListener, signal, sync::watch as channel, task::JoinHandle, time};

use super::{now, open, say};
use crate::{
    access::keys,
    config::{Config, Flags},
    http,
    snapshot::{Snapshot, Store},
    watch,
};

/// How long open requests and running jobs have to end.
const PATIENCE: Duration = Duration::from_secs(10);
/// When workers that could not start are tried again.
const AGAIN: Duration = Duration::from_mins(1);

/// Answer queries over HTTP.
#[derive(Debug, Default, Args)]
pub(super) struct Serve {
    /// Listen on this address and port [default: 127.0.0.1:8080] [env: ROLECAST_LISTEN]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Leave fetching and publishing to `rolecast worker`
    #[arg(long)]
    no_workers: bool,
}

impl Serve {
    /// Adds these flags to those of all commands.
    pub(super) fn add_to(&self, flags: &mut Flags) {
        if let Some(listen) = &self.listen {
            flags.insert("listen", listen.as_str().into());
        }
        if self.no_workers {
            flags.insert("workers", false.into());
        }
    }
}

/// Serves until a signal says to stop.
pub(super) async fn serve(config: &Config) -> anyhow::Result<ExitCode> {
    let listener = TcpListener::bind(&config.listen)
        .await
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    let url = format!("http://{}", listener.local_addr()?);
    open::with(config, open::Need::Serve, async |cx| answer(config, listener, &url, cx).await).await
}

async fn answer(
    config: &Config,
    listener: TcpListener,
    url: &str,
    cx: pipeline::Context,
) -> anyhow::Result<ExitCode> {
    let (store, schema) = open::store(&cx).await?;
    greet(config, url, &store.current());

    let stop = stop_signal()?;
    open::tolerate(introduce(config, &cx.db).await, open::Need::Serve)?;
    let preparing = tokio::spawn(prepare(store.clone()));
    let looking = tokio::spawn(watch::watch(store, schema.events().clone()));
    let working = config.workers.then(|| work(cx, stop.clone()));
    let app = http::router(schema, config)?;
    tokio::select! {
        () = http::serve(listener, app, config.patience(), stopped(stop.clone())) => {}
        () = patience(stop) => tracing::warn!("some requests did not end in time"),
    }
    preparing.abort();
    looking.abort();
    finish(working).await;
    Ok(ExitCode::SUCCESS)
}

/// Works until a signal says to stop.
pub(super) async fn worker(config: &Config) -> anyhow::Result<ExitCode> {
    let work = async |cx| {
        say(format_args!("Rolecast {} works for {}", env!("CARGO_PKG_VERSION"), open::shown(config)));
        hint(config);
        queue::run(cx, stopped(stop_signal()?)).await.context("the workers failed")
    };
    open::with(config, open::Need::Write, work).await?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the first screen.
fn greet(config: &Config, url: &str, snapshot: &Snapshot) {
    let bands: usize = snapshot.frames().map(|frame| frame.len()).sum();
    let projections: usize = snapshot.frames().map(|frame| frame.projections().len()).sum();
    let releases = snapshot.catalog().releases().filter(|release| release.is_served()).count();
    say(format_args!("Rolecast {} on {url}", env!("CARGO_PKG_VERSION")));
    say(format_args!("  GraphiQL   {url}/graphiql"));
    say(format_args!("  loaded     {bands} pay bands and {projections} projections of {releases} releases"));
    say(format_args!("  database   {}", open::shown(config)));
    hint(config);
}

fn hint(config: &Config) {
    if config.offline {
        say("  offline    the network stays untouched");
    } else if config.contact().is_none() {
        say(
            "  no contact nothing is fetched on schedule until ROLECAST_CONTACT, or `contact` in rolecast.toml, names your e-mail address",
        );
    }
}

/// Makes the administrator's token where none is configured and none was ever made, and shows it, once.
async fn introduce(config: &Config, db: &DatabaseConnection) -> anyhow::Result<()> {
    if config.admin_token.is_empty()
        && let Some(token) = keys::first(db, now()).await.context("cannot make the admin token")?
    {
        say(format_args!(
            "  admin      {}  shown this once: /admin/jobs and mutations ask for it",
            token.reveal()
        ));
    }
    Ok(())
}

/// Makes ready what the first request about titles would wait for.
async fn prepare(store: Arc<Store>) {
    if let Err(error) = store.prepare(&store.current()).await {
        tracing::warn!(error = &error as &dyn std::error::Error, "cannot read titles");
    }
}

/// Starts the workers beside the server, again while they cannot start. Queries are answered even then.
fn work(cx: pipeline::Context, stop: channel::Receiver<bool>) -> JoinHandle<()> {
    tokio::spawn(async move {
        while let Err(error) = queue::run(cx.clone(), stopped(stop.clone())).await {
            tracing::error!(error = &error as &dyn std::error::Error, wait = ?AGAIN, "the workers cannot start");
            if time::timeout(AGAIN, stopped(stop.clone())).await.is_ok() {
                return;
            }
        }
    })
}

async fn finish(working: Option<JoinHandle<()>>) {
    if let Some(working) = working {
        time::timeout(PATIENCE, working).await.ok();
    }
}

/// Becomes true at the first SIGINT or SIGTERM.
fn stop_signal() -> anyhow::Result<channel::Receiver<bool>> {
    let (stop, stopping) = channel::channel(false);
    let mut terminate = signal::unix::signal(signal::unix::SignalKind::terminate())?;
    let mut interrupt = signal::unix::signal(signal::unix::SignalKind::interrupt())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        stop.send_replace(true);
        // Held for as long as anybody waits.
        stop.closed().await;
    });
    Ok(stopping)
}

async fn stopped(mut stop: channel::Receiver<bool>) {
    stop.wait_for(|stop| *stop).await.ok();
}

async fn patience(stop: channel::Receiver<bool>) {
    stopped(stop).await;
    time::sleep(PATIENCE).await;
}
