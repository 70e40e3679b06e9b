//! What it takes to refuse a bomb of up to 64 kB, and to judge a document just under every limit: time and memory of the gate
//! alone, each document a hundred times, none of them remembered.
//!
//! `cargo bench --bench gate`. A bomb that passes fails the run, as does whatever takes 10 ms or more, or 50 MB or more, as a
//! bomb, and 50 ms or more, or 50 MB or more, as a document within the limits: that is parsed, weighed and judged whole.

use std::{fs, process::ExitCode, time::Instant};

use async_graphql::Variables;
use rolecast::http::gate;

const ROUNDS: u32 = 100;
const BOMB_MS: f64 = 10.0;
const LARGE_MS: f64 = 50.0;
const MOST_MB: f64 = 50.0;

#[expect(clippy::print_stdout, reason = "a bench says what it measured")]
fn main() -> ExitCode {
    // The schema is read once in a process, before any request.
    gate::admit("{ __typename }", None, Variables::default()).ok();
    println!("{:<52} {:>7} {:>8} {:>9} {:>7}  outcome", "document", "bytes", "mean ms", "worst ms", "MB");
    let mut good = true;
    for (name, document) in bombs() {
        let (refused, fit) = measure(name, &document, BOMB_MS);
        good &= refused && fit;
    }
    for (name, document) in large() {
        good &= measure(name, &document, LARGE_MS).1;
    }
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Returns whether a document was refused, and whether that took as little as it may.
#[expect(clippy::print_stdout, reason = "a bench says what it measured")]
fn measure(name: &str, document: &str, most_ms: f64) -> (bool, bool) {
    let before = peak();
    let (mut total, mut worst, mut outcome) = (0.0, 0.0_f64, String::new());
    for _ in 0..ROUNDS {
        let began = Instant::now();
        let admitted = gate::admit(document, None, Variables::default());
        let took = began.elapsed().as_secs_f64() * 1e3;
        (total, worst) = (total + took, worst.max(took));
        outcome = admitted
            .err()
            .map_or(String::new(), |errors| format!("{}: {:.60}", errors.len(), errors[0].message));
    }
    let (mean, grown) = (total / f64::from(ROUNDS), peak() - before);
    let refused = !outcome.is_empty();
    let told = if refused { outcome.as_str() } else { "passes" };
    println!("{name:<52} {:>7} {mean:>8.3} {worst:>9.3} {grown:>7.1}  {told}", document.len());
    (refused, mean < most_ms && grown < MOST_MB)
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

/// Documents that no limit stops, each as much as one limit allows of what makes some rule work hardest.
#[expect(clippy::too_many_lines, reason = "a document of each kind")]
fn large() -> Vec<(&'static str, String)> {
    let uses = |count: usize, of: usize| many(count, |n| format!("$a{}", n % of));
    vec![
        ("aliases, all different", format!("{{ {} }}", many(3_300, |n| format!("a{n}:__typename")))),
        ("one field again and again, merged", format!("{{ {} }}", "roles{totalCount}".repeat(2_400))),
        (
            "one field again and again, in conflict",
            format!(
                "{{ {} }}",
                many(2_400, |n| format!("a: {}", ["__typename", "service { roles }"][n % 2]))
            ),
        ),
        (
            "fields that meet at every level",
            format!(
                "{{ {} }}",
                "sources{releases{nodes{id source{key title releases{nodes{id label}}}}}}".repeat(300)
            ),
        ),
        (
            "conflicts far below",
            format!(
                "{{ {} }}",
                many(290, |n| format!(
                    "sources{{releases{{nodes{{source{{releases{{nodes{{a:{}}}}}}}}}}}}}",
                    ["id", "label"][n % 2]
                ))
            ),
        ),
        ("fragments, twice each, 11 deep", fan(11, 2, "fragment f11 on Query { a: __typename }")),
        (
            "fragments, a thousand side by side",
            format!(
                "{{ {} }} {}",
                many(1_000, |n| format!("...f{n}")),
                many(1_000, |n| format!("fragment f{n} on Query {{ a{n}: __typename }}"))
            ),
        ),
        (
            "fragments, each spreads all behind it",
            format!(
                "{{ ...f0 }} {}",
                many(12, |n| format!(
                    "fragment f{n} on Query {{ a{n}: __typename {} }}",
                    many(11 - n, |m| format!("...f{}", n + m + 1))
                ))
            ),
        ),
        (
            "fragments nobody spreads",
            format!("{{ __typename }} {}", many(1_200, |n| format!("fragment f{n} on Query {{ a }}"))),
        ),
        (
            "fragments on types that are not there",
            format!("{{ {} }}", many(1_900, |n| format!("... on T{n} {{ a }}"))),
        ),
        (
            "inline fragments, 55 deep",
            format!("{{ {} {} __typename }}", "... on Query { a: __typename ".repeat(55), "}".repeat(55)),
        ),
        (
            "variables, each used in one list",
            format!(
                "query({}) {{ nodes(ids: [{}]) {{ id }} }}",
                many(1_400, |n| format!("$a{n}:ID!")),
                uses(1_400, 1_400)
            ),
        ),
        (
            "variables used again and again",
            format!(
                "query({}) {{ nodes(ids: [{}]) {{ id }} }}",
                many(900, |n| format!("$a{n}:ID!")),
                uses(2_700, 900)
            ),
        ),
        (
            "variables nobody uses",
            format!("query({}) {{ __typename }}", many(2_400, |n| format!("$a{n}:Int"))),
        ),
        ("variables that are not there", format!("{{ nodes(ids: [{}]) {{ id }} }}", uses(4_900, 4_900))),
        (
            "operations side by side",
            many(1_900, |n| format!("query q{n}{{service{{roles}}}}"))
                .split_inclusive('}')
                .take(3_000)
                .collect(),
        ),
        (
            "unknown fields, each with a search for likely names",
            format!("{{ {} }}", many(4_900, |n| format!("rolse{n}"))),
        ),
        ("an unknown field with a name of 60 kB", format!("{{ {} }}", "a".repeat(60_000))),
        (
            "unknown directives, as many as there may be",
            format!("{{ {} }}", many(200, |n| format!("a{n}: __typename @skup{n}"))),
        ),
        (
            "unknown arguments",
            format!("{{ roles({}) {{ totalCount }} }}", many(3_300, |n| format!("frist{n}: 1"))),
        ),
        (
            "an argument again and again",
            format!("{{ roles({}) {{ totalCount }} }}", "first: 1 ".repeat(3_300)),
        ),
        ("a list of 9900 ids", format!("{{ nodes(ids: [{}]) {{ id }} }}", "\"a\" ".repeat(9_900))),
        (
            "an input field again and again",
            format!("{{ role(by: {{ {} }}) {{ id }} }}", "slug: \"a\" ".repeat(3_300)),
        ),
        (
            "unknown input fields",
            format!("{{ role(by: {{ {} }}) {{ id }} }}", many(3_300, |n| format!("slg{n}: 1"))),
        ),
        ("a string of 60 kB", format!("{{ source(key: \"{}\") {{ key }} }}", "x".repeat(60_000))),
        ("a comment of 60 kB", format!("{{ service {{ roles }} }} #{}", "x".repeat(60_000))),
    ]
}
