//! Ingest of `oesm13st.zip` (37,725 rows) end to end, against the least that could be done: reading the sheet and
//! inserting its rows into the same table, 100 with each prepared statement. Both on a fresh SQLite file.
//!
//! `cargo bench --bench ingest`; needs the shared file, or another one named by `ROLECAST_BENCH_FILE`.

#![expect(clippy::print_stdout, reason = "a bench prints")]

use std::{
    env, fs,
    io::{Cursor, Read},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use calamine::{Data, Reader, Xls};
use jobs::{
    archive::Archive,
    codes,
    definition::Registry,
    fetch,
    pipeline::{Context, Input, ingest},
};
use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement, TransactionTrait, Value,
};
use tempfile::TempDir;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How often each is run; the fastest counts.
const RUNS: usize = 5;

#[tokio::main]
async fn main() {
    let file = env::var("ROLECAST_BENCH_FILE").map_or_else(
        |_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/bls-oews/oesm13st.zip"),
        PathBuf::from,
    );
    if !file.exists() {
        eprintln!("left out: {} is not here", file.display());
        return;
    }
    let (mut ours, mut bare) = (Duration::MAX, Duration::MAX);
    for _ in 0..RUNS {
        ours = ours.min(end_to_end(&file).await);
        bare = bare.min(read_and_insert(&file).await);
    }
    println!("ingest end to end        {:>7.3} s", ours.as_secs_f64());
    println!("bare read and insert     {:>7.3} s", bare.as_secs_f64());
    println!("ratio                    {:>7.2}   (at most 2)", ours.as_secs_f64() / bare.as_secs_f64());
    println!("peak memory of both      {:>7} MB", peak_kilobytes() / 1024);
}

async fn database(folder: &Path) -> DatabaseConnection {
    let mut options = ConnectOptions::new(format!("sqlite://{}/bench.db?mode=rwc", folder.display()));
    options.max_connections(1).sqlx_logging(false).map_sqlx_sqlite_opts(|options| {
        options.pragma("journal_mode", "WAL").pragma("synchronous", "NORMAL")
    });
    let db = Database::connect(options).await.unwrap();
    Migrator::up(&db, None).await.unwrap();
    db
}

async fn end_to_end(file: &Path) -> Duration {
    let folder = TempDir::new().unwrap();
    let db = database(folder.path()).await;
    codes::load(&db).await.unwrap();
    let cx = Context {
        registry: Arc::new(Registry::built_in().unwrap()),
        archive: Archive::folder(folder.path()).unwrap(),
        http: fetch::client(None).unwrap(),
        offline: true,
        scheduled: false,
        db,
    };
    let input = Input::File { path: file.to_owned(), release: None };
    let began = Instant::now();
    let report = ingest(&cx, "bls-oews", &input, chrono::DateTime::UNIX_EPOCH).await.unwrap();
    let took = began.elapsed();
    assert_eq!(report.read, report.loaded + report.rejected + report.skipped);
    took
}

/// Rows of one statement, and values of one row: every column is bound, as for rows that differ in any of them.
const BATCH: usize = 100;
const VALUES: usize = 35;
const INSERT: &str = "INSERT INTO salary_band (release_id, occupation_id, role_id, region_id, industry, ownership, sex, \
                      work_time, experience, period, currency, concept, hours_per_year, p20, p30, p40, p60, p70, p80, low, \
                      high, p10, p25, median, p75, p90, mean, employment, marks, mean_rse, location_quotient, cited_authority, \
                      locator, part, row) VALUES";

/// Reads every cell of the first sheet and writes two rows of figures for each of its rows, without looking at them.
async fn read_and_insert(file: &Path) -> Duration {
    let folder = TempDir::new().unwrap();
    let db = database(folder.path()).await;
    let began = Instant::now();
    let mut zip = zip::ZipArchive::new(Cursor::new(fs::read(file).unwrap())).unwrap();
    let mut sheet = Vec::new();
    let name = zip.file_names().find(|name| name.ends_with("_dl.xls")).unwrap().to_owned();
    zip.by_name(&name).unwrap().read_to_end(&mut sheet).unwrap();
    let mut book: Xls<_> = Xls::new(Cursor::new(sheet)).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    let header: Vec<String> =
        range.rows().next().unwrap().iter().map(|cell| cell.to_string().to_lowercase()).collect();
    let column = |name: &str| header.iter().position(|head| head == name).unwrap();
    let points = ["pct10", "pct25", "median", "pct75", "pct90", "mean"];
    let periods = [("YEAR", "a"), ("HOUR", "h")]
        .map(|(period, prefix)| (period, points.map(|point| column(&format!("{prefix}_{point}")))));
    let employment = column("tot_emp");
    let tx = db.begin().await.unwrap();
    tx.execute_unprepared("PRAGMA defer_foreign_keys = ON").await.unwrap();
    let backend = tx.get_database_backend();
    let rows: Vec<_> = (0_i32..).zip(range.rows()).skip(1).collect();
    for chunk in rows.chunks(BATCH / 2) {
        let mut values: Vec<Value> = Vec::new();
        for (number, row) in chunk {
            for (period, columns) in &periods {
                values.extend([1.into(), (*number).into(), None::<i32>.into(), (*number).into()]);
                values.extend(["", "", "ALL", "ALL", "ALL", period, "USD", "GROSS"].map(Value::from));
                values.push(2080.into());
                values.extend([const { None::<i64> }; 8].map(Value::from));
                values.extend(columns.map(|column| Value::from(cents(&row[column]))));
                values.extend([
                    cents(&row[employment]).into(),
                    0_i64.into(),
                    None::<i32>.into(),
                    None::<i32>.into(),
                ]);
                values.extend([None::<String>.into(), None::<String>.into(), 0_i16.into(), (*number).into()]);
            }
        }
        let statement = format!(
            "{INSERT} {}",
            vec![format!("({})", ["?"; VALUES].join(",")); chunk.len() * 2].join(", ")
        );
        tx.execute_raw(Statement::from_sql_and_values(backend, statement, values)).await.unwrap();
    }
    tx.execute_unprepared("INSERT INTO source (id, key, title, publisher, homepage, licence, attribution, enabled, stale_after_days) VALUES (1, '', '', '', '', '', '', true, 1)").await.unwrap();
    tx.execute_unprepared("INSERT INTO release (id, source_id, dataset, label, edition, reference_start, reference_end, reference_label, published_at_estimated, loaded_at, status, is_current, fingerprint, bound_words, rows_read, rows_loaded, rows_rejected, rows_skipped, skips, notes, checks, parts) VALUES (1, 1, '', '', 1, '', '', '', true, '', '', true, '', '', 0, 0, 0, 0, '', '', '', '')").await.unwrap();
    tx.commit().await.unwrap();
    began.elapsed()
}

#[expect(clippy::cast_possible_truncation, reason = "pay is far below 2^53 cents")]
fn cents(cell: &Data) -> Option<i64> {
    match cell {
        Data::Float(number) => Some((number * 100.0).round() as i64),
        Data::Int(number) => Some(number * 100),
        Data::String(text) => {
            text.replace(',', "").parse::<f64>().ok().map(|number| (number * 100.0).round() as i64)
        }
        _ => None,
    }
}

/// The most memory this process ever held, as Linux counts it.
fn peak_kilobytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default()
}
