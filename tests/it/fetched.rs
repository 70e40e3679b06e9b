//! Every source that has an address, from its publisher's answer to what is served: a server on this machine sends the bytes
//! of the fixture for the address that the definition asks for.

use std::{
    collections::{BTreeSet, HashMap},
    fs,
    io::Write as _,
    path::Path,
    sync::Arc,
};

use axum::{
    Router,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use jobs::{
    definition::{Address, Expect, Pages, Registry, Source},
    pipeline::{Context, Input, Outcome, ingest},
};
use sha2::{Digest as _, Sha256};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::{
    app::{App, noon},
    made,
};

/// After the years of all fixtures, made ones too: pay of a year to come is held.
fn late() -> DateTime<Utc> {
    "2100-01-01T12:00:00Z".parse().unwrap()
}

/// Names of files that are not those of their fixtures.
const NAMES: [(&str, &str); 6] = [
    ("earn_ses_hourly", "earn_ses_hourly.json"),
    ("indicator", "EAR_EMTA_SEX_OCU_CUR_NB_A.csv"),
    ("28186", "28186.json"),
    ("data", "answer.json"),
    ("beekeeper", "occupation.html"),
    ("honey-taster", "posting.html"),
];

/// Archives, the fixtures in them, and the names of their members.
const ARCHIVES: [(&str, &[(&str, &str)]); 7] = [
    ("oesm25nat.zip", &[("oews_national_2024.csv", "oesm25nat/national_M2025_dl.xlsx")]),
    ("oesm25st.zip", &[("oews_national_2024.csv", "oesm25st/state_M2025_dl.xlsx")]),
    (
        "oesm25ma.zip",
        &[
            ("MSA_M2024_dl.csv", "oesm25ma/MSA_M2025_dl.xlsx"),
            ("BOS_M2024_dl.csv", "oesm25ma/BOS_M2025_dl.xlsx"),
        ],
    ),
    ("eurofxref-hist.zip", &[("eurofxref-hist.csv", "eurofxref-hist.csv")]),
    ("SARPP.zip", &[("SARPP_STATE_2008_2010.csv", "SARPP_STATE_2008_2010.csv")]),
    ("MARPP.zip", &[("MARPP_MSA_2008_2010.csv", "MARPP_MSA_2008_2010.csv")]),
    (
        "db_31_0_text.zip",
        &[
            ("Occupation Data.txt", "db_31_0_text/Occupation Data.txt"),
            ("31.0/Job Titles.txt", "db_31_0_text/Job Titles.txt"),
            ("31.0/Job Zones.txt", "db_31_0_text/Job Zones.txt"),
            ("31.0/Essential Skills.txt", "db_31_0_text/Essential Skills.txt"),
            ("31.0/Transferable Skills.txt", "db_31_0_text/Transferable Skills.txt"),
        ],
    ),
];

/// What is no code in a fixture, and the code it should be: one in so few rows would hold the release.
const MENDED: [(&str, &str); 4] =
    [("51.9199", "51-9199"), ("29.1151", "29-1151"), ("15-9999\t", "15-1252.00\t"), ("\n1111,", "\n11100,")];

fn fixture(source: &str, name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(source);
    let path = folder.join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    MENDED.iter().fold(text, |text, (wrong, right)| text.replace(wrong, right)).into_bytes()
}

/// A table of text as a workbook whose first sheet is called `sheet`.
fn book(sheet: &str, table: &[u8]) -> Vec<u8> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(table);
    let rows = (1..).zip(reader.records()).map(|(number, record)| {
        let record = record.unwrap();
        let letters =
            ["", "A"].into_iter().flat_map(|first| ('A'..='Z').map(move |last| format!("{first}{last}")));
        let cells = letters.zip(&record).filter(|(_, cell)| !cell.is_empty()).map(|(column, cell)| {
            format!(r#"<c r="{column}{number}" t="inlineStr"><is><t>{cell}</t></is></c>"#)
        });
        format!(r#"<row r="{number}">{}</row>"#, cells.collect::<String>())
    });
    made::workbook(sheet, &rows.collect::<String>())
}

/// The file that `source` calls `name`, as its publisher would send it.
fn sent(source: &str, name: &str) -> Vec<u8> {
    if let Some((_, members)) = ARCHIVES.iter().find(|(archive, _)| *archive == name) {
        let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (file, member) in *members {
            let bytes = fixture(source, file);
            let bytes = match *member {
                "oesm25nat/national_M2025_dl.xlsx" => book("national_M2025_dl", &bytes),
                "oesm25st/state_M2025_dl.xlsx" => book("state_M2025_dl", &california(&bytes)),
                "oesm25ma/MSA_M2025_dl.xlsx" => book("MSA_M2025_dl", &bytes),
                "oesm25ma/BOS_M2025_dl.xlsx" => book("BOS_M2025_dl", &bytes),
                _ => bytes,
            };
            zip.start_file(*member, SimpleFileOptions::default()).unwrap();
            zip.write_all(&bytes).unwrap();
        }
        return zip.finish().unwrap().into_inner();
    }
    match (source, name) {
        ("bls-ep", _) => {
            let title = b"\"Table 1.2 Occupational projections, 2024\xe2\x80\x9334\"\n";
            let table = fixture(source, "emp_projections_2024-34_T1.10.csv");
            book("Table 1.2", &[&title[..], &table].concat())
        }
        ("bls-ooh", _) => fixture(source, "basket-weavers.html"),
        ("oecd-earnings", "all") => fixture(source, "OECD_AV_AN_WAGE.csv"),
        ("projections-central", "all") => fixture(source, "projectionscentral_LongTermRestJson_06.json"),
        _ => {
            let known = NAMES.iter().find(|(asked, _)| *asked == name).map_or(name, |(_, file)| file);
            fixture(source, known)
        }
    }
}

/// The national table with a state's number in place of the country's.
fn california(table: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(table).replace("99,U.S.,", "06,California,").into_bytes()
}

/// What is sent for an address: the name of the file, and its bytes.
type Files = HashMap<String, (String, Vec<u8>)>;

/// The path of an address here: that of its publisher, below the key of its source.
fn path(source: &Source, address: &Address) -> String {
    let url: reqwest::Url = address.url.parse().unwrap();
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("/{}{}{query}", source.key, url.path())
}

/// The address of the first page of an answer that comes in pages by number.
fn first_page(source: &Source, path: &str) -> String {
    match source.paging.as_ref().map(|paging| &paging.by) {
        Some(Pages::Page { first }) => path.replace("{page}", &first.to_string()),
        _ => path.to_owned(),
    }
}

fn files<'s>(sources: impl IntoIterator<Item = &'s Source>) -> Files {
    let mut files = Files::new();
    for source in sources {
        for address in source.addresses(noon().date_naive()) {
            let path = path(source, &address);
            let plain = path.split('?').next().unwrap().trim_end_matches('/');
            let last = plain.rsplit('/').next().unwrap().to_owned();
            let name = address.name.unwrap_or(last);
            let bytes = sent(&source.key, &name);
            files.insert(first_page(source, &path), (name, bytes));
        }
    }
    files
}

/// Sends each file under a tag, and not again to who knows the tag.
async fn publisher(files: Files) -> String {
    let files = Arc::new(files);
    let answer = move |uri: Uri, headers: HeaderMap| {
        let files = Arc::clone(&files);
        async move { reply(&files, &uri, &headers) }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    format!("http://{address}")
}

fn reply(files: &Files, uri: &Uri, headers: &HeaderMap) -> Response {
    let Some((name, bytes)) = files.get(&uri.to_string()) else {
        return (StatusCode::NOT_FOUND, format!("nothing is at {uri}")).into_response();
    };
    let tag = format!("\"{:x}\"", Sha256::digest(bytes));
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let kind = match name.rsplit_once('.') {
        _ if bytes.starts_with(b"<") => "text/html",
        Some((_, "json")) => "application/json",
        Some((_, "csv")) => "text/csv",
        _ => "application/octet-stream",
    };
    ([(header::ETAG, tag), (header::CONTENT_TYPE, kind.to_owned())], bytes.clone()).into_response()
}

/// The source as it is, asking `base` in place of its publishers and believing a release of a few rows.
fn moved(source: &Source, base: &str) -> Source {
    let mut source = source.clone();
    source.local = true;
    source.acknowledged = true;
    source.access.limits.clear();
    source.access.keys.iter_mut().for_each(|key| key.optional = true);
    let here = |address: Address| Address { url: format!("{base}{}", path(&source, &address)), ..address };
    source.urls = source.addresses(noon().date_naive()).into_iter().map(here).collect();
    for layout in &mut source.layout {
        layout.canary.clear();
        layout.expect = Expect {
            min_rows: 1,
            max_fall_percent: 100,
            max_loss_percent: 100,
            max_rejects_percent: 100,
            max_composites: 10_000,
            sum: None,
        };
    }
    source
}

/// The built-in sources with an address; career pages are those of this operator.
fn with_addresses() -> Vec<Source> {
    let pages = ["https://careers.example.org/beekeeper", "https://careers.example.org/honey-taster"];
    let registry = Registry::built_in().unwrap();
    let sources = registry.sources().cloned().map(|mut source| {
        if source.key == "career-page" {
            source.urls = pages.map(|url| Address { url: url.to_owned(), name: None }).to_vec();
        }
        source
    });
    sources.filter(|source| !source.urls.is_empty()).collect()
}

#[tokio::test]
async fn every_source_with_an_address_is_fetched_and_published() {
    let sources = with_addresses();
    let base = publisher(files(&sources)).await;
    assert!(sources.len() >= 20, "{}", sources.len());
    let mut app = App::start().await;
    app.cx.registry = sources.iter().map(|source| moved(source, &base)).collect::<Registry>().into();
    app.cx.offline = false;
    let registry = Arc::clone(&app.cx.registry);
    for source in registry.sources() {
        let key = source.key.as_str();
        let first = ingest(&app.cx, key, &Input::Fetch, late()).await;
        let first = first.unwrap_or_else(|error| panic!("{key}: {error:?}"));
        assert_eq!(first.outcome, Outcome::Published, "{key}: {:#?}", first.lines);
        assert_eq!(first.read, first.loaded + first.rejected + first.skipped, "{key}");
        assert!(first.loaded > 0, "{key}: {:#?}", first.lines);
        let again = ingest(&app.cx, key, &Input::Fetch, late()).await.unwrap();
        assert_eq!(again.outcome, Outcome::Unchanged, "{key} a second time: {:#?}", again.lines);
    }
    let told = app.ask("{ sources { key currentReleases { artifacts { url } } } }").await;
    for told in told["sources"].as_array().unwrap() {
        let source = registry.get(told["key"].as_str().unwrap()).unwrap();
        let releases = told["currentReleases"].as_array().unwrap().iter();
        let artifacts = releases.flat_map(|release| release["artifacts"].as_array().unwrap());
        let served: BTreeSet<&str> = artifacts.map(|file| file["url"].as_str().unwrap()).collect();
        let asked: BTreeSet<&str> = source.urls.iter().map(|address| address.url.as_str()).collect();
        // Profiles of the Handbook are the same bytes here, so that one of them is kept.
        assert!(served.is_subset(&asked) && !served.is_empty(), "{}: {served:?}", source.key);
        assert!(served == asked || source.key == "bls-ooh", "{}: {served:?}", source.key);
    }
}

/// What has no address says why in the lines above its definition.
#[test]
fn a_source_without_an_address_says_so() {
    let registry = Registry::built_in().unwrap();
    for source in registry.sources().filter(|source| source.urls.is_empty()) {
        let path = format!("jobs/sources/{}.toml", source.key);
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&path)).unwrap();
        let header: String = text.lines().take_while(|line| line.starts_with('#')).collect();
        assert!(header.contains("--from"), "{path} names no address and does not say why");
        assert_eq!(source.schedule, None, "{path} has times and nothing to look at");
    }
}

