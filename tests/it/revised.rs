//! What a publisher's address answers, look after look: the rest of a file, the same figures in other bytes, what was taken back.

use std::io::{Cursor, Write};

use entity::ReleaseStatus;
use jobs::{
    definition::{self, Registry},
    pipeline::{IngestError, Input, Outcome, Report, ingest},
    replay::{ReplayError, replay},
};
use sea_orm::ConnectionTrait;
use serde_json::json;
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::{
    app::{App, noon},
    editions::{editions, says},
    looks::{Publisher, definition_of, pay},
};

/// Files in one archive, which says something of itself.
fn packed(files: &[(&str, Vec<u8>)], comment: &str) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.set_comment(comment).unwrap();
    zip.finish().unwrap().into_inner()
}

/// The definition, whose tables may be in an archive.
fn definition_at(base: &str, address: &str) -> String {
    definition_of(base, &[address]).replace("= 'pay_", "= '(?:pays\\.zip/)?pay_")
}

/// A world that may ask `publisher` for the one file at `address`.
async fn world(base: &str, address: &str) -> App {
    let mut app = App::start().await.with_sources(&[definition_at(base, address)]);
    app.cx.offline = false;
    app
}

async fn look(app: &App) -> Result<Report, IngestError> {
    ingest(&app.cx, "my-source", &Input::Fetch, noon()).await
}

/// Number and state of every edition of the pay of a year.
async fn of(app: &App, year: &str) -> Vec<(i32, ReleaseStatus)> {
    let found = editions(app, "state", year).await;
    found.into_iter().map(|(edition, status, _)| (edition, status)).collect()
}

const NEWEST: [(i32, ReleaseStatus); 1] = [(1, ReleaseStatus::Published)];
const OLDER: [(i32, ReleaseStatus); 1] = [(1, ReleaseStatus::Superseded)];

#[tokio::test]
async fn the_rest_of_a_file_comes_after_an_ingest_that_broke_off_between_its_releases() {
    let (publisher, base) = Publisher::start().await;
    let app = world(&base, "/pays.zip").await;
    publisher.send("/pays.zip", packed(&[("pay_2024.csv", pay(1)), ("pay_2025.csv", pay(2))], ""));
    let full = "CREATE TRIGGER no_more BEFORE INSERT ON release WHEN NEW.label = '2025'
        BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END";
    app.cx.db.execute_unprepared(full).await.unwrap();
    let error = look(&app).await.unwrap_err();
    assert!(matches!(error, IngestError::Database(_)), "{error:?}");
    assert_eq!((of(&app, "2024").await, of(&app, "2025").await), (NEWEST.to_vec(), Vec::new()));

    app.cx.db.execute_unprepared("DROP TRIGGER no_more").await.unwrap();
    for (outcome, conditional) in [(Outcome::Published, false), (Outcome::Unchanged, true)] {
        publisher.asked();
        assert_eq!(look(&app).await.unwrap().outcome, outcome);
        assert_eq!(publisher.asked()[0].1.is_some(), conditional);
        assert_eq!((of(&app, "2024").await, of(&app, "2025").await), (OLDER.to_vec(), NEWEST.to_vec()));
    }
}

#[tokio::test]
async fn the_same_figures_in_other_bytes_are_no_edition() {
    let (publisher, base) = Publisher::start().await;
    let app = world(&base, "/pays.zip").await;
    let mut files = vec![("pay_2023.csv", pay(1)), ("pay_2024.csv", pay(2))];
    publisher.send("/pays.zip", packed(&files, "packed in May"));
    assert_eq!(look(&app).await.unwrap().outcome, Outcome::Published);
    publisher.send("/pays.zip", packed(&files, "packed anew in June"));
    let anew = look(&app).await.unwrap();
    assert_eq!(anew.outcome, Outcome::Unchanged, "{:?}", anew.lines);
    publisher.asked();
    assert_eq!(look(&app).await.unwrap().read, 0);
    assert!(publisher.asked()[0].1.is_some(), "the tag of the bytes that came last is known");

    files.push(("pay_2025.csv", pay(3)));
    files[0].1 = pay(4);
    publisher.send("/pays.zip", packed(&files, "packed in July"));
    assert_eq!(look(&app).await.unwrap().outcome, Outcome::Published);
    let revised = [(1, ReleaseStatus::Superseded), (2, ReleaseStatus::Superseded)];
    assert_eq!(of(&app, "2023").await, revised);
    assert_eq!((of(&app, "2024").await, of(&app, "2025").await), (OLDER.to_vec(), NEWEST.to_vec()));
}

#[tokio::test]
async fn a_withdrawn_release_does_not_come_back_in_other_bytes() {
    let (publisher, base) = Publisher::start().await;
    let app = world(&base, "/pays.zip").await;
    let files = [("pay_2025.csv", pay(1))];
    publisher.send("/pays.zip", packed(&files, ""));
    assert_eq!(look(&app).await.unwrap().outcome, Outcome::Published);
    jobs::publish::withdraw(&app.cx.db, "my-source/state/2025/1").await.unwrap();
    publisher.send("/pays.zip", packed(&files, "packed anew"));
    let report = look(&app).await.unwrap();
    assert!(says(&report, "withdrawn before"), "{:?}", report.lines);
    assert_eq!(of(&app, "2025").await, [(1, ReleaseStatus::Withdrawn)]);
}

