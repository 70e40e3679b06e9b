//! Cycles of the states' projections: a full answer of the service is published, and no other cycle takes its place.

use entity::Classification;
use jobs::pipeline::Outcome;
use serde_json::{Value, json};

use crate::app::App;

/// Numbers of the country and of twenty states.
const AREAS: [u8; 21] = [0, 1, 2, 4, 5, 6, 8, 9, 10, 11, 12, 13, 15, 16, 17, 18, 19, 20, 21, 22, 23];

/// Jobs of the first and last year, change, percent and openings of row number `place`; those of the named occupation in the
/// country are `known`.
fn figures(place: usize, known: Option<[&str; 5]>) -> [String; 5] {
    known.map_or_else(
        || {
            let (base, change) = (1_000 + 10 * place, 100 + place);
            [base, base + change, change, 10, 120].map(|figure| figure.to_string())
        },
        |known| known.map(ToOwned::to_owned),
    )
}

/// Every code in every area, with what `row` makes of it.
fn rows<T>(codes: &[String], row: impl Fn(u8, &str, [String; 5]) -> T, known: (&str, [&str; 5])) -> Vec<T> {
    let each = AREAS.iter().flat_map(|area| codes.iter().map(move |code| (*area, code)));
    let made = each.enumerate().map(|(place, (area, code))| {
        let known = Some(known.1).filter(|_| area == 0 && code == known.0);
        row(area, code, figures(place % 5_000, known))
    });
    made.collect()
}

/// The service's answer for all states, of the cycle from `base` to `target`.
fn answer(codes: &[String], base: u16, target: u16) -> Vec<u8> {
    let record = |area: u8, code: &str, [jobs, then, change, percent, openings]: [String; 5]| {
        json!({ "STFIPS": area.to_string(), "OccCode": code, "Title": format!("Occupation {code}"), "Base": jobs,
            "BaseYear": base.to_string(), "Projected": then, "ProjYear": target.to_string(), "Change": change,
            "PercentChange": percent, "AvgAnnualOpenings": openings })
    };
    let known = ("29-1141", ["3391000", "3557100", "166100", "4.9", "189100"]);
    serde_json::to_vec(&json!({ "rows": rows(codes, record, known) })).unwrap()
}

/// The table of the cycle before.
fn table(codes: &[String]) -> Vec<u8> {
    let line = |area: u8, code: &str, [jobs, then, _, percent, openings]: [String; 5]| {
        format!("{area},Area,{code},Occupation {code},{jobs},{then},{percent},{openings}\n")
    };
    let known = ("35-1011", ["174400", "183600", "9200", "5.3", "22000"]);
    let header = "STFIPS,Area,OccCode,Title,Base,Projected,PercentChange,AvgAnnualOpenings\n";
    format!("{header}{}", rows(codes, line, known).concat()).into_bytes()
}

/// The same cycle in the form of the cycles before, with the years in its name.
fn named(codes: &[String]) -> Vec<u8> {
    let line = |area: u8, code: &str, [jobs, then, change, percent, openings]: [String; 5]| {
        format!(
            "{area},Area,{code},Occupation {code},2022,{jobs},2032,{then},{change},{percent},{openings}\n"
        )
    };
    let known = ("35-1011", ["174400", "183600", "9200", "5.3", "22000"]);
    let header = "STFIPS,Area,Code,Name,BaseYear,Base,ProjYear,Proj,Change,PercentChange,AvgAnnualOpenings\n";
    format!("{header}{}", rows(codes, line, known).concat()).into_bytes()
}

