//! One id is one thing. Clients keep what they read by its id (Apollo, urql, Relay), so the same id has to come with the same
//! fields wherever it is met, and to give them again when it is asked for alone.

use std::collections::{BTreeMap, HashMap};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rolecast::graphql::Schema;
use serde_json::{Map, Value, json};

use crate::app::{App, ask};

/// A cache by id in front of a schema.
struct Client {
    schema: Schema,
    types: Vec<Value>,
    kept: HashMap<String, Map<String, Value>>,
}

impl Client {
    async fn of(schema: Schema) -> Self {
        let kind = "kind name ofType { kind name ofType { kind name ofType { kind name } } }";
        let types = format!(
            "{{ __schema {{ types {{ name interfaces {{ name }} fields {{ name args {{ name }} type {{ {kind} }} }} }} }} }}"
        );
        let types = ask(&schema, &types).await["__schema"]["types"].as_array().unwrap().clone();
        Self { schema, types, kept: HashMap::new() }
    }

    /// Every field without arguments, so many things with ids deep.
    fn fields(&self, of: &str, depth: usize) -> String {
        let found = self.types.iter().find(|known| known["name"] == of).expect("a type of the schema");
        let has_id = found["interfaces"].to_string().contains("Node");
        if has_id && depth == 0 {
            return "__typename id".into();
        }
        let mut fields = vec!["__typename".to_owned()];
        for field in found["fields"].as_array().unwrap() {
            let (name, mut kind) = (field["name"].as_str().unwrap(), &field["type"]);
            while !kind["ofType"].is_null() {
                kind = &kind["ofType"];
            }
            let below = kind["name"].as_str().unwrap();
            if field["args"] != json!([]) {
                continue;
            }
            fields.push(match kind["kind"].as_str() {
                Some("SCALAR" | "ENUM") => name.to_owned(),
                _ => format!("{name} {{ {} }}", self.fields(below, depth - usize::from(has_id))),
            });
        }
        fields.join(" ")
    }

    async fn ask(&mut self, document: &str) -> Value {
        let answer = ask(&self.schema, document).await;
        self.keep(&answer);
        answer
    }

    /// Keeps the fields of what has an id under it, where those kept before have to be the same, and puts the id in its place.
    fn keep(&mut self, value: &Value) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| self.keep(item)).collect(),
            Value::Object(fields) => {
                let fields = fields.iter().map(|(name, value)| (name.clone(), self.keep(value)));
                let fields: Map<String, Value> = fields.collect();
                let Some(id) = fields.get("id").and_then(Value::as_str).map(ToOwned::to_owned) else {
                    return fields.into();
                };
                let known = self.kept.entry(id.clone()).or_default();
                for (name, value) in fields {
                    let before = known.entry(name.clone()).or_insert_with(|| value.clone());
                    assert_eq!(*before, value, "`{name}` of {}", opened(&id));
                }
                json!({ "kept": id })
            }
            leaf => leaf.clone(),
        }
    }

    /// Asks for everything that was kept by its id alone; returns which types there were.
    async fn ask_again(&mut self) -> Vec<String> {
        let mut by_type: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (id, fields) in &self.kept {
            by_type.entry(fields["__typename"].as_str().unwrap().to_owned()).or_default().push(id.clone());
        }
        for (of, ids) in &by_type {
            let fields = self.fields(of, 1);
            for ids in ids.chunks(50) {
                let document =
                    format!("{{ nodes(ids: {}) {{ id ... on {of} {{ {fields} }} }} }}", json!(ids));
                let found = self.ask(&document).await;
                for (id, node) in ids.iter().zip(found["nodes"].as_array().unwrap()) {
                    assert_eq!(node["id"], **id, "{}", opened(id));
                }
            }
        }
        by_type.into_keys().collect()
    }

    /// Whether an id was kept that reads so.
    fn kept(&self, like: impl Fn(&str) -> bool) -> bool {
        self.kept.keys().any(|id| like(&opened(id)))
    }
}

fn opened(id: &str) -> String {
    String::from_utf8(URL_SAFE_NO_PAD.decode(id).unwrap()).unwrap()
}

fn parts(id: &str) -> usize {
    id.split('|').count()
}

