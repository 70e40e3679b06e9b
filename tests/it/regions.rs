//! Regions that files bring in: they agree with those that ship, are found by any of their names, and hold pay.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use entity::{region, region_name};
use jobs::{definition::Registry, normalize::PrintedRegion, pipeline::Outcome, replay::publish_held};
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};

use crate::{
    app::{App, noon},
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

/// A real file: its rows loaded, rejected and skipped; the regions that came with it; those it calls otherwise.
struct Expected(&'static str, &'static str, (u64, u64, u64), usize, usize);

/// The country list has formal names (`Iran (Islamic Republic of)`) where the catalog has everyday ones, and the list of
/// subdivisions turns `Virgin Islands, U.S.` round. The list of NUTS calls 37 countries as they call themselves, most of
/// them otherwise than in English. Nothing else differs.
const FILES: [Expected; 5] = [
    Expected("iso-3166", "iso_3166-1.csv", (250, 0, 0), 0, 23),
    Expected("iso-3166", "iso_3166-2.json", (4951, 0, 3), 4877, 1),
    Expected("us-cbsa", "list1_2023.xlsx", (393, 0, 1524), 0, 0),
    Expected("ca-economic-regions", "ca_economic_regions_ler_000b16a_e.dbf", (76, 0, 0), 0, 0),
    Expected("nuts", "NUTS2021.xlsx", (1778, 0, 344), 1335, 31),
];

/// Codes that the printed regions share with those that ship under another name. In everything else the two agree.
fn renamed<'a>(shipped: &BTreeMap<String, region::Model>, printed: &'a [PrintedRegion]) -> Vec<&'a str> {
    let mut found = Vec::new();
    for place in printed {
        let Some(row) = shipped.get(&place.code) else { continue };
        assert_eq!((place.kind, &place.parent), (row.kind, &row.parent_code), "{place:?}");
        assert_eq!(place.currency, row.currency, "{place:?}");
        // A country's row in the list of NUTS is about the country.
        assert!(place.vintage == row.vintage || row.parent_code.is_none(), "{place:?}");
        if place.names[0] != row.name {
            found.push(place.code.as_str());
        }
    }
    found
}

async fn the_publishers_lists_agree_with_the_regions_that_ship(app: App) {
    let registry = Registry::built_in().unwrap();
    let shipped = regions(&app).await;
    let mut known = shipped.clone();
    for Expected(source, file, rows, new, other_names) in FILES {
        let Some(path) = shared("regions").into_iter().find(|path| path.ends_with(file)) else { return };
        let releases = read(registry.get(source).unwrap(), file, &fs::read(&path).unwrap());
        let printed: Vec<PrintedRegion> = releases.into_iter().flat_map(|release| release.places).collect();
        let renamed = renamed(&shipped, &printed);
        assert_eq!(renamed.len(), other_names, "{file}: {renamed:?}");

        let report = app.refresh(source, &path, None).await.unwrap();
        assert_eq!((report.loaded, report.rejected, report.skipped), rows, "{file}: {:?}", report.lines);
        assert_eq!(report.outcome, Outcome::Published, "{file}: {:?}", report.lines);
        let after = regions(&app).await;
        assert_eq!(after.len() - known.len(), new, "{file}");
        assert!(known.iter().all(|(code, row)| after[code] == *row), "{file} changed what was known");
        known = after;
        let names = region_name::Entity::find().all(&app.cx.db).await.unwrap().len();
        assert_eq!(app.refresh(source, &path, None).await.unwrap().outcome, Outcome::Unchanged, "{file}");
        assert_eq!(regions(&app).await, known, "{file} a second time");
        assert_eq!(region_name::Entity::find().all(&app.cx.db).await.unwrap().len(), names, "{file}");
    }
    let parents = known.values().filter_map(|row| row.parent_code.as_ref());
    assert!(parents.into_iter().all(|parent| known.contains_key(parent)));
    for (text, code) in [
        ("Quebec", "CA-QC"),
        ("Québec", "CA-QC"),
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
        assert!(found.iter().any(|known| known == code), "{text}: {found:?}");
    }
}

