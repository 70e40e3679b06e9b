//! Answers of publishers' interfaces: every row of the real ones is accounted for, and a figure of each is looked at.

use std::fmt::Write as _;

use entity::{Cell, FigureKind, occupation, release, salary_band};
use jobs::pipeline::{IngestError, Outcome, Report};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    app::App,
    corpus::{outcome, shared},
    made,
};

on_both_engines!(
    a_top_coded_wage_is_at_least_the_bound_of_its_footnote,
    an_answer_about_no_series_at_all_is_refused_in_the_publishers_words,
    a_currency_that_changed_since_is_not_guessed,
    converted_amounts_are_no_pay,
    national_answers_are_read_by_group,
    pay_of_job_postings_needs_currency_period_and_place,
);

async fn taken(app: &App, source: &str, folder: &str, name: &str) -> Option<Report> {
    let file = shared(folder).into_iter().find(|file| file.ends_with(name))?;
    let report = app.refresh(source, &file, None).await.unwrap();
    assert_eq!(report.read, report.loaded + report.rejected + report.skipped, "{name}");
    assert_eq!((report.rejected, report.outcome), (0, outcome(report.loaded)), "{name}: {:?}", report.lines);
    let again = app.refresh(source, &file, None).await.unwrap();
    assert_ne!(again.outcome, Outcome::Published, "{name} a second time");
    Some(report)
}

/// The bands of occupation `code` in the release called `label`.
async fn bands(app: &App, label: &str, code: &str) -> Vec<salary_band::Model> {
    let db = &app.cx.db;
    let found =
        release::Entity::find().filter(release::Column::Label.eq(label)).one(db).await.unwrap().unwrap();
    let of = occupation::Entity::find().filter(occupation::Column::Code.eq(code)).all(db).await.unwrap();
    let ids: Vec<_> = of.into_iter().map(|row| row.id).collect();
    let bands = salary_band::Entity::find().filter(salary_band::Column::ReleaseId.eq(found.id));
    bands.filter(salary_band::Column::OccupationId.is_in(ids)).all(db).await.unwrap()
}

async fn a_top_coded_wage_is_at_least_the_bound_of_its_footnote(app: App) {
    let name = "bls_v2_oeun_topcoded_value_dash.json";
    let Some(report) = taken(&app, "bls-api", "api-samples", name).await else { return };
    assert_eq!((report.read, report.loaded, report.skipped), (3, 1, 2), "{:?}", report.lines);
    let found = bands(&app, "May 2018", "29-1023").await;
    assert_eq!((found.len(), found[0].median), (1, Some(20_800_000)));
    assert_eq!(found[0].marks.get(Cell::Median), FigureKind::AtLeast);
}

async fn an_answer_about_no_series_at_all_is_refused_in_the_publishers_words(app: App) {
    let files = shared("api-samples");
    let Some(file) = files.iter().find(|file| file.ends_with("bls_v2_series_does_not_exist.json")) else {
        return;
    };
    let error = app.refresh("bls-api", file, None).await.unwrap_err();
    let IngestError::Decode { source, .. } = error else { panic!("{error:?}") };
    assert!(source.to_string().contains("OEUN000000000000015113201"), "{source}");
}

async fn converted_amounts_are_no_pay(app: App) {
    let name = "ilostat_EAR_EMTA_us_tail_FRAGMENT.json";
    let Some(report) = taken(&app, "ilostat", "api-samples", name).await else { return };
    assert_eq!((report.read, report.loaded, report.skipped), (6, 2, 4));
    let found = bands(&app, "2024", "9").await;
    assert_eq!((found[0].mean, found[0].currency.as_str()), (Some(343_855), "USD"));
    let Some(report) = taken(&app, "oecd-earnings", "sdmx", "OECD_AV_AN_WAGE.csv").await else { return };
    assert_eq!((report.read, report.loaded), (112, 0));
}

/// A row of each country and year in the layout of the International Labour Organization, 1,000 a month in local currency.
fn monthly(rows: &[(&str, i32)]) -> String {
    let mut text = String::from(
        "ref_area,source,indicator,sex,classif1,classif2,time,obs_value,obs_status,best_source\n",
    );
    for (country, year) in rows {
        writeln!(text, "{country},BX:1,X,SEX_T,OCU_ISCO08_2,CUR_TYPE_LCU,{year},1000,,1").unwrap();
    }
    text
}

