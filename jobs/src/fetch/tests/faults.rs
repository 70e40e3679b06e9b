//! Connections that break, lie or never end, on real sockets.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use rcgen::{CertificateParams, Issuer, KeyPair};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};

use super::*;

/// What a publisher sends on its next connection, before it hangs up.
type Answers = Vec<Vec<u8>>;

/// Gives one answer after another, and notes what was asked.
async fn publisher(answers: Answers) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let notes = asked.clone();
    tokio::spawn(async move {
        for answer in answers {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                request.push(socket.read_u8().await.unwrap());
            }
            notes.lock().unwrap().push(String::from_utf8(request).unwrap().to_lowercase());
            socket.write_all(&answer).await.unwrap();
            socket.shutdown().await.unwrap();
        }
    });
    (address, asked)
}

fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut answer = format!("HTTP/1.1 {status}\r\nConnection: close\r\n{headers}\r\n").into_bytes();
    answer.extend_from_slice(body);
    answer
}

fn request(address: SocketAddr, path: &str, scratch: Option<&TempDir>) -> FetchRequest {
    FetchRequest {
        url: format!("http://{address}{path}"),
        max_bytes: 1 << 20,
        local: true,
        scratch: scratch.map(|folder| folder.path().to_owned()),
        ..Default::default()
    }
}

async fn get(request: &FetchRequest) -> Result<Bytes, FetchError> {
    match fetch(&client(None).unwrap(), &ledger().await, request).await? {
        Fetched::File { document, .. } => Ok(document.whole().unwrap()),
        Fetched::Unchanged => panic!("nothing was there before"),
    }
}

/// Bytes that are nowhere the same.
fn file() -> Vec<u8> {
    (0..200_000_u32).map(|place| place.wrapping_mul(2_654_435_761).to_be_bytes()[1]).collect()
}

#[tokio::test]
async fn a_download_that_breaks_off_anywhere_is_resumed() {
    let file = file();
    let headers = format!("ETag: \"one\"\r\nContent-Length: {}\r\n", file.len());
    for cut in [1, 2, 999, 4_096, 65_536, 100_000, 131_071, 150_001, 199_998, 199_999] {
        let rest = format!(
            "ETag: \"one\"\r\nContent-Length: {}\r\nContent-Range: bytes {cut}-{}/{}\r\n",
            file.len() - cut,
            file.len() - 1,
            file.len()
        );
        let answers = vec![
            answer("200 OK", &headers, &file[..cut]),
            answer("206 Partial Content", &rest, &file[cut..]),
        ];
        let (address, asked) = publisher(answers).await;
        let scratch = TempDir::new().unwrap();
        let request = request(address, "/table.zip", Some(&scratch));
        let error = get(&request).await.unwrap_err();
        assert!(error.is_transient(), "{cut}: {error}");
        assert_eq!(get(&request).await.unwrap(), file, "{cut}");
        let asked = asked.lock().unwrap();
        assert!(asked[1].contains(&format!("range: bytes={cut}-\r\n")), "{}", asked[1]);
        assert!(asked[1].contains("if-range: \"one\"\r\n"), "{}", asked[1]);
        assert_eq!(std::fs::read_dir(scratch.path()).unwrap().count(), 0);
    }
}

#[tokio::test]
async fn a_file_that_changed_in_between_is_taken_from_the_start() {
    let (old, new) = (file(), vec![b'x'; 70_000]);
    let headers = format!("ETag: \"one\"\r\nContent-Length: {}\r\n", old.len());
    let changed = format!("ETag: \"two\"\r\nContent-Length: {}\r\n", new.len());
    let answers = vec![answer("200 OK", &headers, &old[..90_000]), answer("200 OK", &changed, &new)];
    let (address, _) = publisher(answers).await;
    let scratch = TempDir::new().unwrap();
    let request = request(address, "/table.zip", Some(&scratch));
    get(&request).await.unwrap_err();
    assert_eq!(get(&request).await.unwrap(), new);
}

#[tokio::test]
async fn a_weak_tag_does_not_join_two_halves() {
    let file = file();
    let headers = format!("ETag: W/\"one\"\r\nContent-Length: {}\r\n", file.len());
    let answers = vec![answer("200 OK", &headers, &file[..90_000]), answer("200 OK", &headers, &file)];
    let (address, asked) = publisher(answers).await;
    let scratch = TempDir::new().unwrap();
    let request = request(address, "/table.zip", Some(&scratch));
    get(&request).await.unwrap_err();
    assert_eq!(get(&request).await.unwrap(), file);
    assert!(!asked.lock().unwrap()[1].contains("range:"));
}

#[tokio::test]
async fn the_rest_of_another_file_is_refused() {
    let file = file();
    let headers = format!("ETag: \"one\"\r\nContent-Length: {}\r\n", file.len());
    let rest = "ETag: \"two\"\r\nContent-Length: 10\r\nContent-Range: bytes 90000-90009/90010\r\n";
    let answers = vec![
        answer("200 OK", &headers, &file[..90_000]),
        answer("206 Partial Content", rest, b"0123456789"),
        answer("200 OK", &headers, &file),
    ];
    let (address, _) = publisher(answers).await;
    let scratch = TempDir::new().unwrap();
    let request = request(address, "/table.zip", Some(&scratch));
    get(&request).await.unwrap_err();
    assert!(get(&request).await.unwrap_err().is_transient());
    assert_eq!(get(&request).await.unwrap(), file);
}

