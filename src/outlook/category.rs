//! The word for a projection's growth, by the cut-offs of its own cycle.
//!
//! Cut-offs are whole percents, and publishers classify the percent they print. A release prints a decimal more: it is rounded
//! half away from zero, and one half exactly between two words gives none, since the publisher rounded a finer number.

use std::sync::LazyLock;

use entity::{GrowthCategory, growth_projection};
use jobs::rules::GROWTH_CATEGORIES;
use serde::Deserialize;

use crate::snapshot::{Catalog, Release};

/// The rules as they are written down.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    sources: Vec<String>,
    region: String,
    #[serde(rename = "cycle")]
    cycles: Vec<Cycle>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cycle {
    base: i16,
    target: i16,
    #[cfg_attr(not(test), expect(dead_code, reason = "for the reader of the file"))]
    evidence: String,
    zones: Vec<Zone>,
}

/// Whole percents that go by one word; an end that is not stated is open.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Zone {
    category: GrowthCategory,
    from: Option<i64>,
    through: Option<i64>,
}

static RULES: LazyLock<Rules> =
    LazyLock::new(|| toml::from_str(GROWTH_CATEGORIES).expect("the compiled-in rules are well formed"));

/// Returns the word for a projection's growth; `None` where its cycle, its publisher or its zone has no known rule.
pub fn of(catalog: &Catalog, release: &Release, row: &growth_projection::Model) -> Option<GrowthCategory> {
    let here = catalog.region(row.region_id)?;
    if here.row.code != RULES.region || !RULES.sources.contains(&release.source.key) {
        return None;
    }
    by_cycle(row.base_year, row.target_year, i64::from(row.change_percent?))
}

/// Returns the word for a percent, in thousandths, in the projections from `base` to `target`.
pub fn by_cycle(base: i16, target: i16, thousandths: i64) -> Option<GrowthCategory> {
    RULES.cycles.iter().find(|cycle| (cycle.base, cycle.target) == (base, target))?.category(thousandths)
}

impl Cycle {
    fn category(&self, thousandths: i64) -> Option<GrowthCategory> {
        let below = thousandths.div_euclid(1000);
        match thousandths.rem_euclid(1000) {
            0..500 => self.zone(below),
            500 => self.zone(below).filter(|word| self.zone(below + 1) == Some(*word)),
            _ => self.zone(below + 1),
        }
    }

    fn zone(&self, percent: i64) -> Option<GrowthCategory> {
        let within = |zone: &&Zone| {
            zone.from.is_none_or(|from| from <= percent) && zone.through.is_none_or(|end| percent <= end)
        };
        self.zones.iter().find(within).map(|zone| zone.category)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use GrowthCategory::{
        AsFastAsAverage, Decline, FasterThanAverage, LittleOrNoChange, MuchFasterThanAverage,
        SlowerThanAverage,
    };

    #[test]
    fn every_cut_off_of_every_known_cycle_divides_its_two_sides() {
        let whole = [
            MuchFasterThanAverage,
            FasterThanAverage,
            AsFastAsAverage,
            SlowerThanAverage,
            LittleOrNoChange,
            Decline,
        ];
        // The lowest whole percent of each word, from the publisher's tables.
        let tables: [(i16, &[i64]); 6] = [
            (2002, &[36, 21, 10, 3, 0]),
            (2006, &[21, 14, 7, 3, -2]),
            (2008, &[20, 14, 7, 3, -2]),
            (2012, &[22, 15, 8]),
            (2018, &[11, 7]),
            (2024, &[7, 5, 3, 1, 0]),
        ];
        assert_eq!(RULES.cycles.len(), tables.len());
        for (base, cut_offs) in tables {
            let word = |thousandths| by_cycle(base, base + 10, thousandths);
            for (place, cut) in cut_offs.iter().enumerate() {
                let known = cut_offs.len() == 5 || place + 1 < cut_offs.len();
                let below = known.then(|| whole[place + 1]);
                let at = cut * 1000;
                assert_eq!(word(at), Some(whole[place]), "{base}: {cut} percent");
                assert_eq!(word(at - 1000), below, "{base}: below {cut} percent");
                assert_eq!(word(at - 500), None, "{base}: half a percent below {cut}");
                assert_eq!(word(at - 499), Some(whole[place]), "{base}: just above the half");
                assert_eq!(word(at - 501), below, "{base}: just below the half");
            }
            assert_eq!(word(300_000), Some(MuchFasterThanAverage));
            assert_eq!(word(-80_000), (cut_offs.len() == 5).then_some(Decline));
        }
    }

    #[test]
    fn a_half_within_one_word_keeps_it() {
        assert_eq!(by_cycle(2024, 2034, 8_500), Some(MuchFasterThanAverage));
        assert_eq!(by_cycle(2024, 2034, 5_500), Some(FasterThanAverage));
        assert_eq!(by_cycle(2024, 2034, -7_500), Some(Decline));
        assert_eq!(by_cycle(2024, 2034, -500), None, "between no change and a decline of one percent");
    }

    #[test]
    fn a_cycle_without_a_rule_has_no_words() {
        for (base, target) in [(2019, 2029), (2020, 2030), (2016, 2026), (2024, 2029), (2023, 2033)] {
            assert_eq!(by_cycle(base, target, 21_500), None, "{base}-{target}");
        }
    }

    #[test]
    fn every_cycle_says_where_its_table_comes_from_and_no_zones_overlap() {
        for cycle in &RULES.cycles {
            assert!(cycle.evidence.len() > 30, "{}", cycle.base);
            for percent in -100..=100 {
                let words = cycle.zones.iter().filter(|zone| {
                    zone.from.unwrap_or(i64::MIN) <= percent && percent <= zone.through.unwrap_or(i64::MAX)
                });
                assert!(words.count() <= 1, "{}: {percent} percent", cycle.base);
            }
        }
    }
}