/// The currencies of all bands of a source, by label of the release and place.
async fn currencies(app: &App, source: &str) -> Vec<String> {
    let document = format!(
        r#"{{ salaryBands(filter: {{ sources: ["{source}"], releases: ALL, period: null }}, first: 100) {{ nodes {{
        region {{ code }} currency mean {{ amount }} provenance {{ release {{ label }} }} }} }} }}"#
    );
    let answer = app.ask(&document).await;
    let told = |band: &serde_json::Value| {
        let word = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let label = word(&band["provenance"]["release"]["label"]);
        format!("{label} {} {}", word(&band["region"]["code"]), word(&band["currency"]))
    };
    let mut found: Vec<_> = answer["salaryBands"]["nodes"].as_array().unwrap().iter().map(told).collect();
    found.sort();
    found
}

/// Croatia joined the euro in 2023 and Bulgaria in 2026; Romania's leu is of 2005.
async fn a_currency_that_changed_since_is_not_guessed(app: App) {
    let name = "EAR_EMTA_SEX_OCU_CUR_NB_A";
    let rows = [("HRV", 2022), ("HRV", 2023), ("BGR", 2022), ("BGR", 2023), ("ROU", 2022), ("PRT", 2022)];
    let report = app.take("ilostat", &format!("{name}.csv"), monthly(&rows).as_bytes()).await.unwrap();
    assert_eq!((report.read, report.loaded, report.skipped), (6, 3, 3), "{:?}", report.lines);
    assert_eq!(currencies(&app, "ilostat").await, ["2022 PT EUR", "2022 RO RON", "2023 HR EUR"]);

    // A file of before 2023 cannot have restated Croatia, nor one of before 2026 Bulgaria.
    let old =
        made::archive_of(&format!("{name}.csv"), monthly(&[("HRV", 2011), ("BGR", 2011)]).as_bytes(), 2020);
    app.take("ilostat", &format!("{name}.zip"), &old).await.unwrap();
    let of_2011: Vec<_> =
        currencies(&app, "ilostat").await.into_iter().filter(|told| told.starts_with("2011")).collect();
    assert_eq!(of_2011, ["2011 BG BGN", "2011 HR HRK"]);

    // A row that names its currency is of that one, and one that says "domestic" does not.
    let mut wages = String::from(
        "REF_AREA,MEASURE,MEASURE LABEL,UNIT_MEASURE,PRICE_BASE,AGGREGATION_OPERATION,TIME_PERIOD,OBS_VALUE,OBS_STATUS\n",
    );
    for (country, currency) in [("BGR", "XDC"), ("HRV", "HRK"), ("LTU", "EUR"), ("ROU", "XDC")] {
        writeln!(wages, "{country},WG,Wages,{currency},V,MEAN,2013,10000,A").unwrap();
    }
    let report = app.take("oecd-earnings", "OECD_AV_AN_WAGE.csv", wages.as_bytes()).await.unwrap();
    assert_eq!((report.loaded, report.skipped), (3, 1), "{:?}", report.lines);
    assert_eq!(currencies(&app, "oecd-earnings").await, ["2013 HR HRK", "2013 LT EUR", "2013 RO RON"]);
}

async fn national_answers_are_read_by_group(app: App) {
    let Some(report) = taken(&app, "ine-pt", "api-samples", "pt_ine_group_earnings_2024.json").await else {
        return;
    };
    assert_eq!((report.read, report.loaded), (10, 10));
    let found = bands(&app, "2024", "2").await;
    assert_eq!((found.len(), found[0].mean, found[0].currency.as_str()), (1, Some(239_588), "EUR"));
    let Some(report) = taken(&app, "ine-es", "api-samples", "es_ine_28186_tail_FRAGMENT.json").await else {
        return;
    };
    assert_eq!((report.loaded, report.skipped), (0, report.read));
}

