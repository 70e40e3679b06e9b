//! Which files make an edition, and which edition answers: whatever order files come in, nothing served is lost.

use std::{io::Cursor, path::PathBuf};

use entity::{Classification, ReleaseStatus, artifact, release};
use futures::future::join_all;
use jobs::{
    pipeline::{IngestError, Outcome, Report},
    publish,
    replay::{ReplayError, publish_held, replay},
};
use sea_orm::{ColumnTrait, ConnectionTrait as _, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    app::{App, noon},
    corpus::shared,
    lifecycle::{knowing, registry, with_a_strange_mark},
    made,
};

on_both_engines!(
    copies_of_a_table_take_each_others_place_and_do_not_come_back,
    an_edition_that_lacks_a_file_of_the_starter_is_held_until_it_is_given,
    a_held_edition_whose_files_are_published_is_superseded_and_never_served,
    only_the_last_edition_is_read_again,
    a_smaller_file_of_a_part_is_held_until_another_takes_its_place,
);

/// Edition, status and names of files of every edition of a release, the oldest first.
pub(crate) async fn editions(
    app: &App,
    dataset: &str,
    label: &str,
) -> Vec<(i32, ReleaseStatus, Vec<String>)> {
    let found = release::Entity::find()
        .filter(release::Column::Dataset.eq(dataset))
        .filter(release::Column::Label.eq(label))
        .order_by_asc(release::Column::Edition);
    let mut editions = Vec::new();
    for release in found.all(&app.cx.db).await.unwrap() {
        let files = artifact::Entity::find()
            .filter(artifact::Column::ReleaseId.eq(release.id))
            .order_by_asc(artifact::Column::Position);
        let files = files.all(&app.cx.db).await.unwrap().into_iter().map(|file| file.file_name).collect();
        editions.push((release.edition, release.status, files));
    }
    editions
}

pub(crate) fn says(report: &Report, words: &str) -> bool {
    report.lines.iter().any(|line| line.contains(words))
}

fn ashe(part: &str) -> Option<PathBuf> {
    let file = |path: &PathBuf| {
        let name = path.to_string_lossy();
        name.contains(part) && name.contains("2024")
    };
    shared("ons-ashe").into_iter().find(file)
}

async fn copies_of_a_table_take_each_others_place_and_do_not_come_back(app: App) {
    let codes = app.codes(Classification::Soc2018).await;
    let table = made::national(&codes);
    let book = |jobs: &str| {
        let revised = table.replace(",1235,1000,", &format!(",1235,{jobs},"));
        made::workbook("national_M2021_dl", &made::rows(&made::records(revised.as_bytes())))
    };
    let packed = made::archive("oesm21nat/national_M2021_dl.xlsx", &book("1002"));
    let files: [(&str, Vec<u8>); 3] = [
        ("oews_national_2021.csv", table.clone().into_bytes()),
        ("national_M2021_dl.xlsx", book("1001")),
        ("oesm21nat.zip", packed),
    ];
    for (name, bytes) in &files {
        let report = app.take("bls-oews", name, bytes).await.unwrap();
        assert_eq!((report.outcome, report.rejected), (Outcome::Published, 0), "{name}: {:?}", report.lines);
    }
    for (name, bytes) in &files[..2] {
        let report = app.take("bls-oews", name, bytes).await.unwrap();
        assert_eq!(report.outcome, Outcome::Unchanged, "{name}: {:?}", report.lines);
        assert!(says(&report, "superseded before, by oesm21nat.zip"), "{name}: {:?}", report.lines);
    }
    let one = |edition, status, name: &str| (edition, status, vec![name.to_owned()]);
    assert_eq!(
        editions(&app, "national", "May 2021").await,
        [
            one(1, ReleaseStatus::Superseded, files[0].0),
            one(2, ReleaseStatus::Superseded, files[1].0),
            one(3, ReleaseStatus::Published, files[2].0),
        ]
    );
    // Whoever wants the earlier file back withdraws what came after it.
    publish::withdraw(&app.cx.db, "bls-oews/national/May 2021/3").await.unwrap();
    let back = app.take("bls-oews", files[1].0, &files[1].1).await.unwrap();
    assert!(says(&back, "unchanged"), "{:?}", back.lines);
    assert_eq!(editions(&app, "national", "May 2021").await[1], one(2, ReleaseStatus::Published, files[1].0));
}

