//! Titles as people type them, on what is compiled in.

use rolecast::graphql::Schema;
use serde_json::Value;

use crate::app::{App, ask};

async fn matched(schema: &Schema, title: &str) -> Value {
    let document = format!(
        "{{ matchRoles(title: {}, first: 5) {{ abstained reason matches {{ confidence matchedTitle role {{ slug occupations {{ occupation {{ code }} }} }} }} }} }}",
        Value::from(title)
    );
    ask(schema, &document).await["matchRoles"].clone()
}

#[tokio::test]
async fn typed_titles_find_roles_and_say_when_they_would_rather_not() {
    let schema = App::start().await.schema().await;
    for (title, slug) in [
        ("Sr. Backend Eng (Go)", "back-end-developer"),
        ("RN - ICU", "icu-nurse"),
        ("hgv driver", "truck-driver"),
        ("Développeur web", "web-developers"),
        ("Registered Nurses", "registered-nurses"),
        ("barrista", "barista"),
        ("Welder", "welder-fabricator"),
    ] {
        let found = matched(&schema, title).await;
        assert_eq!(found["matches"][0]["role"]["slug"], slug, "{title}: {found}");
        assert_eq!(
            (&found["abstained"], &found["reason"]),
            (&false.into(), &Value::Null),
            "{title}: {found}"
        );
    }
    for title in ["Ninja", "zzzz qqqq", "the", "Manager"] {
        let found = matched(&schema, title).await;
        assert_eq!(found["abstained"], true, "{title}: {found}");
        assert!(found["reason"].is_string(), "{title}: {found}");
    }
    let confidences = matched(&schema, "data analyst").await;
    let confidences: Vec<f64> = confidences["matches"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| found["confidence"].as_f64().unwrap())
        .collect();
    assert_eq!(confidences.len(), 5);
    assert!(confidences.iter().sum::<f64>() <= 1.01, "{confidences:?}");
    assert!(confidences.iter().all(|confidence| (0.0..=1.0).contains(confidence)), "{confidences:?}");
}
