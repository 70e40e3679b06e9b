//! What reads bytes from outside, with limits that are quickly reached. Any error will do; a panic will not.

use async_graphql::Variables;
use jobs::{
    decode::{DecodeError, Limits, Part, Row, Shape, Sink, decode},
    normalize,
};
use rolecast::http::gate;

use crate::made;

const LIMITS: Limits = Limits {
    xls_bytes: 4 << 20,
    json_bytes: 4 << 20,
    held_bytes: 8 << 20,
    unpacked_bytes: 8 << 20,
    ratio: 200,
    members: 50,
    list_bytes: 64 << 10,
    cube_values: 100_000,
    xls_cells: 200_000,
    cells: 200_000,
    columns: 256,
    cell_bytes: 1 << 16,
    row_bytes: 1 << 18,
    depth: 32,
};

/// Asks for everything and checks that it keeps within the limits.
struct Watch;

impl Sink for Watch {
    fn wants(&mut self, _: &Part) -> bool {
        true
    }

    fn takes(&mut self, part: &Part) -> Option<Shape> {
        Some(if part.sheet.len().is_multiple_of(2) { Shape::Items } else { Shape::Members })
    }

    fn row(&mut self, _: &Part, row: Row<'_>) -> Result<(), DecodeError> {
        // Labels, attributes and surroundings stand beside the columns of the file itself.
        assert!(row.cells.len() <= 4 * LIMITS.columns as usize, "{} cells", row.cells.len());
        Ok(())
    }
}

/// Reads a file in any form.
pub(crate) fn table(bytes: &[u8]) {
    if let Err(error) = decode("table", &bytes.to_vec().into(), &LIMITS, &mut Watch) {
        assert!(!error.reason.is_empty());
    }
}

/// Reads the rows of a sheet, whatever they are, in a workbook that is whole otherwise.
pub(crate) fn sheet(rows: &[u8]) {
    table(&made::workbook("pay", &String::from_utf8_lossy(rows)));
}

/// Reads a career page, and the same as a page of the Outlook Handbook.
pub(crate) fn page(bytes: &[u8]) {
    if let Ok(page) = jobs::page::read(bytes, "page", &[]) {
        assert!(!page.title.is_empty());
    }
    if let Ok(release) = normalize::read_handbook("page", bytes) {
        let rows = release.total();
        assert_eq!(rows.read, rows.loaded + rows.rejected + rows.skipped());
    }
}

/// Reads a definition of a source.
pub(crate) fn definition(bytes: &[u8]) {
    if let Err(faults) = jobs::definition::read("made.toml", &String::from_utf8_lossy(bytes)) {
        assert!(
            !faults.is_empty() && faults.iter().all(|fault| fault.starts_with("made.toml:")),
            "{faults:?}"
        );
    }
}

/// Weighs a document of a client.
pub(crate) fn document(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    if let Err(errors) = gate::admit(text, None, Variables::default()) {
        assert!(!errors.is_empty() && errors.iter().all(|error| error.extensions.is_some()), "{errors:?}");
    }
}
