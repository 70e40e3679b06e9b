//! Codes, titles and pairs that files bring in: what is held or was taken back is not served, and the newest release has the say.

use jobs::{
    pipeline::{Outcome, Report},
    publish::withdraw,
    replay::publish_held,
};
use serde_json::{Value, json};

use crate::app::{App, noon};

on_both_engines!(
    a_code_is_served_under_the_title_of_the_newest_release_that_is_shown,
    a_list_that_is_held_or_taken_back_changes_no_title,
    a_pair_is_as_the_newest_release_says_and_goes_with_it,
);

/// Files of one row are held.
const SURVEY: &str = r#"
key              = "survey"
title            = "A survey of one's own"
publisher        = "Nobody"
homepage         = "https://example.org"
licence          = "None"
attribution      = "Nobody"
stale_after_days = 30

[[layout]]
name           = "pay"
dataset        = "pay"
rows           = "bands"
file           = 'pay_(?<year>\d{4})\.csv'
reference      = { label = "{year}", start = "{year}-01-01", end = "{year}-12-31" }
classification = [{ is = "SOC_2018" }]
region         = { fixed = "US" }
expect         = { min_rows = 2, max_composites = 10 }
columns.code   = ["code"]
columns.title  = ["title"]

[[layout.band]]
period   = "YEAR"
currency = "USD"
cells    = { median = ["median"] }

[[layout]]
dataset        = "list"
rows           = "groups"
file           = 'list_(?<year>\d{4})\.csv'
reference      = { label = "{year}", start = "{year}-01-01", end = "{year}-12-31" }
classification = [{ is = "SOC_2018" }]
expect         = { min_rows = 2, max_composites = 10 }
columns.code   = ["code"]
columns.title  = ["title"]
columns.text   = ["others"]

[[layout]]
dataset        = "pairs"
rows           = "crosswalk"
file           = 'pairs_(?<year>\d{4})\.csv'
reference      = { label = "{year}", start = "{year}-01-01", end = "{year}-12-31" }
classification = [{ is = "SOC_2010" }]
to             = "SOC_2018"
relation       = "PROXY"
expect         = { min_rows = 2 }
columns.code          = ["from"]
columns.title         = ["from title"]
columns.related-code  = ["to"]
columns.related-title = ["to title"]
"#;

async fn take(app: &App, name: &str, head: &str, rows: &str) -> Report {
    app.take("survey", name, format!("{head}\n{rows}\n").as_bytes()).await.unwrap()
}

async fn pay(app: &App, year: i32, rows: &str) -> Outcome {
    take(app, &format!("pay_{year}.csv"), "code,title,median", rows).await.outcome
}

async fn list(app: &App, year: i32, rows: &str) -> Outcome {
    take(app, &format!("list_{year}.csv"), "code,title,others", rows).await.outcome
}

