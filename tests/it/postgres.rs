//! One PostgreSQL for the whole run, on a free port of the loopback, gone when the run ends.
//!
//! Where its programs are not installed the tests that need it say so and pass, unless `ROLECAST_TEST_POSTGRES` is
//! `required`, as it is in `.ci/run`.

use std::{
    env,
    fs::{self, Permissions},
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    thread::sleep,
    time::Duration,
};

use sea_orm::{ConnectionTrait, Database};

/// Starts the server and ends it, with its folder, when the process that asked for it is gone.
const WATCH: &str = r#"
"$BIN/initdb" --pgdata "$HOME/data" --username rolecast --auth trust --encoding UTF8 --locale C --no-sync >"$HOME/log" 2>&1 || exit 1
"$BIN/postgres" -D "$HOME/data" -p "$PORT" -h 127.0.0.1 -k "$HOME" -c fsync=off -c max_connections=200 >>"$HOME/log" 2>&1 &
while kill -0 "$TESTS" 2>/dev/null || [ -d "/proc/$TESTS" ]; do sleep 1; done
kill -INT $!
wait
rm -rf "$HOME"
"#;

/// Makes an empty database and returns its address.
pub(crate) async fn database() -> Option<String> {
    static SERVER: OnceLock<Option<(u16, Child)>> = OnceLock::new();
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let (port, _) = SERVER.get_or_init(start).as_ref()?;
    let server = format!("postgres://rolecast@127.0.0.1:{port}");
    let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let admin = loop {
        match Database::connect(format!("{server}/postgres")).await {
            Ok(admin) => break admin,
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    };
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    admin.close().await.unwrap();
    Some(format!("{server}/{name}"))
}

#[expect(clippy::zombie_processes, reason = "it ends itself after the process that would wait for it")]
fn start() -> Option<(u16, Child)> {
    let Some(bin) = programs() else {
        assert!(
            env::var("ROLECAST_TEST_POSTGRES").as_deref() != Ok("required"),
            "PostgreSQL is not installed: apt-get install postgresql"
        );
        eprintln!("left out: PostgreSQL is not installed (apt-get install postgresql)");
        return None;
    };
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let home = tempfile::Builder::new().prefix("rolecast-postgres-").tempdir().unwrap().keep();
    let mut shell = if owner(&home) == 0 {
        // PostgreSQL refuses to run as root.
        fs::set_permissions(&home, Permissions::from_mode(0o777)).unwrap();
        let mut shell = Command::new("setpriv");
        shell.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "sh", "-c", WATCH]);
        shell
    } else {
        let mut shell = Command::new("sh");
        shell.args(["-c", WATCH]);
        shell
    };
    let tests = std::process::id().to_string();
    shell.env("BIN", bin).env("HOME", &home).env("PORT", port.to_string()).env("TESTS", tests);
    shell.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let child = shell.spawn().unwrap();
    for _ in 0..300 {
        if fs::read_to_string(home.join("log")).is_ok_and(|log| log.contains("ready to accept connections")) {
            return Some((port, child));
        }
        sleep(Duration::from_millis(100));
    }
    panic!("PostgreSQL did not start: {}", fs::read_to_string(home.join("log")).unwrap_or_default());
}

/// Where `initdb` and `postgres` are: on the path, or where Debian puts them.
fn programs() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = env::split_paths(&path).collect();
    if let Ok(versions) = fs::read_dir("/usr/lib/postgresql") {
        folders.extend(versions.flatten().map(|version| version.path().join("bin")));
    }
    folders.into_iter().find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

fn owner(path: &Path) -> u32 {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).unwrap().uid()
}
