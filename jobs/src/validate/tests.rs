//! What holds a release, and what only warns.

use entity::{Cell, Classification, CountMarks, FigureKind, Marks, OccupationLevel, PayConcept, PayPeriod};

use super::*;
use crate::{
    definition::{Canary, Field, Figure, Sum},
    normalize::{Band, Counts, PartName, Position, PrintedOccupation, Projection, SegmentKey, Subject},
};

/// A release of one row for each list of cells.
fn release(rows: &[&[(Cell, i64)]]) -> Release {
    let mut release = Release::default();
    release.label = "2030".into();
    release.regions.push("US".into());
    release.parts.push(PartName { artifact: 0, member: String::new(), sheet: String::new() });
    release.counts.push(Counts { read: rows.len() as u64, loaded: rows.len() as u64, ..Counts::default() });
    for (row, cells) in (1..).zip(rows) {
        let code = format!("15-{row:04}");
        let printed = PrintedOccupation {
            classification: Classification::Soc2018,
            title: code.clone(),
            code,
            level: OccupationLevel::Detailed,
        };
        let subject = Subject::Occupation(release.occupation(printed));
        release.bands.push(band(subject, row, cells));
    }
    release
}

fn band(subject: Subject, row: u32, figures: &[(Cell, i64)]) -> Band {
    let (mut cells, mut marks) = ([None; 15], Marks::default());
    for (cell, amount) in figures {
        cells[cell.index()] = Some(*amount);
        marks = marks.with(*cell, FigureKind::Exact);
    }
    Band {
        subject,
        region: 0,
        segment: SegmentKey::default(),
        period: PayPeriod::Year,
        currency: "USD".into(),
        concept: PayConcept::Gross,
        cells,
        marks,
        mean_rse: None,
        location_quotient: None,
        jobs_per_thousand: None,
        sample_size: None,
        hours_per_year: Some(2080),
        cited_authority: None,
        locator: None,
        position: Position { part: 0, row },
        level: OccupationLevel::Detailed,
        stated: None,
    }
}

fn named<'c>(checks: &'c [Check], name: &str) -> &'c Check {
    checks.iter().find(|check| check.name == name).unwrap_or_else(|| panic!("{name} in {checks:?}"))
}

fn judged(release: &Release) -> Vec<Check> {
    validate(release, &Background::default())
}

#[test]
fn a_release_without_a_figure_is_held() {
    assert!(named(&judged(&release(&[&[(Cell::Median, 1)]])), "figures").passed);
    let mut bare = release(&[]);
    bare.counts[0].read = 9;
    let checks = judged(&bare);
    assert!(!named(&checks, "figures").passed && named(&checks, "rows").passed, "{checks:?}");
    // A page is about a role without any figure, but it hides no page that has some.
    bare.page = Some(Box::default());
    assert!(named(&judged(&bare), "figures").passed);
    let before = |figures| Background {
        before: Some(Size { rows: 9, figures, same_period: false }),
        ..Background::default()
    };
    assert!(named(&validate(&bare, &before(0)), "figures").passed);
    assert!(!named(&validate(&bare, &before(1)), "figures").passed);
}

#[test]
fn percentiles_that_cross_hold_a_release() {
    let good = release(&[&[(Cell::P10, 1), (Cell::Median, 2), (Cell::P90, 2)]]);
    assert!(named(&judged(&good), "percentile-order").passed);
    let crossed = release(&[&[(Cell::P10, 3), (Cell::Median, 2)]]);
    let checks = judged(&crossed);
    let check = named(&checks, "percentile-order");
    assert_eq!((check.passed, check.detail.as_str()), (false, "percentiles fall at row 1"));
}

