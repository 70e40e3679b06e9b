//! Titles as people type them, on what is compiled in.

use entity::{Classification, role};
use rolecast::{graphql::Schema, snapshot::Store};
use sea_orm::{ActiveValue::Set, EntityTrait as _};
use serde_json::Value;

use crate::{
    app::{App, ask},
    made,
};

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
        ("Waitstaff", "waiters-and-waitresses"),
        ("deck hand", "sailors-and-marine-oilers"),
        ("saleswoman", "retail-salespersons"),
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
    for (title, why) in [
        ("student", "no occupation"),
        ("retired", "no occupation"),
        ("Fresher", "no occupation"),
        ("apprentice", "no occupation"),
        ("III", "no occupation"),
        ("not a nurse", "what somebody is not"),
        ("unemployed", "no occupation"),
        ("C++", "no occupation"),
        ("unemploied", "no known title"),
        ("pirate", "no known title"),
    ] {
        let found = matched(&schema, title).await;
        assert_eq!(found["abstained"], true, "{title}: {found}");
        assert!(found["reason"].as_str().unwrap().contains(why), "{title}: {found}");
        let best = found["matches"][0]["confidence"].as_f64();
        assert!(best.is_none_or(|best| best < 0.5), "{title}: {found}");
    }
    for title in ["PT", "data analyst", "engineer"] {
        let likeliest_first =
            format!("{{ matchRoles(title: \"{title}\", first: 20) {{ matches {{ confidence }} }} }}");
        let found = ask(&schema, &likeliest_first).await["matchRoles"]["matches"].clone();
        let confidences = found.as_array().unwrap().iter().map(|found| found["confidence"].as_f64());
        assert!(confidences.is_sorted_by(|a, b| a >= b), "{title}: {found}");
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

#[tokio::test]
async fn a_publish_makes_the_lists_of_titles_anew_only_where_roles_or_titles_changed() {
    let app = App::start().await;
    let codes = app.codes(Classification::Soc2018).await;
    let store = Store::open(app.cx.db.clone()).await.unwrap();
    let first = store.current();
    let index = store.index(&first).await.unwrap();
    app.take("bls-oews", "oews_national_2021.csv", made::national(&codes).as_bytes()).await.unwrap();
    assert!(store.refresh().await.unwrap());
    let second = store.current();
    assert!(std::ptr::eq(index, store.index(&second).await.unwrap()));
    assert_ne!(index.find("Fence Whisperer", "", 1)[0].title, "Fence Whisperer");

    let role = role::ActiveModel {
        slug: Set("fence-whisperer".into()),
        title: Set("Fence Whisperer".into()),
        curated: Set(true),
        ..Default::default()
    };
    role::Entity::insert(role).exec(&app.cx.db).await.unwrap();
    let later = made::national(&codes).replace(",1.5,", ",1.6,");
    app.take("bls-oews", "oews_national_2022.csv", later.as_bytes()).await.unwrap();
    assert!(store.refresh().await.unwrap());
    let third = store.current();
    let found = store.index(&third).await.unwrap().find("Fence Whisperer", "", 1);
    assert_eq!(found[0].title, "Fence Whisperer");
    assert_eq!(third.catalog().role_of_rank(found[0].role).unwrap().row.slug, "fence-whisperer");
}
