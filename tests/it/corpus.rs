//! The publishers' real files, where they are at hand: every row is accounted for, and nothing happens twice.

use std::path::{Path, PathBuf};

use entity::{crosswalk, occupation};
use jobs::pipeline::Outcome;
use sea_orm::EntityTrait;

use crate::app::App;

/// The files of a folder beside the project, `../shared/data`; none where that is not at hand.
pub(crate) fn shared(folder: &str) -> Vec<PathBuf> {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if !all.exists() {
        eprintln!("left out: the publishers' files are not in {}", all.display());
        return Vec::new();
    }
    let entries = std::fs::read_dir(all.join(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    assert!(!files.is_empty(), "{folder} is empty");
    files.sort();
    files
}

on_both_engines!(
    every_row_of_oews_is_accounted_for,
    every_row_of_the_projections_is_accounted_for,
    every_row_of_ashe_is_accounted_for,
    coefficients_of_variation_wait_for_the_pay_they_are_of,
    every_row_of_onet_is_accounted_for,
    every_row_of_job_bank_is_accounted_for,
    every_row_of_the_state_projections_is_accounted_for,
    every_row_of_new_york_and_the_canadian_outlooks_is_accounted_for,
    the_classifications_that_ship_are_those_of_the_files,
);

async fn every_file_of(app: &App, source: &str, folder: &str, release: Option<&str>) {
    for file in shared(folder) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if name == "Read Me.txt" {
            continue;
        }
        let report =
            app.refresh(source, &file, release).await.unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert_eq!(report.read, report.loaded + report.rejected + report.skipped, "{name}");
        assert_eq!(report.rejected, 0, "{name}");
        assert_eq!(report.outcome, outcome(report.loaded), "{name}: {:?}", report.lines);
        let again = app.refresh(source, &file, release).await.unwrap();
        assert_ne!(again.outcome, Outcome::Published, "{name} a second time");
    }
}

/// A file of which nothing is loaded is held.
pub(crate) fn outcome(loaded: u64) -> Outcome {
    if loaded == 0 { Outcome::Held } else { Outcome::Published }
}

async fn every_row_of_oews_is_accounted_for(app: App) {
    every_file_of(&app, "bls-oews", "bls-oews", None).await;
}

async fn every_row_of_the_projections_is_accounted_for(app: App) {
    every_file_of(&app, "bls-ep", "bls-ep", None).await;
}

async fn every_row_of_ashe_is_accounted_for(app: App) {
    every_file_of(&app, "ons-ashe", "ons-ashe", None).await;
}

async fn coefficients_of_variation_wait_for_the_pay_they_are_of(app: App) {
    let table = |number: &str| {
        shared("ons-ashe").into_iter().find(|file| {
            let name = file.to_string_lossy();
            name.contains(number) && name.contains("2024")
        })
    };
    let (Some(pay), Some(coefficients)) = (table("Table 14.7a"), table("Table 14.7b")) else { return };
    let alone = app.refresh("ons-ashe", &coefficients, None).await.unwrap();
    assert_eq!((alone.loaded, alone.outcome), (4968, Outcome::Held), "{:?}", alone.lines);
    assert!(alone.lines.iter().any(|line| line.starts_with("check figures failed")), "{:?}", alone.lines);
    let both = app.refresh("ons-ashe", &pay, None).await.unwrap();
    assert_eq!(both.outcome, Outcome::Published, "{:?}", both.lines);
    assert_eq!(app.refresh("ons-ashe", &coefficients, None).await.unwrap().outcome, Outcome::Unchanged);
}

async fn every_row_of_onet_is_accounted_for(app: App) {
    every_file_of(&app, "onet", "onet-27.0", Some("27.0")).await;
    every_file_of(&app, "onet", "onet-29.0", Some("29.0")).await;
}

/// Rows of a file: loaded, rejected and skipped by rule.
async fn counted(app: &App, source: &str, file: &str, release: Option<&str>) -> (u64, u64, u64) {
    let Some(path) = shared("").first().map(|data| data.with_file_name(file)) else { return (0, 0, 0) };
    let report =
        app.refresh(source, &path, release).await.unwrap_or_else(|error| panic!("{file}: {error:?}"));
    assert_eq!(report.read, report.loaded + report.rejected + report.skipped, "{file}");
    assert_eq!(report.outcome, outcome(report.loaded), "{file}: {:?}", report.lines);
    let again = app.refresh(source, &path, release).await.unwrap();
    assert_ne!(again.outcome, Outcome::Published, "{file} a second time");
    (report.loaded, report.rejected, report.skipped)
}

/// Whether the publishers' files are at hand.
fn at_hand() -> bool {
    !shared("").is_empty()
}

async fn every_row_of_job_bank_is_accounted_for(app: App) {
    if !at_hand() {
        return;
    }
    let folder = "job-bank";
    let of = async |file: &str| counted(&app, "job-bank", &format!("{folder}/{file}"), None).await;
    // Regina and Calgary repeat their provinces.
    assert_eq!(of("job_bank_wages_2025_FRAGMENT.csv").await, (70, 0, 2));
    assert_eq!(of("job_bank_wages_2021_ontario_annualised.csv").await, (6000, 0, 0));
    // Legislators of Thompson–Okanagan are hourly in a row that says yearly.
    assert_eq!(of("econ_whse_labour_wages_bc.csv").await, (495, 1, 4));
    assert_eq!(of("econ_whse_labour_wages_bc_METADATA.csv").await, (0, 0, 49));
    // Eleven occupations are yearly in a table that does not say so.
    assert_eq!(of("bc_4digit_wages_by_region.xlsx").await, (478, 11, 11));
}

async fn every_row_of_the_state_projections_is_accounted_for(app: App) {
    if !at_hand() {
        return;
    }
    let of = async |file: &str| {
        counted(&app, "projections-central", &format!("state-projections/{file}"), None).await
    };
    assert_eq!(of("ltprojections_2020-30.csv").await, (34_484, 0, 0));
    assert_eq!(of("longterm_stfips-all_885_occupations.csv").await, (36_626, 0, 0));
    // Pieces of an answer are read to the last record, and are no release. One record of Nevada names no state.
    for (file, records, placeless) in [
        ("projectionscentral_LongTermRestJson_32_NV_FRAGMENT.json", 15, 1),
        ("projectionscentral_LongTermRestJson_all_29-1141_FRAGMENT.json", 45, 0),
    ] {
        let path = shared("").first().unwrap().with_file_name("state-projections").join(file);
        let report = app.refresh("projections-central", &path, None).await.unwrap();
        let counts = (report.read, report.loaded, report.rejected, report.outcome);
        assert_eq!(counts, (records, records - placeless, placeless, Outcome::Held), "{file}");
    }
}

async fn every_row_of_new_york_and_the_canadian_outlooks_is_accounted_for(app: App) {
    if !at_hand() {
        return;
    }
    let york = counted(&app, "oews-state-ny", "state-oews/oews-newyork.csv", Some("2024")).await;
    assert_eq!(york, (7010, 0, 0));
    let cops = counted(&app, "cops", "job-bank/cops_summary_2024_2033_noc2021_FRAGMENT.csv", None).await;
    assert_eq!(cops, (21, 0, 3));
    for file in ["actors", "registered-nurses", "software-developers"] {
        let (_, rejected, _) = counted(&app, "bls-ooh", &format!("bls-ooh/{file}.html"), None).await;
        assert_eq!(rejected, 0, "{file}");
    }
    for (file, expected) in [("country", (968, 0, 0)), ("sector", (1672, 0, 0))] {
        let file = format!("api-samples/indeed_posted-wage-growth-by-{file}.csv");
        assert_eq!(counted(&app, "indeed-tracker", &file, None).await, expected);
    }
    let columns = "job-bank/econ_whse_lmsm_regional_3digitnoc_bc_METADATA.csv";
    assert_eq!(counted(&app, "bc-lmo", columns, None).await, (0, 0, 9));
    let regions = counted(&app, "bc-lmo", "job-bank/econ_whse_lmsm_regional_3digitnoc_bc.csv", None).await;
    assert_eq!(regions, (2240, 0, 10_080));
}

/// Counts everything in the catalog, and adds up what identifies it.
async fn catalog(app: &App) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    for row in occupation::Entity::find().all(&app.cx.db).await.unwrap() {
        let scheme = row.classification.as_str();
        rows.push(format!(
            "{scheme} {} {} {:?} {:?} {}",
            row.code, row.title, row.level, row.parent_code, row.official
        ));
    }
    for row in crosswalk::Entity::find().all(&app.cx.db).await.unwrap() {
        rows.push(format!("{:?} {:?} {:?}", row.from_id, row.to_id, row.relation));
    }
    rows.sort();
    rows
}

