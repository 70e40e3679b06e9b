//! One row of a pay table to its bands.

use entity::{Cell, Classification, Experience, FigureKind, Marks, OccupationLevel, PayPeriod};

use super::{Band, Normalizer, PrintedOccupation, SegmentKey, Subject, number::scaled, reader::Table};
use crate::{
    codes,
    decode::Row,
    definition::{Field, Level, Mark, Place},
};

/// Why a row is rejected: a stable code and a sentence.
pub(super) type Fault = (&'static str, String);

/// Returns the text of `field`, or nothing where the table has no such column.
pub(super) fn text<'r>(table: &Table<'_>, row: &Row<'r>, field: Field) -> &'r str {
    let column = table.columns.as_ref().and_then(|columns| columns.fields.get(&field));
    let cell = column.and_then(|column| row.cells.get(*column)).map_or("", |cell| cell.trim());
    if cell == table.layout.blank { "" } else { cell }
}

/// Returns the rule under which the row is left out, if there is one.
pub(super) fn skipped(table: &Table<'_>, row: &Row<'_>) -> Option<String> {
    let total =
        table.layout.total.as_ref().is_some_and(|total| text(table, row, Field::Title) == total.title);
    let rule = table.layout.skip.iter().find(|skip| match (skip.field, &skip.cell) {
        (Some(field), Some(cell)) => !total && cell.is_match(text(table, row, field)),
        _ => true,
    });
    rule.map(|skip| skip.rule.clone())
}

/// Reads the occupation of a row.
pub(super) fn occupation(table: &Table<'_>, row: &Row<'_>) -> Result<PrintedOccupation, Fault> {
    let title = text(table, row, Field::Title).to_owned();
    let total = table.layout.total.as_ref().filter(|total| total.title == title);
    let code = total.map_or_else(|| text(table, row, Field::Code), |total| total.code.as_str()).to_owned();
    let classification = classified(table, &code)?;
    if !well_formed(classification, &code) {
        return Err(("malformed-code", format!("`{code}` is not a code of {}", classification.as_str())));
    }
    let level = level(table, row, &code, total.is_some());
    Ok(PrintedOccupation { classification, code, title, level })
}

/// Returns the classification that `code` belongs to.
pub(super) fn classified(table: &Table<'_>, code: &str) -> Result<Classification, Fault> {
    let year = table.period.year;
    let found = table.layout.classification(year, code);
    found.ok_or_else(|| ("no-classification", format!("the definition names no classification for {year}")))
}

/// Returns true if `code` could be one of `classification`.
pub(super) fn well_formed(classification: Classification, code: &str) -> bool {
    let bytes = code.as_bytes();
    let digits = |bytes: &[u8]| !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit);
    match classification {
        Classification::Soc2000 | Classification::Soc2010 | Classification::Soc2018 => {
            bytes.len() == 7 && digits(&bytes[..2]) && bytes[2] == b'-' && digits(&bytes[3..])
        }
        Classification::UkSoc2010 | Classification::UkSoc2020 | Classification::Isco08 => {
            bytes.len() <= 4 && digits(bytes)
        }
        Classification::Noc2016 | Classification::Noc2021 => bytes.len() <= 5 && digits(bytes),
        Classification::OnetSoc2019 => bytes.len() == 10 && well_formed(Classification::Soc2018, &code[..7]),
        Classification::Esco | Classification::Anzsco2022 => !code.is_empty(),
    }
}

fn level(table: &Table<'_>, row: &Row<'_>, code: &str, total: bool) -> OccupationLevel {
    if total {
        return OccupationLevel::Total;
    }
    let printed = text(table, row, Field::Level).to_lowercase();
    match &table.layout.level {
        Level::Length => match code.len() {
            1 => OccupationLevel::Major,
            2 => OccupationLevel::Minor,
            3 => OccupationLevel::Broad,
            _ => OccupationLevel::Detailed,
        },
        Level::Column(words) => words.get(&printed).copied().unwrap_or_else(|| soc_level(code)),
        Level::Soc if printed == "line item" => OccupationLevel::Detailed,
        Level::Soc => soc_level(code),
    }
}

