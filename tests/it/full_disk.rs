//! A disk that is full, or a database that cannot be written: what is stored is answered all the same. And what a disk may spoil: the
//! tables of a start that broke off, a file of the archive.

use std::{
    env,
    fs::{self, File},
    io::{BufRead as _, BufReader, Read as _, Write as _},
    path::Path,
    process::{Command, Output, Stdio},
    sync::Arc,
    time::Duration,
};

use entity::{Classification, artifact};
use jobs::{
    archive::Archive,
    definition::Registry,
    pipeline::{IngestError, Input, Outcome, ingest},
    publish,
    replay::{ReplayError, replay},
};
use migration::{Migrator, MigratorTrait as _};
use sea_orm::{ConnectionTrait as _, Database, EntityTrait as _};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    app::{App, Running, noon},
    cli::text,
    http::client,
    lifecycle::{knowing, with_a_strange_mark},
    looks::{Publisher, definition_of, pay},
};

/// A small disk of its own, gone with the test.
struct Disk {
    folder: TempDir,
}

impl Disk {
    /// Makes one of so many kilobytes; none where this user may not, which is said.
    fn of(kilobytes: usize) -> Option<Self> {
        let folder = TempDir::new().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={kilobytes}k"), "rolecast"]).arg(folder.path());
        let mounted = mount.output().is_ok_and(|done| done.status.success());
        if !mounted {
            eprintln!("skipped: this user may mount no small disk");
        }
        mounted.then_some(Self { folder })
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Leaves at most so many bytes free.
    fn fill(&self, left: usize) {
        let rest = self.path().join("rest");
        fs::write(&rest, vec![1; left]).unwrap();
        let mut ballast = File::options();
        let mut ballast = ballast.create(true).append(true).open(self.path().join("ballast")).unwrap();
        while ballast.write_all(&[1; 4096]).is_ok() {}
        fs::remove_file(rest).unwrap();
    }

    fn only_to_read(&self) {
        let mut mount = Command::new("mount");
        assert!(mount.args(["-o", "remount,ro"]).arg(self.path()).status().unwrap().success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        Command::new("umount").arg("-l").arg(self.path()).status().ok();
    }
}

fn rolecast(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolecast"));
    command.args(arguments).env_clear().env("ROLECAST_DATA_DIR", data).current_dir(env::temp_dir());
    command
}

fn run(data: &Path, arguments: &[&str]) -> Output {
    rolecast(data, arguments).env("ROLECAST_STARTER", "false").output().unwrap()
}

const PAGE: &str =
    "Test Pilot\n\nTest pilots in the United States earn an average salary of $100,000 per year.\n";
const PAY: &str = "{ role(by: { slug: \"test-pilot\" }) { salary { mean { amount } } } }";

/// Every command that only reads answers from `data`, and says on its way, where that is so, that it `cannot` write.
fn answers(data: &Path, cannot: Option<&str>) {
    let said = |output: &Output| {
        let errors = text(&output.stderr);
        assert!(output.status.success(), "{errors}");
        assert_eq!(errors.contains("what is stored is answered"), cannot.is_some(), "{errors}");
        assert!(cannot.is_none_or(|words| errors.contains(words)), "{errors}");
        text(&output.stdout)
    };
    let sources: Value = serde_json::from_str(&said(&run(data, &["sources", "--json"]))).unwrap();
    let page = sources.as_array().unwrap().iter().find(|source| source["key"] == "career-page").unwrap();
    assert_eq!(page["currentReleases"][0]["dataset"], "test-pilot");
    let answer: Value = serde_json::from_str(&said(&run(data, &["query", PAY]))).unwrap();
    assert_eq!(answer["data"]["role"]["salary"]["mean"]["amount"], 100_000);
    let out = TempDir::new().unwrap();
    let file = out.path().join("figures");
    said(&run(data, &["export", "starter", "--out", file.to_str().unwrap()]));
    assert!(fs::metadata(file).unwrap().len() > 100);
    assert!(run(data, &["schema"]).status.success());
}

/// A server with workers answers from `data`; returns what it says on its way.
async fn serves(data: &Path) -> String {
    let mut command = rolecast(data, &["serve", "--listen", "127.0.0.1:0"]);
    let mut program = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (mut out, mut errors) = (program.stdout.take().unwrap(), program.stderr.take().unwrap());
    let mut program = Running(program);
    let mut first = String::new();
    BufReader::new(&mut out).read_line(&mut first).unwrap();
    let mut said = String::new();
    if let Some(base) = first.trim().strip_prefix("Rolecast").and_then(|_| first.trim().rsplit(' ').next()) {
        let asked = client().post(format!("{base}/graphql")).json(&json!({ "query": PAY }));
        let answer: Value = asked.send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["data"]["role"]["salary"]["mean"]["amount"], 100_000, "{answer}");
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert!(program.0.try_wait().unwrap().is_none(), "it goes on");
    }
    // Not killed, so that it leaves nothing behind that the next one could use.
    assert!(Command::new("kill").arg(program.0.id().to_string()).status().unwrap().success());
    program.0.wait().unwrap();
    errors.read_to_string(&mut said).unwrap();
    assert!(first.starts_with("Rolecast"), "{said}");
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_stored_is_answered_from_a_disk_that_is_full() {
    let Some(disk) = Disk::of(40 << 10) else { return };
    let (data, page) = (disk.path().join("data"), disk.path().join("test-pilot.txt"));
    fs::write(&page, PAGE).unwrap();
    let refresh = ["refresh", "career-page", "--from", page.to_str().unwrap()];
    assert!(run(&data, &refresh).status.success());

    // What SQLite keeps beside its file fits, a release does not.
    disk.fill(64 << 10);
    answers(&data, None);
    let said = serves(&data).await;
    assert!(said.contains("the disk is full: make room on it"), "{said}");

    // Not a byte, and nothing beside the database that was left for the next one to use.
    let left = |name: &str| data.join(name).exists();
    assert!(!left("rolecast.db-wal") && !left("rolecast.db-shm"));
    disk.fill(0);
    answers(&data, Some("the disk is full: make room on it"));
    let said = serves(&data).await;
    assert!(said.contains("the disk is full: make room on it"), "{said}");
    let refused = run(&data, &refresh);
    assert!(!refused.status.success() && text(&refused.stderr).contains("the disk is full"), "{refused:?}");

    disk.only_to_read();
    answers(&data, Some("nothing can be written"));
}

#[tokio::test]
async fn a_start_that_broke_off_while_it_made_the_tables_is_done_again() {
    let data = TempDir::new().unwrap();
    let url = format!("sqlite://{}?mode=rwc", data.path().join("rolecast.db").display());
    let db = Database::connect(&url).await.unwrap();
    // The tables of one release of the program, and something that stops the next one amid a migration.
    Migrator::up(&db, Some(12)).await.unwrap();
    db.execute_unprepared("CREATE TABLE crosswalk_before (a INT)").await.unwrap();
    let broken = run(data.path(), &["sources"]);
    assert!(text(&broken.stderr).contains("crosswalk_before"), "{broken:?}");
    db.execute_unprepared("DROP TABLE crosswalk_before").await.unwrap();
    let again = run(data.path(), &["sources"]);
    assert!(again.status.success(), "{again:?}");
}

#[tokio::test]
async fn what_is_known_is_registered_without_writing() {
    let mut app = App::start().await;
    publish::register(&app.cx.db, &app.cx.registry).await.unwrap();
    app.cx.db.execute_unprepared("PRAGMA query_only = 1").await.unwrap();
    publish::register(&app.cx.db, &app.cx.registry).await.unwrap();
    app = app.with_sources(&[definition_of("http://127.0.0.1:1", &["/pay_2025.csv"])]);
    publish::register(&app.cx.db, &app.cx.registry).await.unwrap_err();
    app.cx.db.execute_unprepared("PRAGMA query_only = 0").await.unwrap();
    publish::register(&app.cx.db, &app.cx.registry).await.unwrap();
    let found = app.ask("{ source(key: \"my-source\") { title } }").await;
    assert_eq!(found["source"]["title"], "Pay by state");
}

#[tokio::test]
async fn a_source_whose_file_finds_no_room_says_so() {
    let Some(disk) = Disk::of(64) else { return };
    let (publisher, base) = Publisher::start().await;
    let mut app = App::start().await.with_sources(&[definition_of(&base, &["/pay_2025.csv"])]);
    app.cx.offline = false;
    let look = async |app: &App| ingest(&app.cx, "my-source", &Input::Fetch, noon()).await;
    let told =
        async |app: &App| app.ask("{ source(key: \"my-source\") { lastError } }").await["source"].clone();
    publisher.send("/pay_2025.csv", [pay(1), vec![b'\n'; 100_000]].concat());
    let room = std::mem::replace(&mut app.cx.archive, Archive::folder(disk.path().join("archive")).unwrap());
    let error = look(&app).await.unwrap_err();
    assert!(error.is_transient(), "{error:?}");
    assert_eq!(told(&app).await["lastError"], "the disk is full");
    app.cx.archive = room;
    assert_eq!(look(&app).await.unwrap().outcome, Outcome::Published);
    assert_eq!(told(&app).await["lastError"], Value::Null);
}

#[tokio::test]
async fn a_file_of_the_archive_that_is_damaged_is_whole_when_it_is_given_again() {
    let mut app = App::start().await;
    let (table, mark) = with_a_strange_mark(&app.codes(Classification::Soc2018).await);
    let name = "oews_national_2021.csv";
    app.take("bls-oews", name, table.as_bytes()).await.unwrap();
    let file = artifact::Entity::find().one(&app.cx.db).await.unwrap().unwrap();
    let path = app.folder.path().join(&file.sha256[..2]).join(&file.sha256);
    let whole = fs::read(&path).unwrap();
    fs::write(&path, vec![0; whole.len()]).unwrap();

    let sources = app.folder.path().join("mended");
    fs::create_dir(&sources).unwrap();
    let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("jobs/sources/bls-oews.toml");
    let definition = knowing(&fs::read_to_string(built_in).unwrap(), &mark);
    fs::write(sources.join("bls-oews.toml"), definition).unwrap();
    let built_in = app.cx.registry.clone();
    let mut registry = Registry::built_in().unwrap();
    registry.add_folder(&sources).unwrap();
    app.cx.registry = Arc::new(registry);
    let key = "bls-oews/national/May 2021/1";
    let ReplayError::Ingest(error) = replay(&app.cx, key, noon()).await.unwrap_err() else { panic!() };
    assert!(matches!(error, IngestError::Damaged { .. }) && !error.is_transient(), "{error:?}");
    let words = error.told();
    assert!(words.contains(name) && words.contains("give the same file again, with --from FILE"), "{words}");

    let mended = std::mem::replace(&mut app.cx.registry, built_in);
    let again = app.take("bls-oews", name, table.as_bytes()).await.unwrap();
    assert_eq!(again.outcome, Outcome::Unchanged, "{:?}", again.lines);
    assert_eq!(fs::read(&path).unwrap(), whole);
    app.cx.registry = mended;
    let replayed = replay(&app.cx, key, noon()).await.unwrap();
    assert_eq!((replayed.outcome, replayed.rejected), (Outcome::Published, 0), "{:?}", replayed.lines);
}
