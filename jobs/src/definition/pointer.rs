//! A JSON pointer in a definition, with `*` for any index.

use serde::{Deserialize, Deserializer, de::Error};

/// Where records stand in a JSON document. `*` is any index of a list, or the one object that stands in a list's place.
/// Source: RFC 6901.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pointer(Vec<String>);

impl Pointer {
    /// Returns true if `place`, a pointer, is meant.
    pub fn is(&self, place: &str) -> bool {
        let steps: Vec<&str> = place.split('/').skip(1).collect();
        fits(&self.0, &steps)
    }
}

fn fits(wanted: &[String], steps: &[&str]) -> bool {
    match (wanted, steps) {
        ([], []) => true,
        ([any, wanted @ ..], [step, rest @ ..]) if any == "*" && is_index(step) => fits(wanted, rest),
        ([any, wanted @ ..], steps) if any == "*" => fits(wanted, steps),
        ([name, wanted @ ..], [step, rest @ ..]) => name == step && fits(wanted, rest),
        _ => false,
    }
}

fn is_index(step: &str) -> bool {
    !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit())
}

impl<'de> Deserialize<'de> for Pointer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if !text.is_empty() && !text.starts_with('/') {
            return Err(D::Error::custom(format!(
                "`{text}` is no JSON pointer: it is empty or begins with /"
            )));
        }
        Ok(Self(text.split('/').skip(1).map(ToOwned::to_owned).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_any_index_or_an_object_in_place_of_a_list() {
        let pointer: Pointer = serde_json::from_str(r#""/Results/series/*/data""#).unwrap();
        assert!(pointer.is("/Results/series/12/data"));
        assert!(pointer.is("/Results/series/data"));
        assert!(!pointer.is("/Results/series/12"));
        assert!(!pointer.is("/Results/series/x/data"));
        let root: Pointer = serde_json::from_str(r#""""#).unwrap();
        assert!(root.is("") && !root.is("/0"));
        assert!(serde_json::from_str::<Pointer>(r#""rows""#).is_err());
    }
}
