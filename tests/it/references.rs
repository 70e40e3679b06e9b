//! Rows that state the time their own figures refer to: it is served, and what is converted is converted by it.

use std::collections::BTreeMap;

use entity::{release, salary_band};
use jobs::{pipeline::Outcome, starter};
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};

use crate::{
    app::{App, ask},
    corpus::shared,
    made,
};

on_both_engines!(a_band_refers_to_the_time_its_row_states, what_cannot_be_read_is_a_reject);

/// The publisher's file of this name, where their files are here.
fn table(name: &str) -> Option<Vec<u8>> {
    let path = shared("job-bank").into_iter().find(|path| path.ends_with(name))?;
    Some(std::fs::read(path).unwrap())
}

const TABLE: &str = "job_bank_wages_2025_FRAGMENT.csv";

/// The bands of an occupation in Canada, as a view shows them.
async fn bands(app: &App, (code, period): (&str, &str), view: &str) -> Value {
    let document = format!(
        r#"{{ salaryBands(filter: {{ sources: ["job-bank"], regions: ["CA"], occupations: [{{ classification: NOC_2021, code: "{code}" }}], period: {period} }}, view: {{ {view} }}) {{
        nodes {{ reference {{ label start end }} median {{ amount text }} provenance {{ derivation release {{ reference {{ label start end }} }} }} }} }} }}"#
    );
    app.ask(&document).await["salaryBands"]["nodes"].clone()
}

