//! A number is never bare: amount, kind, basis and words.

use async_graphql::{Object, Value, parser::types::Field, resolver_utils::enum_value};
use entity::FigureKind as Kind;

use super::{
    at_hand::AtHand,
    enums::{FigureBasis, FigureKind},
    scalars::Number,
};
use crate::{
    pay::{Refusal, Shown},
    text::{grouped, money},
};

/// An amount of pay, or why there is none.
#[derive(Clone, Copy, Debug)]
pub(super) struct PayFigure {
    minor: Option<i64>,
    kind: Kind,
    basis: FigureBasis,
    refused: Option<Refusal>,
    currency: [u8; 3],
    more_than: bool,
}

impl PayFigure {
    /// Makes the figure of `minor` units of `currency`. `bound_words` say how the publisher words a bound.
    pub(super) fn new((kind, minor): (Kind, Option<i64>), currency: &str, bound_words: &str) -> Self {
        let mut code = *b"XXX";
        code.iter_mut().zip(currency.bytes()).for_each(|(to, from)| *to = from);
        let (basis, more_than) = (FigureBasis::Published, bound_words == "more than");
        Self { minor, kind, basis, refused: None, currency: code, more_than }
    }

    /// Makes the figure of a cell as a view shows it.
    pub(super) fn shown(shown: &Shown, cell: (Kind, Option<i64>), bound_words: &str) -> Self {
        let (kind, minor, refused) = shown.cell(cell);
        let stepped = minor.is_some() && shown.conversion.as_ref().is_ok_and(|how| !how.is_identity());
        let basis = if stepped { FigureBasis::Converted } else { FigureBasis::Published };
        Self { basis, refused, ..Self::new((kind, minor), shown.currency(), bound_words) }
    }

    /// Makes the figure of an amount that nobody published.
    pub(super) fn modelled(minor: i64, currency: &str) -> Self {
        Self { basis: FigureBasis::Modelled, ..Self::new((Kind::Exact, Some(minor)), currency, "") }
    }

    fn major(&self) -> Option<Number> {
        #[expect(clippy::cast_precision_loss, reason = "pay is far below 2^53 cents")]
        self.minor.map(|minor| Number(minor as f64 / 100.0))
    }

    fn shown_kind(&self) -> FigureKind {
        match self.refused {
            Some(why) if why.is_of_occupation() => FigureKind::NotApplicable,
            Some(_) => FigureKind::NotConvertible,
            None => self.kind.into(),
        }
    }

    pub(super) fn words(&self) -> String {
        let Some(minor) = self.minor else {
            return self.refused.map_or_else(|| reason(self.kind).to_owned(), |why| why.words());
        };
        let money = money(minor, str::from_utf8(&self.currency).unwrap_or_default());
        match self.kind {
            Kind::AtLeast if self.more_than => format!("more than {money}"),
            Kind::AtLeast => format!("{money} or more"),
            Kind::AtMost => format!("{money} or less"),
            Kind::Unreliable => format!("{money} (unreliable)"),
            _ => money,
        }
    }
}

/// An amount of pay, or why there is none.
#[Object(serial)]
impl PayFigure {
    /// In the band's currency per the band's period; null when `kind` names a reason.
    async fn amount(&self) -> Option<Number> {
        self.major()
    }
    /// What stands in the cell.
    async fn kind(&self) -> FigureKind {
        self.shown_kind()
    }
    /// How the number came about; PUBLISHED where there is none.
    async fn basis(&self) -> FigureBasis {
        self.basis
    }
    /// As a person would read it: $239,200 or more.
    async fn text(&self) -> String {
        self.words()
    }
}

impl AtHand for PayFigure {
    const NAME: &'static str = "PayFigure";

    fn at_hand(&self, field: &Field) -> Option<Value> {
        Some(match field.name.node.as_str() {
            "amount" => self.major().into(),
            "kind" => enum_value(self.shown_kind()),
            "basis" => enum_value(self.basis),
            "text" => self.words().into(),
            _ => return None,
        })
    }
}

/// Jobs or people: 1,693.8 thousand as printed is 1693800.
#[derive(Clone, Copy, Debug)]
pub(super) struct CountFigure {
    pub kind: Kind,
    pub count: Option<i64>,
}

/// Jobs or people: 1,693.8 thousand as printed is 1693800.
#[Object(serial)]
impl CountFigure {
    /// How many; null when `kind` names a reason.
    async fn count(&self) -> Option<Number> {
        self.number()
    }
    /// What stands in the cell.
    async fn kind(&self) -> FigureKind {
        self.kind.into()
    }
    /// As a person would read it: 1,693,800.
    async fn text(&self) -> String {
        self.words()
    }
}

impl AtHand for CountFigure {
    const NAME: &'static str = "CountFigure";

    fn at_hand(&self, field: &Field) -> Option<Value> {
        Some(match field.name.node.as_str() {
            "count" => self.number().into(),
            "kind" => enum_value(FigureKind::from(self.kind)),
            "text" => self.words().into(),
            _ => return None,
        })
    }
}

impl CountFigure {
    fn number(&self) -> Option<Number> {
        #[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^53 jobs")]
        self.count.map(|count| Number(count as f64))
    }

    pub(super) fn words(&self) -> String {
        self.count.map_or_else(|| reason(self.kind).to_owned(), grouped)
    }
}

fn reason(kind: Kind) -> &'static str {
    match kind {
        Kind::Suppressed => "withheld by the publisher",
        Kind::Unreliable => "too unreliable to publish",
        Kind::NotCollected => "not collected",
        Kind::NotApplicable => "not applicable",
        Kind::NotPublished | Kind::Exact | Kind::AtLeast | Kind::AtMost => "not published",
    }
}
#[cfg(test)]
mod tests {
    use super::*;

    fn pay(kind: Kind, minor: Option<i64>, currency: &str, words: &str) -> String {
        PayFigure::new((kind, minor), currency, words).words()
    }

    #[test]
    fn figures_read_as_a_person_would_say_them() {
        assert_eq!(pay(Kind::AtLeast, Some(23_920_000), "USD", "or more"), "$239,200 or more");
        assert_eq!(pay(Kind::AtLeast, Some(18_720_000), "USD", "more than"), "more than $187,200");
        assert_eq!(pay(Kind::Exact, Some(2_451), "USD", "or more"), "$24.51");
        assert_eq!(pay(Kind::Exact, Some(6_000_000), "CAD", "or more"), "CAD 60,000");
        assert_eq!(pay(Kind::Unreliable, Some(1_234_500), "GBP", "or more"), "£12,345 (unreliable)");
        assert_eq!(pay(Kind::Suppressed, None, "GBP", "or more"), "withheld by the publisher");
        assert_eq!(grouped(-28_700), "-28,700");
    }
}