async fn the_classifications_that_ship_are_those_of_the_files(app: App) {
    if !at_hand() {
        return;
    }
    let before = catalog(&app).await;
    for file in shared("crosswalks") {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let source = match name.to_lowercase() {
            name if name.contains("esco") || name.contains("isco") => "esco",
            name if name.starts_with("noc") => "noc",
            name if name.starts_with("soc2020") => "uk-soc",
            _ => "soc",
        };
        let report =
            app.refresh(source, &file, None).await.unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert_eq!(report.read, report.loaded + report.rejected + report.skipped, "{name}");
        assert_eq!(
            (report.rejected, report.outcome),
            (0, outcome(report.loaded)),
            "{name} {:?}",
            report.lines
        );
    }
    let after = catalog(&app).await;
    let new: Vec<&String> = after.iter().filter(|row| before.binary_search(row).is_err()).collect();
    let gone: Vec<&String> = before.iter().filter(|row| after.binary_search(row).is_err()).collect();
    let few = |rows: &[&String]| format!("{} such as {:#?}", rows.len(), &rows[..rows.len().min(10)]);
    assert!(gone.is_empty(), "gone: {}", few(&gone));
    // ESCO's own crosswalk is older than its list: five of its occupations, with 21 pairs, are not in the list any more.
    let codes =
        new.iter().filter(|row| row.starts_with("ESCO ") && row.ends_with("Extended None false")).count();
    assert_eq!((codes, new.len()), (5, 26), "new: {}", few(&new));
}

#[tokio::test]
async fn a_projections_workbook_is_known_by_its_titles() {
    let app = App::start().await;
    for file in shared("bls-ep") {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("occupation_") {
            app.refresh("bls-ep", &file, None).await.unwrap();
            let bytes = std::fs::read(&file).unwrap();
            let again = app.take("bls-ep", "occupation.xlsx", &bytes).await.unwrap();
            assert_eq!(again.outcome, Outcome::Unchanged, "{name}: {:?}", again.lines);
        }
    }
}
