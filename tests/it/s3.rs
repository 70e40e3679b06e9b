//! The archive in a bucket, on a server that speaks S3 and checks signatures.
//!
//! Where the server is not installed (`npm ci --prefix tests/s3`) the test says so and passes, unless
//! `ROLECAST_TEST_S3` is `required`, as it is in `.ci/run`.

use std::{
    env, fs,
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Command, Stdio},
    thread::sleep,
    time::Duration,
};

use bytes::Bytes;
use jobs::{
    archive::{Archive, ArchiveError},
    document::Document,
};
use tempfile::TempDir;

use crate::app::Running;

const BUCKET: &str = "rolecast";
/// The server's own pair of name and secret.
const KEY: &str = "S3RVER";
/// Bytes of a file that is sent in several parts.
const SIZE: usize = 20_000_000;

struct Server {
    _program: Running,
    port: u16,
    files: TempDir,
}

fn server() -> Option<Server> {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/s3/node_modules/s3rver/bin/s3rver.js");
    if !program.exists() {
        assert!(
            env::var("ROLECAST_TEST_S3").as_deref() != Ok("required"),
            "no S3 server: npm ci --prefix tests/s3"
        );
        eprintln!("left out: no S3 server (npm ci --prefix tests/s3)");
        return None;
    }
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let files = TempDir::new().unwrap();
    let mut node = Command::new("node");
    node.arg(program).args(["--address", "127.0.0.1", "--port", &port.to_string(), "--silent"]);
    node.args(["--configure-bucket", BUCKET, "--directory"]).arg(files.path());
    let program = node.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let server = Server { _program: Running(program), port, files };
    for _ in 0..300 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Some(server);
        }
        sleep(Duration::from_millis(100));
    }
    panic!("the S3 server did not start");
}

fn variables(port: u16, secret: &str) -> Vec<(String, String)> {
    let endpoint = format!("http://127.0.0.1:{port}");
    [
        ("AWS_ENDPOINT", endpoint.as_str()),
        ("AWS_ACCESS_KEY_ID", KEY),
        ("AWS_SECRET_ACCESS_KEY", secret),
        ("AWS_REGION", "us-east-1"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_keeps_and_returns_the_publishers_bytes() {
    let Some(server) = server() else { return };
    let scratch = TempDir::new().unwrap();
    let url = format!("s3://{BUCKET}/publishers");
    let archive = Archive::bucket(&url, variables(server.port, KEY), scratch.path()).unwrap();
    let bytes = Bytes::from(vec![7; SIZE]);
    let file = Document::from(bytes.clone());
    let sha = archive.store(&file).await.unwrap();
    assert_eq!(archive.store(&file).await.unwrap(), sha);
    assert_eq!(archive.read(&sha).await.unwrap().whole().unwrap(), bytes);
    let nothing = "0".repeat(64);
    assert!(matches!(archive.read(&nothing).await, Err(ArchiveError::Missing(_))));

    let kept = server.files.path().join(BUCKET).join("publishers").join(&sha[..2]);
    let object = fs::read_dir(kept).unwrap().map(|entry| entry.unwrap().path());
    let object = object.into_iter().find(|path| path.to_string_lossy().ends_with("_object")).unwrap();
    fs::write(object, vec![8; SIZE]).unwrap();
    assert!(matches!(archive.read(&sha).await, Err(ArchiveError::Damaged(_))));

    let stranger = Archive::bucket(&url, variables(server.port, "wrong"), scratch.path()).unwrap();
    let refused = stranger.read(&sha).await.unwrap_err();
    assert!(!format!("{refused:?}").contains("wrong"), "{refused:?}");
}

#[test]
fn a_release_is_ingested_with_its_files_in_a_bucket() {
    let Some(server) = server() else { return };
    let world = TempDir::new().unwrap();
    let page =
        "Test Pilot\n\nTest pilots in the United States earn an average salary of $100,000 per year.\n";
    fs::write(world.path().join("test-pilot.txt"), page).unwrap();
    let rolecast = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rolecast"));
        command.env_clear().env("ROLECAST_DATA_DIR", world.path()).current_dir(world.path());
        command.env("ROLECAST_ARCHIVE", format!("s3://{BUCKET}")).envs(variables(server.port, KEY));
        command.args(arguments).output().unwrap()
    };
    let output = rolecast(&["refresh", "career-page", "--from", "test-pilot.txt", "--no-starter"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(fs::read_dir(server.files.path().join(BUCKET)).unwrap().count() > 0);
    let archive = world.path().join("archive");
    let files: Vec<_> = fs::read_dir(&archive).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(files, ["scratch"]);
    assert_eq!(fs::read_dir(archive.join("scratch")).unwrap().count(), 0);
}
