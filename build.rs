//! Builds `web/` into `web/dist`, which the server embeds. Never fails the build: without Node, or when npm fails,
//! it warns and leaves a page that says what is missing.

use std::path::Path;
use std::process::Command;
use std::{env, fs, io};

const SOURCES: [&str; 7] = [
    "web/src",
    "web/index.html",
    "web/graphiql.html",
    "web/vite.config.ts",
    "web/package.json",
    "web/package-lock.json",
    "web/tsconfig.json",
];
const OLDEST_NODE: (u32, u32) = (20, 19);
const MARK: &str = "data-placeholder";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=ROLECAST_SKIP_WEB");
    for source in SOURCES {
        println!("cargo:rerun-if-changed={source}");
    }
    let result = match reason_to_skip() {
        Some(reason) => keep_or_explain(&reason),
        None => build().or_else(|reason| {
            println!("cargo:warning=the web pages were not built: {reason}");
            println!("cargo:warning=the API works without them; {ADVICE}");
            println!("cargo:rerun-if-env-changed=PATH");
            keep_or_explain(&reason)
        }),
    };
    if let Err(error) = result {
        println!("cargo:warning=cannot write web/dist: {error}");
    }
}

const ADVICE: &str = "for GraphiQL install Node 20.19 or newer with npm, see that `npm ci && npm run build` works in web/, \
                      then run `touch build.rs` and `cargo build --release`";

/// Debug builds, and whoever asks for it, take `web/dist` as it is.
fn reason_to_skip() -> Option<String> {
    if env::var("ROLECAST_SKIP_WEB").is_ok_and(|value| !matches!(value.as_str(), "" | "0")) {
        return Some("ROLECAST_SKIP_WEB was set when this server was built".to_owned());
    }
    let release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    (!release).then(|| "this is a debug build; release builds carry the pages".to_owned())
}

/// Installs what the lock file names, where it is not there yet, and runs Vite.
fn build() -> Result<(), String> {
    check_node()?;
    if !is_installed() {
        npm(&["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"])?;
        fs::copy("web/package-lock.json", INSTALLED)
            .map_err(|error| format!("cannot write {INSTALLED}: {error}"))?;
    }
    npm(&["run", "build", "--silent"])?;
    if has_pages() { Ok(()) } else { Err("Vite left no pages in web/dist".to_owned()) }
}

fn check_node() -> Result<(), String> {
    let output =
        Command::new("node").arg("--version").output().map_err(|error| format!("no Node found ({error})"))?;
    let printed = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let mut parts = printed.trim_start_matches('v').split('.').map_while(|part| part.parse::<u32>().ok());
    let version = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if version < OLDEST_NODE {
        return Err(format!("Node {printed} is too old"));
    }
    Ok(())
}

/// The lock file that `node_modules` was filled from, kept inside it.
const INSTALLED: &str = "web/node_modules/.rolecast-lock.json";

fn is_installed() -> bool {
    match (fs::read("web/package-lock.json"), fs::read(INSTALLED)) {
        (Ok(wanted), Ok(installed)) => wanted == installed,
        _ => false,
    }
}

/// Runs npm in `web/`; its first words become the error.
fn npm(arguments: &[&str]) -> Result<(), String> {
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let output = Command::new(program)
        .args(arguments)
        .current_dir("web")
        .output()
        .map_err(|error| format!("no npm found ({error})"))?;
    if output.status.success() {
        return Ok(());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    let lines = errors.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("at "));
    let said = lines.take(4).collect::<Vec<_>>().join(" | ");
    Err(format!(
        "`npm {}` failed ({}): {said}",
        arguments[0..arguments.len().min(2)].join(" "),
        output.status
    ))
}

fn has_pages() -> bool {
    ["index", "graphiql"].iter().all(|name| {
        fs::read_to_string(format!("web/dist/{name}.html")).is_ok_and(|page| !page.contains(MARK))
    })
}

/// Leaves the pages of an earlier build alone; where there are none, writes two that say why.
fn keep_or_explain(reason: &str) -> io::Result<()> {
    if has_pages() {
        return Ok(());
    }
    fs::create_dir_all("web/dist")?;
    for name in ["index", "graphiql"] {
        write_if_new(&Path::new("web/dist").join(format!("{name}.html")), &placeholder(reason))?;
    }
    Ok(())
}

/// An unchanged file keeps its time, so that nothing is compiled again for it.
fn write_if_new(path: &Path, text: &str) -> io::Result<()> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    fs::write(path, text)
}

fn placeholder(reason: &str) -> String {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!(
        "<!doctype html>\n<html lang=\"en\" {MARK}>\n<meta charset=\"utf-8\">\n<title>Rolecast</title>\n\
         <h1>The web pages are missing</h1>\n\
         <p>The API works: POST a query to <code>/graphql</code>, read <a href=\"/schema.graphql\">/schema.graphql</a>.</p>\n\
         <p>Why: {}.</p>\n<p>What to do: {}.</p>\n</html>\n",
        escape(reason),
        escape(ADVICE),
    )
}
