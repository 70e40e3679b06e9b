//! A source with more addresses than its publisher lets us ask for in a day: in the end each of them is reached.

use chrono::TimeDelta;
use jobs::pipeline::{IngestError, Input, Outcome, Report, ingest};
use sea_orm::ConnectionTrait;
use serde_json::Value;

use crate::{
    app::{App, noon},
    looks::{Publisher, definition_of, pay},
};

/// A world that may ask for one of `addresses` a day.
async fn world(base: &str, addresses: &[&str]) -> App {
    let limit = "access = { limits = [{ requests = 1, per = \"day\" }] }\nlocal ";
    let definition = definition_of(base, addresses).replace("local ", limit);
    let mut app = App::start().await.with_sources(&[definition]);
    app.cx.offline = false;
    app
}

/// A look so many days after the first: the quota of the day before is over.
async fn look(app: &App, days: i64) -> Result<Report, IngestError> {
    let over = "UPDATE request_ledger SET since = since - 86400000";
    app.cx.db.execute_unprepared(over).await.unwrap();
    ingest(&app.cx, "my-source", &Input::Fetch, noon() + TimeDelta::days(days)).await
}

fn asked(publisher: &Publisher) -> Vec<String> {
    publisher.asked().into_iter().map(|(path, _)| path).collect()
}

async fn last_error(app: &App) -> Value {
    app.ask("{ source(key: \"my-source\") { lastError } }").await["source"]["lastError"].clone()
}

#[tokio::test]
async fn a_look_begins_with_the_address_that_was_asked_longest_ago() {
    let (publisher, base) = Publisher::start().await;
    let app = world(&base, &["/pay_2024.csv", "/cities_2025.csv"]).await;
    publisher.send("/pay_2024.csv", pay(1));
    publisher.send("/cities_2025.csv", pay(2));
    let first = look(&app, 0).await.unwrap_err();
    assert!(first.is_transient() && first.to_string().starts_with("1 of 2 files failed"), "{first}");
    assert_eq!(asked(&publisher), ["/pay_2024.csv"]);
    // The other one, and the look is whole.
    let second = look(&app, 1).await.unwrap();
    assert_eq!((second.outcome, second.loaded), (Outcome::Published, 2), "{:?}", second.lines);
    assert!(
        second.lines.iter().any(|line| line.ends_with("it was asked on 2026-06-01")),
        "{:?}",
        second.lines
    );
    assert_eq!((asked(&publisher), last_error(&app).await), (vec!["/cities_2025.csv".into()], Value::Null));
    // So it goes on: a look that is whole is no part of the next.
    assert!(look(&app, 2).await.is_err());
    assert_eq!(look(&app, 3).await.unwrap().outcome, Outcome::Unchanged);
    assert_eq!(asked(&publisher), ["/pay_2024.csv", "/cities_2025.csv"]);
}

#[tokio::test]
async fn an_address_that_fails_does_not_spend_the_quota_of_the_others() {
    let (publisher, base) = Publisher::start().await;
    let app = world(&base, &["/pay_2020.csv", "/pay_2025.csv"]).await;
    publisher.send("/pay_2025.csv", pay(1));
    for (days, path) in [(0, "/pay_2020.csv"), (1, "/pay_2025.csv"), (2, "/pay_2020.csv")] {
        let error = look(&app, days).await.unwrap_err();
        assert!(matches!(error, IngestError::Files(_) | IngestError::Fetch(_)), "{error:?}");
        assert_eq!(asked(&publisher), [path]);
    }
    // It is asked in its turn, and the look fails as long as it does.
    let told = last_error(&app).await;
    assert!(told.as_str().unwrap().contains("status 404"), "{told}");
    let loaded = app.ask("{ source(key: \"my-source\") { currentReleases { label } } }").await;
    assert_eq!(loaded["source"]["currentReleases"][0]["label"], "2025");
}
