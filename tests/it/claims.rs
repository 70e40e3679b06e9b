//! Claims of pasted texts against the figures that ship, and what changed between releases.

use std::{fs, path::Path};

use rolecast::graphql::Schema;
use serde_json::Value;

use crate::app::{App, ask};

pub(crate) async fn checked(schema: &Schema, text: &str) -> Vec<Value> {
    let document = format!(
        "{{ checkClaims(text: {}) {{ claim verdict asMade now explanation band {{ method median {{ text }} mean {{ text }} }} projection {{ method changePercent baseYear }} }} }}",
        Value::from(text)
    );
    ask(schema, &document).await["checkClaims"].as_array().unwrap().clone()
}

pub(crate) fn verdicts(check: &Value) -> (&str, &str, &str) {
    let word = |name: &str| check[name].as_str().unwrap();
    (word("verdict"), word("asMade"), word("now"))
}

const SEED: &str = "Back End Developer

Last Updated:
July 19, 2023

Salary Range

As a Back End Developer in the Software Engineering industry in the United States, you can expect a salary range of $72,000 to $146,000 per year, with an average of $100,000 per year. For example, a Back End Developer in San Francisco can expect to earn an average of $122,000 per year while in New York, the average salary is lower at $110,000 per year.

In Canada, the salary range is CAD 60,000 to CAD 120,000 per year, with an average of CAD 85,000 per year. In the United Kingdom, the range is £35,000 to £85,000 per year, with an average of £55,000 per year.

Career Outlook

According to the Bureau of Labor Statistics, the employment of software developers is projected to grow 21 percent from 2019 to 2029, which is much faster than the average for all occupations.
";

#[tokio::test]
async fn every_figure_of_a_page_has_a_verdict_and_pages_are_no_evidence() {
    let schema = App::start().await.with_starter().await.schema().await;
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/seed/back-end-developer.txt");
    let page = fs::read_to_string(page).unwrap_or_else(|_| SEED.to_owned());
    let checks = checked(&schema, &page).await;
    let has = |text: &str| {
        let found = checks.iter().find(|check| check["claim"].as_str().unwrap().starts_with(text));
        found.unwrap_or_else(|| panic!("{text} in {checks:#?}"))
    };
    for claim in [
        "range $72,000 to $146,000",
        "average $100,000",
        "average $122,000",
        "average $110,000",
        "range £35,000 to £85,000",
        "average £55,000",
    ] {
        has(claim);
    }
    for abroad in ["range CAD 60,000 to CAD 120,000", "average CAD 85,000"] {
        let check = has(abroad);
        assert_eq!(check["verdict"], "NOT_CHECKABLE", "{check}");
        assert!(check["explanation"].as_str().unwrap().contains("no official figure"), "{check}");
    }
    let growth = has("21%");
    assert_eq!(verdicts(growth), ("WRONG_ROUNDING", "WRONG_ROUNDING", "STALE"), "{growth}");
    let why = growth["explanation"].as_str().unwrap();
    assert!(["21.5%", "rounds to 22%", "15.8%"].iter().all(|part| why.contains(part)), "{why}");
    assert_eq!(
        (&growth["projection"]["changePercent"], &growth["projection"]["baseYear"]),
        (&21.5.into(), &2019.into())
    );
    has("much faster than the average");
    assert_eq!(checks.len(), 10, "{checks:#?}");
    for side in ["band", "projection"] {
        assert!(checks.iter().all(|check| check[side]["method"] != "EDITORIAL"), "{checks:#?}");
    }
    let average = has("average $100,000");
    assert_eq!(
        (&average["now"], &average["band"]["mean"].is_null()),
        (&"CONTRADICTED".into(), &false),
        "{average}"
    );
    assert_eq!(has("average $122,000")["verdict"], "NOT_CHECKABLE");
    of_one_sentence(&schema).await;
    of_sentences_as_people_write_them(&schema).await;
    of_a_neighbour(&schema).await;
    of_limits_and_denials(&schema).await;
    differences(&schema).await;
}

/// The published national figure of a role.
pub(crate) async fn figure(schema: &Schema, slug: &str, period: &str, cell: &str) -> f64 {
    figure_in(schema, "US", slug, period, cell).await
}

pub(crate) async fn figure_in(schema: &Schema, region: &str, slug: &str, period: &str, cell: &str) -> f64 {
    let document = format!(
        "{{ role(by: {{ slug: \"{slug}\" }}) {{ salaryBands(filter: {{ regions: [\"{region}\"], period: {period}, sources: [\"bls-oews\"], classification: SOC_2018 }}) {{ nodes {{ {cell} {{ amount }} }} }} }} }}"
    );
    let answer = ask(schema, &document).await;
    answer["role"]["salaryBands"]["nodes"][0][cell]["amount"].as_f64().unwrap()
}

