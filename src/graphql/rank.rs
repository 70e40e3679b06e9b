//! Where an amount falls among the published percentiles.

use async_graphql::SimpleObject;
use entity::FigureKind;

use super::band::SalaryBand;
use crate::pay::quantile::{Point, Rank};
use crate::text::money;

/// Where an amount falls among the published percentiles of a band; bounds are respected.
#[derive(Clone, SimpleObject)]
#[graphql(serial)]
pub(super) struct PayRank {
    /// The highest published percentile whose pay is surely no more than the amount; null where none is.
    above: Option<i32>,
    /// The lowest published percentile whose pay is surely more than the amount; null where none is.
    below: Option<i32>,
    /// As a person would say it: above the 75th; the 90th is at least $239,200.
    text: String,
    /// The band it is ranked in.
    band: SalaryBand,
}

impl PayRank {
    /// Says where an amount falls.
    pub(super) fn new(amount: i64, rank: Rank, band: SalaryBand, currency: &str) -> Self {
        let percent = |point: Option<Point>| point.map(|point| i32::from(point.percent));
        let text = words(amount, &rank, currency);
        Self { above: percent(rank.above), below: percent(rank.below), text, band }
    }

    /// Says why nothing can be said.
    pub(super) fn silent(text: String, band: SalaryBand) -> Self {
        Self { above: None, below: None, text, band }
    }
}

/// Says where an amount falls among percentiles of which there is at least one.
fn words(amount: i64, rank: &Rank, currency: &str) -> String {
    let pay = |point: &Point| money(point.amount, currency);
    let named = |point: &Point| format!("the {}", ordinal(point.percent));
    let bound = |point: &Point| {
        let side = if point.kind == FigureKind::AtLeast { "at least" } else { "at most" };
        format!("{} is {side} {}", named(point), pay(point))
    };
    let with_pay = |word: &str, point: &Point| format!("{word} {} ({})", named(point), pay(point));
    let bounded = rank.open.or(rank.below.filter(|point| point.kind != FigureKind::Exact));
    let below = rank.below.filter(|point| point.kind == FigureKind::Exact);
    let above = rank.above.map(|point| match (point.kind, bounded) {
        (FigureKind::Exact, _) if point.amount == amount => with_pay("at", &point),
        (FigureKind::Exact, None) => with_pay("above", &point),
        _ => format!("above {}", named(&point)),
    });
    let parts = above.into_iter().chain(below.map(|point| with_pay("below", &point)));
    let said = parts.collect::<Vec<_>>().join(" and ");
    match (said.is_empty(), bounded) {
        (true, Some(point)) => bound(&point),
        (_, None) => said,
        (false, Some(point)) => format!("{said}; {}", bound(&point)),
    }
}

fn ordinal(percent: u8) -> String {
    let ending = match (percent % 100, percent % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{percent}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rank_reads_as_a_person_would_say_it() {
        let (exact, least) = (FigureKind::Exact, FigureKind::AtLeast);
        let point = |percent, kind, amount| Some(Point { percent, kind, amount });
        let said = |above, below, open| words(18_000_000, &Rank { above, below, open }, "USD");
        assert_eq!(
            said(point(75, exact, 17_000_000), None, point(90, least, 23_920_000)),
            "above the 75th; the 90th is at least $239,200"
        );
        assert_eq!(
            said(point(75, exact, 17_000_000), point(90, least, 23_920_000), None),
            "above the 75th; the 90th is at least $239,200"
        );
        assert_eq!(
            said(point(25, exact, 10_305_000), point(50, exact, 13_308_000), None),
            "above the 25th ($103,050) and below the 50th ($133,080)"
        );
        assert_eq!(said(None, point(10, exact, 5_000_000), None), "below the 10th ($50,000)");
        assert_eq!(said(point(90, exact, 5_000_000), None, None), "above the 90th ($50,000)");
        assert_eq!(
            said(point(50, exact, 18_000_000), point(75, exact, 21_228_000), None),
            "at the 50th ($180,000) and below the 75th ($212,280)"
        );
        assert_eq!(
            said(point(75, exact, 18_000_000), point(90, least, 23_920_000), None),
            "at the 75th ($180,000); the 90th is at least $239,200"
        );
        assert_eq!([1, 2, 3, 11, 90].map(ordinal), ["1st", "2nd", "3rd", "11th", "90th"]);
    }
}
