//! How publishers found their own projections to have turned out.

use std::sync::LazyLock;

use jobs::rules::TRACK_RECORD;
use serde::Deserialize;

/// A publisher's evaluation of one of its cycles. All numbers are percents.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Evaluation {
    sources: Vec<String>,
    /// The cycle: 2008-18.
    pub cycle: String,
    /// Of the occupations, how many grew or shrank as projected.
    pub direction_right: f64,
    /// Growth of all occupations together as projected.
    pub projected_average: f64,
    /// Growth of all occupations together as it came.
    pub actual_average: f64,
    /// Of the occupations projected to grow faster than all together, how many did.
    pub faster_right: f64,
    /// Where the publisher says so.
    pub evidence: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    #[serde(rename = "evaluation")]
    evaluations: Vec<Evaluation>,
}

static RULES: LazyLock<Rules> =
    LazyLock::new(|| toml::from_str(TRACK_RECORD).expect("the compiled-in rules are well formed"));

/// Returns the newest evaluation of a source's projections; `None` where its publisher's is not known.
pub fn of(source: &str) -> Option<&'static Evaluation> {
    let of_source = |evaluation: &&Evaluation| evaluation.sources.iter().any(|known| known == source);
    RULES.evaluations.iter().filter(of_source).max_by(|a, b| a.cycle.cmp(&b.cycle))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_publisher_that_evaluated_itself_is_quoted_and_no_other_is() {
        let found = of("bls-ep").unwrap();
        assert_eq!(
            (found.cycle.as_str(), found.direction_right, found.faster_right),
            ("2008-18", 78.0, 52.0)
        );
        assert!(found.projected_average > found.actual_average && found.evidence.len() > 30);
        assert!(of("career-page").is_none());
    }
}