async fn pay_of_job_postings_needs_currency_period_and_place(app: App) {
    let name = "jsonld_baseSalary_variants.json";
    let Some(file) = shared("api-samples").into_iter().find(|file| file.ends_with(name)) else { return };
    let report = app.refresh("career-page", &file, None).await.unwrap();
    // Dong and dollars by the month, dollars by the hour, all without a place; the last of the four does not say for how long.
    assert_eq!((report.rejected, report.outcome), (4, Outcome::Held), "{:?}", report.lines);
    for (record, code) in
        ["unknown-region", "unknown-region", "unknown-region", "no-period"].iter().enumerate()
    {
        let refused = |line: &String| {
            line.contains(&format!("/{record}/baseSalary/0")) && line.ends_with(&format!("({code})"))
        };
        assert!(report.lines.iter().any(refused), "{record}: {:?}", report.lines);
    }
    // With their places they are figures.
    let text = std::fs::read_to_string(&file).unwrap();
    let placed = text
        .replace("\"_source\"", "\"jobLocation\": {\"address\": {\"addressCountry\": \"VN\"}}, \"_source\"");
    let report = app.take("career-page", "placed.json", placed.as_bytes()).await.unwrap();
    assert_eq!((report.rejected, report.outcome), (1, Outcome::Published), "{:?}", report.lines);
    let found = salary_band::Entity::find().all(&app.cx.db).await.unwrap();
    let mut ranges: Vec<_> = found
        .iter()
        .map(|band| (band.currency.as_str(), band.period.as_str(), band.low, band.high))
        .collect();
    ranges.sort_unstable();
    assert_eq!(
        ranges,
        [
            ("USD", "HOUR", Some(8_500), Some(10_500)),
            ("USD", "MONTH", Some(400_000), Some(500_000)),
            ("VND", "MONTH", Some(700_000_000), Some(2_000_000_000)),
        ],
        "{:?}",
        report.lines
    );
    let answer = app
        .ask("{ salaryBands(filter: { sources: [\"career-page\"], period: MONTH }) { nodes { currency reference { start end label } } } }")
        .await;
    let posted = serde_json::json!({ "start": "2019-01-01", "end": "2019-10-09", "label": "2019" });
    let dong = serde_json::json!({ "currency": "VND", "reference": posted });
    let nodes = answer["salaryBands"]["nodes"].as_array().unwrap();
    assert!(nodes.contains(&dong), "{nodes:?}");
}

/// A page of five advertisements: each is of the day it was posted, of one place the latest stands, and the role is the one
/// that goes by the title.
#[tokio::test]
async fn an_advertisement_is_of_the_day_it_was_posted_and_of_the_role_its_title_names() {
    let app = App::start().await;
    let page = include_bytes!("../fixtures/career-page/postings.json");
    let report = app.take("career-page", "postings.json", page).await.unwrap();
    assert_eq!(
        (report.read, report.loaded, report.rejected, report.skipped),
        (5, 3, 1, 1),
        "{:?}",
        report.lines
    );
    assert!(report.lines.contains(&"skipped 1: older-record".to_owned()), "{:?}", report.lines);
    let bands = "salaryBands(filter: { period: PERIOD }) { nodes { region { code } low { amount } reference { start end label } } }";
    let answer = app
        .ask(&format!(
            "{{ role(by: {{ slug: \"back-end-developer\" }}) {{ title year: {} month: {} }} other: role(by: {{ slug: \"backend-developer\" }}) {{ title }} }}",
            bands.replace("PERIOD", "YEAR"),
            bands.replace("PERIOD", "MONTH"),
        ))
        .await;
    let band = |region: &str, low: i64, end: &str| {
        let year = &end[..4];
        let reference = serde_json::json!({ "start": format!("{year}-01-01"), "end": end, "label": year });
        serde_json::json!({ "region": { "code": region }, "low": { "amount": low }, "reference": reference })
    };
    // What bears no day of its own is of the day the page was changed.
    let role = serde_json::json!({
        "title": "Back End Developer",
        "year": { "nodes": [band("DE", 70_000, "2024-05-02"), band("FR", 45_000, "2026-01-15")] },
        "month": { "nodes": [band("PL", 9_000, "2019-10-09")] },
    });
    assert_eq!((&answer["role"], &answer["other"]), (&role, &serde_json::Value::Null));
}

/// An employer's page states rupees and not whether they are those of a year or a month.
#[tokio::test]
async fn a_page_whose_only_pay_has_no_period_is_held_with_the_reason() {
    let app = App::start().await;
    let name = "ambitionbox_OccupationAggregationByEmployer_trimmed.html";
    let Some(file) = shared("api-samples").into_iter().find(|file| file.ends_with(name)) else { return };
    let report = app.refresh("career-page", &file, None).await.unwrap();
    assert_eq!((report.read, report.rejected, report.outcome), (1, 1, Outcome::Held), "{:?}", report.lines);
    let reason = |line: &String| line.contains("/1/estimatedSalary/0") && line.ends_with("(no-period)");
    assert!(report.lines.iter().any(reason), "{:?}", report.lines);
}

/// A message of another dataflow is SDMX-JSON as good as any, and none of its dimensions is about pay.
#[tokio::test]
async fn a_message_without_pay_is_refused_by_its_columns() {
    let app = App::start().await;
    let Some(file) = shared("sdmx").into_iter().find(|file| file.ends_with("data-PART2-all-all.json")) else {
        return;
    };
    let error = app.refresh("oecd-earnings", &file, None).await.unwrap_err();
    let IngestError::Decode { source, .. } = &error else { panic!("{error:?}") };
    let told = source.to_string();
    assert!(told.contains("no header row with the column `measure`") && told.contains("LOCATION"), "{told}");
}