/// The same workbook in other bytes.
fn packed_anew(bytes: Vec<u8>) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new_append(Cursor::new(bytes)).unwrap();
    zip.set_comment("packed anew").unwrap();
    zip.finish().unwrap().into_inner()
}

async fn an_edition_that_lacks_a_file_of_the_starter_is_held_until_it_is_given(app: App) {
    let (Some(pay), Some(coefficients)) = (ashe("Table 14.7a"), ashe("Table 14.7b")) else { return };
    let app = app.with_starter().await;
    // As if another figure had shipped: the same ones in other bytes are no edition.
    app.cx
        .db
        .execute_unprepared("UPDATE release SET content = 'other' WHERE dataset = 'annual'")
        .await
        .unwrap();
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    let revised = packed_anew(std::fs::read(&pay).unwrap());
    let revised_name = name(&pay).replace("PROV", "REV");
    let alone = app.take("ons-ashe", &revised_name, &revised).await.unwrap();
    assert_eq!(alone.outcome, Outcome::Held, "{:?}", alone.lines);
    let asks = format!("check files failed: {} stood in the last edition", name(&coefficients));
    assert!(says(&alone, &asks), "{:?}", alone.lines);
    let found = editions(&app, "annual", "2024").await;
    assert_eq!((found[0].1, found[1].1), (ReleaseStatus::Published, ReleaseStatus::Held));

    let both = app.refresh("ons-ashe", &coefficients, None).await.unwrap();
    assert_eq!(both.outcome, Outcome::Published, "{:?}", both.lines);
    let found = editions(&app, "annual", "2024").await;
    assert_eq!(found[1].1, ReleaseStatus::Superseded, "all of it is in the next one");
    assert_eq!(found[2], (3, ReleaseStatus::Published, vec![revised_name.clone(), name(&coefficients)]));
    // The day of the calendar is that of the provisional figures.
    let days = release::Entity::find().filter(release::Column::Label.eq("2024"));
    let days = days.filter(release::Column::Dataset.eq("annual")).order_by_asc(release::Column::Edition);
    let days: Vec<_> = days.all(&app.cx.db).await.unwrap().into_iter().map(|row| row.published_at).collect();
    assert_eq!(days[0].unwrap().to_string(), "2024-10-29");
    assert_ne!(days[2], days[0]);

    let provisional = app.refresh("ons-ashe", &pay, None).await.unwrap();
    assert!(says(&provisional, &format!("superseded before, by {revised_name}")), "{:?}", provisional.lines);
    assert_eq!(editions(&app, "annual", "2024").await.len(), 3);
}

#[tokio::test]
async fn every_file_of_the_starter_can_be_given_and_copies_of_it_too() {
    let app = App::start().await.with_starter().await;
    for (source, folder, part) in [
        ("ons-ashe", "ons-ashe", "14.7b   Annual pay - Gross 2024"),
        ("ons-ashe", "ons-ashe", "14.7a   Annual pay - Gross 2024"),
        ("bls-ep", "bls-ep", "occupation_2024-34"),
        ("bls-oews", "bls-oews", "national_M2024"),
    ] {
        for file in shared(folder).iter().filter(|file| file.to_string_lossy().contains(part)) {
            let report = app.refresh(source, file, None).await.unwrap();
            assert_eq!(report.outcome, Outcome::Unchanged, "{part}: {:?}", report.lines);
        }
    }
    for (source, folder, name, archive) in [
        ("bea-rpp", "bea-rpp", "SARPP_STATE_2008_2023.csv", "SARPP.zip"),
        ("ecb-rates", "fx", "eurofxref-hist.csv", "eurofxref-hist.zip"),
    ] {
        for file in shared(folder).iter().filter(|file| file.ends_with(name)) {
            let packed = made::archive(name, &std::fs::read(file).unwrap());
            let report = app.take(source, archive, &packed).await.unwrap();
            // The figures are those that ship, whatever their file is called.
            assert_eq!(report.outcome, Outcome::Unchanged, "{archive}: {:?}", report.lines);
        }
    }
}

