//! Reference series: every number of the publishers' files, read here a second time and in another way.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};
use entity::{ParityMeasure, SeriesMeasure, exchange_rate, price_index, price_parity, region};
use jobs::pipeline::Outcome;
use sea_orm::EntityTrait;

use crate::{app::App, corpus::shared};

on_both_engines!(
    every_daily_rate_is_in_the_sum_of_its_month,
    every_parity_of_states_and_metros_is_as_printed,
    consumer_prices_and_purchasing_power_are_as_printed,
    growth_of_advertised_pay_is_served_as_printed,
);

/// Ingests the file of `folder` called `name`; returns its text, or nothing where the publishers' files are not here.
async fn ingested(app: &App, source: &str, folder: &str, name: &str) -> Option<String> {
    let file = shared(folder).into_iter().find(|file| file.ends_with(name))?;
    let report = app.refresh(source, &file, None).await.unwrap();
    assert_eq!(report.read, report.loaded + report.rejected + report.skipped, "{name}");
    assert_eq!((report.rejected, report.outcome), (0, Outcome::Published), "{name}: {:?}", report.lines);
    let again = app.refresh(source, &file, None).await.unwrap();
    assert_eq!(again.outcome, Outcome::Unchanged, "{name} a second time");
    Some(std::fs::read_to_string(file).unwrap())
}

/// A decimal as millionths.
fn millionths(text: &str) -> i64 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{fraction:0<6}").parse().unwrap()
}

/// A decimal as its digits and how many stand behind the point.
fn printed(text: &str) -> (i64, i16) {
    let digits = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    (text.replace('.', "").parse().unwrap(), digits.try_into().unwrap())
}

async fn regions(app: &App) -> BTreeMap<i32, String> {
    let rows = region::Entity::find().all(&app.cx.db).await.unwrap();
    rows.into_iter().map(|row| (row.id.0, row.code)).collect()
}

async fn every_daily_rate_is_in_the_sum_of_its_month(app: App) {
    let Some(text) = ingested(&app, "ecb-rates", "fx", "eurofxref-hist.csv").await else { return };
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let mut expected: BTreeMap<(String, String), (i64, i16)> = BTreeMap::new();
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        for (currency, cell) in header.iter().zip(&cells).skip(1) {
            if !cell.is_empty() && *cell != "N/A" {
                let month = format!("{}-01", &cells[0][..7]);
                let sum = expected.entry(((*currency).to_owned(), month)).or_default();
                *sum = (sum.0 + millionths(cell), sum.1 + 1);
            }
        }
    }
    let rows = exchange_rate::Entity::find().all(&app.cx.db).await.unwrap();
    let found: BTreeMap<_, _> =
        rows.into_iter().map(|row| ((row.currency, row.month.to_string()), (row.total, row.days))).collect();
    assert!(found.len() > 9_000, "{}", found.len());
    assert_eq!(found, expected);
}

async fn every_parity_of_states_and_metros_is_as_printed(app: App) {
    let Some(states) = ingested(&app, "bea-rpp", "bea-rpp", "SARPP_STATE_2008_2023.csv").await else {
        return;
    };
    let metros = ingested(&app, "bea-rpp", "bea-rpp", "marpp_2023_trimmed.csv").await.unwrap();
    let mut expected = Vec::new();
    for record in csv::ReaderBuilder::new().flexible(true).from_reader(states.as_bytes()).records() {
        let record = record.unwrap();
        let (geo, line) = (record[0].trim().trim_matches('"').to_owned(), record.get(4).unwrap_or_default());
        if ["5", "6", "7", "8", "9"].contains(&line) {
            let cells = (2008_i16..).zip(record.iter().skip(8));
            expected.extend(cells.map(|(year, cell)| (geo.clone(), line.to_owned(), year, printed(cell))));
        }
    }
    let lines = BTreeMap::from([
        ("All items", "5"),
        ("Goods", "6"),
        ("Housing", "7"),
        ("Utilities", "8"),
        ("Other", "9"),
    ]);
    for record in csv::Reader::from_reader(metros.as_bytes()).records() {
        let record = record.unwrap();
        let words = record[2].trim().rsplit(": ").next().unwrap().to_owned();
        if &record[0] != "999" {
            expected.push((
                record[0].to_owned(),
                lines[words.as_str()].to_owned(),
                2023,
                printed(&record[3]),
            ));
        }
    }
    let codes = regions(&app).await;
    let numbers: BTreeMap<String, String> = include_str!("../../jobs/codes/fips.csv")
        .lines()
        .map(|line| line.split(',').collect::<Vec<_>>())
        .map(|cells| (cells[1].to_owned(), format!("{}000", cells[0])))
        .collect();
    let rows = price_parity::Entity::find().all(&app.cx.db).await.unwrap();
    let mut found: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let code = &codes[&row.region_id.0];
            // The country stands in both files, under two numbers.
            let country = if row.scale == 3 { "00000" } else { "0" };
            let geo = match code.strip_prefix("CBSA:") {
                Some(metro) => metro.to_owned(),
                None if code == "US" => country.to_owned(),
                None => numbers[code].clone(),
            };
            let line = match row.measure {
                ParityMeasure::RppAll => "5",
                ParityMeasure::RppGoods => "6",
                ParityMeasure::RppHousing => "7",
                ParityMeasure::RppUtilities => "8",
                ParityMeasure::RppOther => "9",
                ParityMeasure::Ppp => panic!("no purchasing power here"),
            };
            (geo, line.to_owned(), row.year, (row.value, row.scale))
        })
        .collect();
    found.sort();
    expected.sort();
    assert!(found.len() > 6_000, "{}", found.len());
    assert_eq!(found, expected);
}

