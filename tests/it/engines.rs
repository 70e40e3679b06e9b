//! Both engines give the same bytes.

use async_graphql::Variables;
use rolecast::http::gate;

use crate::{app::App, schema::examples};

async fn answers(app: App, documents: &[(String, String)]) -> Vec<String> {
    let schema = app.with_starter().await.schema().await;
    let mut answers = Vec::new();
    for (_, document) in documents {
        let request = gate::admit(document.clone(), None, Variables::default()).unwrap();
        answers.push(serde_json::to_string(&schema.execute(request).await).unwrap());
    }
    answers
}

#[tokio::test]
async fn both_engines_answer_with_the_same_bytes() {
    let Some(postgres) = App::on_postgres().await else { return };
    let mut documents = examples();
    for more in [
        "{ roles(first: 100) { totalCount pageInfo { endCursor } nodes { id slug salary(region: \"US\") { id median { text } } growth { id changePercent } } } }",
        "{ salaryBands(filter: { releases: ALL }, first: 500) { totalCount edges { cursor node { id median { amount kind } provenance { locator } } } } }",
        "{ salaryBands(filter: { segment: { any: true }, regions: [\"GB\"] }, orderBy: { field: P90, direction: DESC }, first: 500) { nodes { id p90 { amount kind } segment { sex workTime } } } }",
        "{ regions(first: 100) { totalCount nodes { id code name kind } } sources { id key freshness currentReleases { id label rejects { totalCount } checks { name passed } artifacts { sha256 } } } }",
    ] {
        documents.push((more.to_owned(), more.to_owned()));
    }
    let ours = answers(App::start().await, &documents).await;
    let theirs = answers(postgres, &documents).await;
    for (((name, _), ours), theirs) in documents.iter().zip(ours).zip(theirs) {
        assert!(ours.len() > 100 && !ours.contains("\"errors\""), "{name}: {ours}");
        assert_eq!(ours, theirs, "{name}");
    }
}
