//! What stands in for a missing figure is never further away than it need be, as clients see it: made-up pay of codes drawn
//! by lot, in places around each other, against a walk over every chain in the tables that ship.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use serde_json::Value;

use crate::{
    app::{App, ask},
    made::{self, Dice},
};

/// Classification and code.
type Code = (String, String);

/// A code in one of [`PLACES`].
type At = (Code, usize);

/// From the inside out.
const PLACES: [&str; 3] = ["CBSA:41860", "US-CA", "US"];
/// Most steps, and most changes of classification, as documented.
const LONGEST: usize = 6;
const CROSSINGS: usize = 2;

#[derive(Default)]
struct World {
    codes: Vec<Code>,
    broader: HashMap<Code, Code>,
    counterparts: HashMap<Code, Vec<Code>>,
    has: HashSet<At>,
}

fn table(name: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("jobs/codes").join(name);
    let rows = csv::Reader::from_path(path).unwrap().into_records();
    rows.map(|row| row.unwrap().iter().map(ToOwned::to_owned).collect()).collect()
}

impl World {
    fn new() -> Self {
        let mut world = Self::default();
        for row in table("occupations.csv") {
            let code = (row[0].clone(), row[1].clone());
            if !row[4].is_empty() {
                world.broader.insert(code.clone(), (row[0].clone(), row[4].clone()));
            }
            world.codes.push(code);
        }
        for row in table("crosswalks.csv") {
            let pair = [(row[0].clone(), row[1].clone()), (row[2].clone(), row[3].clone())];
            // No whole is replaced by a piece of it, and nothing by a stand-in.
            let ways: &[(usize, usize)] = match row[4].as_str() {
                "EXACT" | "CLOSE" => &[(0, 1), (1, 0)],
                "BROADER" => &[(0, 1)],
                "NARROWER" => &[(1, 0)],
                _ => &[],
            };
            for (from, to) in ways {
                world.counterparts.entry(pair[*from].clone()).or_default().push(pair[*to].clone());
            }
        }
        world
    }

    fn of<'a>(&'a self, classification: &'a str) -> impl Iterator<Item = &'a Code> {
        self.codes.iter().filter(move |code| code.0 == classification)
    }

    /// The fewest steps from a code in a place to pay, by walking every chain.
    fn nearest(&self, (code, place): At, crossings: usize, left: usize) -> Option<usize> {
        if self.has.contains(&(code.clone(), place)) {
            return Some(0);
        }
        let mut next = Vec::new();
        if place + 1 < PLACES.len() {
            next.push(((code.clone(), place + 1), crossings));
        }
        next.extend(self.broader.get(&code).map(|broad| ((broad.clone(), place), crossings)));
        if crossings < CROSSINGS {
            let there = self.counterparts.get(&code).into_iter().flatten();
            next.extend(there.map(|there| ((there.clone(), place), crossings + 1)));
        }
        let found = next.into_iter().filter(|_| left > 0);
        found.filter_map(|(at, crossings)| self.nearest(at, crossings, left - 1)).min().map(|steps| steps + 1)
    }

    /// Whether one step leads from `from` to `to`, as a substitution names them.
    fn is_step(&self, step: &Value) -> bool {
        let [from, to] = ["from", "to"].map(|name| step[name].as_str().unwrap());
        let code =
            |text: &str| text.split_once(' ').map(|(of, code)| (of.to_owned(), code.to_owned())).unwrap();
        match step["kind"].as_str().unwrap() {
            "PARENT_REGION" => PLACES.windows(2).any(|pair| pair == [from, to]),
            "BROADER_OCCUPATION" => self.broader.get(&code(from)) == Some(&code(to)),
            _ => self.counterparts.get(&code(from)).is_some_and(|known| known.contains(&code(to))),
        }
    }
}

