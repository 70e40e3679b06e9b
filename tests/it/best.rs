//! Which band answers for a role: the money of the place, what hides nothing, and what stands in no further away than it must.

use std::fmt::Write as _;

use entity::Classification;
use jobs::pipeline::Outcome;
use rolecast::graphql::Schema;
use serde_json::{Value, json};

use crate::{
    app::{App, ask},
    made,
};

/// Posted ranges as their source has them: two rows each, the upper end first. Year, title, middle, currency, country, how many.
type Postings<'a> = (i32, &'a str, i64, &'a str, &'a str, usize);

async fn advertise(app: &App, postings: &[Postings<'_>]) {
    let mut text =
        "work_year,experience_level,employment_type,job_title,salary,salary_currency,salary_in_usd,\
                    employee_residence,remote_ratio,company_location,company_size\n"
            .to_owned();
    for (year, title, middle, currency, country, many) in postings {
        for end in [middle + 1_000, middle - 1_000].repeat(*many) {
            writeln!(text, "{year},SE,FT,{title},{end},{currency},{end},{country},0,{country},M").unwrap();
        }
    }
    let report = app.take("ai-jobs", "salaries.csv", text.as_bytes()).await.unwrap();
    assert_eq!(report.loaded, report.read, "{:?}", report.lines);
}

async fn role(schema: &Schema, by: &str, field: &str) -> Value {
    let by = match by.split_once(' ') {
        Some((of, code)) => format!(r#"code: {{ classification: {of}, code: "{code}" }}"#),
        None => format!(r#"slug: "{by}""#),
    };
    ask(schema, &format!("{{ role(by: {{ {by} }}) {{ {field} }} }}")).await["role"].clone()
}

const BAND: &str = "method currency sampleSize reference { label } region { code } occupation { classification code } \
                    via { relation } median { amount kind text } mean { amount } substitution { steps { from to } }";

async fn salary(schema: &Schema, by: &str, arguments: &str) -> Value {
    role(schema, by, &format!("salary({arguments}) {{ {BAND} }}")).await["salary"].clone()
}

/// `from > to` of each step.
fn steps(band: &Value) -> Vec<String> {
    let steps = band["substitution"]["steps"].as_array().into_iter().flatten();
    steps
        .map(|step| format!("{} > {}", step["from"].as_str().unwrap(), step["to"].as_str().unwrap()))
        .collect()
}

const SCIENTIST: &str = "SOC_2018 15-2051";

#[tokio::test]
async fn pay_in_the_money_of_the_place_comes_first_and_then_the_largest_sample() {
    let app = App::start().await;
    advertise(
        &app,
        &[
            (2023, "Data Scientist", 160_000, "USD", "US", 6),
            (2024, "Data Scientist", 59_000, "GBP", "US", 9),
            (2024, "Data Scientist", 170_000, "USD", "US", 7),
            (2024, "Data Scientist", 80_000, "GBP", "DE", 5),
            (2024, "Data Scientist", 90_000, "USD", "DE", 8),
        ],
    )
    .await;
    let schema = app.schema().await;
    let money = |band: &Value| {
        (
            band["currency"].as_str().unwrap().to_owned(),
            band["sampleSize"].as_i64(),
            band["median"]["amount"].as_i64(),
        )
    };
    let dollars = ("USD".to_owned(), Some(7), Some(170_000));
    assert_eq!(money(&salary(&schema, SCIENTIST, r#"region: "US""#).await), dollars);
    // In Germany neither is the money of the place.
    let larger = ("USD".to_owned(), Some(8), Some(90_000));
    assert_eq!(money(&salary(&schema, SCIENTIST, r#"region: "DE""#).await), larger);
    // The history is that of the band, and an order by pay sorts what is shown.
    let history =
        role(&schema, SCIENTIST, &format!("salaryHistory {{ comparability band {{ {BAND} }} }}")).await;
    let points = history["salaryHistory"].as_array().unwrap();
    let pay: Vec<_> = points.iter().map(|point| money(&point["band"]).2).collect();
    assert_eq!(pay, [Some(160_000), Some(170_000)]);
    assert_eq!(points[1]["comparability"], "NOT_DESIGNED");
    let first = r#"{ roles(filter: { hasPayIn: "US" }, orderBy: { field: MEDIAN, direction: DESC }, first: 1) { nodes { salary { currency median { amount } } } } }"#;
    assert_eq!(
        ask(&schema, first).await["roles"]["nodes"][0]["salary"],
        json!({ "currency": "USD", "median": { "amount": 170_000 } })
    );
}

#[tokio::test]
async fn a_band_of_nothing_hides_no_answer() {
    let app = App::start().await.with_starter().await;
    // Of fewer than five postings nothing is published.
    advertise(
        &app,
        &[
            (2024, "Software Developer", 126_000, "CAD", "CA", 2),
            (2024, "Data Scientist", 99_000, "CAD", "CA", 2),
            (2024, "Software Developer", 150_000, "USD", "US", 6),
        ],
    )
    .await;
    let schema = app.schema().await;
    let canada = salary(&schema, "back-end-developer", r#"region: "CA""#).await;
    assert_eq!((&canada["method"], &canada["mean"]["amount"]), (&json!("EDITORIAL"), &json!(85_000)));
    // Where there is nothing else it is shown, and a matrix says that there is no amount.
    let scientist = salary(&schema, "data-scientist", r#"region: "CA""#).await;
    assert_eq!(
        (&scientist["method"], &scientist["median"]["kind"]),
        (&json!("ADVERT"), &json!("NOT_PUBLISHED"))
    );
    let ids = ask(
        &schema,
        r#"{ a: role(by: { slug: "back-end-developer" }) { id } b: role(by: { slug: "data-scientist" }) { id }
        c: role(by: { slug: "legislators" }) { id } d: role(by: { slug: "business-analyst" }) { id } }"#,
    )
    .await;
    let matrix = format!(
        r#"{{ compare(roles: [{}, {}, {}, {}], regions: ["CA", "US", "US-GA"]) {{ cells {{ reason band {{ median {{ amount }} }} }} }} }}"#,
        ids["a"]["id"], ids["b"]["id"], ids["c"]["id"], ids["d"]["id"]
    );
    let answer = ask(&schema, &matrix).await;
    let reason = |row: usize, cell: usize| answer["compare"][row]["cells"][cell]["reason"].clone();
    assert_eq!([reason(0, 0), reason(0, 1), reason(1, 1)], [Value::Null, Value::Null, Value::Null]);
    assert_eq!(reason(1, 0), "not published");
    // The table of May 2024 prints 44,810 dollars, that of May 2025 has no such row.
    assert_eq!(reason(2, 1), "the current releases have nothing for Legislators in United States");
    // Georgia withholds all pay of management analysts.
    assert_eq!(reason(3, 2), "withheld by the publisher");
    let rank =
        role(&schema, "business-analyst", r#"payRank(amount: 90000, region: "US-GA") { above below text }"#)
            .await;
    assert_eq!(
        rank["payRank"],
        json!({ "above": null, "below": null, "text": "no percentile can be compared: withheld by the publisher" })
    );
}

#[tokio::test]
async fn what_stands_in_is_no_further_away_than_it_must_be() {
    let schema = App::start().await.with_starter().await.schema().await;
    let around = "fallback: [PARENT_REGION]";
    // 13-1111 is withheld in Georgia; 15-1211, the role's second occupation, is 103,380 dollars there.
    for (place, way) in [("CBSA:12060", vec!["CBSA:12060 > US-GA"]), ("US-GA", vec![])] {
        let found = salary(&schema, "business-analyst", &format!(r#"region: "{place}", {around}"#)).await;
        assert_eq!(
            (&found["occupation"]["code"], &found["median"]["amount"]),
            (&json!("15-1211"), &json!(103_380))
        );
        assert_eq!(
            (steps(&found), &found["via"]["relation"]),
            (way.into_iter().map(str::to_owned).collect(), &json!("CLOSE"))
        );
    }
    let plain = salary(&schema, "business-analyst", r#"region: "US-GA""#).await;
    assert_eq!(
        (&plain["occupation"]["code"], &plain["median"]["kind"]),
        (&json!("13-1111"), &json!("SUPPRESSED"))
    );
    let ontario = salary(&schema, "back-end-developer", &format!(r#"region: "CA-ON", {around}"#)).await;
    assert_eq!((&ontario["method"], &ontario["mean"]["amount"]), (&json!("EDITORIAL"), &json!(85_000)));
    assert_eq!(steps(&ontario), ["CA-ON > CA"]);
}

#[tokio::test]
async fn what_stands_in_was_observed_like_what_is_withheld() {
    let sources = [("made-survey", "SURVEY"), ("made-adverts", "ADVERT")];
    let marks = (r#""-" = "NOT_PUBLISHED""#, r#""-" = "NOT_PUBLISHED", "*" = "SUPPRESSED""#);
    let definitions =
        sources.map(|(key, method)| made::definition(key, method, "EUR").replace(marks.0, marks.1));
    let app = App::start().await.with_sources(&definitions);
    let file = |rows: &str| format!("code,title,jobs,rse,p10,p25,p50,p75,p90,mean\n{rows}");
    let withheld = "15-1252,Developers,10,1,*,*,*,*,*,*\n15-1253,Testers,10,1,*,*,*,*,*,*\n";
    let groups = "15-1250,Developers and others,99,1,30000,35000,41000,45000,50000,42000\n";
    app.take("made-survey", "made_2023.csv", file(withheld).as_bytes()).await.unwrap();
    app.take("made-adverts", "made_2023.csv", file(groups).as_bytes()).await.unwrap();
    let broader = r#"region: "IE", fallback: [BROADER_OCCUPATION]"#;
    let schema = app.schema().await;
    let found = salary(&schema, "SOC_2018 15-1252", broader).await;
    assert_eq!((&found["method"], &found["median"]["kind"]), (&json!("SURVEY"), &json!("SUPPRESSED")));
    // Where nothing is withheld there is no lane to keep to.
    let loose = salary(&schema, "SOC_2018 15-1254", broader).await;
    assert_eq!((&loose["method"], &loose["median"]["amount"]), (&json!("ADVERT"), &json!(41_000)));
    app.take("made-survey", "made_2024.csv", file(&format!("{withheld}{groups}")).as_bytes()).await.unwrap();
    let found = salary(&app.schema().await, "SOC_2018 15-1252", broader).await;
    assert_eq!((&found["method"], &found["median"]["amount"]), (&json!("SURVEY"), &json!(41_000)));
    assert_eq!(steps(&found), ["SOC_2018 15-1252 > SOC_2018 15-1250"]);
}

#[tokio::test]
async fn a_crosswalk_does_not_come_back_to_an_elder_release_of_the_same_code() {
    let app = App::start().await;
    advertise(
        &app,
        &[
            (2023, "Software Developer", 126_000, "CAD", "CA", 6),
            (2024, "Software Developer", 150_000, "USD", "US", 6),
        ],
    )
    .await;
    let schema = app.schema().await;
    let found = salary(&schema, "SOC_2018 15-1252", r#"region: "CA", fallback: [CROSSWALK]"#).await;
    assert_eq!(found, Value::Null);
    let elder = role(
        &schema,
        "SOC_2018 15-1252",
        r#"salaryBands(filter: { regions: ["CA"], releases: ALL }) { nodes { median { amount } } }"#,
    )
    .await;
    assert_eq!(elder["salaryBands"]["nodes"], json!([{ "median": { "amount": 126_000 } }]), "it is there");
}

async fn hourly(schema: &Schema, by: &str, place: &str) -> (String, Value) {
    let field =
        format!(r#"salary(region: "{place}", view: {{ period: HOUR }}) {{ median {{ amount kind text }} }}"#);
    let median = role(schema, by, &field).await["salary"]["median"].clone();
    (median["kind"].as_str().unwrap().to_owned(), median["amount"].clone())
}

#[tokio::test]
async fn hourly_pay_is_derived_only_where_a_table_says_that_it_exists() {
    let schema = App::start().await.with_starter().await.schema().await;
    // The national table of May 2024 says that legislators are paid by the year; that of May 2025 has no such row. Texas prints
    // 42,080 dollars, and 42,080 / 2,080 would be 20.23.
    assert_eq!(hourly(&schema, "legislators", "US-TX").await, ("NOT_APPLICABLE".to_owned(), Value::Null));
    let then = r#"{ role(by: { slug: "legislators" }, asOf: "2025-06-01") { salary(region: "US-TX", view: { period: HOUR }) { median { kind } } } }"#;
    assert_eq!(ask(&schema, then).await["role"]["salary"]["median"]["kind"], "NOT_APPLICABLE");
    // The history goes on to the last table that has the row.
    let history =
        role(&schema, "legislators", "salaryHistory { band { reference { label } mean { amount } } }").await;
    let last = history["salaryHistory"].as_array().unwrap().last().unwrap();
    assert_eq!(last["band"]["reference"]["label"], "May 2024");
    // 170,910 / 2,080 = 82.168.
    assert_eq!(hourly(&schema, "software-developers", "US-CA").await, ("EXACT".to_owned(), json!(82.17)));
}

#[tokio::test]
async fn where_no_table_speaks_of_hourly_pay_none_is_derived() {
    let app = App::start().await;
    let codes = app.codes(Classification::Soc2018).await;
    let states = made::states(&codes[..600], &made::STATES);
    let report = app.take("bls-oews", "state_M2022_dl_columns_cut.csv", states.as_bytes()).await.unwrap();
    assert_eq!(report.outcome, Outcome::Published, "{:?}", report.lines);
    let developers = "SOC_2018 15-1252";
    let schema = app.schema().await;
    assert_eq!(hourly(&schema, developers, "US-TX").await, ("NOT_CONVERTIBLE".to_owned(), Value::Null));
    // The national table nearest in time says that there is. One of all occupations together tells it from a table of a few.
    let codes: Vec<String> = std::iter::once("00-0000".to_owned()).chain(codes).collect();
    let table = made::national(&codes).replace("Occupation 0,detailed", "Occupation 0,total");
    let report = app.take("bls-oews", "oews_national_2021.csv", table.as_bytes()).await.unwrap();
    assert_eq!(report.outcome, Outcome::Published, "{:?}", report.lines);
    assert_eq!(hourly(&app.schema().await, developers, "US-TX").await.0, "EXACT");
}

#[tokio::test]
async fn a_combination_is_weighed_by_published_employment() {
    let schema = App::start().await.with_starter().await.schema().await;
    let answer = role(
        &schema,
        "devops-engineer",
        "occupations { weight } payLanes { combined { median { amount } method inputs { weight band { occupation { code } employment { count } } } } }",
    )
    .await;
    assert!(
        answer["occupations"].as_array().unwrap().iter().all(|link| link["weight"].is_null()),
        "{answer}"
    );
    let combined = &answer["payLanes"][0]["combined"];
    let inputs = combined["inputs"].as_array().unwrap();
    let of = |place: usize| {
        (&inputs[place]["band"]["occupation"]["code"], &inputs[place]["band"]["employment"]["count"])
    };
    assert_eq!(
        (of(0), of(1)),
        ((&json!("15-1252"), &json!(1_687_890)), (&json!("15-1244"), &json!(314_340)))
    );
    // 1,687,890 + 314,340 = 2,002,230 workers.
    let weights = [1_687_890.0 / 2_002_230.0, 314_340.0 / 2_002_230.0];
    for (input, weight) in inputs.iter().zip(weights) {
        assert!((input["weight"].as_f64().unwrap() - weight).abs() < 1e-9, "{input}");
    }
    // Developers are paid 105,210 at the 25th and 135,980 at the 50th, administrators 126,640 at the 75th and 155,050 at the 90th:
    // at 129,260.43 dollars 0.450615 of the former and 0.765177 of the latter are paid less, and of all
    // 0.843005 x 0.450615 + 0.156995 x 0.765177 = 0.5.
    let median = combined["median"]["amount"].as_f64().unwrap();
    let share = |low: f64, high: f64| (median / low).ln() / (high / low).ln();
    let less = [0.25 + 0.25 * share(105_210.0, 135_980.0), 0.75 + 0.15 * share(126_640.0, 155_050.0)];
    assert!((weights[0] * less[0] + weights[1] * less[1] - 0.5).abs() < 1e-6, "{median}");
    assert!((median - 129_260.43).abs() < 0.02, "{median}");
    assert!(combined["method"].as_str().unwrap().ends_with("weighed by employment"));
}