/// The title that a code of SOC 2018 is served under; null where it is not.
async fn title(app: &App, code: &str) -> Value {
    let asked =
        format!(r#"{{ occupation(by: {{ classification: SOC_2018, code: "{code}" }}) {{ title }} }}"#);
    app.ask(&asked).await["occupation"]["title"].clone()
}

async fn a_code_is_served_under_the_title_of_the_newest_release_that_is_shown(app: App) {
    let app = app.with_sources(&[SURVEY.to_owned()]);
    let title = async || title(&app, "11-9990").await;
    assert_eq!(pay(&app, 2024, "11-9990,Held One,50000").await, Outcome::Held);
    assert_eq!(title().await, Value::Null, "nothing that is held is served");
    let found =
        app.ask(r#"{ occupations(classification: SOC_2018, text: "Held One") { totalCount } }"#).await;
    assert_eq!(found["occupations"]["totalCount"], 0);

    let other = "11-1011,Chief executives,200000";
    assert_eq!(pay(&app, 2022, &format!("11-9990,Elder,50000\n{other}")).await, Outcome::Published);
    assert_eq!(title().await, "Elder", "the title of the release that is held does not count");
    assert_eq!(pay(&app, 2023, &format!("11-9990,Newer,51000\n{other}")).await, Outcome::Published);
    assert_eq!(title().await, "Newer");
    assert_eq!(pay(&app, 2021, &format!("11-9990,Eldest,49000\n{other}")).await, Outcome::Published);
    assert_eq!(title().await, "Newer", "what comes late changes nothing");

    publish_held(&app.cx, "survey/pay/2024/1", noon()).await.unwrap();
    assert_eq!(title().await, "Held One");
    for (year, left) in [(2024, json!("Newer")), (2023, json!("Elder")), (2022, json!("Eldest"))] {
        withdraw(&app.cx.db, &format!("survey/pay/{year}/1")).await.unwrap();
        assert_eq!(title().await, left);
    }
    withdraw(&app.cx.db, "survey/pay/2021/1").await.unwrap();
    assert_eq!(title().await, Value::Null);
    assert_eq!(
        self::title(&app, "11-1011").await,
        "Chief Executives",
        "a survey renames no code of the classification"
    );
}

async fn a_list_that_is_held_or_taken_back_changes_no_title(app: App) {
    let app = app.with_sources(&[SURVEY.to_owned()]);
    let title = async || title(&app, "11-1011").await;
    let matched = async || {
        let found =
            app.ask(r#"{ roles(filter: { text: "grand mufti of widgets" }) { nodes { slug } } }"#).await;
        found["roles"]["nodes"][0]["slug"].clone()
    };
    assert_eq!(list(&app, 2024, "11-1011,Heads,grand mufti of widgets").await, Outcome::Held);
    assert_eq!(title().await, "Chief Executives");
    assert_eq!(matched().await, Value::Null, "no title of a list that is held is known");
    publish_held(&app.cx, "survey/list/2024/1", noon()).await.unwrap();
    assert_eq!(title().await, "Heads");
    assert_eq!(matched().await, "chief-executives");

    // A code of a list is one of the classification for as long as the list is served.
    let rows = "11-1011,Heads of all,grand mufti of widgets\n11-9990,Widget Managers,";
    assert_eq!(list(&app, 2025, rows).await, Outcome::Published);
    assert_eq!(pay(&app, 2025, "11-9990,widget bosses,50000\n11-1011,Bosses,9000").await, Outcome::Published);
    assert_eq!(
        (title().await, self::title(&app, "11-9990").await),
        (json!("Heads of all"), json!("Widget Managers"))
    );
    withdraw(&app.cx.db, "survey/list/2025/1").await.unwrap();
    assert_eq!((title().await, self::title(&app, "11-9990").await), (json!("Heads"), json!("widget bosses")));
    assert_eq!(matched().await, "chief-executives", "both lists have that title");
    withdraw(&app.cx.db, "survey/list/2024/1").await.unwrap();
    assert_eq!((title().await, matched().await), (json!("Chief Executives"), Value::Null));
}

async fn a_pair_is_as_the_newest_release_says_and_goes_with_it(app: App) {
    let app = app.with_sources(&[SURVEY.to_owned()]);
    let maps = async || {
        let asked = r#"{ occupation(by: { classification: SOC_2010, code: "11-1011" }) {
            crosswalk(to: SOC_2018) { relation occupation { code } } } }"#;
        app.ask(asked).await["occupation"]["crosswalk"].clone()
    };
    let shipped = json!([{ "relation": "EXACT", "occupation": { "code": "11-1011" } }]);
    assert_eq!(maps().await, shipped);
    let head = "from,from title,to,to title";
    let one = "11-1011,Chief Executives,11-1011,Chief Executives";
    let two = "11-1011,Chief Executives,11-1021,General and Operations Managers";
    assert_eq!(take(&app, "pairs_2024.csv", head, two).await.outcome, Outcome::Held);
    assert_eq!(maps().await, shipped);
    let report = take(&app, "pairs_2025.csv", head, &format!("{one}\n{two}")).await;
    assert_eq!(report.outcome, Outcome::Published, "{:?}", report.lines);
    let told = json!([
        { "relation": "PROXY", "occupation": { "code": "11-1011" } },
        { "relation": "PROXY", "occupation": { "code": "11-1021" } },
    ]);
    assert_eq!(maps().await, told);
    let corrected = take(&app, "pairs_2025.csv", head, &format!("{one}\n{one}")).await;
    assert_eq!(corrected.outcome, Outcome::Published, "{:?}", corrected.lines);
    assert_eq!(
        maps().await.as_array().unwrap()[..],
        told.as_array().unwrap()[..1],
        "the pair that was taken out is gone"
    );
    for edition in [2, 1] {
        withdraw(&app.cx.db, &format!("survey/pairs/2025/{edition}")).await.unwrap();
    }
    assert_eq!(maps().await, shipped);
}
