//! One value of a JSON text, looked at without building a tree.

use std::fmt;

use serde::{
    Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::decode::{DecodeError, Defect};

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Object,
    Array,
    /// Text, number, truth value or null.
    Single,
}

/// Tells what `value` is.
pub(crate) fn kind(value: &RawValue) -> Kind {
    match value.get().as_bytes().first() {
        Some(b'{') => Kind::Object,
        Some(b'[') => Kind::Array,
        _ => Kind::Single,
    }
}

/// Returns a single value as text: a number as written, nothing for null.
pub(in crate::decode) fn text(file: &str, value: &RawValue) -> Result<String, DecodeError> {
    match value.get() {
        "null" => Ok(String::new()),
        quoted if quoted.starts_with('"') => {
            serde_json::from_str(quoted).map_err(|error| broken(file, &error))
        }
        plain => Ok(plain.to_owned()),
    }
}

/// Returns the value at a JSON pointer; the last of several members of one name. Source: RFC 6901, section 4.
pub(crate) fn at<'a>(root: &'a RawValue, pointer: &str) -> Option<&'a RawValue> {
    pointer.split('/').skip(1).try_fold(root, |value, step| {
        let step = step.replace("~1", "/").replace("~0", "~");
        let mut found = None;
        let read = match kind(value) {
            Kind::Object => members("", value, &mut |name, inner| {
                found = if name == step { Some(inner) } else { found };
                Ok(())
            }),
            Kind::Array => items("", value, &mut |index, inner| {
                found = if index.to_string() == step { Some(inner) } else { found };
                Ok(())
            }),
            Kind::Single => Ok(()),
        };
        read.ok().and(found)
    })
}

/// Calls `take` with the members of an object.
pub(in crate::decode) fn members<'a>(
    file: &str,
    object: &'a RawValue,
    take: &mut dyn FnMut(String, &'a RawValue) -> Result<(), DecodeError>,
) -> Result<(), DecodeError> {
    let mut each = Each { member: take, item: &mut |_, _| Ok(()), failed: None };
    let mut text = serde_json::Deserializer::from_str(object.get());
    let read = text.deserialize_map(&mut each);
    finish(file, read, each.failed)
}

/// Calls `take` with the items of an array and their indexes.
pub(crate) fn items<'a>(
    file: &str,
    array: &'a RawValue,
    take: &mut dyn FnMut(usize, &'a RawValue) -> Result<(), DecodeError>,
) -> Result<(), DecodeError> {
    let mut each = Each { member: &mut |_, _| Ok(()), item: take, failed: None };
    let mut text = serde_json::Deserializer::from_str(array.get());
    let read = text.deserialize_seq(&mut each);
    finish(file, read, each.failed)
}

fn finish(
    file: &str,
    read: Result<(), serde_json::Error>,
    failed: Option<DecodeError>,
) -> Result<(), DecodeError> {
    failed.map_or(Ok(()), Err)?;
    read.map_err(|error| broken(file, &error))
}

fn broken(file: &str, error: &serde_json::Error) -> DecodeError {
    DecodeError::broken(Defect::Json, file, error)
}

type Take<'f, 'a, K> = &'f mut dyn FnMut(K, &'a RawValue) -> Result<(), DecodeError>;

/// Hands values on as they are read.
struct Each<'f, 'a> {
    member: Take<'f, 'a, String>,
    item: Take<'f, 'a, usize>,
    failed: Option<DecodeError>,
}

impl Each<'_, '_> {
    fn note<E: Error>(&mut self, taken: Result<(), DecodeError>) -> Result<(), E> {
        taken.map_err(|error| {
            self.failed = Some(error);
            E::custom("not taken")
        })
    }
}

impl<'a> Visitor<'a> for &mut Each<'_, 'a> {
    type Value = ();

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("an object or an array")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some((key, value)) = map.next_entry::<String, &'a RawValue>()? {
            let taken = (self.member)(key, value);
            self.note(taken)?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut list: A) -> Result<(), A::Error> {
        let mut index = 0;
        while let Some(value) = list.next_element::<&'a RawValue>()? {
            let taken = (self.item)(index, value);
            self.note(taken)?;
            index += 1;
        }
        Ok(())
    }
}
