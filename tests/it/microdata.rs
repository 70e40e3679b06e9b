//! Bands made of records: every row of the real files is accounted for, and cells are computed here a second time, from
//! lists that hold an amount as often as its weight says.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::PathBuf,
};

use entity::{
    Classification, Experience, OccupationId, PayPeriod, ReleaseId, ReleaseStatus, occupation, region,
    release, salary_band,
};
use jobs::{
    codes::{Bearer, occupation_of_title},
    pipeline::{Outcome, Report},
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use crate::{app::App, corpus::shared};

on_both_engines!(
    wages_of_seasonal_work_are_weighted_by_workers_and_kept_by_unit,
    prevailing_wages_are_told_by_the_title_of_the_occupation,
    a_case_of_two_quarters_counts_once_as_the_later_one_has_it,
    a_posted_range_is_one_record_and_its_middle,
    single_reports_of_a_salary_are_a_source_of_their_own,
    answers_of_a_survey_are_bands_by_country_and_currency,
);

const WEIGHED: &str = r#"
key              = "weighed"
title            = "Answers with weights"
publisher        = "Nobody"
homepage         = "https://example.org"
method           = "SURVEY"
licence          = "None"
attribution      = "Nobody"
stale_after_days = 30

[[layout]]
dataset        = "pay"
rows           = "microdata"
file           = 'weighed_(?<year>\d{4})\.csv'
reference      = { label = "{year}", start = "{year}-01-01", end = "{year}-12-31" }
classification = [{ is = "SOC_2018" }]
expect         = { max_rejects_percent = 20 }
columns.code   = ["code"]
columns.title  = ["title"]
columns.amount = ["pay"]
columns.unit   = ["unit"]
columns.weight = ["weight"]

[layout.microdata]
currency  = "USD"
units     = { HR = "HOUR" }
plausible = [{ period = "HOUR", least = 1, most = 500 }]
"#;

#[tokio::test]
async fn a_weight_may_be_a_fraction_and_a_unit_in_any_case() {
    let app = App::start().await.with_sources(&[WEIGHED.to_owned()]);
    let mut text = String::from("code,title,pay,unit,weight\n");
    for (pay, unit, weight) in [
        (10, "HR", "0.5"),
        (20, "hr", "0.25"),
        (30, "Hr", "2.5"),
        (40, "HR", "1"),
        (50, "HR", "1.0004"),
        (60, "DAY", "1"),
    ] {
        writeln!(text, "15-1252,Software developers,{pay},{unit},{weight}").unwrap();
    }
    let report = app.take("weighed", "weighed_2025.csv", text.as_bytes()).await.unwrap();
    assert_eq!(
        (report.outcome, report.loaded, report.rejected),
        (Outcome::Published, 5, 1),
        "{:?}",
        report.lines
    );
    assert!(report.lines.iter().any(|line| line == "rejected 1: unknown-unit"), "{:?}", report.lines);
    let band = salary_band::Entity::find().one(&app.cx.db).await.unwrap().unwrap();
    assert_eq!(
        [band.p10, band.p25, band.median, band.p75, band.p90, band.mean],
        [2_000, 3_000, 3_000, 4_000, 5_000, 3_333].map(Some)
    );
    assert_eq!(band.sample_size, Some(5));
}

#[tokio::test]
async fn records_too_few_for_any_figure_hide_none() {
    let app = App::start().await.with_sources(&[WEIGHED.to_owned()]);
    let records = |count: usize| {
        let row = "15-1252,Software developers,30,HR,1\n";
        String::from("code,title,pay,unit,weight\n") + &row.repeat(count)
    };
    let few = app.take("weighed", "weighed_2024.csv", records(4).as_bytes()).await.unwrap();
    assert_eq!(few.outcome, Outcome::Held, "{:?}", few.lines);
    assert!(few.lines.iter().any(|line| line.starts_with("check figures failed")), "{:?}", few.lines);
    let enough = app.take("weighed", "weighed_2023.csv", records(5).as_bytes()).await.unwrap();
    assert_eq!(enough.outcome, Outcome::Published, "{:?}", enough.lines);
}

type Row = BTreeMap<String, String>;

/// Ingests the file of `folder` called `name`; returns its rows by header, or nothing where the files are not here.
async fn ingested(app: &App, source: &str, folder: &str, name: &str) -> Option<(Report, Vec<Row>)> {
    let file: PathBuf = shared(folder).into_iter().find(|file| file.ends_with(name))?;
    let report = app.refresh(source, &file, None).await.unwrap();
    assert_eq!(report.read, report.loaded + report.rejected + report.skipped, "{name}");
    assert_eq!(report.outcome, Outcome::Published, "{name}: {:?}", report.lines);
    let again = app.refresh(source, &file, None).await.unwrap();
    assert_eq!(again.outcome, Outcome::Unchanged, "{name} a second time: {:?}", again.lines);
    let text =
        String::from_utf8_lossy(&std::fs::read(file).unwrap()).trim_start_matches('\u{feff}').to_owned();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<Row> = reader.deserialize().map(Result::unwrap).collect();
    assert_eq!(report.read, rows.len() as u64, "{name}");
    Some((report, rows))
}

fn bears(title: &str, wanted: &str) -> bool {
    matches!(occupation_of_title(title), Bearer::One(code, _) if code == wanted)
}

fn cents(text: &str) -> i64 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    whole.parse::<i64>().unwrap() * 100 + format!("{fraction:0<2}")[..2].parse::<i64>().unwrap()
}

