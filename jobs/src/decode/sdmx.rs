//! SDMX-JSON, versions 1 and 2: observations keyed by the places of their dimensions' values. Each observation is a row
//! with code and label of every dimension and attribute: `REF_AREA`, `REF_AREA/label`, …, `OBS_VALUE`.
//! SDMX-CSV needs nothing of its own: it is separated text. Source: SDMX-JSON data message, sdmx-twg on GitHub.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{DecodeError, Defect, Limits, Part, Row, Sink, json};

/// How much of a key an error repeats.
const KEY: usize = 120;

/// The parts of a message that are read.
#[derive(Deserialize)]
pub(super) struct Message<'a> {
    #[serde(borrow, rename = "dataSets")]
    sets: &'a RawValue,
    #[serde(borrow, alias = "structures")]
    structure: &'a RawValue,
}

#[derive(Deserialize)]
struct Set<'a> {
    #[serde(default)]
    structure: usize,
    #[serde(default)]
    attributes: Vec<Option<usize>>,
    #[serde(borrow, default)]
    series: Option<&'a RawValue>,
    #[serde(borrow, default)]
    observations: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Series<'a> {
    #[serde(default)]
    attributes: Vec<Option<usize>>,
    #[serde(borrow)]
    observations: &'a RawValue,
}

#[derive(Deserialize)]
struct Structure {
    dimensions: Components,
    #[serde(default)]
    attributes: Components,
}

/// Components by the level they are attached to.
#[derive(Default, Deserialize)]
struct Components {
    #[serde(default, rename = "dataSet", alias = "dataset")]
    set: Vec<Component>,
    #[serde(default)]
    series: Vec<Component>,
    #[serde(default)]
    observation: Vec<Component>,
}

#[derive(Deserialize)]
struct Component {
    id: String,
    #[serde(default)]
    values: Vec<Coded>,
}

#[derive(Deserialize)]
struct Coded {
    #[serde(default)]
    id: String,
    #[serde(default)]
    name: String,
}

/// Returns the message if a document is one.
pub(super) fn find(root: &RawValue) -> Option<Message<'_>> {
    #[derive(Deserialize)]
    struct Wrapped<'a> {
        #[serde(borrow)]
        data: Message<'a>,
    }
    // A struct may also be read from a list, which is no message.
    if json::kind(root) != json::Kind::Object {
        return None;
    }
    let plain = serde_json::from_str::<Message<'_>>(root.get()).ok();
    let found =
        plain.or_else(|| serde_json::from_str::<Wrapped<'_>>(root.get()).ok().map(|wrapped| wrapped.data));
    found.filter(|message| json::kind(message.sets) == json::Kind::Array)
}

/// Reads every observation.
pub(super) fn read(
    name: &str,
    message: &Message<'_>,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), DecodeError> {
    json::items(name, message.sets, &mut |number, set| {
        let part = Part { member: name.into(), sheet: format!("#/dataSets/{number}/observations{{}}") };
        if sink.wants(&part) {
            let set: Set<'_> = parse(name, set)?;
            let structure = structure(name, message, set.structure)?;
            Reading::new(&part, &structure, limits, sink)?.set(&set)?;
        }
        Ok(())
    })
}

fn parse<'a, T: Deserialize<'a>>(name: &str, value: &'a RawValue) -> Result<T, DecodeError> {
    serde_json::from_str(value.get()).map_err(|error| DecodeError::broken(Defect::Json, name, error))
}

/// The structure of a set: the only one of version 1, one of a list in version 2.
fn structure(name: &str, message: &Message<'_>, number: usize) -> Result<Structure, DecodeError> {
    let wrong = |reason: String| DecodeError::new(Defect::Dimensions, name, reason);
    let read = |text: &str| serde_json::from_str(text).map_err(|error| wrong(error.to_string()));
    if json::kind(message.structure) == json::Kind::Object {
        return read(message.structure.get());
    }
    let list: Vec<&RawValue> = parse(name, message.structure)?;
    let found = list.get(number).ok_or_else(|| wrong(format!("structure {number} of {}", list.len())))?;
    read(found.get())
}

/// A set being read into rows.
struct Reading<'a> {
    part: &'a Part,
    structure: &'a Structure,
    limits: &'a Limits,
    sink: &'a mut dyn Sink,
    cells: Vec<String>,
    rows: u32,
}

