//! JSON-stat 2.0: a cube in one list of values. Each value is a row with the code and the label of its place in every
//! dimension: `geo`, `geo/label`, …, `value`, `status`. Source: the JSON-stat 2.0 format, json-stat.org/full.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{DecodeError, Defect, Limits, Part, Row, Sink, json};

/// A dataset, as far as it is read.
#[derive(Deserialize)]
struct Dataset<'a> {
    id: Vec<String>,
    size: Vec<usize>,
    #[serde(borrow)]
    dimension: HashMap<String, Dimension<'a>>,
    value: &'a RawValue,
    #[serde(default)]
    status: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Dimension<'a> {
    #[serde(borrow)]
    category: Category<'a>,
}

#[derive(Deserialize)]
struct Category<'a> {
    #[serde(borrow, default)]
    index: Option<&'a RawValue>,
    #[serde(default)]
    label: HashMap<String, String>,
}

/// Returns true if a document says that it is a JSON-stat dataset.
pub(super) fn is(root: &RawValue) -> bool {
    #[derive(Deserialize)]
    struct Head<'a> {
        class: String,
        #[serde(borrow)]
        dimension: &'a RawValue,
        #[serde(borrow)]
        value: &'a RawValue,
    }
    serde_json::from_str::<Head<'_>>(root.get()).is_ok_and(|head| {
        json::kind(root) == json::Kind::Object
            && head.class == "dataset"
            && json::kind(head.dimension) == json::Kind::Object
            && json::kind(head.value) != json::Kind::Single
    })
}

/// Reads a dataset.
pub(super) fn read(
    name: &str,
    root: &RawValue,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), DecodeError> {
    let part = Part { member: name.into(), sheet: "#/value".into() };
    if !sink.wants(&part) {
        return Ok(());
    }
    let dataset: Dataset<'_> =
        serde_json::from_str(root.get()).map_err(|error| DecodeError::broken(Defect::Json, name, error))?;
    let axes = axes(name, &dataset, limits)?;
    let all = axes.iter().map(|axis| axis.categories.len() as u64).product::<u64>();
    let values = list(name, dataset.value, all)?;
    let status = dataset.status.map_or_else(|| Ok(BTreeMap::new()), |status| states(name, status, all))?;

    let mut header = Vec::new();
    for axis in &axes {
        header.extend([axis.id.clone(), format!("{}/label", axis.id)]);
    }
    header.extend(["value".to_owned(), "status".to_owned()]);
    sink.row(&part, Row { number: 0, cells: &header })?;

    let mut cells = vec![String::new(); header.len()];
    let mut places: Vec<u64> = values.keys().chain(status.keys()).copied().collect();
    places.sort_unstable();
    places.dedup();
    for place in places {
        let mut rest = place;
        for (axis, pair) in axes.iter().zip(cells.chunks_exact_mut(2)).rev() {
            let size = axis.categories.len() as u64;
            let (code, label) = &axis.categories[usize::try_from(rest % size).unwrap_or_default()];
            pair[0].clone_from(code);
            pair[1].clone_from(label);
            rest /= size;
        }
        let last = cells.len() - 2;
        cells[last] =
            values.get(&place).map_or_else(|| Ok(String::new()), |value| json::text(name, value))?;
        cells[last + 1] = status.get(&place).cloned().unwrap_or_default();
        sink.row(&part, Row { number: u32::try_from(place + 1).unwrap_or(u32::MAX), cells: &cells })?;
    }
    Ok(())
}

/// A dimension: its codes and labels in order.
struct Axis {
    id: String,
    categories: Vec<(String, String)>,
}

fn axes(name: &str, dataset: &Dataset<'_>, limits: &Limits) -> Result<Vec<Axis>, DecodeError> {
    let wrong = |reason: String| DecodeError::new(Defect::Dimensions, name, reason);
    if dataset.id.len() != dataset.size.len() || dataset.id.is_empty() {
        return Err(wrong(format!("{} dimensions and {} sizes", dataset.id.len(), dataset.size.len())));
    }
    let mut all = 1_u64;
    let mut axes = Vec::new();
    for (id, size) in dataset.id.iter().zip(&dataset.size) {
        let dimension = dataset.dimension.get(id).ok_or_else(|| wrong(format!("`{id}` is not described")))?;
        let categories = categories(name, &dimension.category)?;
        if categories.len() != *size || *size == 0 {
            return Err(wrong(format!("`{id}` has {} categories and size {size}", categories.len())));
        }
        all = all.saturating_mul(*size as u64);
        if all > limits.cells {
            return Err(DecodeError::beyond(Defect::Cells, name, format!("{} values", limits.cells)));
        }
        if axes.len() * 2 + 2 > limits.columns as usize {
            return Err(DecodeError::columns(name, limits));
        }
        axes.push(Axis { id: id.clone(), categories });
    }
    Ok(axes)
}

/// The codes of a dimension in order: a list, places by code, or the one code that has a label.
fn categories(name: &str, category: &Category<'_>) -> Result<Vec<(String, String)>, DecodeError> {
    let mut codes: Vec<(u64, String)> = Vec::new();
    match category.index {
        Some(index) if json::kind(index) == json::Kind::Array => {
            json::items(name, index, &mut |place, code| {
                codes.push((place as u64, json::text(name, code)?));
                Ok(())
            })?;
        }
        Some(index) => json::members(name, index, &mut |code, place| {
            codes.push((place.get().parse().unwrap_or(u64::MAX), code));
            Ok(())
        })?,
        None => codes.extend(category.label.keys().map(|code| (0, code.clone()))),
    }
    codes.sort_by_key(|(place, _)| *place);
    if codes.iter().zip(0..).any(|((place, _), wanted)| *place != wanted) {
        let reason = "the places of its categories have gaps";
        return Err(DecodeError::new(Defect::Dimensions, name, reason));
    }
    let labelled = codes.into_iter().map(|(_, code)| {
        let label = category.label.get(&code).cloned().unwrap_or_default();
        (code, label)
    });
    Ok(labelled.collect())
}

/// Values by place: a list of all, or the places that have one.
fn list<'a>(name: &str, values: &'a RawValue, all: u64) -> Result<BTreeMap<u64, &'a RawValue>, DecodeError> {
    let wrong = |reason: String| DecodeError::new(Defect::Dimensions, format!("{name} #/value"), reason);
    let mut found = BTreeMap::new();
    if json::kind(values) == json::Kind::Array {
        json::items(name, values, &mut |place, value| {
            found.insert(place as u64, value);
            Ok(())
        })?;
        if found.len() as u64 != all {
            return Err(wrong(format!("{} values, but the dimensions make {all}", found.len())));
        }
    } else {
        json::members(name, values, &mut |place, value| {
            let place = place.parse().ok().filter(|place| *place < all);
            found.insert(
                place.ok_or_else(|| wrong(format!("a place beyond the {all} of the dimensions")))?,
                value,
            );
            Ok(())
        })?;
    }
    Ok(found)
}

/// States by place: as values, or one for all values, which is none of a single one.
fn states(name: &str, status: &RawValue, all: u64) -> Result<BTreeMap<u64, String>, DecodeError> {
    if json::kind(status) == json::Kind::Single {
        return Ok(BTreeMap::new());
    }
    let mut found = BTreeMap::new();
    for (place, state) in list(name, status, all)? {
        let text = json::text(name, state)?;
        if !text.is_empty() {
            found.insert(place, text);
        }
    }
    Ok(found)
}
