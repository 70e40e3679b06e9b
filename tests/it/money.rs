//! Money as a client wants to see it, against arithmetic written out here. The rates are those of the publishers' files:
//! sums of daily rates for a euro, the 22 of May 2024 unless it is said, the consumer price index, parities.

use std::fmt::Write as _;

use rolecast::graphql::Schema;
use serde_json::{Value, json};

use crate::{
    app::{App, ask},
    corpus::shared,
};

/// One world for all of it: nothing here writes, and the figures that ship take a while to load.
#[tokio::test]
async fn money_is_shown_as_asked() {
    let schema = App::start().await.with_starter().await.schema().await;
    each_step_is_the_arithmetic_written_out(&schema).await;
    all_steps_together_round_once_and_say_what_they_did(&schema).await;
    what_cannot_be_done_is_null_and_says_why(&schema).await;
    percentiles_between_published_ones_are_modelled(&schema).await;
    an_amount_is_ranked_and_places_have_their_prices(&schema).await;
    a_view_that_asks_for_nothing_changes_nothing(&schema).await;
}

/// The World Bank's parity of Romania is in lei, that of Bulgaria in leva or euro, that of Liberia in dollars of the United States.
#[tokio::test]
async fn a_parity_in_other_money_than_pay_converts_nothing() {
    let app = App::start().await.with_starter().await;
    let mut rows = String::from("role,place,statistic,amount,currency,period,method,site,page,date,quote\n");
    for (place, amount) in [("BG", "50000,EUR"), ("LR", "500000,LRD"), ("RO", "60000,RON")] {
        let page = format!("https://pay.example.org/{place}");
        let row = format!("Beekeeper,{place},MEDIAN,{amount},YEAR,CROWD,Example Pay,{page},2026-03-01");
        writeln!(rows, "{row},what beekeepers have").unwrap();
    }
    app.take("manual", "manual.csv", rows.as_bytes()).await.unwrap();
    let answer = app
        .ask(
            r#"{ salaryBands(filter: { sources: ["manual"] }, view: { currency: "USD", exchange: PPP }) { nodes {
            region { code } median { amount kind text } } } }"#,
        )
        .await;
    let told = |place: &str| {
        let bands = answer["salaryBands"]["nodes"].as_array().unwrap();
        bands.iter().find(|band| band["region"]["code"] == place).unwrap()["median"].clone()
    };
    assert_eq!(told("RO")["amount"], exact(6_000_000, &[100_000_000_000_000], &[188_148_626_695_853]));
    for (place, is) in [("BG", "is in leva"), ("LR", "is in United States dollars")] {
        let median = told(place);
        let text = format!("not convertible: the purchasing power parity of this country {is}");
        assert_eq!((&median["amount"], &median["kind"]), (&Value::Null, &json!("NOT_CONVERTIBLE")));
        assert!(median["text"].as_str().unwrap().starts_with(&text), "{median}");
    }
}

/// `amount` cents times the first list by the second, rounded to cents as a client reads them.
fn exact(amount: i128, times: &[i128], by: &[i128]) -> Value {
    let (above, below) = (amount * times.iter().product::<i128>(), by.iter().product::<i128>());
    let cents = (2 * above + below) / (2 * below);
    let (whole, rest) = (cents / 100, cents % 100);
    serde_json::from_str(&if rest == 0 { whole.to_string() } else { format!("{whole}.{rest:02}") }).unwrap()
}

/// The one annual band of an occupation in a place, of May 2024 in the United States.
async fn band(schema: &Schema, place: &str, code: &str, period: &str, view: &str) -> Value {
    let of = if place == "GB" { "UK_SOC_2020" } else { "SOC_2018" };
    let label = if place == "GB" { "2024" } else { "May 2024" };
    let document = format!(
        r#"{{ salaryBands(filter: {{ occupations: [{{ classification: {of}, code: "{code}" }}], regions: ["{place}"],
        releases: ALL, releaseLabel: "{label}", period: {period} }}, view: {{ {view} }}) {{ nodes {{
        id currency period median {{ amount kind basis text }} p90 {{ amount kind basis text }} mean {{ amount kind basis text }}
        p20: percentile(p: 20) {{ amount kind basis }} p80: percentile(p: 80) {{ kind basis }} p5: percentile(p: 5) {{ kind }}
        provenance {{ derivation }} }} }} }}"#
    );
    let answer = ask(schema, &document).await;
    let nodes = answer["salaryBands"]["nodes"].as_array().unwrap();
    assert_eq!(nodes.len(), 1, "{document}");
    nodes[0].clone()
}

