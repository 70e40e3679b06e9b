//! What the fuzz targets share: a small budget, and a sink that checks what it is given.
//! `decode` and `made` are the files of the program and of its tests, by symbolic links.

pub mod decode;
mod made;

use decode::{DecodeError, Limits, Part, Row, Shape, Sink, decode};

/// Small enough for many runs a second.
const LIMITS: Limits = Limits {
    xls_bytes: 4 << 20,
    unpacked_bytes: 8 << 20,
    ratio: 200,
    members: 50,
    cells: 200_000,
    columns: 256,
    cell_bytes: 1 << 16,
    depth: 32,
};

/// Asks for everything and checks that it keeps within the limits.
struct Watch;

impl Sink for Watch {
    fn wants(&mut self, _: &Part) -> bool {
        true
    }

    fn takes(&mut self, part: &Part) -> Option<Shape> {
        Some(if part.sheet.len() % 2 == 0 { Shape::Items } else { Shape::Members })
    }

    fn row(&mut self, _: &Part, row: Row<'_>) -> Result<(), DecodeError> {
        // Labels, attributes and surroundings stand beside the columns of the file itself.
        assert!(row.cells.len() <= 4 * LIMITS.columns as usize, "{} cells", row.cells.len());
        Ok(())
    }
}

/// Reads `bytes`. Any error will do; a panic, or memory without end, will not.
pub fn read(name: &str, bytes: &[u8]) {
    if let Err(error) = decode(name, bytes, &LIMITS, &mut Watch) {
        assert!(!error.code().is_empty() && !error.to_string().is_empty());
    }
}

/// Returns a workbook whose sheet holds `rows`, whatever they are.
pub fn workbook(rows: &[u8]) -> Vec<u8> {
    made::workbook("pay", &String::from_utf8_lossy(rows))
}

/// Leaves panics to the catch around the decoders: the workbook library is known to panic on broken files.
pub fn forgive_the_library() {
    std::panic::set_hook(Box::new(|_| ()));
}
