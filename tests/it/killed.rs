//! A process killed in the middle of its work, and the one that comes after it.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread::sleep,
    time::{Duration, Instant},
};

use axum::Router;
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::{app::App, made};

const NAME: &str = "state_M2022_dl_columns_cut.csv";

fn rolecast(world: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolecast"));
    command.env_clear().env("ROLECAST_DATA_DIR", world).env("ROLECAST_STARTER", "false").current_dir(world);
    command.stdin(Stdio::null());
    command
}

/// What is served, and from how many releases.
fn state(world: &Path) -> Value {
    let document = "{ sources { key currentReleases { dataset label edition status rowsRead rowsLoaded } }
        salaryBands(filter: {}, first: 500) { totalCount nodes { id median { amount } } } }";
    let output = rolecast(world).args(["query", document]).output().unwrap();
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

/// Rows of the table that is ingested here.
const ROWS: usize = 700 * made::STATES.len();

fn table() -> String {
    let codes = Path::new(env!("CARGO_MANIFEST_DIR")).join("jobs/codes/occupations.csv");
    let codes = fs::read_to_string(codes).unwrap();
    let soc = codes.lines().filter_map(|line| line.strip_prefix("SOC_2018,")?.split(',').next());
    let codes: Vec<String> = soc.take(700).map(ToOwned::to_owned).collect();
    made::states(&codes, &made::STATES)
}

#[test]
fn an_ingest_that_is_killed_leaves_nothing_and_is_done_again() {
    let undisturbed = TempDir::new().unwrap();
    let killed = TempDir::new().unwrap();
    for world in [&undisturbed, &killed] {
        fs::write(world.path().join(NAME), table()).unwrap();
    }
    let refresh = |world: &Path| {
        let mut command = rolecast(world);
        command.args(["refresh", "bls-oews", "--from", NAME]).stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let began = Instant::now();
    refresh(undisturbed.path()).status().unwrap();
    let whole = began.elapsed();
    let wanted = state(undisturbed.path());
    assert_eq!(wanted["data"]["salaryBands"]["totalCount"], ROWS);
    let empty = state(killed.path());
    for share in [3, 5, 7, 8] {
        let mut child = refresh(killed.path()).spawn().unwrap();
        sleep(whole * share / 10);
        child.kill().unwrap();
        child.wait().unwrap();
        let now = state(killed.path());
        assert!(now == empty || now["data"] == wanted["data"], "half a release is served: {now}");
    }
    refresh(killed.path()).status().unwrap();
    assert_eq!(state(killed.path()), wanted);
}

/// Leaves the first request without an answer, and answers every later one with `text`.
async fn publisher(text: String) -> String {
    let asked = Arc::new(AtomicUsize::new(0));
    let answer = move || {
        let (first, text) = (asked.fetch_add(1, Ordering::Relaxed) == 0, text.clone());
        async move {
            if first {
                std::future::pending::<()>().await;
            }
            ([("content-type", "text/csv")], text)
        }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    format!("http://{address}/{NAME}")
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "waits for missed heartbeats, half a minute: .ci/full runs it"]
async fn the_job_of_a_killed_worker_is_taken_over() {
    let url = publisher(table()).await;
    let world = TempDir::new().unwrap();
    let sources = world.path().join("sources");
    fs::create_dir(&sources).unwrap();
    let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("jobs/sources/bls-oews.toml");
    let definition = fs::read_to_string(built_in).unwrap();
    let urls = definition.lines().find(|line| line.starts_with("urls")).unwrap();
    let definition = definition.replace(urls, &format!("urls = [\"{url}\"]\nlocal = true"));
    let definition = definition.replace("[vintage]\n", &format!("[vintage]\nurls = [\"{url}\"]\n"));
    fs::write(sources.join("bls-oews.toml"), definition).unwrap();
    let command = |arguments: &[&str]| {
        let mut command = rolecast(world.path());
        command.env("ROLECAST_SOURCES_DIR", &sources).args(arguments).stdout(Stdio::null());
        command
    };
    let mut first = command(&["refresh", "bls-oews"]).spawn().unwrap();
    tokio::time::sleep(Duration::from_secs(8)).await;
    first.kill().unwrap();
    first.wait().unwrap();
    let mut second = command(&["worker"]).spawn().unwrap();
    let path = world.path().to_owned();
    let began = Instant::now();
    let total = loop {
        tokio::time::sleep(Duration::from_secs(2)).await;
        let at = path.clone();
        let found = tokio::task::spawn_blocking(move || state(&at)).await.unwrap();
        let total = found["data"]["salaryBands"]["totalCount"].as_i64().unwrap();
        if total > 0 || began.elapsed() > Duration::from_mins(3) {
            break total;
        }
    };
    second.kill().unwrap();
    second.wait().unwrap();
    assert_eq!(total, i64::try_from(ROWS).unwrap());
}

/// The world of the other tests is one process; this keeps the two ways of starting from drifting apart.
#[tokio::test]
async fn a_start_in_memory_and_one_on_disk_know_the_same_codes() {
    let world = TempDir::new().unwrap();
    let count = "{ occupations(classification: ESCO, first: 1) { totalCount } regions(first: 1) { totalCount } roles(first: 1) { totalCount } }";
    let output = rolecast(world.path()).args(["query", count]).output().unwrap();
    let disk: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(disk["data"], App::start().await.ask(count).await);
}