/// The 10th, 25th, 50th, 75th and 90th hundredth of a list, by rank, and its mean.
fn figures(mut amounts: Vec<i64>) -> Vec<Option<i64>> {
    amounts.sort_unstable();
    let rank = |percent: usize| (amounts.len() * percent).div_ceil(100).max(1) - 1;
    let total: i64 = amounts.iter().sum();
    let count = i64::try_from(amounts.len()).unwrap();
    let mut found: Vec<_> = [10, 25, 50, 75, 90].map(|percent| Some(amounts[rank(percent)])).to_vec();
    found.push(Some((total * 2 + count) / (count * 2)));
    found
}

struct Wanted<'a> {
    release: &'a str,
    code: &'a str,
    region: &'a str,
    period: PayPeriod,
    currency: &'a str,
    experience: Experience,
}

/// The figures of one band and how many records it has.
async fn band(app: &App, wanted: &Wanted<'_>) -> (Vec<Option<i64>>, i32) {
    let db = &app.cx.db;
    let labelled =
        release::Entity::find().filter(release::Column::Label.eq(wanted.release)).one(db).await.unwrap();
    band_of(app, wanted, labelled.unwrap().id).await
}

/// The same of one edition of the release.
async fn band_of(app: &App, wanted: &Wanted<'_>, edition: ReleaseId) -> (Vec<Option<i64>>, i32) {
    let db = &app.cx.db;
    let occupations = occupation::Entity::find().filter(occupation::Column::Code.eq(wanted.code));
    let occupations = occupations.all(db).await.unwrap();
    let ids: Vec<OccupationId> = occupations
        .iter()
        .filter(|row| row.classification == entity::Classification::Soc2018)
        .map(|row| row.id)
        .collect();
    let place = region::Entity::find().filter(region::Column::Code.eq(wanted.region)).one(db).await.unwrap();
    let found = salary_band::Entity::find()
        .filter(salary_band::Column::OccupationId.is_in(ids))
        .filter(salary_band::Column::RegionId.eq(place.unwrap().id))
        .filter(salary_band::Column::ReleaseId.eq(edition))
        .filter(salary_band::Column::Period.eq(wanted.period))
        .filter(salary_band::Column::Currency.eq(wanted.currency))
        .filter(salary_band::Column::Experience.eq(wanted.experience))
        .all(db)
        .await
        .unwrap();
    assert_eq!(found.len(), 1, "{}", wanted.code);
    let band = &found[0];
    (vec![band.p10, band.p25, band.median, band.p75, band.p90, band.mean], band.sample_size.unwrap())
}

fn size(records: usize) -> i32 {
    i32::try_from(records).unwrap()
}

