//! What is refused, and what every form of one table has in common.

use super::*;
use crate::normalize::RejectCode;

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
    decode("table", &Bytes::copy_from_slice(bytes).into(), &Limits::default(), &mut rows)?;
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
    assert_eq!(code(b"PK\x03\x04 cut short"), "broken-archive");
    assert_eq!(code(b"\xD0\xCF\x11\xE0 cut short"), "broken-workbook");
    assert_eq!(code(b"a,b\n1,\0"), "not-text");
    assert_eq!(code(b"\xFF\xFEa\0,\0b\0"), "wrong-charset");
}

#[test]
fn a_nul_that_is_escaped_is_no_nul_any_more() {
    let (rows, last) = at("{\"a\\u0000b\": [{\"x\\u0000\": \"1\\u0000\"}]}", "#/a\u{fffd}b", None);
    assert_eq!(rows, [["x\u{fffd}"], ["1\u{fffd}"]]);
    assert_eq!(last.0, "#/a\u{fffd}b");
    let error = read(b"[{\"x\\u0000\": 1, \"x\\u0000\": 2}]").unwrap_err();
    assert_eq!(error.reason, "`x\u{fffd}` stands twice in record 1 of #");
    let records: [&[u8]; 1] = [b" 0010a\0b       "];
    assert_eq!(read(&dbase(0x57, &records)).unwrap()[1].2[1], "a\u{fffd}b");
}

/// The rows that are told to be the last without a line end.
#[derive(Default)]
struct Unended(Vec<Vec<String>>);

impl Sink for Unended {
    fn wants(&mut self, _: &Part) -> bool {
        true
    }

    fn row(&mut self, _: &Part, _: Row<'_>) -> Result<(), DecodeError> {
        Ok(())
    }

    fn last_row(&mut self, _: &Part, row: Row<'_>) -> Result<(), DecodeError> {
        self.0.push(row.cells.to_vec());
        Ok(())
    }
}

#[test]
fn a_last_row_without_a_line_end_is_told() {
    for (text, told) in [
        ("a,b\n1,2\n3", Some("3")),
        ("a,b\n1,2\n3\n", None),
        ("a,b\r1,2\r3\r", None),
        ("a,b\r\n1,2\r\n3\n\n", None),
        ("a,b\n1,\"2\n\"\n\"3\n\"", Some("3\n")),
        ("a,b", Some("a")),
    ] {
        let mut rows = Unended::default();
        decode("table", &text.to_owned().into(), &Limits::default(), &mut rows).unwrap();
        let first: Vec<&str> = rows.0.iter().map(|cells| cells[0].as_str()).collect();
        assert_eq!(first, Vec::from_iter(told), "{text:?}");
    }
}

/// A table of two fields, `CODE` of four bytes and `NAME` of ten, with `letters` as the mark of its character set.
fn dbase(letters: u8, records: &[&[u8]]) -> Vec<u8> {
    let field = |name: &str, width: u8| {
        let mut block = [0; 32];
        block[..name.len()].copy_from_slice(name.as_bytes());
        (block[11], block[16]) = (b'C', width);
        block
    };
    let mut bytes = vec![0x03, 126, 6, 1];
    bytes.extend(u32::try_from(records.len()).unwrap().to_le_bytes());
    bytes.extend(97_u16.to_le_bytes());
    bytes.extend(15_u16.to_le_bytes());
    bytes.resize(32, 0);
    bytes[29] = letters;
    bytes.extend(field("CODE", 4));
    bytes.extend(field("NAME", 10));
    bytes.push(0x0D);
    bytes.extend(records.concat());
    bytes.push(0x1A);
    bytes
}

#[test]
fn a_dbase_table_is_text_of_the_width_its_header_says() {
    let records: [&[u8]; 3] = [b" 0010C\xF4te      ", b"*0020gone      ", b" 0030          "];
    let rows = read(&dbase(0x57, &records)).unwrap();
    let rows: Vec<(u32, [&str; 2])> =
        rows.iter().map(|(_, number, cells)| (*number, [&cells[0][..], &cells[1]])).collect();
    assert_eq!(rows, [(0, ["CODE", "NAME"]), (1, ["0010", "Côte"]), (3, ["0030", ""])]);
    let utf8: [&[u8]; 1] = [b" 0010C\xC3\xB4te     "];
    assert_eq!(read(&dbase(0x01, &utf8)).unwrap()[1].2[1], "Côte");
    assert_eq!(code(&dbase(0x01, &records)), "wrong-charset");
    let whole = dbase(0x03, &records);
    for cut in [32, 40, 90, 100, whole.len() - 2] {
        assert_eq!(code(&whole[..cut]), "broken-dbase", "{cut}");
    }
    let mut more = whole.clone();
    more[4..8].fill(0xFF);
    assert_eq!(code(&more), "broken-dbase");
    let mut memo = whole.clone();
    memo[32 + 11] = b'M';
    assert_eq!(code(&memo), "broken-dbase");
    let mut wide = whole;
    wide[10] = 16;
    assert_eq!(code(&wide), "broken-dbase");
}