/// A survey whose release is two files, each with pay of its own, and is not believed with less than four rows.
fn in_two_files() -> String {
    let one = made::definition("pair", "SURVEY", "EUR")
        .replace("dataset = \"all\"", "name = \"one\"\ndataset = \"all\"")
        .replace("max_fall_percent = 100", "max_fall_percent = 100, min_rows = 4");
    format!("{one}\n[[layout]]\nlike = \"one\"\nfile = 'more_(?<year>\\d{{4}})\\.csv'\npart = \"more\"\n")
}

fn two_rows(codes: &[String]) -> Vec<u8> {
    let row = |code: &String| (code.clone(), 100, 1.5, [1, 2, 3, 4, 5, 3].map(|tens| tens * 1_000_000));
    made::survey(&codes[..2].iter().map(row).collect::<Vec<_>>()).into_bytes()
}

async fn a_held_edition_whose_files_are_published_is_superseded_and_never_served(app: App) {
    let app = app.with_sources(&[in_two_files()]);
    let codes = app.codes(Classification::Soc2018).await;
    let first = two_rows(&codes);
    assert_eq!(app.take("pair", "made_2024.csv", &first).await.unwrap().outcome, Outcome::Held);
    let whole = app.take("pair", "more_2024.csv", &two_rows(&codes[2..])).await.unwrap();
    assert_eq!(whole.outcome, Outcome::Published, "{:?}", whole.lines);
    let states = async || {
        let found = editions(&app, "all", "May 2024").await;
        found.into_iter().map(|(_, status, _)| status).collect::<Vec<_>>()
    };
    assert_eq!(states().await, [ReleaseStatus::Superseded, ReleaseStatus::Published]);
    let bands = async || {
        let found =
            app.ask("{ salaryBands(filter: { sources: [\"pair\"], releases: ALL }) { totalCount } }").await;
        found["salaryBands"]["totalCount"].as_i64().unwrap()
    };
    assert_eq!(bands().await, 4, "what was held is not shown");

    let key = "pair/all/May 2024/2";
    publish::withdraw(&app.cx.db, key).await.unwrap();
    assert_eq!(states().await, [ReleaseStatus::Superseded, ReleaseStatus::Withdrawn]);
    assert_eq!(bands().await, 0);
    let again = app.take("pair", "made_2024.csv", &first).await.unwrap();
    assert_eq!(again.outcome, Outcome::Held, "{:?}", again.lines);

    let back = publish_held(&app.cx, key, noon()).await.unwrap();
    assert!(back.release.is_current, "a withdrawal is undone");
    assert_eq!(bands().await, 4);
}