async fn a_band_refers_to_the_time_its_row_states(app: App) {
    let Some(bytes) = table(TABLE) else { return };
    let app = app.with_starter().await;
    app.take("job-bank", TABLE, &bytes).await.unwrap();

    let legislators = bands(&app, ("00010", "YEAR"), r#"currency: "USD", exchange: PPP"#).await;
    let [band] = legislators.as_array().unwrap().as_slice() else { panic!("{legislators}") };
    assert_eq!(band["reference"], json!({ "label": "2021", "start": "2021-01-01", "end": "2021-12-31" }));
    let file = json!({ "label": "2025", "start": "2024-01-01", "end": "2025-12-31" });
    assert_eq!(band["provenance"]["release"]["reference"], file);
    // The census of 2021 has 84,000 dollars; an international dollar was 1.163492 of them that year: 72,196.4569.
    assert_eq!(band["median"]["amount"], json!(72_196.46), "{band}");
    let derivation = band["provenance"]["derivation"][0].as_str().unwrap();
    assert!(derivation.starts_with("currency: CAD of 2021 to USD by purchasing power"), "{derivation}");

    // Two years of the survey of the labour force.
    let engineers = bands(&app, ("21231", "HOUR"), "").await;
    let survey = json!({ "label": "2023-2024", "start": "2023-01-01", "end": "2024-12-31" });
    assert_eq!(engineers[0]["reference"], survey);
    // What is exchanged goes by the days of both years.
    let prices = bands(&app, ("21231", "HOUR"), r#"currency: "USD""#).await;
    let derivation = prices[0]["provenance"]["derivation"][0].as_str().unwrap();
    assert!(derivation.contains("2023-01") && derivation.contains("2024-12"), "{derivation}");

    // Two rows of the survey repeat their province and are left out; 34 say that there is no figure.
    let expected = named([("2021", 20), ("2023-2024", 8), ("2024", 8), ("2025", 34)]);
    assert_eq!(counted(&app, "wages").await, expected);
}

/// How many bands of a dataset refer to each period, by its name.
async fn counted(app: &App, dataset: &str) -> BTreeMap<String, usize> {
    let releases = release::Entity::find().all(&app.cx.db).await.unwrap();
    let mut found = BTreeMap::new();
    for band in salary_band::Entity::find().all(&app.cx.db).await.unwrap() {
        let of = releases.iter().find(|release| release.id == band.release_id).unwrap();
        let stated: Vec<entity::ReferencePeriod> = serde_json::from_str(&of.stated_periods).unwrap();
        let place = band.stated_period.map(|place| usize::try_from(place).unwrap());
        if of.dataset == dataset {
            let label = place.map_or(&of.reference_label, |place| &stated[place].label);
            *found.entry(label.clone()).or_default() += 1;
        }
    }
    found
}

fn named<const N: usize>(counts: [(&str, usize); N]) -> BTreeMap<String, usize> {
    counts.map(|(label, count)| (label.to_owned(), count)).into()
}

/// Canada's table of 2021 for Ontario has four periods and rows that state none.
#[tokio::test]
async fn every_row_of_ontario_refers_to_what_it_states() {
    let name = "job_bank_wages_2021_ontario_annualised.csv";
    let (app, Some(bytes)) = (App::start().await, table(name)) else { return };
    app.take("job-bank", name, &bytes).await.unwrap();
    let expected = named([("2016", 108), ("2019-2020", 3482), ("2020", 1), ("2021", 2409)]);
    assert_eq!(counted(&app, "wages-2021-ontario").await, expected);
    // What a first start loads has them too.
    let mut shipped = Vec::new();
    starter::export(&app.cx, &mut shipped).await.unwrap();
    let lines = String::from_utf8(zstd::decode_all(&shipped[..]).unwrap()).unwrap();
    let release = serde_json::from_str::<Value>(lines.lines().nth(1).unwrap()).unwrap()["release"].take();
    let bands = release["bands"].as_array().unwrap();
    let stated = bands.iter().filter_map(|band| {
        release["stated"][usize::try_from(band["stated"].as_u64()?).unwrap()]["label"].as_str()
    });
    assert_eq!(stated.filter(|label| *label == "2019-2020").count(), 3482);
}

/// British Columbia's table has a period for each region of a row; these are the bands of rows that are not rejected.
#[tokio::test]
async fn every_region_of_a_row_has_its_own_period() {
    let name = "econ_whse_labour_wages_bc.csv";
    let (app, Some(bytes)) = (App::start().await, table(name)) else { return };
    app.take("job-bank", name, &bytes).await.unwrap();
    let expected = [("2006", 155), ("2010-2011", 9), ("2011", 358), ("2011-2012", 325), ("2012-2013", 1457)];
    assert_eq!(counted(&app, "british-columbia").await, named(expected));
}

/// A survey whose rows state their periods.
fn stating(key: &str) -> String {
    made::definition(key, "SURVEY", "EUR").replacen(
        "columns.code",
        "references = [{ is = '(?<base>\\d{4})/(?<target>\\d{4})', label = \"{base} to {target}\", \
         start = \"{base}-07-01\", end = \"{target}-06-30\" }]\ncolumns.reference = [\"of\"]\ncolumns.code",
        1,
    )
}

/// A file of such a survey: what each code's row states.
fn survey(rows: &[(&str, &str)]) -> String {
    let pay = [1_000_000, 2_000_000, 3_000_000, 4_000_000, 5_000_000, 3_500_000];
    let made: Vec<_> = rows.iter().map(|(code, _)| ((*code).to_owned(), 100, 1.0, pay)).collect();
    let stated = ["of"].into_iter().chain(rows.iter().map(|(_, of)| *of));
    let lines: Vec<String> =
        made::survey(&made).lines().zip(stated).map(|(line, of)| format!("{line},{of}")).collect();
    lines.join("\n") + "\n"
}

async fn what_cannot_be_read_is_a_reject(app: App) {
    let app = app.with_sources(&[stating("stating")]);
    let rows = [
        ("15-1252", "2021/2022"),
        ("29-1141", ""),
        ("15-1251", "2022/2021"),
        ("11-1011", "soon"),
        ("15-1253", "-"),
    ];
    let report = app.take("stating", "made_2023.csv", survey(&rows).as_bytes()).await.unwrap();
    assert_eq!((report.read, report.loaded, report.rejected), (5, 3, 2), "{:?}", report.lines);
    assert!(report.lines.iter().any(|line| line == "rejected 2: unreadable-reference"), "{:?}", report.lines);
}

/// A table that lacks the column is held: its figures would be taken for those of another time.
#[tokio::test]
async fn a_table_without_the_column_is_held() {
    let app = App::start().await.with_sources(&[stating("stating")]);
    let table = survey(&[("15-1252", "2021/2022")]).replace(",of\n", ",when\n");
    let report = app.take("stating", "made_2023.csv", table.as_bytes()).await.unwrap();
    assert_eq!(report.outcome, Outcome::Held, "{:?}", report.lines);
    assert!(report.lines.iter().any(|line| line == "check columns failed: of"), "{:?}", report.lines);
}

/// A figure that two releases print of one period is one point of a history, and the newest period answers, not the newest file.
#[tokio::test]
async fn what_a_row_states_orders_figures() {
    let app = App::start().await.with_sources(&[stating("stating"), stating("other")]);
    let publish = async |source: &str, year: i32, rows: &[(&str, &str)]| {
        let report = app.take(source, &format!("made_{year}.csv"), survey(rows).as_bytes()).await.unwrap();
        assert_eq!(report.outcome, Outcome::Published, "{:?}", report.lines);
    };
    publish("stating", 2023, &[("15-1252", "2020/2021"), ("29-1141", "2020/2021")]).await;
    publish("stating", 2025, &[("15-1252", "2021/2022"), ("29-1141", "2020/2021")]).await;
    publish("other", 2024, &[("15-1252", "-"), ("29-1141", "2018/2019")]).await;
    let schema = app.schema().await;
    let pay = async |code: &str| {
        let band = "reference { label } provenance { release { label source { key } } }";
        let document = format!(
            r#"{{ role(by: {{ code: {{ classification: SOC_2018, code: "{code}" }} }}) {{ salary(region: "IE") {{ {band} }}
            salaryHistory(region: "IE") {{ band {{ {band} }} }} }} }}"#
        );
        let role = ask(&schema, &document).await["role"].clone();
        let points = role["salaryHistory"].as_array().unwrap().iter().map(|point| told(&point["band"]));
        (told(&role["salary"]), points.collect::<Vec<_>>())
    };
    let other = "other: May 2024 of May 2024".to_owned();
    assert_eq!(pay("15-1252").await, (other.clone(), vec![other]));
    let once = "stating: 2020 to 2021 of May 2025".to_owned();
    assert_eq!(pay("29-1141").await, (once.clone(), vec![once]));
}

/// Source, reference period and release of a band.
fn told(band: &Value) -> String {
    let release = &band["provenance"]["release"];
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    format!(
        "{}: {} of {}",
        word(&release["source"]["key"]),
        word(&band["reference"]["label"]),
        word(&release["label"])
    )
}
