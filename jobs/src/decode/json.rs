//! JSON: every array of objects is a table, its records are rows. What is nested in a record becomes columns named by
//! their path, such as `Projections/0/Base`; numbers stay as written. What holds it has a column too, in which stands only that
//! it is an object or a list: where a number belongs, that is none.
//!
//! A record also has the single values of the objects around it, in columns named by their own JSON pointer with `*`
//! for an index: `/Results/series/*/seriesID`. Nothing is kept but the text itself and one row.

use std::collections::HashMap;

use serde_json::value::RawValue;

use super::{DecodeError, Defect, Limits, Part, Row, Shape, Sink, json_stat, sdmx};

mod value;

pub(crate) use value::{Kind, at, items, kind};
pub(super) use value::{members, text};

/// Reads a document: JSON-stat, SDMX-JSON, or records.
pub(super) fn read(
    name: &str,
    bytes: &[u8],
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), DecodeError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| DecodeError::broken(Defect::Json, name, error))?;
    let values = values(name, text, limits.depth)?;
    let root: &RawValue =
        serde_json::from_str(text).map_err(|error| DecodeError::broken(Defect::Json, name, error))?;
    let (cube, message) = (json_stat::is(root), sdmx::find(root));
    if (cube || message.is_some()) && values > limits.cube_values {
        let most = format!("{} values; take it as CSV, or in parts", limits.cube_values);
        return Err(DecodeError::beyond(Defect::Cells, name, most));
    }
    if cube {
        return json_stat::read(name, root, limits, sink);
    }
    if let Some(message) = message {
        return sdmx::read(name, &message, limits, sink);
    }
    Walk { name, limits, sink, around: Vec::new() }.value(root, "#")
}

/// Refuses a text that is nested deeper than `most`, before anything recurses into it, and returns how many values it has, about: one
/// more with every comma and bracket.
fn values(name: &str, text: &str, most: usize) -> Result<u64, DecodeError> {
    let (mut depth, mut values, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        values += u64::from(!quoted && matches!(byte, b',' | b'{' | b'['));
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => depth += 1,
            b'}' | b']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > most {
            let reason = format!("it is nested deeper than {most} levels");
            return Err(DecodeError::new(Defect::Deep, name, reason));
        }
    }
    Ok(values)
}

/// On the way through a document.
struct Walk<'a> {
    name: &'a str,
    limits: &'a Limits,
    sink: &'a mut dyn Sink,
    /// The objects around the value being looked at, with their places.
    around: Vec<(String, &'a RawValue)>,
}

impl<'a> Walk<'a> {
    /// Looks for tables in `value`, which stands at `place`.
    fn value(&mut self, value: &'a RawValue, place: &str) -> Result<(), DecodeError> {
        let kind = kind(value);
        if kind == Kind::Single || value.get()[1..].trim_start() == "]" {
            return Ok(());
        }
        let part = Part { member: self.name.into(), sheet: place.into() };
        match self.sink.takes(&part) {
            Some(Shape::Members) if kind == Kind::Object => {
                let part = Part { sheet: format!("{place}{{}}"), ..part };
                return if self.sink.wants(&part) {
                    self.table(&part, value, Shape::Members)
                } else {
                    Ok(())
                };
            }
            Some(_) if self.sink.wants(&part) => return self.table(&part, value, Shape::Items),
            None if kind == Kind::Array && of_objects(self.name, value)? && self.sink.wants(&part) => {
                return self.table(&part, value, Shape::Items);
            }
            _ => {}
        }
        if kind == Kind::Object {
            self.around.push((place.to_owned(), value));
            members(self.name, value, &mut |key, inner| {
                self.value(inner, &format!("{place}/{}", escape(&key)))
            })?;
            self.around.pop();
            return Ok(());
        }
        items(self.name, value, &mut |index, inner| self.value(inner, &format!("{place}/{index}")))
    }

    /// Gives a table to the sink: its columns in order of their first appearance, then its records.
    fn table(&mut self, part: &Part, value: &'a RawValue, shape: Shape) -> Result<(), DecodeError> {
        let mut columns = Columns::new(part, self.limits);
        let mut fixed = Vec::new();
        for (place, object) in &self.around {
            let place = pattern(place);
            members(self.name, object, &mut |key, inner| {
                if kind(inner) == Kind::Single {
                    columns.place(&format!("{place}/{}", escape(&key)))?;
                    fixed.push(columns.cell(text(self.name, inner)?)?);
                }
                Ok(())
            })?;
        }
        let mut path = String::new();
        let mut alone = false;
        records(self.name, value, shape, &mut |_, key, record| {
            alone |= kind(record) == Kind::Single;
            key.map_or(Ok(0), |_| columns.place(KEY))?;
            flatten(self.name, record, &mut path, &mut |name, _| columns.place(name).map(drop))
        })?;
        self.sink.row(part, Row { number: 0, cells: &columns.names })?;
        let mut cells = vec![String::new(); columns.names.len()];
        let mut filled = vec![false; cells.len()];
        records(self.name, value, shape, &mut |number, key, record| {
            columns.count(number)?;
            cells[..fixed.len()].clone_from_slice(&fixed);
            cells[fixed.len()..].iter_mut().for_each(String::clear);
            if let Some(key) = key {
                cells[columns.place(KEY)?] = columns.cell(key)?;
            }
            // Where other records are single values, one that is not stands in their column.
            if let (true, Some(nested)) = (alone, nested(kind(record))) {
                nested.clone_into(&mut cells[columns.place(VALUE)?]);
            }
            filled.fill(false);
            flatten(self.name, record, &mut path, &mut |name, text| {
                let place = columns.place(name)?;
                if std::mem::replace(&mut filled[place], true) {
                    return Err(columns.twice(name, number));
                }
                cells[place] = columns.cell(text)?;
                Ok(())
            })?;
            self.sink.row(part, Row { number, cells: &cells })
        })
    }
}

