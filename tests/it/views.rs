//! Properties of money as clients see it, over made-up pay in Ireland: order, the way back, and lanes that never mix.

use async_graphql::Variables;
use entity::Classification;
use rolecast::{graphql::Schema, http::gate};
use serde_json::Value;

use crate::{
    app::{App, ask},
    made::{self, Dice},
};

type Row = (String, u64, f64, [i64; 6]);

/// Pay of every SOC 2018 code, in cents: percentiles rise from at least `least`, in steps of at most `most`.
fn rows(codes: &[String], dice: &mut Dice, (least, most): (i64, i64)) -> Vec<Row> {
    let row = |code: &String| {
        let mut amount = least + dice.below(most);
        let points = [(); 5].map(|()| {
            amount += dice.below(4) * dice.below(most) / 4;
            amount
        });
        let [p10, p25, p50, p75, p90] = points;
        let jobs = u64::try_from(1_000 + dice.below(100_000)).unwrap();
        (code.clone(), jobs, 1.5, [p10, p25, p50, p75, p90, i64::midpoint(p25, p75)])
    };
    codes.iter().map(row).collect()
}

async fn app(sources: &[(&str, &str, &str)]) -> App {
    let definitions: Vec<String> =
        sources.iter().map(|(key, method, currency)| made::definition(key, method, currency)).collect();
    App::start().await.with_sources(&definitions).with_starter().await
}

async fn publish(app: &App, source: &str, year: i32, rows: &[Row]) {
    let report = app.take(source, &format!("made_{year}.csv"), made::survey(rows).as_bytes()).await.unwrap();
    assert_eq!((report.read, report.loaded), (rows.len() as u64, rows.len() as u64), "{:?}", report.lines);
}

/// The bands of a source by code, as a view shows them.
async fn bands(schema: &Schema, source: &str, view: &str) -> Vec<(String, Value)> {
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let document = format!(
            r#"{{ salaryBands(filter: {{ sources: ["{source}"] }}, first: 500, view: {{ {view} }}{after}) {{ pageInfo {{ hasNextPage endCursor }}
            nodes {{ occupation {{ code }} p10 {{ amount }} p25 {{ amount }} p50: median {{ amount }} p75 {{ amount }} p90 {{ amount }} mean {{ amount }}
            p17: percentile(p: 17) {{ amount }} p40: percentile(p: 40) {{ amount }} p60: percentile(p: 60) {{ amount }} p89: percentile(p: 89) {{ amount }} }} }} }}"#
        );
        let page = ask(schema, &document).await["salaryBands"].clone();
        for node in page["nodes"].as_array().unwrap() {
            found.push((node["occupation"]["code"].as_str().unwrap().to_owned(), node.clone()));
        }
        if page["pageInfo"]["hasNextPage"] == false {
            return found;
        }
        after = format!(", after: {}", page["pageInfo"]["endCursor"]);
    }
}

/// An amount in hundredths.
#[expect(clippy::cast_possible_truncation, reason = "pay is far below 2^53 cents")]
fn cents(band: &Value, name: &str) -> i64 {
    (band[name]["amount"].as_f64().unwrap_or_else(|| panic!("{name} of {band}")) * 100.0).round() as i64
}

const PRINTED: [&str; 6] = ["p10", "p25", "p50", "p75", "p90", "mean"];
const IN_ORDER: [&str; 9] = ["p10", "p17", "p25", "p40", "p50", "p60", "p75", "p89", "p90"];

