//! What the settings promise.

use super::*;

fn variables(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn the_manual_states_the_defaults() {
    let manual: Config = toml::from_str(DEFAULTS).expect("the manual is TOML");
    assert_eq!(manual, Config::default());
}

#[test]
fn flags_come_before_the_environment_and_that_before_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("mine.toml");
    fs::write(&file, "listen = \"127.0.0.1:1\"\nlog = \"error\"\ndata_dir = \"/file\"\n").expect("a file");
    let environment = variables(&[
        ("ROLECAST_LISTEN", "127.0.0.1:2"),
        ("ROLECAST_DATA_DIR", "/environment"),
        ("ROLECAST_WORKERS", "false"),
    ]);
    let flags = Flags::from([("data_dir", Value::from("/flag"))]);
    let config = read(Some(&file), environment, flags).expect("good settings");
    assert_eq!(config.log, "error");
    assert_eq!(config.listen.port(), 2);
    assert_eq!(config.data_dir, Path::new("/flag"));
    assert!(!config.workers);
}

#[test]
fn all_mistakes_are_reported_at_once_with_their_places() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("mine.toml");
    fs::write(&file, "log = \"info\"\nlisten = 7\nlissen = \"x\"\n").expect("a file");
    let environment = variables(&[
        ("ROLECAST_OFFLINE", "perhaps"),
        ("ROLECAST_CONTACT", "nobody"),
        ("ROLECAST_PORT", "tcp://1"),
    ]);
    let error = read(Some(&file), environment, Flags::new()).expect_err("bad settings").to_string();
    for part in
        ["mine.toml:2: listen", "mine.toml:3: lissen", "ROLECAST_OFFLINE: offline", "contact: `nobody`"]
    {
        assert!(error.contains(part), "{part} is missing in {error}");
    }
    assert!(!error.contains("ROLECAST_PORT"), "{error}");
}

#[test]
fn an_empty_variable_changes_nothing() {
    let environment = variables(&[("ROLECAST_LISTEN", ""), ("ROLECAST_DATABASE_URL", "")]);
    assert_eq!(read(None, environment, Flags::new()).expect("good settings"), Config::default());
}
