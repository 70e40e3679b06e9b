//! Pay beside other pay: what stands in for what, lanes, and roles across places.

use async_graphql::Variables;
use entity::{Classification, crosswalk};
use rolecast::graphql::Schema;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::app::{App, ask};

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

async fn lanes(schema: &Schema, slug: &str, region: &str, view: &str) -> Vec<Value> {
    let document = format!(
        "{{ role(by: {{ slug: \"{slug}\" }}) {{ payLanes(region: \"{region}\", view: {{ {view} }}) {{ method conflict
        bands {{ id method period }}
        combined {{ currency period lowerBoundMedian upperBoundMedian method {FIGURES}
          inputs {{ weight band {{ id method currency period concept {FIGURES} }} }} }} }} }} }}"
    );
    ask(schema, &document).await["role"]["payLanes"].as_array().unwrap().clone()
}

#[tokio::test]
async fn lanes_stand_side_by_side_and_nothing_is_put_together_across_them() {
    let schema = App::start().await.with_starter().await.schema().await;
    let developer = lanes(&schema, "back-end-developer", "US", "").await;
    let methods: Vec<&Value> = developer.iter().map(|lane| &lane["method"]).collect();
    assert_eq!(methods, ["SURVEY", "EDITORIAL"]);
    assert!(
        developer.iter().all(|lane| lane["combined"].is_null()),
        "each lane has one distribution at most"
    );
    let mut combined = 0;
    for role in ["devops-engineer", "data-engineer", "office-manager", "scrum-master", "registered-nurses"] {
        for region in ["US", "US-CA", "GB"] {
            for view in ["", "period: HOUR", "currency: \"EUR\", pricesOf: \"2026-04-01\""] {
                for lane in lanes(&schema, role, region, view).await {
                    let bands = lane["bands"].as_array().unwrap();
                    assert!(bands.iter().all(|band| band["method"] == lane["method"]));
                    combined += usize::from(within_its_members(&lane));
                }
            }
        }
    }
    assert!(
        combined > 15,
        "24 are possible: four roles of two American occupations in two places, not {combined}"
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
async fn a_lane_is_shown_as_asked_before_it_is_put_together() {
    let schema = App::start().await.with_starter().await.schema().await;
    // Converted to euros by one rate, a mixture is the mixture of what was converted: 1.127805 dollars for a euro.
    let plain = &lanes(&schema, "devops-engineer", "US", "").await[0]["combined"];
    let euros = &lanes(&schema, "devops-engineer", "US", "currency: \"EUR\"").await[0]["combined"];
    assert_eq!((&euros["currency"], &euros["period"]), (&"EUR".into(), &"YEAR".into()));
    let of = |combined: &Value, name: &str| combined[name].as_f64().or(combined[name]["amount"].as_f64());
    let mut compared = 0;
    for name in ["p25", "median", "p75", "lowerBoundMedian", "upperBoundMedian"] {
        let (dollars, euros) = (of(plain, name), of(euros, name));
        assert_eq!(dollars.is_some(), euros.is_some(), "{name}");
        let Some((dollars, euros)) = dollars.zip(euros) else { continue };
        assert!((euros - dollars * 21.0 / 23.6839).abs() < 0.02, "{name}: {dollars} {euros}");
        compared += 1;
    }
    assert!(compared >= 3, "the median and its bound at least");
    // What is printed by the hour is not converted to it.
    let hours = &lanes(&schema, "devops-engineer", "US", "period: HOUR").await[0]["combined"];
    let band = &hours["inputs"][0]["band"];
    assert_eq!((&hours["period"], &band["median"]["basis"]), (&"HOUR".into(), &"PUBLISHED".into()));
    // Nothing is put together of what cannot be shown.
    let refused = &lanes(&schema, "devops-engineer", "US", "pricesOf: \"2025-10-01\"").await[0];
    assert_eq!(refused["combined"], Value::Null);
    assert_eq!(refused["bands"].as_array().unwrap().len(), 2);
    // A barista's annual pay is too unreliable to publish in Britain, the hourly pay is not.
    let barista = &lanes(&schema, "barista", "GB", "").await[0]["bands"];
    assert_eq!((barista.as_array().unwrap().len(), &barista[0]["period"]), (1, &"HOUR".into()));
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
    let reason = "the current releases have nothing for Registered Nurses in Ontario";
    assert_eq!(rows[0]["cells"][0]["reason"], reason);
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
async fn a_matrix_is_shown_as_asked_and_says_what_cannot_be() {
    let schema = App::start().await.with_starter().await.schema().await;
    let ids = ask(&schema, "{ a: role(by: { slug: \"back-end-developer\" }) { id } }").await;
    let cells = async |view: &str| {
        let document = format!(
            "{{ compare(roles: [{}], regions: [\"US\", \"US-CA\", \"GB\"], view: {{ {view} }}) {{ cells {{
            band {{ period currency median {{ amount kind basis text }} }} }} }} }}",
            ids["a"]["id"]
        );
        let answer = ask(&schema, &document).await;
        answer["compare"][0]["cells"]
            .as_array()
            .unwrap()
            .iter()
            .map(|cell| cell["band"].clone())
            .collect::<Vec<_>>()
    };
    // Printed by the hour in the United States and in Britain; California's table has the year alone: 170,910 / 2,080.
    let hours = cells("period: HOUR").await;
    assert!(hours.iter().all(|band| band["period"] == "HOUR"));
    let basis: Vec<&Value> = hours.iter().map(|band| &band["median"]["basis"]).collect();
    assert_eq!(basis, ["PUBLISHED", "CONVERTED", "PUBLISHED"]);
    assert_eq!(hours[1]["median"]["amount"], 82.17);
    // 170,910 x 18.82409 / 23.7869 / 1.12581 = 120,137.48; a pound is a pound; Britain has no regional parity.
    let dear = cells("currency: \"GBP\", costOfLiving: true").await;
    assert_eq!(dear[1]["median"]["amount"], 120_137.48);
    assert_eq!(
        (&dear[2]["median"]["kind"], &dear[2]["median"]["amount"]),
        (&"NOT_CONVERTIBLE".into(), &Value::Null)
    );
    assert!(dear[2]["median"]["text"].as_str().unwrap().contains("no regional price parity"));
}