/// The column of a member's name, where members are records.
const KEY: &str = "key";
/// The column of a record that is a single value.
const VALUE: &str = "value";

/// Calls `take` with each record, its number and, where members are records, its name.
fn records<'a>(
    file: &str,
    value: &'a RawValue,
    shape: Shape,
    take: &mut dyn FnMut(u32, Option<String>, &'a RawValue) -> Result<(), DecodeError>,
) -> Result<(), DecodeError> {
    let mut number = 0_u32;
    match (kind(value), shape) {
        (Kind::Array, _) => items(file, value, &mut |_, record| {
            number = number.saturating_add(1);
            take(number, None, record)
        }),
        (Kind::Object, Shape::Members) => members(file, value, &mut |key, record| {
            number = number.saturating_add(1);
            take(number, Some(key), record)
        }),
        // One object where a list was promised is a list of one.
        _ => take(0, None, value),
    }
}

/// What stands in a cell for an object or a list.
fn nested(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Object => Some("{…}"),
        Kind::Array => Some("[…]"),
        Kind::Single => None,
    }
}

/// Calls `take` with the path and the text of every value in `value`.
fn flatten(
    file: &str,
    value: &RawValue,
    path: &mut String,
    take: &mut dyn FnMut(&str, String) -> Result<(), DecodeError>,
) -> Result<(), DecodeError> {
    let above = path.len();
    let step = |path: &mut String, name: &str| {
        if above > 0 {
            path.push('/');
        }
        path.push_str(name);
    };
    let kind = kind(value);
    if let Some(nested) = nested(kind).filter(|_| above > 0) {
        take(path, nested.to_owned())?;
    }
    match kind {
        Kind::Object => members(file, value, &mut |key, inner| {
            step(path, &escape(&key));
            let done = flatten(file, inner, path, take);
            path.truncate(above);
            done
        }),
        Kind::Array => items(file, value, &mut |index, inner| {
            step(path, &index.to_string());
            let done = flatten(file, inner, path, take);
            path.truncate(above);
            done
        }),
        Kind::Single => take(if path.is_empty() { VALUE } else { path }, text(file, value)?),
    }
}

/// The columns of one table, and how much it holds.
struct Columns<'a> {
    part: &'a Part,
    limits: &'a Limits,
    names: Vec<String>,
    places: HashMap<String, usize>,
}

impl<'a> Columns<'a> {
    fn new(part: &'a Part, limits: &'a Limits) -> Self {
        Self { part, limits, names: Vec::new(), places: HashMap::new() }
    }

    fn place(&mut self, name: &str) -> Result<usize, DecodeError> {
        if let Some(&place) = self.places.get(name) {
            return Ok(place);
        }
        if self.names.len() >= self.limits.columns as usize {
            return Err(DecodeError::columns(self.place_of(), self.limits));
        }
        self.names.push(name.to_owned());
        self.places.insert(name.to_owned(), self.names.len() - 1);
        Ok(self.names.len() - 1)
    }

    fn cell(&self, text: String) -> Result<String, DecodeError> {
        if text.len() > self.limits.cell_bytes {
            return Err(DecodeError::cell(self.place_of(), self.limits));
        }
        Ok(text)
    }

    fn count(&self, rows: u32) -> Result<(), DecodeError> {
        if u64::from(rows) * self.names.len() as u64 > self.limits.cells {
            return Err(DecodeError::cells(self.place_of(), self.limits));
        }
        Ok(())
    }

    fn twice(&self, name: &str, row: u32) -> DecodeError {
        let reason = format!("`{name}` stands twice in record {row} of {}", self.part.sheet);
        DecodeError::new(Defect::Twice, &self.part.member, reason)
    }

    fn place_of(&self) -> String {
        format!("{} {}", self.part.member, self.part.sheet)
    }
}

fn of_objects(file: &str, array: &RawValue) -> Result<bool, DecodeError> {
    let mut found = false;
    items(file, array, &mut |_, item| {
        found |= kind(item) == Kind::Object;
        Ok(())
    })?;
    Ok(found)
}

/// A member's name as a step of a JSON pointer. Source: RFC 6901, section 3.
fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// A place without `#` and with `*` for every index.
fn pattern(place: &str) -> String {
    let steps = place.trim_start_matches('#').split('/').map(|step| {
        let index = !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
        if index { "*" } else { step }
    });
    steps.collect::<Vec<_>>().join("/")
}