/// Publishes pay of every code that the dice pick, one in `of`, in a place.
async fn publish(app: &App, world: &mut World, dice: &mut Dice, source: &Source<'_>) {
    let (key, classification, place, of) = *source;
    let codes: Vec<Code> = world.of(classification).filter(|_| dice.below(of) == 0).cloned().collect();
    let pay = [3_000_000, 4_000_000, 5_000_000, 6_000_000, 7_000_000, 5_500_000];
    let rows: Vec<_> = codes.iter().map(|(_, code)| (code.clone(), 1_000, 1.0, pay)).collect();
    let report = app.take(key, "made_2023.csv", made::survey(&rows).as_bytes()).await.unwrap();
    assert_eq!(report.loaded, rows.len() as u64, "{:?}", report.lines);
    world.has.extend(codes.into_iter().map(|code| (code, place)));
}

/// Key, classification, place, and one of how many codes is paid.
type Source<'a> = (&'a str, &'a str, usize, i64);

const SOURCES: [Source<'static>; 5] = [
    ("made-metro", "SOC_2018", 0, 15),
    ("made-state", "SOC_2018", 1, 12),
    ("made-nation", "SOC_2018", 2, 12),
    ("made-state-elder", "SOC_2010", 1, 10),
    ("made-nation-elder", "SOC_2010", 2, 10),
];

fn definition((key, classification, place, _): &Source<'_>) -> String {
    let text = made::definition(key, "SURVEY", "USD").replace("\"IE\"", &format!("\"{}\"", PLACES[*place]));
    text.replace("SOC_2018", classification)
}

#[tokio::test]
async fn no_nearer_figure_is_passed_over() {
    let app = App::start().await.with_sources(&SOURCES.each_ref().map(definition));
    let (mut world, mut dice) = (World::new(), Dice(11));
    for source in &SOURCES {
        publish(&app, &mut world, &mut dice, source).await;
    }
    let schema = app.schema().await;
    // Groups have no roles of their own.
    let detailed = world.of("SOC_2018").filter(|(_, code)| !code.ends_with('0'));
    let asked: Vec<Code> = detailed.filter(|_| dice.below(4) == 0).cloned().collect();
    let mut lengths = [0; LONGEST + 1];
    for ways in
        ["PARENT_REGION, BROADER_OCCUPATION, CROSSWALK", "CROSSWALK, BROADER_OCCUPATION, PARENT_REGION"]
    {
        for codes in asked.chunks(50) {
            let fields = codes.iter().enumerate().map(|(place, (_, code))| {
                format!(
                    r#"r{place}: role(by: {{ code: {{ classification: SOC_2018, code: "{code}" }} }}) {{ salary(region: "{}", fallback: [{ways}]) {{
                    region {{ code }} occupation {{ classification code }} substitution {{ steps {{ kind from to }} }} }} }}"#,
                    PLACES[0]
                )
            });
            let document = format!("{{ {} }}", fields.collect::<Vec<_>>().join(" "));
            let answer = ask(&schema, &document).await;
            for (place, code) in codes.iter().enumerate() {
                let band = &answer[format!("r{place}")]["salary"];
                let nearest = world.nearest((code.clone(), 0), 0, LONGEST);
                assert_eq!(band.is_null(), nearest.is_none(), "{code:?}: {band}");
                let Some(nearest) = nearest else { continue };
                let steps = band["substitution"]["steps"].as_array().map_or(&[][..], Vec::as_slice);
                assert_eq!(steps.len(), nearest, "{code:?}: {band}");
                assert!(steps.iter().all(|step| world.is_step(step)), "{band}");
                let found = ["classification", "code"]
                    .map(|name| band["occupation"][name].as_str().unwrap().to_owned());
                let at = PLACES.iter().position(|place| band["region"]["code"] == **place).unwrap();
                assert!(world.has.contains(&(found.into(), at)), "{band}");
                lengths[nearest] += 1;
            }
        }
    }
    assert!(lengths[..4].iter().all(|times| *times > 5), "short and long chains were met: {lengths:?}");
}
