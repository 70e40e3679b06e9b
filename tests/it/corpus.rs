//! The publishers' real files, where they are at hand: every row is accounted for, and nothing happens twice.

use std::path::{Path, PathBuf};

use jobs::pipeline::Outcome;

use crate::app::App;

/// Files that explain others.
const NO_FIGURES: &[&str] =
    &["Read Me", "Scales Reference", "Education, Training, and Experience Categories"];

fn shared(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(folder);
    let Ok(entries) = std::fs::read_dir(&folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

async fn every_file_of(source: &str, folder: &str, release: Option<&str>) {
    let app = App::start().await;
    for file in shared(folder) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if NO_FIGURES.iter().any(|start| name.starts_with(start)) {
            continue;
        }
        let report =
            app.refresh(source, &file, release).await.unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert_eq!(report.read, report.loaded + report.rejected + report.skipped, "{name}");
        assert_eq!(report.rejected, 0, "{name}");
        assert_ne!(report.outcome, Outcome::Unchanged, "{name}");
        let again = app.refresh(source, &file, release).await.unwrap();
        assert_ne!(again.outcome, Outcome::Published, "{name} a second time");
    }
}

#[tokio::test]
async fn every_row_of_oews_is_accounted_for() {
    every_file_of("bls-oews", "bls-oews", None).await;
}

#[tokio::test]
async fn every_row_of_the_projections_is_accounted_for() {
    every_file_of("bls-ep", "bls-ep", None).await;
}

#[tokio::test]
async fn every_row_of_ashe_is_accounted_for() {
    every_file_of("ons-ashe", "ons-ashe", None).await;
}

#[tokio::test]
async fn every_row_of_onet_is_accounted_for() {
    every_file_of("onet", "onet-27.0", Some("27.0")).await;
    every_file_of("onet", "onet-29.0", Some("29.0")).await;
}