#[tokio::test]
async fn a_refusal_is_final_and_a_failure_passes() {
    for (status, passes) in [("403 Forbidden", false), ("404 Not Found", false), ("500 Oops", true)] {
        let good = answer("200 OK", "Content-Length: 4\r\n", b"a,b\n");
        let (address, _) = publisher(vec![answer(status, "Content-Length: 0\r\n", b""), good]).await;
        let request = request(address, "/table.csv", None);
        let error = get(&request).await.unwrap_err();
        assert_eq!((error.is_transient(), error.code()), (passes, "status"), "{error}");
        assert_eq!(get(&request).await.unwrap(), "a,b\n");
    }
}

#[tokio::test]
async fn a_publisher_that_asks_to_wait_is_not_asked_before() {
    let busy = answer("429 Too Many Requests", "Retry-After: 3600\r\nContent-Length: 0\r\n", b"");
    let (address, asked) = publisher(vec![busy]).await;
    let (client, ledger) = (client(None).unwrap(), ledger().await);
    let request = request(address, "/table.csv", None);
    let error = fetch(&client, &ledger, &request).await.unwrap_err();
    assert_eq!((error.is_transient(), error.retry_after()), (true, Some(Duration::from_hours(1))));
    let other = FetchRequest { url: format!("http://{address}/other.csv"), ..request };
    let error = fetch(&client, &ledger, &other).await.unwrap_err();
    assert!(matches!(error, FetchError::Quota { .. }) && error.is_transient(), "{error}");
    assert_eq!(asked.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn an_answer_of_the_wrong_length_is_a_failure_that_passes() {
    let short = answer("200 OK", "Content-Length: 400\r\n", b"code,pay\n");
    let (address, _) = publisher(vec![short]).await;
    let error = get(&request(address, "/table.csv", None)).await.unwrap_err();
    assert!(matches!(error, FetchError::Network { .. }) && error.is_transient(), "{error}");
}

#[tokio::test]
async fn a_connection_that_ends_anywhere_is_a_failure_that_passes() {
    let chunked = answer("200 OK", "Transfer-Encoding: chunked\r\n", b"9\r\ncode,pay\n\r\n");
    for sent in
        [&b""[..], b"HTTP/1.1 2", b"HTTP/1.1 200 OK\r\nContent-Le", &chunked, &chunked[..chunked.len() - 9]]
    {
        let (address, _) = publisher(vec![sent.to_vec()]).await;
        let error = get(&request(address, "/table.csv", None)).await.unwrap_err();
        let said = String::from_utf8_lossy(sent);
        assert!(matches!(error, FetchError::Network { .. }) && error.is_transient(), "{said}: {error}");
    }
}

#[tokio::test]
async fn a_drip_that_never_ends_is_cut_off() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let head = answer("200 OK", "Content-Length: 100000\r\n", b"");
        let mut sent = socket.write_all(&head).await;
        while sent.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
            sent = socket.write_all(b"x").await;
        }
    });
    let http = builder(None).timeout(Duration::from_millis(400)).build().unwrap();
    let client = Client { http, identified: false };
    let asked = fetch(&client, &ledger().await, &request(address, "/table.csv", None)).await;
    let error = asked.unwrap_err();
    assert!(matches!(error, FetchError::Network { .. }) && error.is_transient(), "{error}");
}

#[tokio::test]
async fn a_redirect_to_this_machine_is_refused_on_every_hop() {
    for inside in ["http://127.0.0.1:{port}/x", "http://localhost:{port}/x", "http://[::1]:{port}/x"] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let target = inside.replace("{port}", &address.port().to_string());
        let moved = format!("Location: {target}\r\nContent-Length: 0\r\n");
        let (address, asked) =
            publisher(vec![answer("302 Found", &moved, b""), answer("200 OK", "", b"secret")]).await;
        // Its name stands for a public address as far as the check of names is concerned.
        let http = builder(None).resolve("publisher.example", address).build().unwrap();
        let client = Client { http, identified: true };
        let url = format!("http://publisher.example:{}/table.csv", address.port());
        let request = FetchRequest { url, max_bytes: 100, ..Default::default() };
        let error = fetch(&client, &ledger().await, &request).await.unwrap_err();
        assert!(matches!(error, FetchError::NotPublic { .. }), "{inside}: {error:?}");
        assert_eq!(asked.lock().unwrap().len(), 1, "{inside}");
    }
}

/// Serves a table under a certificate for `localhost` that ends in `year`; returns the certificate of who signed it.
async fn encrypted(year: i32) -> (SocketAddr, reqwest::Certificate) {
    let authority_key = KeyPair::generate().unwrap();
    let mut authority = CertificateParams::default();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let root = authority.self_signed(&authority_key).unwrap();
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.not_before = rcgen::date_time_ymd(2000, 1, 1);
    params.not_after = rcgen::date_time_ymd(year, 1, 1);
    let certificate = params.signed_by(&key, &Issuer::new(authority, authority_key)).unwrap();
    let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let Ok(mut socket) = acceptor.accept(socket).await else { continue };
            let mut head = [0; 4096];
            let read = socket.read(&mut head).await;
            if read.is_ok() {
                let table = answer("200 OK", "Content-Length: 4\r\n", b"a,b\n");
                socket.write_all(&table).await.unwrap();
                socket.shutdown().await.unwrap();
            }
        }
    });
    (address, reqwest::Certificate::from_pem(root.pem().as_bytes()).unwrap())
}

#[tokio::test]
async fn an_expired_certificate_ends_the_connection() {
    for (year, expired) in [(2099, false), (2020, true)] {
        let (address, root) = encrypted(year).await;
        let http = builder(None).tls_certs_only([root]).build().unwrap();
        let client = Client { http, identified: false };
        let url = format!("https://localhost:{}/table.csv", address.port());
        let request = FetchRequest { url, max_bytes: 100, local: true, ..Default::default() };
        match fetch(&client, &ledger().await, &request).await {
            Ok(_) => assert!(!expired),
            Err(error) => assert!(expired && error.to_string().contains("xpired"), "{error}"),
        }
    }
}