/// Names are found as they are typed, whatever was loaded.
#[tokio::test]
async fn a_region_is_found_without_its_accents() {
    let app = App::start().await;
    for (text, codes) in [
        ("centre-du-quebec", &["ER:2433"][..]),
        ("Sao Tome", &["ST"]),
        ("são tomé", &["ST"]),
        ("Ivory Coast", &["CI"]),
        ("Cote d'Ivoire", &["CI"]),
        ("curacao", &["CW"]),
        ("Gaspesie-Iles", &["ER:2410"]),
        ("US-CA", &["US-CA"]),
        ("Atlantis", &[]),
    ] {
        assert_eq!(called(&app, text).await, codes, "{text}");
    }
    let names = app.ask(r#"{ region(code: "CI") { name otherNames } }"#).await;
    assert_eq!(names["region"]["name"], "Côte d'Ivoire");
    assert!(names["region"]["otherNames"].as_array().unwrap().contains(&json!("Ivory Coast")));
}

const AREAS: &str = r#"
key              = "areas"
title            = "Areas of one's own"
publisher        = "Nobody"
homepage         = "https://example.org"
licence          = "None"
attribution      = "Nobody"
stale_after_days = 30

[[layout]]
dataset   = "areas"
rows      = "regions"
file      = 'areas_(?<year>\d{4})\.csv'
reference = { label = "{year}", start = "{year}-01-01", end = "{year}-12-31" }
columns.region      = ["code"]
columns.region-name = ["name"]
columns.parent      = ["in"]

[layout.regions]
vintage = "{year}"
code    = [{ cell = '\d+', prefix = "AREA:", width = 3 }]
parent  = [{ field = "parent", cell = '.+' }]
kinds   = [{ is = "CITY" }]
"#;

async fn a_late_or_held_list_changes_nothing_that_is_known(mut app: App) {
    let folder = app.folder.path().join("sources");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("areas.toml"), AREAS).unwrap();
    let mut registry = Registry::built_in().unwrap();
    registry.add_folder(&folder).unwrap();
    app.cx.registry = Arc::new(registry);
    let list = async |year: &str, rows: &str| {
        let (name, text) = (format!("areas_{year}.csv"), format!("code,name,in\n{rows}\n"));
        app.take("areas", &name, text.as_bytes()).await.unwrap().outcome
    };
    let first = async || regions(&app).await["AREA:001"].clone();
    assert_eq!(list("2020", "1,Sêrt,CA-QC").await, Outcome::Published);
    assert_eq!((first().await.name.as_str(), first().await.currency.as_str()), ("Sêrt", "CAD"));
    assert_eq!(list("2022", "1,Batlow,CA-ON\n2,Other,AREA:001").await, Outcome::Published);
    let newest = first().await;
    assert_eq!((newest.name.as_str(), newest.vintage.as_deref()), ("Batlow", Some("2022")));
    assert_eq!(list("2021", "1,Belated,CA-QC\n3,Third,CA").await, Outcome::Published);
    assert_eq!(list("2023", "1,Held,CA-QC\n4,Lost,ZZ-ZZ").await, Outcome::Held);
    assert_eq!(first().await, newest);
    assert_eq!(regions(&app).await["AREA:002"].currency, "CAD");
    assert!(regions(&app).await.contains_key("AREA:003"));
    for name in ["Batlow", "sert", "belated"] {
        assert_eq!(called(&app, name).await, ["AREA:001"], "{name}");
    }
    assert!(called(&app, "held").await.is_empty());

    publish_held(&app.cx, "areas/areas/2023/1", noon()).await.unwrap();
    let looked_at = first().await;
    assert_eq!((looked_at.name.as_str(), looked_at.vintage.as_deref()), ("Held", Some("2023")));
    for name in ["held", "Batlow", "belated"] {
        assert_eq!(called(&app, name).await, ["AREA:001"], "{name}");
    }
}

/// A fixture as a file of its publisher.
fn fixture(source: &str, file: &str) -> (String, Vec<u8>) {
    as_published(
        source,
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(source).join(file),
    )
}

async fn metropolitan_pay_is_served_and_its_areas_are_registered(app: App) {
    for (file, key) in [("MSA_M2024_dl.csv", "metro"), ("BOS_M2024_dl.csv", "nonmetro")] {
        // A piece of a table is held for being short.
        let (name, bytes) = fixture("bls-oews", file);
        let report = app.take("bls-oews", &name, &bytes).await.unwrap();
        assert_eq!(report.outcome, Outcome::Held, "{:?}", report.lines);
        publish_held(&app.cx, &format!("bls-oews/{key}/May 2024/1"), noon()).await.unwrap();
    }
    let pay = async |region: &str| {
        let document = format!(
            r#"{{ region(code: "{region}") {{ name kind vintage currency parent {{ code }} }}
            salaryBands(filter: {{ regions: ["{region}"], occupations: [{{ classification: SOC_2018, code: "15-1252" }}] }})
            {{ nodes {{ median {{ text }} p90 {{ text }} employment {{ kind }} provenance {{ locator }}
            locationQuotient locationQuotientDerived jobsPerThousand jobsPerThousandDerived }} }} }}"#
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
    // As printed, though the table has no row of all occupations to compute them from.
    assert_eq!((&band["locationQuotient"], &band["jobsPerThousand"]), (&json!(2.5), &json!(40.1)));
    assert_eq!(
        (&band["locationQuotientDerived"], &band["jobsPerThousandDerived"]),
        (&json!(false), &json!(false))
    );
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
    assert_eq!(called(&app, "northwest alabama").await, ["OEWS:0100001"]);
}