/// Meets the same roles, figures and places in every way that an answer has them.
async fn meet(client: &mut Client) {
    let fields = |of, depth| format!("{{ {} }}", client.fields(of, depth));
    let (role, deep, band, growth) = (
        client.fields("Role", 1),
        fields("SalaryBand", 2),
        fields("SalaryBand", 1),
        fields("GrowthProjection", 1),
    );
    let mut ids = Vec::new();
    for day in ["", ", asOf: \"2025-06-01\"", ", asOf: \"2023-01-01\""] {
        for slug in ["registered-nurses", "back-end-developer", "data-scientists"] {
            // An answer is kept under what it was asked with, here a letter.
            let document = format!(
                "{{ role(by: {{ slug: \"{slug}\" }}{day}) {{ {role}
                a: salary {deep}
                b: salary(region: \"US-CA\", view: {{ currency: \"EUR\" }}) {band}
                c: salary(region: \"CBSA:41860\", method: SURVEY, fallback: [PARENT_REGION]) {band}
                d: salary(region: \"US-CITY:san-francisco\", view: {{ period: HOUR }},
                    fallback: [CROSSWALK, BROADER_OCCUPATION, PARENT_REGION]) {band}
                e: growth {growth}
                f: growth(region: \"US-CA\", fallback: [CROSSWALK, BROADER_OCCUPATION, PARENT_REGION]) {growth}
                g: salaryHistory {{ band {band} }} h: growthHistory {growth}
                i: payLanes {{ bands {band} }} j: salaryBands(first: 20) {{ nodes {band} }} }} }}"
            );
            ids.push(client.ask(&document).await["role"]["id"].clone());
        }
        let filter = format!("filter: {{ roles: {}, releases: ALL }}, first: 100{day}", json!(ids));
        client
            .ask(&format!(
                "{{ salaryBands({filter}) {{ nodes {band} }} growthProjections({filter}) {{ nodes {growth} }} }}"
            ))
            .await;
    }
    let text =
        "Registered nurses earn a median of $93,600 a year. Employment of surgeons grows by 4 percent.";
    let roles = json!(ids[..3]);
    client
        .ask(&format!(
            "{{ compare(roles: {roles}, regions: [\"US\", \"US-CA\"]) {{ role {{ {role} }} cells {{ region {{ __typename id }} band {band} }} }}
            checkClaims(text: \"{text}\") {{ band {band} projection {growth} }} }}"
        ))
        .await;
}

#[tokio::test]
async fn an_id_has_the_same_fields_wherever_it_is_met_and_in_any_database() {
    let mut client = Client::of(App::start().await.with_starter().await.schema().await).await;
    meet(&mut client).await;
    let kinds = client.ask_again().await;
    assert_eq!(
        kinds,
        ["GrowthProjection", "Occupation", "Region", "Release", "Role", "SalaryBand", "Source"]
    );
    for plain in ["Role:registered-nurses", "Region:US", "Source:bls-oews"] {
        let (kind, key) = plain.split_once(':').unwrap();
        assert!(client.kept(|id| id == plain), "{plain}");
        assert!(client.kept(|id| id == format!("{kind}@2025-06-01:{key}")), "{plain} of a day");
    }
    let band = |id: &str, many| id.starts_with("SalaryBand") && parts(id) == many;
    assert!(client.kept(|id| band(id, 7)), "as published");
    assert!(client.kept(|id| band(id, 8) && id.ends_with("|EUR,,,,")), "in a view");
    assert!(client.kept(|id| band(id, 9) && id.ends_with("||back-end-developer")), "by a mapping");
    assert!(client.kept(|id| band(id, 10) && id.contains("|,HOUR,,,|")), "instead of another, in a view");
    assert!(client.kept(|id| id.starts_with("GrowthProjection") && parts(id) == 5), "instead of another");

    let other = match App::on_postgres().await {
        Some(postgres) => postgres,
        None => App::start().await,
    };
    client.schema = other.with_starter().await.schema().await;
    assert_eq!(client.ask_again().await, kinds);
}

