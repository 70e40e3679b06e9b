//! Pay beside other pay: what stands in for what, lanes, and figures across time and place.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_graphql::Variables;
use entity::Classification;
use rolecast::{graphql::Schema, snapshot::Store};
use serde_json::Value;

use crate::{
    app::{App, ask, noon},
    made,
};

const STEPS: &str = "substitution { steps { kind from to reason } }";

async fn salary(schema: &Schema, slug: &str, arguments: &str) -> Value {
    let document = format!(
        "{{ role(by: {{ slug: \"{slug}\" }}) {{ salary({arguments}) {{ method region {{ code }} occupation {{ code }}
        median {{ text kind }} via {{ relation }} {STEPS} }} }} }}"
    );
    ask(schema, &document).await["role"]["salary"].clone()
}

/// `KIND from > to` of each step.
fn steps(band: &Value) -> Vec<String> {
    let steps = band["substitution"]["steps"].as_array().into_iter().flatten();
    let words = |step: &Value, name: &str| step[name].as_str().unwrap().to_owned();
    steps
        .map(|step| format!("{} {} > {}", words(step, "kind"), words(step, "from"), words(step, "to")))
        .collect()
}

#[tokio::test]
async fn a_figure_stands_in_only_where_that_was_asked_for_and_says_so() {
    let schema = App::start().await.with_starter().await.schema().await;
    let metro = "region: \"CBSA:41860\"";
    assert_eq!(salary(&schema, "registered-nurses", metro).await, Value::Null);
    let around = salary(&schema, "registered-nurses", &format!("{metro}, fallback: [PARENT_REGION]")).await;
    assert_eq!(steps(&around), ["PARENT_REGION CBSA:41860 > US-CA"]);
    assert_eq!(around["region"]["code"], "US-CA");
    let plain = salary(&schema, "registered-nurses", "region: \"US-CA\", fallback: [PARENT_REGION]").await;
    assert_eq!((&plain["median"], &plain["substitution"]), (&around["median"], &Value::Null));
    // The lane is the one that was asked for.
    let city = "region: \"US-CITY:san-francisco\"";
    let page = salary(&schema, "back-end-developer", &format!("{city}, fallback: [PARENT_REGION]")).await;
    assert_eq!((&page["method"], &page["substitution"]), (&"EDITORIAL".into(), &Value::Null));
    let survey =
        salary(&schema, "back-end-developer", &format!("{city}, method: SURVEY, fallback: [PARENT_REGION]"))
            .await;
    assert_eq!(survey["method"], "SURVEY");
    assert_eq!(steps(&survey), ["PARENT_REGION US-CITY:san-francisco > US-CA"]);
    assert_eq!(survey["via"]["relation"], "BROADER");
    let advert = format!("{city}, method: ADVERT, fallback: [PARENT_REGION, BROADER_OCCUPATION, CROSSWALK]");
    assert_eq!(salary(&schema, "back-end-developer", &advert).await, Value::Null);
    // Projections alike.
    let growth = async |arguments: &str| {
        let document = format!(
            "{{ role(by: {{ slug: \"back-end-developer\" }}) {{ growth({arguments}) {{ region {{ code }} changePercent {STEPS} }} }} }}"
        );
        ask(&schema, &document).await["role"]["growth"].clone()
    };
    assert_eq!(growth("region: \"US-CA\", fallback: [CROSSWALK]").await, Value::Null);
    let national = growth("region: \"US-CA\", fallback: [BROADER_OCCUPATION, PARENT_REGION]").await;
    assert_eq!((&national["region"]["code"], &national["changePercent"]), (&"US".into(), &15.8.into()));
    assert_eq!(steps(&national), ["PARENT_REGION US-CA > US"]);
    assert_eq!(
        national["substitution"]["steps"][0]["reason"],
        "there is no figure for California; United States is the region around it"
    );
}

const FIGURES: &str =
    "p10 { amount } p25 { amount } median { amount kind basis } p75 { amount } p90 { amount }";

async fn lanes(schema: &Schema, slug: &str, region: &str) -> Vec<Value> {
    let document = format!(
        "{{ role(by: {{ slug: \"{slug}\" }}) {{ payLanes(region: \"{region}\") {{ method conflict
        bands {{ id method period }}
        combined {{ currency period lowerBoundMedian upperBoundMedian method {FIGURES}
          inputs {{ weight band {{ id method currency period concept {FIGURES} }} }} }} }} }} }}"
    );
    ask(schema, &document).await["role"]["payLanes"].as_array().unwrap().clone()
}