/// What stands is not dropped by a file that has less of the same part, although as much may be gone from one year to the next.
async fn a_smaller_file_of_a_part_is_held_until_another_takes_its_place(app: App) {
    use ReleaseStatus::{Held, Published, Superseded};

    let app = app.with_sources(&[made::definition("survey", "SURVEY", "EUR")]);
    let codes = app.codes(Classification::Soc2018).await;
    let take = async |year: i32, rows: usize, first: i64| {
        let row =
            |code: &String| (code.clone(), 100, 1.5, [1, 2, 3, 4, 5, 3].map(|tens| tens * 1_000_000 + first));
        let table = made::survey(&codes[..rows].iter().map(row).collect::<Vec<_>>());
        app.take("survey", &format!("made_{year}.csv"), table.as_bytes()).await.unwrap()
    };
    let states = async || {
        let found = editions(&app, "all", "May 2024").await;
        found.into_iter().map(|(_, status, _)| status).collect::<Vec<_>>()
    };
    assert_eq!(take(2023, 16, 0).await.outcome, Outcome::Published);
    assert_eq!(take(2024, 8, 0).await.outcome, Outcome::Published, "another year may have less");
    let small = take(2024, 2, 0).await;
    assert_eq!(small.outcome, Outcome::Held, "{:?}", small.lines);
    assert!(
        says(&small, "2 rows of figures, expected at least 6: the edition it takes the place of has 8"),
        "{small:?}"
    );
    assert_eq!(states().await, [Published, Held]);
    // A file with all of it takes the place of both.
    assert_eq!(take(2024, 8, 1).await.outcome, Outcome::Published);
    assert_eq!(states().await, [Superseded, Superseded, Published]);
    // So does one that a person publishes.
    assert_eq!(take(2024, 2, 2).await.outcome, Outcome::Held);
    assert_eq!(take(2024, 3, 3).await.outcome, Outcome::Held);
    assert_eq!(states().await, [Superseded, Superseded, Published, Held, Held]);
    publish_held(&app.cx, "survey/all/May 2024/5", noon()).await.unwrap();
    assert_eq!(states().await, [Superseded, Superseded, Superseded, Superseded, Published]);
    let told =
        app.ask("{ salaryBands(filter: { sources: [\"survey\"], releases: ALL }) { totalCount } }").await;
    assert_eq!(told["salaryBands"]["totalCount"], 16 + 8 + 8 + 3, "what was held was never served");
}