#[test]
fn pay_of_another_unit_holds_a_release() {
    let level = |pay: Vec<(i64, i64)>| {
        let background = Background { pay, ..Background::default() };
        validate(&release(&[&[(Cell::Median, 1)]]), &background)
    };
    let passed = |checks: &[Check]| named(checks, "pay-level").passed;
    assert!(passed(&level(vec![(1000, 1100); 40])) && passed(&level(vec![])));
    let cents = level(vec![(1000, 10); 40]);
    assert_eq!(
        named(&cents, "pay-level").detail,
        "of 40 figures that both have, 40 are far from those of the release before, and the middle one is 0.0100 times as much; 3.0 \
         times as much, or as small a part, is believed at most, but of one in 20"
    );
    assert!(!passed(&level(vec![(1000, 12_000); 10])));
    let later = |years, stated| {
        let background = Background { pay: vec![(1000, stated); 10], years, ..Background::default() };
        passed(&validate(&release(&[&[(Cell::Median, 1)]]), &background))
    };
    assert!(later(3, 4500) && !later(3, 5000) && later(30, 9900) && !later(30, 12_000));
    // A few figures that leapt are the publisher's own, and a handful say nothing.
    let some = |leaps| {
        let mut some = vec![(1000, 1000); 38];
        some.extend(vec![(1000, 12_000); leaps]);
        passed(&level(some))
    };
    assert!(some(2) && !some(3) && passed(&level(vec![(1000, 12_000); 9])));
}

/// A release of 20 rows, each with these cells, after one that states so many amounts of this mean of a figure.
fn after(figure: Figure, amounts: u64, mean: f64, cells: &[(Cell, i64)]) -> Vec<Check> {
    let stated = [(figure, Stated { amounts, of: 20, mean })].into();
    let mut release = release(&[cells; 20]);
    release.asked.insert(figure);
    validate(&release, &Background { stated, ..Background::default() })
}

#[test]
fn amounts_that_are_gone_hold_a_release_though_its_rows_are_there() {
    let (median, mean) = (Figure::Cell(Cell::Median), &[(Cell::Mean, 1000)][..]);
    let told = |checks: &[Check]| named(checks, "amounts").detail.clone();
    assert_eq!(
        told(&after(median, 20, 1000.0, mean)),
        "amounts are gone: median: 0 of 20 where there were 20 of 20"
    );
    assert_eq!(told(&after(median, 20, 1000.0, &[(Cell::Median, 1)])), "");
    // In about as many bands, and only what is asked for.
    let background = |of| Background {
        stated: [(median, Stated { amounts: 20, of, mean: 1.0 })].into(),
        ..Background::default()
    };
    let rows: [&[(Cell, i64)]; 4] = [&[(Cell::Median, 1)], &[(Cell::Median, 1)], mean, mean];
    let mut half = release(&rows);
    assert_eq!(told(&validate(&half, &background(20))), "");
    half.asked.insert(median);
    let lost = "amounts are gone: median: 2 of 5 where there were 20 of 20";
    assert_eq!(told(&validate(&half, &background(20))), "");
    half.bands.push(half.bands[3].clone());
    assert_eq!(told(&validate(&half, &background(20))), lost);
    assert_eq!(told(&validate(&half, &background(30))), "");
}

#[test]
fn jobs_in_another_unit_hold_a_release() {
    let jobs = Figure::Cell(Cell::Employment);
    let passed =
        |mean, stated| named(&after(jobs, 20, mean, &[(Cell::Employment, stated)]), "count-level").passed;
    assert!(passed(1000.0, 29_000) && passed(29_000.0, 1000) && passed(0.0, 1000));
    assert!(!passed(1000.0, 1_000_000) && !passed(1_000_000.0, 1000));
    // Pay has a check of its own.
    let pay = Figure::Cell(Cell::Median);
    assert!(named(&after(pay, 20, 1.0, &[(Cell::Median, 1000)]), "count-level").passed);
}

#[test]
fn a_percent_that_is_a_share_holds_a_release() {
    let told = |base, target, percent| {
        let mut release = release(&[]);
        release.projections.push(Projection {
            subject: Subject::Role,
            region: 0,
            base_year: 2030,
            target_year: 2040,
            counts: [Some(base), Some(target), None, None, None, None],
            marks: CountMarks(0),
            change_percent: Some(percent),
            published_category: None,
            cited_authority: None,
            locator: None,
            position: Position { part: 0, row: 1 },
        });
        named(&judged(&release), "percent-against-jobs").passed
    };
    assert!(told(100_000, 117_900, 17_900) && told(100_000, 117_900, 18_300));
    assert!(!told(100_000, 117_900, 179) && !told(1_000_000, 1_179, 17_900));
    // Of few jobs, rounding says more than they do.
    assert!(told(100, 120, 30_000));
}