#[tokio::test]
async fn a_view_keeps_the_order_of_percentiles_and_can_be_turned_back() {
    let app = app(&[("made-dollars", "SURVEY", "USD"), ("made-euros", "SURVEY", "EUR")]).await;
    let codes = app.codes(Classification::Soc2018).await;
    let dollars = rows(&codes, &mut Dice(3), (1_234_567, 9_000_000));
    publish(&app, "made-dollars", 2023, &dollars).await;
    let schema = app.schema().await;
    let in_euros = bands(&schema, "made-dollars", r#"currency: "EUR""#).await;
    assert_eq!(in_euros.len(), codes.len());
    for view in [r#"currency: "EUR""#, r#"currency: "JPY""#, r#"currency: "GBP", period: MONTH"#] {
        for (code, band) in bands(&schema, "made-dollars", view).await {
            let amounts = IN_ORDER.map(|name| cents(&band, name));
            assert!(amounts.is_sorted(), "{view} {code}: {amounts:?}");
        }
    }
    // What the view shows, published in euros and shown in dollars again.
    let euros: Vec<Row> = in_euros
        .iter()
        .map(|(code, band)| (code.clone(), 1_000, 1.5, PRINTED.map(|name| cents(band, name))))
        .collect();
    publish(&app, "made-euros", 2023, &euros).await;
    let schema = app.schema().await;
    let back = bands(&schema, "made-euros", r#"currency: "USD""#).await;
    let mut exact = 0;
    for ((code, band), row) in back.iter().zip(&dollars) {
        assert_eq!(*code, row.0);
        for (name, printed) in PRINTED.iter().zip(row.3) {
            // Half a cent of a euro was 0.54 cents of a dollar in May 2023, and half a cent of a dollar is lost on the way back:
            // of whole cents that is at most one.
            let apart = (cents(band, name) - printed).abs();
            assert!(apart <= 1, "{code} {name}: {printed} came back as {}", cents(band, name));
            exact += usize::from(apart == 0);
        }
    }
    assert!(exact > back.len() * 5, "nearly all come back as they went: {exact}");
}

/// Every amount of an answer with the method of the band it stands in.
fn amounts(value: &Value, method: &str, found: &mut Vec<(String, f64)>) {
    let method = value["method"].as_str().filter(|method| METHODS.contains(method)).unwrap_or(method);
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match (name.as_str(), field.as_f64()) {
                    ("amount" | "lowerBoundMedian" | "upperBoundMedian", Some(amount)) => {
                        found.push((method.to_owned(), amount));
                    }
                    _ => amounts(field, method, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| amounts(item, method, found)),
        _ => {}
    }
}

const METHODS: [&str; 2] = ["SURVEY", "ADVERT"];

#[tokio::test]
async fn no_answer_puts_two_lanes_together() {
    let app = app(&[("made-survey", "SURVEY", "USD"), ("made-adverts", "ADVERT", "USD")]).await;
    let codes = app.codes(Classification::Soc2018).await;
    let mut dice = Dice(5);
    // Surveyed pay is below 120,000, advertised pay above 300,000: whatever lies between is of both.
    for year in [2022, 2023] {
        publish(&app, "made-survey", year, &rows(&codes, &mut dice, (2_000_000, 2_000_000))).await;
        publish(&app, "made-adverts", year, &rows(&codes, &mut dice, (30_000_000, 20_000_000))).await;
    }
    let schema = app.schema().await;
    let figures = "p10 { amount } p25 { amount } median { amount } p75 { amount } p90 { amount }";
    let mut seen = [0, 0];
    for (view, border) in [("", 200_000.0), (r#"currency: "EUR", period: MONTH"#, 15_000.0)] {
        let at = format!(r#"region: "IE", view: {{ {view} }}"#);
        let ways = "fallback: [CROSSWALK, BROADER_OCCUPATION, PARENT_REGION]";
        let document = format!(
            "{{ roles(first: 100, filter: {{ classification: NOC_2021 }}) {{ nodes {{ id
            payLanes({at}) {{ method bands {{ method {figures} mean {{ amount }} }} combined {{ {figures} lowerBoundMedian upperBoundMedian }} }}
            salary({at}, {ways}) {{ method {figures} }} advert: salary({at}, method: ADVERT, {ways}) {{ method {figures} }}
            payRank(amount: 1, {at}) {{ band {{ method {figures} }} }} salaryHistory({at}) {{ band {{ method {figures} }} }} }} }} }}"
        );
        let answer = ask(&schema, &document).await;
        let roles = answer["roles"]["nodes"].as_array().unwrap();
        let ids: Vec<String> = roles.iter().take(50).map(|role| role["id"].to_string()).collect();
        let matrix = format!(
            r#"{{ compare(roles: [{}], regions: ["IE"], view: {{ {view} }}) {{ cells {{ band {{ method {figures} }} }} }} }}"#,
            ids.join(",")
        );
        let combined = roles.iter().flat_map(|role| role["payLanes"].as_array().unwrap());
        assert!(combined.filter(|lane| !lane["combined"].is_null()).count() > 4, "both lanes combine");
        let mut found = Vec::new();
        amounts(&answer, "", &mut found);
        amounts(&ask(&schema, &matrix).await, "", &mut found);
        for (method, amount) in found {
            let lane = METHODS.iter().position(|known| *known == method).unwrap();
            assert_eq!(amount > border, lane == 1, "{method} {amount} {view}");
            seen[lane] += 1;
        }
    }
    assert!(seen.iter().all(|many| *many > 1_000), "{seen:?}");
}

