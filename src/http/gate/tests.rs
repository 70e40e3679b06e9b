//! What the gate refuses and what it lets pass.

use super::*;

fn code(document: &str) -> Option<String> {
    let error = admit(document, None, Variables::default()).err()?.into_iter().next()?;
    let value = error.extensions?.get("code")?.clone();
    Some(value.into_json().ok()?.as_str()?.to_owned())
}

/// Fragments that each spread the next one twice.
fn fragments(count: usize) -> String {
    let twice = (0..count).map(|number| {
        let next = number + 1;
        format!("fragment f{number} on Source {{ a: key ...f{next} ...f{next} }}")
    });
    let twice: Vec<String> = twice.collect();
    format!("{{ sources {{ ...f0 }} }} {} fragment f{count} on Source {{ key }}", twice.join(" "))
}

#[test]
fn a_page_of_500_bands_with_every_figure_passes() {
    let figure = "amount kind basis text";
    let figures: String = ["p10", "p25", "median", "p75", "p90", "mean", "low", "high"]
        .map(|point| format!("{point} {{ {figure} }}"))
        .concat();
    let document = format!(
        "{{ salaryBands(filter: {{}}, first: 500) {{ totalCount pageInfo {{ hasNextPage endCursor }} edges {{ cursor node {{
        id method concept currency period {figures} p20: percentile(p: 20) {{ {figure} }} employment {{ count kind text }}
        occupation {{ id code title level }} role {{ id slug title }} region {{ id code name }} via {{ relation note }}
        segment {{ industry ownership sex workTime experience }} reference {{ start end label }}
        provenance {{ citedAuthority locator retrievedAt sha256 url licence attribution derivation source {{ key title }}
        release {{ dataset label edition }} }} }} }} }} }}"
    );
    assert_eq!(code(&document), None);
}

#[test]
fn bombs_are_refused() {
    let deep = format!("{}{}", "{ a".repeat(2_000), "}".repeat(2_000));
    let values =
        format!("{{ roles(first: {}1{}) {{ totalCount }} }}", "[".repeat(20_000), "]".repeat(20_000));
    let wide = format!("{{ {} }}", "a: __typename ".repeat(4_000));
    let aliases: Vec<String> = (0..9_000).map(|number| format!("a{number}: __typename")).collect();
    let aliases = aliases.join(" ");
    let pages = "{ roles(first: 100) { nodes { salaryBands(first: 500) { nodes { provenance { release { rejects(first: 100) { nodes { raw } } } } } } } } }";
    let lists = "{ __schema { types { fields { type { fields { type { fields { type { fields { type { fields { name } } } } } } } } } } } }";
    for bomb in [
        &deep,
        &values,
        &wide,
        &format!("{{ {aliases} }}"),
        &fragments(200),
        &format!("{{ __typename {} }}", "@skip(if: false) ".repeat(300)),
        pages,
        lists,
        &" ".repeat(70_000),
    ] {
        assert_eq!(code(bomb).as_deref(), Some("QUERY_TOO_COSTLY"), "{}", &bomb[..60]);
    }
}

#[test]
fn a_fragment_that_is_not_there_is_not_weighed_as_nothing() {
    let twice = (0..50).map(|n| format!("fragment f{n} on Query {{ ...f{m} ...f{m} }} ", m = n + 1));
    let document = format!("{{ ...f0 }} {}", twice.collect::<String>());
    assert_eq!(code(&document).as_deref(), Some("GRAPHQL_VALIDATION_FAILED"));
}

#[test]
fn fragments_that_nothing_spreads_are_weighed_too() {
    let document =
        format!("{{ __typename }} {}", fragments(55).split_once("} }").map_or("", |(_, rest)| rest));
    assert_eq!(code(&document).as_deref(), Some("QUERY_TOO_COSTLY"));
}

/// As Apollo Client, urql and Relay send documents: names, fragments, `__typename` everywhere, Relay's paging directives
/// compiled away.
const USUAL: [&str; 3] = [
    "query Roles($first: Int!, $after: String) { roles(first: $first, after: $after) { edges { node { ...RoleRow __typename } cursor __typename }
     pageInfo { endCursor hasNextPage __typename } __typename } } fragment RoleRow on Role { id slug title salary(region: \"US\") { id median { amount kind
     text __typename } p90 { amount kind __typename } __typename } growth { id changePercent __typename } __typename }",
    "query ($slug: String!, $withGrowth: Boolean = false) { __typename role(by: { slug: $slug }) { __typename id title growth @include(if: $withGrowth)
     { __typename id changePercent } } }",
    "query AppQuery($count: Int = 50, $cursor: String, $id: ID!) { node(id: $id) { __typename ... on Role { ...Bands_role_1G22uz } id } } fragment Bands_role_1G22uz
     on Role { salaryBands(first: $count, after: $cursor) { edges { node { id mean { text } region { code id } __typename } cursor } pageInfo { endCursor
     hasNextPage } } id }",
];

#[test]
fn what_the_usual_clients_send_passes() {
    let variables = serde_json::json!({ "first": 5, "slug": "nurse", "id": "x" });
    for document in USUAL {
        let passed = admit(document, None, Variables::from_json(variables.clone()));
        assert!(passed.is_ok(), "{document}: {:?}", passed.err());
    }
}

