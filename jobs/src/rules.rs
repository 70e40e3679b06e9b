//! Rules that are data: compiled-in texts of `jobs/rules`, each entry with its source. Who applies a rule reads its text.

/// What the words for growth mean, cycle by cycle.
pub const GROWTH_CATEGORIES: &str = include_str!("../rules/growth-categories.toml");

/// How words of job titles are read: short forms, other languages, seniority, noise.
pub const TITLES: &str = include_str!("../rules/titles.toml");
