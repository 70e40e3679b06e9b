//! What a row is about: its occupation, place and segment, and whether it is left out.

use std::{borrow::Cow, collections::BTreeMap};

use entity::{Classification, Experience, OccupationLevel};

use super::{PrintedOccupation, RejectCode, SegmentKey, reader::Table};
use crate::{
    codes,
    decode::Row,
    definition::{Field, Level, Pattern, Place},
};

/// Why a row is rejected: a stable code and a sentence.
pub(super) type Fault = (RejectCode, String);

/// Returns the text of `field`; where the table has no such column, what the file's name says, or nothing.
pub(super) fn text<'r>(table: &'r Table<'_>, row: &Row<'r>, field: Field) -> &'r str {
    let Some(column) = table.columns.as_ref().and_then(|columns| columns.fields.get(&field)) else {
        return table.period.said(field);
    };
    let cell = row.cells.get(*column).map_or("", |cell| cell.trim());
    if cell == table.layout.blank { "" } else { cell }
}

/// Returns the rule under which the row is left out, if there is one.
pub(super) fn skipped(table: &Table<'_>, row: &Row<'_>) -> Option<String> {
    let total =
        table.layout.total.as_ref().is_some_and(|total| text(table, row, Field::Title) == total.title);
    let rule = table.layout.skip.iter().find(|skip| {
        let fits = match (skip.field, &skip.cell) {
            (Some(field), Some(cell)) => !total && cell.is_match(text(table, row, field)),
            _ => true,
        };
        fits && all(table, row, &skip.also)
    });
    rule.map(|skip| skip.rule.clone())
}

/// Returns what stands in a row of text beyond the last column of its header. A workbook may have notes beside its tables.
pub(super) fn beyond<'r>(table: &Table<'_>, row: &Row<'r>) -> Option<&'r str> {
    let width = table.columns.as_ref().filter(|_| table.part.sheet.is_empty())?.width;
    row.cells.iter().skip(width).map(|cell| cell.trim()).find(|cell| !cell.is_empty())
}

/// Returns whether a row of text ends before the last column that is used: a cell that is not there is no empty one.
pub(super) fn is_short(table: &Table<'_>, row: &Row<'_>) -> bool {
    let columns = table.columns.as_ref().filter(|_| table.part.sheet.is_empty());
    columns.is_some_and(|columns| row.cells.len() < columns.needed)
}

/// Returns how many cells the last row of text lacks, which no line end closes: it is cut short, unless it is left out. Where the rows
/// before it end before the header does, it may end as the shortest of them.
pub(super) fn lacking(table: &Table<'_>, row: &Row<'_>) -> Option<usize> {
    let width = table.columns.as_ref()?.width.min(table.shortest.unwrap_or(usize::MAX));
    let lacking = width.checked_sub(row.cells.len()).filter(|cells| *cells > 0)?;
    // Ctrl-Z ends a file of DOS.
    let is_blank = row.cells.iter().all(|cell| cell.trim().trim_matches('\u{1a}').is_empty());
    (!is_blank && skipped(table, row).is_none()).then_some(lacking)
}

/// Returns true if every cell looks as it should.
pub(super) fn all(table: &Table<'_>, row: &Row<'_>, cells: &BTreeMap<Field, Pattern>) -> bool {
    cells.iter().all(|(field, cell)| cell.is_match(text(table, row, *field)))
}

/// Reads the occupation of a row.
pub(super) fn occupation(table: &Table<'_>, row: &Row<'_>) -> Result<PrintedOccupation, Fault> {
    let title = text(table, row, Field::Title).to_owned();
    let total = table.layout.total.as_ref().filter(|total| total.title == title);
    let code = match total {
        Some(total) => total.code.clone(),
        None => shaped(table, text(table, row, Field::Code)).into_owned(),
    };
    let title =
        table.layout.titled.as_ref().and_then(|titled| titled.first(&title)).unwrap_or(&title).to_owned();
    let classification = classified(table, &code)?;
    if !well_formed(classification, &code) {
        return Err((
            RejectCode::MalformedCode,
            format!("`{code}` is not a code of {}", classification.as_str()),
        ));
    }
    let level = level(table, row, &code, total.is_some());
    Ok(PrintedOccupation { classification, code, title, level })
}

/// The code within its cell, with the zeros that were lost.
pub(super) fn shaped<'c>(table: &Table<'_>, cell: &'c str) -> Cow<'c, str> {
    let mut shapes = table.layout.codes.iter().filter(|shape| table.period.year <= shape.through);
    let shape = shapes.find_map(|shape| Some((shape.is.first(cell)?, shape.width)));
    shape.map_or(Cow::Borrowed(cell), |(code, width)| Cow::Owned(format!("{code:0>width$}")))
}

/// Returns the classification that `code` belongs to.
pub(super) fn classified(table: &Table<'_>, code: &str) -> Result<Classification, Fault> {
    let year = table.period.year;
    let found = table.layout.classification(year, &table.part.member, code);
    found.ok_or_else(|| {
        (RejectCode::NoClassification, format!("the definition names no classification for {year}"))
    })
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
        Classification::Noc2011 | Classification::Noc2016 | Classification::Noc2021 => {
            bytes.len() <= 5 && digits(bytes)
        }
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
    placed(&table.layout.region, text(table, row, Field::Region))
}

/// Returns the region that `printed` is, read as `place` says.
pub(super) fn placed(place: &Place, printed: &str) -> Result<String, Fault> {
    let unknown = || (RejectCode::UnknownRegion, format!("`{printed}` is no region we know"));
    match place {
        Place::Fixed(code) => Ok(code.clone()),
        Place::Names(names) => names.get(printed).cloned().ok_or_else(unknown),
        // Zeros are the country, and what has lost its zeros is filled up with them: a blank is neither.
        _ if printed.trim_matches(QUOTES).is_empty() => Err(unknown()),
        Place::Fips => codes::region_of_fips(printed).map(ToOwned::to_owned).ok_or_else(unknown),
        Place::Country => {
            let known = codes::region_of_code(printed).filter(|code| code.len() == 2);
            known.or_else(|| codes::region_of_country(printed)).map(ToOwned::to_owned).ok_or_else(unknown)
        }
        Place::Postal => codes::region_of_postal(printed).ok_or_else(unknown),
        Place::Code => codes::region_of_code(printed).map(ToOwned::to_owned).ok_or_else(unknown),
        Place::StateGeofips => state_geofips(printed).ok_or_else(unknown),
        Place::Metro => match printed.trim_matches(QUOTES) {
            zeros if zeros.trim_matches('0').is_empty() => Ok("US".into()),
            area => codes::region_of_code(&format!("CBSA:{area}")).map(ToOwned::to_owned).ok_or_else(unknown),
        },
        Place::EconomicRegion => codes::region_of_economic_region(printed).ok_or_else(unknown),
    }
}

/// What some files keep around a GeoFIPS.
const QUOTES: [char; 2] = ['"', ' '];

/// A state's GeoFIPS is its FIPS number and three zeros.
fn state_geofips(printed: &str) -> Option<String> {
    let digits = format!("{:0>5}", printed.trim_matches(QUOTES));
    match digits.strip_suffix("000")? {
        "00" => Some("US".into()),
        state => codes::region_of_fips(state).map(ToOwned::to_owned),
    }
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
