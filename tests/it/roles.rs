//! Which roles a filter lets through, and in which order, on the figures that ship.

use async_graphql::Variables;
use rolecast::{graphql::Schema, http::gate};
use serde_json::Value;

use crate::app::{App, ask};

/// Slugs of the first roles for these arguments, joined.
async fn slugs(schema: &Schema, arguments: &str) -> String {
    let answer = ask(schema, &format!("{{ roles({arguments}) {{ nodes {{ slug }} }} }}")).await;
    let nodes = answer["roles"]["nodes"].as_array().unwrap();
    nodes.iter().map(|role| role["slug"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

/// The message and code of a document that must fail.
pub(crate) async fn refused(schema: &Schema, document: &str) -> (String, String) {
    let request = gate::admit(document, None, Variables::default()).unwrap();
    let answer = schema.execute(request).await;
    let error = answer.errors.first().unwrap_or_else(|| panic!("{document} is answered"));
    let code = error.extensions.as_ref().unwrap().get("code").unwrap().clone();
    (error.message.clone(), code.into_json().unwrap().as_str().unwrap().to_owned())
}

/// What most clients send for an argument that nobody filled in.
#[tokio::test]
async fn a_null_where_there_is_a_default_is_as_if_it_were_left_out() {
    let schema = starter().await;
    for (asked, first) in [
        ("matchRoles(title: \"nurse\"FIRST) { matches { role { slug } } }", ", first: null"),
        ("role(by: { slug: \"registered-nurses\" }) { alternateTitles FIRST }", "(first: null)"),
    ] {
        let with = async |first| ask(&schema, &format!("{{ {} }}", asked.replace("FIRST", first))).await;
        let left_out = with("").await;
        assert!(left_out.to_string().len() > 50, "{left_out}");
        assert_eq!(with(first).await, left_out);
    }
}

async fn starter() -> Schema {
    App::start().await.with_starter().await.schema().await
}

#[tokio::test]
async fn roles_are_found_by_title_code_pay_and_requirements() {
    let schema = starter().await;
    a_text_finds_roles_by_any_title_however_it_is_spelt(&schema).await;
    codes_and_pay_narrow_each_other(&schema).await;
    education_skills_and_growth_narrow(&schema).await;
    limits_in_another_currency_are_the_callers_mistake(&schema).await;
}

#[tokio::test]
async fn roles_stand_in_the_order_of_their_figures() {
    let schema = starter().await;
    bounds_stand_beyond_exact_pay_and_what_is_withheld_comes_last(&schema).await;
    orders_by_growth_openings_and_jobs_agree_with_the_figures(&schema).await;
    pages_of_an_order_hold_every_role_once(&schema).await;
}

async fn a_text_finds_roles_by_any_title_however_it_is_spelt(schema: &Schema) {
    let back_end = slugs(schema, r#"filter: { text: "back end dev" }"#).await;
    assert!(back_end.starts_with("back-end-developer"), "{back_end}");
    let lorry = slugs(schema, r#"filter: { text: "lorry driver" }"#).await;
    assert!(lorry.starts_with("truck-driver"), "{lorry}");
    for misspelt in ["registerd nurses", "Registred Nurse"] {
        let nurses = slugs(schema, &format!(r#"filter: {{ text: "{misspelt}" }}, first: 1"#)).await;
        assert_eq!(nurses, "registered-nurses", "{misspelt}");
    }
    // An alternate title of O*NET, which no role bears itself.
    let spaces = slugs(schema, r#"filter: { text: "urologist" }, first: 3"#).await;
    assert!(!spaces.is_empty());
    assert_eq!(slugs(schema, r#"filter: { text: "zzzzzz" }"#).await, "");
}

async fn codes_and_pay_narrow_each_other(schema: &Schema) {
    let codes = "filter: { classification: SOC_2018, codePrefix: \"15-125\", text: \"developers\" }";
    let found = slugs(schema, codes).await;
    assert!(found.contains("software-developers") && !found.contains("real-estate"), "{found}");
    // Actors are paid by the hour alone, and in annual limits they are nowhere.
    let actors = |period: &str| {
        format!(r#"filter: {{ codePrefix: "27-2011", median: {{ period: {period}, min: 1 }} }}"#)
    };
    assert_eq!(slugs(schema, &actors("HOUR")).await, "actors");
    assert_eq!(slugs(schema, &actors("YEAR")).await, "");
    assert_eq!(slugs(schema, r#"filter: { codePrefix: "27-2011", hasPayIn: "US" }"#).await, "actors");
    assert_eq!(slugs(schema, r#"filter: { codePrefix: "27-2011", hasPayIn: "JP" }"#).await, "");
    let edge = |min: &str, max: &str| {
        format!(
            r#"filter: {{ codePrefix: "29-1141", median: {{ region: "US-CA", min: {min}, max: {max} }} }}"#
        )
    };
    let california = ask(
        schema,
        r#"{ role(by: { slug: "registered-nurses" }) { salary(region: "US-CA") { median { amount kind } } } }"#,
    )
    .await;
    let median = &california["role"]["salary"]["median"];
    assert_eq!(median["kind"], "EXACT");
    let median = median["amount"].as_i64().unwrap();
    let nurses = slugs(schema, &edge(&median.to_string(), &median.to_string())).await;
    assert!(nurses.contains("registered-nurses"), "{nurses}");
    let below = slugs(schema, &edge("null", &(median - 1).to_string())).await;
    assert!(!below.contains("registered-nurses"), "{below}");
}

async fn limits_in_another_currency_are_the_callers_mistake(schema: &Schema) {
    let pounds = r#"{ roles(filter: { median: { region: "GB", min: 1 } }) { totalCount } }"#;
    let (message, code) = refused(schema, pounds).await;
    assert_eq!(code, "BAD_USER_INPUT");
    assert!(message.contains("filter.median.currency") && message.contains("GBP"), "{message}");
    let turned = "{ roles(filter: { median: { min: 2, max: 1 } }) { totalCount } }";
    assert!(refused(schema, turned).await.0.contains("filter.median.min"));
    let unasked = "{ roles(orderBy: { field: RELEVANCE }) { totalCount } }";
    assert!(refused(schema, unasked).await.0.contains("orderBy.field"));
    let cursor = r#"{ roles(after: "eA") { totalCount } }"#;
    assert!(refused(schema, cursor).await.0.contains("after"));
}

/// Kinds and amounts of the annual median in California of every role of a page of this order.
async fn medians(schema: &Schema, arguments: &str) -> Vec<(String, Option<i64>)> {
    let document = format!(
        "{{ roles({arguments}) {{ nodes {{ salary(region: \"US-CA\") {{ period median {{ amount kind }} }} }} }} }}"
    );
    let answer = ask(schema, &document).await;
    let of = |role: &Value| {
        let salary = &role["salary"];
        let annual = salary["period"] == "YEAR";
        let kind = if annual { salary["median"]["kind"].as_str().unwrap() } else { "NONE" };
        (kind.to_owned(), salary["median"]["amount"].as_i64().filter(|_| annual))
    };
    answer["roles"]["nodes"].as_array().unwrap().iter().map(of).collect()
}

async fn bounds_stand_beyond_exact_pay_and_what_is_withheld_comes_last(schema: &Schema) {
    let order = |direction: &str| {
        format!(
            r#"filter: {{ classification: SOC_2018, codePrefix: "29-12" }}, first: 100, orderBy: {{ field: MEDIAN, region: "US-CA", direction: {direction} }}"#
        )
    };
    let falling = medians(schema, &order("DESC")).await;
    let exact: Vec<i64> =
        falling.iter().filter(|(kind, _)| kind == "EXACT").filter_map(|(_, amount)| *amount).collect();
    assert!(exact.len() > 5 && exact.is_sorted_by(|a, b| a >= b), "{falling:?}");
    let rank = |kind: &str| match kind {
        "AT_LEAST" => 0,
        "EXACT" => 1,
        _ => 2,
    };
    assert!(falling.iter().any(|(kind, _)| kind == "AT_LEAST"), "{falling:?}");
    assert!(falling.is_sorted_by_key(|(kind, _)| rank(kind)), "{falling:?}");
    let rising = medians(schema, &order("ASC")).await;
    let turned = |kind: &str| [1, 0, 2][rank(kind)];
    assert!(rising.is_sorted_by_key(|(kind, _)| turned(kind)), "{rising:?}");
    assert_eq!(rising.len(), falling.len());
}

async fn orders_by_growth_openings_and_jobs_agree_with_the_figures(schema: &Schema) {
    let figures =
        "growth { changePercent annualOpenings { count kind } } salary { employment { count kind } }";
    for (field, path) in [
        ("GROWTH_PERCENT", "/growth/changePercent"),
        ("ANNUAL_OPENINGS", "/growth/annualOpenings/count"),
        ("EMPLOYMENT", "/salary/employment/count"),
    ] {
        let document = format!(
            "{{ roles(first: 50, filter: {{ classification: SOC_2018, codePrefix: \"15-\" }}, orderBy: {{ field: {field}, direction: DESC }}) {{ nodes {{ slug {figures} }} }} }}"
        );
        let answer = ask(schema, &document).await;
        let nodes = answer["roles"]["nodes"].as_array().unwrap();
        let values: Vec<Option<f64>> =
            nodes.iter().map(|role| role.pointer(path).and_then(Value::as_f64)).collect();
        let known: Vec<f64> = values.iter().flatten().copied().collect();
        assert!(known.len() > 10 && known.is_sorted_by(|a, b| a >= b), "{field}: {values:?}");
        assert!(values.iter().skip(known.len()).all(Option::is_none), "{field}: {values:?}");
    }
    let many = r#"filter: { codePrefix: "15-12" }, first: 100, orderBy: { field: TITLE, direction: DESC, minEmployment: 1000000 }"#;
    let large = slugs(schema, many).await;
    assert!(large.contains("software-developers") && !large.contains("web-developers"), "{large}");
    let counts = async |guard: &str| {
        let document = format!(
            r#"{{ roles(filter: {{ codePrefix: "15-12" }}, orderBy: {{ field: MEDIAN{guard} }}) {{ totalCount unfilteredCount }} }}"#
        );
        let counts = ask(schema, &document).await["roles"].clone();
        ["totalCount", "unfilteredCount"].map(|name| counts[name].as_u64().unwrap())
    };
    let ([all, unfiltered], [few, unguarded]) = (counts("").await, counts(", minEmployment: 1000000").await);
    assert_eq!((all, all), (unfiltered, unguarded));
    assert!(0 < few && few < all, "{few} of {all}");
}

async fn pages_of_an_order_hold_every_role_once(schema: &Schema) {
    let mut after = String::from("null");
    let mut seen = Vec::new();
    loop {
        let document = format!(
            "{{ roles(first: 100, after: {after}, orderBy: {{ field: MEDIAN, direction: DESC, region: \"US-WY\" }}) {{ totalCount nodes {{ slug }} pageInfo {{ endCursor hasNextPage }} }} }}"
        );
        let page = &ask(schema, &document).await["roles"];
        seen.extend(
            page["nodes"].as_array().unwrap().iter().map(|role| role["slug"].as_str().unwrap().to_owned()),
        );
        if page["pageInfo"]["hasNextPage"] == false {
            assert_eq!(page["totalCount"].as_u64().unwrap(), seen.len() as u64);
            break;
        }
        after = page["pageInfo"]["endCursor"].to_string();
    }
    let mut once = seen.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), seen.len());
}

async fn education_skills_and_growth_narrow(schema: &Schema) {
    let answer = ask(
        schema,
        r#"{ roles(first: 100, filter: { codePrefix: "29-1", education: ["bachelor's DEGREE"] }) { nodes { slug requirements { education } } } }"#,
    )
    .await;
    let nodes = answer["roles"]["nodes"].as_array().unwrap();
    assert!(nodes.iter().any(|role| role["slug"] == "registered-nurses"), "{nodes:?}");
    assert!(nodes.iter().all(|role| role["requirements"]["education"] == "Bachelor's degree"), "{nodes:?}");
    assert_eq!(slugs(schema, r#"filter: { skill: "postgres" }"#).await, "back-end-developer");
    assert_eq!(slugs(schema, r#"filter: { skill: "basket weaving" }"#).await, "");
    let all = slugs(schema, "first: 20").await;
    assert_eq!(slugs(schema, r#"filter: { skill: " " }"#).await, all);
    let declining = ask(
        schema,
        r#"{ roles(first: 100, filter: { codePrefix: "43-", growthCategory: [DECLINE] }) { nodes { growth { changePercent category } } } }"#,
    )
    .await;
    let nodes = declining["roles"]["nodes"].as_array().unwrap();
    assert!(
        nodes.len() > 10 && nodes.iter().all(|role| role["growth"]["category"] == "DECLINE"),
        "{nodes:?}"
    );
}