/// An elder code stands in, and says of which release it is: the same words whichever way the band is asked for. In a history
/// one is reached by two mappings in a row.
#[tokio::test]
async fn a_figure_of_an_elder_code_is_found_again_by_its_id() {
    let app = App::start().await;
    app.take_split_codes().await;
    let mut client = Client::of(app.schema().await).await;
    let band = format!("{{ {} }}", client.fields("SalaryBand", 2));
    for code in ["15-1254", "15-1255"] {
        for asked in [
            "fallback: [CROSSWALK]",
            "fallback: [PARENT_REGION, CROSSWALK]",
            "region: \"US-CA\", fallback: [PARENT_REGION, CROSSWALK]",
            "region: \"US-CA\", fallback: [CROSSWALK, PARENT_REGION]",
        ] {
            let role = format!("role(by: {{ code: {{ classification: SOC_2018, code: \"{code}\" }} }})");
            let found = client.ask(&format!("{{ {role} {{ it: salary({asked}) {band} }} }}")).await;
            assert!(found["role"]["it"]["substitution"].to_string().contains("May 2018"), "{found}");
        }
    }
    let history = format!(
        "{{ role(by: {{ slug: \"back-end-developer\" }}) {{ __typename id salaryHistory {{ band {band} }} }} }}"
    );
    client.ask(&history).await;
    client.ask_again().await;
    assert!(client.kept(|id| id.ends_with("|||SOC_2018 15-1254")), "an elder code");
    assert!(client.kept(|id| id.ends_with("|||US-CA,SOC_2018 15-1254")), "of the country");
    assert!(client.kept(|id| id.ends_with("||back-end-developer,SOC_2018/15-1252")), "by two mappings");
}

#[tokio::test]
async fn a_role_of_a_day_is_asked_for_by_its_id_alone() {
    let schema = App::start().await.with_starter().await.schema().await;
    let (slug, day) = ("slug: \"registered-nurses\"", ", asOf: \"2025-06-01\"");
    let role = async |by: &str, day: &str| {
        let fields = "id growth { id } salary { id reference { label } }";
        ask(&schema, &format!("{{ role(by: {{ {by} }}{day}) {{ {fields} }} }}")).await["role"].clone()
    };
    let (today, then) = (role(slug, "").await, role(slug, day).await);
    assert_ne!(today["salary"]["reference"], then["salary"]["reference"]);
    let by_id = |role: &Value| format!("id: {}", role["id"]);
    assert_eq!(role(&by_id(&then), "").await, then);
    assert_eq!(role(&by_id(&today), day).await, then, "the day that is named goes first");
    assert_eq!(role(&by_id(&today), "").await, today);
}

/// A key that leads nowhere, or says something in another way than ids do, is no id.
#[tokio::test]
async fn an_id_that_was_never_given_stands_for_nothing() {
    let schema = App::start().await.with_starter().await.schema().await;
    let salary =
        "{ role(by: { slug: \"back-end-developer\" }) { salary(region: \"US\", method: SURVEY) { id } } }";
    let given = ask(&schema, salary).await["role"]["salary"]["id"].as_str().map(opened).unwrap();
    let (band, _) = given.rsplit_once("||").unwrap();
    let is_there = async |key: &str| {
        let id = URL_SAFE_NO_PAD.encode(key);
        !ask(&schema, &format!("{{ node(id: \"{id}\") {{ id }} }}")).await["node"].is_null()
    };
    assert!(is_there(&given).await && is_there(band).await);
    for wrong in [
        format!("{band}|"),
        format!("{band}|EUR"),
        format!("{band}|EUR,,,,|"),
        format!("{band}|EUR,YEARLY,,,"),
        format!("{band}||nobody"),
        format!("{band}||data-scientists"),
        format!("{band}|||US-XX"),
        format!("{band}|||US"),
        format!("{band}|||\u{e9}"),
        format!("{band}|||SOC_2018 29-1141"),
        format!("{band}|||US-CA||"),
        band.replace("SalaryBand:", "SalaryBand@2025-6-01:"),
        "Occupation@2025-06-01:SOC_2018/15-1252".to_owned(),
        "Role@yesterday:data-scientists".to_owned(),
        "Role@+12025-01-01:data-scientists".to_owned(),
    ] {
        assert!(!is_there(&wrong).await, "{wrong}");
    }
}