async fn of_sentences_as_people_write_them(schema: &Schema) {
    let nurses = figure(schema, "registered-nurses", "YEAR", "median").await;
    let developers = figure(schema, "software-developers", "YEAR", "median").await;
    let mean = figure(schema, "software-developers", "YEAR", "mean").await;
    let hourly = figure(schema, "registered-nurses", "HOUR", "mean").await;
    let sentences: [(String, &[&str], &str); 10] = [
        (
            format!(
                "Registered nurses earn a median of ${nurses} per year, while software developers earn a median of ${developers} per year."
            ),
            &["SUPPORTED", "SUPPORTED"],
            "Software Developers",
        ),
        (
            format!("The average pay of software engineers is ${mean} a year."),
            &["SUPPORTED"],
            "Software Developers",
        ),
        (
            format!("The average wage of registered nurses is ${hourly} per hour."),
            &["SUPPORTED"],
            "Registered Nurses",
        ),
        ("Software developers in London earn a salary of £45k–£60k.".into(), &["NOT_CHECKABLE"], "London"),
        (
            "Software developers in NYC earn an average of $150,000 a year.".into(),
            &["NOT_CHECKABLE"],
            "New York",
        ),
        (
            "Software developers make between $80,000 and $170,000 a year.".into(),
            &["SUPPORTED"],
            "90th percentile",
        ),
        (
            "Jobs for software developers will grow 15.8% over the next decade.".into(),
            &["SUPPORTED"],
            "15.8%",
        ),
        (
            "Employment of software developers is expected to grow much faster than average.".into(),
            &["SUPPORTED"],
            "much faster than average",
        ),
        ("Employment of cashiers is projected to decline.".into(), &["SUPPORTED"], "decline"),
        (
            "Software developers will grow 9 percent from 2024 to 2034, faster than average.".into(),
            &["CONTRADICTED", "CONTRADICTED"],
            "15.8%",
        ),
    ];
    for (sentence, verdicts, why) in sentences {
        expect(schema, &sentence, verdicts, why).await;
    }
    let dated =
        checked(schema, "In May 2024, the median annual wage for software developers was $133,080.").await;
    assert_eq!(dated[0]["asMade"], "SUPPORTED", "{dated:?}");
    assert_eq!(
        dated[0]["now"],
        if (developers - 133_080.0).abs() < 0.5 { "SUPPORTED" } else { "STALE" },
        "{dated:?}"
    );
}

async fn of_a_neighbour(schema: &Schema) {
    let testers = figure(schema, "software-quality-assurance-analysts-and-testers", "YEAR", "median").await;
    let wrong = format!("Software developers earn a median of ${testers} a year.");
    let wrong = checked(schema, &wrong).await;
    assert_eq!(wrong[0]["verdict"], "WRONG_OCCUPATION", "{wrong:?}");
    let why = wrong[0]["explanation"].as_str().unwrap();
    assert!(why.contains("is that of Software Quality Assurance Analysts and Testers"), "{why}");
}

async fn of_limits_and_denials(schema: &Schema) {
    let median = figure(schema, "software-developers", "YEAR", "median").await;
    let hourly = figure(schema, "software-developers", "HOUR", "median").await;
    let (less, more) = (median - 1.0, median + 1.0);
    let sentences: [(String, &[&str], &str); 9] = [
        (
            format!("The median annual wage for software developers is more than ${less}."),
            &["SUPPORTED"],
            "has a median of",
        ),
        (
            format!("The median annual wage for software developers is over ${more}."),
            &["CONTRADICTED"],
            "has a median of",
        ),
        (
            format!("The median annual wage for software developers is at least ${median}."),
            &["SUPPORTED"],
            "has a median of",
        ),
        (
            format!("Software developers earn less than ${median} a year at the median."),
            &["CONTRADICTED"],
            "has a median of",
        ),
        (
            format!("The median pay for software developers was **not** ${median} a year."),
            &["NOT_CHECKABLE"],
            "says that it is not so",
        ),
        (
            format!("Median pay for software developers: ${median} per year (${hourly} per hour)"),
            &["SUPPORTED", "SUPPORTED"],
            "has a median of",
        ),
        (
            format!(
                "Software developers earn a median of ${median} a year, compared with $49,500 for all occupations."
            ),
            &["SUPPORTED", "NOT_CHECKABLE"],
            "no known occupation",
        ),
        (
            "Employment of software developers will grow more than 15 percent from 2024 to 2034.".into(),
            &["SUPPORTED"],
            "15.8%",
        ),
        ("Employment of cashiers is not projected to decline.".into(), &["NOT_CHECKABLE"], "is not so"),
    ];
    for (sentence, verdicts, why) in sentences {
        expect(schema, &sentence, verdicts, why).await;
    }
    let average = checked(schema, "The average pay of software developers is more than $9 a year.").await;
    let (claim, why) = (&average[0]["claim"], average[0]["explanation"].as_str().unwrap());
    assert!(claim.as_str().unwrap().starts_with("average more than $9"), "{claim}");
    assert!(why.contains("has an average of"), "{why}");
}

