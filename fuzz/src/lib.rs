//! What the fuzz targets read. `reads` and `made` are files of the tests, by symbolic links: the tests change the same
//! seeds at random.

mod made;
mod reads;

/// A file in any form.
pub fn table(bytes: &[u8]) {
    reads::table(bytes);
}

/// The rows of a sheet.
pub fn sheet(rows: &[u8]) {
    reads::sheet(rows);
}

/// A page.
pub fn page(bytes: &[u8]) {
    reads::page(bytes);
}

/// A definition of a source.
pub fn definition(bytes: &[u8]) {
    reads::definition(bytes);
}

/// A document of a client.
pub fn document(bytes: &[u8]) {
    reads::document(bytes);
}

/// Leaves panics to the catch around the decoders: the workbook library is known to panic on broken files.
pub fn forgive_the_library() {
    std::panic::set_hook(Box::new(|_| ()));
}