async fn consumer_prices_and_purchasing_power_are_as_printed(app: App) {
    let Some(flat) = ingested(&app, "us-cpi", "cpi", "cu.data.1.AllItems").await else { return };
    let fred = ingested(&app, "fred-eci", "cpi", "fred_CPIAUCSL.csv").await.unwrap();
    let eci = ingested(&app, "fred-eci", "cpi", "ECIWAG.csv").await.unwrap();
    let ppp = ingested(&app, "world-bank-ppp", "ppp", "wb_ppp-gdp.csv").await.unwrap();
    let mut expected = Vec::new();
    for line in flat.lines().filter(|line| line.starts_with("CUUR0000SA0 ") && !line.contains("M13")) {
        let cells: Vec<&str> = line.split_whitespace().collect();
        if let Some(month) = cells[2].strip_prefix('M') {
            expected.push(("CUUR0000SA0", format!("{}-{month}-01", cells[1]), printed(cells[3])));
        }
    }
    for (name, text) in [("CPIAUCSL", &fred), ("ECIWAG", &eci)] {
        let pairs = text.lines().skip(1).filter_map(|line| line.split_once(','));
        let filled = pairs.filter(|(_, value)| !value.is_empty());
        expected.extend(filled.map(|(day, value)| (name, day.to_owned(), printed(value))));
    }
    let rows = price_index::Entity::find().all(&app.cx.db).await.unwrap();
    assert!(rows.iter().all(|row| (row.measure == SeriesMeasure::LabourCost) == (row.months == 3)));
    let mut found: Vec<_> =
        rows.iter().map(|row| (row.series.as_str(), row.month.to_string(), (row.value, row.scale))).collect();
    found.sort();
    expected.sort();
    assert!(found.len() > 2_000 && !found.contains(&("CPIAUCSL", "2025-10-01".to_owned(), (0, 0))));
    assert_eq!(found, expected);

    let codes = regions(&app).await;
    let rows = price_parity::Entity::find().all(&app.cx.db).await.unwrap();
    let mut found: Vec<_> =
        rows.iter().map(|row| (codes[&row.region_id.0].clone(), row.year, (row.value, row.scale))).collect();
    let mut expected: Vec<_> = csv::Reader::from_reader(ppp.as_bytes())
        .records()
        .map(|record| record.unwrap())
        .map(|record| (record[1].to_owned(), record[2].parse().unwrap(), printed(&record[3])))
        .collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

/// The points of a time series of a region, page by page: name, first month, months, and text.
async fn points(app: &App, region: &str, measure: &str) -> Vec<(String, String, i64, String)> {
    let (mut found, mut after) = (Vec::new(), "null".to_owned());
    loop {
        let page = format!("measure: {measure}, first: 499, after: {after}");
        let told = app
            .ask(&format!(
                r#"{{ region(code: "{region}") {{ timeSeries({page}) {{
                totalCount pageInfo {{ hasNextPage endCursor }}
                nodes {{ series start end months value text measure region {{ code }} provenance {{ locator }} }} }} }} }}"#
            ))
            .await;
        let list = &told["region"]["timeSeries"];
        for node in list["nodes"].as_array().unwrap() {
            let text = |name: &str| node[name].as_str().unwrap().to_owned();
            assert_eq!(
                (node["measure"].as_str(), node["region"]["code"].as_str()),
                (Some(measure), Some(region))
            );
            assert_eq!(node["value"].as_f64(), text("text").parse().ok(), "{node}");
            assert!(node["provenance"]["locator"].as_str().is_some_and(|at| at.contains("line")), "{node}");
            found.push((text("series"), text("start"), node["months"].as_i64().unwrap(), text("text")));
        }
        if list["pageInfo"]["hasNextPage"] == false {
            assert_eq!(list["totalCount"], found.len());
            return found;
        }
        after = list["pageInfo"]["endCursor"].to_string();
    }
}