/// The level a SOC code's zeros tell. Source: SOC 2018 manual, structure of the codes.
pub(super) fn soc_level(code: &str) -> OccupationLevel {
    if let Some((_, extension)) = code.split_once('.') {
        return if extension == "00" { OccupationLevel::Detailed } else { OccupationLevel::Extended };
    }
    match code.trim_end_matches('0').len() {
        0 | 3 if code.starts_with("00") => OccupationLevel::Total,
        ..=3 => OccupationLevel::Major,
        4 | 5 => OccupationLevel::Minor,
        6 => OccupationLevel::Broad,
        _ => OccupationLevel::Detailed,
    }
}

/// Reads the region of a row.
pub(super) fn region(table: &Table<'_>, row: &Row<'_>) -> Result<String, Fault> {
    let printed = text(table, row, Field::Region);
    let unknown = || ("unknown-region", format!("`{printed}` is no region we know"));
    match &table.layout.region {
        Place::Fixed(code) => Ok(code.clone()),
        Place::Fips => {
            codes::region_of_fips(&format!("{printed:0>2}")).map(ToOwned::to_owned).ok_or_else(unknown)
        }
        Place::Postal => codes::region_of_postal(printed).ok_or_else(unknown),
        Place::Code => codes::region_of_code(printed).map(ToOwned::to_owned).ok_or_else(unknown),
        Place::Country => codes::region_of_code(printed)
            .filter(|code| code.len() == 2)
            .map(ToOwned::to_owned)
            .ok_or_else(unknown),
        Place::StateGeofips => state_geofips(printed).ok_or_else(unknown),
        Place::Metro if printed == "0" => Ok("US".into()),
        Place::Metro => {
            codes::region_of_code(&format!("CBSA:{printed}")).map(ToOwned::to_owned).ok_or_else(unknown)
        }
    }
}

/// A state's GeoFIPS is its FIPS number and three zeros; some files keep the quotes around it.
fn state_geofips(printed: &str) -> Option<String> {
    let digits = format!("{:0>5}", printed.trim_matches(['"', ' ']));
    match digits.strip_suffix("000")? {
        "00" => Some("US".into()),
        state => codes::region_of_fips(state).map(ToOwned::to_owned),
    }
}

/// An amount, with the kind of its cell.
pub(super) type Figure = (Option<i64>, FigureKind);

