//! What clients see of the schema, and what a query costs the database.

use std::{env, fs, path::Path, sync::atomic::Ordering};

use rolecast::graphql;

use crate::app::{App, ask};

/// The documents in the tabs of GraphiQL, in their order.
pub(crate) fn examples() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("web/src/examples");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let named = files.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned());
    named.zip(files.iter().map(|path| fs::read_to_string(path).unwrap())).collect()
}

/// Compares `text` with the file that ships, or writes it when `ROLECAST_UPDATE` is set.
pub(crate) fn same_as_file(path: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if env::var_os("ROLECAST_UPDATE").is_some() {
        fs::write(&path, text).unwrap();
    }
    let known = fs::read_to_string(&path).unwrap_or_default();
    assert!(known == text, "{} is not what is served: run the test with ROLECAST_UPDATE=1", path.display());
}

#[test]
fn the_committed_schema_is_the_served_one() {
    same_as_file("schema.graphql", &format!("{}\n", graphql::sdl().trim_end()));
}

#[tokio::test]
async fn current_figures_need_no_statement() {
    let app = App::start().await.with_starter().await;
    let (schema, statements) = app.counted().await;
    let cost = async |document: &str| {
        statements.store(0, Ordering::Relaxed);
        ask(&schema, document).await;
        statements.load(Ordering::Relaxed)
    };
    let current = "{ salaryBands(filter: { regions: [\"US-CA\"] }, first: 500) { nodes { median { text } provenance { locator } } } }";
    assert_eq!(cost(current).await, 0);
    let (_, readme) = &examples()[0];
    assert_eq!(cost(readme).await, 0);
    let roles = "{ roles(first: 100) { nodes { salary(region: \"US-NY\") { p90 { text } } growth { changePercent } } } }";
    assert_eq!(cost(roles).await, 0);
    let all = "{ salaryBands(filter: { occupations: [{ classification: SOC_2018, code: \"15-1252\" }], releases: ALL }) { totalCount } }";
    assert!(cost(all).await <= 1);
}
