//! Files that stand in the place of another release's: last year's under this year's name, one of a year to come, and the newest one
//! at the address of an older one.

use entity::artifact;
use jobs::{
    pipeline::{IngestError, Input, Outcome, ingest},
    replay::publish_held,
};
use sea_orm::{EntityTrait, PaginatorTrait as _};
use serde_json::json;

use crate::{
    app::{App, noon},
    editions::says,
    looks::{Publisher, definition_of, pay, told},
};

const NOWHERE: &str = "http://127.0.0.1:1";

/// Takes files in their order, each with what becomes of it.
async fn take(app: &App, files: &[(&str, Vec<u8>, Outcome)]) {
    for (name, bytes, outcome) in files {
        let report = app.take("my-source", name, bytes).await.unwrap();
        assert_eq!(report.outcome, *outcome, "{name}: {:?}", report.lines);
    }
}

#[tokio::test]
async fn the_figures_of_another_year_are_held_until_a_person_believes_them() {
    let app = App::start().await.with_sources(&[definition_of(NOWHERE, &["/pay_2025.csv"])]);
    take(&app, &[("pay_2024.csv", pay(1), Outcome::Published)]).await;
    let same = app.take("my-source", "pay_2025.csv", &pay(1)).await.unwrap();
    assert_eq!(same.outcome, Outcome::Held);
    let words = "check same-figures failed: its figures are those of 2024, figure by figure";
    assert!(says(&same, words), "{:?}", same.lines);
    let served = |label| json!([{ "dataset": "state", "label": label }]);
    assert_eq!(told(&app, "my-source").await["currentReleases"], served("2024"));

    publish_held(&app.cx, "my-source/state/2025/1", noon()).await.unwrap();
    assert_eq!(told(&app, "my-source").await["currentReleases"], served("2025"));
    // It stays published, another dataset may say the same, and figures that changed are believed.
    take(
        &app,
        &[
            ("pay_2025.csv", pay(1), Outcome::Unchanged),
            ("pay_2024.csv", pay(1), Outcome::Unchanged),
            ("cities_2025.csv", pay(1), Outcome::Published),
            ("pay_2026.csv", pay(2), Outcome::Published),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_table_of_one_day_may_say_what_another_day_said() {
    let definition = definition_of(NOWHERE, &["/pay_2025.csv"]).replace("{year}-01-01", "{year}-12-31");
    let app = App::start().await.with_sources(&[definition]);
    take(&app, &[("pay_2024.csv", pay(1), Outcome::Published), ("pay_2025.csv", pay(1), Outcome::Published)])
        .await;
}

#[tokio::test]
async fn pay_of_a_year_to_come_is_held() {
    let app = App::start().await.with_sources(&[definition_of(NOWHERE, &["/pay_2025.csv"])]);
    let early = app.take("my-source", "pay_2027.csv", &pay(2)).await.unwrap();
    assert_eq!(early.outcome, Outcome::Held);
    let words =
        "check period failed: its pay is of 2027-01-01 to 2027-12-31, which had not begun on 2026-06-01";
    assert!(says(&early, words), "{:?}", early.lines);
    take(&app, &[("pay_2026.csv", pay(1), Outcome::Published)]).await;
}

#[tokio::test]
async fn an_address_of_one_release_that_leads_to_another_is_a_failure() {
    let (publisher, base) = Publisher::start().await;
    publisher.send("/pay_2026.csv", pay(1));
    let mut app = App::start().await.with_sources(&[definition_of(&base, &["/old/pay_2025.csv"])]);
    app.cx.offline = false;
    let error = ingest(&app.cx, "my-source", &Input::Fetch, noon()).await.unwrap_err();
    assert!(
        matches!(error, IngestError::LedElsewhere { .. }) && error.code() == "OTHER_RELEASE",
        "{error:?}"
    );
    let words = "pay_2025.csv, which is state 2025, leads to pay_2026.csv, which is state 2026: ";
    assert!(error.to_string().starts_with(words), "{error}");
    let source = told(&app, "my-source").await;
    assert!(source["lastError"].as_str().unwrap().starts_with(words), "{source}");
    assert_eq!(artifact::Entity::find().count(&app.cx.db).await.unwrap(), 0);
}
