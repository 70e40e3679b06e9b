//! What is said about growth, beside what the publisher says.

use std::{fmt::Write as _, fs};

use entity::{Classification, GrowthCategory};
use jobs::pipeline::Outcome;
use rolecast::graphql::Schema;
use serde_json::{Value, json};

use crate::{
    app::{App, ask},
    corpus::shared,
    made,
};

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

/// Openings a year, the percent of all occupations, title and percent of every projection of a source.
async fn outlooks(app: &App) -> Vec<(Value, Value, String, Value)> {
    let fields =
        "annualOpenings { count } averageChangePercent changePercent occupation { title } role { title }";
    let answer = app
        .ask(&format!("{{ growthProjections(filter: {{ sources: [\"bls-ooh\"] }}, first: 100) {{ nodes {{ {fields} }} }} }}"))
        .await;
    let nodes = answer["growthProjections"]["nodes"].as_array().unwrap();
    let title = |node: &Value| {
        node["occupation"]["title"].as_str().or(node["role"]["title"].as_str()).map(ToOwned::to_owned)
    };
    let found = nodes.iter().map(|node| {
        let openings = node["annualOpenings"]["count"].clone();
        (openings, node["averageChangePercent"].clone(), title(node).unwrap(), node["changePercent"].clone())
    });
    found.collect()
}

#[tokio::test]
async fn a_page_of_a_decline_has_its_openings_and_the_average_of_its_own_chart() {
    let app = App::start().await;
    let page = include_bytes!("../fixtures/bls-ooh/lamplighters.html");
    let report = app.take("bls-ooh", "lamplighters.html", page).await.unwrap();
    assert_eq!(report.outcome, Outcome::Published, "{:?}", report.lines);
    let found = outlooks(&app).await;
    let of = |openings: Value, title: &str, percent: Value| (openings, json!(2.5), title.to_owned(), percent);
    assert!(found.contains(&of(json!(1200), "Helpers--Production Workers", json!(-10))), "{found:?}");
    assert!(found.contains(&of(Value::Null, "Total, all occupations", json!(2.5))), "{found:?}");
    assert_eq!(found.len(), 2, "{found:?}");
}

#[tokio::test]
async fn a_page_without_openings_and_average_is_served_and_says_so() {
    let app = App::start().await;
    let page = include_str!("../fixtures/bls-ooh/basket-weavers.html")
        .replace("51.9199", "51-9199")
        .replace("About 250 openings", "Some openings");
    let report = app.take("bls-ooh", "weavers.html", page.as_bytes()).await.unwrap();
    assert_eq!((report.outcome, report.rejected), (Outcome::Published, 0), "{:?}", report.lines);
    for rule in ["no-openings-sentence", "no-average-in-chart"] {
        assert!(report.lines.contains(&format!("skipped 1: {rule}")), "{:?}", report.lines);
    }
    let found = outlooks(&app).await;
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found.iter().all(|(openings, average, ..)| openings.is_null() && average.is_null()), "{found:?}");
}

#[tokio::test]
async fn every_real_page_of_the_handbook_has_openings_and_an_average() {
    let app = App::start().await;
    let pages = shared("bls-ooh");
    for page in &pages {
        let report = app.refresh("bls-ooh", page, None).await.unwrap();
        assert_eq!((report.outcome, report.rejected), (Outcome::Published, 0), "{:?}", report.lines);
        assert!(!report.lines.iter().any(|line| line.contains(": no-")), "{:?}", report.lines);
    }
    let found = outlooks(&app).await;
    assert!(found.iter().all(|(_, average, ..)| *average == json!(3)), "{found:?}");
    let openings: Vec<i64> = found.iter().filter_map(|(openings, ..)| openings.as_i64()).collect();
    let known = [6_300, 129_200, 189_100];
    assert_eq!(openings.len(), pages.len(), "{found:?}");
    assert!(openings.iter().all(|openings| known.contains(openings)), "{found:?}");
}

async fn projections(schema: &Schema, filter: &str) -> Value {
    let fields = "changePercent category averageChangePercent annualRate baseYear occupation { code }";
    ask(schema, &format!(
        "{{ growthProjections(filter: {{ {filter} }}, first: 500) {{ totalCount nodes {{ {fields} }} }} }}"
    ))
    .await["growthProjections"]
        .clone()
}