async fn wages_of_seasonal_work_are_weighted_by_workers_and_kept_by_unit(app: App) {
    let Some((report, rows)) = ingested(&app, "oflc-h2b", "oflc", "h2b_fy2008.csv").await else { return };
    let (code, period) = ("37-3011", PayPeriod::Hour);
    for place in ["US-TX", "US"] {
        let counted: Vec<&Row> = rows
            .iter()
            .filter(|row| row["CASE_STATUS"].ends_with("CERTIFIED") && row["BASIC_UNIT_OF_PAY"] == "HR")
            .filter(|row| place == "US" || row["ALIEN_WORK_STATE"] == place[3..])
            .filter(|row| bears(&row["JOB_TITLE"], code))
            .filter(|row| (2.0..=150.0).contains(&row["BASIC_RATE_OF_PAY"].parse::<f64>().unwrap()))
            .collect();
        let amounts = counted.iter().flat_map(|row| {
            vec![cents(&row["BASIC_RATE_OF_PAY"]); row["NBR_WORKERS_CERTIFIED"].parse().unwrap()]
        });
        let currency = "USD";
        let wanted =
            Wanted { release: "FY 2008", code, region: place, period, currency, experience: Experience::All };
        let expected = (figures(amounts.collect()), size(counted.len()));
        assert!(expected.1 > 100, "{place}");
        assert_eq!(band(&app, &wanted).await, expected, "{place}");
    }
    assert!(report.rejected > 0 && report.rejected * 20 < report.read, "{:?}", report.lines);
}

async fn prevailing_wages_are_told_by_the_title_of_the_occupation(app: App) {
    let name = "lca_kaggle_h1b_sample.csv";
    let Some((_, rows)) = ingested(&app, "oflc-lca", "oflc", name).await else { return };
    let counted: Vec<i64> = rows
        .iter()
        .filter(|row| row["CASE_STATUS"] == "CERTIFIED" && row["SOC_NAME"] == "CHIEF EXECUTIVES")
        .map(|row| cents(&row["PREVAILING_WAGE"]))
        .filter(|cents| (1_500_000..=100_000_000).contains(cents))
        .collect();
    let wanted = Wanted {
        release: "FY 2016",
        code: "11-1011",
        region: "US",
        period: PayPeriod::Year,
        currency: "USD",
        experience: Experience::All,
    };
    let records = size(counted.len());
    assert_eq!(band(&app, &wanted).await, (figures(counted), records));
}

/// A quarter's table of labor condition applications: case, status and pay of each.
fn quarter(rows: &[(&str, &str, u32)]) -> Vec<u8> {
    let header = "CASE_NUMBER,CASE_STATUS,SOC_CODE,SOC_TITLE,TOTAL_WORKER_POSITIONS,WORKSITE_STATE,\
                  WAGE_RATE_OF_PAY_FROM,WAGE_UNIT_OF_PAY";
    let row = |(case, status, pay): &(&str, &str, u32)| {
        format!("{case},{status},15-1252.00,Software Developers,1,CA,{pay},Year\n")
    };
    format!("{header}\n{}", rows.iter().map(row).collect::<String>()).into_bytes()
}

