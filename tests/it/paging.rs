//! Pages that are turned while a release is published: no row twice, none lost that was there before and after.

use std::collections::HashSet;

use entity::{Classification, region};
use rolecast::graphql::Schema;
use sea_orm::{ActiveValue::Set, EntityTrait as _};
use serde_json::Value;

use crate::{
    app::{App, answer, ask},
    made,
};

/// What a page shows of each row, and the cursor of its end.
async fn page(
    schema: &Schema,
    field: &str,
    arguments: &str,
    shown: &str,
    after: &str,
) -> (Vec<String>, Value) {
    let document = format!(
        "{{ {field}(first: 100, after: {after}{arguments}) {{ nodes {{ {shown} }} pageInfo {{ hasNextPage endCursor }} }} }}"
    );
    let page = ask(schema, &document).await[field].clone();
    let rows = page["nodes"].as_array().unwrap().iter().map(Value::to_string).collect();
    let more = page["pageInfo"]["hasNextPage"] == true;
    (rows, if more { page["pageInfo"]["endCursor"].clone() } else { Value::Null })
}

async fn rest(schema: &Schema, field: &str, arguments: &str, shown: &str, mut after: Value) -> Vec<String> {
    let mut all = Vec::new();
    loop {
        let (rows, next) = page(schema, field, arguments, shown, &after.to_string()).await;
        all.extend(rows);
        if next.is_null() {
            return all;
        }
        after = next;
    }
}

const LISTS: [(&str, &str, &str); 5] = [
    ("roles", "", "slug"),
    // A row whose figure changed meanwhile is another: it stands where its new figure puts it.
    ("roles", ", orderBy: { field: MEDIAN, direction: DESC }", "slug salary { median { amount } }"),
    ("salaryBands", ", filter: { sources: [\"bls-oews\"] }", "occupation { code }"),
    (
        "salaryBands",
        ", filter: { sources: [\"bls-oews\"] }, orderBy: { field: REFERENCE, direction: DESC }",
        "occupation { code }",
    ),
    ("regions", "", "code"),
];

async fn publish(app: &App, year: i32, codes: &[String]) {
    let name = format!("oews_national_{year}.csv");
    app.take("bls-oews", &name, made::national(codes).as_bytes()).await.unwrap();
}

/// A national table, then one that lacks its first codes and has others at its end, with a region beside.
#[tokio::test]
async fn a_publish_between_two_pages_neither_repeats_nor_loses_a_row() {
    let app = App::start().await;
    let codes = app.codes(Classification::Soc2018).await;
    let detailed = &codes[..codes.len() - 30];
    publish(&app, 2021, detailed).await;
    let schema = app.schema().await;
    let mut begun = Vec::new();
    let mut before = Vec::new();
    for (field, arguments, shown) in LISTS {
        begun.push(page(&schema, field, arguments, shown, "null").await);
        before.push(rest(&schema, field, arguments, shown, Value::Null).await);
    }

    let added = region::ActiveModel {
        code: Set("AA-NEW".into()),
        name: Set("A place".into()),
        kind: Set(entity::RegionKind::State),
        currency: Set("USD".into()),
        parent_code: Set(Some("US".into())),
        ..Default::default()
    };
    region::Entity::insert(added).exec(&app.cx.db).await.unwrap();
    // Pay rises with the place in the table: the same places keep the same pay.
    let mut later = detailed.to_vec();
    later.extend_from_slice(&codes[codes.len() - 30..]);
    publish(&app, 2022, &later).await;
    assert!(schema.store().refresh().await.unwrap());

    for (((field, arguments, shown), (mut seen, after)), before) in LISTS.into_iter().zip(begun).zip(before) {
        assert!(!after.is_null(), "{field}: one page holds everything");
        seen.extend(rest(&schema, field, arguments, shown, after).await);
        let once: HashSet<&String> = seen.iter().collect();
        assert_eq!(once.len(), seen.len(), "{field}{arguments}: a row stands on two pages");
        let now: HashSet<String> =
            rest(&schema, field, arguments, shown, Value::Null).await.into_iter().collect();
        let lost: Vec<&String> =
            before.iter().filter(|row| now.contains(*row) && !once.contains(row)).collect();
        assert!(lost.is_empty(), "{field}{arguments}: {lost:?}");
    }
}

/// Every list with the cursor of every other one.
#[tokio::test]
async fn a_cursor_of_another_list_is_refused() {
    let schema = App::start().await.with_starter().await.schema().await;
    let lists = [
        ("roles", ""),
        ("roles", ", orderBy: { field: MEDIAN }"),
        ("roles", ", orderBy: { field: MEDIAN, direction: DESC }"),
        ("roles", ", orderBy: { field: MEDIAN, region: \"US-CA\" }"),
        ("roles", ", orderBy: { field: GROWTH_PERCENT }"),
        ("regions", ""),
        ("occupations", ", classification: SOC_2018"),
        ("occupations", ", classification: NOC_2021"),
        ("salaryBands", ", filter: {}"),
        ("growthProjections", ", filter: {}"),
    ];
    let mut cursors = Vec::new();
    for (field, arguments) in lists {
        cursors.push(page(&schema, field, arguments, "id", "null").await.1);
    }
    for (place, (field, arguments)) in lists.into_iter().enumerate() {
        for (other, cursor) in cursors.iter().enumerate() {
            let document = format!("{{ {field}(after: {cursor}{arguments}) {{ totalCount }} }}");
            let answer = answer(&schema, &document).await;
            let refused = answer.errors.iter().any(|error| error.message.contains("`after` is not a cursor"));
            assert_eq!(refused, place != other, "{field} after {cursor}: {:?}", answer.errors);
        }
    }
}