impl Normalizer<'_> {
    /// Makes the bands of a row.
    pub(super) fn bands(&mut self, table: &Table<'_>, row: &Row<'_>) -> Result<(), Fault> {
        let printed = occupation(table, row)?;
        let region = region(table, row)?;
        let level = printed.level;
        let mut bands = Vec::with_capacity(table.layout.band.len());
        for index in 0..table.layout.band.len() {
            if let Some(band) = self.band(table, row, index)? {
                bands.push(band);
            }
        }
        let release = self.release(&table.key);
        let subject = Subject::Occupation(release.occupation(printed));
        let region = release.region(&region);
        for mut band in bands {
            (band.subject, band.region, band.level) = (subject, region, level);
            release.bands.push(band);
        }
        self.counts(&table.key).loaded += 1;
        Ok(())
    }

    fn band(&mut self, table: &Table<'_>, row: &Row<'_>, index: usize) -> Result<Option<Band>, Fault> {
        let Some(columns) = table.columns.as_ref().map(|columns| &columns.bands[index]) else {
            return Ok(None);
        };
        if columns.is_empty() {
            return Ok(None);
        }
        let definition = &table.layout.band[index];
        let flag = |field| matches!(text(table, row, field).to_lowercase().as_str(), "true" | "1" | "yes");
        let (annual_only, hourly_only) = (flag(Field::AnnualOnly), flag(Field::HourlyOnly));
        let other_only = if definition.period == PayPeriod::Hour { annual_only } else { hourly_only };
        let mut cells = [None; 15];
        let mut marks = Marks::default();
        for (cell, column) in columns {
            let printed = row.cells.get(*column).map_or("", |cell| cell.trim());
            let (amount, kind) = self.figure(table, printed, definition.period, other_only)?;
            cells[cell.index()] = amount;
            marks = marks.with(*cell, kind);
        }
        let (jobs, kind) = self.count(table, text(table, row, Field::Employment))?;
        cells[Cell::Employment.index()] = jobs;
        let rate = |field| scaled(text(table, row, field), 3).and_then(|rate| i32::try_from(rate).ok());
        Ok(Some(Band {
            subject: Subject::Role,
            region: 0,
            segment: segment(table, row),
            period: definition.period,
            currency: definition.currency.clone(),
            concept: self.source.concept,
            cells,
            marks: marks.with(Cell::Employment, kind),
            mean_rse: rate(Field::MeanRse),
            location_quotient: rate(Field::LocationQuotient),
            hours_per_year: definition.hours.filter(|_| !annual_only && !hourly_only),
            cited_authority: None,
            locator: None,
            position: table.position(row),
            level: OccupationLevel::Detailed,
        }))
    }

    /// Reads a cell of money.
    fn figure(
        &mut self,
        table: &Table<'_>,
        printed: &str,
        period: PayPeriod,
        other: bool,
    ) -> Result<Figure, Fault> {
        if printed.is_empty() {
            return Ok((None, FigureKind::NotPublished));
        }
        let Some(mark) = self.source.marks.get(printed) else {
            let amount = scaled(printed, 2).ok_or_else(|| unreadable(printed))?;
            return if amount < 0 {
                Err(("negative-pay", format!("`{printed}` is below zero")))
            } else {
                Ok((Some(amount), FigureKind::Exact))
            };
        };
        match mark {
            Mark::Zero => Ok((Some(0), FigureKind::Exact)),
            Mark::Bound => Ok((Some(self.bound(table, period)?), FigureKind::AtLeast)),
            mark => Ok((None, mark.kind(other).unwrap_or(FigureKind::NotPublished))),
        }
    }

    /// Reads a cell of jobs or people.
    pub(super) fn count(&self, table: &Table<'_>, printed: &str) -> Result<Figure, Fault> {
        if printed.is_empty() {
            return Ok((None, FigureKind::NotPublished));
        }
        match self.source.marks.get(printed) {
            Some(Mark::Zero) => Ok((Some(0), FigureKind::Exact)),
            Some(mark) => Ok((None, mark.kind(false).unwrap_or(FigureKind::NotPublished))),
            None => {
                let digits = if table.layout.unit == 1000 { 3 } else { 0 };
                let jobs = scaled(printed, digits).ok_or_else(|| unreadable(printed))?;
                Ok((Some(jobs), FigureKind::Exact))
            }
        }
    }

    /// The bound behind the mark: the legend's, else the definition's.
    fn bound(&mut self, table: &Table<'_>, period: PayPeriod) -> Result<i64, Fault> {
        let defined = self.source.bound(table.period.year);
        if let Some(legend) = self.legend.clone() {
            let release = self.release(&table.key);
            release.bound_words = legend.words.into();
            if let Some(defined) =
                defined.filter(|defined| (defined.hour, defined.year) != (legend.hour, legend.year))
            {
                release.bound_conflict =
                    Some(format!("legend {} cents a year, definition {}", legend.year, defined.year));
            }
            return Ok(if period == PayPeriod::Hour { legend.hour } else { legend.year });
        }
        let defined = defined.ok_or_else(|| {
            ("unknown-bound", format!("no legend, and the definition has no bound for {}", table.period.year))
        })?;
        Ok(if period == PayPeriod::Hour { defined.hour } else { defined.year })
    }
}

fn unreadable(printed: &str) -> Fault {
    ("unreadable-number", format!("`{printed}` is neither a number nor a mark of this source"))
}

pub(super) fn segment(table: &Table<'_>, row: &Row<'_>) -> SegmentKey {
    let sheet =
        table.layout.sheets.iter().find(|(name, _)| name.eq_ignore_ascii_case(table.part.sheet.trim()));
    let sheet = sheet.map(|(_, segment)| *segment).unwrap_or_default();
    let industry = text(table, row, Field::Industry);
    let all = industry.trim_matches('0').is_empty()
        || text(table, row, Field::IndustryGroup).eq_ignore_ascii_case("cross-industry");
    let code = |field| if all { String::new() } else { text(table, row, field).to_owned() };
    SegmentKey {
        industry: code(Field::Industry),
        ownership: code(Field::Ownership),
        sex: sheet.sex,
        work_time: sheet.work_time,
        experience: Experience::All,
    }
}
