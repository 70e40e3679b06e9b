//! The price of a view: 50 roles in 5 regions, as published and with every step of a view, from the figures that ship.
//!
//! `cargo bench --bench view` prints the ratio; it should stay below 1.3.

#![expect(clippy::print_stdout, reason = "a bench prints")]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use async_graphql::Variables;
use chrono::{DateTime, Utc};
use jobs::{codes, definition::Registry, starter};
use migration::{Migrator, MigratorTrait};
use rolecast::{graphql::Schema, http::gate, snapshot::Store};
use sea_orm::{ConnectOptions, Database};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How often each is asked, in turn; the fastest counts.
const RUNS: usize = 200;

const PLACES: [&str; 5] = ["US", "US-CA", "US-NY", "US-TX", "US-WA"];

const EVERYTHING: &str =
    r#", view: { currency: "EUR", pricesOf: "2026-04-01", costOfLiving: true, period: HOUR }"#;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let schema = schema().await;
    let views = [
        ("currency", r#", view: { currency: "EUR" }"#),
        ("purchasing power", r#", view: { currency: "GBP", exchange: PPP }"#),
        ("everything", EVERYTHING),
    ];
    let plain = document("");
    for (name, view) in views {
        let viewed = document(view);
        let (mut without, mut with) = (Duration::MAX, Duration::MAX);
        for _ in 0..RUNS {
            without = without.min(ask(&schema, &plain).await);
            with = with.min(ask(&schema, &viewed).await);
        }
        let ratio = with.as_secs_f64() / without.as_secs_f64();
        println!("{name}: plain {without:?}, with the view {with:?}, {ratio:.2} times");
    }
}

/// The annual bands of 50 roles in five places.
fn document(view: &str) -> String {
    let bands = PLACES.iter().enumerate().map(|(place, region)| {
        format!(
            r#"r{place}: salary(region: "{region}"{view}) {{ currency period p10 {{ amount kind text }} p25 {{ amount kind text }}
            median {{ amount kind text }} p75 {{ amount kind text }} p90 {{ amount kind text }} mean {{ amount kind text }} }}"#
        )
    });
    format!(
        "{{ roles(first: 50, after: null) {{ nodes {{ slug {} }} }} }}",
        bands.collect::<Vec<_>>().join(" ")
    )
}

async fn ask(schema: &Schema, document: &str) -> Duration {
    let request = gate::admit(document, None, Variables::default());
    let request = request.expect("the gate lets it pass");
    let start = Instant::now();
    let answer = black_box(schema.execute(request).await);
    let took = start.elapsed();
    assert!(answer.errors.is_empty(), "{:?}", answer.errors);
    took
}

async fn schema() -> Schema {
    let mut options = ConnectOptions::new("sqlite::memory:");
    options.max_connections(1).sqlx_logging(false);
    let db = Database::connect(options).await.expect("a database in memory");
    Migrator::up(&db, None).await.expect("its tables");
    codes::load(&db).await.expect("the codes that ship");
    let registry = Registry::built_in().expect("the sources that ship");
    starter::load(&db, &registry, noon()).await.expect("the figures that ship");
    Schema::new(Store::open(db).await.expect("a first snapshot"), noon)
}

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_315_200, 0).unwrap_or_default()
}
