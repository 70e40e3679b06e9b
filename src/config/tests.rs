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
    assert_eq!(config.listen, "127.0.0.1:2");
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

#[test]
fn a_list_of_the_environment_needs_no_brackets() {
    for text in [
        "https://a.example,https://b.example",
        " https://a.example , https://b.example, ",
        r#"["https://a.example", "https://b.example"]"#,
    ] {
        let environment =
            variables(&[("ROLECAST_CORS_ORIGINS", text), ("ROLECAST_ACKNOWLEDGED_LICENCES", "adzuna")]);
        let config = read(None, environment, Flags::new()).expect("good settings");
        assert_eq!(config.cors_origins, ["https://a.example", "https://b.example"]);
        assert_eq!(config.acknowledged_licences, ["adzuna"]);
    }
    let broken = variables(&[("ROLECAST_CORS_ORIGINS", "[https://a.example]")]);
    assert!(read(None, broken, Flags::new()).is_err());
}

#[test]
fn a_variable_that_nearly_names_a_setting_is_refused_and_others_are_left_alone() {
    let foreign = [
        "PORT",
        "HOST",
        "SERVICE_HOST",
        "SERVICE_PORT",
        "PORT_8080_TCP",
        "PORT_8080_TCP_PROTO",
        "CONFIG",
        "TOKEN",
        "",
    ];
    let foreign: Vec<_> = foreign.iter().map(|name| (format!("ROLECAST_{name}"), "1".to_owned())).collect();
    assert_eq!(read(None, foreign, Flags::new()).expect("good settings"), Config::default());
    for (name, meant) in [
        ("LISTN", "LISTEN"),
        ("DATABASE_ULR", "DATABASE_URL"),
        ("ACKNOWLEDGED_LICENSES", "ACKNOWLEDGED_LICENCES"),
    ] {
        let environment = vec![(format!("ROLECAST_{name}"), "1".to_owned())];
        let error = read(None, environment, Flags::new()).expect_err("a slip").to_string();
        assert!(
            error.contains(&format!("ROLECAST_{name}: ")) && error.contains(&format!("ROLECAST_{meant}?")),
            "{error}"
        );
    }
}

#[test]
fn a_server_listens_at_a_host_and_a_port() {
    let listen = |text: &str| read(None, variables(&[("ROLECAST_LISTEN", text)]), Flags::new());
    for text in ["localhost:8080", "[::1]:0", "0.0.0.0:80"] {
        assert_eq!(listen(text).expect("good settings").listen, text);
    }
    for text in ["8080", ":8080", "localhost", "localhost:http"] {
        let error = listen(text).expect_err("bad settings").to_string();
        assert!(error.contains(&format!("listen: `{text}`")) && error.contains("localhost:8080"), "{error}");
    }
}
