//! Clients that take their time: each is let go, and nobody waits for it.

use std::time::Duration;

use rolecast::config::Config;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{sleep, timeout},
};
use url::{Position, Url};

use crate::{asking::upgraded, http::server_with};

/// Beyond this a connection counts as never closed.
const LONG: Duration = Duration::from_mins(1);

/// A server that waits a second for a client.
async fn impatient(config: Config) -> String {
    server_with(Config { client_timeout: 1, ..config }).await
}

#[tokio::test]
async fn a_connection_that_says_nothing_whole_is_closed() {
    let base = impatient(Config::default()).await;
    let answered = "GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n";
    for said in ["", "GET /healthz HTTP/1.1\r\nhost:", answered] {
        let mut stream = TcpStream::connect(base.trim_start_matches("http://")).await.unwrap();
        stream.write_all(said.as_bytes()).await.unwrap();
        let mut told = Vec::new();
        timeout(LONG, stream.read_to_end(&mut told)).await.expect(said).unwrap();
        assert_eq!(told.starts_with(b"HTTP/1.1 200"), said == answered, "{said}");
    }
}

#[tokio::test]
async fn a_body_that_comes_byte_by_byte_is_not_waited_for() {
    let base = impatient(Config::default()).await;
    let stream = TcpStream::connect(base.trim_start_matches("http://")).await.unwrap();
    let (mut from, mut to) = stream.into_split();
    let head = "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 90000\r\n\r\n";
    to.write_all(head.as_bytes()).await.unwrap();
    let dripping = tokio::spawn(async move {
        while to.write_all(b" ").await.is_ok() {
            sleep(Duration::from_millis(50)).await;
        }
    });
    let mut told = [0; 12];
    timeout(LONG, from.read_exact(&mut told)).await.expect("an answer").unwrap();
    assert_eq!(&told, b"HTTP/1.1 408");
    timeout(LONG, dripping).await.expect("the connection is closed").unwrap();
}

/// What is large in any database.
const LARGE: &str = "{ __schema { types { name description fields { name description } inputFields { name description } } } }";

