//! Excel workbooks. The newer form is streamed cell by cell; the older one is read whole and bounded by its size.

use std::io::Cursor;

use bytes::Bytes;
use calamine::{
    Data, DataRef, ExcelDateTime, Reader, Xls, XlsError, Xlsx, XlsxError, XlsxFormulaMetadata as Formula,
};

use super::{DecodeError, Defect, Limits, Part, Row, Sink};
use crate::document::Document;

/// Streams the wanted sheets of an `.xlsx`.
pub(super) fn xlsx(
    name: &str,
    document: &Document,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), DecodeError> {
    let broken = |error: XlsxError| match error {
        XlsxError::Password => encrypted(name),
        other => DecodeError::broken(Defect::Workbook, name, other),
    };
    let mut book: Xlsx<_> = Xlsx::new(document.open()).map_err(broken)?;
    for sheet in legends_first(book.sheet_names()) {
        let part = Part { member: name.into(), sheet: sheet.clone() };
        if !sink.wants(&part) {
            continue;
        }
        let mut cells = book.worksheet_cells_reader(&sheet).map_err(broken)?;
        let mut gather = Gather::new(&part, limits);
        // Without working out what cells share: a shared formula may have any number, and the library makes as many places.
        while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(broken)? {
            let (row, column) = cell.pos;
            gather.cell(row, column, shown(cell.value, cell.formula), sink)?;
        }
        gather.flush(sink)?;
    }
    Ok(())
}

/// Reads the wanted sheets of an `.xls`.
pub(super) fn xls(name: &str, bytes: Bytes, limits: &Limits, sink: &mut dyn Sink) -> Result<(), DecodeError> {
    let broken = |error: XlsError| match error {
        XlsError::Password => encrypted(name),
        other => DecodeError::broken(Defect::Workbook, name, other),
    };
    if contains_encrypted_package(&bytes) {
        return Err(encrypted(name));
    }
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(broken)?;
    let sheets = legends_first(book.sheet_names()).into_iter();
    let sheets = sheets.map(|sheet| book.worksheet_range(&sheet).map(|range| (sheet, range)));
    let sheets: Vec<_> = sheets.collect::<Result<_, _>>().map_err(broken)?;
    // It keeps every cell of which it gives a copy.
    drop(book);
    for (sheet, range) in sheets {
        let part = Part { member: name.into(), sheet };
        if !sink.wants(&part) {
            continue;
        }
        let (first_row, first_column) = range.start().unwrap_or_default();
        let mut gather = Gather::new(&part, limits);
        for (row, column, value) in range.used_cells() {
            let row = first_row + u32::try_from(row).unwrap_or(u32::MAX);
            let column = first_column + u32::try_from(column).unwrap_or(u32::MAX);
            gather.cell(row, column, text(value), sink)?;
        }
        gather.flush(sink)?;
    }
    Ok(())
}

fn encrypted(name: &str) -> DecodeError {
    DecodeError::new(Defect::Encrypted, name, "it is encrypted")
}

/// An encrypted `.xlsx` is an OLE file with this stream.
fn contains_encrypted_package(bytes: &[u8]) -> bool {
    let wide: Vec<u8> = "EncryptedPackage".bytes().flat_map(|letter| [letter, 0]).collect();
    memchr::memmem::find(bytes, &wide).is_some()
}

fn legends_first(mut sheets: Vec<String>) -> Vec<String> {
    sheets.sort_by_key(|sheet| !sheet.to_lowercase().starts_with("field"));
    sheets
}

/// Cells in reading order to rows; a row without cells makes none.
struct Gather<'a> {
    part: &'a Part,
    limits: &'a Limits,
    row: u32,
    cells: Vec<String>,
    seen: u64,
    /// Bytes of the row so far.
    size: usize,
}

impl<'a> Gather<'a> {
    fn new(part: &'a Part, limits: &'a Limits) -> Self {
        Self { part, limits, row: 0, cells: Vec::new(), seen: 0, size: 0 }
    }

    fn cell(&mut self, row: u32, column: u32, text: String, sink: &mut dyn Sink) -> Result<(), DecodeError> {
        if row != self.row {
            self.flush(sink)?;
            (self.row, self.size) = (row, 0);
        }
        self.seen += 1;
        if self.seen > self.limits.cells {
            return Err(DecodeError::cells(self.place(), self.limits));
        }
        if text.len() > self.limits.cell_bytes {
            return Err(DecodeError::cell(self.place(), self.limits));
        }
        self.size += text.len();
        if self.size > self.limits.row_bytes {
            return Err(DecodeError::row(self.place(), self.limits));
        }
        if text.is_empty() {
            return Ok(());
        }
        if column >= self.limits.columns {
            return Err(DecodeError::columns(self.place(), self.limits));
        }
        let column = column as usize;
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        self.cells[column] = text;
        Ok(())
    }

    fn flush(&mut self, sink: &mut dyn Sink) -> Result<(), DecodeError> {
        if !self.cells.is_empty() {
            sink.row(self.part, Row { number: self.row + 1, cells: &self.cells })?;
            self.cells.clear();
        }
        Ok(())
    }

    fn place(&self) -> String {
        format!("{} › sheet {}, row {}", self.part.member, self.part.sheet, self.row + 1)
    }
}

/// A formula without its result is shown itself: the cell is not empty.
fn shown(value: DataRef<'_>, formula: Option<Formula>) -> String {
    match (value, formula) {
        (DataRef::Empty, Some(Formula::Normal { formula } | Formula::Shared { formula, .. })) => {
            format!("={formula}")
        }
        (DataRef::Empty, Some(Formula::SharedDerived { shared_index })) => format!("=shared {shared_index}"),
        (DataRef::SharedString(text), _) => text.to_owned(),
        (other, _) => text(&Data::from(other)),
    }
}

fn text(value: &Data) -> String {
    match value {
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.into(),
        Data::DateTime(date) => day(*date),
        Data::Error(error) => error.to_string(),
        Data::Empty => String::new(),
    }
}

/// A day, a time or a duration as ISO 8601 has it, so that none is taken for an amount.
fn day(date: ExcelDateTime) -> String {
    if date.is_duration() {
        return format!("P{}D", date.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    let day = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) { day } else { format!("{day}T{hour:02}:{minute:02}:{second:02}") }
}