async fn a_case_of_two_quarters_counts_once_as_the_later_one_has_it(app: App) {
    let first: Vec<_> = ["A", "B", "C", "D"].map(|case| (case, "Certified", 100_000)).to_vec();
    let second =
        [("C", "Certified", 130_000), ("D", "Certified - Withdrawn", 100_000), ("E", "Certified", 140_000)];
    let fourth = [
        ("E", "Certified", 150_000),
        ("F", "Certified", 160_000),
        ("G", "Certified", 170_000),
        ("H", "Certified", 180_000),
        ("I", "Certified", 190_000),
    ];
    // Whatever the order in which they come.
    for (name, rows) in [("Q4", &fourth[..]), ("Q1", &first), ("Q2", &second)] {
        let name = format!("LCA_Disclosure_Data_FY2024_{name}.csv");
        let report = app.take("oflc-lca", &name, &quarter(rows)).await.unwrap();
        assert_eq!((report.outcome, report.read), (Outcome::Published, rows.len() as u64), "{name}");
        assert_eq!(report.read, report.loaded + report.rejected + report.skipped, "{name}");
    }
    let wanted = Wanted {
        release: "FY 2024",
        code: "15-1252",
        region: "US-CA",
        period: PayPeriod::Year,
        currency: "USD",
        experience: Experience::All,
    };
    // C as the second quarter has it, D withdrawn there, E as the fourth has it.
    let counted = [100_000, 100_000, 130_000, 150_000, 160_000, 170_000, 180_000, 190_000]
        .map(|pay| pay * 100)
        .to_vec();
    let newest =
        release::Entity::find().order_by_desc(release::Column::Edition).one(&app.cx.db).await.unwrap();
    let newest = newest.unwrap();
    assert_eq!((newest.edition, newest.is_current), (3, true));
    assert_eq!(band_of(&app, &wanted, newest.id).await, (figures(counted), 8));
}

/// The codes of the bands of `release`, with their classifications.
async fn codes(app: &App, label: &str) -> Vec<(Classification, String)> {
    let release = release::Entity::find().filter(release::Column::Label.eq(label));
    let release = release.one(&app.cx.db).await.unwrap().unwrap();
    let bands = salary_band::Entity::find().filter(salary_band::Column::ReleaseId.eq(release.id));
    let ids: BTreeSet<_> =
        bands.all(&app.cx.db).await.unwrap().iter().filter_map(|band| band.occupation_id).collect();
    let known = occupation::Entity::find().filter(occupation::Column::Id.is_in(ids));
    known.all(&app.cx.db).await.unwrap().into_iter().map(|row| (row.classification, row.code)).collect()
}

#[tokio::test]
async fn applications_have_the_codes_of_soc_2010_until_june_2022() {
    let app = App::start().await;
    let row = |code: &str| {
        String::from_utf8(quarter(&[("A", "Certified", 100_000)])).unwrap().replace("15-1252.00", code)
    };
    let table = |codes: &[&str]| {
        let rows = codes.iter().flat_map(|code| (0..5).map(move |_| *code)).enumerate();
        let lines = rows
            .map(|(at, code)| row(code).lines().nth(1).unwrap().replacen('A', &format!("A{at}"), 1) + "\n");
        format!("{}\n{}", row("").lines().next().unwrap(), lines.collect::<String>()).into_bytes()
    };
    let both = ["15-1132", "15-1252.00", "15-1299.08", "15-1199.02"];
    for (year, printed, expected) in [
        ("2021", &both[..1], &[(Classification::Soc2010, "15-1132")][..]),
        (
            "2022",
            &both,
            &[
                (Classification::Soc2010, "15-1132"),
                (Classification::Soc2010, "15-1199"),
                (Classification::Soc2018, "15-1252"),
                (Classification::Soc2018, "15-1299"),
            ],
        ),
        (
            "2023",
            &both[1..3],
            &[(Classification::Soc2018, "15-1252"), (Classification::OnetSoc2019, "15-1299.08")],
        ),
    ] {
        let name = format!("LCA_Disclosure_Data_FY{year}_Q4.csv");
        app.take("oflc-lca", &name, &table(printed)).await.unwrap();
        let mut found = codes(&app, &format!("FY {year}")).await;
        let mut expected: Vec<_> = expected.iter().map(|(of, code)| (*of, (*code).to_owned())).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{year}");
    }
}

/// The rows of a salaries file in twos where both ends of a range follow each other, else alone.
fn postings(rows: &[Row]) -> Vec<Vec<&Row>> {
    let alike = |a: &Row, b: &Row| {
        a.iter().all(|(name, cell)| name == "salary" || name == "salary_in_usd" || b[name] == *cell)
    };
    let (mut found, mut at) = (Vec::new(), 0);
    while at < rows.len() {
        let pair = rows.get(at + 1).is_some_and(|next| {
            rows[at]["work_year"].as_str() >= "2022"
                && alike(&rows[at], next)
                && cents(&next["salary"]) <= cents(&rows[at]["salary"])
        });
        let until = at + if pair { 2 } else { 1 };
        found.push(rows[at..until].iter().collect());
        at = until;
    }
    found
}