#[derive(Default)]
struct Named(Rows, &'static str, Option<Shape>);

impl Sink for Named {
    fn wants(&mut self, part: &Part) -> bool {
        part.sheet.trim_end_matches("{}") == self.1
    }

    fn takes(&mut self, part: &Part) -> Option<Shape> {
        self.2.filter(|_| part.sheet == self.1)
    }

    fn row(&mut self, part: &Part, row: Row<'_>) -> Result<(), DecodeError> {
        self.0.row(part, row)
    }
}

/// The cells of the value at `place`, and the place and number of its last row.
fn at(text: &str, place: &'static str, shape: Option<Shape>) -> (Vec<Vec<String>>, (String, u32)) {
    let mut rows = Named(Rows::default(), place, shape);
    decode("document.json", &text.to_owned().into(), &Limits::default(), &mut rows).unwrap();
    let last = rows.0.0.last().map(|row| (row.0.clone(), row.1)).unwrap();
    (rows.0.0.into_iter().map(|row| row.2).collect(), last)
}

#[test]
fn every_array_of_objects_is_a_table_and_numbers_stay_as_written() {
    let rows =
        read(br#"{"a":[{"x":1.10,"y":{"z":[true,null]}},{"w":"e\u0301","x":1e3}],"b":[1,2],"c":[{"n":-0}]}"#);
    let rows = rows.unwrap();
    let first: Vec<_> = rows.iter().filter(|row| row.0 == "#/a").map(|row| row.2.clone()).collect();
    // An object or a list holds no value of its own, and says so.
    let header = ["x", "y", "y/z", "y/z/0", "y/z/1", "w"];
    let (one, two) = (["1.10", "{…}", "[…]", "true", "", ""], ["1e3", "", "", "", "", "e\u{301}"]);
    assert_eq!(first, [header, one, two]);
    let second: Vec<_> = rows.iter().filter(|row| row.0 == "#/c").map(|row| (row.1, &row.2[0])).collect();
    assert_eq!(second, [(0, &"n".to_owned()), (1, &"-0".to_owned())]);
    assert_eq!(rows.len(), 5);
}

#[test]
fn a_record_knows_the_single_values_around_it() {
    let text =
        r#"{"status":"OK","Results":{"series":[{"data":[{"value":"1"}],"seriesID":"S1"},{"data":[]}]}}"#;
    let (rows, last) = at(text, "#/Results/series/0/data", None);
    assert_eq!(rows, [["/status", "/Results/series/*/seriesID", "value"], ["OK", "S1", "1"]]);
    assert_eq!(last, ("#/Results/series/0/data".to_owned(), 1));
}

#[test]
fn values_that_are_no_list_of_objects_are_read_when_named() {
    let bins = r#"{"histogram":{"10000":1,"20000":{"n":2}}}"#;
    let (rows, last) = at(bins, "#/histogram", Some(Shape::Members));
    assert_eq!(rows, [["key", "value", "n"], ["10000", "1", ""], ["20000", "{…}", "2"]]);
    assert_eq!(last.0, "#/histogram{}");
    let (rows, last) = at(bins, "#/histogram", Some(Shape::Items));
    assert_eq!(rows, [["10000", "20000", "20000/n"], ["1", "{…}", "2"]]);
    assert_eq!(last.1, 0);
    let (rows, _) = at(r#"{"message":["one","two"]}"#, "#/message", Some(Shape::Items));
    assert_eq!(rows, [["value"], ["one"], ["two"]]);
    let (rows, _) = at(r#"[["NAME","POP"],["a","1"]]"#, "#", Some(Shape::Items));
    assert_eq!(rows, [["0", "1"], ["NAME", "POP"], ["a", "1"]]);
}

#[test]
fn a_cube_is_read_with_codes_and_labels() {
    let cube = |value: &str, rest: &str| {
        format!(
            r#"{{"version":"2.0","class":"dataset","id":["geo","time"],"size":[2,2],"dimension":{{
            "geo":{{"category":{{"index":{{"PT":1,"ES":0}},"label":{{"ES":"Spain","PT":"Portugal"}}}}}},
            "time":{{"category":{{"index":["2018","2022"]}}}}}},"value":{value}{rest}}}"#
        )
    };
    let all = read(cube("[1.50,null,3,4]", "").as_bytes()).unwrap();
    assert_eq!(all[0].2, ["geo", "geo/label", "time", "time/label", "value", "status"]);
    assert_eq!(all[1].2, ["ES", "Spain", "2018", "", "1.50", ""]);
    assert_eq!(all[2].2, ["ES", "Spain", "2022", "", "", ""]);
    assert_eq!(
        (all[4].0.as_str(), all[4].1, &all[4].2[..3]),
        ("#/value", 4, &["PT", "Portugal", "2022"].map(String::from)[..])
    );
    let some = read(cube(r#"{"3":4}"#, r#","status":{"1":":","3":"p"}"#).as_bytes()).unwrap();
    let rows: Vec<_> = some[1..].iter().map(|row| (row.1, row.2[4].as_str(), row.2[5].as_str())).collect();
    assert_eq!(rows, [(2, "", ":"), (4, "4", "p")]);
    assert_eq!(code(cube("[1,2,3]", "").as_bytes()), "dimensions-do-not-fit");
    assert_eq!(code(cube(r#"{"4":1}"#, "").as_bytes()), "dimensions-do-not-fit");
    assert_eq!(
        code(cube("[1,2,3,4]", "").replace("\"geo\":{", "\"place\":{").as_bytes()),
        "dimensions-do-not-fit"
    );
    let huge = cube("[1]", "").replace("[2,2]", "[2,99999999999]");
    assert_eq!(code(huge.as_bytes()), "dimensions-do-not-fit");
}

#[test]
fn observations_are_read_in_both_forms_of_a_message() {
    let structure = |observation: &str, series: &str| {
        format!(
            r#"{{"dimensions":{{"series":[{series}],"observation":[{observation}]}},
            "attributes":{{"observation":[{{"id":"OBS_STATUS","values":[{{"id":"P","name":"Provisional"}}]}}]}}}}"#
        )
    };
    let area = r#"{"id":"REF_AREA","values":[{"id":"BEL","name":"Belgium"},{"id":"SWE","name":"Sweden"}]}"#;
    let time = r#"{"id":"TIME_PERIOD","values":[{"id":"2020"},{"id":"2021"}]}"#;
    let flat = format!(
        r#"{{"dataSets":[{{"observations":{{"1:0":[9.50,0],"0:1":[null]}}}}],"structure":{}}}"#,
        structure(&format!("{area},{time}"), "")
    );
    let rows = read(flat.as_bytes()).unwrap();
    let header = [
        "REF_AREA",
        "REF_AREA/label",
        "TIME_PERIOD",
        "TIME_PERIOD/label",
        "OBS_STATUS",
        "OBS_STATUS/label",
        "OBS_VALUE",
    ];
    let belgium = ["BEL", "Belgium", "2021", "", "", "", ""];
    assert_eq!(rows[0].2, header);
    assert_eq!(rows[1].2, ["SWE", "Sweden", "2020", "", "P", "Provisional", "9.50"]);
    assert_eq!(rows[2].2, belgium);
    assert_eq!(rows[2].0, "#/dataSets/0/observations{}");
    let nested = format!(
        r#"{{"data":{{"dataSets":[{{"series":{{"1":{{"observations":{{"0":[9.50,0]}}}},"0":{{"observations":{{"1":[null]}}}}}}}}],"structures":[{}]}}}}"#,
        structure(time, area)
    );
    let same: Vec<_> = read(nested.as_bytes()).unwrap().into_iter().map(|row| row.2).collect();
    assert_eq!(same, rows.into_iter().map(|row| row.2).collect::<Vec<_>>());
    assert_eq!(code(flat.replace("1:0", "7:0").as_bytes()), "dimensions-do-not-fit");
    assert_eq!(code(flat.replace("1:0", "1").as_bytes()), "dimensions-do-not-fit");
    assert_eq!(code(flat.replace("\"dimensions\"", "\"sizes\"").as_bytes()), "dimensions-do-not-fit");
}

#[test]
fn documents_beyond_the_limits_are_refused() {
    assert_eq!(code("[".repeat(1_000_000).as_bytes()), "too-deep");
    let deep = format!("{}{}", r#"{"a":"#.repeat(1_000_000), "}".repeat(1_000_000));
    assert_eq!(code(deep.as_bytes()), "too-deep");
    assert!(read(format!("[{{\"a\":\"{}\"}}]", "[".repeat(100)).as_bytes()).is_ok());
    let wide: Vec<String> = (0..2_000).map(|column| format!("\"c{column}\":1")).collect();
    assert_eq!(code(format!("[{{{}}}]", wide.join(",")).as_bytes()), "too-many-columns");
    assert_eq!(code(format!("[{{\"a\":\"{}\"}}]", "x".repeat(2 << 20)).as_bytes()), "cell-too-long");
    assert_eq!(code(b"[{\"a\":1,\"a\":2}]"), "name-twice");
    for broken in ["{\"a\":[{\"b\":1}", "[{\"a\":01}]", "[{\"a\":1}] x", "[{\"a\":\"\u{0}\"}]"] {
        assert_eq!(code(broken.as_bytes()), "broken-json", "{broken}");
    }
    assert_eq!(code(b"[{\"a\":\"\xFF\"}]"), "broken-json");
}

#[test]
fn every_defect_and_every_reject_is_explained_to_people() {
    let page = include_str!("../../../docs/files.md");
    let (files, rows) = page.split_once("# Rows that are rejected").unwrap();
    let explained =
        |part: &'static str| part.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    assert_eq!(in_order(explained(files)), in_order(Defect::ALL.iter().map(|defect| defect.code())));
    assert_eq!(in_order(explained(rows)), in_order(RejectCode::ALL.iter().map(|reject| reject.code())));
}

/// The codes in the order of the alphabet, none of them twice.
fn in_order(codes: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut codes: Vec<_> = codes.collect();
    codes.sort_unstable();
    assert!(codes.is_sorted_by(|one, next| one < next), "a code stands twice: {codes:?}");
    codes
}

#[test]
fn a_limit_is_named_with_its_place() {
    let small = Limits { cells: 3, columns: 2, members: 0, xls_bytes: 8, ..Limits::default() };
    let document = |bytes: &[u8]| Document::from(bytes.to_vec());
    let code = |bytes: &[u8]| decode("table", &document(bytes), &small, &mut Rows::default()).unwrap_err();
    let records = code(br#"{"rows":[{"a":1,"b":2},{"a":3,"b":4}]}"#);
    assert_eq!((records.code(), records.place.as_str()), ("too-many-cells", "table #/rows"));
    assert_eq!(code(b"a,b\n1,2,3\n").to_string(), "table, line 2: it holds more than the limit of 2 columns");
    assert_eq!(code(b"\xD0\xCF\x11\xE0 and more").code(), "workbook-too-large");
    let cube = r#"{"class":"dataset","id":["x"],"size":[4],"value":[1,2,3,4],
        "dimension":{"x":{"category":{"index":["a","b","c","d"]}}}}"#;
    assert_eq!(code(cube.as_bytes()).code(), "too-many-cells");
    let (zip, roomy) =
        (zip(&["1.csv", "2.csv", "3.csv"].map(|name| (name, "a,b\n1,2\n"))), Limits { members: 3, ..small });
    assert_eq!(code(&zip).code(), "too-many-members");
    let tight = Limits { unpacked_bytes: 20, ..roomy };
    assert!(decode("table", &document(&zip), &roomy, &mut Rows::default()).is_ok());
    let error = decode("table", &document(&zip), &tight, &mut Rows::default()).unwrap_err();
    assert_eq!((error.code(), error.place.as_str()), ("unpacks-too-large", "table › 3.csv"));
}

fn zip(members: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in members {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut zip, text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn what_would_be_held_in_memory_is_bounded() {
    let small = Limits { held_bytes: 60, json_bytes: 9, cell_bytes: 40, row_bytes: 12, ..Limits::default() };
    let refused = |bytes: Vec<u8>| decode("table", &bytes.into(), &small, &mut Rows::default()).unwrap_err();
    assert_eq!(refused(b"[{\"a\": 1}]".to_vec()).code(), "file-too-large");
    let row = refused(b"a,b\n12345678,1234567\n".to_vec());
    assert_eq!((row.code(), row.place.as_str()), ("row-too-long", "table, line 2"));
    let book = |texts: &str| zip(&[("xl/workbook.xml", "<x/>"), ("xl/sharedStrings.xml", texts)]);
    let texts = refused(book(&"<t/>".repeat(5)));
    assert_eq!(
        (texts.code(), texts.place.as_str()),
        ("unpacks-too-large", "table › xl/sharedStrings.xml"),
        "{texts}"
    );
    assert_eq!(refused(book(&"x".repeat(41))).code(), "cell-too-long");
    // Beside a sheet there is room for more.
    let sheet = zip(&[("xl/workbook.xml", "<x/>"), ("xl/worksheets/1.xml", &"<c/>".repeat(50))]);
    assert_eq!(refused(sheet).code(), "broken-workbook");
}

#[test]
fn a_disk_that_fails_is_no_broken_file() {
    let (mut file, folder) = (tempfile::tempfile().unwrap(), tempfile::NamedTempFile::new().unwrap());
    std::io::Write::write_all(&mut file, &zip(&[("table.csv", "a,b\n1,2\n")])).unwrap();
    // There can be no folder where a file is.
    let document = Document::in_file(file, 0, folder.path()).unwrap();
    let error = decode("table", &document, &Limits::default(), &mut Rows::default()).unwrap_err();
    assert_eq!(error.code(), "disk-failed", "{error}");
}