#[tokio::test]
async fn a_revised_table_in_another_form_takes_the_place_of_the_first() {
    let app = App::start().await;
    let codes = app.codes(Classification::Soc2018).await;
    let first = app.take("projections-central", "ltprojections_2022-32.csv", &named(&codes)).await.unwrap();
    assert_eq!((first.rejected, first.outcome), (0, Outcome::Published), "{:?}", first.lines);

    let text = String::from_utf8(table(&codes)).unwrap();
    let row = text.lines().find(|line| line.starts_with("0,Area,13-2011,")).unwrap();
    let revised = row.replace(",10,120", ",10.9,120");
    let text = text.replace(row, &revised);
    let name = "longterm_stfips-all_885_occupations.csv";
    let second = app.take("projections-central", name, text.as_bytes()).await.unwrap();
    assert_eq!((second.rejected, second.outcome), (0, Outcome::Published), "{:?}", second.lines);
    assert_eq!(second.loaded, (AREAS.len() * codes.len()) as u64);
    let served = async || {
        let found = app
            .ask(
                "{ growthProjections(filter: { regions: [\"US\"], sources: [\"projections-central\"],
                occupations: [{ classification: SOC_2018, code: \"13-2011\" }] }) { nodes { changePercent } } }",
            )
            .await;
        found["growthProjections"]["nodes"].clone()
    };
    assert_eq!(served().await, json!([{ "changePercent": 10.9 }]));

    // A row that says something else of the same occupation and place is no repetition of it.
    let twice = app.take("projections-central", name, format!("{text}{row}\n").as_bytes()).await.unwrap();
    assert_eq!((twice.rejected, twice.skipped), (1, 0), "{:?}", twice.lines);
    assert!(
        twice.lines.iter().any(|line| line.contains("change-percent is 10 here and 10.9")),
        "{:?}",
        twice.lines
    );
    assert_eq!(served().await, json!([{ "changePercent": 10.9 }]));
}

/// Label and state of every release, the newest period first.
async fn states(app: &App) -> Vec<Value> {
    let found = app
        .ask("{ source(key: \"projections-central\") { releases { nodes { label edition status isCurrent } } } }")
        .await;
    let nodes = found["source"]["releases"]["nodes"].as_array().unwrap();
    let short = |node: &Value| json!([node["label"], node["edition"], node["status"], node["isCurrent"]]);
    nodes.iter().map(short).collect()
}

#[tokio::test]
async fn a_full_answer_is_published_and_neither_a_late_nor_an_early_cycle_takes_its_place() {
    let app = App::start().await;
    let codes = app.codes(Classification::Soc2018).await;
    let whole = (AREAS.len() * codes.len()) as u64;
    let full = app.take("projections-central", "all", &answer(&codes, 2024, 2034)).await.unwrap();
    assert_eq!(
        (full.read, full.loaded, full.outcome),
        (whole, whole, Outcome::Published),
        "{:?}",
        full.lines
    );

    let late =
        app.take("projections-central", "longterm_stfips-all_885_occupations.csv", &table(&codes)).await;
    let late = late.unwrap();
    assert_eq!((late.loaded, late.outcome), (whole, Outcome::Published), "{:?}", late.lines);

    let early = app.take("projections-central", "all", &answer(&codes, 2026, 2036)).await.unwrap();
    assert_eq!((early.rejected, early.outcome), (whole, Outcome::Held), "{:?}", early.lines);
    assert!(early.lines.iter().any(|line| line.contains("other-period")), "{:?}", early.lines);

    let current = json!(["2024-34", 1, "PUBLISHED", true]);
    let others = [json!(["2024-34", 2, "HELD", false]), json!(["2022-32", 1, "SUPERSEDED", false])];
    let found = states(&app).await;
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found.contains(&current) && others.iter().all(|state| found.contains(state)), "{found:?}");
    let nurses = app
        .ask(
            "{ growthProjections(filter: { regions: [\"US\"], sources: [\"projections-central\"],
            occupations: [{ classification: SOC_2018, code: \"29-1141\" }] }) { nodes { targetYear changePercent } } }",
        )
        .await;
    assert_eq!(nurses["growthProjections"]["nodes"], json!([{ "targetYear": 2034, "changePercent": 4.9 }]));
}