#[tokio::test]
async fn a_lane_says_when_its_members_cannot_both_be_right() {
    let app = app(&[
        ("made-one", "SURVEY", "USD"),
        ("made-two", "SURVEY", "USD"),
        ("made-adverts", "ADVERT", "USD"),
    ])
    .await;
    let row = |code: &str, rse: f64, mean: i64| {
        (code.to_owned(), 1_000, rse, [3_000_000, 4_000_000, 5_000_000, 6_000_000, 7_000_000, mean])
    };
    // 90 percent of 50,000 and 50,500, each with an error of 1 percent: 1.645 x hypot(500, 505) = 1,169 apart may be chance.
    publish(
        &app,
        "made-one",
        2023,
        &[row("29-1021", 1.0, 5_000_000), row("29-1141", 1.0, 5_000_000), row("29-1071", 1.0, 5_000_000)],
    )
    .await;
    publish(&app, "made-two", 2023, &[row("29-1021", 1.0, 5_050_000), row("29-1141", 1.0, 5_120_000)]).await;
    publish(&app, "made-adverts", 2023, &[row("29-1021", 0.1, 9_000_000)]).await;
    let schema = app.schema().await;
    let conflicts = async |code: &str| {
        let document = format!(
            r#"{{ role(by: {{ code: {{ classification: SOC_2018, code: "{code}" }} }}) {{ payLanes(region: "IE") {{ method conflict bands {{ id }} }} }} }}"#
        );
        let lanes = ask(&schema, &document).await["role"]["payLanes"].as_array().unwrap().clone();
        lanes.into_iter().map(|lane| lane["conflict"].clone()).collect::<Vec<Value>>()
    };
    assert_eq!(
        conflicts("29-1021").await,
        [Value::Null, Value::Null],
        "near enough, and lanes are not held against each other"
    );
    assert_eq!(
        conflicts("29-1141").await,
        [
            "the means that made-one/all/May 2023/1 and made-two/all/May 2023/1 print for Registered Nurses lie further apart than their standard errors allow"
        ]
    );
    assert_eq!(conflicts("29-1071").await, [Value::Null]);
    // Another year is another time, and no contradiction.
    publish(&app, "made-two", 2024, &[row("29-1141", 1.0, 5_120_000)]).await;
    let later = ask(&app.schema().await, r#"{ role(by: { code: { classification: SOC_2018, code: "29-1141" } }) { payLanes(region: "IE") { conflict bands { reference { label } } } } }"#).await;
    assert_eq!(later["role"]["payLanes"][0]["conflict"], Value::Null, "{later}");
    assert_eq!(later["role"]["payLanes"][0]["bands"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn wrong_views_name_their_argument_wherever_a_view_is_taken() {
    let schema = App::start().await.with_starter().await.schema().await;
    let of_role = |field: &str| {
        format!(
            r#"{{ role(by: {{ code: {{ classification: SOC_2018, code: "15-1252" }} }}) {{ {field} }} }}"#
        )
    };
    let wrong = [
        (r#"currency: "ABC""#, "view.currency"),
        (r#"currency: "eur""#, "view.currency"),
        (r#"currency: "Euro""#, "view.currency"),
        (r#"currency: "XXX""#, "view.currency"),
        (r#"pricesOf: "0001-01-01""#, "view.pricesOf"),
        ("exchange: PPP", "view.exchange"),
        (r#"currency: "EUR", exchange: PPP"#, "view.currency"),
        (r#"currency: "LRD", exchange: PPP"#, "view.currency"),
        (r#"pricesOf: "1912-12-31""#, "view.pricesOf"),
        (r#"pricesOf: "2026-05-01""#, "view.pricesOf"),
    ];
    for (view, argument) in wrong {
        for document in [
            of_role(&format!("payLanes(view: {{ {view} }}) {{ method }}")),
            of_role(&format!("salaryHistory(view: {{ {view} }}) {{ comparability }}")),
            of_role(&format!("payRank(amount: 1, view: {{ {view} }}) {{ text }}")),
            of_role(&format!("salary(view: {{ {view} }}) {{ id }}")),
            of_role(&format!("salaryBands(view: {{ {view} }}) {{ totalCount }}")),
            format!("{{ salaryBands(filter: {{}}, view: {{ {view} }}) {{ totalCount }} }}"),
            format!(
                r#"{{ compare(roles: [], regions: ["US"], view: {{ {view} }}) {{ cells {{ reason }} }} }}"#
            ),
        ] {
            refused(&schema, &document, argument).await;
        }
    }
    // A place that there is not, wherever one is named.
    for (field, argument) in [
        (r#"salary(region: "US-ZZ")"#, "region"),
        (r#"payLanes(region: "US-ZZ")"#, "region"),
        (r#"payRank(amount: 1, region: "US-ZZ")"#, "region"),
        (r#"salaryHistory(region: "US-ZZ")"#, "region"),
        (r#"growth(region: "US-ZZ")"#, "region"),
        (r#"growthHistory(region: "US-ZZ")"#, "region"),
        (r#"salaryBands(filter: { regions: ["US", "US-ZZ"] })"#, "filter.regions"),
    ] {
        refused(&schema, &of_role(&format!("{field} {{ __typename }}")), argument).await;
    }
    for (list, argument) in [
        (r#"roles(filter: { hasPayIn: "US-ZZ" })"#, "filter.hasPayIn"),
        (r#"roles(filter: { median: { region: "US-ZZ" } })"#, "filter.median.region"),
        (r#"roles(filter: { median: { region: "GB", currency: "USD" } })"#, "filter.median.currency"),
        ("roles(filter: { median: { min: 2, max: 1 } })", "filter.median.min"),
        (r#"roles(orderBy: { field: MEDIAN, region: "US-ZZ" })"#, "orderBy.region"),
        ("roles(orderBy: { field: RELEVANCE })", "orderBy.field"),
        (r#"roles(after: "nothing")"#, "after"),
        ("roles(first: 101)", "first"),
        ("salaryBands(filter: { period: null }, orderBy: { field: MEDIAN })", "filter.period"),
        (r#"salaryBands(filter: { within: "US-ZZ" })"#, "filter.within"),
        (r#"salaryBands(filter: { roles: ["nothing"] })"#, "filter.roles"),
        (r#"growthProjections(filter: { regions: ["US-ZZ"] })"#, "filter.regions"),
        (r#"regions(filter: { within: "US-ZZ" })"#, "filter.within"),
    ] {
        refused(&schema, &format!("{{ {list} {{ totalCount }} }}"), argument).await;
    }
    refused(&schema, r#"{ compare(roles: [], regions: ["US-ZZ"]) { cells { reason } } }"#, "regions").await;
    // A place without a parity, where one place is asked about. A matrix gives the reason in its cell.
    for field in ["payLanes", "salaryHistory", "salary"] {
        let of = |place: &str, view: &str| {
            of_role(&format!(r#"{field}(region: "{place}", view: {{ {view} }}) {{ __typename }}"#))
        };
        refused(&schema, &of("GB", "costOfLiving: true"), "view.costOfLiving").await;
        refused(&schema, &of("US-CITY:san-francisco", "costOfLiving: true"), "view.costOfLiving").await;
        refused(&schema, &of("TW", r#"currency: "GBP", exchange: PPP"#), "view.exchange").await;
        refused(&schema, &of("BG", r#"currency: "GBP", exchange: PPP"#), "view.exchange").await;
    }
    for (field, argument) in [
        ("salary { percentile(p: 0) { kind } }", "p"),
        ("salary { percentile(p: 100) { kind } }", "p"),
        ("payLanes { bands { percentile(p: -5) { kind } } }", "p"),
        ("payRank(amount: -1) { text }", "amount"),
        ("payRank(amount: 1e300) { text }", "amount"),
    ] {
        refused(&schema, &of_role(field), argument).await;
    }
}

async fn refused(schema: &Schema, document: &str, argument: &str) {
    let request = gate::admit(document, None, Variables::default()).unwrap();
    let answer = serde_json::to_value(schema.execute(request).await).unwrap();
    let error = &answer["errors"][0];
    assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{document}: {answer}");
    assert_eq!(error["extensions"]["argument"], argument, "{document}: {answer}");
    assert!(error["message"].as_str().unwrap().contains(&format!("`{argument}")), "{error}");
}
