//! The source that CONTRIBUTING.md walks through, as its reader writes it: no code knows of it.

use std::{fs, path::Path};

use serde_json::Value;
use tempfile::TempDir;

use crate::cli::{rolecast, text};

/// The first fenced block of CONTRIBUTING.md in `language`, without the indent it stands in.
fn block(language: &str) -> String {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("CONTRIBUTING.md")).unwrap();
    let (_, rest) = page.split_once(&format!("```{language}\n")).expect("such a block");
    let (block, _) = rest.split_once("```").expect("the block ends");
    let indent = block.len() - block.trim_start_matches(' ').len();
    block.lines().map(|line| line.get(indent..).unwrap_or_default().to_owned() + "\n").collect()
}

#[test]
fn the_source_of_the_walkthrough_is_read_as_it_says() {
    let world = TempDir::new().unwrap();
    let definition = block("toml");
    assert!(definition.lines().count() < 40, "the definition is short");
    fs::create_dir(world.path().join("sources")).unwrap();
    fs::write(world.path().join("sources/my-source.toml"), &definition).unwrap();
    fs::write(world.path().join("pay_2025.csv"), block("csv")).unwrap();
    let check = ["sources", "check", "sources/my-source.toml", "--sample", "pay_2025.csv"];
    let seen = rolecast(world.path(), &check);
    let said = text(&seen.stdout);
    assert!(seen.status.success(), "{said} {}", text(&seen.stderr));
    assert!(said.contains("SOC_2018 15-1252 Software Developers, US-CA, USD a YEAR: p10 95000.00"), "{said}");
    assert!(said.contains("p90  Suppressed") && said.contains("unused columns: source"), "{said}");

    let refresh = ["--sources", "sources", "refresh", "my-source", "--from", "pay_2025.csv", "--no-starter"];
    let taken = rolecast(world.path(), &refresh);
    let said = text(&taken.stdout);
    assert!(taken.status.success(), "{said} {}", text(&taken.stderr));
    assert_eq!(said.lines().last(), Some("read 3, loaded 3, rejected 0, skipped 0"));
    let question = "{ salaryBands(filter: { regions: [\"US-CA\"] }) { nodes { median { amount } p90 { kind } provenance { source { key } locator } } } }";
    let answer = rolecast(world.path(), &["--sources", "sources", "query", question]);
    let answer: Value = serde_json::from_slice(&answer.stdout).unwrap();
    let band = &answer["data"]["salaryBands"]["nodes"][0];
    assert_eq!((&band["median"]["amount"], &band["p90"]["kind"]), (&171_000.into(), &"SUPPRESSED".into()));
    assert_eq!(band["provenance"]["source"]["key"], "my-source");
    assert_eq!(band["provenance"]["locator"], "pay_2025.csv, row 2");
}

#[test]
fn mistakes_and_samples_that_cannot_be_believed_end_with_one() {
    let world = TempDir::new().unwrap();
    let good = block("toml");
    let check = |definition: &str, table: &str| {
        fs::write(world.path().join("my.toml"), definition).unwrap();
        fs::write(world.path().join("pay_2025.csv"), table).unwrap();
        let output = rolecast(world.path(), &["sources", "check", "my.toml", "--sample", "pay_2025.csv"]);
        assert_eq!(output.status.code(), Some(1));
        text(&output.stdout) + &text(&output.stderr)
    };
    let wrong = good.replace("SOC_2018", "SOC_1492").replace("0 0 12 * * Mon", "weekly");
    let said = check(&wrong, "");
    assert!(said.contains("my.toml:9: `weekly`") && said.contains("SOC_1492"), "{said}");
    let said = check(&good, "code,title,state,jobs,p10,p90\n15-1252,Developers,CA,1,2,3\n");
    assert!(said.contains("check columns fails: median"), "{said}");
    let said = check(&good, "code,title,state,jobs,p10,median,p90\n15.1252,Developers,CA,1,2,3,4\n");
    assert!(said.contains("rejected pay_2025.csv, row 2") && said.contains("malformed-code"), "{said}");
}