async fn a_posted_range_is_one_record_and_its_middle(app: App) {
    let name = "salaries_2025-01-19.csv";
    let Some((_, rows)) = ingested(&app, "ai-jobs", "ai-jobs", name).await else { return };
    let postings = postings(&rows);
    for (experience, letters) in [(Experience::All, ""), (Experience::Senior, "SE"), (Experience::Mid, "MI")]
    {
        let counted: Vec<i64> = postings
            .iter()
            .filter(|rows| rows.len() == 2)
            .filter(|rows| {
                let row = rows[0];
                row["work_year"] == "2024"
                    && row["company_location"] == "GB"
                    && row["salary_currency"] == "GBP"
                    && row["experience_level"].contains(letters)
                    && bears(&row["job_title"], "15-2051")
            })
            .map(|rows| rows.iter().map(|row| cents(&row["salary"])).sum::<i64>() / 2)
            .collect();
        let wanted = Wanted {
            release: "2024",
            code: "15-2051",
            region: "GB",
            period: PayPeriod::Year,
            currency: "GBP",
            experience,
        };
        let records = size(counted.len());
        let expected = if records < 5 { vec![None; 6] } else { figures(counted) };
        assert_eq!(band(&app, &wanted).await, (expected, records), "{letters}");
    }
}

async fn single_reports_of_a_salary_are_a_source_of_their_own(app: App) {
    let name = "salaries_2025-01-19.csv";
    let Some((_, rows)) = ingested(&app, "ai-jobs-reported", "ai-jobs", name).await else { return };
    let counted: Vec<i64> = postings(&rows)
        .iter()
        .filter(|rows| rows.len() == 1)
        .map(|rows| rows[0])
        .filter(|row| row["work_year"] == "2021" && row["company_location"] == "US")
        .filter(|row| row["salary_currency"] == "USD" && bears(&row["job_title"], "15-2051"))
        .map(|row| cents(&row["salary"]))
        .collect();
    let wanted = Wanted {
        release: "2021",
        code: "15-2051",
        region: "US",
        period: PayPeriod::Year,
        currency: "USD",
        experience: Experience::All,
    };
    let records = size(counted.len());
    assert!(records >= 5);
    assert_eq!(band(&app, &wanted).await, (figures(counted), records));
    // Of 2025 no row is a single report: its rows are counted, and it hides no older year.
    let years = release::Entity::find().order_by_asc(release::Column::Label).all(&app.cx.db).await.unwrap();
    assert!(years.iter().all(|year| year.status != ReleaseStatus::Held && year.label != "2025"), "{years:?}");
    let current: Vec<_> = years.iter().filter(|year| year.is_current).collect();
    let shown = salary_band::Entity::find().filter(salary_band::Column::ReleaseId.eq(current[0].id));
    assert!(current.len() == 1 && shown.count(&app.cx.db).await.unwrap() > 0, "{current:?}");
}

async fn answers_of_a_survey_are_bands_by_country_and_currency(app: App) {
    let name = "stackoverflow_2025_survey_results_public.csv";
    let Some((_, rows)) = ingested(&app, "stack-overflow", "stack-overflow", name).await else { return };
    let counted: Vec<i64> = rows
        .iter()
        .filter(|row| row["Employment"] == "Employed" && row["Country"] == "Germany")
        .filter(|row| row["Currency"].starts_with("EUR") && bears(&row["DevType"], "15-1252"))
        .filter(|row| row["CompTotal"].parse::<i64>().is_ok_and(|total| (3_000..=3_000_000).contains(&total)))
        .map(|row| cents(&row["CompTotal"]))
        .collect();
    let wanted = Wanted {
        release: "2025",
        code: "15-1252",
        region: "DE",
        period: PayPeriod::Year,
        currency: "EUR",
        experience: Experience::All,
    };
    let records = size(counted.len());
    assert!(records >= 5);
    assert_eq!(band(&app, &wanted).await, (figures(counted), records));
}
