//! One role in three countries: what every curated role is looked up as, and what that gives.

use std::{fmt::Write as _, fs, path::Path};

use serde_json::Value;

use crate::{
    app::{App, ask},
    corpus::shared,
    schema::same_as_file,
};

fn slugs() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("jobs/roles");
    let names = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut slugs: Vec<String> =
        names.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    slugs.sort();
    slugs
}

/// Country, what the band is about, and its median; or that there is none.
fn country(code: &str, band: &Value) -> String {
    if band.is_null() {
        return format!("  {code}: nothing\n");
    }
    let of = match (&band["occupation"], &band["role"]) {
        (Value::Null, role) => format!("role {}", role["slug"].as_str().unwrap()),
        (occupation, _) => named(occupation),
    };
    let words = |value: &Value| value.as_str().unwrap_or("itself").to_owned();
    format!(
        "  {code}: {of}, {}, {} {}, median {}\n",
        words(&band["via"]["relation"]),
        words(&band["provenance"]["source"]["key"]),
        words(&band["reference"]["label"]),
        words(&band["median"]["text"])
    )
}

fn named(occupation: &Value) -> String {
    format!("{} {}", occupation["classification"].as_str().unwrap(), occupation["code"].as_str().unwrap())
}

/// Relation and weight of a mapping.
fn mapping(link: &Value) -> String {
    let weight = link["weight"].as_f64().map(|weight| format!(" {weight}")).unwrap_or_default();
    format!("{} {}{weight}", named(&link["occupation"]), link["relation"].as_str().unwrap())
}

fn lines(role: &Value, text: &mut String) {
    writeln!(text, "{}", role["slug"].as_str().unwrap()).unwrap();
    for link in role["occupations"].as_array().unwrap() {
        writeln!(text, "  {}", mapping(link)).unwrap();
        for (name, to) in [("older", "SOC_2010"), ("onet", "ONET_SOC_2019"), ("noc", "NOC_2016")] {
            let links = link["occupation"][name].as_array().into_iter().flatten();
            let found: Vec<String> = links.map(mapping).collect();
            if !found.is_empty() {
                writeln!(text, "    in {to}: {}", found.join(", ")).unwrap();
            }
        }
    }
    for code in ["US", "GB", "CA"] {
        text.push_str(&country(code, &role[code]));
    }
}

#[tokio::test]
async fn every_curated_role_resolves_in_three_countries_as_written_down() {
    let schema = App::start().await.with_starter().await.schema().await;
    let band = "occupation { classification code } role { slug } via { relation } reference { label } median { text } \
                provenance { source { key } }";
    let link = "relation weight occupation { classification code }";
    let mut text = String::new();
    for slug in slugs() {
        let document = format!(
            "{{ role(by: {{ slug: \"{slug}\" }}) {{ slug US: salary(region: \"US\") {{ {band} }} GB: salary(region: \"GB\") {{ {band} }}
            CA: salary(region: \"CA\") {{ {band} }}
            occupations {{ relation weight occupation {{ classification code older: crosswalk(to: SOC_2010) {{ {link} }}
              onet: crosswalk(to: ONET_SOC_2019) {{ {link} }} noc: crosswalk(to: NOC_2016) {{ {link} }} }} }} }} }}"
        );
        lines(&ask(&schema, &document).await["role"], &mut text);
    }
    assert_eq!(text.lines().filter(|line| line.starts_with("  US: ")).count(), slugs().len());
    same_as_file("tests/it/countries.txt", &text);
}

/// Canada's table of 2021 for Ontario goes by the elder classification, so that roles reach it by the crosswalk alone.
#[tokio::test]
async fn every_curated_role_resolves_in_ontario_as_written_down() {
    let app = App::start().await;
    let name = "job_bank_wages_2021_ontario_annualised.csv";
    let Some(table) = shared("job-bank").into_iter().find(|path| path.ends_with(name)) else { return };
    app.refresh("job-bank", &table, None).await.unwrap();
    let schema = app.schema().await;
    let band = "occupation { classification code } role { slug } via { relation } reference { label } median { text } \
                provenance { source { key } } substitution { steps { from to } }";
    let mut text = String::new();
    for slug in slugs() {
        let document = format!(
            "{{ role(by: {{ slug: \"{slug}\" }}) {{ plain: salary(region: \"CA-ON\") {{ occupation {{ code }} }}
            salary(region: \"CA-ON\", fallback: [CROSSWALK]) {{ {band} }} }} }}"
        );
        let role = ask(&schema, &document).await["role"].clone();
        assert_eq!(role["plain"], Value::Null, "{slug}");
        let steps = role["salary"]["substitution"]["steps"].as_array().into_iter().flatten();
        let steps = steps
            .map(|step| format!("  {} > {}\n", step["from"].as_str().unwrap(), step["to"].as_str().unwrap()));
        write!(text, "{slug}\n{}{}", steps.collect::<String>(), country("CA-ON", &role["salary"])).unwrap();
    }
    same_as_file("tests/it/ontario.txt", &text);
}
