//! What changed between two releases, on small ones made for it, and the pages of it.

use std::collections::BTreeSet;

use entity::Classification;
use rolecast::graphql::Schema;
use serde_json::Value;

use crate::{
    app::{App, ask},
    made,
    roles::refused,
};

/// Columns of the made table: annual and hourly figures.
const PAY: std::ops::Range<usize> = 10..22;
const MEAN: usize = 15;

async fn publish(app: &App, year: i32, table: &str) {
    let report = app.take("bls-oews", &format!("oews_national_{year}.csv"), table.as_bytes()).await.unwrap();
    assert_eq!(report.outcome, jobs::pipeline::Outcome::Published, "{:?}", report.lines);
}

async fn diff(schema: &Schema, from: i32, to: i32, paging: &str) -> Value {
    let row = "occupation { classification code } period";
    let document = format!(
        "{{ releaseDiff(source: \"bls-oews\", from: \"May {from}\", to: \"May {to}\", {paging}) {{
        totalCount pageInfo {{ hasNextPage hasPreviousPage endCursor }} edges {{ cursor }}
        nodes {{ kind bandBefore {{ {row} }} bandAfter {{ {row} }} figures {{ name before after }} successors {{ classification code }} }} }} }}"
    );
    ask(schema, &document).await["releaseDiff"].clone()
}

/// The changes of the annual band with this code in one of the releases.
fn of<'a>(diff: &'a Value, code: &str) -> Vec<&'a Value> {
    let bears = |band: &Value| band["occupation"]["code"] == code && band["period"] == "YEAR";
    let changes = diff["nodes"].as_array().unwrap().iter();
    changes.filter(|change| bears(&change["bandBefore"]) || bears(&change["bandAfter"])).collect()
}

fn kinds<'a>(changes: &[&'a Value]) -> Vec<&'a str> {
    changes.iter().map(|change| change["kind"].as_str().unwrap()).collect()
}

fn codes(change: &Value) -> Vec<&str> {
    change["successors"].as_array().unwrap().iter().map(|row| row["code"].as_str().unwrap()).collect()
}

/// Puts values into some columns of the row with this code.
fn with(table: &str, code: &str, columns: impl Iterator<Item = usize>, value: &str) -> String {
    let wanted = format!("99,{code},");
    let (line, columns) = (table.lines().find(|line| line.starts_with(&wanted)).unwrap(), columns);
    let mut cells: Vec<&str> = line.split(',').collect();
    columns.for_each(|column| cells[column] = value);
    table.replace(line, &cells.join(","))
}

fn without(table: &str, code: &str) -> String {
    let unwanted = format!("99,{code},");
    table.lines().filter(|line| !line.starts_with(&unwanted)).flat_map(|line| [line, "\n"]).collect()
}

#[tokio::test]
async fn a_new_classification_is_split_merged_or_the_same_code_under_a_new_name() {
    let app = App::start().await;
    let before = made::national(&app.codes(Classification::Soc2010).await);
    let after = made::national(&app.codes(Classification::Soc2018).await);
    publish(&app, 2018, &with_total(&before, "Industry Total")).await;
    publish(&app, 2021, &with_total(&after, "All Occupations")).await;
    let schema = app.schema().await;
    let mut nodes = Vec::new();
    let mut after = String::from("null");
    loop {
        let page = diff(&schema, 2018, 2021, &format!("first: 500, after: {after}")).await;
        nodes.extend(page["nodes"].as_array().unwrap().clone());
        after = page["pageInfo"]["endCursor"].to_string();
        if page["pageInfo"]["hasNextPage"] == false {
            assert_eq!(page["totalCount"], nodes.len());
            break;
        }
    }
    let all = serde_json::json!({ "nodes": nodes });

    let [split] = of(&all, "11-2031")[..] else { panic!("public relations managers are one code in 2010") };
    assert_eq!((&split["kind"], codes(split)), (&"CODE_SPLIT".into(), vec!["11-2032", "11-2033"]));
    assert_eq!(split["successors"][0]["classification"], "SOC_2018");
    assert!(split["bandAfter"].is_null() && split["figures"] == serde_json::json!([]), "{split}");
    // What a split explains has not appeared.
    assert_eq!(of(&all, "11-2032"), Vec::<&Value>::new());

    let merged = of(&all, "15-2091");
    assert_eq!((kinds(&merged), codes(merged[0])), (vec!["CODE_MERGED"], vec!["15-2099"]));
    assert!(of(&all, "15-2099").iter().all(|change| change["kind"] != "APPEARED"));

    let nurses = of(&all, "29-1141");
    assert_eq!(kinds(&nurses), ["REVISED"]);
    assert_eq!(nurses[0]["bandBefore"]["occupation"]["classification"], "SOC_2010");
    assert_eq!(nurses[0]["bandAfter"]["occupation"]["classification"], "SOC_2018");

    // No crosswalk speaks of groups: the same code and title are the same group, and the total is the total.
    for (code, changes) in [
        ("00-0000", &["REVISED"][..]),
        ("11-0000", &[]),
        ("11-1010", &[]),
        ("29-1000", &["VANISHED", "APPEARED"]),
    ] {
        assert_eq!(kinds(&of(&all, code)), changes, "{code}");
    }
}

