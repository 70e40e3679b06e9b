//! A corpus of broken files, made here. Each ends in its own way: an error with a stable code, a release that is held,
//! rejects that are counted, or, where only the form is odd, every row. Never a panic, never half a release.

use std::{
    fs,
    process::{Command, exit},
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

use entity::{Classification, occupation, reject, release, role, salary_band};
use jobs::{
    definition::Registry,
    pipeline::{IngestError, Outcome, Report},
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::app::App;

mod archives;
mod dbase;
mod documents;
mod large;
mod pages;
mod tables;
mod workbooks;

/// Most memory the whole corpus may take, in kB.
const MEMORY: u64 = 300_000;

/// Longest that one file may work, and longest that it may take on a machine with other work to do.
const TIME: (Duration, Duration) = (Duration::from_secs(10), Duration::from_mins(3));

/// How a file ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// It cannot be read, with this code.
    Error(&'static str),
    /// It is read, and this check holds it.
    Held(&'static str),
    /// It is published without some rows, rejected with this code.
    Rejects(&'static str),
    /// Every row is loaded or skipped.
    Loads,
}

/// A broken file: what is wrong with it, the ending of its name, its bytes, and how it ends.
struct Broken(&'static str, &'static str, Vec<u8>, End);

/// Makes the files of one kind.
type Made = fn(&[String]) -> Vec<Broken>;

const DEFINITION: &str = r#"
key              = "broken"
title            = "Broken files"
publisher        = "Nobody"
homepage         = "https://example.org"
method           = "SURVEY"
licence          = "None"
attribution      = "Nobody"
stale_after_days = 30

[marks]
"*" = "SUPPRESSED"

[[layout]]
dataset        = "pay"
rows           = "bands"
file           = 'pay_(?<year>\d{4})\.(?:csv|xlsx|xls|json|dbf|zip/.*)'
reference      = { label = "{year}", start = "{year}-01-01", end = "{year}-12-31" }
classification = [{ is = "SOC_2018" }]
region         = "postal"
columns.code       = ["code"]
columns.title      = ["title"]
columns.region     = ["state"]
columns.employment = ["jobs"]

[[layout.band]]
period   = "YEAR"
currency = "USD"
cells    = { p10 = ["p10"], median = ["median"], p90 = ["p90"] }
"#;

/// `app` with the source of broken files, and the codes that they hold.
async fn world(mut app: App) -> (App, Vec<String>) {
    let folder = app.folder.path().join("sources");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("broken.toml"), DEFINITION).unwrap();
    let mut registry = Registry::built_in().unwrap();
    registry.add_folder(&folder).unwrap();
    app.cx.registry = Arc::new(registry);
    let rows = occupation::Entity::find()
        .filter(occupation::Column::Classification.eq(Classification::Soc2018))
        .filter(occupation::Column::Code.starts_with("1"))
        .order_by_asc(occupation::Column::Code)
        .limit(tables::ROWS as u64);
    let codes = rows.all(&app.cx.db).await.unwrap().into_iter().map(|row| row.code).collect();
    (app, codes)
}

/// Releases and bands there are.
async fn held(app: &App) -> (u64, u64) {
    let releases = release::Entity::find().count(&app.cx.db).await.unwrap();
    (releases, salary_band::Entity::find().count(&app.cx.db).await.unwrap())
}

fn end(result: &Result<Report, IngestError>) -> End {
    match result {
        Err(IngestError::Decode { source, .. }) => End::Error(source.code()),
        Err(IngestError::Page { source, .. }) => End::Error(source.defect().code()),
        Err(other) => panic!("{other:?}"),
        Ok(report) if held_by(report).is_some() => End::Held(known(held_by(report).unwrap_or_default())),
        Ok(report) if report.rejected > 0 => {
            // `rejected 1: malformed-code` stands before the rows themselves.
            let counted =
                report.lines.iter().find_map(|line| line.strip_prefix("rejected ")?.split_once(": "));
            let (_, code) = counted.unwrap();
            End::Rejects(known(code))
        }
        Ok(_) => End::Loads,
    }
}

/// The check that holds a release, but for what comes of a year for each file: many have the same figures, and some years are to come.
fn held_by(report: &Report) -> Option<&str> {
    let mut checks = report.lines.iter().filter_map(|line| line.strip_prefix("check ")?.split(' ').next());
    checks.find(|check| !["same-figures", "period"].contains(check))
}

/// The word as the corpus writes it.
fn known(word: &str) -> &'static str {
    const WORDS: [&str; 16] = [
        "figures",
        "row-too-wide",
        "other-currency",
        "unknown-currency",
        "implausible-pay",
        "rows",
        "columns",
        "rejects",
        "percentile-order",
        "malformed-code",
        "negative-pay",
        "unreadable-number",
        "unknown-region",
        "code-twice",
        "short-row",
        "no-currency",
    ];
    WORDS.into_iter().find(|known| *known == word).unwrap_or("another word")
}

/// Ends the process, naming the file, unless what is returned is dropped in time: a hang cannot be interrupted.
fn in_time(what: &'static str) -> mpsc::Sender<()> {
    let (alive, done) = mpsc::channel();
    thread::spawn(move || {
        let (began, worked) = (Instant::now(), work());
        while done.recv_timeout(Duration::from_millis(200)) == Err(mpsc::RecvTimeoutError::Timeout) {
            if work().saturating_sub(worked) > TIME.0 || began.elapsed() > TIME.1 {
                eprintln!("{what} takes more than {TIME:?}");
                exit(101);
            }
        }
    });
    alive
}

/// Time of all processors that this process has used.
fn work() -> Duration {
    let status = fs::read_to_string("/proc/self/stat").unwrap();
    let (_, fields) = status.rsplit_once(") ").unwrap();
    let ticks = fields.split(' ').skip(11).take(2).map(|field| field.parse::<u64>().unwrap());
    Duration::from_millis(ticks.sum::<u64>() * 10)
}

on_both_engines!(a_nul_reaches_no_database);

async fn a_nul_reaches_no_database(app: App) {
    let (app, codes) = world(app).await;
    let table = app.take("broken", "pay_2001.json", &documents::nuls(&codes)).await.unwrap();
    assert_eq!(
        (table.outcome, table.loaded, table.rejected),
        (Outcome::Published, tables::ROWS as u64 - 1, 1),
        "{:?}",
        table.lines
    );
    let salary = |amount: u32, more: &str| serde_json::json!({ "currency": "USD", "duration": more, "median": amount });
    let page = serde_json::json!({
        "@type": "Occupation", "name": "Wheel\0wright", "occupationLocation": { "name": "United States" },
        "estimatedSalary": [salary(52_000, "P1Y"), salary(43, "an h\0ur")],
    });
    let page = app.take("career-page", "wheels.json", page.to_string().as_bytes()).await.unwrap();
    assert_eq!((page.outcome, page.loaded, page.rejected), (Outcome::Published, 1, 1), "{:?}", page.lines);
    let rejects = reject::Entity::find().order_by_asc(reject::Column::Id).all(&app.cx.db).await.unwrap();
    assert!(rejects.iter().all(|reject| reject.raw.contains('\u{fffd}')), "{rejects:?}");
    let named = role::Entity::find().filter(role::Column::Title.eq("Wheel\u{fffd}wright"));
    assert_eq!(named.count(&app.cx.db).await.unwrap(), 1);
}

#[tokio::test]
#[ignore = "run by the test below, in a process of its own"]
async fn the_corpus() {
    let (app, codes) = world(App::start().await).await;
    let good = app.take("broken", "pay_1900.csv", tables::lines(&codes).join("\n").as_bytes()).await.unwrap();
    assert_eq!((good.outcome, good.loaded), (Outcome::Published, tables::ROWS as u64), "{:?}", good.lines);
    let (mut wrong, mut place) = (Vec::new(), 0);
    // One kind after another, so that the test itself holds little.
    let kinds: [(&str, Made); 7] = [
        ("broken", tables::all),
        ("broken", workbooks::all),
        ("broken", archives::all),
        ("broken", documents::all),
        ("broken", dbase::all),
        ("career-page", pages::careers),
        ("bls-ooh", pages::handbooks),
    ];
    for (source, kind) in kinds {
        for Broken(what, ending, bytes, wanted) in kind(&codes) {
            place += 1;
            let before = held(&app).await;
            let guard = in_time(what);
            let result = app.take(source, &format!("pay_{}.{ending}", 1900 + place), &bytes).await;
            drop(guard);
            let after = held(&app).await;
            if end(&result) != wanted {
                wrong.push(format!("{what}: {:?} instead of {wanted:?}: {result:?}", end(&result)));
            }
            match result {
                Err(_) => assert_eq!(after, before, "{what} left something"),
                Ok(report) => {
                    assert_eq!(report.read, report.loaded + report.rejected + report.skipped, "{what}");
                    assert_eq!(after.0, before.0 + 1, "{what}");
                }
            }
        }
    }
    assert!(place >= 60, "{place}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    if is_alone() {
        eprintln!("{place} files, {} kB at most", peak());
    }
}

#[test]
fn broken_files_end_in_their_own_way_within_300_megabytes() {
    alone("broken::the_corpus");
}

/// Whether the test is run in a process of its own.
fn is_alone() -> bool {
    std::env::var("ROLECAST_ALONE").is_ok()
}

/// The most memory that this process has had, in kB.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let peak: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
    assert!(peak < MEMORY, "{peak} kB");
    peak
}

/// Runs an ignored test in a process of its own.
fn alone(test: &str) {
    let mut alone = Command::new(std::env::current_exe().unwrap());
    alone.args(["--ignored", "--exact", test, "--nocapture"]).env("ROLECAST_ALONE", "1");
    let output = alone.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("1 passed"), "{said}");
}