#[tokio::test]
async fn lanes_stand_side_by_side_and_nothing_is_put_together_across_them() {
    let schema = App::start().await.with_starter().await.schema().await;
    let developer = lanes(&schema, "back-end-developer", "US").await;
    let methods: Vec<&Value> = developer.iter().map(|lane| &lane["method"]).collect();
    assert_eq!(methods, ["SURVEY", "EDITORIAL"]);
    assert!(
        developer.iter().all(|lane| lane["combined"].is_null()),
        "each lane has one distribution at most"
    );
    let mut combined = 0;
    for role in ["devops-engineer", "data-engineer", "office-manager", "scrum-master", "registered-nurses"] {
        for region in ["US", "US-CA", "GB"] {
            for lane in lanes(&schema, role, region).await {
                assert!(
                    lane["bands"].as_array().unwrap().iter().all(|band| band["method"] == lane["method"])
                );
                combined += usize::from(within_its_members(&lane));
            }
        }
    }
    assert!(
        combined > 5,
        "eight are possible: four roles of two American occupations in two places, not {combined}"
    );
}

/// Checks a combination against its inputs; says whether there is one.
fn within_its_members(lane: &Value) -> bool {
    let combined = &lane["combined"];
    let Some(inputs) = combined["inputs"].as_array() else { return false };
    let weight: f64 = inputs.iter().map(|input| input["weight"].as_f64().unwrap()).sum();
    assert!(inputs.len() > 1 && (weight - 1.0).abs() < 1e-9, "{combined}");
    for name in ["method", "currency", "period", "concept"] {
        let of = |value: &Value| value[name].clone();
        assert!(inputs.iter().all(|input| of(&input["band"]) == of(&inputs[0]["band"])), "{combined}");
    }
    assert!(inputs.iter().all(|input| input["band"]["method"] == lane["method"]));
    for percentile in ["p10", "p25", "median", "p75", "p90"] {
        let amounts = inputs.iter().filter_map(|input| input["band"][percentile]["amount"].as_f64());
        let amounts: Vec<f64> = amounts.collect();
        let Some(all) = combined[percentile]["amount"].as_f64() else { continue };
        assert!(amounts.iter().any(|amount| *amount <= all) && amounts.iter().any(|amount| *amount >= all));
        assert_eq!(combined["median"]["basis"], "MODELLED");
    }
    let bound = ["lowerBoundMedian", "upperBoundMedian"].map(|name| combined[name].as_f64().unwrap());
    let medians = inputs.iter().map(|input| input["band"]["median"]["amount"].as_f64().unwrap());
    let medians: Vec<f64> = medians.collect();
    assert!(medians.contains(&bound[0]) && medians.contains(&bound[1]) && bound[0] <= bound[1]);
    true
}

#[tokio::test]
async fn a_matrix_keeps_its_order_and_says_why_a_cell_is_empty() {
    let schema = App::start().await.with_starter().await.schema().await;
    let ids = ask(&schema, "{ a: role(by: { slug: \"welder-fabricator\" }) { id } b: role(by: { slug: \"registered-nurses\" }) { id } }").await;
    let (a, b) = (ids["a"]["id"].as_str().unwrap(), ids["b"]["id"].as_str().unwrap());
    let matrix = |roles: &str, regions: &str| {
        format!(
            "{{ compare(roles: [{roles}], regions: [{regions}]) {{ role {{ slug }}
            cells {{ region {{ code }} reason band {{ median {{ text }} }} }} }} }}"
        )
    };
    let answer = ask(&schema, &matrix(&format!("\"{b}\", \"{a}\""), r#""CA-ON", "US-NY", "US""#)).await;
    let rows = answer["compare"].as_array().unwrap();
    let slugs: Vec<&Value> = rows.iter().map(|row| &row["role"]["slug"]).collect();
    assert_eq!(slugs, ["registered-nurses", "welder-fabricator"]);
    for row in rows {
        let cells = row["cells"].as_array().unwrap();
        let codes: Vec<&Value> = cells.iter().map(|cell| &cell["region"]["code"]).collect();
        assert_eq!(codes, ["CA-ON", "US-NY", "US"]);
        assert!(cells.iter().all(|cell| cell["band"].is_null() != cell["reason"].is_null()), "{row}");
    }
    assert_eq!(rows[0]["cells"][0]["reason"], "nothing is published for Registered Nurses in Ontario");
    for (roles, regions, names) in [
        (format!("\"{a}\""), r#""ZZ""#.to_owned(), "regions"),
        ("\"nothing\"".to_owned(), r#""US""#.to_owned(), "roles"),
        (vec![format!("\"{a}\""); 51].join(","), r#""US""#.to_owned(), "roles"),
        (vec![format!("\"{a}\""); 26].join(","), [r#""US""#; 20].join(","), "cells"),
    ] {
        let request =
            rolecast::http::gate::admit(matrix(&roles, &regions), None, Variables::default()).unwrap();
        let errors = schema.execute(request).await.errors;
        assert!(errors.len() == 1 && errors[0].message.contains(names), "{errors:?}");
    }
}

#[tokio::test]
async fn a_history_says_what_stands_between_its_points_and_costs_one_statement() {
    let app = App::start().await;
    for (year, of) in [
        (2016, Classification::Soc2010),
        (2018, Classification::Soc2010),
        (2021, Classification::Soc2018),
        (2022, Classification::Soc2018),
    ] {
        let text = made::national(&app.codes(of).await);
        app.take("bls-oews", &format!("oews_national_{year}.csv"), text.as_bytes()).await.unwrap();
    }
    let statements = Arc::new(AtomicUsize::new(0));
    let mut db = app.cx.db.clone();
    let counter = statements.clone();
    db.set_metric_callback(move |_| {
        counter.fetch_add(1, Ordering::Relaxed);
    });
    let schema = Schema::new(Store::open(db).await.unwrap(), noon);
    statements.store(0, Ordering::Relaxed);
    let history = async |code: &str| {
        let document = format!(
            "{{ role(by: {{ code: {{ classification: SOC_2018, code: \"{code}\" }} }}) {{ salaryHistory {{ comparability reasons
            band {{ reference {{ label }} occupation {{ classification code }} via {{ relation }} }} }} }} }}"
        );
        let answer = ask(&schema, &document).await;
        let points = answer["role"]["salaryHistory"].as_array().unwrap().clone();
        points.iter().map(line).collect::<Vec<String>>()
    };
    let web = history("15-1254").await;
    assert_eq!(statements.load(Ordering::Relaxed), 1);
    assert_eq!(
        web,
        [
            "May 2016 SOC_2010 15-1134 BROADER: COMPARABLE, 0",
            "May 2018 SOC_2010 15-1134 BROADER: NOT_DESIGNED, 2",
            "May 2021 SOC_2018 15-1254 null: SOC_BREAK, 5",
            "May 2022 SOC_2018 15-1254 null: NOT_DESIGNED, 2",
        ]
    );
    // What was two occupations stays two points: nothing is averaged or joined.
    let developers = history("15-1252").await;
    assert_eq!(developers.len(), 6);
    assert!(developers[1].starts_with("May 2016 SOC_2010 15-1133 CLOSE"), "{developers:?}");
    assert_eq!(developers[3], "May 2018 SOC_2010 15-1133 CLOSE: NOT_DESIGNED, 2");
    assert_eq!(history("29-1141").await[0], "May 2016 SOC_2010 29-1141 EXACT: COMPARABLE, 0");
}