const DEVELOPERS: &str = "15-1252";
/// The medians of software developers in the United States and in California, cents a year.
const US: i128 = 13_308_000;
const CA: i128 = 17_091_000;

async fn each_step_is_the_arithmetic_written_out(schema: &Schema) {
    let median = async |place: &str, period: &str, view: &str| {
        let code = if place == "GB" { "2134" } else { DEVELOPERS };
        band(schema, place, code, period, view).await["median"]["amount"].clone()
    };
    // A dollar for a euro was 23.7869 over 22 days, a pound 18.82409, a yen 3707.8.
    assert_eq!(median("US", "YEAR", "currency: \"EUR\"").await, exact(US, &[22 * 10_000], &[237_869]));
    assert_eq!(median("US", "YEAR", "currency: \"GBP\"").await, exact(US, &[1_882_409], &[2_378_690]));
    // Yen have no hundredths: 133,080 dollars are 20,743,939.9 yen.
    assert_eq!(median("US", "YEAR", "currency: \"JPY\"").await, json!(20_743_940));
    // The British tax year, April 2023 to March 2024: 253 days, 274.3827 dollars and 218.33942 pounds for as many euros.
    let dollars = exact(5_350_100, &[27_438_270], &[21_833_942]);
    assert_eq!(median("GB", "YEAR", "currency: \"USD\"").await, dollars);
    // The index was 313.175 in May 2024 and 332.407 in April 2026.
    assert_eq!(median("US-CA", "YEAR", "pricesOf: \"2026-04-15\"").await, exact(CA, &[332_407], &[313_175]));
    // California is at 112.581, of 2023.
    assert_eq!(median("US-CA", "YEAR", "costOfLiving: true").await, exact(CA, &[100_000], &[112_581]));
    // An international dollar is 0.664153 pounds and 1 dollar. Nine months of the British tax year are of 2023: 0.660709.
    assert_eq!(
        median("US", "YEAR", "currency: \"GBP\", exchange: PPP").await,
        exact(US, &[664_153], &[1_000_000])
    );
    assert_eq!(
        median("GB", "YEAR", "currency: \"USD\", exchange: PPP").await,
        exact(5_350_100, &[1_000_000], &[660_709])
    );
    // Pay of 2025 goes by the parities of 2024, the last there are, and says so. The 135,980 dollars are of May 2025.
    let newest = ask(schema, r#"{ role(by: { code: { classification: SOC_2018, code: "15-1252" } }) { salary(view: { currency: "GBP", exchange: PPP }) { median { amount } provenance { derivation } } } }"#).await;
    let newest = &newest["role"]["salary"];
    assert_eq!(newest["median"]["amount"], exact(13_598_000, &[664_153], &[1_000_000]));
    assert_eq!(
        newest["provenance"]["derivation"][0],
        "currency: USD of 2025 to GBP by purchasing power of 2024: an international dollar was 1 USD and 0.664153 GBP (world-bank-ppp/gdp/through 2024/1)"
    );
    assert_eq!(median("US-CA", "YEAR", "period: HOUR").await, exact(CA, &[1], &[2080]));
    assert_eq!(median("US-CA", "YEAR", "period: WEEK").await, exact(CA, &[1], &[52]));
    assert_eq!(median("GB", "YEAR", "period: MONTH").await, exact(5_350_100, &[1], &[12]));
    // What is printed by the hour is not converted to it.
    let printed = ask(schema, r#"{ role(by: { code: { classification: SOC_2018, code: "15-1252" } }) { salary(view: { period: HOUR }) { period p10 { amount basis } provenance { derivation } } } }"#).await;
    assert_eq!(printed["role"]["salary"]["p10"]["basis"], "PUBLISHED", "{printed}");
    assert_eq!(printed["role"]["salary"]["provenance"]["derivation"], json!([]));
    // 63.98 dollars an hour.
    assert_eq!(median("US", "HOUR", "period: YEAR").await, exact(6_398, &[2080], &[1]));
}

/// The text of the publishers' file of this name, or nothing where their files are not here.
fn file(folder: &str, name: &str) -> Option<String> {
    let path = shared(folder).into_iter().find(|path| path.ends_with(name))?;
    Some(std::fs::read_to_string(path).unwrap())
}

#[test]
fn the_numbers_used_here_are_those_of_the_publishers_files() {
    let Some(rates) = file("fx", "eurofxref-hist.csv") else { return };
    let header: Vec<&str> = rates.lines().next().unwrap().split(',').collect();
    // Days, and the sum of the rates of a currency in millionths, from one day through another.
    let sum = |currency: &str, from: &str, through: &str| {
        let column = header.iter().position(|name| *name == currency).unwrap();
        let days = rates.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
        let rates = days.filter(|cells| from <= cells[0] && cells[0] <= through).map(|cells| {
            let (whole, fraction) = cells[column].split_once('.').unwrap_or((cells[column], ""));
            format!("{whole}{fraction:0<6}").parse::<i64>().unwrap()
        });
        rates.fold((0, 0), |(days, sum), rate| (days + 1, sum + rate))
    };
    let may = |currency: &str| sum(currency, "2024-05-01", "2024-05-31");
    assert_eq!(
        [may("USD"), may("GBP"), may("JPY")],
        [(22, 23_786_900), (22, 18_824_090), (22, 3_707_800_000)]
    );
    let tax_year = |currency: &str| sum(currency, "2023-04-01", "2024-03-31");
    assert_eq!([tax_year("USD"), tax_year("GBP")], [(253, 274_382_700), (253, 218_339_420)]);
    assert_eq!(sum("USD", "2025-05-01", "2025-05-31"), (21, 23_683_900));
    let has = |folder: &str, name: &str, line: &str| {
        let text = file(folder, name).unwrap();
        assert!(
            text.lines().any(|found| found.split_whitespace().collect::<Vec<_>>().join(" ") == line),
            "{name}: {line}"
        );
    };
    for line in [
        "2016-05-01,239.557",
        "2021-05-01,268.383",
        "2022-05-01,291.298",
        "2024-05-01,313.175",
        "2025-05-01,320.620",
        "2026-04-01,332.407",
    ] {
        has("cpi", "fred_CPIAUCSL.csv", line);
    }
    for line in
        ["CUUR0000SA0 2016 M05 240.229", "CUUR0000SA0 2021 M05 269.195", "CUUR0000SA0 2021 M09 274.310"]
    {
        has("cpi", "cu.data.1.AllItems", line);
    }
    has("ppp", "wb_ppp-gdp.csv", "\"United States\",US,2024,1");
    has("ppp", "wb_ppp-gdp.csv", "\"United Kingdom\",GB,2023,0.660709");
    has("ppp", "wb_ppp-gdp.csv", "\"United Kingdom\",GB,2024,0.664153");
    let parities = file("bea-rpp", "SARPP_STATE_2008_2023.csv").unwrap();
    let all_items =
        parities.lines().find(|line| line.contains("California") && line.contains("RPPs: All items"));
    assert!(all_items.unwrap().ends_with(",112.581"), "{all_items:?}");
}

async fn all_steps_together_round_once_and_say_what_they_did(schema: &Schema) {
    let view = "costOfLiving: true, currency: \"GBP\", pricesOf: \"2026-04-01\", period: HOUR";
    let found = band(schema, "US-CA", DEVELOPERS, "YEAR", view).await;
    let rates = (&[332_407, 1_882_409, 100_000], &[2080, 313_175, 2_378_690, 112_581]);
    assert_eq!((&found["currency"], &found["period"]), (&json!("GBP"), &json!("HOUR")));
    assert_eq!(found["median"]["amount"], exact(CA, rates.0, rates.1));
    assert_eq!((&found["median"]["kind"], &found["median"]["basis"]), (&json!("EXACT"), &json!("CONVERTED")));
    // 239,200 dollars or more stay "or more".
    let least = exact(23_920_000, rates.0, rates.1);
    assert_eq!(
        found["p90"],
        json!({ "amount": least, "kind": "AT_LEAST", "basis": "CONVERTED", "text": "£85.80 or more" })
    );
    assert_eq!(
        found["provenance"]["derivation"],
        json!([
            "period: YEAR to HOUR, divided by 2080 (BLS, OEWS tables, note 2: a year-round, full-time year of 2,080 hours)",
            "prices: of 2024-05 to 2026-04, times 332.407 and divided by 313.175, index CPIAUCSL, seasonally adjusted (fred-eci/consumer-prices/through 2026-04/1)",
            "currency: USD to GBP at the average of 2024-05: a euro was 1.081223 USD over 22 days and 0.85564 GBP over 22 days (ecb-rates/daily/through 2025-06-27/1)",
            "place: US-CA of 2024 by its price parity of 2023, 112.581 where the country is 100 (bea-rpp/states/through 2023/1)",
            "rounding: once, to the cent, halves away from zero",
        ])
    );
    let id = found["id"].as_str().unwrap();
    let again = ask(
        schema,
        &format!(r#"{{ node(id: "{id}") {{ id ... on SalaryBand {{ currency median {{ amount }} }} }} }}"#),
    )
    .await;
    assert_eq!(
        again["node"],
        json!({ "id": id, "currency": "GBP", "median": { "amount": found["median"]["amount"] } })
    );
}

async fn what_cannot_be_done_is_null_and_says_why(schema: &Schema) {
    let mean = async |place: &str, code: &str, period: &str, view: &str| {
        let found = band(schema, place, code, period, view).await["mean"].clone();
        assert!(found["amount"].is_null(), "{place} {code} {view}: {found}");
        (found["kind"].as_str().unwrap().to_owned(), found["text"].as_str().unwrap().to_owned())
    };
    let said = |kind: &str, text: &str| (kind.to_owned(), text.to_owned());
    let one = said("NOT_APPLICABLE", "not applicable: published for one period only");
    // Teachers are paid by the year; the table of the states does not say so, that of the country does.
    assert_eq!(mean("US", "25-2021", "YEAR", "period: HOUR").await, one);
    assert_eq!(mean("US-CA", "25-2021", "YEAR", "period: HOUR").await, one);
    // Actors are paid by the hour.
    assert_eq!(mean("US", "27-2011", "HOUR", "period: YEAR").await, one);
    assert_eq!(
        mean("GB", "2134", "YEAR", "period: WEEK").await,
        said(
            "NOT_CONVERTIBLE",
            "not convertible: the source does not say how many hours are behind annual pay"
        )
    );
    assert_eq!(
        mean("GB", "2134", "YEAR", "pricesOf: \"2024-05-01\"").await,
        said("NOT_CONVERTIBLE", "not convertible: no consumer prices of this country are loaded")
    );
    // The statisticians were at home.
    assert_eq!(
        mean("US", DEVELOPERS, "YEAR", "pricesOf: \"2025-10-01\"").await,
        said("NOT_CONVERTIBLE", "not convertible: no consumer prices for 2025-10")
    );
    assert_eq!(
        mean("US", DEVELOPERS, "YEAR", "currency: \"KWD\"").await,
        said("NOT_CONVERTIBLE", "not convertible: no exchange rate of KWD for 2024-05")
    );
    assert_eq!(
        mean("GB", "2134", "YEAR", "costOfLiving: true").await,
        said(
            "NOT_CONVERTIBLE",
            "not convertible: no regional price parity of this place for 2023 or shortly before"
        )
    );
    // What was missing stays missing, for its own reason.
    let withheld = band(schema, "GB", "1112", "YEAR", "currency: \"USD\"").await;
    assert_eq!(
        (&withheld["median"]["kind"], &withheld["median"]["basis"]),
        (&json!("UNRELIABLE"), &json!("PUBLISHED"))
    );
}

async fn percentiles_between_published_ones_are_modelled(schema: &Schema) {
    let plain = band(schema, "US", DEVELOPERS, "YEAR", "").await;
    // Two thirds of the way from 79,850 (10th) to 103,050 (25th), on a logarithmic scale.
    let expected = 79_850.0 * (103_050.0_f64 / 79_850.0).powf(2.0 / 3.0);
    let amount = plain["p20"]["amount"].as_f64().unwrap();
    assert!((amount - expected).abs() <= 0.005, "{amount} {expected}");
    assert_eq!((&plain["p20"]["kind"], &plain["p20"]["basis"]), (&json!("EXACT"), &json!("MODELLED")));
    assert_eq!(plain["p5"]["kind"], "NOT_PUBLISHED");
    let hourly =
        band(schema, "US", DEVELOPERS, "YEAR", "period: HOUR").await["p20"]["amount"].as_f64().unwrap();
    assert!((hourly - expected / 2080.0).abs() <= 0.005, "{hourly}");
    // The 90th in California is 239,200 dollars or more: nothing is said between the 75th and a bound.
    let california = band(schema, "US-CA", DEVELOPERS, "YEAR", "").await;
    assert_eq!(
        (&california["p80"]["kind"], &california["p20"]["basis"]),
        (&json!("NOT_PUBLISHED"), &json!("MODELLED"))
    );
    // The British survey prints the 20th and the 80th.
    let british = band(schema, "GB", "2134", "YEAR", "").await;
    assert_eq!(british["p20"], json!({ "amount": 36_462, "kind": "EXACT", "basis": "PUBLISHED" }));
}

async fn an_amount_is_ranked_and_places_have_their_prices(schema: &Schema) {
    let rank = |amount: &str, more: &str| {
        format!(
            r#"payRank(amount: {amount}, region: "US-CA"{more}) {{ above below text band {{ currency }} }}"#
        )
    };
    let answer = ask(
        schema,
        &format!(
            r#"{{ role(by: {{ code: {{ classification: SOC_2018, code: "15-1252" }} }}) {{ high: {} open: {} mid: {} pounds: {} }}
            california: region(code: "US-CA") {{ priceParity {{ index year housing provenance {{ locator source {{ key }} }} }} }}
            britain: region(code: "GB") {{ priceParity {{ index }} }} }}"#,
            rank("220000", ""),
            rank("250000", ""),
            rank("170910", ""),
            rank("90", r#", view: { currency: "GBP", period: HOUR }"#),
        ),
    )
    .await;
    let said = |name: &str| {
        let rank = &answer["role"][name];
        (rank["above"].as_i64(), rank["below"].as_i64(), rank["text"].as_str().unwrap().to_owned())
    };
    let bound = "above the 75th; the 90th is at least $239,200".to_owned();
    assert_eq!(said("high"), (Some(75), Some(90), bound.clone()));
    assert_eq!(said("open"), (Some(75), None, bound));
    assert_eq!(
        said("mid"),
        (Some(50), Some(75), "at the 50th ($170,910) and below the 75th ($212,280)".to_owned())
    );
    let (above, _, text) = said("pounds");
    assert!(above == Some(75) && text.contains('£'), "{text}");
    let parity = &answer["california"]["priceParity"];
    assert_eq!(
        (&parity["index"], &parity["year"], &parity["housing"]),
        (&json!(112.581), &json!(2023), &json!(157.839))
    );
    assert_eq!(parity["provenance"]["source"]["key"], "bea-rpp");
    assert_eq!(answer["britain"]["priceParity"], Value::Null);
}

async fn a_view_that_asks_for_nothing_changes_nothing(schema: &Schema) {
    let document = |view: &str| {
        format!(
            r#"{{ salaryBands(filter: {{ regions: ["US-CA"] }}{view}, first: 500) {{ edges {{ cursor node {{ id currency period
            median {{ amount kind basis text }} low {{ text }} hoursPerYear provenance {{ derivation locator }} }} }} }} }}"#
        )
    };
    let plain = ask(schema, &document("")).await;
    assert_eq!(plain, ask(schema, &document(", view: {}")).await);
    assert_eq!(plain, ask(schema, &document(", view: { exchange: null, costOfLiving: null }")).await);
    // Asked for what it is already, a band stays as published, step by step.
    let same = ask(schema, &document(r#", view: { currency: "USD", period: YEAR }"#)).await;
    let medians = |answer: &Value| {
        let edges = answer["salaryBands"]["edges"].as_array().unwrap();
        edges.iter().map(|edge| edge["node"]["median"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(medians(&plain), medians(&same));
}
