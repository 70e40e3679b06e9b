//! Pay from release to release, and what stands between two points.

use std::sync::atomic::Ordering;

use entity::Classification;
use serde_json::{Value, json};

use crate::{
    app::{App, ask},
    made,
};

#[tokio::test]
async fn a_history_in_the_prices_of_one_month_uses_one_index_for_all_its_points() {
    let app = App::start().await.with_starter().await;
    for (year, of) in [(2016, Classification::Soc2010), (2022, Classification::Soc2018)] {
        let text = made::national(&app.codes(of).await);
        app.take("bls-oews", &format!("oews_national_{year}.csv"), text.as_bytes()).await.unwrap();
    }
    let schema = app.schema().await;
    let history = async |view: &str| {
        let document = format!(
            "{{ role(by: {{ code: {{ classification: SOC_2018, code: \"29-1141\" }} }}) {{ salaryHistory(view: {{ {view} }}) {{ comparability
            band {{ id reference {{ label }} via {{ relation }} median {{ amount basis }} provenance {{ derivation }} }} }} }} }}"
        );
        ask(&schema, &document).await["role"]["salaryHistory"].as_array().unwrap().clone()
    };
    let (nominal, real) = (history("").await, history("pricesOf: \"2021-05-01\"").await);
    let labels: Vec<&Value> = nominal.iter().map(|point| &point["band"]["reference"]["label"]).collect();
    assert_eq!(labels, ["May 2016", "May 2022", "May 2024", "May 2025"]);
    // The index with the seasons left in ends in September 2021. The other reaches all points: 268.383 in May 2021, the month
    // asked for, and 239.557, 291.298, 313.175 and 320.620 in theirs.
    let (index, now) = ("CPIAUCSL, seasonally adjusted", 268.383);
    for ((before, after), then) in nominal.iter().zip(&real).zip([239.557, 291.298, 313.175, 320.620]) {
        let amount = |point: &Value| point["band"]["median"]["amount"].as_f64().unwrap();
        assert!((amount(after) - amount(before) * now / then).abs() <= 0.005 + 1e-6, "{after}");
        assert_eq!(before["comparability"], after["comparability"]);
        assert_eq!(
            (&before["band"]["median"]["basis"], &after["band"]["median"]["basis"]),
            (&"PUBLISHED".into(), &"CONVERTED".into())
        );
        let derivation = after["band"]["provenance"]["derivation"][0].as_str().unwrap();
        assert!(derivation.contains(&format!("index {index} (")), "{derivation}");
        // Its id leads to the same figure.
        let again = format!(
            "{{ node(id: {}) {{ ... on SalaryBand {{ median {{ amount }} }} }} }}",
            after["band"]["id"]
        );
        assert_eq!(ask(&schema, &again).await["node"]["median"]["amount"], after["band"]["median"]["amount"]);
    }
    // Alone, the point of May 2016 is shown by the index that people paid by: 240.229, then 269.195.
    let alone = r#"{ salaryBands(filter: { occupations: [{ classification: SOC_2010, code: "29-1141" }], releases: ALL }, view: { pricesOf: "2021-05-01" }) {
        nodes { median { amount } provenance { derivation } } } }"#;
    let alone = ask(&schema, alone).await["salaryBands"]["nodes"][0].clone();
    let printed = nominal[0]["band"]["median"]["amount"].as_f64().unwrap();
    assert!(
        (alone["median"]["amount"].as_f64().unwrap() - printed * 269.195 / 240.229).abs() <= 0.005 + 1e-6
    );
    assert!(
        alone["provenance"]["derivation"][0].as_str().unwrap().contains("index CUUR0000SA0, not"),
        "{alone}"
    );
    assert_eq!(
        (&real[1]["comparability"], &real[0]["band"]["via"]["relation"]),
        (&"SOC_BREAK".into(), &"EXACT".into())
    );
    // On a day when nothing was out under the codes of 2018, the point of the elder code is the history.
    let then = r#"{ role(by: { code: { classification: SOC_2018, code: "29-1141" } }, asOf: "2019-06-01") {
        salaryHistory { band { reference { label } via { relation } } } } }"#;
    let then = ask(&schema, then).await["role"]["salaryHistory"].clone();
    let point = json!([{ "band": { "reference": { "label": "May 2016" }, "via": { "relation": "EXACT" } } }]);
    assert_eq!(then, point);
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
        // No two years are alike.
        let text = made::national(&app.codes(of).await).replace(",1.5,", &format!(",{}.5,", year - 2015));
        app.take("bls-oews", &format!("oews_national_{year}.csv"), text.as_bytes()).await.unwrap();
    }
    let (schema, statements) = app.counted().await;
    statements.store(0, Ordering::Relaxed);
    let of = |code: &str| format!("code: {{ classification: SOC_2018, code: \"{code}\" }}");
    let history = async |by: &str| {
        let document = format!(
            "{{ role(by: {{ {by} }}) {{ salaryHistory {{ comparability reasons
            band {{ reference {{ label }} occupation {{ classification code }} via {{ relation }} }} }} }} }}"
        );
        let answer = ask(&schema, &document).await;
        let points = answer["role"]["salaryHistory"].as_array().unwrap().clone();
        points.iter().map(line).collect::<Vec<String>>()
    };
    let web = history(&of("15-1254")).await;
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
    let developers = history(&of("15-1252")).await;
    assert_eq!(developers.len(), 6);
    assert!(developers[1].starts_with("May 2016 SOC_2010 15-1133 CLOSE"), "{developers:?}");
    assert_eq!(developers[3], "May 2018 SOC_2010 15-1133 CLOSE: NOT_DESIGNED, 2");
    let document = "{ role(by: { code: { classification: SOC_2018, code: \"15-1252\" } }) { salaryHistory { reasons } } }";
    let reasons = ask(&schema, document).await["role"]["salaryHistory"][4]["reasons"].to_string();
    let told = "The occupation is SOC_2018 15-1252 here and SOC_2010 15-1132 and SOC_2010 15-1133 before.";
    assert!(reasons.contains(told), "{reasons}");
    // Software developers are broader than the role, and close to two elder occupations: to the role those are broader too.
    let back_end = history("slug: \"back-end-developer\"").await;
    assert_eq!(back_end[3], "May 2018 SOC_2010 15-1133 BROADER: NOT_DESIGNED, 2");
    assert_eq!(back_end[4], "May 2021 SOC_2018 15-1252 BROADER: SOC_BREAK, 5");
    assert_eq!(history(&of("29-1141")).await[0], "May 2016 SOC_2010 29-1141 EXACT: COMPARABLE, 0");
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
