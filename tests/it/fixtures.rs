//! Each source's fixture, oddities included, against what it was read as when a person last looked.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use entity::{Cell, Classification, FigureKind};
use jobs::{
    decode::{Limits, decode},
    definition::{Reader, Registry, Source},
    normalize::{Made, Normalizer, Release, Subject, read_handbook, read_observations, read_page},
    pipeline::Outcome,
};

use crate::{
    app::{App, noon},
    made,
    schema::same_as_file,
};

fn files(source: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(source);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.is_file() && path.file_name().is_none_or(|name| name != "expected.txt"));
    files.sort();
    files
}

/// The name and bytes that are read: some tables are workbooks, and one is dBASE.
pub(crate) fn as_published(source: &str, path: &Path) -> (String, Vec<u8>) {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let bytes = fs::read(path).unwrap();
    let stem = name.trim_end_matches(".csv");
    let sheet = match source {
        "ons-ashe" => "All",
        "us-cbsa" => "List 1",
        "nuts" => "NUTS &amp; SR 2021",
        "bls-oews" if stem.starts_with("MSA") || stem.starts_with("BOS") => stem,
        "ca-economic-regions" => return (format!("{stem}.dbf"), made::dbase(&made::records(&bytes))),
        _ => return (name, bytes),
    };
    (format!("{stem}.xlsx"), made::workbook(sheet, &made::rows(&made::records(&bytes))))
}

/// A release as lines a person can compare with the fixture.
fn lines(release: &Release, text: &mut String) {
    writeln!(text, "release {} {} from {} to {}", release.dataset, release.label, release.start, release.end)
        .unwrap();
    let total = release.total();
    writeln!(
        text,
        "  read {}, loaded {}, rejected {}, skipped {:?}",
        total.read, total.loaded, total.rejected, total.skips
    )
    .unwrap();
    let of = |subject: Subject| match subject {
        Subject::Occupation(index) => {
            let printed = &release.occupations[index];
            format!("{} {} {}", printed.classification.as_str(), printed.code, printed.level.as_str())
        }
        Subject::Role => "the role".to_owned(),
    };
    for place in &release.places {
        let (kind, around) = (place.kind.as_str(), place.parent.as_deref().unwrap_or("no other"));
        let (names, vintage) = (place.names.join(" = "), place.vintage.as_deref().unwrap_or("no vintage"));
        writeln!(text, "  {kind} {} in {around}, {}, {vintage}: {names}", place.code, place.currency)
            .unwrap();
    }
    for band in &release.bands {
        let (region, row) = (&release.regions[band.region], band.position.row);
        write!(text, "  band row {row}: {}, {region}, {}", of(band.subject), band.period.as_str()).unwrap();
        if let Some(stated) = band.stated {
            write!(text, " of {}", release.stated[stated].label).unwrap();
        }
        if let Some(records) = band.sample_size {
            let experience = band.segment.experience.as_str();
            write!(text, ", {}, {experience}, {records} records", band.currency).unwrap();
        }
        for cell in Cell::ALL {
            match (band.marks.get(cell), band.cell(cell)) {
                (FigureKind::NotPublished, None) => {}
                (kind, None) => write!(text, " {cell:?}={kind:?}").unwrap(),
                (FigureKind::Exact, Some(amount)) => write!(text, " {cell:?}={amount}").unwrap(),
                (kind, Some(amount)) => write!(text, " {cell:?}={amount} {kind:?}").unwrap(),
            }
        }
        text.push('\n');
    }
    for row in &release.projections {
        let counts = row.counts;
        writeln!(
            text,
            "  projection row {}: {} {counts:?} percent/1000 {:?}{}",
            row.position.row,
            of(row.subject),
            row.change_percent,
            row.published_category.as_ref().map(|words| format!(" {words:?}")).unwrap_or_default()
        )
        .unwrap();
    }
    for row in &release.requirements {
        writeln!(
            text,
            "  requirement: {} {:?} {:?} {:?}",
            of(row.subject),
            row.education,
            row.experience,
            row.training
        )
        .unwrap();
    }
    for (index, fact) in &release.facts {
        writeln!(
            text,
            "  {} {:?}: {fact:?}",
            of(Subject::Occupation(*index)),
            release.occupations[*index].title
        )
        .unwrap();
    }
    for row in &release.series.rates {
        writeln!(text, "  {} {}: {} over {} days", row.currency, row.month, row.total, row.days).unwrap();
    }
    for row in &release.series.indexes {
        writeln!(text, "  {} {} {}: {:?}", release.regions[row.region], row.series, row.month, row.value)
            .unwrap();
    }
    for row in &release.series.parities {
        let (region, measure) = (&release.regions[row.region], row.measure.as_str());
        writeln!(text, "  {region} {measure} {}: {:?}", row.year, row.value).unwrap();
    }
    for reject in &release.rejects {
        writeln!(text, "  reject {}: {} ({})", reject.locator, reject.message, reject.code).unwrap();
    }
}

