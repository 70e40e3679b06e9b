//! Files nearly as large as a file may be, broken at their end or all along, given and fetched.

use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader, BufWriter, Write},
    net::{TcpListener, TcpStream},
    thread,
};

use jobs::{
    definition::Registry,
    pipeline::{IngestError, Input, ingest},
};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{App, DEFINITION, End, alone, end, held, is_alone, peak, tables, world};
use crate::app::noon;

/// Bytes of a file before its end, about.
const SIZE: usize = 400_000_000;

/// What breaks a table at its end.
const END: &str = "15-1252,\"Software";

/// The pieces of a large table: its header, the same rows again and again, and its end.
fn pieces(codes: &[String], end: &'static str) -> impl Iterator<Item = String> {
    let lines = tables::lines(codes);
    let rows = lines[1..].iter().map(|line| line.clone() + "\n").collect::<String>().repeat(500);
    let times = SIZE / rows.len();
    let header = lines[0].clone() + "\n";
    std::iter::once(header).chain(std::iter::repeat_n(rows, times)).chain([end.to_owned()])
}

fn write(pieces: impl Iterator<Item = String>, to: &mut impl Write) {
    pieces.for_each(|piece| to.write_all(piece.as_bytes()).unwrap());
}

/// Sends the pieces but the last and hangs up, and then, asked for the rest, sends that.
fn publisher(codes: Vec<String>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let total: usize = pieces(&codes, END).map(|piece| piece.len()).sum();
        let head = "Connection: close\r\nETag: \"large\"\r\nContent-Length";
        let (mut socket, from) = asked(&listener);
        assert_eq!(from, None);
        write!(socket, "HTTP/1.1 200 OK\r\n{head}: {total}\r\n\r\n").unwrap();
        write(pieces(&codes, ""), &mut socket);
        drop(socket);
        let (mut socket, from) = asked(&listener);
        let (from, rest) = (from.unwrap(), END.len());
        assert_eq!(from, total - rest);
        let range = format!("Content-Range: bytes {from}-{}/{total}", total - 1);
        write!(socket, "HTTP/1.1 206 Partial Content\r\n{range}\r\n{head}: {rest}\r\n\r\n{END}").unwrap();
    });
    port
}

/// The next request, and from which byte on it asks.
fn asked(listener: &TcpListener) -> (TcpStream, Option<usize>) {
    let (socket, _) = listener.accept().unwrap();
    let lines = BufReader::new(&socket).lines().map(Result::unwrap);
    let lines: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    let from = lines.iter().find_map(|line| line.strip_prefix("range: bytes=")?.strip_suffix('-'));
    let from = from.map(|from| from.parse().unwrap());
    (socket, from)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by the test below, in a process of its own"]
async fn the_large_ones() {
    if !is_alone() {
        return;
    }
    let (mut app, codes) = world(App::on_a_file().await).await;
    let before = held(&app).await;
    let given = app.folder.path().to_owned();

    let path = given.join("pay_2001.csv");
    write(pieces(&codes, END), &mut BufWriter::new(File::create(&path).unwrap()));
    assert_eq!(end(&app.refresh("broken", &path, None).await), End::Error("open-quote"));
    eprintln!("a table, broken at its end: {} kB", peak());
    fs::remove_file(&path).unwrap();

    let path = given.join("pay_2002.csv");
    let wrong = pieces(&codes, "").map(|piece| piece.replace(",62000,", ",-62000,"));
    write(wrong, &mut BufWriter::new(File::create(&path).unwrap()));
    assert_eq!(end(&app.refresh("broken", &path, None).await), End::Error("too-many-rejects"));
    eprintln!("a table, all of it wrong: {} kB", peak());
    fs::remove_file(&path).unwrap();

    let path = given.join("pay_2003.zip");
    let mut zip = ZipWriter::new(BufWriter::new(File::create(&path).unwrap()));
    zip.start_file("pay.csv", SimpleFileOptions::default()).unwrap();
    write(pieces(&codes, END), &mut zip);
    drop(zip.finish().unwrap());
    assert_eq!(end(&app.refresh("broken", &path, None).await), End::Error("open-quote"));
    eprintln!("an archive of a table, broken at its end: {} kB", peak());

    let url = format!("http://127.0.0.1:{}/pay_2004.csv", publisher(codes));
    let definition =
        format!("urls = [\"{url}\"]\nlocal = true\n{}", DEFINITION.replace("\"broken\"", "\"sent\""));
    let sources = given.join("sent");
    fs::create_dir(&sources).unwrap();
    fs::write(sources.join("sent.toml"), definition).unwrap();
    let mut registry = Registry::clone(&app.cx.registry);
    registry.add_folder(&sources).unwrap();
    (app.cx.registry, app.cx.offline) = (registry.into(), false);
    let look = || ingest(&app.cx, "sent", &Input::Fetch, noon());
    let broken = look().await.unwrap_err();
    assert!(matches!(&broken, IngestError::Fetch(error) if error.code() == "network"), "{broken:?}");
    eprintln!("an answer that breaks: {} kB", peak());
    assert_eq!(end(&look().await), End::Error("open-quote"));
    eprintln!("the rest of it: {} kB", peak());

    assert_eq!(held(&app).await, before);
    let scratch = fs::read_dir(app.cx.archive.scratch()).unwrap();
    assert_eq!(scratch.count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes"]
async fn a_table_of_more_figures_than_can_be_held_is_refused() {
    let (app, codes) = world(App::on_a_file().await).await;
    let before = held(&app).await;
    let path = app.folder.path().join("pay_2005.csv");
    let mut file = BufWriter::new(File::create(&path).unwrap());
    writeln!(file, "{}", tables::lines(&codes)[0]).unwrap();
    for place in 0..2_100_000_u32 {
        // Every row is one of its own.
        let (code, jobs) = (&codes[place as usize % codes.len()], place + 1);
        writeln!(file, "{code},Somebody,CA,{jobs},40000,60000,90000").unwrap();
    }
    drop(file);
    assert_eq!(end(&app.refresh("broken", &path, None).await), End::Error("too-many-figures"));
    assert_eq!(held(&app).await, before);
}

#[test]
#[ignore = "takes minutes"]
fn large_broken_files_end_in_their_own_way_within_300_megabytes() {
    alone("broken::large::the_large_ones");
}