#[tokio::test]
async fn an_elder_code_stands_in_where_a_crosswalk_leads_to_it_and_shares_out_no_pay() {
    let app = App::start().await;
    app.take_split_codes().await;
    // No publisher states the share; it is 40 percent here.
    let pair = app.occupation(Classification::Soc2010, "15-1134").await;
    let piece = app.occupation(Classification::Soc2018, "15-1254").await;
    crosswalk::Entity::update_many()
        .col_expr(crosswalk::Column::Weight, 0.4.into())
        .filter(crosswalk::Column::FromId.eq(pair))
        .filter(crosswalk::Column::ToId.eq(piece))
        .exec(&app.cx.db)
        .await
        .unwrap();
    let schema = app.schema().await;
    let salary = async |code: &str, ways: &str| {
        let document = format!(
            "{{ role(by: {{ code: {{ classification: SOC_2018, code: \"{code}\" }} }}) {{ salary(fallback: [{ways}]) {{ reference {{ label }}
            occupation {{ classification code }} median {{ amount }} employment {{ count }}
            substitution {{ employment {{ count kind }} steps {{ kind from to reason employmentShare }} }} }} }}
            elder: salaryBands(filter: {{ occupations: [{{ classification: SOC_2010, code: \"15-1134\" }}], releases: ALL }}) {{
            nodes {{ median {{ amount }} employment {{ count }} }} }} }}"
        );
        ask(&schema, &document).await
    };
    for without in ["", "PARENT_REGION", "BROADER_OCCUPATION, PARENT_REGION"] {
        let found = salary("15-1254", without).await;
        assert_ne!(found["role"]["salary"]["occupation"]["classification"], "SOC_2010", "{without}");
    }
    let answer = salary("15-1254", "CROSSWALK").await;
    let (found, elder) = (&answer["role"]["salary"], &answer["elder"]["nodes"][0]);
    assert_eq!(
        (&found["reference"]["label"], &found["occupation"]["code"]),
        (&"May 2018".into(), &"15-1134".into())
    );
    assert_eq!((&found["median"], &found["employment"]), (&elder["median"], &elder["employment"]));
    let step = &found["substitution"]["steps"][0];
    assert_eq!(steps(found), ["CROSSWALK SOC_2018 15-1254 > SOC_2010 15-1134"]);
    assert!(
        step["reason"]
            .as_str()
            .unwrap()
            .ends_with("; its figure is of May 2018, a release that a later one took the place of"),
        "{step}"
    );
    assert_eq!(step["employmentShare"], 0.4);
    let shared = (elder["employment"]["count"].as_i64().unwrap() * 4 + 5) / 10;
    assert_eq!(found["substitution"]["employment"]["count"], shared);
    // Where no share is stated none is made up: digital interface designers come of two codes.
    let designers = salary("15-1255", "CROSSWALK").await["role"]["salary"].clone();
    assert_eq!(designers["substitution"]["employment"], json!({ "count": null, "kind": "NOT_PUBLISHED" }));
    assert_eq!(designers["substitution"]["steps"][0]["employmentShare"], Value::Null);
}
