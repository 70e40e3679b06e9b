//! Finds the header of a table and the columns of a layout in it.

use std::collections::{BTreeMap, HashMap, HashSet};

use entity::Cell;
use regex::Captures;

use crate::definition::{Field, Layout, Pattern, Series};

/// The period a file's name tells.
#[derive(Clone, Debug, Default)]
pub(super) struct Period {
    /// The year the figures refer to, or the first of a projection.
    pub year: i32,
    /// What stands for each `{name}` in a definition's texts.
    pub names: HashMap<&'static str, String>,
}

impl Period {
    /// Reads the period from the groups of a file pattern or, where it has none, from the release's own label.
    pub(super) fn from_name(layout: &Layout, path: &str, release: Option<&str>) -> Option<Self> {
        let mut period = Self::from_groups(&layout.file().captures(path)?);
        if let Some(release) = release {
            if period.names.is_empty()
                && let Some(told) = Self::from_words(layout, release)
            {
                period = told;
            }
            period.names.entry("release").or_insert_with(|| release.to_owned());
        }
        Some(period)
    }

    /// Reads the period from words above a table.
    pub(super) fn from_words(layout: &Layout, words: &str) -> Option<Self> {
        Some(Self::from_groups(&layout.title.as_ref()?.regex().captures(words)?))
    }

    /// Returns the period of one year.
    pub(super) fn of_year(year: i32) -> Self {
        let text = |year: i32| year.to_string();
        let names = [("year", text(year)), ("base", text(year)), ("prior", text(year - 1))];
        Self { year, names: names.into_iter().collect() }
    }

    /// Reads the period from the groups of a pattern. Names whose groups say nothing, or no year, are not filled.
    pub(super) fn from_groups(found: &Captures<'_>) -> Self {
        let group = |name| found.name(name).map(|found| found.as_str().to_owned());
        let printed =
            group("year").or_else(|| group("base")).or_else(|| group("yy").map(|yy| format!("20{yy}")));
        let known = printed.and_then(|printed| year(&printed));
        let mut period = known.map(Self::of_year).unwrap_or_default();
        let names = &mut period.names;
        for name in ["target", "title", "region", "revised"] {
            names.extend(group(name).map(|said| (name, said.replace('_', " "))));
        }
        if let (Some(major), Some(minor)) = (group("major"), group("minor")) {
            names.insert("release", format!("{major}.{minor}"));
        }
        period
    }

    /// Returns what the file's name says of every row.
    pub(super) fn said(&self, field: Field) -> &str {
        let name = match field {
            Field::Title => "title",
            Field::Region => "region",
            _ => return "",
        };
        self.names.get(name).map_or("", String::as_str)
    }

    /// Fills the names into `text`.
    pub(super) fn fill(&self, text: &str) -> String {
        self.names
            .iter()
            .fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }
}

/// Reads a year that figures may be of.
pub(super) fn year(printed: &str) -> Option<i32> {
    printed.parse().ok().filter(|year| (1900..=2200).contains(year))
}

/// Where each thing stands in a row.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    /// Fields, by column.
    pub fields: BTreeMap<Field, usize>,
    /// Cells of each band of the layout, by column.
    pub bands: Vec<Vec<(Cell, usize)>>,
    /// The column of the period that each band of the layout refers to.
    pub references: Vec<Option<usize>>,
    /// Columns of codes, from broad to fine.
    pub steps: Vec<usize>,
    /// Columns that name a region, its own name first.
    pub names: Vec<usize>,
    /// Columns that hold a point of a series each, with what their header says.
    pub points: Vec<(String, usize)>,
    /// How many columns the header has, blank ones at its end left out.
    pub width: usize,
    /// How many of them reach to the last one that is used.
    pub needed: usize,
    /// Headers that were asked for and are not there.
    pub missing: Vec<String>,
    /// Headers that nothing asks for.
    pub unused: Vec<String>,
}

impl Columns {
    /// Returns the columns if `rows` (the last is the newest read) end in the layout's header.
    pub(super) fn find(layout: &Layout, period: &Period, rows: &[Vec<String>]) -> Option<Self> {
        let spread = layout.header_merged.then(|| spread(rows));
        let rows = spread.as_deref().unwrap_or(rows);
        let bottom: Vec<String> = rows.last()?.iter().map(|cell| fold(cell)).collect();
        if !layout.anchor().iter().any(|name| bottom.contains(&fold(&period.fill(name)))) {
            return None;
        }
        let full: Vec<String> = (0..bottom.len()).map(|column| stack(rows, column)).collect();
        let place = |names: &[String]| {
            if names.iter().all(String::is_empty) {
                // Some publishers leave the last column without a header.
                return Some(bottom.iter().position(String::is_empty).unwrap_or(bottom.len()));
            }
            names.iter().map(|name| fold(&period.fill(name))).find_map(|name| {
                bottom
                    .iter()
                    .position(|head| *head == name)
                    .or_else(|| full.iter().position(|head| *head == name))
            })
        };
        let mut columns = Self::default();
        columns.missing.extend(twice(layout, period, &[&bottom, &full]));
        for name in &layout.staircase {
            match place(std::slice::from_ref(name)) {
                Some(column) => columns.steps.push(column),
                None => columns.missing.push(name.clone()),
            }
        }
        for (field, names) in &layout.columns {
            match place(names) {
                Some(column) => {
                    columns.fields.insert(*field, column);
                }
                None if layout.optional.contains(field) || !period.said(*field).is_empty() => {}
                // A blank in its place would weigh, part or leave out rows in another way.
                None => columns.missing.push(names[0].clone()),
            }
        }
        for band in &layout.band {
            let mut cells = Vec::new();
            for (cell, names) in &band.cells {
                match place(names) {
                    Some(column) => cells.push((*cell, column)),
                    None => columns.missing.push(names[0].clone()),
                }
            }
            columns.bands.push(cells);
            let own = (!band.reference.is_empty()).then(|| place(&band.reference));
            if own == Some(None) {
                columns.missing.push(band.reference[0].clone());
            }
            columns.references.push(own.unwrap_or(columns.fields.get(&Field::Reference).copied()));
        }
        if let Some(across) = layout.series.as_ref().and_then(Series::across) {
            columns.points = points(across, rows.last()?);
        }
        if let Some(regions) = &layout.regions {
            columns.names(&regions.names, &bottom);
        }
        let named = full.iter().rposition(|header| !header.is_empty());
        columns.width =
            named.into_iter().chain(columns.fields.values().copied()).max().map_or(0, |last| last + 1);
        columns.needed = columns.used().into_iter().max().map_or(0, |last| last + 1);
        columns.unused = columns.left(&full);
        Some(columns)
    }

