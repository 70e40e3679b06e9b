//! Regions that files bring in: they agree with those that ship, are found by any of their names, and hold pay.

use std::{collections::BTreeMap, fs, path::Path};

use entity::{region, region_name};
use jobs::{definition::Registry, normalize::PrintedRegion, pipeline::Outcome};
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};

use crate::{
    app::App,
    corpus::shared,
    fixtures::{as_published, read},
};

on_both_engines!(
    the_publishers_lists_agree_with_the_regions_that_ship,
    a_late_or_held_list_changes_nothing_that_is_known,
    metropolitan_pay_is_served_and_its_areas_are_registered,
);

/// Every region, by its code.
async fn regions(app: &App) -> BTreeMap<String, region::Model> {
    let rows = region::Entity::find().all(&app.cx.db).await.unwrap();
    rows.into_iter().map(|row| (row.code.clone(), row)).collect()
}

/// Codes of the regions that the filter `text` finds.
async fn called(app: &App, text: &str) -> Vec<String> {
    let found = app
        .ask(&format!("{{ regions(filter: {{ text: {text:?} }}, first: 100) {{ nodes {{ code }} }} }}"))
        .await;
    let nodes = found["regions"]["nodes"].as_array().unwrap();
    nodes.iter().map(|node| node["code"].as_str().unwrap().to_owned()).collect()
}

/// The rows of a real file: loaded, rejected, skipped; and how many regions came with it.
struct Expected(&'static str, &'static str, (u64, u64, u64), usize);

const FILES: [Expected; 5] = [
    Expected("iso-3166", "iso_3166-1.csv", (250, 0, 0), 0),
    Expected("iso-3166", "iso_3166-2.json", (4951, 0, 3), 4877),
    Expected("us-cbsa", "list1_2023.xlsx", (393, 0, 1524), 0),
    Expected("ca-economic-regions", "ca_economic_regions_ler_000b16a_e.dbf", (76, 0, 0), 0),
    Expected("nuts", "NUTS2021.xlsx", (1777, 0, 345), 1334),
];

/// What a file says otherwise than the regions that ship, which stay as they are.
fn differences(shipped: &BTreeMap<String, region::Model>, printed: &[PrintedRegion]) -> Vec<String> {
    let mut found = Vec::new();
    for place in printed {
        let Some(row) = shipped.get(&place.code) else { continue };
        let said = (place.kind, &place.parent, &place.currency);
        let known = (row.kind, &row.parent_code, &row.currency);
        if said != known
            || (place.vintage != row.vintage && place.vintage.is_some() && row.parent_code.is_some())
        {
            found.push(format!(
                "{}: {said:?} {:?} for {known:?} {:?}",
                place.code, place.vintage, row.vintage
            ));
        }
        if place.names[0] != row.name {
            found.push(format!("{}: {} for {}", place.code, place.names[0], row.name));
        }
    }
    found
}

async fn the_publishers_lists_agree_with_the_regions_that_ship(app: App) {
    let registry = Registry::built_in().unwrap();
    let shipped = regions(&app).await;
    let mut known = shipped.clone();
    for Expected(source, file, rows, new) in FILES {
        let Some(path) = shared("regions").into_iter().find(|path| path.ends_with(file)) else { return };
        let releases = read(registry.get(source).unwrap(), file, &fs::read(&path).unwrap());
        let printed: Vec<PrintedRegion> = releases.into_iter().flat_map(|release| release.places).collect();
        // The country list has long names where the catalog has everyday ones; the catalog's are English throughout.
        let native = |code: &str| source == "nuts" && code.len() == 2;
        let printed: Vec<_> = printed.into_iter().filter(|place| !native(&place.code)).collect();
        let differ = differences(&shipped, &printed);
        let expected = if file == "iso_3166-1.csv" { 23 } else { usize::from(file == "iso_3166-2.json") };
        assert_eq!(differ.len(), expected, "{file}: {differ:#?}");

        let report = app.refresh(source, &path, None).await.unwrap();
        assert_eq!((report.loaded, report.rejected, report.skipped), rows, "{file}: {:?}", report.lines);
        assert_eq!(report.outcome, Outcome::Published, "{file}: {:?}", report.lines);
        let now = regions(&app).await;
        assert_eq!(now.len() - known.len(), new, "{file}");
        assert!(known.iter().all(|(code, row)| now[code] == *row), "{file} changed what was known");
        known = now;
        let names = region_name::Entity::find().all(&app.cx.db).await.unwrap().len();
        assert_eq!(app.refresh(source, &path, None).await.unwrap().outcome, Outcome::Unchanged, "{file}");
        assert_eq!(regions(&app).await, known, "{file} a second time");
        assert_eq!(region_name::Entity::find().all(&app.cx.db).await.unwrap().len(), names, "{file}");
    }
    assert!(
        known.values().all(|row| row.parent_code.as_ref().is_none_or(|parent| known.contains_key(parent)))
    );
    for (text, code) in [
        ("Quebec", "CA-QC"),
        ("Québec", "CA-QC"),
        ("centre du quebec", ""),
        ("Centre-du-Quebec", "ER:2433"),
        ("Sao Paulo", "BR-SP"),
        ("SÃO PAULO", "BR-SP"),
        ("osterreich", "AT"),
        ("Sirnak", "NUTS:TRC33"),
        ("Terre-Neuve", "CA-NL"),
        ("Viet Nam", "VN"),
        ("cbsa:41860", "CBSA:41860"),
    ] {
        let found = called(&app, text).await;
        assert!(found.iter().any(|known| known == code) == !code.is_empty(), "{text}: {found:?}");
    }
}

