//! What the README shows is what a newcomer gets.

use std::{fs, path::Path};

use serde_json::Value;

use crate::{app::App, schema::examples};

/// The first block of `language` in the README.
fn block(language: &str) -> String {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let from = readme.split_once(&format!("```{language}\n")).expect("a block").1;
    from.split_once("```").unwrap().0.to_owned()
}

#[tokio::test]
async fn the_query_of_the_readme_has_its_answer() {
    let query = block("graphql");
    let (_, first) = &examples()[0];
    let plain: String =
        first.lines().filter(|line| !line.starts_with('#')).map(|line| line.to_owned() + "\n").collect();
    assert_eq!(query, plain, "the first tab of GraphiQL is the README's query");
    let shown: Value = serde_json::from_str(&block("json")).unwrap();
    assert_eq!(shown["data"], App::start().await.with_starter().await.ask(&query).await);
}
