//! What it takes to refuse a bomb of up to 64 kB: time and memory of the gate alone, each bomb a hundred times.
//!
//! `cargo bench --bench gate`. A bomb that passes, or one that takes 10 ms or more or 50 MB or more, fails the run.

use std::{fs, process::ExitCode, time::Instant};

use async_graphql::Variables;
use rolecast::http::gate;

const ROUNDS: u32 = 100;
const MOST_MS: f64 = 10.0;
const MOST_MB: f64 = 50.0;

#[expect(clippy::print_stdout, reason = "a bench says what it measured")]
fn main() -> ExitCode {
    // The schema is read once in a process, before any request.
    gate::admit("{ __typename }".into(), None, Variables::default()).ok();
    let mut good = true;
    println!("{:<44} {:>8} {:>10} {:>10} {:>8}", "bomb", "bytes", "mean ms", "worst ms", "MB");
    for (name, document) in bombs() {
        let before = peak();
        let (mut total, mut worst) = (0.0, 0.0_f64);
        for _ in 0..ROUNDS {
            let began = Instant::now();
            let refused = gate::admit(document.clone(), None, Variables::default()).is_err();
            let took = began.elapsed().as_secs_f64() * 1e3;
            (total, worst) = (total + took, worst.max(took));
            good &= refused;
        }
        let (mean, grown) = (total / f64::from(ROUNDS), peak() - before);
        good &= mean < MOST_MS && grown < MOST_MB;
        println!("{name:<44} {:>8} {mean:>10.3} {worst:>10.3} {grown:>8.1}", document.len());
    }
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The most memory this process has held so far, in MB.
fn peak() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    let kilobytes =
        line.and_then(|line| line.split_whitespace().nth(1)).and_then(|text| text.parse::<f64>().ok());
    kilobytes.unwrap_or_default() / 1024.0
}

fn many(count: usize, of: impl Fn(usize) -> String) -> String {
    (0..count).map(of).collect::<Vec<_>>().join(" ")
}

fn fan(count: usize, fan: usize, end: &str) -> String {
    let spread = |next: usize| format!("...f{next} ").repeat(fan);
    format!(
        "{{ {} }} {} {end}",
        spread(0),
        many(count, |n| format!("fragment f{n} on Query {{ {} }}", spread(n + 1)))
    )
}

fn bombs() -> Vec<(&'static str, String)> {
    let lists = |depth: usize| {
        format!(
            "{{ __schema {{ types {{ {} name {} }} }} }}",
            "fields { type { ".repeat(depth),
            "} } ".repeat(depth)
        )
    };
    vec![
        ("fields nested as deep as 64 kB go", format!("{}{}", "{a".repeat(21_000), "}".repeat(21_000))),
        ("brackets of a value", format!("{{ roles(first: {}1{}) {{ totalCount }} }}", "[".repeat(32_000), "]".repeat(32_000))),
        ("objects of a value", format!("{{ roles(filter: {}1{}) {{ totalCount }} }}", "{a:".repeat(15_000), "}".repeat(15_000))),
        ("aliases, as many as tokens allow", format!("{{ {} }}", many(3_300, |n| format!("a{n}:__typename")))),
        ("aliases, as many as 64 kB hold", format!("{{ {} }}", many(5_200, |n| format!("a{n}:__typename")))),
        ("one field again and again", format!("{{ {} }}", "roles{totalCount}".repeat(3_800))),
        ("directives on one field", format!("{{ __typename {} }}", "@skip(if:false)".repeat(4_300))),
        ("directives, as many as tokens allow", format!("{{ __typename {} }}", "@a".repeat(4_990))),
        ("fragments, twice each, 55 deep", fan(55, 2, "fragment f55 on Query { __typename }")),
        ("fragments, ten each, 40 deep", fan(40, 10, "fragment f40 on Query { __typename }")),
        ("fragments, twice each, 2000 deep", fan(2_000, 2, "fragment f2000 on Query { __typename }")),
        ("fragments that end in nothing", fan(55, 2, "")),
        ("fragments nobody spreads", format!("{{ __typename }} {}", fan(55, 2, "fragment f55 on Query { __typename }").split_once('}').map_or("", |(_, rest)| rest))),
        ("a circle of fragments", fan(300, 2, "fragment f300 on Query { ...f0 }")),
        ("inline fragments nested", format!("{{ {} __typename {} }}", "... { ".repeat(8_000), "} ".repeat(8_000))),
        ("lists of the schema", lists(9)),
        ("pages of pages", "{ roles(first: 100) { nodes { salaryBands(first: 500) { nodes { role { salaryBands(first: 500) { nodes { id } } } } } } } }".into()),
        ("operations without end", many(6_000, |n| format!("query q{n}{{a}}"))),
        ("variables without end", format!("query({}) {{ __typename }}", many(5_000, |n| format!("$a{n}:Int")))),
        ("a string of 70 kB", format!("{{ source(key: \"{}\") {{ key }} }}", "x".repeat(70_000))),
        ("quotation marks", format!("{{ source(key: {}) {{ key }} }}", "\"\" ".repeat(21_000))),
        ("an open block string", format!("{{ source(key: \"\"\"{}", "\\\"\"\"".repeat(16_000))),
        ("nothing but commas", ",".repeat(65_000)),
        ("nothing but names", "a ".repeat(32_000)),
    ]
}
