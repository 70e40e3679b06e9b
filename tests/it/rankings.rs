//! Orders of roles and bands by a figure: what is left out and said to be, and what is equal.

use entity::Classification;
use serde_json::{Value, json};

use crate::{
    app::{App, ask},
    made,
};

#[tokio::test]
async fn rankings_leave_out_small_places_and_say_how_many() {
    let schema = App::start().await.with_starter().await.schema().await;
    let ranking = async |guard: &str| {
        let document = format!(
            "{{ salaryBands(filter: {{ regions: [\"US-CA\"]{guard} }}, orderBy: {{ field: MEDIAN, direction: DESC }}, first: 500) {{
            totalCount unfilteredCount nodes {{ id median {{ kind }} employment {{ count kind }}
            jobsPerThousand jobsPerThousandDerived locationQuotient locationQuotientDerived occupation {{ code }} }} }} }}"
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
    // 292,630 of 18,057,850 workers in California, 1,654,440 of 154,187,380 in the country: 16.205 / 10.730.
    let developers = nodes.iter().find(|node| node["occupation"]["code"] == "15-1252").unwrap();
    assert_eq!(
        (&developers["jobsPerThousand"], &developers["locationQuotient"]),
        (&16.205.into(), &1.51.into())
    );
    assert_eq!(
        (&developers["jobsPerThousandDerived"], &developers["locationQuotientDerived"]),
        (&true.into(), &true.into())
    );
    let national = ask(&schema, r#"{ salaryBands(filter: { regions: ["US"], releases: ALL, releaseLabel: "May 2024", occupations: [{ classification: SOC_2018, code: "15-1252" }] }) { nodes { jobsPerThousand locationQuotient } } }"#).await;
    assert_eq!(
        national["salaryBands"]["nodes"],
        json!([{ "jobsPerThousand": 10.73, "locationQuotient": null }])
    );
    let withheld = ask(&schema, r#"{ salaryBands(filter: { regions: ["US-CA"] }, orderBy: { field: EMPLOYMENT }, first: 500) { nodes { employment { count } jobsPerThousand locationQuotient } } }"#).await;
    let silent = withheld["salaryBands"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|node| node["employment"]["count"].is_null());
    assert!(
        silent.clone().all(|node| node["jobsPerThousand"].is_null() && node["locationQuotient"].is_null())
    );
    let total = nodes.iter().find(|node| node["occupation"]["code"] == "00-0000").unwrap();
    assert_eq!(total["jobsPerThousand"], 1000);
    let jobs = total["employment"]["count"].as_f64().unwrap();
    for node in nodes.iter().filter(|node| node["employment"]["kind"] == "EXACT") {
        let share = node["employment"]["count"].as_f64().unwrap() / jobs * 1000.0;
        assert!((node["jobsPerThousand"].as_f64().unwrap() - share).abs() < 0.001, "{node}");
    }
}

#[tokio::test]
async fn equal_pay_is_ranked_in_one_order_on_every_page() {
    let app = App::start().await;
    // Twenty codes in a row are paid the same, and have ever more jobs.
    let text = made::national(&app.codes(Classification::Soc2018).await);
    app.take("bls-oews", "oews_national_2021.csv", text.as_bytes()).await.unwrap();
    let schema = app.schema().await;
    for direction in ["ASC", "DESC"] {
        let page = async |paging: &str| {
            let document = format!(
                "{{ roles(filter: {{ hasPayIn: \"US\" }}, orderBy: {{ field: MEDIAN, direction: {direction}, minEmployment: 9000 }}, {paging}) {{
                totalCount pageInfo {{ endCursor hasNextPage }} nodes {{ slug salary {{ median {{ amount }} employment {{ count }} }} }} }} }}"
            );
            ask(&schema, &document).await["roles"].clone()
        };
        let whole = page("first: 100").await["nodes"].as_array().unwrap().clone();
        let key = |node: &Value| {
            let amount = node["salary"]["median"]["amount"].as_f64().unwrap();
            (if direction == "ASC" { amount } else { -amount }, node["slug"].as_str().unwrap().to_owned())
        };
        assert!(whole.iter().map(key).is_sorted(), "by pay, then by slug");
        assert!(
            whole.windows(2).any(|pair| key(&pair[0]).0.total_cmp(&key(&pair[1]).0).is_eq()),
            "some are equal"
        );
        assert!(whole.iter().all(|node| node["salary"]["employment"]["count"].as_i64() >= Some(9000)));
        let (mut walked, mut after) = (Vec::new(), String::new());
        while walked.len() < whole.len() {
            let next = page(&format!("first: 7{after}")).await;
            walked.extend(next["nodes"].as_array().unwrap().iter().cloned());
            after = format!(", after: {}", next["pageInfo"]["endCursor"]);
        }
        assert_eq!(walked[..whole.len()], whole);
    }
}

#[tokio::test]
async fn equal_bands_stand_in_one_order_and_no_page_loses_one() {
    let app = App::start().await;
    let codes = app.codes(Classification::Soc2018).await;
    app.take("bls-oews", "oews_national_2021.csv", made::national(&codes).as_bytes()).await.unwrap();
    let schema = app.schema().await;
    for direction in ["ASC", "DESC"] {
        let walk = async |size: usize, guard: &str| {
            let (mut walked, mut after) = (Vec::new(), String::new());
            loop {
                let document = format!(
                    "{{ salaryBands(filter: {{ regions: [\"US\"]{guard} }}, orderBy: {{ field: MEDIAN, direction: {direction} }}, first: {size}{after}) {{
                    totalCount unfilteredCount pageInfo {{ endCursor hasNextPage }} nodes {{ occupation {{ code }} median {{ amount }} }} }} }}"
                );
                let page = ask(&schema, &document).await["salaryBands"].clone();
                walked.extend(page["nodes"].as_array().unwrap().iter().cloned());
                if page["pageInfo"]["hasNextPage"] == false {
                    return (walked, page["totalCount"].as_u64(), page["unfilteredCount"].as_u64());
                }
                after = format!(", after: {}", page["pageInfo"]["endCursor"]);
            }
        };
        let (whole, total, _) = walk(500, "").await;
        assert_eq!((whole.len(), total), (codes.len(), u64::try_from(codes.len()).ok()));
        let key = |node: &Value| {
            let amount = node["median"]["amount"].as_i64().unwrap();
            let code = node["occupation"]["code"].as_str().unwrap().to_owned();
            (if direction == "ASC" { amount } else { -amount }, code)
        };
        assert!(whole.is_sorted_by(|a, b| key(a) < key(b)), "by pay, then by code, and none twice");
        assert!(whole.windows(2).any(|pair| pair[0]["median"] == pair[1]["median"]), "some are equal");
        assert_eq!(walk(37, "").await.0, whole);
        // Each code has ten jobs more than the one before: the first 900 have fewer than 10,000.
        let (guarded, total, unfiltered) = walk(61, ", minEmployment: 10000").await;
        assert_eq!(
            (total, unfiltered),
            (u64::try_from(codes.len() - 900).ok(), u64::try_from(codes.len()).ok())
        );
        let wanted: Vec<&Value> = whole.iter().filter(|node| guarded.contains(node)).collect();
        assert_eq!(guarded.iter().collect::<Vec<_>>(), wanted);
    }
}