#[tokio::test]
async fn what_a_publisher_takes_back_is_served_no_longer() {
    let (publisher, base) = Publisher::start().await;
    let app = world(&base, "/pay_2025.csv").await;
    let (right, wrong) = (pay(1), pay(10));
    for bytes in [&right, &wrong, &right] {
        publisher.send("/pay_2025.csv", bytes.clone());
        let report = look(&app).await.unwrap();
        assert_eq!(report.outcome, Outcome::Published, "{:?}", report.lines);
    }
    let [one, two, three] = [ReleaseStatus::Superseded, ReleaseStatus::Superseded, ReleaseStatus::Published];
    assert_eq!(of(&app, "2025").await, [(1, one), (2, two), (3, three)]);
    let told = app
        .ask("{ salaryBands(filter: { sources: [\"my-source\"] }) { nodes { median { amount } } } }")
        .await;
    assert_eq!(told["salaryBands"]["nodes"][0]["median"]["amount"], 100_000);
    // What a person gives does not take the place of what the publisher sends.
    let given = app.take("my-source", "pay_2025.csv", &wrong).await.unwrap();
    assert!(says(&given, "superseded before, by pay_2025.csv"), "{:?}", given.lines);
}

#[tokio::test]
async fn an_unchanged_file_is_read_by_a_definition_that_was_mended() {
    let (publisher, base) = Publisher::start().await;
    let mut app = world(&base, "/pays.zip").await;
    let towns = "code,title,state,median\n15-1252,Software Developers,CA,90000\n";
    let files = [("pay_2025.csv", pay(1)), ("towns_2025.csv", towns.into())];
    publisher.send("/pays.zip", packed(&files, ""));
    assert_eq!(look(&app).await.unwrap().outcome, Outcome::Published);

    let first = definition_at(&base, "/pays.zip");
    let town = "\n[[layout]]\nlike = \"state\"\ndataset = \"town\"\nfile = 'pays\\.zip/towns_(?<year>\\d{4})\\.csv'\n";
    let more = format!("{first}{town}");
    let mended = more.replace("cells    = { median = [\"median\"] }", "cells    = { p90 = [\"median\"] }");
    assert_ne!(mended, more);
    let twice = vec![(1, ReleaseStatus::Superseded), (2, ReleaseStatus::Published)];
    for (text, states, towns) in [(&more, NEWEST.to_vec(), 1), (&mended, twice, 2)] {
        let read = definition::read("my.toml", text).unwrap();
        app.cx.registry = Registry::from_iter([read]).into();
        for outcome in [Outcome::Published, Outcome::Unchanged] {
            let report = look(&app).await.unwrap();
            assert_eq!(report.outcome, outcome, "{:?}", report.lines);
            assert_eq!(of(&app, "2025").await, states);
            assert_eq!(editions(&app, "town", "2025").await.len(), towns);
        }
    }
}

#[tokio::test]
async fn the_same_figures_under_another_name_are_no_edition() {
    let (publisher, base) = Publisher::start().await;
    let app = world(&base, "/pays.zip").await;
    publisher.send("/pays.zip", packed(&[("pay_2025.csv", pay(1))], ""));
    assert_eq!(look(&app).await.unwrap().outcome, Outcome::Published);
    let given = app.take("my-source", "pay_2025.csv", &pay(1)).await.unwrap();
    assert!(says(&given, "state 2025: unchanged"), "{:?}", given.lines);
    assert_eq!(of(&app, "2025").await, NEWEST);
    let other = app.take("my-source", "pay_2025.csv", &pay(2)).await.unwrap();
    assert_eq!(other.outcome, Outcome::Published, "{:?}", other.lines);
}

#[tokio::test]
async fn a_release_that_a_mended_definition_reads_alike_is_no_edition() {
    let (publisher, base) = Publisher::start().await;
    let mut app = world(&base, "/pay_2025.csv").await;
    publisher.send("/pay_2025.csv", pay(1));
    assert_eq!(look(&app).await.unwrap().outcome, Outcome::Published);
    let key = "my-source/state/2025/1";
    let first = definition_at(&base, "/pay_2025.csv");
    let noted = first.replace("local ", "notes = [\"Before tax.\"]\nlocal ");
    app.cx.registry = Registry::from_iter([definition::read("my.toml", &noted).unwrap()]).into();
    let report = replay(&app.cx, key, noon()).await.unwrap();
    assert!(says(&report, "reads the same figures"), "{:?}", report.lines);
    assert_eq!((report.outcome, report.loaded), (Outcome::Unchanged, 2));
    // The release counts as read by it, and says what it says.
    let again = replay(&app.cx, key, noon()).await;
    assert!(matches!(again, Err(ReplayError::NothingRejected(_))), "{again:?}");
    let told = app.ask("{ source(key: \"my-source\") { currentReleases { edition notes } } }").await;
    let current = json!([{ "edition": 1, "notes": ["Before tax."] }]);
    assert_eq!(told["source"]["currentReleases"], current);

    // Other days of its period are no other figures, and make an edition all the same.
    let moved = noted.replace("start = \"{year}-01-01\"", "start = \"{year}-07-01\"");
    assert_ne!(moved, noted);
    app.cx.registry = Registry::from_iter([definition::read("my.toml", &moved).unwrap()]).into();
    assert_eq!(replay(&app.cx, key, noon()).await.unwrap().outcome, Outcome::Published);
}