#[tokio::test]
async fn a_projection_has_the_word_of_its_own_cycle_and_the_average_of_its_own_release() {
    let schema = App::start().await.with_starter().await.schema().await;
    let of = |code: &str| format!(r#"occupations: [{{ classification: SOC_2018, code: "{code}" }}]"#);
    let developers = &projections(&schema, &of("15-1252")).await["nodes"][0];
    assert_eq!(developers["changePercent"], 15.8);
    assert_eq!(developers["category"], "MUCH_FASTER_THAN_AVERAGE");
    assert_eq!(developers["averageChangePercent"], 3.1);
    // 1.158 ^ (1 / 10) - 1
    assert_eq!(developers["annualRate"], 1.478);
    // 1.022 ^ (1 / 10) - 1; printed to hundreds, there are as many astronomers after ten years as before.
    let astronomers = &projections(&schema, &of("19-2011")).await["nodes"][0];
    assert_eq!((&astronomers["changePercent"], &astronomers["annualRate"]), (&2.2.into(), &0.218.into()));
    let actors = &projections(&schema, &of("27-2011")).await["nodes"][0];
    assert_eq!((&actors["changePercent"], &actors["category"]), (&0.3.into(), &"LITTLE_OR_NO_CHANGE".into()));
    let older = projections(&schema, r#"releases: ALL, releaseLabel: "2019-29""#).await;
    let nodes = older["nodes"].as_array().unwrap();
    assert!(nodes.len() == 500 && nodes.iter().all(|node| node["category"].is_null()), "no rule is known");
    let dashed = projections(&schema, "releases: ALL, releaseLabel: \"2019\u{2013}29\"").await;
    assert_eq!(dashed["totalCount"], older["totalCount"]);
    // Categories narrow the projections, each to its own.
    let all = projections(&schema, r#"sources: ["bls-ep"]"#).await["totalCount"].as_i64().unwrap();
    let mut sum = 0;
    for category in GrowthCategory::ALL {
        let found = projections(&schema, &format!("categories: [{}]", category.as_str())).await;
        assert!(found["nodes"].as_array().unwrap().iter().all(|node| node["category"] == category.as_str()));
        sum += found["totalCount"].as_i64().unwrap();
    }
    // What is missing stands exactly between two words, or has no percent.
    assert!(sum <= all && all - sum < all / 10, "{sum} of {all}");
    let halves = projections(&schema, "categories: []").await;
    assert_eq!(halves["totalCount"], 0);
}

/// Projections of every code in another hand's export, all growing by the same percent from the same number of jobs.
fn projections_of(codes: &[String], (base, target): (i32, i32), jobs: i32, percent: i32) -> String {
    let span = format!("{base}–{}", target % 100);
    let mut text = format!(
        "\"{base} National Employment Matrix title\",\"{base} National Employment Matrix code\",\"Occupation type\",\"Employment, {base}\",\"Employment, {target}\",\"Employment change, numeric, {span}\",\"Employment change, percent, {span}\",\"Occupational openings, {span} annual average\"\n"
    );
    for code in codes {
        let change = jobs * percent / 100;
        writeln!(text, "Occupation,{code},Line item,{jobs},{},{change},{percent},100", jobs + change)
            .unwrap();
    }
    text
}

#[tokio::test]
async fn an_ended_cycle_stands_beside_what_came() {
    let app = App::start().await;
    for (of, years, jobs, percent) in [
        (Classification::Soc2010, (2010, 2020), 100_000, 20),
        (Classification::Soc2018, (2020, 2030), 108_000, 5),
        (Classification::Soc2018, (2024, 2034), 110_000, 4),
    ] {
        let text = projections_of(&app.codes(of).await, years, jobs, percent);
        let name = format!("emp_projections_{}-{}_t1.10.csv", years.0, years.1 % 100);
        let report = app.take("bls-ep", &name, text.as_bytes()).await.unwrap();
        assert_eq!(report.outcome, Outcome::Published, "{:?}", report.lines);
    }
    let schema = app.schema().await;
    let record = async |code: &str| {
        let document = format!(
            "{{ role(by: {{ code: {{ classification: SOC_2018, code: \"{code}\" }} }}) {{ growth {{ baseYear
            trackRecord {{ cycle projectedPercent actualPercent comparable note }} publisherAccuracy {{ directionRightPercent cycle }} }} }} }}"
        );
        ask(&schema, &document).await["role"]["growth"].clone()
    };
    let dentists = record("29-1021").await;
    assert_eq!(dentists["baseYear"], 2024);
    let came = &dentists["trackRecord"];
    // 108,000 of 100,000 jobs: 8 percent came of 20.
    assert_eq!(
        (&came["cycle"], &came["projectedPercent"], &came["actualPercent"]),
        (&"2010-20".into(), &20.into(), &8.into())
    );
    assert_eq!(
        (&came["comparable"], &dentists["publisherAccuracy"]["directionRightPercent"]),
        (&true.into(), &78.into())
    );
    let developers = record("15-1252").await["trackRecord"].clone();
    assert_eq!((&developers["actualPercent"], &developers["comparable"]), (&Value::Null, &false.into()));
    assert!(developers["note"].as_str().unwrap().contains("split or merged"), "{developers}");
}

