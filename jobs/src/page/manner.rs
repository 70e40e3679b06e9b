//! How a sentence states a figure: outright, as a limit, or as what it is not.

use std::{cmp::Ordering, sync::LazyLock};

use regex::Regex;

use super::pattern;

/// What the words around a figure make of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Manner {
    /// The figure is a limit of what is meant: more than $100,000.
    pub limit: Option<Limit>,
    /// The sentence says that it is not so: was not $100,000.
    pub denied: bool,
}

/// On which side of a stated figure the one that is meant lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// More than it.
    Above,
    /// It or more.
    AtLeast,
    /// Less than it.
    Below,
    /// It or less.
    AtMost,
}

static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    let above = "more than|greater than|higher than|over|above|exceed(?:s|ed|ing)?|in excess of|upwards? of";
    let least = "at least|(?:no|not) (?:less|lower|fewer) than|not (?:under|below)";
    let below = "less than|lower than|fewer than|under|below";
    let most = "at most|(?:no|not) (?:more|higher|greater) than|not (?:over|above)";
    let rough = "about|around|roughly|approximately|nearly|an?|the|an? whopping";
    pattern(&format!(
        r"(?i)\b(?:(?P<least>{least})|(?P<most>{most})|(?P<above>{above})|(?P<below>{below}))(?: (?:{rough}))?\W*$"
    ))
});

static BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    let more = r"\+| or (?:more|higher|above|over)\b| and (?:up|above)\b";
    let less = r" or (?:less|lower|fewer|below|under)\b| and below\b";
    let period = r"(?: (?:per|an?|each|every) \w+|/\w+)?";
    pattern(&format!(r"(?i)^{period}(?:(?P<least>{more})|(?P<most>{less}))"))
});

/// A word that denies, or one that looks like it.
static NOT: LazyLock<Regex> = LazyLock::new(|| {
    let no_denial = "not (?:only|just|merely|including|counting|adjusted|surprisingly|(?:less|lower|fewer|more|higher|greater) than|under|over|below|above)";
    let denial = r"\w+n['’]t|not|never|neither|nor|cannot|no longer|false|untrue|myth";
    pattern(&format!(r"(?i)\b(?:{no_denial}|(?P<denial>{denial}))\b"))
});

/// What ends the part of a sentence that a word denies.
static END: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)[,;:]\s|\b(?:but|while|whereas|although|because|so)\b"));

impl Manner {
    /// Reads the words before a figure, from where they begin to be its own, and those right behind it.
    pub(super) fn of(before: &str, behind: &str) -> Self {
        Self { limit: Limit::of(before, behind), denied: is_denied(before) }
    }

    /// Returns whether the figure is meant as it stands.
    pub fn is_plain(self) -> bool {
        self == Self::default()
    }
}

/// "Was not $100,000", "was not, in May 2024, $100,000"; what is denied in another part of the sentence is something else.
fn is_denied(before: &str) -> bool {
    let mut denials = NOT.captures_iter(before).filter_map(|found| found.name("denial"));
    denials.any(|denial| {
        let rest = before[denial.end()..].trim_start_matches('*');
        let aside = rest.strip_prefix(',').and_then(|aside| aside.split_once(", "));
        !END.is_match(aside.map_or(rest, |(_, rest)| rest))
    })
}

impl Limit {
    fn of(before: &str, behind: &str) -> Option<Self> {
        if let Some(found) = BEFORE.captures(before) {
            let named = |name: &str| found.name(name).is_some();
            return Some(match () {
                () if named("least") => Self::AtLeast,
                () if named("most") => Self::AtMost,
                () if named("above") => Self::Above,
                () => Self::Below,
            });
        }
        let found = BEHIND.captures(behind)?;
        Some(if found.name("most").is_some() { Self::AtMost } else { Self::AtLeast })
    }

    /// Returns where the words before a figure that set a limit begin.
    pub(super) fn begins(before: &str) -> Option<usize> {
        BEFORE.find(before).map(|found| found.start())
    }

    /// Returns whether it is a limit from below.
    pub fn is_lower(self) -> bool {
        matches!(self, Self::Above | Self::AtLeast)
    }

    /// Returns whether a figure lies on the right side of the limit.
    pub fn admits<T: Ord>(self, figure: &T, limit: &T) -> bool {
        match figure.cmp(limit) {
            Ordering::Less => !self.is_lower(),
            Ordering::Equal => matches!(self, Self::AtLeast | Self::AtMost),
            Ordering::Greater => self.is_lower(),
        }
    }

    /// Returns the limit of a decline, whose percentages are below zero.
    #[must_use]
    pub fn of_a_decline(self) -> Self {
        match self {
            Self::Above => Self::Below,
            Self::AtLeast => Self::AtMost,
            Self::Below => Self::Above,
            Self::AtMost => Self::AtLeast,
        }
    }

    /// Returns the words for it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Above => "more than",
            Self::AtLeast => "at least",
            Self::Below => "less than",
            Self::AtMost => "at most",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_beside_a_figure_make_it_a_limit() {
        for (before, behind, limit) in [
            ("The median wage is more than ", " a year", Some(Limit::Above)),
            ("The median wage is over about ", " a year", Some(Limit::Above)),
            ("They earn no less than ", " a year", Some(Limit::AtLeast)),
            ("They earn not more than ", " a year", Some(Limit::AtMost)),
            ("Pay is under **", "** a year", Some(Limit::Below)),
            ("Pay is ", " a year or more", Some(Limit::AtLeast)),
            ("Pay is ", "+ a year", Some(Limit::AtLeast)),
            ("Pay is ", " or less", Some(Limit::AtMost)),
            ("More than half of them earn ", " a year", None),
            ("Over the year pay was ", ", or more in Maine", None),
        ] {
            assert_eq!(Limit::of(before, behind), limit, "{before}…{behind}");
        }
    }

    #[test]
    fn a_denial_is_one_of_the_figure_itself() {
        for denied in [
            "The median pay was **not** ",
            "The median pay wasn't ",
            "The median pay was not, in May 2024, ",
            "It is false that the median pay is ",
        ] {
            assert!(Manner::of(denied, "").denied, "{denied}");
        }
        for said in [
            "Nurses do not need a degree, and earn a median of ",
            "They not only earn a median of ",
            "The median pay, not including bonuses, is ",
            "The median pay is not less than ",
        ] {
            assert!(!Manner::of(said, "").denied, "{said}");
        }
    }

    #[test]
    fn a_limit_admits_one_side() {
        assert!(Limit::Above.admits(&2, &1) && !Limit::Above.admits(&1, &1) && Limit::AtLeast.admits(&1, &1));
        assert!(Limit::Below.admits(&1, &2) && !Limit::Below.admits(&2, &2) && Limit::AtMost.admits(&2, &2));
        assert!(Limit::Above.of_a_decline().admits(&-2, &-1));
    }
}
