//! Figures that must come out, from what ships.

use serde_json::Value;

use crate::app::App;

on_both_engines!(
    american_pay_comes_out_as_printed,
    projections_come_out_as_printed,
    british_pay_comes_out_as_printed,
    editorial_figures_stay_in_their_lane,
    every_figure_says_where_it_stands,
);

/// `amount kind` of the named cells, joined.
fn cells(band: &Value, names: &[&str]) -> String {
    let cells = names.iter().map(|name| {
        let cell = &band[name];
        let amount = cell.get("amount").unwrap_or(&cell["count"]);
        if amount.is_null() {
            cell["kind"].as_str().unwrap().to_owned()
        } else {
            format!("{amount} {}", cell["kind"].as_str().unwrap())
        }
    });
    cells.collect::<Vec<_>>().join(", ")
}

/// The bands that `filter` leaves, as `amount kind` of their cells.
async fn bands(app: &App, filter: &str) -> Vec<Value> {
    let points = ["p10", "p25", "median", "p75", "p90", "mean", "low", "high"]
        .map(|point| format!("{point} {{ amount kind text }}"))
        .join(" ");
    let document = format!(
        "{{ salaryBands(filter: {{ {filter} }}) {{ nodes {{ {points} p20: percentile(p: 20) {{ amount kind }}
        employment {{ count kind }} reference {{ label }} currency region {{ code }}
        provenance {{ citedAuthority locator licence url sha256 source {{ key }} release {{ label rowsRead rowsLoaded rowsRejected rowsSkipped }} }} }} }} }}"
    );
    app.ask(&document).await["salaryBands"]["nodes"].as_array().unwrap().clone()
}

async fn band(app: &App, filter: &str) -> Value {
    let mut found = bands(app, filter).await;
    assert_eq!(found.len(), 1, "{filter}");
    found.remove(0)
}

fn oews(code: &str, region: &str, period: &str) -> String {
    format!(
        r#"occupations: [{{ classification: SOC_2018, code: "{code}" }}], regions: ["{region}"], period: {period}, releases: ALL, releaseLabel: "May 2024""#
    )
}

const POINTS: [&str; 6] = ["p10", "p25", "median", "p75", "p90", "mean"];

async fn american_pay_comes_out_as_printed(app: App) {
    let app = app.with_starter().await;
    let developers = band(&app, &oews("15-1252", "US", "YEAR")).await;
    assert_eq!(
        cells(&developers, &POINTS),
        "79850 EXACT, 103050 EXACT, 133080 EXACT, 169000 EXACT, 211450 EXACT, 144570 EXACT"
    );
    assert_eq!(cells(&developers, &["employment"]), "1654440 EXACT");
    let california = band(&app, &oews("15-1252", "US-CA", "YEAR")).await;
    assert_eq!(cells(&california, &["median", "p90"]), "170910 EXACT, 239200 AT_LEAST");
    assert_eq!(california["p90"]["text"], "$239,200 or more");
    let chiefs = band(&app, &oews("11-1011", "US", "HOUR")).await;
    assert_eq!(cells(&chiefs, &["p75", "p90"]), "115 AT_LEAST, 115 AT_LEAST");
    assert_eq!(cells(&band(&app, &oews("11-1011", "US", "YEAR")).await, &["mean"]), "262930 EXACT");
    let actors = band(&app, &oews("27-2011", "US", "YEAR")).await;
    assert!(POINTS.iter().all(|point| actors[point]["kind"] == "NOT_APPLICABLE"), "{actors}");
    assert_eq!(cells(&band(&app, &oews("27-2011", "US", "HOUR")).await, &["median"]), "23.33 EXACT");
}