/// Two files of each release at once: by so many connections, as by so many processes.
async fn files_that_come_at_once_stand_together(app: App) {
    let app = app.with_sources(&[in_two_files().replace("min_rows = 4", "min_rows = 1")]);
    let codes = app.codes(Classification::Soc2018).await;
    let years = 2021..=2026;
    let files: Vec<(String, Vec<u8>)> = years
        .clone()
        .zip(codes.chunks(4))
        .flat_map(|(year, codes)| {
            [
                (format!("made_{year}.csv"), two_rows(codes)),
                (format!("more_{year}.csv"), two_rows(&codes[2..])),
            ]
        })
        .collect();
    for result in join_all(files.iter().map(|(name, bytes)| app.take("pair", name, bytes))).await {
        assert_eq!(result.unwrap().outcome, Outcome::Published);
    }
    for year in years {
        let (edition, _, files) = editions(&app, "all", &format!("May {year}")).await.pop().unwrap();
        assert_eq!((edition, files), (2, vec![format!("made_{year}.csv"), format!("more_{year}.csv")]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_come_at_once_to_a_file_stand_together() {
    files_that_come_at_once_stand_together(App::on_a_file().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_come_at_once_to_postgres_stand_together() {
    if let Some(app) = App::on_postgres().await {
        files_that_come_at_once_stand_together(app).await;
    }
}

async fn only_the_last_edition_is_read_again(mut app: App) {
    let codes = app.codes(Classification::Soc2018).await;
    let (table, mark) = with_a_strange_mark(&codes);
    app.take("bls-oews", "oews_national_2021.csv", table.as_bytes()).await.unwrap();
    let revised = made::national(&codes).replace(",1.5,", ",1.6,");
    app.take("bls-oews", "oews_national_2021.csv", revised.as_bytes()).await.unwrap();
    let earlier = table.replace(",1.5,", ",1.4,");
    app.take("bls-oews", "oews_national_2020.csv", earlier.as_bytes()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    app.cx.registry = registry(folder.path(), |text| knowing(&text, &mark));
    let replaced = replay(&app.cx, "bls-oews/national/May 2021/1", noon()).await;
    assert!(matches!(replaced, Err(ReplayError::Replaced { by: 2, .. })), "{replaced:?}");

    // An older period may be read again, and stays behind the newer one.
    let older = replay(&app.cx, "bls-oews/national/May 2020/1", noon()).await.unwrap();
    assert_eq!((older.outcome, older.rejected), (Outcome::Published, 0), "{:?}", older.lines);
    assert_eq!(editions(&app, "national", "May 2020").await[1].1, ReleaseStatus::Superseded);
    assert_eq!(editions(&app, "national", "May 2021").await[1].1, ReleaseStatus::Published);
}

#[tokio::test]
async fn a_mended_definition_is_applied_where_no_row_was_rejected() {
    let mut app = App::start().await;
    let table = made::national(&app.codes(Classification::Soc2018).await);
    let folder = tempfile::tempdir().unwrap();
    let mended = app.cx.registry.clone();
    app.cx.registry = registry(folder.path(), |text| {
        text.replace("\"a_median\"", "\"other\"")
            .replace("\"a_mean\"", "\"a_median\"")
            .replace("\"other\"", "\"a_mean\"")
            .replace("\"h_median\"", "\"other\"")
            .replace("\"h_mean\"", "\"h_median\"")
            .replace("\"other\"", "\"h_mean\"")
    });
    let wrong = app.take("bls-oews", "oews_national_2021.csv", table.as_bytes()).await.unwrap();
    assert_eq!((wrong.outcome, wrong.rejected), (Outcome::Published, 0), "{:?}", wrong.lines);
    let median = async |app: &App| {
        let found = app
            .ask("{ salaryBands(filter: { regions: [\"US\"], period: YEAR }, first: 1) { nodes { median { amount } } } }")
            .await;
        found["salaryBands"]["nodes"][0]["median"]["amount"].as_f64().unwrap()
    };
    let before = median(&app).await;

    app.cx.registry = mended;
    let key = "bls-oews/national/May 2021/1";
    let report = replay(&app.cx, key, noon()).await.unwrap();
    assert_eq!(report.outcome, Outcome::Published, "{:?}", report.lines);
    // An hour's mean is one dollar above its median in this table.
    let fell = before - median(&app).await;
    assert!((fell - 2080.0).abs() < 0.5, "{fell}");
    let again = replay(&app.cx, "bls-oews/national/May 2021/2", noon()).await;
    assert!(matches!(again, Err(ReplayError::NothingRejected(_))), "{again:?}");
}

#[tokio::test]
async fn a_file_is_not_taken_for_another_release_than_it_says_it_is() {
    let app = App::start().await;
    let table = made::national(&app.codes(Classification::Soc2018).await);
    let path = app.folder.path().join("oews_national_2021.csv");
    std::fs::write(&path, table).unwrap();
    let error = app.refresh("bls-oews", &path, Some("May 2022")).await.unwrap_err();
    assert!(matches!(error, IngestError::OtherRelease { .. }), "{error:?}");
    assert!(["May 2021", "May 2022"].iter().all(|label| error.to_string().contains(label)), "{error}");
    assert_eq!(app.refresh("bls-oews", &path, Some("May 2021")).await.unwrap().outcome, Outcome::Published);

    // A title within the file says it as well as a name.
    let books = shared("bls-ep");
    if let Some(book) = books.iter().find(|file| file.ends_with("occupation_2024-34.xlsx")) {
        let path = app.folder.path().join("occupation.xlsx");
        std::fs::copy(book, &path).unwrap();
        let error = app.refresh("bls-ep", &path, Some("2019-29")).await.unwrap_err();
        assert!(error.to_string().contains("2024-34"), "{error}");
    }
}

#[tokio::test]
async fn a_release_without_a_day_is_not_taken_for_the_newest() {
    let app = App::start().await;
    let zones = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/onet/Job Zones.txt");
    let of = async |label| app.refresh("onet", &zones, Some(label)).await;
    of("29.0").await.unwrap();
    for label in ["25.0", "banana"] {
        let error = of(label).await.unwrap_err();
        let IngestError::Decode { source, .. } = &error else { panic!("{error:?}") };
        assert_eq!(source.code(), "no-release-day");
        assert!(source.reason.contains(label) && source.reason.contains("[calendar]"), "{source}");
    }
}
