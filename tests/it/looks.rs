//! Looks at a source whose publisher plays on this machine: every address of it, what fails, and what a person gives by hand.

use std::{
    collections::HashMap,
    fs,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Redirect, Response},
};
use entity::{Classification, artifact};
use jobs::{
    definition::{self, Registry},
    pipeline::{IngestError, Input, Outcome, ingest},
    replay::publish_held,
};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    app::{App, noon},
    cli::{rolecast, text},
    corpus::shared,
    made,
};

/// A table of pay, all of it multiplied by `times`.
pub(crate) fn pay(times: u32) -> Vec<u8> {
    let row = |state: &str| format!("15-1252,Software Developers,{state},{}\n", 100_000 * times);
    format!("code,title,state,median\n{}{}", row("CA"), row("NY")).into_bytes()
}

/// A source with two datasets, asked at `addresses` of `base`. Its calendar has three years; the last is not out on the day of the tests.
pub(crate) fn definition_of(base: &str, addresses: &[&str]) -> String {
    let urls: Vec<String> = addresses.iter().map(|address| format!("\"{base}{address}\"")).collect();
    format!(
        r#"key              = "my-source"
title            = "Pay by state"
publisher        = "Bureau of Examples"
homepage         = "https://example.org/pay"
method           = "SURVEY"
licence          = "CC BY 4.0"
attribution      = "Bureau of Examples, CC BY 4.0."
schedule         = "0 0 12 * * Mon"
stale_after_days = 30
local            = true
urls             = [{}]

[vintage]
label = '(?<year>20\d\d)'
urls  = ["{base}/pay_{{year}}.csv", "{base}/cities_{{year}}.csv"]

[calendar]
2024 = "2025-05-01"
2025 = "2026-05-15"
2026 = "2027-05-01"

[[layout]]
name           = "state"
dataset        = "state"
rows           = "bands"
file           = 'pay_(?<year>\d{{4}})\.csv'
reference      = {{ label = "{{year}}", start = "{{year}}-01-01", end = "{{year}}-12-31" }}
classification = [{{ is = "SOC_2018" }}]
region         = "postal"
columns.code   = ["code"]
columns.title  = ["title"]
columns.region = ["state"]

[[layout.band]]
period   = "YEAR"
currency = "USD"
cells    = {{ median = ["median"] }}

[[layout]]
like    = "state"
dataset = "city"
file    = 'cities_(?<year>\d{{4}})\.csv'
"#,
        urls.join(", ")
    )
}

/// A path that was asked, and the tag it was asked with.
pub(crate) type Asked = (String, Option<String>);