#[test]
fn every_fixture_is_read_as_before() {
    let registry = Registry::built_in().unwrap();
    let series = ["ecb-rates", "us-cpi", "fred-eci", "world-bank-ppp", "bea-rpp"];
    let tables = ["bls-oews", "bls-ep", "ons-ashe", "onet", "esco", "noc", "job-bank", "projections-central"];
    let more =
        ["cops", "bc-lmo", "oews-state-ny", "indeed-tracker", "bls-ooh", "manual", "adzuna", "career-page"];
    let records = ["oflc-h2b", "oflc-lca", "ai-jobs", "ai-jobs-reported", "stack-overflow"];
    let answers = ["bls-api", "ilostat", "oecd-earnings", "eurostat-ses", "ine-pt", "ine-es"];
    let regions = ["iso-3166", "us-cbsa", "ca-economic-regions", "nuts"];
    let later = ["onet/31.0"];
    for source in
        tables.into_iter().chain(later).chain(regions).chain(more).chain(series).chain(records).chain(answers)
    {
        let mut text = String::new();
        for path in files(source) {
            let (name, bytes) = as_published(source, &path);
            writeln!(text, "{name}").unwrap();
            let key = source.split('/').next().unwrap();
            for release in read(registry.get(key).unwrap(), &name, &bytes) {
                let total = release.total();
                assert_eq!(total.read, total.loaded + total.rejected + total.skipped(), "{name}");
                lines(&release, &mut text);
            }
        }
        same_as_file(&format!("tests/fixtures/{source}/expected.txt"), &text);
    }
}

/// The releases of a file, by the reader its source names.
pub(crate) fn read(source: &Source, name: &str, bytes: &[u8]) -> Vec<Release> {
    match source.reader {
        Reader::Handbook => vec![read_handbook(name, bytes).unwrap()],
        Reader::Observations => read_observations(source, name, &bytes.to_vec().into(), noon()).unwrap(),
        Reader::Page => vec![read_page(source, name, bytes, None, noon().date_naive()).unwrap()],
        Reader::Tables => {
            let label = match source.key.as_str() {
                "onet" => Some("29.0"),
                "oews-state-ny" => Some("2024"),
                _ => None,
            };
            let mut normalizer = Normalizer::new(source, label);
            normalizer.begin(0, name, Made::default());
            decode(name, &bytes.to_vec().into(), &Limits::default(), &mut normalizer).unwrap();
            normalizer.end();
            normalizer.finish().unwrap()
        }
    }
}