/// A fixture's bytes with some words changed.
fn changed(source: &str, file: &str, changes: &[(&str, &str)]) -> (String, Vec<u8>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(source).join(file);
    let text = fs::read_to_string(path).unwrap();
    let text = changes.iter().fold(text, |text, (from, to)| text.replace(from, to));
    let folder = tempfile::TempDir::new().unwrap();
    let path =
        folder.path().join(changes.iter().fold(file.to_owned(), |name, (from, to)| name.replace(from, to)));
    fs::write(&path, text).unwrap();
    as_published(source, &path)
}

/// Publishes a list that is held for being short.
async fn publish(app: &App, source: &str, (name, bytes): &(String, Vec<u8>), key: &str) {
    let report = app.take(source, name, bytes).await.unwrap();
    assert_eq!(report.outcome, Outcome::Held, "{:?}", report.lines);
    jobs::publish::publish_held(&app.cx.db, key).await.unwrap();
}

async fn a_late_or_held_list_changes_nothing_that_is_known(app: App) {
    let list = |year: &str, name: &str| changed("nuts", "NUTS2021.csv", &[("2021", year), ("Siirt", name)]);
    // Held for being short: what nobody knew is there, as the list says.
    publish(&app, "nuts", &list("2024", "Siirt"), "nuts/regions/NUTS 2024/1").await;
    let name = async || regions(&app).await["NUTS:TRC34"].name.clone();
    assert_eq!(name().await, "Siirt");
    let late = app.take("nuts", &list("2016", "Sêrt").0, &list("2016", "Sêrt").1).await.unwrap();
    assert_eq!(late.outcome, Outcome::Held);
    assert_eq!(name().await, "Siirt");
    assert_eq!(called(&app, "sert").await, ["NUTS:TRC34"]);
    assert_eq!(regions(&app).await["NUTS:EL3"].vintage.as_deref(), Some("NUTS 2021"));
}

async fn metropolitan_pay_is_served_and_its_areas_are_registered(app: App) {
    for (file, key) in [("MSA_M2024_dl.csv", "metro"), ("BOS_M2024_dl.csv", "nonmetro")] {
        publish(&app, "bls-oews", &changed("bls-oews", file, &[]), &format!("bls-oews/{key}/May 2024/1"))
            .await;
    }
    let pay = async |region: &str| {
        let document = format!(
            r#"{{ region(code: "{region}") {{ name kind vintage currency parent {{ code }} }}
            salaryBands(filter: {{ regions: ["{region}"], occupations: [{{ classification: SOC_2018, code: "15-1252" }}] }})
            {{ nodes {{ median {{ text }} p90 {{ text }} employment {{ kind }} provenance {{ locator }} }} }} }}"#
        );
        app.ask(&document).await
    };
    let known = pay("CBSA:41860").await;
    let band = &known["salaryBands"]["nodes"][0];
    assert_eq!(known["region"]["vintage"], "OMB 2023");
    assert_eq!(
        (&band["median"]["text"], &band["p90"]["text"]),
        (&json!("$183,040"), &json!("$239,200 or more"))
    );
    assert_eq!(band["provenance"]["locator"], "MSA_M2024_dl.xlsx › sheet MSA_M2024_dl, row 2");
    let registered = |found: &Value| found["region"].clone();
    let division = pay("CBSA:35004").await;
    assert_eq!(
        registered(&division),
        json!({"name": "Nassau County-Suffolk County, NY Metropolitan Division", "kind": "METRO",
            "vintage": "OEWS May 2024", "currency": "USD", "parent": {"code": "US-NY"}})
    );
    assert_eq!(division["salaryBands"]["nodes"][0]["employment"]["kind"], "SUPPRESSED");
    assert_eq!(registered(&pay("CBSA:35644").await)["parent"]["code"], "US");
    assert_eq!(
        registered(&pay("OEWS:0100001").await),
        json!({"name": "Northwest Alabama nonmetropolitan area", "kind": "NONMETRO", "vintage": "OEWS May 2024",
            "currency": "USD", "parent": {"code": "US-AL"}})
    );
    // Afterwards the list of areas has the word about what is registered only.
    assert_eq!(called(&app, "northwest alabama").await, ["OEWS:0100001"]);
}
