//! What is read from an object at once is what its resolvers say. Fields in a fragment go through the resolvers, those outside
//! one are at hand where they can be.

use serde_json::Value;

use crate::app::{App, ask};

/// The types that tell fields at once.
const TYPES: [&str; 8] = [
    "Role",
    "RoleOccupation",
    "Occupation",
    "Region",
    "SalaryBand",
    "GrowthProjection",
    "PayFigure",
    "CountFigure",
];

/// Every field without arguments of `of`, down to the leaves of the types above; each selection in a fragment, if asked.
fn selection(types: &[Value], of: &str, depth: usize, apart: bool) -> String {
    let found = types.iter().find(|known| known["name"] == of).expect("a type of the schema");
    let mut fields = vec!["__typename".to_owned()];
    for field in found["fields"].as_array().unwrap() {
        if !field["args"].as_array().unwrap().is_empty() {
            continue;
        }
        let (name, mut kind) = (field["name"].as_str().unwrap(), &field["type"]);
        while !kind["ofType"].is_null() {
            kind = &kind["ofType"];
        }
        let below = kind["name"].as_str().unwrap();
        if ["SCALAR", "ENUM"].contains(&kind["kind"].as_str().unwrap()) {
            fields.push(name.to_owned());
        } else if depth > 0 && TYPES.contains(&below) {
            fields.push(format!("{name} {}", selection(types, below, depth - 1, apart)));
        }
    }
    let fields = fields.join(" ");
    if apart { format!("{{ ... {{ {fields} }} }}") } else { format!("{{ {fields} }}") }
}

#[tokio::test]
async fn what_is_at_hand_is_what_the_resolvers_say() {
    let schema = App::start().await.with_starter().await.schema().await;
    let kind = "kind name ofType { kind name ofType { kind name ofType { kind name } } }";
    let types =
        format!("{{ __schema {{ types {{ name fields {{ name args {{ name }} type {{ {kind} }} }} }} }} }}");
    let types = ask(&schema, &types).await;
    let types = types["__schema"]["types"].as_array().unwrap();
    for (of, place, field) in [
        ("SalaryBand", "US", "salary(region: \"US\")"),
        ("SalaryBand", "US-CA", "salary(region: \"US-CA\", view: { currency: \"EUR\" })"),
        ("SalaryBand", "GB", "salary(region: \"GB\")"),
        ("SalaryBand", "US-CA", "salary(region: \"CBSA:41860\", method: SURVEY, fallback: [PARENT_REGION])"),
        ("GrowthProjection", "US", "growth"),
    ] {
        let asked = |apart| {
            let (role, below) = (selection(types, "Role", 2, apart), selection(types, of, 2, apart));
            let end = if apart { " } }" } else { " }" };
            let role = role.strip_suffix(end).unwrap();
            format!(
                "{{ roles(first: 25, filter: {{ hasPayIn: \"{place}\" }}) {{ nodes {role} it: {field} {below}{end} }} }}"
            )
        };
        let (quick, slow) = (ask(&schema, &asked(false)).await, ask(&schema, &asked(true)).await);
        let roles = quick["roles"]["nodes"].as_array().unwrap();
        assert!(roles.iter().filter(|role| !role["it"].is_null()).count() > 10, "{field}");
        assert_eq!(quick.to_string(), slow.to_string(), "{field}");
    }
}

#[tokio::test]
async fn one_key_for_two_selections_is_one_answer() {
    let schema = App::start().await.with_starter().await.schema().await;
    let asked = r#"{ role(by: { slug: "registered-nurses" }) { salary { median { amount } m: median { kind } median { kind amount } } } }"#;
    let answer = ask(&schema, asked).await;
    let median = &answer["role"]["salary"]["median"];
    assert!(median["amount"].is_number() && median["kind"] == "EXACT", "{answer}");
}
