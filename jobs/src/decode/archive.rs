//! Zip files: a workbook, or an archive of tables.

use std::io::{self, Cursor, Read};

use zip::ZipArchive;

use super::{DecodeError, Defect, Limits, Sink, member, workbook};

/// Reads a workbook, or the tables of an archive: legends first, then by name.
pub(super) fn read(
    name: &str,
    bytes: &[u8],
    limits: &Limits,
    sink: &mut dyn Sink,
    outer: bool,
) -> Result<(), DecodeError> {
    let mut zip = ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| DecodeError::broken(Defect::Archive, name, error))?;
    if zip.len() > limits.members {
        return Err(DecodeError::beyond(Defect::Members, name, format!("{} members", limits.members)));
    }
    let names: Vec<String> = zip.file_names().map(ToOwned::to_owned).collect();
    if names.iter().any(|name| name == "xl/workbook.xml" || name == "xl/workbook.bin") {
        measure(name, &mut zip, limits)?;
        return workbook::xlsx(name, bytes, limits, sink);
    }
    if !outer {
        return Err(DecodeError::new(Defect::Nested, name, "it is an archive inside an archive"));
    }
    let mut tables: Vec<&String> = names.iter().filter(|name| is_table(name)).collect();
    tables.sort_by_key(|name| (!name.to_lowercase().contains("field_desc"), *name));
    if tables.is_empty() {
        return Err(DecodeError::new(Defect::Tableless, name, "the archive holds no table"));
    }
    let mut left = limits.unpacked_bytes;
    for table in tables {
        let unpacked = unpack(name, &mut zip, table, limits, &mut left)?;
        if table.to_lowercase().contains("field_desc") || !unpacked.is_empty() {
            member(table, &unpacked, limits, sink, false)?;
        }
    }
    Ok(())
}

fn is_table(name: &str) -> bool {
    let lower = name.to_lowercase();
    let table = [".xls", ".xlsx", ".csv", ".txt", ".tsv", ".json", ".dbf"]
        .iter()
        .any(|ending| lower.ends_with(ending));
    table && !lower.starts_with("__macosx/")
}

fn unpack(
    name: &str,
    zip: &mut ZipArchive<Cursor<&[u8]>>,
    table: &str,
    limits: &Limits,
    left: &mut u64,
) -> Result<Vec<u8>, DecodeError> {
    let mut unpacked = Vec::new();
    each(name, zip, table, limits, left, &mut |bytes| unpacked.extend_from_slice(bytes))?;
    Ok(unpacked)
}

/// Unpacks every member to nowhere, so that a bomb is known before a library meets it.
fn measure(name: &str, zip: &mut ZipArchive<Cursor<&[u8]>>, limits: &Limits) -> Result<(), DecodeError> {
    let names: Vec<String> = zip.file_names().map(ToOwned::to_owned).collect();
    let mut left = limits.unpacked_bytes;
    for member in names {
        each(name, zip, &member, limits, &mut left, &mut |_| ())?;
    }
    Ok(())
}

fn each(
    name: &str,
    zip: &mut ZipArchive<Cursor<&[u8]>>,
    table: &str,
    limits: &Limits,
    left: &mut u64,
    take: &mut dyn FnMut(&[u8]),
) -> Result<(), DecodeError> {
    let place = format!("{name} › {table}");
    let mut file = zip.by_name(table).map_err(|error| match error {
        zip::result::ZipError::UnsupportedArchive(text) if text.contains("assword") => {
            DecodeError::new(Defect::Encrypted, &place, "it is encrypted")
        }
        other => DecodeError::broken(Defect::Archive, &place, other),
    })?;
    let believable = file.compressed_size().saturating_mul(limits.ratio).saturating_add(1 << 20);
    let mut buffer = vec![0; 64 << 10];
    let mut read = 0_u64;
    loop {
        let size = match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(size) => size,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(DecodeError::broken(Defect::Archive, &place, error)),
        };
        read += size as u64;
        for (most, defect) in [(believable, Defect::Ratio), (*left, Defect::Unpacked)] {
            if read > most {
                return Err(DecodeError::beyond(defect, place, format!("{most} unpacked bytes")));
            }
        }
        take(&buffer[..size]);
    }
    *left -= read;
    Ok(())
}