/// Release, code, relation, comparability and number of reasons.
fn line(point: &Value) -> String {
    let (band, words) = (&point["band"], |value: &Value| value.as_str().unwrap_or("null").to_owned());
    format!(
        "{} {} {} {}: {}, {}",
        words(&band["reference"]["label"]),
        words(&band["occupation"]["classification"]),
        words(&band["occupation"]["code"]),
        words(&band["via"]["relation"]),
        words(&point["comparability"]),
        point["reasons"].as_array().unwrap().len()
    )
}

#[tokio::test]
async fn rankings_leave_out_small_places_and_say_how_many() {
    let schema = App::start().await.with_starter().await.schema().await;
    let ranking = async |guard: &str| {
        let document = format!(
            "{{ salaryBands(filter: {{ regions: [\"US-CA\"]{guard} }}, orderBy: {{ field: MEDIAN, direction: DESC }}, first: 500) {{
            totalCount unfilteredCount nodes {{ id median {{ kind }} employment {{ count kind }} jobsPerThousand occupation {{ code }} }} }} }}"
        );
        ask(&schema, &document).await["salaryBands"].clone()
    };
    let (all, guarded) = (ranking("").await, ranking(", minEmployment: 5000").await);
    assert_eq!(all["totalCount"], all["unfilteredCount"]);
    assert_eq!(guarded["unfilteredCount"], all["totalCount"]);
    assert!(guarded["totalCount"].as_i64() < all["totalCount"].as_i64());
    let nodes = guarded["nodes"].as_array().unwrap();
    assert!(nodes.iter().all(|node| node["employment"]["count"].as_i64().is_some_and(|count| count >= 5000)));
    // Bounds stand above every exact amount, and ties have one order.
    assert!(nodes[0]["median"]["kind"] == "AT_LEAST" || nodes[0]["median"]["kind"] == "EXACT");
    assert_eq!(guarded, ranking(", minEmployment: 5000").await);
    let total = nodes.iter().find(|node| node["occupation"]["code"] == "00-0000").unwrap();
    assert_eq!(total["jobsPerThousand"], 1000);
    let jobs = total["employment"]["count"].as_f64().unwrap();
    for node in nodes.iter().filter(|node| node["employment"]["kind"] == "EXACT") {
        let share = node["employment"]["count"].as_f64().unwrap() / jobs * 1000.0;
        assert!((node["jobsPerThousand"].as_f64().unwrap() - share).abs() < 0.001, "{node}");
    }
}