impl<'a> Reading<'a> {
    fn new(
        part: &'a Part,
        structure: &'a Structure,
        limits: &'a Limits,
        sink: &'a mut dyn Sink,
    ) -> Result<Self, DecodeError> {
        let Structure { dimensions, attributes } = structure;
        let lists = [dimensions, attributes].map(|of| [&of.set, &of.series, &of.observation]);
        let mut header = Vec::new();
        for component in lists.into_iter().flatten().flatten() {
            header.extend([component.id.clone(), format!("{}/label", component.id)]);
        }
        header.push("OBS_VALUE".into());
        if header.len() > limits.columns as usize {
            return Err(DecodeError::columns(&part.member, limits));
        }
        sink.row(part, Row { number: 0, cells: &header })?;
        Ok(Self { part, structure, limits, sink, cells: vec![String::new(); header.len()], rows: 0 })
    }

    fn set(mut self, set: &Set<'_>) -> Result<(), DecodeError> {
        let structure = self.structure;
        let (dimensions, attributes) = (&structure.dimensions, &structure.attributes);
        // A dimension of the whole set has one value.
        let only = vec![Some(0); dimensions.set.len()];
        let after = self.fill(0, &dimensions.set, &only)?;
        let first = after + 2 * (dimensions.series.len() + dimensions.observation.len());
        let marks = self.fill(first, &attributes.set, &set.attributes)?;
        if let Some(observations) = set.observations {
            self.observations(observations, after, marks)?;
        }
        let Some(series) = set.series else { return Ok(()) };
        let name = self.part.member.clone();
        json::members(&name, series, &mut |key, series| {
            let series: Series<'_> = parse(&name, series)?;
            let after =
                self.fill(after, &dimensions.series, &places(&name, &key, dimensions.series.len())?)?;
            let marks = self.fill(marks, &attributes.series, &series.attributes)?;
            self.observations(series.observations, after, marks)
        })
    }

    /// Reads observations whose dimensions begin at column `start` and whose attributes begin at column `marks`.
    fn observations(&mut self, all: &RawValue, start: usize, marks: usize) -> Result<(), DecodeError> {
        let structure = self.structure;
        let name = self.part.member.clone();
        json::members(&name, all, &mut |key, observation| {
            let dimensions = &structure.dimensions.observation;
            self.fill(start, dimensions, &places(&name, &key, dimensions.len())?)?;
            let (mut value, mut attributes) = (String::new(), Vec::new());
            json::items(&name, observation, &mut |place, item| {
                let text = json::text(&name, item)?;
                match place {
                    0 => value = text,
                    _ => attributes.push(text.parse().ok()),
                }
                Ok(())
            })?;
            let known = &structure.attributes.observation;
            self.fill(marks, known, &aligned(known, attributes))?;
            *self.cells.last_mut().expect("a column for the value") = value;
            self.rows += 1;
            if u64::from(self.rows) * self.cells.len() as u64 > self.limits.cells {
                return Err(DecodeError::cells(&name, self.limits));
            }
            self.sink.row(self.part, Row { number: self.rows, cells: &self.cells })
        })
    }

    /// Writes codes and labels from column `start` on, and returns the column behind them.
    fn fill(
        &mut self,
        start: usize,
        of: &[Component],
        places: &[Option<usize>],
    ) -> Result<usize, DecodeError> {
        for (number, component) in of.iter().enumerate() {
            let place = places.get(number).copied().flatten();
            let coded = place.map(|place| {
                component.values.get(place).ok_or_else(|| {
                    let reason = format!("`{}` has no value {place}", component.id);
                    DecodeError::new(Defect::Dimensions, &self.part.member, reason)
                })
            });
            let (id, label) = match coded.transpose()? {
                Some(Coded { id, name }) => (id.as_str(), name.as_str()),
                None => ("", ""),
            };
            id.clone_into(&mut self.cells[start + number * 2]);
            label.clone_into(&mut self.cells[start + number * 2 + 1]);
        }
        Ok(start + of.len() * 2)
    }
}

/// The attributes of an observation by the components they are of: some servers leave those without values out of the list.
fn aligned(of: &[Component], places: Vec<Option<usize>>) -> Vec<Option<usize>> {
    if places.len() >= of.len() {
        return places;
    }
    let mut given = places.into_iter();
    of.iter()
        .map(|component| if component.values.is_empty() { None } else { given.next().flatten() })
        .collect()
}

/// The places in a key such as `16:78:3`.
fn places(name: &str, key: &str, wanted: usize) -> Result<Vec<Option<usize>>, DecodeError> {
    let steps = key.split(':').take(wanted + 1).map(|place| place.parse().ok().map(Some));
    let read: Option<Vec<Option<usize>>> = steps.collect();
    read.filter(|places| places.len() == wanted).ok_or_else(|| {
        let key: String = key.chars().take(KEY).collect();
        let reason = format!("the key `{key}` does not name a place in each of {wanted} dimensions");
        DecodeError::new(Defect::Dimensions, name, reason)
    })
}
