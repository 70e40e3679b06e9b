//! Zip files: a workbook, or an archive of tables.

use std::io::{self, Cursor, Read};

use zip::ZipArchive;

use super::{DecodeError, Limits, Sink, member, workbook};

/// Reads a workbook, or the tables of an archive: legends first, then by name.
pub(super) fn read(
    name: &str,
    bytes: &[u8],
    limits: &Limits,
    sink: &mut dyn Sink,
    outer: bool,
) -> Result<(), DecodeError> {
    let broken = |reason: String| DecodeError::Unreadable { file: name.into(), reason };
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(error.to_string()))?;
    if zip.len() > limits.members {
        return Err(DecodeError::TooLarge {
            place: name.into(),
            limit: format!("{} members", limits.members),
        });
    }
    let names: Vec<String> = zip.file_names().map(ToOwned::to_owned).collect();
    if names.iter().any(|name| name == "xl/workbook.xml" || name == "xl/workbook.bin") {
        measure(name, &mut zip, limits)?;
        return workbook::xlsx(name, bytes, limits, sink);
    }
    if !outer {
        return Err(broken("an archive inside an archive".into()));
    }
    let mut tables: Vec<&String> = names.iter().filter(|name| is_table(name)).collect();
    tables.sort_by_key(|name| (!name.to_lowercase().contains("field_desc"), *name));
    if tables.is_empty() {
        return Err(broken("the archive holds no table".into()));
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
    let table =
        [".xls", ".xlsx", ".csv", ".txt", ".tsv", ".json"].iter().any(|ending| lower.ends_with(ending));
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
    let broken = |reason: String| DecodeError::Unreadable { file: place.clone(), reason };
    let mut file = zip.by_name(table).map_err(|error| match error {
        zip::result::ZipError::UnsupportedArchive(text) if text.contains("assword") => {
            DecodeError::Encrypted { file: place.clone() }
        }
        other => broken(other.to_string()),
    })?;
    let most = file.compressed_size().saturating_mul(limits.ratio).saturating_add(1 << 20).min(*left);
    let mut buffer = vec![0; 64 << 10];
    let mut read = 0_u64;
    loop {
        let size = match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(size) => size,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(broken(error.to_string())),
        };
        read += size as u64;
        if read > most {
            return Err(DecodeError::TooLarge { place, limit: format!("{most} unpacked bytes") });
        }
        take(&buffer[..size]);
    }
    *left -= read;
    Ok(())
}