/// The publisher calls the newest workbook `occupation.xlsx`, whatever its period.
#[tokio::test]
async fn a_file_without_a_period_in_its_name_tells_it_in_its_title() {
    let app = App::start().await;
    let header = [
        "2024 National Employment Matrix title",
        "2024 National Employment Matrix code",
        "Occupation type",
        "Employment, 2024",
        "Employment, 2034",
        "Employment change, percent, 2024–34",
    ];
    let row = ["Software developers", "15-1252", "Line item", "1693.8", "1961.4", "15.8"];
    let title = ["Table 1.2 Occupational projections, 2024–34, and worker characteristics, 2024"];
    let mut rows = String::new();
    for (number, cells) in (1..).zip([&title[..], &header, &row]) {
        write!(rows, r#"<row r="{number}">"#).unwrap();
        for (column, cell) in ('A'..='Z').zip(cells) {
            write!(rows, r#"<c r="{column}{number}" t="inlineStr"><is><t>{cell}</t></is></c>"#).unwrap();
        }
        rows.push_str("</row>");
    }
    let report = app.take("bls-ep", "occupation.xlsx", &made::workbook("Table 1.2", &rows)).await.unwrap();
    assert_eq!((report.read, report.loaded), (1, 1), "{:?}", report.lines);
    assert!(report.lines.iter().any(|line| line.starts_with("national 2024-34")), "{:?}", report.lines);
    let silent = app.take("bls-ep", "occupation.xlsx", &made::workbook("Table 1.2", "")).await.unwrap_err();
    assert!(silent.to_string().contains("occupation.xlsx"));
}

/// The publisher's archive names its version; a release that the calendar lacks has the day its files bear.
#[tokio::test]
async fn an_archive_tells_its_version_and_its_day() {
    let app = App::start().await;
    app.take("onet", "db_29_1_text.zip", &version("db_29_1_text", files("onet"))).await.unwrap();
    let told = app
        .ask(r#"{ source(key: "onet") { releases { nodes { label publishedAt publishedAtEstimated reference { end } } } } }"#)
        .await;
    let releases = told["source"]["releases"]["nodes"].as_array().unwrap();
    assert_eq!(releases.len(), files("onet").len());
    for release in releases {
        assert_eq!(release["label"], "29.1");
        assert_eq!(release["publishedAt"], "2024-12-03");
        assert_eq!(release["publishedAtEstimated"], true);
        assert_eq!(release["reference"]["end"], "2024-12-03");
    }
}

/// An archive of O*NET's files as it was made in December 2024.
fn version(folder: &str, files: Vec<PathBuf>) -> Vec<u8> {
    let day = zip::DateTime::from_date_and_time(2024, 12, 3, 9, 0, 0).unwrap();
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for path in files {
        let name = format!("{folder}/{}", path.file_name().unwrap().to_string_lossy());
        let options = zip::write::SimpleFileOptions::default().last_modified_time(day);
        archive.start_file(name, options).unwrap();
        std::io::Write::write_all(&mut archive, &fs::read(path).unwrap()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// Skills stand in two files from version 30 on, and are one release, whether they come in the archive or one by one.
#[tokio::test]
async fn essential_and_transferable_skills_are_one_release() {
    let later = files("onet/31.0");
    let archive = version("db_31_0_text", later.clone());
    // Files by themselves do not say when their version came out: a definition of one's own does.
    let definition = Path::new(env!("CARGO_MANIFEST_DIR")).join("jobs/sources/onet.toml");
    let dated = fs::read_to_string(definition)
        .unwrap()
        .replace("[calendar]\n", "[calendar]\n\"31.0\" = \"2024-12-03\"\n");
    let (whole, apart) = (App::start().await, App::start().await.with_sources(&[dated]));
    let report = whole.take("onet", "db_31_0_text.zip", &archive).await.unwrap();
    assert_eq!((report.rejected, report.outcome), (0, Outcome::Published), "{:?}", report.lines);
    for path in later.iter().filter(|path| path.to_string_lossy().ends_with("Skills.txt")) {
        apart.refresh("onet", path, Some("31.0")).await.unwrap();
    }
    for app in [whole, apart] {
        let told = app
            .ask(
                r#"{ role(by: { code: { classification: SOC_2018, code: "15-1252" } }) { skills { name kind importance level } }
                source(key: "onet") { currentReleases { dataset label rowsLoaded rowsSkipped } } }"#,
            )
            .await;
        let skills = serde_json::json!([
            { "name": "Programming", "kind": "SKILL", "importance": 4, "level": null },
            { "name": "Reading Comprehension", "kind": "SKILL", "importance": 3.88, "level": 4 },
            { "name": "WidgetScript", "kind": "TECHNOLOGY", "importance": null, "level": null },
        ]);
        assert_eq!(told["role"]["skills"], skills);
        let releases = told["source"]["currentReleases"].as_array().unwrap();
        let both =
            serde_json::json!({ "dataset": "skills", "label": "31.0", "rowsLoaded": 3, "rowsSkipped": 1 });
        assert!(releases.contains(&both), "{releases:?}");
    }
}

/// The tables of 2021 came out twice: by the codes of 2010, and a year later by those of 2020.
#[test]
fn a_table_is_of_the_classification_its_name_says() {
    let registry = Registry::built_in().unwrap();
    let row = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>Description</t></is></c><c r="B1" t="inlineStr"><is><t>Code</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>Programmers</t></is></c><c r="B2" t="inlineStr"><is><t>2134</t></is></c></row>"#;
    let book = made::workbook("All", row).into();
    for (soc, year, is) in [
        ("SOC10 ", 2021, Classification::UkSoc2010),
        ("SOC20 ", 2021, Classification::UkSoc2020),
        ("", 2020, Classification::UkSoc2010),
        ("SOC20 ", 2024, Classification::UkSoc2020),
    ] {
        let name = format!("REV - Occupation {soc}(4) Table 14.7a   Annual pay - Gross {year}.xlsx");
        let mut normalizer = Normalizer::new(registry.get("ons-ashe").unwrap(), None);
        normalizer.begin(0, &name, Made::default());
        decode(&name, &book, &Limits::default(), &mut normalizer).unwrap();
        normalizer.end();
        let releases = normalizer.finish().unwrap();
        assert_eq!(releases[0].occupations[0].classification, is, "{name}");
    }
}

/// Publishers rename files from year to year, and people name those they took out of an archive.
#[test]
fn a_file_is_known_by_every_name_it_has_had() {
    let registry = Registry::built_in().unwrap();
    for (source, name) in [
        ("job-bank", "2a71-das-wage2025opendata-esdc-all-19nov2025-vf.csv"),
        ("oflc-h2b", "H-2B_Disclosure_Data_FY2025_Q4.xlsx"),
        ("oflc-h2b", "H-2B_Disclosure_FY2024_Q4.xlsx"),
        ("oflc-h2b", "H2B_Disclosure_Data_FY2020.xlsx"),
        ("oflc-h2b", "H-2B_Disclosure_Data_FY2018_EOY.xlsx"),
        ("oflc-lca", "LCA_Dislclosure_Data_FY2026_Q2.xlsx"),
        ("ons-ashe", "PROV - Occupation SOC20 (4) Table 14.7a   Annual pay - Gross 2025.xlsx"),
        ("stack-overflow", "stackoverflow_2025_survey_results_public.csv"),
        ("stack-overflow", "stack-overflow-developer-survey-2024.zip/survey_results_public.csv"),
    ] {
        let layouts = &registry.get(source).unwrap().layout;
        assert!(layouts.iter().any(|layout| layout.file().is_match(name)), "{source}: {name}");
    }
}