async fn projections_come_out_as_printed(app: App) {
    let app = app.with_starter().await;
    let projected = app
        .ask(
            "query { growthProjections(filter: { occupations: [{ classification: SOC_2018, code: \"15-1252\" }, { classification: SOC_2010, code: \"15-1256\" }, { classification: SOC_2018, code: \"15-1256\" }], releases: ALL }) {
            nodes { baseYear targetYear baseEmployment { count } targetEmployment { count } change { count } changePercent annualOpenings { count } occupation { code title } } } }",
        )
        .await;
    let nodes = projected["growthProjections"]["nodes"].as_array().unwrap();
    let find = |code: &str, year: i64| {
        let found = nodes.iter().find(|row| row["occupation"]["code"] == code && row["baseYear"] == year);
        found.unwrap_or_else(|| panic!("{code} {year} in {nodes:#?}"))
    };
    let developers = find("15-1252", 2024);
    let numbers = ["baseEmployment", "targetEmployment", "change", "annualOpenings"]
        .map(|name| developers[name]["count"].as_i64().unwrap());
    assert_eq!(numbers, [1_693_800, 1_961_400, 267_700, 115_200]);
    assert_eq!(developers["changePercent"], 15.8);
    let combined = find("15-1256", 2019);
    assert_eq!(combined["changePercent"], 21.5);
    assert!(
        combined["occupation"]["title"].as_str().unwrap().starts_with("Software developers"),
        "{combined}"
    );
}

async fn british_pay_comes_out_as_printed(app: App) {
    let app = app.with_starter().await;
    let annual = |code: &str| {
        format!(
            r#"occupations: [{{ classification: UK_SOC_2020, code: "{code}" }}], regions: ["GB"], period: YEAR"#
        )
    };
    let programmers = band(&app, &annual("2134")).await;
    assert_eq!(
        cells(&programmers, &["median", "p10", "p20", "p90"]),
        "53501 EXACT, 29787 EXACT, 36462 EXACT, 93458 EXACT"
    );
    let elected = band(&app, &annual("1112")).await;
    // The table prints `x` for the median; 33,854 is the mean.
    assert_eq!(cells(&elected, &["mean", "median", "p10"]), "33854 EXACT, UNRELIABLE, UNRELIABLE");
}

async fn editorial_figures_stay_in_their_lane(app: App) {
    let app = app.with_starter().await;
    let found = bands(&app, "methods: [EDITORIAL]").await;
    let of = |region: &str, name: &str| {
        let cells =
            found.iter().filter(|band| band["region"]["code"] == region).map(|band| &band[name]["amount"]);
        cells.filter_map(Value::as_i64).collect::<Vec<_>>()
    };
    assert_eq!(
        (of("US", "low"), of("US", "high"), of("US", "mean")),
        (vec![72_000], vec![146_000], vec![100_000])
    );
    assert_eq!(
        (of("CA", "low"), of("CA", "high"), of("CA", "mean")),
        (vec![60_000], vec![120_000], vec![85_000])
    );
    assert_eq!(
        (of("GB", "low"), of("GB", "high"), of("GB", "mean")),
        (vec![35_000], vec![85_000], vec![55_000])
    );
    let means: Vec<i64> = found.iter().filter_map(|band| band["mean"]["amount"].as_i64()).collect();
    assert!(means.contains(&122_000) && means.contains(&110_000), "{means:?}");
    let role = app
        .ask("{ role(by: { slug: \"back-end-developer\" }) { growthHistory { provenance { source { method } } } }
            growthProjections(filter: { sources: [\"career-page\"] }) { nodes { changePercent baseYear targetYear provenance { citedAuthority } } } }")
        .await;
    let history = role["role"]["growthHistory"].as_array().unwrap();
    assert!(
        !history.is_empty() && history.iter().all(|row| row["provenance"]["source"]["method"] == "SURVEY"),
        "{role}"
    );
    let page = &role["growthProjections"]["nodes"][0];
    assert_eq!(
        (&page["changePercent"], &page["baseYear"], &page["targetYear"]),
        (&21.into(), &2019.into(), &2029.into())
    );
    assert!(
        page["provenance"]["citedAuthority"].as_str().is_some_and(|words| words.contains("Labor Statistics")),
        "{page}"
    );
}

async fn every_figure_says_where_it_stands(app: App) {
    let app = app.with_starter().await;
    for band in bands(&app, r#"regions: ["US-NY"]"#).await {
        let from = &band["provenance"];
        assert!(from["locator"].as_str().unwrap().contains("row "), "{from}");
        assert!(
            ["licence", "url", "sha256"]
                .iter()
                .all(|name| from[name].as_str().is_some_and(|text| !text.is_empty()))
        );
        let rows =
            ["rowsLoaded", "rowsRejected", "rowsSkipped"].map(|name| from["release"][name].as_i64().unwrap());
        assert_eq!(rows.iter().sum::<i64>(), from["release"]["rowsRead"].as_i64().unwrap());
    }
}