async fn growth_of_advertised_pay_is_served_as_printed(app: App) {
    let countries =
        ingested(&app, "indeed-tracker", "api-samples", "posted-wage-growth-by-country.csv").await;
    let Some(countries) = countries else { return };
    let sectors = ingested(&app, "indeed-tracker", "api-samples", "posted-wage-growth-by-sector.csv").await;
    let mut expected = Vec::new();
    for (text, of_sectors) in [(&countries, false), (sectors.as_ref().unwrap(), true)] {
        for record in csv::Reader::from_reader(text.as_bytes()).records() {
            let cells: Vec<String> = record.unwrap().iter().map(ToOwned::to_owned).collect();
            let (name, rest) =
                if of_sectors { (cells[2].as_str(), &cells[3..]) } else { ("All sectors", &cells[2..]) };
            let month = NaiveDate::parse_from_str(&format!("1-{}", rest[0]), "%d-%b-%y").unwrap();
            for (cell, months) in [(&rest[2], 1), (&rest[3], 3)] {
                let start = month.checked_sub_months(Months::new(months - 1)).unwrap().to_string();
                if cells[0] == "US" && cell != "NA" {
                    // Powers of ten are written out.
                    let cell = match cell.split_once("e-4") {
                        Some(_) => format!("{:.9}", cell.parse::<f64>().unwrap()),
                        None => cell.clone(),
                    };
                    expected.push((name.to_owned(), start, i64::from(months), cell));
                }
            }
        }
    }
    let found = points(&app, "US", "ADVERTISED_PAY_GROWTH").await;
    assert!(found.len() > 3_000, "{}", found.len());
    let sorted = |points: &[(String, String, i64, String)]| {
        points.is_sorted_by_key(|(series, start, months, _)| (series.clone(), *months, start.clone()))
    };
    assert!(sorted(&found));
    expected.sort();
    let mut found = found;
    found.sort();
    assert_eq!(found, expected);

    let spain = points(&app, "ES", "ADVERTISED_PAY_GROWTH").await;
    let december = ("All sectors".to_owned(), "2020-12-01".to_owned(), 1, "-0.000748552".to_owned());
    assert!(spain.contains(&december), "{spain:?}");
    let euro_area = points(&app, "EA", "ADVERTISED_PAY_GROWTH").await;
    let first = ("All sectors".to_owned(), "2019-01-01".to_owned(), 1, "0.020507934".to_owned());
    // 88 months, the first two without an average of three.
    assert_eq!((euro_area.len(), &euro_area[0]), (174, &first));
    let asked = app
        .ask(
            r#"{ region(code: "US") { one: timeSeries(measure: ADVERTISED_PAY_GROWTH, name: "Nursing", from: "2020-03-01", to: "2020-04-30")
            { nodes { start end months } } none: timeSeries(measure: LABOUR_COST) { totalCount } } }"#,
        )
        .await;
    let spans = asked["region"]["one"]["nodes"].as_array().unwrap().iter();
    let spans: Vec<_> =
        spans.map(|node| (node["start"].as_str().unwrap(), node["end"].as_str().unwrap())).collect();
    let (march, april) = ("2020-03-01", "2020-04-01");
    assert_eq!(
        spans,
        [(march, "2020-03-31"), (april, "2020-04-30"), (march, "2020-05-31"), (april, "2020-06-30")]
    );
    assert_eq!(asked["region"]["none"]["totalCount"], 0);
}