#[tokio::test]
async fn an_ended_cycle_without_a_later_one_stands_beside_the_survey() {
    let app = App::start().await;
    let (elder, younger) =
        (app.codes(Classification::Soc2010).await, app.codes(Classification::Soc2018).await);
    for (codes, years, jobs, percent) in
        [(&elder, (2012, 2022), 100_000, 20), (&younger, (2024, 2034), 110_000, 4)]
    {
        let text = projections_of(codes, years, jobs, percent);
        let name = format!("emp_projections_{}-{}_t1.10.csv", years.0, years.1 % 100);
        let report = app.take("bls-ep", &name, text.as_bytes()).await.unwrap();
        assert_eq!(report.outcome, Outcome::Published, "{:?}", report.lines);
    }
    for (year, codes) in [(2012, &elder), (2022, &younger)] {
        let text = made::national(codes);
        app.take("bls-oews", &format!("oews_national_{year}.csv"), text.as_bytes()).await.unwrap();
    }
    let schema = app.schema().await;
    let growth = async |code: &str| {
        let document = format!(
            "{{ role(by: {{ code: {{ classification: SOC_2018, code: \"{code}\" }} }}) {{
            growth {{ trackRecord {{ cycle projectedPercent actualPercent comparable note }} }}
            salaryHistory {{ band {{ employment {{ count }} }} }} }} }}"
        );
        ask(&schema, &document).await["role"].clone()
    };
    let dentists = growth("29-1021").await;
    let counts: Vec<f64> = dentists["salaryHistory"]
        .as_array()
        .unwrap()
        .iter()
        .map(|point| point["band"]["employment"]["count"].as_f64().unwrap())
        .collect();
    let came = &dentists["growth"]["trackRecord"];
    let percent = (counts[1] / counts[0] - 1.0) * 100.0;
    assert!(counts.len() == 2 && (came["actualPercent"].as_f64().unwrap() - percent).abs() <= 0.05, "{came}");
    assert_eq!(
        (&came["cycle"], &came["projectedPercent"], &came["comparable"]),
        (&"2012-22".into(), &20.into(), &true.into())
    );
    let note = came["note"].as_str().unwrap();
    assert!(note.contains("in May 2012 and May 2022") && note.contains("self-employed"), "{note}");
    // Its code was split: what came cannot be said.
    let developers = growth("15-1252").await["growth"]["trackRecord"].clone();
    assert_eq!((&developers["actualPercent"], &developers["comparable"]), (&Value::Null, &false.into()));
    assert!(developers["note"].as_str().unwrap().contains("split or merged"), "{developers}");
}

#[tokio::test]
async fn a_cycle_stands_once_in_a_history_and_only_official_ones_stand_together() {
    let app = App::start().await.with_starter().await;
    let page = include_str!("../fixtures/bls-ooh/basket-weavers.html")
        .replace("51-9195", "15-1252")
        .replace("51.9199", "51-9199");
    for text in [page.clone(), page.replace("1,900", "1,890")] {
        let report = app.take("bls-ooh", "weavers.html", text.as_bytes()).await.unwrap();
        assert_eq!(report.outcome, Outcome::Published, "{:?}", report.lines);
    }
    let answer = app
        .ask(
            "{ role(by: { slug: \"back-end-developer\" }) { growth { ...one } growthHistory { ...one } }
            growthProjections(filter: { occupations: [{ classification: SOC_2018, code: \"15-1252\" }] }) { totalCount } }
            fragment one on GrowthProjection { baseYear changePercent provenance { source { key } } }",
        )
        .await;
    assert_eq!(answer["growthProjections"]["totalCount"], 2);
    let table =
        json!({ "baseYear": 2024, "changePercent": 15.8, "provenance": { "source": { "key": "bls-ep" } } });
    assert_eq!(answer["role"], json!({ "growth": table, "growthHistory": [table] }));
}