/// What a publisher sends for each path, and what was asked.
#[derive(Clone, Default)]
pub(crate) struct Publisher {
    files: Arc<Mutex<HashMap<String, Vec<u8>>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Publisher {
    /// Returns the publisher and its address.
    pub(crate) async fn start() -> (Self, String) {
        let publisher = Self::default();
        let own = publisher.clone();
        let answer = move |uri: Uri, headers: HeaderMap| {
            let own = own.clone();
            async move { own.reply(&uri, &headers) }
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
        (publisher, base)
    }

    pub(crate) fn send(&self, path: &str, bytes: Vec<u8>) {
        self.files.lock().unwrap().insert(path.to_owned(), bytes);
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    fn reply(&self, uri: &Uri, headers: &HeaderMap) -> Response {
        let known = headers.get(header::IF_NONE_MATCH).map(|tag| tag.to_str().unwrap().to_owned());
        self.asked.lock().unwrap().push((uri.path().to_owned(), known.clone()));
        match uri.path() {
            "/moved/pay_2025.csv" => return Redirect::temporary("/blob/6f3c2a").into_response(),
            "/download" => return Redirect::temporary("/blob/named").into_response(),
            "/old/pay_2025.csv" => return Redirect::temporary("/pay_2026.csv").into_response(),
            "/latest" => return Redirect::temporary("/pay_2025.csv?session=7").into_response(),
            "/busy.csv" => {
                let later = [(header::RETRY_AFTER, "86400")];
                return (StatusCode::SERVICE_UNAVAILABLE, later).into_response();
            }
            _ => {}
        }
        let Some(bytes) = self.files.lock().unwrap().get(uri.path()).cloned() else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let tag = format!("\"{}-{}\"", uri.path().trim_start_matches('/'), bytes.len());
        if known.as_ref() == Some(&tag) {
            return StatusCode::NOT_MODIFIED.into_response();
        }
        let called = if uri.path() == "/blob/named" { "pay_2025.csv" } else { "a.bin" };
        let head = [
            (header::ETAG, tag),
            (header::CONTENT_TYPE, "text/csv".to_owned()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{called}\"")),
        ];
        (head, bytes).into_response()
    }
}

pub(crate) async fn told(app: &App, key: &str) -> Value {
    let document = format!(
        "{{ source(key: \"{key}\") {{ freshness notFresh lastError currentReleases {{ dataset label }} }} }}"
    );
    app.ask(&document).await["source"].clone()
}

#[tokio::test]
async fn an_address_that_fails_keeps_none_of_the_others_away() {
    let (publisher, base) = Publisher::start().await;
    publisher.send("/pay_2024.csv", pay(1));
    publisher.send("/pay_2023.csv", b"PK\x03\x04 no archive".to_vec());
    publisher.send("/cities_2025.csv", pay(2));
    let addresses = ["/pay_2024.csv", "/pay_2025.csv", "/pay_2023.csv", "/cities_2025.csv"];
    let mut app = App::start().await.with_sources(&[definition_of(&base, &addresses)]);
    app.cx.offline = false;
    let error = ingest(&app.cx, "my-source", &Input::Fetch, noon()).await.unwrap_err();
    let IngestError::Files(several) = &error else { panic!("{error:?}") };
    assert_eq!((several.failed.len(), several.of), (2, 4));
    assert_eq!((several.others.outcome, several.others.loaded), (Outcome::Published, 4), "{error}");
    assert!(!error.is_transient() && error.code() == "FETCH_FAILED", "{error}");
    let words = error.to_string();
    let begin = "2 of 4 files failed (of the others: read 4, loaded 4, rejected 0, skipped 0; published): ";
    assert!(words.starts_with(begin) && words.contains("pay_2025.csv: status 404"), "{words}");
    assert!(words.contains("; cannot read pay_2023.csv"), "{words}");
    let source = told(&app, "my-source").await;
    let served = json!([{ "dataset": "city", "label": "2025" }, { "dataset": "state", "label": "2024" }]);
    let mut releases = source["currentReleases"].as_array().unwrap().clone();
    releases.sort_by_key(|release| release["dataset"].to_string());
    assert_eq!(Value::from(releases), served);
    let last = source["lastError"].as_str().unwrap();
    assert!(last.starts_with("2 of 4 files failed: the publisher answered with status 404"), "{last}");
    assert!(!last.contains("127.0.0.1"), "{last}");
    // The states of 2025 are out and not here.
    assert_eq!(source["freshness"], "DUE");

    publisher.asked();
    publisher.send("/pay_2025.csv", pay(3));
    let three = ["/pay_2024.csv", "/pay_2025.csv", "/cities_2025.csv"];
    let mended = definition::read("my.toml", &definition_of(&base, &three)).unwrap();
    app.cx.registry = Registry::from_iter([mended]).into();
    let report = ingest(&app.cx, "my-source", &Input::Fetch, noon()).await.unwrap();
    assert_eq!((report.outcome, report.loaded), (Outcome::Published, 2), "{:?}", report.lines);
    let asked = publisher.asked();
    let tags: Vec<bool> = asked.iter().map(|(_, tag)| tag.is_some()).collect();
    assert_eq!(tags, [true, false, true], "{asked:?}");
    let source = told(&app, "my-source").await;
    assert_eq!((&source["freshness"], &source["lastError"]), (&"FRESH".into(), &Value::Null));
}

#[tokio::test]
async fn a_release_of_the_past_comes_with_the_files_it_has_and_is_no_look() {
    let (publisher, base) = Publisher::start().await;
    publisher.send("/pay_2024.csv", pay(1));
    let mut app = App::start().await.with_sources(&[definition_of(&base, &["/pay_2025.csv"])]);
    app.cx.offline = false;
    ingest(&app.cx, "my-source", &Input::Fetch, noon()).await.unwrap_err();
    let past = ingest(&app.cx, "my-source", &Input::Vintage("2024".into()), noon()).await.unwrap_err();
    let IngestError::Files(several) = &past else { panic!("{past:?}") };
    assert_eq!((several.failed.len(), several.others.loaded), (1, 2), "{past}");
    publisher.send("/cities_2024.csv", pay(1));
    let past = ingest(&app.cx, "my-source", &Input::Vintage("2024".into()), noon()).await.unwrap();
    assert_eq!(past.outcome, Outcome::Published);
    let source = told(&app, "my-source").await;
    let error = "the publisher answered with status 404 (status)";
    assert_eq!((&source["freshness"], &source["lastError"]), (&"DUE".into(), &error.into()));
}

#[tokio::test]
async fn a_file_given_by_hand_is_a_look_where_it_is_the_newest_release() {
    let mut app = App::start().await;
    let table = made::national(&app.codes(Classification::Soc2018).await);
    let mut source = app.cx.registry.get("bls-oews").unwrap().clone();
    source.layout.iter_mut().for_each(|layout| layout.canary.clear());
    app.cx.registry = Registry::from_iter([source]).into();
    app.cx.offline = false;
    // The publisher wants to know who asks, and nobody is named.
    ingest(&app.cx, "bls-oews", &Input::Fetch, noon()).await.unwrap_err();
    let of = |name: &str| table.replace(",1.5,", &format!(",{}.5,", &name[17..18]));
    for (name, freshness, failed) in [
        ("oews_national_2023.csv", "STALE", true),
        ("oews_national_2025.csv", "FRESH", false),
        ("oews_national_2024.csv", "FRESH", false),
    ] {
        let report = app.take("bls-oews", name, of(name).as_bytes()).await.unwrap();
        assert_eq!(report.outcome, Outcome::Published, "{name}");
        let source = told(&app, "bls-oews").await;
        assert_eq!(
            (&source["freshness"], source["lastError"].is_null()),
            (&freshness.into(), !failed),
            "{name}"
        );
    }
    ingest(&app.cx, "bls-oews", &Input::Fetch, noon()).await.unwrap_err();
    for (name, failed) in [("oews_national_2024.csv", true), ("oews_national_2025.csv", false)] {
        app.take("bls-oews", name, of(name).as_bytes()).await.unwrap();
        assert_eq!(told(&app, "bls-oews").await["lastError"].is_null(), !failed, "{name} a second time");
    }
}

#[tokio::test]
async fn a_newer_period_that_is_held_makes_its_source_due_and_a_person_makes_it_fresh() {
    let app = App::start().await.with_sources(&[definition_of("http://127.0.0.1:1", &["/pay_2025.csv"])]);
    let half = [&pay(1)[..], b"15-1252,Software Developers,TX,much\n"].concat();
    for (name, table, outcome) in [
        ("pay_2025.csv", &pay(1)[..], Outcome::Published),
        ("pay_2024.csv", &half, Outcome::Held),
        ("pay_2026.csv", &half, Outcome::Held),
    ] {
        assert_eq!(told(&app, "my-source").await["notFresh"], Value::Null, "before {name}");
        let report = app.take("my-source", name, table).await.unwrap();
        assert_eq!(report.outcome, outcome, "{name}: {:?}", report.lines);
    }
    let source = told(&app, "my-source").await;
    let words = "a newer period came on 2026-06-01 and is held";
    assert_eq!((&source["freshness"], &source["notFresh"]), (&"DUE".into(), &words.into()));
    publish_held(&app.cx, "my-source/state/2026/1", noon()).await.unwrap();
    let source = told(&app, "my-source").await;
    assert_eq!((&source["freshness"], &source["notFresh"]), (&"FRESH".into(), &Value::Null));
}

/// Canada's table of 2021 for Ontario came out once, in another hand's export: beside the table of 2025 nothing is missing, and alone
/// it is no look at a publisher who has published since.
#[tokio::test]
async fn a_table_that_came_out_once_does_not_make_its_source_stale() {
    let of = |name: &str| shared("job-bank").into_iter().find(|path| path.ends_with(name));
    let names = ["job_bank_wages_2021_ontario_annualised.csv", "job_bank_wages_2025_FRAGMENT.csv"];
    let [Some(once), Some(yearly)] = names.map(of) else { return };
    let app = App::start().await;
    app.refresh("job-bank", &once, None).await.unwrap();
    assert_eq!(told(&app, "job-bank").await["freshness"], "DUE");
    app.refresh("job-bank", &yearly, None).await.unwrap();
    assert_eq!(told(&app, "job-bank").await["freshness"], "FRESH");
    app.refresh("job-bank", &once, None).await.unwrap();
    assert_eq!(told(&app, "job-bank").await["freshness"], "FRESH");
}

#[tokio::test]
async fn an_address_that_leads_elsewhere_is_asked_with_the_tag_of_what_came() {
    let (publisher, base) = Publisher::start().await;
    publisher.send("/pay_2025.csv", pay(1));
    let mut app = App::start().await.with_sources(&[definition_of(&base, &["/latest"])]);
    app.cx.offline = false;
    for outcome in [Outcome::Published, Outcome::Unchanged] {
        let report = ingest(&app.cx, "my-source", &Input::Fetch, noon()).await.unwrap();
        assert_eq!(report.outcome, outcome, "{:?}", report.lines);
    }
    let tag = format!("\"pay_2025.csv-{}\"", pay(1).len());
    let asked = publisher.asked();
    assert_eq!(asked[1], ("/pay_2025.csv".to_owned(), None));
    assert_eq!(asked[3], ("/pay_2025.csv".to_owned(), Some(tag)));
    let kept = artifact::Entity::find().all(&app.cx.db).await.unwrap();
    let kept: Vec<_> = kept.iter().map(|file| (file.url.as_str(), file.file_name.as_str())).collect();
    assert_eq!(kept, [(format!("{base}/latest").as_str(), "pay_2025.csv")]);
}

#[tokio::test]
async fn a_file_is_called_by_the_first_name_that_a_layout_knows() {
    // What the publisher calls it, the address that was asked, and that of the last redirect.
    for (address, behind) in
        [("/download", "/blob/named"), ("/moved/pay_2025.csv", "/blob/6f3c2a"), ("/latest", "/pay_2025.csv")]
    {
        let (publisher, base) = Publisher::start().await;
        publisher.send(behind, pay(1));
        let mut app = App::start().await.with_sources(&[definition_of(&base, &[address])]);
        app.cx.offline = false;
        let report = ingest(&app.cx, "my-source", &Input::Fetch, noon()).await;
        let report = report.unwrap_or_else(|error| panic!("{address}: {error:?}"));
        assert_eq!(report.outcome, Outcome::Published, "{address}: {:?}", report.lines);
        let kept = artifact::Entity::find().all(&app.cx.db).await.unwrap();
        let kept: Vec<_> = kept.iter().map(|file| (file.url.as_str(), file.file_name.as_str())).collect();
        assert_eq!(kept, [(format!("{base}{address}").as_str(), "pay_2025.csv")]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_does_not_wait_for_a_publisher_who_asks_for_a_day() {
    let (publisher, base) = Publisher::start().await;
    let world = TempDir::new().unwrap();
    fs::create_dir(world.path().join("sources")).unwrap();
    fs::write(world.path().join("sources/my.toml"), definition_of(&base, &["/busy.csv"])).unwrap();
    for time in ["first", "second"] {
        let folder = world.path().to_owned();
        let arguments = ["--sources", "sources", "refresh", "my-source", "--no-starter"];
        let run = tokio::task::spawn_blocking(move || rolecast(&folder, &arguments)).await.unwrap();
        let said = text(&run.stderr);
        assert!(!run.status.success(), "{time}: {said}");
        assert!(said.contains("status 503") && said.contains("try again after 20"), "{time}: {said}");
    }
    // The host is left alone until then.
    assert_eq!(publisher.asked().len(), 1);
}
