//! What is said about growth, beside what the publisher says.

use std::fs;

use entity::GrowthCategory;
use serde_json::Value;

use crate::{app::App, corpus::shared};

/// Percent and label of a page's own summary: `15% (Much faster than average)`.
fn of_page(html: &str) -> (i64, &str) {
    let (before, after) = html.split_once("% (").expect("the page states its outlook");
    let percent = before.rsplit('>').next().unwrap().parse().unwrap();
    (percent, after.split_once(')').unwrap().0)
}

fn word(label: &str) -> &'static str {
    match label {
        "Much faster than average" => "MUCH_FASTER_THAN_AVERAGE",
        "Faster than average" => "FASTER_THAN_AVERAGE",
        "As fast as average" => "AS_FAST_AS_AVERAGE",
        "Slower than average" => "SLOWER_THAN_AVERAGE",
        "Little or no change" => "LITTLE_OR_NO_CHANGE",
        "Decline" => "DECLINE",
        other => panic!("`{other}` is not a word of the handbook"),
    }
}

#[test]
fn the_printed_percent_of_every_handbook_page_has_the_publishers_label() {
    for page in shared("bls-ooh") {
        let html = fs::read_to_string(&page).unwrap();
        let (percent, label) = of_page(&html);
        let category = rolecast::outlook::category::by_cycle(2024, 2034, percent * 1000);
        assert_eq!(category.map(GrowthCategory::as_str), Some(word(label)), "{}", page.display());
    }
}

async fn projections(app: &App, filter: &str) -> Value {
    let fields = "changePercent category averageChangePercent annualRate baseYear occupation { code }";
    app.ask(&format!(
        "{{ growthProjections(filter: {{ {filter} }}, first: 500) {{ totalCount nodes {{ {fields} }} }} }}"
    ))
    .await["growthProjections"]
        .clone()
}

#[tokio::test]
async fn a_projection_has_the_word_of_its_own_cycle_and_the_average_of_its_own_release() {
    let app = App::start().await.with_starter().await;
    let of = |code: &str| format!(r#"occupations: [{{ classification: SOC_2018, code: "{code}" }}]"#);
    let developers = &projections(&app, &of("15-1252")).await["nodes"][0];
    assert_eq!(developers["changePercent"], 15.8);
    assert_eq!(developers["category"], "MUCH_FASTER_THAN_AVERAGE");
    assert_eq!(developers["averageChangePercent"], 3.1);
    // (1,961,400 / 1,693,800) ^ (1 / 10) - 1
    assert_eq!(developers["annualRate"], 1.478);
    let actors = &projections(&app, &of("27-2011")).await["nodes"][0];
    assert_eq!((&actors["changePercent"], &actors["category"]), (&0.3.into(), &"LITTLE_OR_NO_CHANGE".into()));
    let older = projections(&app, r#"releases: ALL, releaseLabel: "2019-29""#).await;
    let nodes = older["nodes"].as_array().unwrap();
    assert!(nodes.len() == 500 && nodes.iter().all(|node| node["category"].is_null()), "no rule is known");
}

#[tokio::test]
async fn categories_narrow_projections_and_leave_none_out_between_them() {
    let app = App::start().await.with_starter().await;
    let all = projections(&app, r#"sources: ["bls-ep"]"#).await["totalCount"].as_i64().unwrap();
    let mut sum = 0;
    for category in GrowthCategory::ALL {
        let found = projections(&app, &format!("categories: [{}]", category.as_str())).await;
        assert!(found["nodes"].as_array().unwrap().iter().all(|node| node["category"] == category.as_str()));
        sum += found["totalCount"].as_i64().unwrap();
    }
    // What is missing stands exactly between two words, or has no percent.
    assert!(sum <= all && all - sum < all / 10, "{sum} of {all}");
    let halves = projections(&app, "categories: []").await;
    assert_eq!(halves["totalCount"], 0);
}