#[tokio::test]
async fn a_source_behind_a_licence_is_off_until_it_is_acknowledged() {
    let built_in = Registry::built_in().unwrap();
    let adzuna = built_in.get("adzuna").unwrap();
    let base = publisher(files([adzuna])).await;
    let barred = Source { acknowledged: false, ..moved(adzuna, &base) };
    let mut app = App::start().await;
    app.cx.registry = Registry::from_iter([barred]).into();
    (app.cx.offline, app.cx.scheduled) = (false, true);
    let refused = ingest(&app.cx, "adzuna", &Input::Fetch, noon()).await.unwrap_err();
    assert_eq!(refused.code(), "LICENCE_NOT_ACKNOWLEDGED");
    assert!(refused.to_string().contains("acknowledged_licences"), "{refused}");
    jobs::publish::register(&app.cx.db, &app.cx.registry).await.unwrap();
    let state = "{ source(key: \"adzuna\") { enabled nextRefreshAt notScheduled } }";
    let told = app.ask(state).await;
    assert_eq!(told["source"]["enabled"], false);
    assert!(told["source"]["notScheduled"].as_str().unwrap().contains("licence"), "{told}");

    let mut registry = Registry::clone(&app.cx.registry);
    for wrong in ["bls-oews", "nobody"] {
        assert!(registry.acknowledge(&[wrong.to_owned()]).is_err(), "{wrong}");
    }
    registry.acknowledge(&["adzuna".to_owned()]).unwrap();
    app.cx.registry = registry.into();
    let taken = ingest(&app.cx, "adzuna", &Input::Fetch, noon()).await.unwrap();
    assert_eq!(taken.outcome, Outcome::Published, "{:?}", taken.lines);
    let told = app.ask(state).await;
    assert_eq!((&told["source"]["enabled"], &told["source"]["notScheduled"]), (&true.into(), &().into()));
    assert_eq!(told["source"]["nextRefreshAt"], "2026-07-01T04:00:00Z");
    app.cx.scheduled = false;
    let told = app.ask(state).await;
    assert!(told["source"]["nextRefreshAt"].is_null(), "{told}");
    assert!(told["source"]["notScheduled"].as_str().unwrap().contains("contact"), "{told}");

    let bands = app
        .ask(
            "{ role(by: { slug: \"back-end-developer\" }) { salaryBands(filter: { regions: [\"ITL:TLI\"] }) { nodes {
            method sampleSize p10 { kind text } median { amount kind } p90 { amount } mean { kind }
            reference { end } provenance { locator } } } } }",
        )
        .await;
    let band = &bands["role"]["salaryBands"]["nodes"][0];
    // Of 40 adverts the fourth stands in the bin from 30,000, the twentieth in that from 40,000, the last but four in 60,000.
    assert_eq!((&band["method"], &band["sampleSize"]), (&"ADVERT".into(), &40.into()), "{bands}");
    assert_eq!(band["p10"], serde_json::json!({ "kind": "AT_LEAST", "text": "£30,000 or more" }));
    assert_eq!(band["median"], serde_json::json!({ "amount": 40000, "kind": "AT_LEAST" }));
    assert_eq!((&band["p90"]["amount"], &band["mean"]["kind"]), (&60_000.into(), &"NOT_PUBLISHED".into()));
    assert_eq!(band["reference"]["end"], "2026-06-01");
}

/// The figures that ship came without their files, and make room for the publisher's own.
#[tokio::test]
async fn what_is_fetched_takes_the_place_of_what_ships() {
    let app = App::start().await.with_starter().await;
    let shipped = app.ask("{ sources { key currentReleases { dataset } } }").await;
    let ships = |key: &str| {
        let mut sources = shipped["sources"].as_array().unwrap().iter();
        sources.any(|told| told["key"] == key && !told["currentReleases"].as_array().unwrap().is_empty())
    };
    let sources: Vec<Source> = with_addresses().into_iter().filter(|source| ships(&source.key)).collect();
    assert!(sources.len() >= 4, "{}", sources.len());
    let base = publisher(files(&sources)).await;
    let cx = Context {
        registry: sources.iter().map(|source| moved(source, &base)).collect::<Registry>().into(),
        offline: false,
        ..app.cx.clone()
    };
    for source in &sources {
        let key = source.key.as_str();
        let taken = ingest(&cx, key, &Input::Fetch, noon()).await;
        let taken = taken.unwrap_or_else(|error| panic!("{key}: {error:?}"));
        assert_eq!(taken.outcome, Outcome::Published, "{key}: {:#?}", taken.lines);
    }
}