/// A request for a large answer, and the connection to ask it on.
async fn asking(base: &str) -> (TcpStream, String) {
    let address = base.trim_start_matches("http://");
    let mut url = Url::parse(&format!("{base}/graphql")).unwrap();
    url.query_pairs_mut().append_pair("query", LARGE);
    let path = &url[Position::BeforePath..];
    (TcpStream::connect(address).await.unwrap(), format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n"))
}

#[tokio::test]
async fn a_client_that_never_reads_its_answers_is_let_go() {
    let (mut stream, asked) = asking(&impatient(Config::default()).await).await;
    // Answers fill all buffers between the two ends, and questions then wait behind them.
    let flooding = async { while stream.write_all(asked.as_bytes()).await.is_ok() {} };
    timeout(LONG, flooding).await.expect("the connection is closed");
}

#[tokio::test]
async fn a_client_that_reads_slowly_reads_everything() {
    const ANSWERS: usize = 300;
    let base = server_with(Config { client_timeout: 3, ..Config::default() }).await;
    let (stream, asked) = asking(&base).await;
    let (mut from, mut to) = stream.into_split();
    let last = asked.replace("host: a", "host: a\r\nconnection: close");
    let asked = asked.repeat(ANSWERS - 1) + &last;
    let asking = tokio::spawn(async move { to.write_all(asked.as_bytes()).await.map(|()| to) });
    let mut told = Vec::new();
    loop {
        // The pauses together are longer than the server waits, and none is alone.
        sleep(Duration::from_secs(1)).await;
        let some = (&mut from).take(2 << 20);
        if timeout(LONG, { some }.read_to_end(&mut told)).await.expect("more").unwrap() == 0 {
            break;
        }
    }
    drop(asking.await.unwrap().unwrap());
    let told = String::from_utf8(told).unwrap();
    assert_eq!(told.matches("HTTP/1.1 200 OK").count(), ANSWERS);
}

/// A frame of text as a client writes it: masked, here with zeros.
fn frame(text: &str) -> Vec<u8> {
    let mut frame = vec![0x81];
    match u16::try_from(text.len()) {
        Ok(short @ ..126) => frame.push(0x80 | u8::try_from(short).unwrap()),
        Ok(middle) => {
            frame.push(0x80 | 0x7E);
            frame.extend(middle.to_be_bytes());
        }
        Err(_) => {
            frame.push(0x80 | 0x7F);
            frame.extend((text.len() as u64).to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(text.as_bytes());
    frame
}

/// Reads a frame of a server: its kind and what it holds.
async fn read_frame(stream: &mut TcpStream) -> (u8, Vec<u8>) {
    let kind = stream.read_u8().await.unwrap() & 0x0F;
    let length = match stream.read_u8().await.unwrap() {
        126 => u64::from(stream.read_u16().await.unwrap()),
        127 => stream.read_u64().await.unwrap(),
        short => short.into(),
    };
    let mut held = vec![0; usize::try_from(length).unwrap()];
    stream.read_exact(&mut held).await.unwrap();
    (kind, held)
}

/// A WebSocket on which the handshake is done.
async fn acknowledged(base: &str) -> TcpStream {
    let (mut stream, status) = upgraded(base).await;
    assert_eq!(status, "101");
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    stream.write_all(&frame(r#"{"type":"connection_init"}"#)).await.unwrap();
    let (_, ack) = timeout(LONG, read_frame(&mut stream)).await.unwrap();
    assert!(String::from_utf8(ack).unwrap().contains("connection_ack"));
    stream
}

fn subscribe(id: usize, query: &str) -> Vec<u8> {
    let message = json!({ "type": "subscribe", "id": id.to_string(), "payload": { "query": query } });
    frame(&message.to_string())
}

#[tokio::test]
async fn a_socket_that_never_reads_gives_its_place_back() {
    let base = impatient(Config { max_sockets: 1, ..Config::default() }).await;
    let mut stream = acknowledged(&base).await;
    // More than all buffers between the two ends hold.
    let flooding = tokio::spawn(async move {
        for id in 0..500 {
            if stream.write_all(&subscribe(id, LARGE)).await.is_err() {
                break;
            }
        }
        sleep(LONG).await;
        drop(stream);
    });
    let freed = async {
        while upgraded(&base).await.1 != "101" {
            sleep(Duration::from_millis(100)).await;
        }
    };
    timeout(LONG, freed).await.expect("the place is free again");
    flooding.abort();
}

#[tokio::test]
async fn operations_sent_all_at_once_are_all_answered() {
    let base = server_with(Config::default()).await;
    let mut stream = acknowledged(&base).await;
    let all: Vec<u8> = (0..50).flat_map(|id| subscribe(id, "{ service { roles } }")).collect();
    stream.write_all(&all).await.unwrap();
    let mut ended = 0;
    while ended < 50 {
        let (_, text) = timeout(LONG, read_frame(&mut stream)).await.expect("an answer");
        let said: Value = serde_json::from_slice(&text).unwrap();
        assert!(said["type"] != "error", "{said}");
        ended += usize::from(said["type"] == "complete");
    }
}

#[tokio::test]
async fn a_subscription_may_be_silent_for_long() {
    let mut stream = acknowledged(&impatient(Config::default()).await).await;
    stream.write_all(&subscribe(1, "subscription { releasePublished { label } }")).await.unwrap();
    sleep(Duration::from_secs(3)).await;
    stream.write_all(&subscribe(2, "{ service { roles } }")).await.unwrap();
    let (_, told) = timeout(LONG, read_frame(&mut stream)).await.expect("an answer");
    assert!(String::from_utf8(told).unwrap().contains("\"roles\":"));
}

#[tokio::test]
async fn a_message_that_is_too_long_is_told_so() {
    let base = server_with(Config::default()).await;
    let mut stream = acknowledged(&base).await;
    stream.write_all(&subscribe(1, &" ".repeat(300_000))).await.unwrap();
    let (kind, told) = timeout(LONG, read_frame(&mut stream)).await.expect("a close frame");
    assert_eq!((kind, u16::from_be_bytes([told[0], told[1]])), (8, 1009));
}
