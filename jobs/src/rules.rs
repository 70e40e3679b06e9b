//! Rules that are data: compiled-in texts of `jobs/rules`, each entry with its source. Who applies a rule reads its text.

/// What the words for growth mean, cycle by cycle.
pub const GROWTH_CATEGORIES: &str = include_str!("../rules/growth-categories.toml");

/// How words of job titles are read: short forms, other languages, seniority, noise.
pub const TITLES: &str = include_str!("../rules/titles.toml");

/// What keeps the pay of one release from being compared with the next.
pub const COMPARABILITY: &str = include_str!("../rules/comparability.toml");

/// How publishers found their own projections to have turned out.
pub const TRACK_RECORD: &str = include_str!("../rules/track-record.toml");

/// Words by which a figure of a sentence is none of everybody in one known place.
pub const SENTENCES: &str = include_str!("../rules/sentences.toml");

/// Countries whose parities of purchasing power are in other money than pay there.
pub const PARITIES: &str = include_str!("../rules/parities.toml");
