//! What is refused, and what every form of one table has in common.

use super::*;

#[derive(Default)]
struct Rows(Vec<(String, u32, Vec<String>)>);

impl Sink for Rows {
    fn wants(&mut self, _: &Part) -> bool {
        true
    }

    fn row(&mut self, part: &Part, row: Row<'_>) -> Result<(), DecodeError> {
        self.0.push((part.sheet.clone(), row.number, row.cells.to_vec()));
        Ok(())
    }
}

fn read(bytes: &[u8]) -> Result<Vec<(String, u32, Vec<String>)>, DecodeError> {
    let mut rows = Rows::default();
    decode("table", bytes, &Limits::default(), &mut rows)?;
    Ok(rows.0)
}

fn code(bytes: &[u8]) -> &'static str {
    read(bytes).unwrap_err().code()
}

#[test]
fn line_ends_and_charsets_do_not_matter() {
    let plain = read(b"a,b\n1,\xC2\xA32\n").unwrap();
    assert_eq!(plain[1].2, ["1", "£2"]);
    for same in
        [&b"\xEF\xBB\xBFa,b\n1,\xC2\xA32\n"[..], b"a,b\r1,\xA32\r", b"a,b\r\n1,\xA32\r\n", b"a\tb\n1\t\xA32"]
    {
        let cells: Vec<_> = read(same).unwrap().into_iter().map(|row| row.2).collect();
        assert_eq!(cells, [["a", "b"], ["1", "£2"]]);
    }
}

#[test]
fn wrong_files_are_named() {
    assert_eq!(code(b""), "empty");
    assert_eq!(code(b"  \n"), "empty");
    assert_eq!(code(b"\n<!DOCTYPE html><title>403</title>"), "html-page");
    assert_eq!(code(b"PK\x03\x04 cut short"), "unreadable");
    assert_eq!(code(b"\xD0\xCF\x11\xE0 cut short"), "unreadable");
    assert_eq!(code(b"a,b\n1,\0"), "unreadable");
}
