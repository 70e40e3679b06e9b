//! The command line as a person meets it.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::schema::same_as_file;

/// Runs the program in a world of its own.
pub(crate) fn rolecast(world: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rolecast"))
        .args(arguments)
        .env_clear()
        .env("ROLECAST_DATA_DIR", world)
        .current_dir(world)
        .output()
        .unwrap()
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn help_says_what_each_command_does() {
    let world = TempDir::new().unwrap();
    let mut all = String::new();
    for command in ["", "serve", "worker", "refresh", "sources", "query", "export", "token", "schema"] {
        let arguments: Vec<&str> = [command, "--help"].into_iter().filter(|word| !word.is_empty()).collect();
        let output = rolecast(world.path(), &arguments);
        assert!(output.status.success(), "{command}");
        all.extend(["$ rolecast ", &arguments.join(" "), "\n", &text(&output.stdout), "\n"]);
    }
    same_as_file("tests/it/help.txt", &all);
}

#[test]
fn a_file_is_ingested_counted_and_asked_for() {
    let world = TempDir::new().unwrap();
    let page =
        "Test Pilot\n\nTest pilots in the United States earn an average salary of $100,000 per year.\n";
    let path = world.path().join("test-pilot.txt");
    fs::write(&path, page).unwrap();
    let from = path.to_str().unwrap();
    let output = rolecast(world.path(), &["refresh", "career-page", "--from", from, "--no-starter"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    let last = said.lines().last().unwrap();
    assert!(last.starts_with("read ") && last.contains("loaded 1, rejected 0, skipped "), "{said}");
    let again = rolecast(world.path(), &["refresh", "career-page", "--from", from]);
    assert!(again.status.success() && text(&again.stdout).contains("unchanged"), "{}", text(&again.stdout));
    let held = rolecast(world.path(), &["refresh", "--publish-held", "career-page/test-pilot/2026/1"]);
    assert!(text(&held.stdout).ends_with("read 0, loaded 0, rejected 0, skipped 0\n"), "{held:?}");
    let answer = rolecast(
        world.path(),
        &["query", "{ role(by: { slug: \"test-pilot\" }) { salary { mean { amount } method } } }"],
    );
    let answer: Value = serde_json::from_slice(&answer.stdout).unwrap();
    assert_eq!(answer["data"]["role"]["salary"]["mean"]["amount"], 100_000);
    assert_eq!(answer["data"]["role"]["salary"]["method"], "EDITORIAL");
}

#[test]
fn mistakes_are_named_and_end_with_one() {
    let world = TempDir::new().unwrap();
    fs::write(world.path().join("page.xlsx"), "<html>403</html>").unwrap();
    for (arguments, fault) in [
        (&["refresh", "nothing", "--from", "page.xlsx"][..], "no source `nothing`"),
        (&["refresh", "bls-oews", "--from", "page.xlsx"], "HTML page"),
        (&["refresh", "bls-oews", "--from", "missing.xlsx"], "missing.xlsx"),
        (&["refresh", "bls-oews", "--offline"], "offline"),
        (&["query", "{ nothing }"], ""),
        (&["serve", "--listen", "nowhere"], "listen"),
        (&["sources", "--database-url", "postgres://nobody@127.0.0.1:1/nothing"], "refused"),
    ] {
        let output = rolecast(world.path(), arguments);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
        assert!(said.contains(fault), "{arguments:?}: {said}");
        assert!(!said.contains("panicked"), "{said}");
        let last = text(&output.stdout).lines().last().unwrap_or_default().to_owned();
        let counted = last == "read 0, loaded 0, rejected 0, skipped 0";
        assert_eq!(counted, arguments[0] == "refresh", "{arguments:?}: {last}");
    }
}