    /// Finds the columns that name a region.
    fn names(&mut self, wanted: &[Pattern], header: &[String]) {
        for pattern in wanted {
            let named = (0..header.len()).filter(|column| pattern.is_match(&header[*column]));
            let before = self.names.len();
            let new: Vec<usize> = named.filter(|column| !self.names.contains(column)).collect();
            self.names.extend(new);
            if self.names.len() == before {
                self.missing.push(pattern.regex().as_str().to_owned());
            }
        }
    }

    /// The columns that are used.
    fn used(&self) -> HashSet<usize> {
        let cells = self.bands.iter().flatten().map(|(_, column)| column);
        let points = self.points.iter().map(|(_, column)| column).chain(self.references.iter().flatten());
        let named = self.fields.values().chain(&self.steps).chain(&self.names);
        named.chain(cells).chain(points).copied().collect()
    }

    /// The headers of the columns that are not used.
    fn left(&self, headers: &[String]) -> Vec<String> {
        let used = self.used();
        // What holds a used column is used with it.
        let holds = |header: &str| used.iter().any(|column| within(header, headers.get(*column)));
        let unused = headers.iter().enumerate().filter(|(column, _)| !used.contains(column));
        unused
            .map(|(_, header)| header.clone())
            .filter(|header| !header.is_empty() && !holds(header))
            .collect()
    }
}

/// Whether the value of JSON in the column `header` stands within that of the column `holder`.
fn within(holder: &str, header: Option<&String>) -> bool {
    header.and_then(|header| header.strip_prefix(holder)).is_some_and(|rest| rest.starts_with('/'))
}

/// Headers of pay that the layout asks for and that stand in two columns: which of them is meant, nobody can say.
fn twice(layout: &Layout, period: &Period, headers: &[&[String]]) -> Vec<String> {
    let cells = layout.band.iter().flat_map(|band| band.cells.values());
    let names = cells.flatten().map(|name| fold(&period.fill(name)));
    let mut twice: Vec<String> = names
        .filter(|name| {
            let count = |heads: &&[String]| heads.iter().filter(|head| *head == name).count();
            // The last row says which column it is; where it does not, all rows of the header do.
            !name.is_empty()
                && headers.iter().map(count).find(|count| *count > 0).is_some_and(|count| count > 1)
        })
        .map(|name| format!("{name}, which stands in two columns"))
        .collect();
    twice.sort();
    twice.dedup();
    twice
}

/// The columns whose header `across` matches, with the group of the match or the whole of it.
fn points(across: &Pattern, header: &[String]) -> Vec<(String, usize)> {
    let found = header.iter().enumerate().filter_map(|(column, head)| {
        let groups = across.regex().captures(head.trim())?;
        let said = groups.name("currency").or_else(|| groups.name("year")).or_else(|| groups.get(0))?;
        Some((said.as_str().to_owned(), column))
    });
    found.collect()
}

/// Lower case, one space between words.
fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The rows of a header, each cell of the upper ones in all the columns that it stands for.
fn spread(rows: &[Vec<String>]) -> Vec<Vec<String>> {
    let Some((bottom, upper)) = rows.split_last() else { return Vec::new() };
    let wide = upper.iter().map(|row| {
        let mut left = "";
        let cells = (0..row.len().max(bottom.len())).map(|column| {
            left = row.get(column).map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).unwrap_or(left);
            left.to_owned()
        });
        cells.collect()
    });
    wide.chain([bottom.clone()]).collect()
}

fn stack(rows: &[Vec<String>], column: usize) -> String {
    let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| fold(cell));
    cells.filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::Period;

    #[test]
    fn a_name_that_nothing_fills_stays_in_its_braces() {
        let name = Regex::new(r"pay_(?<year>\w+?)(?:-(?<region>[a-z]+))?\.csv").unwrap();
        let filled =
            |file: &str| Period::from_groups(&name.captures(file).unwrap()).fill("{region} {prior}-{year}");
        assert_eq!(filled("pay_2024-north.csv"), "north 2023-2024");
        assert_eq!(filled("pay_2024.csv"), "{region} 2023-2024");
        for none in ["25", "1899", "2201", "20x4", "99999999999"] {
            assert_eq!(filled(&format!("pay_{none}.csv")), "{region} {prior}-{year}");
        }
    }
}
