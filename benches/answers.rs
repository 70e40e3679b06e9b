//! Answers in one process, without HTTP: one role with three bands (A), fifty roles in five regions with projections (B), and
//! a search sorted by median (C), each against writing the same finished answer as JSON, which is the least any server does.
//!
//! `cargo bench --bench answers`; the figures are the starter's.

#![expect(clippy::print_stdout, reason = "a bench prints")]

use std::time::{Duration, Instant};

use async_graphql::Variables;
use chrono::{DateTime, Utc};
use jobs::{codes, definition::Registry, starter};
use migration::{Migrator, MigratorTrait};
use rolecast::{graphql::Schema, http::gate, snapshot::Store};
use sea_orm::{ConnectOptions, Database};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Rounds, of which the fastest counts, and how long one lasts.
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_millis(400);

const POINTS: &str =
    "p10 { amount kind } p25 { amount kind } median { amount kind } p75 { amount kind } p90 { amount kind }";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let schema = schema().await;
    println!("{:<34} {:>9} {:>10} {:>10} {:>7}", "question", "bytes", "answer us", "json us", "ratio");
    for (name, document) in questions() {
        let answer = run(&schema, &document).await;
        let text = serde_json::to_string(&answer).unwrap();
        assert!(answer.errors.is_empty() && text.len() > 300, "{name}: {text}");
        let (mut ours, mut json) = (f64::MAX, f64::MAX);
        for _ in 0..ROUNDS {
            ours = ours
                .min(each(async || serde_json::to_vec(&run(&schema, &document).await).unwrap().len()).await);
            json = json.min(each(async || serde_json::to_vec(&answer).unwrap().len()).await);
        }
        println!("{name:<34} {:>9} {ours:>10.1} {json:>10.1} {:>7.1}", text.len(), ours / json);
    }
}

/// Microseconds of one run, over one round.
async fn each(work: impl AsyncFn() -> usize) -> f64 {
    let (began, mut times, mut bytes) = (Instant::now(), 0_u32, 0);
    while began.elapsed() < ROUND {
        bytes += work().await;
        times += 1;
    }
    assert!(bytes > 0);
    began.elapsed().as_secs_f64() * 1e6 / f64::from(times)
}

async fn run(schema: &Schema, document: &str) -> async_graphql::Response {
    let request = gate::admit(document, None, Variables::default()).unwrap();
    schema.execute(request).await
}

async fn schema() -> Schema {
    let mut options = ConnectOptions::new("sqlite::memory:");
    options.max_connections(1).sqlx_logging(false);
    let db = Database::connect(options).await.unwrap();
    Migrator::up(&db, None).await.unwrap();
    codes::load(&db).await.unwrap();
    starter::load(&db, &Registry::built_in().unwrap(), DateTime::UNIX_EPOCH).await.unwrap();
    Schema::new(Store::open(db).await.unwrap(), now)
}

fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}

fn questions() -> Vec<(&'static str, String)> {
    let regions = ["US", "US-CA", "US-NY", "US-TX", "US-WA"];
    let cells: Vec<String> = regions
        .iter()
        .enumerate()
        .map(|(place, region)| format!("r{place}: salary(region: \"{region}\") {{ region {{ code }} median {{ amount }} p90 {{ amount kind }} }}"))
        .collect();
    let cells = cells.join(" ");
    vec![
        (
            "A one role, three bands",
            format!("{{ role(by: {{ slug: \"registered-nurses\" }}) {{ slug title salaryBands(first: 3) {{ nodes {{ {POINTS} region {{ code name }} }} }} }} }}"),
        ),
        (
            "B fifty roles, five regions",
            format!("{{ roles(first: 50) {{ nodes {{ slug title {cells} growth {{ changePercent annualOpenings {{ count }} }} }} }} }}"),
        ),
        (
            "C sorted by median, guarded",
            "{ salaryBands(filter: { regions: [\"US-CA\"], minEmployment: 1000 }, orderBy: { field: MEDIAN, direction: DESC }, first: 20) { totalCount nodes { occupation { code title } region { code } median { amount } } } }".to_owned(),
        ),
        (
            "  B with fallback",
            format!(
                "{{ roles(first: 50) {{ nodes {{ slug title {} growth(fallback: [PARENT_REGION, BROADER_OCCUPATION]) {{ changePercent annualOpenings {{ count }} }} }} }} }}",
                cells.replace("\")", "\", fallback: [PARENT_REGION, BROADER_OCCUPATION])")
            ),
        ),
    ]
}