#[test]
fn pay_of_days_to_come_holds_a_release() {
    let mut release = release(&[&[(Cell::Median, 1)]]);
    [release.start, release.end] = ["2030-01-01", "2030-12-31"].map(|day| day.parse().unwrap());
    let on = |release: &Release, today: &str| {
        let background = Background { today: Some(today.parse().unwrap()), ..Background::default() };
        named(&validate(release, &background), "period").clone()
    };
    assert!(on(&release, "2030-01-01").passed);
    let early = on(&release, "2029-12-31");
    let told = "its pay is of 2030-01-01 to 2030-12-31, which had not begun on 2029-12-31";
    assert_eq!((early.passed, early.detail.as_str()), (false, told));
    release.bands.clear();
    assert!(on(&release, "2029-12-31").passed, "what is no pay may be of years to come");
}

#[test]
fn one_range_in_a_hundred_may_be_upside_down() {
    let good: &[(Cell, i64)] = &[(Cell::Low, 1), (Cell::Median, 2), (Cell::High, 3)];
    let bad: &[(Cell, i64)] = &[(Cell::Low, 3), (Cell::Median, 2), (Cell::High, 1)];
    let mut rows = vec![good; 199];
    rows.push(bad);
    let warned = judged(&release(&rows));
    let warned = named(&warned, "range-order");
    assert!(warned.passed && warned.detail.starts_with("1 of 200"), "{warned:?}");
    rows.extend([bad, bad]);
    assert!(!named(&judged(&release(&rows)), "range-order").passed);
}

#[test]
fn annual_pay_that_is_not_2080_hours_warns_up_to_one_in_a_hundred() {
    let mut release = release(&[]);
    for row in 1..=100 {
        let hourly = if row == 1 { 1_100 } else { 1_000 };
        release.bands.push(band(Subject::Role, row, &[(Cell::Median, 1_000 * 2080)]));
        let mut hour = band(Subject::Role, row, &[(Cell::Median, hourly)]);
        hour.period = PayPeriod::Hour;
        release.bands.push(hour);
    }
    let checks = judged(&release);
    let check = named(&checks, "annual-against-hourly");
    assert!(check.passed && check.detail.starts_with("1 of 100"), "{check:?}");
    release.bands[2].cells[Cell::Median.index()] = Some(1);
    assert!(!named(&judged(&release), "annual-against-hourly").passed);
}

#[test]
fn a_figure_a_person_read_must_be_in_its_release() {
    let mut release = release(&[&[(Cell::Median, 13_598_000)]]);
    let canary = |label: &str, printed: &str| Canary {
        label: label.into(),
        code: "15-0001".into(),
        region: "US".into(),
        period: Some(PayPeriod::Year),
        cells: [(Figure::Cell(Cell::Median), printed.to_owned())].into(),
    };
    release.canaries = vec![(canary("2030", "135,980"), 1)];
    assert!(named(&judged(&release), "canaries").passed);
    release.canaries = vec![(canary("2030", "135,990"), 1)];
    let checks = judged(&release);
    let check = named(&checks, "canaries");
    let told = "15-0001 US median should be 135,990 and reads 135980";
    assert_eq!((check.passed, check.detail.as_str()), (false, told));
    release.canaries[0].0.cells = [(Figure::Outlook(Field::BaseEmployment), "1,693".to_owned())].into();
    let checks = judged(&release);
    let told = "15-0001 US base-employment should be 1,693 and is not there";
    assert_eq!(named(&checks, "canaries").detail, told);
    release.canaries = vec![(canary("2029", "1"), 1)];
    assert!(judged(&release).iter().all(|check| check.name != "canaries"));
}

#[test]
fn a_published_total_is_the_sum_of_its_parts() {
    let jobs: [&[(Cell, i64)]; 3] =
        [&[(Cell::Employment, 1000)], &[(Cell::Employment, 600)], &[(Cell::Employment, 399)]];
    let mut release = release(&jobs);
    release.bands[0].level = OccupationLevel::Total;
    release.bands[1].level = OccupationLevel::Major;
    release.bands[2].level = OccupationLevel::Major;
    let sum = Sum { whole: OccupationLevel::Total, parts: OccupationLevel::Major, within_permille: 1 };
    release.expect.sum = Some(sum);
    assert!(named(&judged(&release), "published-totals").passed);
    release.bands[2].cells[Cell::Employment.index()] = Some(300);
    assert!(!named(&judged(&release), "published-totals").passed);
    release.bands[2].cells[Cell::Employment.index()] = None;
    release.bands[2].marks = Marks::default();
    assert!(named(&judged(&release), "published-totals").passed);
}