/// The table with a row of all occupations, called `title`.
fn with_total(table: &str, title: &str) -> String {
    let mut cells: Vec<&str> = table.lines().last().unwrap().split(',').collect();
    (cells[1], cells[2], cells[3]) = ("00-0000", title, "total");
    format!("{table}{}\n", cells.join(","))
}

#[tokio::test]
async fn figures_that_come_and_go_are_told_from_those_that_are_revised() {
    let app = App::start().await;
    let table = made::national(&app.codes(Classification::Soc2018).await);
    let before = with(&without(&table, "11-1011"), "15-1252", PAY, "*");
    let after = with(&without(&table, "11-1021"), "15-1251", PAY, "*");
    let after = with(&with(&after, "29-1141", MEAN..=MEAN, "99990"), "29-1141", 14..=14, "*");
    publish(&app, 2021, &before).await;
    publish(&app, 2022, &after).await;
    let schema = app.schema().await;
    let all = diff(&schema, 2021, 2022, "first: 500").await;

    let published = of(&all, "15-1252");
    assert_eq!(kinds(&published), ["NEWLY_PUBLISHED"]);
    let figures = published[0]["figures"].as_array().unwrap();
    let names: Vec<&str> = figures.iter().map(|figure| figure["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["p10", "p25", "median", "p75", "p90", "mean"]);
    assert!(figures.iter().all(|figure| figure["after"].as_str().unwrap().starts_with('$')), "{figures:?}");
    assert!(!figures.iter().any(|figure| figure["before"].as_str().unwrap().contains('$')), "{figures:?}");
    assert_eq!(kinds(&of(&all, "15-1251")), ["NEWLY_SUPPRESSED"]);
    assert_eq!(kinds(&of(&all, "11-1011")), ["APPEARED"]);
    assert_eq!(kinds(&of(&all, "11-1021")), ["VANISHED"]);

    let nurses = of(&all, "29-1141");
    assert_eq!(kinds(&nurses), ["REVISED", "NEWLY_SUPPRESSED"]);
    assert_eq!(nurses[0]["figures"][0]["name"], "mean");
    assert_eq!(nurses[0]["figures"][0]["after"], "$99,990");
    assert_eq!(nurses[1]["figures"][0]["name"], "p90");
    // Nothing else changed; each row has an annual and an hourly band, and only the annual one of the nurses is another.
    assert_eq!(all["totalCount"], 2 * 4 + 2, "{all}");
    let back = diff(&schema, 2022, 2021, "first: 500").await;
    assert_eq!(kinds(&of(&back, "15-1251")), ["NEWLY_PUBLISHED"]);
    assert_eq!(kinds(&of(&back, "11-1021")), ["APPEARED"]);
}

#[tokio::test]
async fn pages_of_changes_hold_every_change_once_also_while_a_release_is_published() {
    let app = App::start().await;
    let table = made::national(&app.codes(Classification::Soc2018).await);
    let changed = ["11-1011", "13-2011", "15-1252", "29-1141", "53-3032"];
    let later = changed.iter().fold(table.clone(), |table, code| with(&table, code, MEAN..=MEAN, "99990"));
    publish(&app, 2021, &table).await;
    publish(&app, 2022, &later).await;
    let schema = app.schema().await;
    let (mut seen, mut after) = (Vec::new(), String::from("null"));
    for page in 0..changed.len().div_ceil(2) {
        let found = diff(&schema, 2021, 2022, &format!("first: 2, after: {after}")).await;
        assert_eq!(found["totalCount"], changed.len());
        assert_eq!(found["pageInfo"]["hasPreviousPage"], page > 0);
        let nodes = found["nodes"].as_array().unwrap();
        seen.extend(
            nodes.iter().map(|node| node["bandAfter"]["occupation"]["code"].as_str().unwrap().to_owned()),
        );
        let next = seen.len() < changed.len();
        assert_eq!(found["pageInfo"]["hasNextPage"], next);
        assert_eq!(
            found["edges"].as_array().unwrap().last().unwrap()["cursor"],
            found["pageInfo"]["endCursor"]
        );
        after = found["pageInfo"]["endCursor"].to_string();
        if page == 0 {
            publish(&app, 2023, &without(&table, "11-1011")).await;
            assert!(schema.store().refresh().await.unwrap());
        }
    }
    assert_eq!(seen, changed);
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), changed.len());
}

#[tokio::test]
async fn releases_that_cannot_be_compared_are_the_callers_mistake() {
    let schema = App::start().await.with_starter().await.schema().await;
    for (arguments, word) in [
        (r#"source: "nobody", from: "May 2024", to: "May 2025""#, "`source`"),
        (r#"source: "bls-oews", from: "May 1890", to: "May 2025""#, "`from`"),
        (r#"source: "bls-oews", from: "May 2024", to: "May 2024", dataset: "nothing""#, "nothing"),
        (
            r#"source: "bls-oews", from: "May 2024", to: "May 2024", dataset: "national", after: "eA""#,
            "after",
        ),
        (r#"source: "bls-oews", from: "May 2024", to: "May 2024", dataset: "national", first: 501"#, "first"),
    ] {
        let (message, code) =
            refused(&schema, &format!("{{ releaseDiff({arguments}) {{ totalCount }} }}")).await;
        assert_eq!(code, "BAD_USER_INPUT");
        assert!(message.contains(word), "{message}");
    }
}