/// What GraphiQL asks before anything else: seven levels of types, with every option on.
const INTROSPECTION: &str = "query IntrospectionQuery { __schema { description queryType { name kind } mutationType { name kind } subscriptionType { name kind }
  types { ...FullType } directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } } } }
  fragment FullType on __Type { kind name description specifiedByURL isOneOf fields(includeDeprecated: true) { name description args(includeDeprecated: true)
  { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason } inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
  fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
  fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
  ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }";

#[test]
fn graphiql_may_ask_for_the_schema() {
    assert_eq!(code(INTROSPECTION), None);
}

#[test]
fn a_fragment_that_spreads_itself_is_refused() {
    let document = "{ sources { ...a } } fragment a on Source { ...b } fragment b on Source { ...a }";
    assert_eq!(code(document).as_deref(), Some("GRAPHQL_VALIDATION_FAILED"));
}

#[test]
fn a_variable_says_how_large_a_page_is() {
    let document = "query($n: Int = 500) { roles(first: 100) { nodes { salaryBands(first: $n) { nodes { id currency period concept method median { amount kind text basis } p10 { amount kind text basis } p90 { amount kind text basis } } } } } }";
    assert_eq!(code(document).as_deref(), Some("QUERY_TOO_COSTLY"));
    let few = Variables::from_json(serde_json::json!({ "n": 5 }));
    assert!(admit(document, None, few).is_ok());
}

#[test]
fn strings_and_comments_are_not_counted() {
    let text = "{".repeat(500);
    let document = format!("# {text}\n{{ roles(filter: {{ text: \"{text}\\\"\" }}) {{ totalCount }} }}");
    assert_eq!(code(&document), None);
    let block = format!("{{ roles(filter: {{ text: \"\"\"{text} \\\"\"\" \"\"\" }}) {{ totalCount }} }}");
    assert_eq!(code(&block), None);
}

#[test]
fn a_broken_document_says_where() {
    let errors = admit("{ roles {", None, Variables::default()).expect_err("broken");
    assert_eq!(errors[0].locations.len(), 1);
    assert_eq!(code("{ roles {").as_deref(), Some("GRAPHQL_PARSE_FAILED"));
}

#[test]
fn a_document_is_remembered_with_what_came_of_it_within_the_bytes_given() {
    let gate = Gate::new(&Config { document_cache: 200_000, ..Config::default() });
    let text = |number: usize| format!("{{ a{number}: __typename }}");
    for number in 0..500 {
        assert!(gate.read(&text(number)).is_ok());
    }
    let held = (0..500).filter(|number| gate.known.get(&text(*number)).is_some()).count();
    assert!(held > 0 && held < 150, "{held}");
    let wrong = "{ nothing }";
    assert!(gate.read(wrong).is_err() && gate.known.get(wrong).is_some_and(|known| known.is_err()));
    assert!(gate.read(&" ".repeat(70_000)).is_err() && gate.known.get(&" ".repeat(70_000)).is_none());
    let none = Gate::new(&Config { document_cache: 0, ..Config::default() });
    assert!(none.read(&text(0)).is_ok() && none.known.get(&text(0)).is_none());
}

#[test]
fn costs_are_those_of_pages_lists_and_fragments() {
    let cost = |document: &str, variables: serde_json::Value| {
        let limits = Limits::default();
        let variables = json(Variables::from_json(variables));
        let admitted = limits.read(document).and_then(|read| read.ask(&limits, None, &variables));
        admitted.map(|admitted| admitted.cost).expect("it passes")
    };
    let none = || serde_json::json!({});
    let page = "query($n: Int, $m: Int = 3) { roles(first: $n) { nodes { ...a ...a } } }
        fragment a on Role { id salaryBands(last: $m) { edges { cursor } } }";
    // roles and its work + n × (nodes + 2 × (id + salaryBands + m × (edges + cursor)))
    let expected = |n: u64, m: u64| 1 + 500 + n * (1 + 2 * (1 + 1 + m * 2));
    assert_eq!(cost(page, serde_json::json!({ "n": 7 })).answer, expected(7, 3));
    assert_eq!(cost(page, serde_json::json!({ "n": 7, "m": 9 })).answer, expected(7, 9));
    assert_eq!(cost(page, none()).answer, expected(20, 3));
    assert_eq!((cost(page, none()).fields, cost(page, none()).depth), (10, 5));
    let ids = "query($i: [ID!]!) { nodes(ids: $i) { id } sources { key } }";
    assert_eq!(cost(ids, serde_json::json!({ "i": ["a", "b", "c"] })).answer, 1 + 3 + 1 + 10);
    assert_eq!(cost(ids, serde_json::json!({ "i": "a" })).answer, 1 + 1 + 1 + 10);
}

#[test]
fn a_document_that_cannot_be_read_says_where_in_one_sentence() {
    let told = |document: &str| admit(document, None, Variables::default()).unwrap_err()[0].message.clone();
    let open = told("{ roles {\n  nodes { title }");
    assert!(open.starts_with("the document goes wrong at line 2, column 18: expected "), "{open}");
    assert!(told("{ service { version } } }").contains("line 1, column 25: expected "));
    for message in [open, told(""), told("query $ { roles }"), told("{ a(b: \"\\q\") }")] {
        assert!(!message.contains(['\n', '|', '_']), "{message}");
    }
}