/// Expects the verdicts of a sentence, and words in the last explanation.
pub(crate) async fn expect(schema: &Schema, sentence: &str, verdicts: &[&str], why: &str) {
    let checks = checked(schema, sentence).await;
    let found: Vec<&str> = checks.iter().map(|check| check["verdict"].as_str().unwrap()).collect();
    assert_eq!(found, verdicts, "{sentence}: {checks:#?}");
    let last = checks.last().unwrap()["explanation"].as_str().unwrap();
    assert!(last.contains(why), "{sentence}: {last}");
}

async fn of_one_sentence(schema: &Schema) {
    let bare = checked(schema, "21 percent from 2019 to 2029").await;
    assert_eq!(bare.len(), 1);
    assert_eq!(bare[0]["verdict"], "NOT_CHECKABLE", "{bare:?}");
    let known = checked(
        schema,
        "Employment of software developers is projected to grow 15.8 percent from 2024 to 2034.",
    )
    .await;
    assert_eq!(verdicts(&known[0]), ("SUPPORTED", "SUPPORTED", "SUPPORTED"), "{known:?}");
    let rounded = checked(schema, "Software developers will grow 22 percent from 2019 to 2029.").await;
    assert_eq!(verdicts(&rounded[0]), ("STALE", "SUPPORTED", "STALE"), "{rounded:?}");
    let wrong = checked(schema, "Software developers will grow 40 percent from 2024 to 2034.").await;
    assert_eq!(wrong[0]["verdict"], "CONTRADICTED", "{wrong:?}");
    let national =
        ask(schema, r#"{ role(by: { slug: "registered-nurses" }) { salary { median { amount } } } }"#).await;
    let median = national["role"]["salary"]["median"]["amount"].as_i64().unwrap();
    let exact = format!("The median salary of registered nurses in the United States is ${median} per year.");
    let exact = checked(schema, &exact).await;
    assert_eq!(exact[0]["verdict"], "SUPPORTED", "{exact:?}");
    assert!(checked(schema, "Nothing is said here.").await.is_empty());
}

async fn differences(schema: &Schema) {
    let cycles =
        ask(schema, r#"{ source(key: "bls-ep") { releases { nodes { id label dataset } } } }"#).await;
    let nodes = cycles["source"]["releases"]["nodes"].as_array().unwrap();
    let of = |year: &str| nodes.iter().find(|row| row["label"].as_str().unwrap().starts_with(year)).unwrap();
    let ids = [&of("2019")["id"], &of("2024")["id"]];
    let document = format!(
        "{{ releaseDiff(source: \"bls-ep\", from: {}, to: {}, first: 500) {{ totalCount from {{ label }} pageInfo {{ hasNextPage endCursor }} nodes {{ kind figures {{ name before after }} projectionBefore {{ occupation {{ code }} }} projectionAfter {{ occupation {{ code }} }} successors {{ code }} }} }} }}",
        ids[0], ids[1]
    );
    let diff = &ask(schema, &document).await["releaseDiff"];
    let changes = diff["nodes"].as_array().unwrap();
    assert!(diff["totalCount"].as_u64().unwrap() >= changes.len() as u64 && changes.len() > 400);
    let chiefs = changes.iter().find(|change| {
        change["kind"] == "REVISED" && change["projectionAfter"]["occupation"]["code"] == "11-1011"
    });
    let chiefs = chiefs.expect("chief executives are in both cycles");
    assert_eq!(chiefs["projectionBefore"]["occupation"]["code"], "11-1011");
    let figures = chiefs["figures"].as_array().unwrap();
    assert!(
        figures.iter().any(|figure| figure["name"] == "changePercent" && figure["before"] != figure["after"]),
        "{chiefs}"
    );
    let appeared = changes.iter().find(|change| change["kind"] == "APPEARED").expect("a new code");
    assert!(appeared["projectionBefore"].is_null() && !appeared["projectionAfter"].is_null(), "{appeared}");
    let same = document.replace(&ids[1].to_string(), &ids[0].to_string());
    assert_eq!(ask(schema, &same).await["releaseDiff"]["totalCount"], 0);
}
