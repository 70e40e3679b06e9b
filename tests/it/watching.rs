//! What subscriptions hear of work that only the database tells of, as when another process did it.

use std::time::Duration;

use async_graphql::Variables;
use futures::StreamExt;
use rolecast::{access::Caller, http::gate, watch};
use serde_json::Value;
use tokio::time::timeout;

use crate::app::App;

const PAGE: &str =
    "Beekeeper\n\nIn the United States, the average salary for a beekeeper is $41,000 per year.\n";

async fn a_refresh_is_heard_stage_by_stage_and_its_release_once(app: App) {
    jobs::publish::register(&app.cx.db, &app.cx.registry).await.unwrap();
    let schema = app.schema().await;
    let watching = tokio::spawn(watch::watch(schema.store().clone(), schema.events().clone()));
    let hear = |document: &str| {
        let request = gate::admit(document, None, Variables::default()).unwrap();
        schema.stream(request, Caller::anonymous())
    };
    let mut releases =
        hear("subscription { releasePublished(source: \"career-page\") { label status source { key } } }");
    let mut steps =
        hear("subscription { refreshProgress { stage dataset rowsDone bytesDone source { key } } }");
    let mut others = hear("subscription { releasePublished(source: \"bls-oews\") { label } }");
    // A subscription begins when it is first asked, and the watch at its first look.
    let early = (
        timeout(Duration::from_millis(700), releases.next()),
        timeout(Duration::from_millis(700), steps.next()),
    );
    let (no_release, no_step) = tokio::join!(early.0, early.1);
    assert!(no_release.is_err() && no_step.is_err());
    app.take("career-page", "beekeeper.txt", PAGE.as_bytes()).await.unwrap();
    let mut stages = Vec::new();
    while stages.last().is_none_or(|stage| stage != "DONE") {
        let answer = timeout(Duration::from_secs(20), steps.next()).await.unwrap().unwrap();
        let step = answer.data.into_json().unwrap()["refreshProgress"].clone();
        assert_eq!(step["source"]["key"], "career-page", "{step}");
        stages.push(step["stage"].as_str().unwrap().to_owned());
    }
    stages.dedup();
    assert_eq!(stages, ["FETCH", "ARCHIVE", "READ", "VALIDATE", "PUBLISH", "DONE"]);
    let told = timeout(Duration::from_secs(20), releases.next()).await.unwrap().unwrap();
    let told: Value = told.data.into_json().unwrap();
    assert_eq!(told["releasePublished"]["status"], "PUBLISHED", "{told}");
    assert!(timeout(Duration::from_millis(100), others.next()).await.is_err());
    watching.abort();
}

on_both_engines!(a_refresh_is_heard_stage_by_stage_and_its_release_once);

#[tokio::test]
async fn an_unknown_source_is_an_error_and_not_silence() {
    let schema = App::start().await.schema().await;
    let document = "subscription { releasePublished(source: \"nowhere\") { label } }";
    let request = gate::admit(document, None, Variables::default()).unwrap();
    let answer = schema.stream(request, Caller::anonymous()).next().await.unwrap();
    let code = answer.errors[0].extensions.as_ref().and_then(|all| all.get("code")).map(ToString::to_string);
    assert_eq!(code.as_deref(), Some("\"BAD_USER_INPUT\""));
}
